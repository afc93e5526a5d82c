import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
let post: { id: string }
/** Two organizers besides the admin key of the world. */
let asker: string
let reviewer: string

// 2026-05-04 is a Monday; the clock shows 07:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:00:00Z' })
  at = duties(world)
  post = await at.post({ name: 'North gate' })
  asker = await world.makeKey(world.root.id, 'organizer')
  reviewer = await world.makeKey(world.root.id, 'organizer')
})
afterAll(() => world.close())

const newDuty = async (start: string, more: object = {}) =>
  at.duty({ volunteerId: (await at.person()).id, postId: post.id, start, length: 'PT4H', ...more })
const act = (id: string, verb: string, body: object = {}) => world.must('POST', `/v1/assignments/${id}:${verb}`, body)
const ask = (id: string, body: object, key = asker) =>
  world.call('POST', `/v1/assignments/${id}/corrections`, body, { key })
const decide = (id: string, verb: string, key = reviewer) =>
  world.call('POST', `/v1/attendance-corrections/${id}:${verb}`, { reason: 'checked with the log' }, { key })
const segmentsOf = (id: string) => world.house.database.sql`
  select s.kind, s.starts_at, s.ends_at, s.source, s.superseded_by_id, s.correction_id
  from segments s join attendances a on a.id = s.attendance_id
  where a.assignment_id = ${id} order by s.starts_at, s.id`
const codes = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
  answer.body.errors.map((error) => `${error.pointer} ${error.code}`)
const theDuty = async (id: string) =>
  (await world.must('GET', '/v1/attendances?limit=500')).body.items.find(
    (item: { assignmentId: string }) => item.assignmentId === id,
  )

