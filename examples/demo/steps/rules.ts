import type { Demo } from '../demo.ts'
import type { PostIds } from './posts.ts'

interface EffectiveRules {
  items: { unitId: string | null }[]
}

/** What has to hold besides the defaults of the engine. */
export function stateRules({ report, scenario, api, rootId }: Demo, posts: PostIds): Promise<void> {
  return report.step('The organizer states the rules', async ({ say }) => {
    for (const { name, params, posts: names, says } of scenario.rules) {
      const scope = names ? { postIds: names.map((post) => posts.get(post)!) } : {}
      await api.post('/v1/rules', { unitId: rootId, name, params, scope })
      say(`- ${says}`)
    }
    const { items } = await api.get<EffectiveRules>(`/v1/units/${rootId}/rules`)
    const own = items.filter((rule) => rule.unitId === rootId)
    say(
      `and ${items.length - own.length} rules that hold by default: qualification, grade, echelon on turn, absence, fairness …`,
    )
  })
}
