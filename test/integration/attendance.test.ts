import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
let post: { id: string }

// 2026-05-04 is a Monday; the clock shows 07:00 in Shanghai, an hour before the duties begin.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:00:00Z' })
  await world.must(
    'PATCH',
    `/v1/units/${world.root.id}`,
    { policy: { noShow: 'auto' } },
    { headers: { 'if-match': '"1"' } },
  )
  at = duties(world)
  post = await at.post({ name: 'North gate', phone: '0571-1' })
})
afterAll(() => world.close())

const newDuty = async (
  wish: {
    start?: string
    postId?: string
    volunteerId?: string
    state?: 'pending' | 'confirmed'
    length?: string
  } = {},
) => {
  const volunteerId = wish.volunteerId ?? (await at.person()).id
  return at.duty({ volunteerId, postId: post.id, start: '2026-05-04T08:00', ...wish })
}
const act = (id: string, verb: string, body: object = {}) => world.call('POST', `/v1/assignments/${id}:${verb}`, body)
const codes = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
  answer.body.errors.map((error) => `${error.pointer} ${error.code}`)
const segmentsOf = (id: string) => world.house.database.sql`
  select s.kind, s.starts_at, s.ends_at, s.source from segments s join attendances a on a.id = s.attendance_id
  where a.assignment_id = ${id}`