describe('a correction', () => {
  test('needs a second person, keeps what was there, and is vouched for by whoever agreed', async () => {
    const duty = await newDuty('2026-05-04T07:00')
    await act(duty.id, 'check-in')
    await world.advanceTo('2026-05-04T03:30:00Z')
    await act(duty.id, 'check-out')
    const body = {
      kind: 'presence',
      checkedInAt: '2026-05-03T23:00:00Z',
      checkedOutAt: '2026-05-04T03:00:00Z',
      segments: [
        { kind: 'standby', startsAt: '2026-05-03T23:00:00Z', endsAt: '2026-05-04T00:00:00Z' },
        { kind: 'active', startsAt: '2026-05-04T00:00:00Z', endsAt: '2026-05-04T03:00:00Z' },
      ],
      reason: 'left at eleven',
    }
    const asked = await ask(duty.id, body)
    expect(asked.status, asked.text).toBe(201)
    expect((await ask(duty.id, body)).body.code).toBe('correction-open')
    const own = await decide(asked.body.id, 'approve', asker)
    expect([own.status, own.body.code]).toEqual([409, 'second-person-needed'])
    expect(await segmentsOf(duty.id)).toHaveLength(1)

    const approved = await decide(asked.body.id, 'approve')
    expect(approved.body).toMatchObject({ state: 'approved', decision: 'checked with the log' })
    const segments = await segmentsOf(duty.id)
    expect(segments.map((one) => [one.kind, one.source, one.superseded_by_id !== null])).toEqual(
      expect.arrayContaining([
        ['active', 'api', true],
        ['standby', 'correction', false],
        ['active', 'correction', false],
      ]),
    )
    expect(segments).toHaveLength(3)
    expect(await theDuty(duty.id)).toMatchObject({ minutes: 240, verifiedBy: approved.body.decidedBy })
    expect((await decide(asked.body.id, 'reject')).body.code).toBe('already-decided')
    expect((await at.auditOf(asked.body.id)).map((row) => [row.action, row.to_state])).toEqual([
      ['attendance-correction.requested', 'open'],
      ['attendance-correction.approved', 'approved'],
    ])
  })

  test('that is refused changes nothing; whoever asked may take it back', async () => {
    const duty = await newDuty('2026-05-04T12:00')
    await world.advanceTo('2026-05-04T04:05:00Z')
    await act(duty.id, 'check-in')
    await world.advanceTo('2026-05-04T08:00:00Z')
    await act(duty.id, 'check-out')
    const body = { kind: 'absence', reason: 'nobody saw them' }
    const asked = (await ask(duty.id, body)).body
    expect((await decide(asked.id, 'reject')).body.state).toBe('rejected')
    expect((await theDuty(duty.id)).minutes).toBe(235)
    const again = (await ask(duty.id, body)).body
    expect((await decide(again.id, 'withdraw')).body.code).toBe('not-yours')
    expect((await decide(again.id, 'withdraw', asker)).body.state).toBe('withdrawn')
  })

  test('names everything wrong at once', async () => {
    const duty = await newDuty('2026-05-04T12:01')
    const refused = await ask(duty.id, {
      kind: 'presence',
      checkedInAt: '2026-05-04T09:00:00Z',
      checkedOutAt: '2026-05-05T09:00:00Z',
      segments: [{ kind: 'active', startsAt: '2026-05-04T09:00:00Z', endsAt: '2026-05-04T10:00:00Z' }],
      reason: 'x',
    })
    expect(refused.status).toBe(422)
    expect(codes(refused)).toEqual([
      '/body/checkedOutAt in-the-future',
      '/body/checkedInAt outside-duty',
      '/body/segments segments-incomplete',
    ])
    expect(codes(await ask(duty.id, { kind: 'presence', reason: 'x' }))).toHaveLength(2)
    const viewer = await world.makeKey(world.root.id, 'viewer')
    expect((await ask(duty.id, { kind: 'absence', reason: 'x' }, viewer)).status).toBe(403)
  })

  test('enters a duty that nobody checked in for, and takes one back that nobody stood', async () => {
    const duty = await newDuty('2026-05-04T17:00')
    await world.advanceTo('2026-05-04T14:00:00Z')
    const body = {
      kind: 'presence',
      checkedInAt: '2026-05-04T09:10:00Z',
      checkedOutAt: '2026-05-04T13:00:00Z',
      reason: 'phone was flat',
    }
    const filled = (await ask(duty.id, body)).body
    await decide(filled.id, 'approve')
    expect(await theDuty(duty.id)).toMatchObject({
      state: 'completed',
      minutes: 230,
      lateMinutes: 10,
      inSource: 'correction',
    })
    const undone = (await ask(duty.id, { kind: 'absence', reason: 'mixed up the names' })).body
    await decide(undone.id, 'approve')
    expect(await theDuty(duty.id)).toMatchObject({ state: 'no_show', minutes: null, checkedInAt: null })
    const excused = (await ask(duty.id, { kind: 'excuse', reason: 'was in hospital' })).body
    await decide(excused.id, 'approve')
    expect(await at.stateOf(duty.id)).toBe('excused')
    const [row] = await world.house.database.sql`
      select coalesce(sum(minutes), 0)::int as minutes from ledger where assignment_id = ${duty.id}`
    expect(row).toEqual({ minutes: 0 })
  })

  test('of a no-show whose seat another one has taken counts, and the duty is excused', async () => {
    const duty = await newDuty('2026-05-04T22:30')
    await world.advanceTo('2026-05-04T14:40:00Z')
    await act(duty.id, 'no-show')
    await world.house.database.sql`update gaps set state = 'closed', closed_at = now() where vacated_id = ${duty.id}`
    const { id: volunteerId } = await at.person()
    const [seat] = await world.house.database.sql`select slot_id, roster_id from assignments where id = ${duty.id}`
    const { db } = world.house.services.foundations
    const actor = { kind: 'command', id: 'test', door: 'command', unitPath: '/', role: 'admin' } as const
    await db.transaction((tx) =>
      at.assignments.seatOne({ tx, actor, now: world.clock.now() }, seat!.roster_id, {
        slotId: seat!.slot_id,
        volunteerId,
        source: 'hand',
        state: 'confirmed',
      }),
    )
    await world.advanceTo('2026-05-04T18:40:00Z')
    const asked = await ask(duty.id, {
      kind: 'presence',
      checkedInAt: '2026-05-04T14:30:00Z',
      checkedOutAt: '2026-05-04T18:30:00Z',
      reason: 'was there all night',
    })
    await decide(asked.body.id, 'approve')
    expect(await theDuty(duty.id)).toMatchObject({ state: 'excused', minutes: 240 })
  })

  test('can be asked for on the page of the duty, and the person hears what came of it', async () => {
    const duty = await newDuty('2026-05-05T08:00')
    const path = await at.link(duty)
    await world.advanceTo('2026-05-05T00:00:00Z')
    await act(duty.id, 'check-in')
    await world.advanceTo('2026-05-05T04:30:00Z')
    await act(duty.id, 'check-out')
    const send = (fields: Record<string, string>) =>
      world.call('POST', path, undefined, {
        key: null,
        raw: { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() },
      })
    const wrong = await send({
      step: 'dispute',
      cameAt: '2026-05-05T12:00',
      leftAt: '2026-05-05T08:00',
      reason: 'kept',
    })
    expect([wrong.status, wrong.text.includes('left before you came'), wrong.text.includes('kept')]).toEqual([
      409,
      true,
      true,
    ])
    const bare = await send({ step: 'dispute', cameAt: '', leftAt: '2026-05-05T12:00', reason: '' })
    expect(bare.text).toContain('Please give both times and a reason')
    const sent = await send({
      step: 'dispute',
      cameAt: '2026-05-05T08:00',
      leftAt: '2026-05-05T12:00',
      reason: 'left at noon',
    })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, path])
    const shown = await world.call('GET', path, undefined, { key: null })
    expect(shown.text).toContain('waits for review')
    expect(shown.text.length).toBeLessThan(20_000)
    const [open] = (await world.must('GET', `/v1/attendance-corrections?state=open&assignmentId=${duty.id}`)).body.items
    expect(open).toMatchObject({ requestedVia: 'link', reason: 'left at noon' })
    await decide(open.id, 'approve')
    await world.settled()
    const told = world.messagesTo(duty.volunteerId).filter((message) => message.template === 'correction-decided')
    expect(told).toHaveLength(1)
    expect((await world.call('GET', path, undefined, { key: null })).text).toContain('240 minutes, verified')
  })
})

