import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../support/world.ts'

let world: World
let keys = 0

beforeAll(async () => {
  world = await startWorld({ now: '2022-08-01T02:00:00Z' })
})
afterAll(() => world.close())

const post = async (path: string, body: object) => (await world.must('POST', path, body)).body
const get = async (path: string) => (await world.must('GET', path)).body
const unit = async (name: string): Promise<string> =>
  (await post('/v1/units', { parentId: world.root.id, kind: 'county', name })).id
const person = async (unitId: string, displayName: string, more: object = {}): Promise<string> =>
  (await post('/v1/volunteers', { unitId, displayName, personClass: 'staff', ...more })).id

interface Made {
  id: string
  name: string
  members: string[]
}

async function crew(unitId: string, name: string, members: string[]): Promise<Made> {
  const body = { unitId, name, kind: 'station crew', fromOn: '2022-01-01', volunteerIds: members }
  return { id: (await post('/v1/crews', body)).id, name, members }
}

interface Duty {
  shiftId: string
  postId: string
  volunteerId: string
}

async function generated(unitId: string, from: string, to: string, iterations: number): Promise<Duty[]> {
  keys += 1
  const asked = await world.must(
    'POST',
    '/v1/rosters',
    { unitId, from, to, seed: 1, iterations },
    { headers: { 'idempotency-key': `crews ${keys}` } },
  )
  for (;;) {
    await world.settled()
    const run = await get(`/v1/generation-runs/${asked.body.generationRun.id}`)
    if (run.finishedAt === null) continue
    expect(run.error).toBeNull()
    break
  }
  const drafted = (await get(`/v1/rosters/${asked.body.id}/assignments?limit=500`)).items
  return drafted.map((one: Omit<Duty, 'volunteerId'> & { draft: { volunteerId: string } }) => ({
    ...one,
    volunteerId: one.draft.volunteerId,
  }))
}

/** In each shift those who serve are one crew and all of it. */
function crewOfEachShift(duties: Duty[], crews: Made[]): Map<string, Made> {
  return new Map(
    [...Map.groupBy(duties, (duty) => duty.shiftId)].map(([shiftId, seated]) => {
      const people = seated.map((duty) => duty.volunteerId).sort()
      const whole = crews.find((one) => one.members.toSorted().join() === people.join())
      expect(whole, `nobody but one whole crew, not ${people.length} people`).toBeDefined()
      return [shiftId, whole!]
    }),
  )
}

const countBy = (names: string[]): number[] =>
  [...Map.groupBy(names, (name) => name).values()].map((list) => list.length).sort((a, b) => a - b)

describe('joint crews of police and medical staff, four watches a checkpoint', () => {
  test('each shift of eight hours is served by a whole watch, in turn', async () => {
    const unitId = await unit('Checkpoints')
    await post('/v1/rules', { unitId, name: 'crew-whole', params: {} })
    const watches: Made[][] = []
    for (let gate = 1; gate <= 2; gate++) {
      const own: Made[] = []
      for (let watch = 1; watch <= 4; watch++) {
        const members = await Promise.all([
          ...[1, 2, 3].map((i) => person(unitId, `Police ${gate}.${watch}.${i}`, { personClass: 'police' })),
          ...[1, 2, 3].map((i) => person(unitId, `Medic ${gate}.${watch}.${i}`, { personClass: 'medical' })),
        ])
        own.push(await crew(unitId, `Gate ${gate} watch ${watch}`, members))
      }
      watches.push(own)
      const at = await post('/v1/posts', {
        unitId,
        name: `Gate ${gate}`,
        kind: 'checkpoint',
        requirements: [
          { role: 'police', minimum: 3, desired: 3, personClasses: ['police'], crewIds: own.map((one) => one.id) },
          { role: 'medical', minimum: 3, desired: 3, personClasses: ['medical'], crewIds: own.map((one) => one.id) },
        ],
      })
      expect(at.requirements[0].crewIds).toHaveLength(4)
      for (const startTime of ['00:00', '08:00', '16:00'])
        await post('/v1/shift-templates', {
          postId: at.id,
          name: `From ${startTime}`,
          rule: 'FREQ=DAILY',
          startTime,
          length: 'PT8H',
          effectiveFrom: '2022-08-01',
        })
    }
    const duties = await generated(unitId, '2022-08-03', '2022-08-07', 6_000)
    expect(duties).toHaveLength(2 * 4 * 3 * 6)
    const serving = crewOfEachShift(duties, watches.flat())
    for (const [shiftId, watch] of serving) {
      const gate = duties.find((duty) => duty.shiftId === shiftId)!.postId
      const others = [...serving].filter(([id]) => duties.find((duty) => duty.shiftId === id)!.postId === gate)
      expect(others.some(([, one]) => one === watch)).toBe(true)
    }
    // Twelve shifts a gate among four watches.
    expect(countBy([...serving.values()].map((one) => one.name))).toEqual(Array(8).fill(3))
  })
})

