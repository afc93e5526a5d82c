import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
let town: { id: string }
let post: { id: string }

// 2026-05-04 is a Monday; the clock shows 07:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:00:00Z' })
  at = duties(world)
  town = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Watched town' })).body
  post = await at.post({ unitId: town.id, name: 'West gate' })
})
afterAll(() => world.close())

const newDuty = async (start: string, more: object = {}) =>
  at.duty({ volunteerId: (await at.person()).id, postId: post.id, start, length: 'PT4H', ...more })
const act = (id: string, verb: string, body: object = {}) => world.must('POST', `/v1/assignments/${id}:${verb}`, body)
const told = (duty: { volunteerId: string }) =>
  world
    .messagesTo(duty.volunteerId)
    .filter((message) => message.template.startsWith('check-'))
    .map((message) => message.template)
const toldUnit = () => world.messages.filter((one) => one.to === `unit/${town.id}`).map((one) => one.template)

describe('whoever does not come', () => {
  test('is asked, then the responsible people, and nobody is written off in silence', async () => {
    const duty = await newDuty('2026-05-04T08:00')
    await world.advanceTo('2026-05-04T00:09:00Z')
    expect(told(duty)).toEqual([])
    await world.advanceTo('2026-05-04T00:10:30Z')
    expect(told(duty)).toEqual(['check-in-missing'])
    expect(toldUnit()).toEqual([])
    await world.advanceTo('2026-05-04T00:20:30Z')
    expect(toldUnit()).toEqual(['check-in-missing-unit'])
    await world.advanceTo('2026-05-04T00:31:00Z')
    expect(toldUnit()).toEqual(['check-in-missing-unit', 'no-show-question'])
    expect(await at.stateOf(duty.id)).toBe('confirmed')
    const link = new URL(world.messagesTo(duty.volunteerId).at(-1)!.link!).pathname
    expect((await world.call('GET', link, undefined, { key: null })).text).toContain('value="check-in"')
    await act(duty.id, 'no-show', { reason: 'rang, no answer' })
    const gaps = await world.house.database.sql`select cause from gaps where vacated_id = ${duty.id}`
    expect([...gaps]).toEqual([{ cause: 'no_show' }])
  })

  test('in time is asked nothing, and a template may be stricter than its unit', async () => {
    const early = await newDuty('2026-05-04T09:00')
    await act(early.id, 'check-in')
    const strict = (
      await world.must('POST', '/v1/shift-templates', {
        postId: post.id,
        name: 'strict',
        rule: 'FREQ=DAILY',
        startTime: '09:00',
        length: 'PT4H',
        effectiveFrom: '2026-01-01',
        checkInEarlyMinutes: 5,
        checkInLateMinutes: 0,
        checkOutEarlyMinutes: 0,
      })
    ).body
    expect(strict).toMatchObject({ checkInEarlyMinutes: 5, noShowMinutes: null })
    const duty = await newDuty('2026-05-04T09:01')
    await world.house.database.sql`update shifts set template_id = ${strict.id} where id = ${duty.shiftId}`
    const refused = await world.call('POST', `/v1/assignments/${duty.id}:check-in`, {})
    expect(refused.body.errors[0].detail).toContain('08:56')
    await world.advanceTo('2026-05-04T01:03:00Z')
    expect((await act(duty.id, 'check-in')).body).toMatchObject({ lateMinutes: 2, late: true })
    expect(told(early)).toEqual([])
    await world.advanceTo('2026-05-04T05:00:00Z')
    expect((await act(duty.id, 'check-out')).body).toMatchObject({ earlyExitMinutes: 1, leftEarly: true })
    expect((await act(early.id, 'check-out')).body).toMatchObject({ earlyExitMinutes: 0, leftEarly: false })
  })
})

test('whoever does not leave is asked, and the sheet of findings shows what is not right', async () => {
  const forgotten = await newDuty('2026-05-04T13:30')
  await world.advanceTo('2026-05-04T05:20:00Z')
  await act(forgotten.id, 'check-in')
  const never = await newDuty('2026-05-04T13:30')
  await world.advanceTo('2026-05-04T10:05:00Z')
  expect(told(forgotten)).toEqual(['check-out-missing'])
  await world.advanceTo('2026-05-04T11:05:00Z')
  expect(toldUnit()).toContain('check-out-missing-unit')
  const find = async (query = '') =>
    (await world.must('GET', `/v1/attendance/findings?from=2026-05-04&to=2026-05-05${query}`)).body
  const codesOf = async (id: string) =>
    (await find()).items.find((item: { assignmentId: string }) => item.assignmentId === id)?.codes
  expect(await codesOf(forgotten.id)).toEqual(['never-checked-out'])
  expect(await codesOf(never.id)).toEqual(['never-checked-in'])
  await world.advanceTo('2026-05-04T16:30:00Z')
  expect(await codesOf(forgotten.id)).toEqual(['never-checked-out', 'too-long'])
  await world.house.database.sql`
    update attendances set checked_in_at = checked_in_at - interval '5 hours' where assignment_id = ${forgotten.id}`
  expect((await find('&code=too-long')).items).toHaveLength(1)
  const page = await find('&limit=1')
  const rest = await find(`&limit=1&cursor=${page.nextCursor}`)
  expect([page.items[0].assignmentId, rest.items[0].assignmentId].sort()).toEqual([forgotten.id, never.id].sort())
  const wrong = await world.call('GET', '/v1/attendance/findings?from=2026-05-04&to=2026-05-04')
  expect(wrong.body.errors[0].code).toBe('window-upside-down')
})