describe('by API', () => {
  test('coming and going move the duty along, leave a segment, and each step has its audit rows', async () => {
    const duty = await newDuty()
    const came = await act(duty.id, 'check-in')
    expect(came.status, came.text).toBe(200)
    expect(came.body).toMatchObject({ state: 'serving', inSource: 'api', lateMinutes: 0, late: false, minutes: null })
    const again = await act(duty.id, 'check-in')
    expect([again.status, again.body.code]).toEqual([409, 'already-checked-in'])
    expect(await segmentsOf(duty.id)).toHaveLength(0)

    await world.advanceTo('2026-05-04T08:02:30Z')
    const went = await act(duty.id, 'check-out')
    expect(went.status, went.text).toBe(200)
    expect(went.body).toMatchObject({ state: 'completed', minutes: 542, outSource: 'api' })
    expect(went.body.verifiedBy).toEqual(expect.any(String))
    const [segment, ...more] = await segmentsOf(duty.id)
    expect(more).toHaveLength(0)
    expect(segment).toMatchObject({ kind: 'active', source: 'api' })
    expect(segment!.starts_at.toISOString()).toBe(came.body.checkedInAt)
    expect(segment!.ends_at.toISOString()).toBe(went.body.checkedOutAt)
    expect((await at.auditOf(duty.id)).map((row) => [row.from_state, row.to_state])).toEqual([
      [null, 'confirmed'],
      ['confirmed', 'serving'],
      ['serving', 'completed'],
    ])
    const [attendance] = await world.house.database.sql`select id from attendances where assignment_id = ${duty.id}`
    expect((await at.auditOf(attendance!.id)).map((row) => row.action)).toEqual([
      'attendance.checked-in',
      'attendance.checked-out',
    ])
    const third = await act(duty.id, 'check-out')
    expect([third.status, third.body.code]).toEqual([409, 'already-checked-out'])
  })

  test('the window opens as early as the policy says and closes with the duty', async () => {
    const early = await newDuty({ start: '2026-05-04T17:30' })
    const refused = await act(early.id, 'check-in')
    expect(refused.status).toBe(422)
    expect(codes(refused)).toEqual(['/body/at too-early'])
    expect(refused.body.errors[0].detail).toContain('2026-05-04 16:30 Asia/Shanghai')
    expect(await at.stateOf(early.id)).toBe('confirmed')

    const over = await newDuty({ start: '2026-05-04T08:10', length: 'PT1H' })
    expect(codes(await act(over.id, 'check-in'))).toEqual(['/body/at duty-over'])
  })

  test('an organizer may enter a past instant with a reason; nonsense is named', async () => {
    const duty = await newDuty({ start: '2026-05-04T17:00' })
    await world.advanceTo('2026-05-04T09:28:00Z')
    const bare = await act(duty.id, 'check-in', { at: '2026-05-04T09:20:00Z' })
    expect([bare.status, ...codes(bare)]).toEqual([400, '/body/reason reason-needed'])
    const reason = 'signed the paper list'
    expect(codes(await act(duty.id, 'check-in', { at: '2026-05-05T02:00:00Z', reason }))).toEqual([
      '/body/at in-the-future',
      '/body/at duty-over',
    ])
    const came = await act(duty.id, 'check-in', { at: '2026-05-04T17:25:40+08:00', reason })
    expect(came.body).toMatchObject({ checkedInAt: '2026-05-04T09:25:00.000Z', lateMinutes: 25, late: true })
    expect((await at.auditOf(duty.id)).at(-1)).toMatchObject({ to_state: 'serving', reason })
    const [row] = await world.house.database.sql`
      select facts from audit_log where action = 'attendance.checked-in' and facts->>'assignmentId' = ${duty.id}`
    expect(row!.facts).toMatchObject({ late: true, lateMinutes: 25 })

    const tooEarly = await act(duty.id, 'check-out', { at: '2026-05-04T17:25:00+08:00', reason })
    expect(codes(tooEarly)).toEqual(['/body/at out-before-in'])
    await world.advanceTo('2026-05-04T10:30:00Z')
    const went = await act(duty.id, 'check-out', { at: '2026-05-04T18:25:00+08:00', reason })
    expect(went.body).toMatchObject({ minutes: 60 })
  })

  test('an unconfirmed duty, an unknown one and one of another unit cannot be checked in', async () => {
    const pending = await newDuty({ start: '2026-05-06T20:00', state: 'pending' })
    expect((await act(pending.id, 'check-in')).body.code).toBe('not-confirmed')
    expect((await act(pending.id, 'check-out')).body.code).toBe('not-checked-in')
    const town = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Elsewhere' }))
      .body
    const key = await world.makeKey(town.id, 'organizer')
    const duty = await newDuty({ start: '2026-05-04T15:30' })
    const hidden = await world.call('POST', `/v1/assignments/${duty.id}:check-in`, {}, { key })
    expect([hidden.status, hidden.body.code]).toEqual([404, 'assignment-unknown'])
    const viewer = await world.makeKey(world.root.id, 'viewer')
    expect((await world.call('POST', `/v1/assignments/${duty.id}:check-in`, {}, { key: viewer })).status).toBe(403)
  })

  test('nobody is on duty at two posts at once', async () => {
    const { id: volunteerId } = await at.person()
    const first = await newDuty({ volunteerId, start: '2026-05-04T12:30', length: 'PT3H45M' })
    const second = await newDuty({ volunteerId, start: '2026-05-04T16:30' })
    await act(first.id, 'check-in', { at: '2026-05-04T04:30:00Z', reason: 'paper' })
    const both = await act(second.id, 'check-in')
    expect(codes(both)).toEqual(['/body/at on-duty-elsewhere'])
    expect(both.body.errors[0].detail).toContain('North gate')
    await act(first.id, 'check-out', { at: '2026-05-04T08:00:00Z', reason: 'paper' })
    expect(codes(await act(second.id, 'check-in', { at: '2026-05-04T07:59:00Z', reason: 'paper' }))).toEqual([
      '/body/at on-duty-elsewhere',
    ])
    expect((await act(second.id, 'check-in', { at: '2026-05-04T08:00:00Z', reason: 'paper' })).status).toBe(200)
  })

  test('two check-ins of one person at two posts, sent together: one wins', async () => {
    const { id: volunteerId } = await at.person()
    const first = await newDuty({ volunteerId, start: '2026-05-04T18:30', length: 'PT30M' })
    const second = await newDuty({ volunteerId, start: '2026-05-04T19:00' })
    const answers = await Promise.all([first, second].map((duty) => act(duty.id, 'check-in')))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422])
    const refused = answers.find((answer) => answer.status === 422)!
    expect(codes(refused)).toEqual(['/body/at on-duty-elsewhere'])
  })

  test('twenty check-ins of one duty: one is written', async () => {
    const duty = await newDuty({ start: '2026-05-04T19:01' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => act(duty.id, 'check-in')))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    expect(new Set(answers.filter((answer) => answer.status !== 200).map((answer) => answer.body.code))).toEqual(
      new Set(['already-checked-in']),
    )
    const rows = await world.house.database.sql`select 1 from attendances where assignment_id = ${duty.id}`
    expect(rows).toHaveLength(1)
  })

  test('a forgotten check-out is not believed; an organizer enters when it was', async () => {
    const duty = await newDuty({ start: '2026-05-04T18:30', length: 'PT2H' })
    await act(duty.id, 'check-in')
    await world.advance({ hours: 5 })
    const late = await act(duty.id, 'check-out')
    expect(codes(late)).toEqual(['/body/at too-long'])
    expect(await at.stateOf(duty.id)).toBe('serving')
    expect((await act(duty.id, 'check-out', { at: '2026-05-04T12:30:00Z', reason: 'called' })).status).toBe(200)
  })
})

