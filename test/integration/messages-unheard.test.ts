import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { type Peer, startPeer } from '../support/peer.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster
let gateway: Peer
let versions = 0

const GOOD = '13800000000'
const refuseAll = () => gateway.answers(() => ({ status: 400 }))

beforeAll(async () => {
  gateway = await startPeer()
  world = await startWorld({ settings: { SMS_URL: `${gateway.url}/send`, SMS_ADDRESS: 'v.example.cn' } })
  roster = await plainRoster(world)
})
beforeEach(() => {
  world.messages.length = 0
  gateway.calls.length = 0
  gateway.answers(({ body }) => (body.to === GOOD ? { body: { id: 'p' } } : { status: 400 }))
})
afterAll(async () => {
  await world.close()
  await gateway.stop()
})

const told = () => world.messages.filter((message) => message.template === 'duties-unheard')

/** People with these phones each, all asked about one shift. */
async function asked(start: string, phones: string[][], name: string) {
  versions += 1
  const people = await roster.people(phones.length)
  const rows = phones.flatMap((own, n) =>
    own.map((address, position) => ({ volunteerId: people[n]!, channel: 'sms' as const, address, position })),
  )
  await world.house.services.foundations.db.insert(contactPoints).values(rows)
  const { slotIds, postId } = await roster.shift({ start, length: 'PT8H', seats: people.length, post: { name } })
  const seats = people.map((volunteerId, n) => ({ volunteerId, slotId: slotIds[n]! }))
  const ids = await roster.publish(seats, [], versions)
  await world.settled()
  return { ids, postId }
}

test('who could be asked by no way is named to those who answer for the unit, long before the lapse', async () => {
  const { ids } = await asked(
    '2026-05-08T08:00',
    [['13900000001', '13900000002'], ['13900000003'], ['13900000004', GOOD]],
    'East gate',
  )
  await world.advance({ minutes: 2 })
  const tried = ['13900000001', '13900000002', '13900000003', '13900000004']
  expect(gateway.calls.map((call) => call.body.to).sort()).toEqual([GOOD, ...tried])
  expect(told()).toHaveLength(1)
  const [notice] = told()
  expect(notice!.to).toBe(`unit/${world.root.id}`)
  for (const n of [1, 2]) expect(notice!.text).toMatch(new RegExp(`- Person ${n}: Fri 8 May 08:00 .*East gate, guard`))
  expect(notice!.text).not.toContain('Person 3')
  expect((await roster.assignment(ids[0]!)).state).toBe('pending')
})

test('so is who could not be told of a change', async () => {
  const { postId } = await asked('2026-05-09T08:00', [[GOOD]], 'North gate')
  refuseAll()
  await world.must('PATCH', `/v1/posts/${postId}`, { name: 'South gate' }, { headers: { 'if-match': '"1"' } })
  await world.advance({ minutes: 2 })
  expect(told()).toHaveLength(1)
  expect(told()[0]!.text).toMatch(/- Person 1: Sat 9 May 08:00 .*South gate, guard/)
})

test('and nobody who has been asked on the telephone meanwhile and has declined', async () => {
  const { ids } = await asked('2026-05-10T08:00', [['13900000005']], 'West gate')
  await world.must('POST', `/v1/assignments/${ids[0]}:decline`, { reason: 'on the telephone' })
  await world.advance({ minutes: 3 })
  expect(told()).toEqual([])
})