test('presences are vouched for by shift, stay-on is recorded, and stated parts must be sound', async () => {
  const crew = [await newDuty('2026-05-05T08:00'), await newDuty('2026-05-05T08:00')]
  await world.advanceTo('2026-05-05T00:00:00Z')
  const [first, second] = crew as [(typeof crew)[0], (typeof crew)[0]]
  await act(first.id, 'check-in')
  const path = await at.link(second)
  const send = (fields: Record<string, string>) =>
    world.call('POST', path, undefined, {
      key: null,
      raw: { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() },
    })
  expect((await send({ step: 'check-in' })).status).toBe(303)
  await world.advanceTo('2026-05-05T02:00:00Z')
  expect((await send({ step: 'switch', kind: 'training' })).status).toBe(303)
  await world.advanceTo('2026-05-05T04:00:00Z')
  expect((await send({ step: 'check-out', stayOn: 'yes' })).status).toBe(303)
  const parts = (cut: string) => [
    { kind: 'standby', startsAt: '2026-05-05T00:00:00Z', endsAt: cut },
    { kind: 'active', startsAt: '2026-05-05T03:00:00Z', endsAt: '2026-05-05T04:00:00Z' },
  ]
  const hole = await world.call('POST', `/v1/assignments/${first.id}:check-out`, {
    segments: parts('2026-05-05T02:00:00Z'),
  })
  expect([hole.status, hole.body.errors[0].code]).toEqual([422, 'segments-incomplete'])
  const left = await act(first.id, 'check-out', { segments: parts('2026-05-05T03:00:00Z') })
  expect(left.body.segments.map((part: { kind: string; minutes: number }) => [part.kind, part.minutes])).toEqual([
    ['standby', 180],
    ['active', 60],
  ])
  const staying = (await world.must('GET', `/v1/attendances?shiftId=${first.shiftId}&stayOn=true`)).body.items
  expect(staying).toMatchObject([{ assignmentId: second.id, verifiedBy: null }])
  const early = await world.call('GET', path, undefined, { key: null })
  expect(early.text).not.toContain('240 minutes')
  await world.must('POST', '/v1/attendances:bulk-verify', { shiftId: first.shiftId })
  const verified = await world.call('GET', path, undefined, { key: null })
  expect(verified.text).toContain('240 minutes, verified')
  expect(verified.text).toContain('training')
  expect((await world.call('POST', `/v1/assignments/${first.id}:activate`, {})).body.code).toBe('already-checked-out')
})

test('what cannot be right in the records is found, each by its name, and what is sound is not', async () => {
  const { sql } = world.house.database
  const day = '2026-05-11'
  await world.advanceTo(`${day}T16:00:00Z`)
  const volunteerId = (await at.person()).id
  const other = await at.post()
  const entered = async (duty: { id: string; startsAt: Date }, minutes = 60) => {
    const after = (count: number) => new Date(duty.startsAt.getTime() + count * 60_000).toISOString()
    await act(duty.id, 'check-in', { at: after(0), reason: 'paper list' })
    await act(duty.id, 'check-out', { at: after(minutes), reason: 'paper list' })
    return duty
  }
  const on = (hour: string, more: object = {}) =>
    at.duty({ volunteerId, postId: other.id, start: `${day}T${hour}`, length: 'PT1H', ...more })
  const sound = await entered(await on('06:00'))
  const [early, moved, short] = [
    await entered(await on('08:00')),
    await entered(await on('10:00')),
    await newDuty(`${day}T12:00`),
  ]
  await entered(short)
  const busy = (await at.person()).id
  const four = []
  for (const hour of ['06:00', '09:00', '12:00', '15:00'])
    four.push(await entered(await on(hour, { volunteerId: busy })))
  const codesOf = async (id: string): Promise<string[]> => {
    const items = (await world.must('GET', `/v1/attendance/findings?from=${day}&to=2026-05-12`)).body.items
    return items.find((item: { assignmentId: string }) => item.assignmentId === id)?.codes ?? []
  }
  expect(await codesOf(sound.id)).toEqual([])
  for (const duty of four) expect(await codesOf(duty.id)).toEqual(['more-than-three-a-day'])

  // The house writes none of these; somebody at the database may.
  const shifted = (id: string, column: string, by: string) =>
    sql`update attendances set ${sql(column)} = ${sql(column)} + ${by}::interval where assignment_id = ${id}`
  await sql`update segments set ends_at = ends_at - interval '1 minute'
    where attendance_id = (select id from attendances where assignment_id = ${short.id})`
  expect(await codesOf(short.id)).toEqual(['segments-incomplete'])
  await shifted(early.id, 'checked_out_at', '90 minutes')
  expect(await codesOf(early.id)).toEqual(['overlap', 'segments-incomplete'])
  expect(await codesOf(moved.id)).toEqual(['overlap'])
  await shifted(early.id, 'checked_out_at', '-90 minutes')
  await sql`alter table attendances drop constraint attendances_order`
  await shifted(moved.id, 'checked_in_at', '30 days')
  expect(await codesOf(moved.id)).toEqual(['end-before-start', 'outside-duty', 'segments-incomplete'])
  await shifted(moved.id, 'checked_out_at', '30 days')
  expect(await codesOf(moved.id)).toEqual(['outside-duty'])
  expect(await codesOf(sound.id)).toEqual([])
})