describe('sixteen station crews of 159 members, round the clock in turn', () => {
  test('every crew serves whole, and rests together', async () => {
    const unitId = await unit('Pastoral county')
    await post('/v1/rules', { unitId, name: 'crew-whole', params: {} })
    const crews: Made[] = []
    for (let i = 0; i < 16; i++) {
      // Ten members each, one crew has nine: 159.
      const members = await Promise.all(
        Array.from({ length: i === 15 ? 9 : 10 }, (_, m) => person(unitId, `Crew ${i + 1} member ${m + 1}`)),
      )
      crews.push(await crew(unitId, `Crew ${i + 1}`, members))
    }
    for (let station = 1; station <= 4; station++) {
      const at = await post('/v1/posts', {
        unitId,
        name: `Station ${station}`,
        kind: 'quarantine station',
        requirements: [{ role: 'guard', minimum: 9, desired: 10, crewUnitIds: [unitId] }],
      })
      await post('/v1/shift-templates', {
        postId: at.id,
        name: '24 hours',
        rule: 'FREQ=DAILY',
        startTime: '08:00',
        length: 'P1D',
        effectiveFrom: '2022-08-01',
      })
    }
    const duties = await generated(unitId, '2022-08-03', '2022-08-07', 6_000)
    const serving = crewOfEachShift(duties, crews)
    expect(serving.size).toBe(16)
    // The crew of nine would leave a seat open, so that the others take its turn; nobody serves three times.
    const turns = countBy([...serving.values()].map((one) => one.name))
    expect(turns.length).toBeGreaterThanOrEqual(14)
    expect(turns.at(-1)).toBe(2)

    const someone = crews[0]!.members[0]!
    const slotId = (await get(`/v1/shifts?unitId=${unitId}`)).items[0].slots[0].id
    const candidates = await get(`/v1/slots/${slotId}/candidates?limit=1000`)
    expect(candidates.items.find((one: { volunteerId: string }) => one.volunteerId === someone).crews).toEqual([
      'Crew 1',
    ])
  })
})

describe('linked slots', () => {
  test('one person keeps a seat through the week, another may come in the next', async () => {
    const unitId = await unit('Liaison unit')
    await Promise.all(Array.from({ length: 6 }, (_, i) => person(unitId, `Liaison ${i + 1}`)))
    for (const [name, linked] of [
      ['Works', 'week'],
      ['Estate', 'period'],
    ]) {
      const at = await post('/v1/posts', {
        unitId,
        name,
        kind: 'company',
        requirements: [{ role: 'liaison', minimum: 1, desired: 1 }],
      })
      const template = await post('/v1/shift-templates', {
        postId: at.id,
        name: 'Daily visit',
        rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
        startTime: '09:00',
        length: 'PT1H',
        effectiveFrom: '2022-08-01',
        linked,
      })
      expect(template.linked).toBe(linked)
    }
    // Monday 8 to Sunday 21 August: two weeks.
    const duties = await generated(unitId, '2022-08-08', '2022-08-22', 4_000)
    expect(duties).toHaveLength(20)
    const shifts = (await get(`/v1/shifts?unitId=${unitId}&limit=100`)).items as {
      id: string
      postName: string
      localDay: string
    }[]
    const holders = (postName: string, from: string, to: string) => {
      const ids = shifts
        .filter((one) => one.postName === postName && one.localDay >= from && one.localDay < to)
        .map((one) => one.id)
      return new Set(duties.filter((duty) => ids.includes(duty.shiftId)).map((duty) => duty.volunteerId))
    }
    expect(holders('Estate', '2022-08-08', '2022-08-22').size).toBe(1)
    expect(holders('Works', '2022-08-08', '2022-08-15').size).toBe(1)
    expect(holders('Works', '2022-08-15', '2022-08-22').size).toBe(1)
  })
})

test('a crew: read, change, members by days, and what is refused', async () => {
  const unitId = await unit('Crew town')
  const [a, b, c] = await Promise.all(['Ann', 'Bo', 'Cy'].map((name) => person(unitId, name)))
  const made = await world.must('POST', '/v1/crews', {
    unitId,
    name: 'Red',
    kind: 'assault team',
    leadId: a,
    fromOn: '2022-01-01',
    volunteerIds: [a, b],
  })
  const id = made.body.id as string
  expect((await get(`/v1/crews?unitId=${unitId}`)).items).toEqual([
    expect.objectContaining({ name: 'Red', members: 2 }),
  ])
  expect(
    (await world.call('POST', '/v1/crews', { unitId, name: 'Red', kind: 'x', fromOn: '2022-01-01' })).body.code,
  ).toBe('crew-name-taken')
  const twice = await world.call('POST', `/v1/crews/${id}/members`, { volunteerIds: [b], fromOn: '2022-03-01' })
  expect(twice.body.code).toBe('already-member')
  const members = await post(`/v1/crews/${id}/members`, { volunteerIds: [c], fromOn: '2022-08-05' })
  const entry = members.items.find((one: { volunteerId: string }) => one.volunteerId === b)
  await world.must('DELETE', `/v1/crew-members/${entry.id}?on=2022-08-10`)
  const on = async (day: string) =>
    (await get(`/v1/crews/${id}/members?on=${day}`)).items.map((one: { displayName: string }) => one.displayName)
  expect([await on('2022-08-04'), await on('2022-08-06'), await on('2022-08-10')]).toEqual([
    ['Ann', 'Bo'],
    ['Ann', 'Bo', 'Cy'],
    ['Ann', 'Cy'],
  ])
  const wrong = await world.call('POST', '/v1/crews', {
    unitId: '00000000-0000-7000-8000-000000000000',
    name: 'Blue',
    kind: 'x',
    fromOn: '2022-01-01',
    volunteerIds: ['00000000-0000-7000-8000-000000000001'],
  })
  expect(wrong.body.errors.map((one: { pointer: string }) => one.pointer)).toEqual([
    '/body/unitId',
    '/body/volunteerIds/0',
  ])
  const changed = await world.must('PATCH', `/v1/crews/${id}`, { name: 'Scarlet' }, { headers: { 'if-match': '"1"' } })
  expect(changed.body).toMatchObject({ name: 'Scarlet', version: 2 })
  expect((await world.call('DELETE', `/v1/crews/${id}`, undefined, { headers: { 'if-match': '"1"' } })).status).toBe(
    412,
  )
  await world.must('DELETE', `/v1/crews/${id}`, undefined, { headers: { 'if-match': '"2"' } })
  expect((await world.call('GET', `/v1/crews/${id}`)).status).toBe(404)
})
