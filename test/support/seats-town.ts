import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, World } from './world.ts'

type Json = Answer['body']

export interface SeatsWish {
  /** By name: what is said of each person besides. */
  people: Record<string, object>
  /** By name: what is said of each post besides, and of its one requirement. */
  posts: Record<string, { place?: object; requirement?: object }>
  /** Names of those who are only called when a seat is empty. */
  reserve?: string[]
  policy?: object
  /** Hard rules stated at the town, by name. */
  rules?: Record<string, object>
}

export type SeatsTown = Awaited<ReturnType<typeof seatsTown>>

const DAY = { from: '2026-05-11', to: '2026-05-12' }
let towns = 0

/** A town whose posts are all kept on Monday 11 May 2026 from 08:00 to 16:00, planned by name; all of it made by HTTP. */
export async function seatsTown(world: World, { people, posts, reserve = [], policy = {}, rules = {} }: SeatsWish) {
  towns += 1
  const name = `Seats town ${towns}`
  const post = async (path: string, body: object): Promise<Json> => (await world.must('POST', path, body)).body
  const unitId: string = (await post('/v1/units', { parentId: world.root.id, kind: 'township', name, policy })).id
  const idOf = new Map<string, string>()
  for (const [displayName, fields] of Object.entries(people)) {
    const contacts = [{ channel: 'log', address: displayName }]
    const person = await post('/v1/volunteers', { unitId, displayName, personClass: 'staff', contacts, ...fields })
    idOf.set(displayName, person.id)
  }
  const nameOf = new Map([...idOf].map(([who, id]) => [id, who]))
  const setOf = async (kind: string, names: string[]): Promise<string> => {
    const set = await post('/v1/echelon-sets', { unitId, name: `${name} ${kind}`, kind, echelons: [{ name: 'A' }] })
    const volunteerIds = names.map((who) => idOf.get(who)!)
    await post(`/v1/echelons/${set.echelons[0].id}/members`, { volunteerIds, fromOn: '2026-01-01' })
    return set.id
  }
  const serving = Object.keys(people).filter((who) => !reserve.includes(who))
  const staffing =
    reserve.length > 0
      ? { echelonSetId: await setOf('specialist', serving), reserveSetIds: [await setOf('reserve', reserve)] }
      : {}
  for (const [rule, params] of Object.entries(rules)) await post('/v1/rules', { unitId, name: rule, params })
  const postNames = new Map<string, string>()
  for (const [postName, { place = {}, requirement = {} }] of Object.entries(posts)) {
    const seat = { role: 'guard', minimum: 1, desired: 1, ...staffing, ...requirement }
    const made = await post('/v1/posts', {
      unitId,
      name: `${name} ${postName}`,
      kind: 'gate',
      requirements: [seat],
      ...place,
    })
    const shift = { name: 'Day', rule: 'FREQ=DAILY', startTime: '08:00', length: 'PT8H', effectiveFrom: '2026-01-01' }
    await post('/v1/shift-templates', { postId: made.id, ...shift })
    postNames.set(made.id, postName)
  }

  async function finished(runId: string): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      await world.settled()
      const run = (await world.must('GET', `/v1/generation-runs/${runId}`)).body
      if (run.state === 'done') return
      if (run.finishedAt) throw new Error(`The run is ${run.state}: ${run.error}`)
      await sleep(50)
    }
    throw new Error(`Run ${runId} does not end.`)
  }
  const wish = { unitId, ...DAY, iterations: 500 }
  const asked = await world.must('POST', '/v1/rosters', wish, { headers: { 'idempotency-key': name } })
  await finished(asked.body.generationRun.id)
  const url = `/v1/rosters/${asked.body.id}`

  const lines = async (): Promise<Json[]> => (await world.must('GET', `${url}/assignments?limit=100`)).body.items
  const seat = async (postName: string): Promise<Json> =>
    (await lines()).find((line) => postNames.get(line.postId) === postName)
  return {
    unitId,
    idOf: (who: string): string => idOf.get(who)!,
    seat,
    /** Who is drafted where, by name of the post; people of one post in the order of their names. */
    drafted: async (): Promise<Record<string, string[]>> => {
      const seats = Map.groupBy(await lines(), (line) => postNames.get(line.postId)!)
      return Object.fromEntries(
        [...seats].map(([postName, all]) => [
          postName,
          all.flatMap((line) => (line.draft ? [nameOf.get(line.draft.volunteerId)!] : [])).sort(),
        ]),
      )
    },
    /** Reasons of the seats that the plan leaves open. */
    reasons: async (): Promise<Json[]> => (await world.must('GET', `${url}/draft`)).body.reasons,
    /** Seats somebody without pinning them; without a name the seat is left. */
    put: async (postName: string, who?: string, pinned = false): Promise<void> => {
      const { slotId } = await seat(postName)
      if (who === undefined) await world.must('DELETE', `${url}/draft/${slotId}`)
      else await world.must('PUT', `${url}/draft/${slotId}`, { volunteerId: idOf.get(who)!, pinned })
    },
    async regenerate(): Promise<void> {
      const again = await world.must('POST', `${url}:regenerate`, { iterations: 500 })
      await finished(again.body.generationRun.id)
    },
    async publish(): Promise<void> {
      const { version } = (await world.must('GET', url)).body
      const headers = { 'if-match': `"${version}"` }
      await world.must('POST', `${url}:publish`, { allowOpenMandatory: true }, { headers })
      await world.settled()
    },
    async act(postName: string, verb: string): Promise<void> {
      const { live } = await seat(postName)
      await world.must('POST', `/v1/assignments/${live.assignmentId}:${verb}`, { reason: 'on the telephone' })
    },
    absent: (who: string) =>
      post(`/v1/volunteers/${idOf.get(who)!}/absences`, {
        kind: 'sick',
        startsAt: '2026-05-10T00:00:00Z',
        endsAt: '2026-05-12T00:00:00Z',
      }),
  }
}