test('whatever is done to a presence, its parts never overlap, are whole minutes, and add up', async () => {
  let day = 10
  const step = fc.record({
    verb: fc.constantFrom('activate', 'wait', 'standby', 'training'),
    minutes: fc.integer({ min: 1, max: 40 }),
  })
  const history = fc.record({
    steps: fc.array(step, { maxLength: 5 }),
    standby: fc.boolean(),
    corrections: fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 61, max: 200 }), fc.boolean()), {
      maxLength: 3,
    }),
  })
  await fc.assert(
    fc.asyncProperty(history, async ({ steps, standby, corrections }) => {
      day += 1
      const start = `2026-05-${day}T08:00`
      const duty = await newDuty(start)
      const begin = Date.parse(`2026-05-${day}T00:00:00Z`)
      world.clock.set(new Date(begin + 17_000))
      await act(duty.id, 'check-in', standby ? { kind: 'standby' } : {})
      for (const { verb, minutes } of steps) {
        world.clock.set(new Date(world.clock.now().getTime() + minutes * 60_000 + 1_000))
        if (verb === 'wait') continue
        const kind = verb === 'activate' ? 'active' : verb
        await world.call('POST', `/v1/assignments/${duty.id}:activate`, { kind })
      }
      world.clock.set(new Date(begin + 5 * 3_600_000))
      await act(duty.id, 'check-out')
      for (const [from, to, agreed] of corrections) {
        const iso = (minute: number) => new Date(begin + minute * 60_000).toISOString()
        const cut = Math.floor((from + to) / 2)
        const asked = await ask(duty.id, {
          kind: 'presence',
          checkedInAt: iso(from),
          checkedOutAt: iso(to),
          segments: [
            { kind: 'active', startsAt: iso(cut), endsAt: iso(to) },
            { kind: 'standby', startsAt: iso(from), endsAt: iso(cut) },
          ],
          reason: 'again',
        })
        expect(asked.status, asked.text).toBe(201)
        expect((await decide(asked.body.id, agreed ? 'approve' : 'reject')).status).toBe(200)
      }
      const live = (await segmentsOf(duty.id)).filter((one) => one.superseded_by_id === null)
      const shown = await theDuty(duty.id)
      let end = Date.parse(shown.checkedInAt)
      for (const one of live) {
        expect(one.starts_at.getTime()).toBe(end)
        expect(one.ends_at.getTime() % 60_000).toBe(0)
        end = one.ends_at.getTime()
      }
      expect(end).toBe(Date.parse(shown.checkedOutAt))
      const sum = live.reduce((minutes, one) => minutes + (one.ends_at.getTime() - one.starts_at.getTime()) / 60_000, 0)
      expect(sum).toBe(shown.minutes)
      const [ledger] = await world.house.database.sql`
        select sum(minutes)::int as minutes from ledger where assignment_id = ${duty.id}`
      expect(ledger!.minutes).toBe(sum)
    }),
    { numRuns: 10 },
  )
})
