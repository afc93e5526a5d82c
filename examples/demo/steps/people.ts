import { toCsv } from '../../scenario-a/csv.ts'
import type { ScenarioPeople, ScenarioPerson } from '../../scenario-a/people.ts'
import type { Demo } from '../demo.ts'
import { count } from '../report.ts'

/** Volunteers as the service knows them, by person number. */
export type Register = Map<string, { id: string; displayName: string }>

interface ImportReport {
  committed: boolean
  counts: { rows: number; created: number; wrong: number }
  errors: { row: number; column: string | null; detail: string }[]
}

const FILES: [name: string, part: keyof ScenarioPeople][] = [
  ['cadres.csv', 'cadres'],
  ['medical.csv', 'medical'],
  ['hotline.csv', 'hotline'],
  ['reserve.csv', 'reserve'],
]

/** People come in as CSV files: looked at first, written only when no row is wrong. */
export function importPeople({ report, scenario, api, rootId }: Demo): Promise<Register> {
  return report.step('The organizer imports the people from CSV files', async ({ say, progress }) => {
    const total = Object.values(scenario.people).flat().length
    let done = 0
    for (const [name, part] of FILES) {
      const people = scenario.people[part]
      progress(done / total, name)
      await send(name, people, 'preview')
      const { counts } = await send(name, people, 'commit')
      done += people.length
      progress(done / total, name)
      say(`${name.padEnd(12)} ${count(counts.created).padStart(5)} people`)
    }
    const known = await api.all<{ id: string; personNumber: string; displayName: string }>('/v1/volunteers')
    if (known.length !== total) throw new Error(`The service knows ${known.length} people instead of ${total}.`)
    return new Map(known.map((person) => [person.personNumber, person]))
  })

  async function send(name: string, people: ScenarioPerson[], mode: 'preview' | 'commit'): Promise<ImportReport> {
    const path = `/v1/volunteers:import?unitId=${rootId}&mode=${mode}`
    const result = await api.post<ImportReport>(path, undefined, { raw: { type: 'text/csv', body: toCsv(people) } })
    const [first] = result.errors
    if (first) throw new Error(`${name}, row ${first.row}, column ${first.column}: ${first.detail}`)
    return result
  }
}