describe('a whole crew', () => {
  test('comes and goes with one request', async () => {
    const gate = await at.post()
    const crew = []
    for (let count = 0; count < 5; count += 1) crew.push(await newDuty({ postId: gate.id, start: '2026-05-05T08:00' }))
    const pending = await newDuty({ postId: gate.id, start: '2026-05-05T08:00', state: 'pending' })
    await world.advanceTo('2026-05-05T00:05:00Z')
    const came = await world.must('POST', '/v1/attendances:bulk-check-in', {
      shiftId: crew[0]!.shiftId,
      at: '2026-05-05T00:00:00Z',
    })
    expect(came.body.items.map((item: { assignmentId: string }) => item.assignmentId).sort()).toEqual(
      crew.map((duty) => duty.id).sort(),
    )
    expect(['pending', 'lapsed']).toContain(await at.stateOf(pending.id))
    await world.advanceTo('2026-05-05T08:00:00Z')
    const went = await world.must('POST', '/v1/attendances:bulk-check-out', {
      assignmentIds: crew.map((duty) => duty.id),
    })
    expect(
      went.body.items.every(
        (item: { state: string; minutes: number }) => item.state === 'completed' && item.minutes === 480,
      ),
    ).toBe(true)
    const empty = await world.call('POST', '/v1/attendances:bulk-check-in', { shiftId: crew[0]!.shiftId })
    expect([empty.status, ...codes(empty)]).toEqual([422, '/body/shiftId nobody-there'])
  })

  test('with anything wrong in the list, every wrong one is named and nothing is written', async () => {
    const gate = await at.post()
    const good = await newDuty({ postId: gate.id, start: '2026-05-05T16:45' })
    const pending = await newDuty({ postId: gate.id, start: '2026-05-05T16:45', state: 'pending' })
    const early = await newDuty({ postId: gate.id, start: '2026-05-05T22:00' })
    const stranger = '01900000-0000-7000-8000-000000000000'
    const ids = [good.id, pending.id, stranger, early.id, good.id]
    const refused = await world.call('POST', '/v1/attendances:bulk-check-in', { assignmentIds: ids })
    expect(refused.status).toBe(422)
    expect(codes(refused).sort()).toEqual([
      '/body/assignmentIds/1 not-confirmed',
      '/body/assignmentIds/2 assignment-unknown',
      '/body/assignmentIds/3 too-early',
      '/body/assignmentIds/4 twice-in-list',
    ])
    expect(await at.stateOf(good.id)).toBe('confirmed')
    expect(await world.house.database.sql`select 1 from attendances where assignment_id = ${good.id}`).toHaveLength(0)
    const neither = await world.call('POST', '/v1/attendances:bulk-check-in', {})
    expect([neither.status, neither.body.errors[0].code]).toEqual([400, 'one-of-two'])
  })

  test('the sheet shows who is expected, there, done or missing, page by page', async () => {
    const gate = await at.post()
    const wish = { postId: gate.id, start: '2026-05-05T17:00' }
    const crew = [await newDuty(wish), await newDuty(wish), await newDuty(wish)]
    await newDuty({ ...wish, state: 'pending' })
    await world.must('POST', `/v1/assignments/${crew[0]!.id}:check-in`, {})
    const list = async (filter: string) => (await world.must('GET', `/v1/attendances?${filter}`)).body
    const all = await list(`postId=${gate.id}&day=2026-05-05`)
    expect(all.items.map((item: { state: string }) => item.state).sort()).toEqual(['confirmed', 'confirmed', 'serving'])
    expect((await list(`shiftId=${crew[0]!.shiftId}&state=serving`)).items).toHaveLength(1)
    expect((await list(`volunteerId=${crew[1]!.volunteerId}`)).items[0]).toMatchObject({
      assignmentId: crew[1]!.id,
      lateMinutes: null,
    })
    expect((await list(`postId=${gate.id}&day=2026-05-06`)).items).toHaveLength(0)
    const first = await list(`postId=${gate.id}&limit=2`)
    const second = await list(`postId=${gate.id}&limit=2&cursor=${first.nextCursor}`)
    expect([...first.items, ...second.items].map((item: { assignmentId: string }) => item.assignmentId).sort()).toEqual(
      crew.map((duty) => duty.id).sort(),
    )
    expect(second.nextCursor).toBeNull()
  })
})

