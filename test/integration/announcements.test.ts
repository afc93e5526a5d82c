import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plainRoster } from '../support/plain-roster.ts'
import { type SwapTown, swapTown } from '../support/swap-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let town: SwapTown

beforeAll(async () => {
  world = await startWorld()
  town = await swapTown(world)
})
afterAll(() => world.close())

const db = () => world.house.services.foundations.db
const texts = { zh: { title: '通知', text: '请阅读' } }
const announce = async (sources: object[], more: object = {}) =>
  (
    await world.must('POST', '/v1/announcements', {
      unitId: world.root.id,
      texts,
      audience: { sources, ...('personClasses' in more ? { personClasses: more.personClasses } : {}) },
      ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'personClasses')),
    })
  ).body
const recipientsOf = async (id: string, query = '') =>
  (await world.must('GET', `/v1/announcements/${id}/recipients?limit=500${query}`)).body.items.map(
    (row: { volunteerId: string }) => row.volunteerId,
  )

describe('who is asked', () => {
  test('people of units, echelons, crews of a day and lists, each once, of the classes wanted, and frozen', async () => {
    const unit = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'township', name: 'North' }))
      .body
    const inUnit = await town.roster.people(2, { unitId: unit.id })
    const inReserve = await town.roster.people(2)
    const [echelonId] = await town.roster.reserve([inReserve])
    const [onDuty, listed] = (await town.roster.people(2)) as [string, string]
    const duty = await town.duty(onDuty, '2026-05-20T08:00')
    const made = await announce([
      { kind: 'unit', unitId: unit.id },
      { kind: 'echelon', echelonId },
      { kind: 'post-day', postId: duty.postId, day: '2026-05-20' },
      { kind: 'shift', shiftId: duty.shiftId },
      { kind: 'people', volunteerIds: [listed, inUnit[0]] },
    ])
    const wanted = [...inUnit, ...inReserve, onDuty, listed].sort()
    expect((await recipientsOf(made.id)).sort()).toEqual(wanted)
    expect((await recipientsOf(made.id, `&unitId=${unit.id}`)).sort()).toEqual([...inUnit].sort())
    await town.roster.people(1, { unitId: unit.id })
    expect((await recipientsOf(made.id)).length).toBe(wanted.length)
    const none = await world.call('POST', '/v1/announcements', {
      unitId: world.root.id,
      texts,
      audience: { sources: [{ kind: 'unit', unitId: unit.id }], personClasses: ['police'] },
    })
    expect([none.status, none.body.code]).toEqual([422, 'audience-empty'])
    await expect(db().execute(sql`delete from announcement_recipients`)).rejects.toThrow()
  })

  test('all that is wrong is said at once', async () => {
    const unknown = '00000000-0000-7000-8000-000000000000'
    const answer = await world.call('POST', '/v1/announcements', {
      unitId: world.root.id,
      texts,
      audience: {
        sources: [
          { kind: 'unit', unitId: unknown },
          { kind: 'people', volunteerIds: [unknown] },
          { kind: 'shift', shiftId: unknown },
        ],
      },
      expiresAt: '2020-01-01T00:00:00Z',
    })
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/body/audience/sources/0',
      '/body/audience/sources/1/volunteerIds/0',
      '/body/audience/sources/2',
      '/body/expiresAt',
    ])
    const empty = await world.call('POST', '/v1/announcements', { unitId: world.root.id, texts: {}, audience: {} })
    expect(empty.status).toBe(400)
    expect(empty.body.errors.length).toBe(2)
  })

  test('an organizer reaches their own units only', async () => {
    const [north, south] = await Promise.all(
      ['N', 'S'].map((name) => world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'township', name })),
    )
    const key = await world.makeKey(north!.body.id, 'organizer')
    const [mine] = await town.roster.people(1, { unitId: north!.body.id })
    const [other] = await town.roster.people(1, { unitId: south!.body.id })
    const ask = (volunteerIds: (string | undefined)[]) =>
      world.call(
        'POST',
        '/v1/announcements',
        { unitId: north!.body.id, texts, audience: { sources: [{ kind: 'people', volunteerIds }] } },
        { key },
      )
    expect((await ask([mine, other])).status).toBe(422)
    expect((await ask([mine])).status).toBe(201)
    const above = await announce([{ kind: 'people', volunteerIds: [other] }])
    expect((await world.call('GET', `/v1/announcements/${above.id}`, undefined, { key })).status).toBe(404)
  })
})

describe('answering and chasing', () => {
  test('two presses at once are one answer; each step of the chase is taken once, however often its job runs', async () => {
    const people = await town.roster.people(3)
    const made = await announce([{ kind: 'people', volunteerIds: people }], {
      remindAfterMinutes: [30],
      escalateAfterMinutes: 60,
    })
    await world.settled()
    const link = world.messagesTo(people[0]!)[0]!.link!
    const fields = { answer: 'acknowledge', revision: '1' }
    const answers = await Promise.all(Array.from({ length: 8 }, () => town.roster.answer(link, fields)))
    expect(answers.every((answer) => answer.status === 303)).toBe(true)
    expect((await town.roster.answer(link, { answer: 'perhaps' })).status).toBe(400)
    const auditOf = async (action: string) =>
      (await db().execute(sql`select 1 from audit_log where subject_id = ${made.id} and action = ${action}`)).length
    expect(await auditOf('announcement.acknowledged')).toBe(1)
    world.clock.set(new Date(world.clock.now().getTime() + 61 * 60_000))
    const { announcements } = world.house.services
    const jobs = [0, 1, 0, 1, 1, 0].map((step) => ({ announcementId: made.id, revision: 1, step }))
    await Promise.all(jobs.map((job) => announcements.chase(job)))
    await world.settled()
    expect([await auditOf('announcement.chased'), await auditOf('announcement.escalated')]).toEqual([1, 1])
    expect(people.map((id) => town.heard(id).length)).toEqual([1, 2, 2])
  })

  test('it runs out at its end, and can be reminded of by hand before', async () => {
    const people = await town.roster.people(2)
    const expiresAt = new Date(world.clock.now().getTime() + 3_600_000).toISOString()
    const made = await announce([{ kind: 'people', volunteerIds: people }], { expiresAt })
    await world.advance({ minutes: 2 })
    expect((await world.must('POST', `/v1/announcements/${made.id}:remind`)).body).toEqual({ reminded: 2 })
    await world.advance({ hours: 2 })
    expect((await world.must('GET', `/v1/announcements/${made.id}`)).body.state).toBe('expired')
    expect((await world.call('POST', `/v1/announcements/${made.id}:stop`, {})).status).toBe(409)
    expect(people.map((id) => town.heard(id).length)).toEqual([2, 2])
  })
})

test('three thousand are asked in one transaction, within seconds', async () => {
  await using big = await startWorld({ worker: false })
  const { people } = await plainRoster(big)
  for (let i = 0; i < 2; i += 1) await people(1_500)
  const begun = performance.now()
  const body = { unitId: big.root.id, texts, audience: { sources: [{ kind: 'unit', unitId: big.root.id }] } }
  const made = (await big.must('POST', '/v1/announcements', body)).body
  const seconds = (performance.now() - begun) / 1_000
  expect(made.counts.recipients).toBe(3_000)
  const [row] = await big.house.database.sql`
    select (select count(*)::int from messages where subject_id = ${made.id}) as messages,
      (select count(*)::int from tasks where name = 'notifications.deliver-message') as tasks`
  expect(row).toMatchObject({ messages: 3_000, tasks: 3_000 })
  expect(seconds).toBeLessThan(15)
})
