import { GRADES } from '../../scenario-a/figures.ts'
import type { SetKey } from '../../scenario-a/posts.ts'
import type { ScenarioSet } from '../../scenario-a/scenario.ts'
import type { Demo } from '../demo.ts'
import { count } from '../report.ts'
import type { Register } from './people.ts'
import type { SetIds } from './posts.ts'

interface EchelonSet {
  id: string
  echelons: { id: string; name: string }[]
}

interface Partition {
  movesTotal: number
  unplacedTotal: number
  echelons: { name: string; after: number; grades: Record<string, number> }[]
}

/** Sets of echelons: people are shared out evenly by grade, or belong to one by their age. */
export function buildEchelons({ report, scenario, api, rootId, week }: Demo, register: Register): Promise<SetIds> {
  return report.step('The organizer divides the people into echelons', async ({ say }) => {
    const sets = new Map<SetKey, EchelonSet>()
    for (const set of scenario.sets) {
      const made = await create(set)
      sets.set(set.key, made)
      for (const line of describe(set, await divide(set, made))) say(line)
    }
    await rotate(sets.get(scenario.rotation.set)!)
    say(`The two rotation echelons relieve each other every day at ${scenario.rotation.turnTime}`)
    return new Map([...sets].map(([key, set]) => [key, set.id]))
  })

  function create({ name, kind, echelons }: ScenarioSet): Promise<EchelonSet> {
    const names = echelons.map((echelon) => ({ name: echelon.name }))
    return api.post<EchelonSet>('/v1/echelon-sets', { unitId: rootId, name, kind, echelons: names })
  }

  /** Looks at the split before applying it. */
  async function divide(set: ScenarioSet, { id }: EchelonSet): Promise<Partition> {
    const split = splitOf(set)
    const path = `/v1/echelon-sets/${id}:partition`
    const preview = await api.post<Partition>(path, split)
    if (preview.unplacedTotal > 0) throw new Error(`${set.name}: ${preview.unplacedTotal} people fit no echelon.`)
    return api.post<Partition>(path, { ...split, apply: true })
  }

  function splitOf({ from, echelons }: ScenarioSet): object {
    const people = scenario.people[from]
    const bands = echelons.flatMap((echelon) => echelon.age ?? [])
    if (bands.length > 0) return { by: 'age', bands, pool: { personClasses: [people[0]!.personClass] } }
    return { by: 'grade', pool: { volunteerIds: people.map((person) => register.get(person.personNumber)!.id) } }
  }

  function rotate({ id, echelons }: EchelonSet): Promise<unknown> {
    return api.post(`/v1/echelon-sets/${id}/rotation-patterns`, {
      effectiveFrom: week.fromOn,
      anchorLocal: `${week.fromOn}T${scenario.rotation.turnTime}`,
      period: scenario.rotation.period,
      order: echelons.map((echelon) => echelon.id),
    })
  }
}

function describe(set: ScenarioSet, { echelons }: Partition): string[] {
  const by = set.echelons.some((echelon) => echelon.age) ? 'by age' : 'by grade'
  const sizes = echelons.map(({ name, after, grades }) => {
    const shares = GRADES.flatMap((grade) => (grades[grade] ? `${grades[grade]} ${grade}` : []))
    return `${name}: ${count(after)} (${shares.join(', ')})`
  })
  return [`${set.name} (${set.kind}, ${by})`, ...sizes.map((line) => `  ${line}`)]
}
