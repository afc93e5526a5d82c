import type { ScenarioUnit } from '../../scenario-a/units.ts'
import { each } from '../api.ts'
import type { Demo } from '../demo.ts'

export interface City {
  unitIds: Map<string, string>
  qualificationIds: Map<string, string>
}

/** Units below their parents, and the qualifications that people of the city can have. */
export function buildCity({ report, scenario, api, rootId }: Demo): Promise<City> {
  return report.step('The organizer enters the units of the city', async ({ say }) => {
    const [command, ...others] = scenario.units
    const unitIds = new Map([[command!.code, rootId]])
    await describeCommand(command!)
    for (const level of levels(others)) {
      const ids = await each(level, (unit) => create(unit, unitIds.get(unit.parentCode!)!))
      for (const [index, unit] of level.entries()) unitIds.set(unit.code, ids[index]!)
    }
    const ids = await each(
      scenario.qualifications,
      async (one) => [one.code, (await add('qualifications', one)).id] as const,
    )
    const chains = scenario.units.reduce((sum, unit) => sum + unit.responsibles.length, 0)
    say(`${others.length} units below "${command!.name}", ${chains} people who answer for them`)
    return { unitIds, qualificationIds: new Map(ids) }
  })

  function add(collection: string, body: unknown) {
    return api.post<{ id: string }>(`/v1/${collection}`, body)
  }

  async function create({ parentCode: _, ...unit }: ScenarioUnit, parentId: string): Promise<string> {
    return (await add('units', { ...unit, parentId })).id
  }

  async function describeCommand({ code, responsibles }: ScenarioUnit): Promise<void> {
    const { etag } = await api.call('GET', `/v1/units/${rootId}`)
    await api.call(
      'PATCH',
      `/v1/units/${rootId}`,
      { code, responsibles, policy: { noShow: 'auto', broadcastMost: 60 } },
      { ifMatch: etag },
    )
  }
}

/** Units whose parents are known after each level; parents come first in the list. */
function levels(units: ScenarioUnit[]): ScenarioUnit[][] {
  const depth = new Map<string, number>()
  for (const unit of units) depth.set(unit.code, (depth.get(unit.parentCode!) ?? 0) + 1)
  return [...Map.groupBy(units, (unit) => depth.get(unit.code)!).values()]
}
