import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, World } from './world.ts'

export interface DutyTown {
  unitId: string
  postIds: string[]
  templateIds: string[]
  /** Ids by echelon, the one that begins first; chiefs before staff. */
  shifts: { chiefs: string[]; staff: string[] }[]
  reserve: string[]
  /** Asks for a roster and waits until it is made. */
  makeRoster(from: string, to: string, more?: object): Promise<Answer['body']>
  finished(runId: string): Promise<Answer['body']>
  assignmentsOf(rosterId: string, query?: string): Promise<Answer['body'][]>
}

let keys = 0

/**
 * A town with checkpoints that two echelons keep in turn, 24 hours each from 08:00; each shift takes one chief and two
 * staff. Beside them a reserve.
 */
export async function buildDutyTown(
  world: World,
  { name = 'Duty town', posts = 2, staff = 5, chiefs = 3, reserve = 4 } = {},
): Promise<DutyTown> {
  const post = async (path: string, body: object) => (await world.must('POST', path, body)).body
  const unitId = (await post('/v1/units', { parentId: world.root.id, kind: 'township', name })).id
  const person = async (displayName: string, grade: string) =>
    (await post('/v1/volunteers', { unitId, displayName, personClass: 'staff', grade })).id as string
  const people = (count: number, of: string, grade: string) =>
    Promise.all(Array.from({ length: count }, (_, i) => person(`${name} ${of} ${i + 1}`, grade)))
  const join = (echelonId: string, volunteerIds: string[]) =>
    post(`/v1/echelons/${echelonId}/members`, { volunteerIds, fromOn: '2026-01-01' })

  const set = await post('/v1/echelon-sets', {
    unitId,
    name: `${name} cadres`,
    kind: 'rotation',
    echelons: [{ name: 'A' }, { name: 'B' }],
  })
  const shifts: DutyTown['shifts'] = []
  for (const echelon of set.echelons) {
    const crew = {
      chiefs: await people(chiefs, `chief ${echelon.name}`, 'chief'),
      staff: await people(staff, `staff ${echelon.name}`, 'staff'),
    }
    await join(echelon.id, [...crew.chiefs, ...crew.staff])
    shifts.push(crew)
  }
  await post(`/v1/echelon-sets/${set.id}/rotation-patterns`, {
    effectiveFrom: '2026-01-01',
    anchorLocal: '2026-05-11T08:00',
    period: 'P1D',
    order: set.echelons.map((one: { id: string }) => one.id),
  })
  const called = await post('/v1/echelon-sets', {
    unitId,
    name: `${name} reserve`,
    kind: 'reserve',
    echelons: [{ name: 'First' }],
  })
  const reserves = await people(reserve, 'reserve', 'staff')
  await join(called.echelons[0].id, reserves)

  const from = { echelonSetId: set.id, reserveSetIds: [called.id] }
  const postIds: string[] = []
  const templateIds: string[] = []
  for (let i = 0; i < posts; i++) {
    const gate = await post('/v1/posts', {
      unitId,
      name: `${name} gate ${i + 1}`,
      kind: 'checkpoint',
      requirements: [
        { role: 'lead', minimum: 1, desired: 1, grades: ['chief'], ...from },
        { role: 'staff', minimum: 1, desired: 2, grades: ['staff'], ...from },
      ],
    })
    const template = await post('/v1/shift-templates', {
      postId: gate.id,
      name: 'Round the clock',
      rule: 'FREQ=DAILY',
      startTime: '08:00',
      length: 'P1D',
      effectiveFrom: '2026-01-01',
    })
    postIds.push(gate.id)
    templateIds.push(template.id)
  }

  /** A run whose engine broke down is tried again a little later, so that nothing being due is not yet the end. */
  const finished: DutyTown['finished'] = async (runId) => {
    for (let tries = 0; tries < 200; tries++) {
      await world.settled()
      const run = (await world.must('GET', `/v1/generation-runs/${runId}`)).body
      if (run.finishedAt) return run
      await sleep(100)
    }
    throw new Error(`Run ${runId} does not end.`)
  }
  return {
    unitId,
    postIds,
    templateIds,
    shifts,
    reserve: reserves,
    finished,
    async makeRoster(first, last, more = {}) {
      keys += 1
      const asked = await world.must(
        'POST',
        '/v1/rosters',
        { unitId, from: first, to: last, ...more },
        { headers: { 'idempotency-key': `${name} ${keys}` } },
      )
      const run = await finished(asked.body.generationRun.id)
      if (run.state !== 'done') throw new Error(`The run is ${run.state}: ${run.error}`)
      return (await world.must('GET', `/v1/rosters/${asked.body.id}`)).body
    },
    assignmentsOf: async (rosterId, query = '') =>
      (await world.must('GET', `/v1/rosters/${rosterId}/assignments?limit=500${query}`)).body.items,
  }
}