describe('no-show', () => {
  test('the policy marks whoever has not come, says so, and tells a latecomer clearly', async () => {
    const absent = await newDuty({ start: '2026-05-06T08:00' })
    const present = await newDuty({ start: '2026-05-06T08:00' })
    await world.advanceTo('2026-05-06T00:20:00Z')
    await world.must('POST', `/v1/assignments/${present.id}:check-in`, {})
    expect(await at.stateOf(absent.id)).toBe('confirmed')
    await world.advanceTo('2026-05-06T00:31:00Z')
    expect(await at.stateOf(absent.id)).toBe('no_show')
    expect(await at.stateOf(present.id)).toBe('serving')
    const last = (await at.auditOf(absent.id)).at(-1)
    expect(last).toMatchObject({ to_state: 'no_show', actor_kind: 'worker', actor_id: 'attendance.mark-no-show' })
    expect(last!.reason).toContain('noShowMinutes')
    const gaps = await world.house.database
      .sql`select cause from gaps where vacated_id in (${absent.id}, ${present.id})`
    expect([...gaps]).toEqual([{ cause: 'no_show' }])
    const late = await act(absent.id, 'check-in')
    expect([late.status, late.body.code]).toEqual([409, 'counted-as-no-show'])
  })

  test('whoever takes a duty on after its start has as long as everybody', async () => {
    await world.advanceTo('2026-05-06T01:00:00Z')
    const { id: volunteerId } = await at.person()
    const duty = await newDuty({ volunteerId, start: '2026-05-06T08:00' })
    await world.settled()
    expect(await at.stateOf(duty.id)).toBe('confirmed')
    await world.advanceTo('2026-05-06T01:20:00Z')
    expect(await at.stateOf(duty.id)).toBe('confirmed')
    await world.advanceTo('2026-05-06T01:31:00Z')
    expect(await at.stateOf(duty.id)).toBe('no_show')
  })

  test('who is no longer expected is not missed, and a confirmation later counts anew', async () => {
    const withdrawn = await newDuty({ start: '2026-05-06T12:00' })
    const pending = await newDuty({ start: '2026-05-06T12:00', state: 'pending' })
    const { db } = world.house.services.foundations
    const actor = { kind: 'command', id: 'test', door: 'command', unitPath: '/', role: 'admin' } as const
    const move = (id: string, to: 'withdrawn' | 'confirmed') =>
      db.transaction((tx) => at.assignments.move({ tx, actor, now: world.clock.now() }, { ids: [id], to }))
    const waiting = async (id: string) =>
      (
        await world.house.database
          .sql`select due_at from tasks where name = 'attendance.mark-no-show' and key = ${id} and state = 'waiting'`
      )[0]?.due_at.toISOString()
    expect(await waiting(withdrawn.id)).toBe('2026-05-06T04:30:00.000Z')
    await move(withdrawn.id, 'withdrawn')
    expect(await waiting(withdrawn.id)).toBeUndefined()
    expect(await waiting(pending.id)).toBeUndefined()
    await move(pending.id, 'confirmed')
    expect(await waiting(pending.id)).toBe('2026-05-06T04:30:00.000Z')
  })

  test('a policy that has become more patient is heard', async () => {
    const town = (
      await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Patient town' })
    ).body
    const gate = await at.post({ unitId: town.id })
    const duty = await newDuty({ postId: gate.id, start: '2026-05-06T12:00' })
    await world.must(
      'PATCH',
      `/v1/units/${town.id}`,
      { policy: { noShowMinutes: 90 } },
      { headers: { 'if-match': '"1"' } },
    )
    await world.advanceTo('2026-05-06T04:45:00Z')
    expect(await at.stateOf(duty.id)).toBe('confirmed')
    await world.advanceTo('2026-05-06T05:31:00Z')
    expect(await at.stateOf(duty.id)).toBe('no_show')
  })

  test('an organizer may say it, once the duty has begun', async () => {
    const duty = await newDuty({ start: '2026-05-06T14:00' })
    expect((await act(duty.id, 'no-show')).body.code).toBe('duty-not-begun')
    await world.advanceTo('2026-05-06T06:01:00Z')
    const said = await act(duty.id, 'no-show', { reason: 'rang, nobody answered' })
    expect([said.status, said.body.state]).toEqual([200, 'no_show'])
    expect((await at.auditOf(duty.id)).at(-1)).toMatchObject({ actor_kind: 'apiKey', reason: 'rang, nobody answered' })
    expect((await act(duty.id, 'no-show')).body.code).toBe('not-on-duty')
  })

  test('check-in and the end of patience at the same moment: exactly one of them holds', async () => {
    const crew = []
    for (let count = 0; count < 10; count += 1) crew.push(await newDuty({ start: '2026-05-06T15:00' }))
    world.clock.set(new Date('2026-05-06T07:30:00Z'))
    const answers = await Promise.all(
      crew.flatMap((duty) => [act(duty.id, 'check-in'), world.house.services.attendance.markNoShow(duty.id)]),
    )
    for (const [index, duty] of crew.entries()) {
      const state = await at.stateOf(duty.id)
      const checkedIn = (answers[index * 2] as { status: number }).status === 200
      expect(state).toBe(checkedIn ? 'serving' : 'no_show')
      expect((await at.auditOf(duty.id)).filter((row) => row.to_state !== 'confirmed')).toHaveLength(1)
    }
  })
})

