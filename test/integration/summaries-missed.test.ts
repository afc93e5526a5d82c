import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command } from '../../src/platform/auth/actor.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
const made = { region: '', town: '', village: '', setId: '' }

// Monday 11 May 2026, 08:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-11T00:00:00Z', worker: false })
  at = duties(world)
  made.region = await unit('Missed region', world.root.id)
  made.town = await unit('Missed town', made.region)
  made.village = await unit('Missed village', made.region)
  const [ann, ben, cas] = [
    await person('Ann', made.town),
    await person('Ben', made.town),
    await person('Cas', made.village),
  ]
  const [east, west] = [await post('Missed east'), await post('Missed west')]

  const duty = async (volunteerId: string, postId: string, day: string) =>
    (await at.duty({ volunteerId, postId, start: `${day}T08:00`, length: 'PT4H' })).id
  const declined = [await duty(ann, east, '2026-05-12'), await duty(cas, west, '2026-05-30')]
  await move('2026-05-11T01:00:00Z', 'declined', declined)
  // The policy says 24 hours: one is called off a day and a minute before, two later than a day before.
  const withdrawn = [await duty(ben, west, '2026-05-14'), await duty(cas, west, '2026-05-14')]
  const early = await duty(ben, east, '2026-05-20')
  await move('2026-05-13T00:01:00Z', 'withdrawn', withdrawn)
  await move('2026-05-18T23:59:00Z', 'withdrawn', [early])
  const missed = [await duty(ann, west, '2026-05-20'), await duty(cas, east, '2026-06-03')]
  for (const [id, instant] of [
    [missed[0], '2026-05-20T01:00:00Z'],
    [missed[1], '2026-06-03T01:00:00Z'],
  ] as const) {
    world.clock.set(new Date(instant))
    await world.must('POST', `/v1/assignments/${id}:no-show`, { reason: 'rang, no answer' })
  }
  const excused = await duty(ben, west, '2026-06-04')
  await move('2026-06-03T02:00:00Z', 'excused', [excused])

  const set = await create('/v1/echelon-sets', {
    unitId: made.region,
    name: 'Missed',
    kind: 'reserve',
    echelons: [{ name: 'First' }, { name: 'Second' }, { name: 'Nobody' }],
  })
  made.setId = set.id
  const join = (index: number, volunteerIds: string[]) =>
    create(`/v1/echelons/${set.echelons[index].id}/members`, { volunteerIds, fromOn: '2026-01-01' })
  await join(0, [ann])
  await join(1, [ben, cas])
})
afterAll(() => world.close())

const create = async (path: string, body: object) => (await world.must('POST', path, body)).body
const unit = async (name: string, parentId: string): Promise<string> =>
  (await create('/v1/units', { parentId, kind: 'town', name })).id
const person = async (displayName: string, unitId: string) => (await at.person({ displayName, unitId })).id
const post = async (name: string) => (await at.post({ name, unitId: made.region })).id
async function move(instant: string, to: 'declined' | 'withdrawn' | 'excused', ids: string[]) {
  world.clock.set(new Date(instant))
  const { db, clock } = world.house.services.foundations
  await db.transaction((tx) =>
    at.assignments.move({ tx, actor: command('test'), now: clock.now() }, { ids, to, reason: 'test' }),
  )
}

type Row = { name: string; declines: number; noShows: number; lateCancellations: number; duties: number }
const summary = async (query: string) => {
  const path = `/v1/summaries?unitId=${made.region}&from=2026-05-01&to=2026-07-01&${query}`
  const { items } = (await world.must('GET', path)).body
  expect(new Set(items.map((row: Row) => row.duties))).toEqual(new Set([0]))
  return items.map((row: Row) => [row.name, row.declines, row.noShows, row.lateCancellations])
}

describe('declines, no-shows and late cancellations', () => {
  test('by person', async () => {
    expect(await summary('by=person')).toEqual([
      ['Ann', 1, 1, 0],
      ['Ben', 0, 0, 1],
      ['Cas', 1, 1, 1],
    ])
  })

  test('by unit', async () => {
    expect(await summary('by=unit')).toEqual([
      ['Missed town', 1, 1, 1],
      ['Missed village', 1, 1, 1],
    ])
  })

  test('by post', async () => {
    expect(await summary('by=post')).toEqual([
      ['Missed east', 1, 1, 0],
      ['Missed west', 1, 1, 2],
    ])
  })

  test('by echelon', async () => {
    expect(await summary(`by=echelon&echelonSetId=${made.setId}`)).toEqual([
      ['First', 1, 1, 0],
      ['Second', 1, 1, 2],
    ])
  })

  test('by period', async () => {
    expect(await summary('by=period')).toEqual([
      ['2026-05', 2, 1, 2],
      ['2026-06', 0, 1, 0],
    ])
    expect(await summary('by=period&period=week')).toEqual([
      ['2026-W20', 1, 0, 2],
      ['2026-W21', 0, 1, 0],
      ['2026-W22', 1, 0, 0],
      ['2026-W23', 0, 1, 0],
    ])
    expect(await summary('by=period&period=day')).toEqual([
      ['2026-05-12', 1, 0, 0],
      ['2026-05-14', 0, 0, 2],
      ['2026-05-20', 0, 1, 0],
      ['2026-05-30', 1, 0, 0],
      ['2026-06-03', 0, 1, 0],
    ])
  })
})
