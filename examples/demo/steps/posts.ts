import type { ScenarioPost, ScenarioRequirement, SetKey } from '../../scenario-a/posts.ts'
import { each } from '../api.ts'
import type { Demo } from '../demo.ts'
import type { City } from './city.ts'

export type SetIds = Map<SetKey, string>
export type PostIds = Map<string, string>

/** Posts with what they need, and the templates from which their shifts are made. */
export function buildPosts({ report, scenario, api, rootId, week }: Demo, city: City, sets: SetIds): Promise<PostIds> {
  return report.step('The organizer enters posts, cover and shift templates', async ({ say }) => {
    const ids = await each(scenario.posts, async (post) => [post.name, await create(post)] as const)
    const checkpoints = scenario.posts.filter((post) => post.kind === 'checkpoint')
    say(`${checkpoints.length} checkpoints: 1 lead (chief or deputy) and 4 staff for 24 hours from 08:00, every day`)
    say(`1 hotline: 3 watches of 8 hours, one seat each`)
    return new Map(ids)
  })

  async function create({ templates, requirements, ...post }: ScenarioPost): Promise<string> {
    const body = { ...post, unitId: rootId, requirements: requirements.map(requirement) }
    const { id } = await api.post<{ id: string }>('/v1/posts', body)
    for (const template of templates) {
      await api.post('/v1/shift-templates', { ...template, postId: id, effectiveFrom: week.fromOn })
    }
    return id
  }

  function requirement({ qualifications, set, reserveSets, ...rest }: ScenarioRequirement) {
    return {
      ...rest,
      qualificationIds: qualifications.map((code) => city.qualificationIds.get(code)!),
      echelonSetId: sets.get(set)!,
      reserveSetIds: reserveSets.map((key) => sets.get(key)!),
    }
  }
}
