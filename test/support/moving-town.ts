import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, World } from './world.ts'

type Json = Answer['body']

export interface TownWish {
  people?: number
  personClass?: string
  /** Seats of each shift. */
  seats?: number
  reserve?: number
  /** First day of the roster and the first one after it. */
  from?: string
  to?: string
  /** Merged into the policy of the town. */
  policy?: object
  /** Guards need a qualification, which everybody has until this day. */
  validTo?: string
  /** Hard rules stated at the town, by name. */
  rules?: Record<string, object>
}

export type MovingTown = Awaited<ReturnType<typeof movingTown>>

let towns = 0

/** A town with one gate that is kept from 08:00 to 16:00 every day, with a published roster; all of it made by HTTP. */
export async function movingTown(world: World, wish: TownWish = {}) {
  const { people = 1, personClass = 'volunteer', seats = 1, reserve = 0, policy, rules = {} } = wish
  const { from = '2026-05-11', to = '2026-05-12', validTo } = wish
  towns += 1
  const name = `Moving town ${towns}`
  const post = async (path: string, body: object) => (await world.must('POST', path, body)).body
  const unit = await post('/v1/units', { parentId: world.root.id, kind: 'township', name, ...(policy && { policy }) })
  const unitId: string = unit.id
  const qualificationIds: string[] = validTo
    ? [(await post('/v1/qualifications', { code: `moving-${towns}`, name: `${name} badge` })).id]
    : []
  const qualifications = qualificationIds.map((qualificationId) => ({ qualificationId, validTo }))
  const persons = async (count: number, label: string): Promise<string[]> => {
    const ids: string[] = []
    for (let i = 1; i <= count; i += 1) {
      const displayName = `${name} ${label} ${i}`
      ids.push((await post('/v1/volunteers', { unitId, displayName, personClass, locale: 'en', qualifications })).id)
    }
    return ids
  }
  const setOf = async (kind: string, volunteerIds: string[]): Promise<string> => {
    const set = await post('/v1/echelon-sets', { unitId, name: `${name} ${kind}`, kind, echelons: [{ name: 'A' }] })
    const members = { volunteerIds, fromOn: '2026-01-01' }
    if (volunteerIds.length > 0) await post(`/v1/echelons/${set.echelons[0].id}/members`, members)
    return set.id
  }
  const [volunteerIds, reserveIds] = [await persons(people, 'person'), await persons(reserve, 'reserve')]
  const [own, called] = [await setOf('specialist', volunteerIds), await setOf('reserve', reserveIds)]
  for (const [rule, params] of Object.entries(rules))
    await post('/v1/rules', { unitId, name: rule, params, weight: null })
  const gate = await post('/v1/posts', {
    unitId,
    name: `${name} gate`,
    kind: 'checkpoint',
    requirements: [
      { role: 'guard', minimum: seats, desired: seats, echelonSetId: own, reserveSetIds: [called], qualificationIds },
    ],
  })
  const template = await post('/v1/shift-templates', {
    postId: gate.id,
    name: 'Day',
    rule: 'FREQ=DAILY',
    startTime: '08:00',
    length: 'PT8H',
    effectiveFrom: '2026-01-01',
  })
  const headers = { 'idempotency-key': name }
  const roster = (await world.must('POST', '/v1/rosters', { unitId, from, to, iterations: 200 }, { headers })).body

  async function finished(runId: string): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      await world.settled()
      if ((await world.must('GET', `/v1/generation-runs/${runId}`)).body.finishedAt) return
      await sleep(50)
    }
    throw new Error(`Run ${runId} does not end.`)
  }
  async function publish(): Promise<void> {
    const { version } = (await world.must('GET', `/v1/rosters/${roster.id}`)).body
    const headers = { 'if-match': `"${version}"` }
    await world.must('POST', `/v1/rosters/${roster.id}:publish`, { allowOpenMandatory: true }, { headers })
    await world.settled()
  }
  await finished(roster.generationRun.id)
  await publish()

  const shifts = async (query = ''): Promise<Json[]> =>
    (await world.must('GET', `/v1/shifts?postId=${gate.id}&limit=100${query}`)).body.items
  return {
    unitId,
    name,
    postId: gate.id as string,
    templateId: template.id as string,
    rosterId: roster.id as string,
    volunteerIds,
    reserveIds,
    shifts,
    publish,
    finished,
    planned: () => shifts('&state=planned'),
    holder: async (shiftId: string): Promise<Json> =>
      (await shifts()).find((shift) => shift.id === shiftId).slots[0].holder,
    assignment: async (id: string): Promise<Json> => (await world.must('GET', `/v1/assignments/${id}`)).body,
    act: (id: string, verb: string) =>
      world.must('POST', `/v1/assignments/${id}:${verb}`, { reason: 'on the telephone' }),
    move: (shiftId: string, body: object) => world.call('POST', `/v1/shifts/${shiftId}:move`, body),
    changeTemplate: async (patch: object): Promise<Json> => {
      const url = `/v1/shift-templates/${template.id}`
      const { version } = (await world.must('GET', url)).body
      return (await world.must('PATCH', url, patch, { headers: { 'if-match': `"${version}"` } })).body
    },
    gaps: async (state = 'open'): Promise<Json[]> =>
      (await world.must('GET', `/v1/gaps?rosterId=${roster.id}&state=${state}`)).body.items,
  }
}
