import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { command } from '../../src/platform/auth/actor.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
/** Another organization on the same installation. */
let other: { id: string; key: string }

beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:30:00Z', worker: false })
  at = duties(world)
  const root = { parentId: null, kind: 'city', name: 'Another city', zone: 'Asia/Shanghai' }
  const { id } = await world.house.services.organisation.createUnit(command('test'), root)
  other = { id, key: await world.makeKey(id, 'admin') }
})
afterAll(() => world.close())

const create = (unitId: string, key: string, personNumber: string, displayName: string) =>
  world.call('POST', '/v1/volunteers', { unitId, displayName, personNumber, personClass: 'staff' }, { key })
const send = (unitId: string, key: string, body: string) =>
  world.call('POST', `/v1/volunteers:import?unitId=${unitId}&mode=commit`, undefined, {
    key,
    raw: { type: 'text/csv', body },
  })
const namesOf = async (key: string, personNumber: string) =>
  (await world.must('GET', `/v1/volunteers?search=${personNumber}`, undefined, { key })).body.items.map(
    (one: { displayName: string }) => one.displayName,
  )

test('two organizations may each have a number 1001, one of them only one', async () => {
  const { root } = world
  expect((await create(root.id, root.key, '1001', '甲')).status).toBe(201)
  expect((await create(other.id, other.key, '1001', '乙')).status).toBe(201)
  const town = (await world.must('POST', '/v1/units', { parentId: root.id, kind: 'town', name: 'Town' })).body.id
  const twice = await create(town, root.key, '1001', '丙')
  expect([twice.status, twice.body.code]).toEqual([409, 'person-number-taken'])
})

test('an import knows people by their number in its own organization', async () => {
  const file = '工号,姓名\n2001,王某\n2002,李某\n'
  const counts = async (unitId: string, key: string, text = file) => (await send(unitId, key, text)).body.counts
  expect(await counts(world.root.id, world.root.key)).toMatchObject({ created: 2 })
  expect(await counts(other.id, other.key, file.replace('王某', '赵某'))).toMatchObject({ created: 2, updated: 0 })
  expect(await counts(other.id, other.key, file.replace('王某', '孙某'))).toMatchObject({ updated: 1, unchanged: 1 })
  expect([await namesOf(world.root.key, '2001'), await namesOf(other.key, '2001')]).toEqual([['王某'], ['孙某']])
})

test('at a post a number means somebody of the same organization', async () => {
  const { db } = world.house.services.foundations
  const people = []
  for (const unitId of [other.id, world.root.id]) {
    const person = await at.person({ unitId, personNumber: '3001' })
    await db
      .insert(contactPoints)
      .values({ volunteerId: person.id, channel: 'sms', address: '+86 100 0000 1234', position: 1 })
    people.push(person)
  }
  const post = await at.post()
  const duty = await at.duty({ volunteerId: people[1]!.id, postId: post.id, start: '2026-05-04T08:00' })
  const { code } = (await world.must('GET', `/v1/posts/${post.id}/check-in-code`)).body
  const entry = { step: 'check-in', code, personNumber: '3001', phoneEnd: '1234' }
  const raw = { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(entry).toString() }
  const came = await world.call('POST', `/p/${post.id}`, undefined, { key: null, raw })
  expect(came.status, came.text).toBe(303)
  expect(await at.stateOf(duty.id)).toBe('serving')
})

test('a unit that moves to another organization takes its people along, unless a number is taken there', async () => {
  const { sql } = world.house.database
  const { organisation } = world.house.services
  const add = async (name: string, personNumber: string) => {
    const unit = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name })).body.id
    const below = (await world.must('POST', '/v1/units', { parentId: unit, kind: 'village', name })).body.id
    await create(below, world.root.key, personNumber, name)
    return unit as string
  }
  const rootsOf = async (personNumber: string) =>
    (await sql`select root_id from volunteers where person_number = ${personNumber}`).map((row) => row.root_id)
  const [free, taken] = [await add('Free', '4001'), await add('Taken', '4002')]
  await create(other.id, other.key, '4002', 'First')
  const move = (id: string) => organisation.updateUnit(command('test'), id, 1, { parentId: other.id })
  await move(free)
  expect(await rootsOf('4001')).toEqual([other.id])
  await expect(move(taken)).rejects.toThrow()
  expect((await rootsOf('4002')).sort()).toEqual([world.root.id, other.id].sort())
  await sql`update volunteers set root_id = ${world.root.id} where person_number = '4001'`
  expect(await rootsOf('4001'), 'nobody else sets it').toEqual([other.id])
})