describe('by link', () => {
  const form = (step: string) => ({ type: 'application/x-www-form-urlencoded', body: `step=${step}` })
  const open = (path: string) => world.call('GET', path, undefined, { key: null })
  const send = (path: string, step: string) => world.call('POST', path, undefined, { key: null, raw: form(step) })

  test('GET shows and changes nothing; POST checks in and out and goes back to the page', async () => {
    const { id: volunteerId } = await at.person({ displayName: '王小明', locale: 'zh' })
    const duty = await newDuty({ volunteerId, start: '2026-05-07T08:00' })
    const path = await at.link(duty)
    const early = await open(path)
    expect(early.status).toBe(200)
    expect(early.text).toContain('签到将于')
    expect(early.text).not.toContain('<form')
    expect(early.text).not.toContain('王小明')
    expect((await send(path, 'check-in')).status).toBe(409)
    expect(await at.stateOf(duty.id)).toBe('confirmed')

    await world.advanceTo('2026-05-06T23:30:00Z')
    for (let count = 0; count < 3; count += 1) expect((await open(path)).text).toContain('value="check-in"')
    expect(await at.stateOf(duty.id)).toBe('confirmed')
    const came = await send(path, 'check-in')
    expect([came.status, came.headers.get('location')]).toEqual([303, path])
    expect(await at.stateOf(duty.id)).toBe('serving')
    expect((await send(path, 'check-in')).status).toBe(303)
    const there = await open(`${path}?lang=en`)
    expect(there.text).toContain('value="check-out"')
    expect(there.text).toContain('You checked in at Thu 7 May 07:30')

    await world.advanceTo('2026-05-07T08:00:00Z')
    expect((await send(path, 'check-out')).status).toBe(303)
    const done = await open(path)
    expect(done.text).toContain('时长待组织者核实')
    expect(done.text).not.toContain('value="check-out"')
    await world.must('POST', `/v1/assignments/${duty.id}:verify`)
    expect((await open(path)).text).toContain('共 510 分钟，已核实')
    const audit = await at.auditOf(duty.id)
    expect(audit.slice(1).map((row) => [row.actor_kind, row.door])).toEqual([
      ['link', 'link'],
      ['link', 'link'],
    ])
    const [row] = await world.house.database
      .sql`select verified_by, out_source from attendances where assignment_id = ${duty.id}`
    expect(row).toEqual({ verified_by: expect.any(String), out_source: 'link' })
  })

  test('a latecomer whose seat was released reads so, and what forbids a step is said on the page', async () => {
    const missed = await newDuty({ start: '2026-05-07T16:00' })
    const path = await at.link(missed)
    const { id: volunteerId } = await at.person()
    const first = await newDuty({ volunteerId, start: '2026-05-07T16:00', length: 'PT30M' })
    const second = await newDuty({ volunteerId, start: '2026-05-07T16:30' })
    await world.advanceTo('2026-05-07T08:10:00Z')
    await send(await at.link(first), 'check-in')
    const elsewhere = await send(await at.link(second), 'check-in')
    expect([elsewhere.status, elsewhere.text.includes('not checked out at another post')]).toEqual([409, true])
    await world.advanceTo('2026-05-07T08:31:00Z')
    expect((await open(path)).text).toContain('counts as a no-show')
    expect((await send(path, 'check-in')).status).toBe(409)
  })

  test("an unknown, an expired and another purpose's secret look the same, and the page carries its policy", async () => {
    const duty = await newDuty({ start: '2026-05-08T08:00' })
    const path = await at.link(duty)
    const shown = await open(path)
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(shown.headers.get('cache-control')).toBe('no-store')
    expect(shown.headers.get('referrer-policy')).toBe('no-referrer')
    expect(shown.text).not.toContain('<script')
    const unknown = await open(`/a/${'x'.repeat(43)}`)
    expect(unknown.status).toBe(404)
    await world.house.database.sql`update links set revoked_at = now() where subject_id = ${duty.id}`
    expect((await open(path)).text).toBe(unknown.text)
    expect((await send(path, 'check-in')).text).toBe(unknown.text)
  })
})
