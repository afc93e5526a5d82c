import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

// 2026-05-04 is a Monday; the clock shows 20:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-04T12:00:00Z' })
  at = duties(world)
})
afterAll(() => world.close())

const linkIn = (message: { link?: string } | undefined): string => new URL(message!.link!).pathname
const form = (fields: Record<string, string>) => ({
  type: 'application/x-www-form-urlencoded',
  body: new URLSearchParams(fields).toString(),
})
const open = (path: string) => world.call('GET', path, undefined, { key: null })
const send = (path: string, fields: Record<string, string>) =>
  world.call('POST', path, undefined, { key: null, raw: form(fields) })
const told = (volunteerId: string, template: string) =>
  world.messagesTo(volunteerId).filter((message) => message.template === template)

test('a night in which relief does not come', async () => {
  const town = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Night town' }))
    .body
  await world.must(
    'PATCH',
    `/v1/units/${town.id}`,
    { responsibles: [{ name: 'Chief Zhou' }] },
    { headers: { 'if-match': '"1"' } },
  )
  const gate = await at.post({ unitId: town.id, name: 'East gate' })
  const people = await Promise.all(Array.from({ length: 4 }, () => at.person({ unitId: town.id })))
  const [lead, second, late, absent] = people as [
    (typeof people)[0],
    (typeof people)[0],
    (typeof people)[0],
    (typeof people)[0],
  ]
  const evening = { postId: gate.id, start: '2026-05-04T21:00', length: 'PT4H' }
  const night = { postId: gate.id, start: '2026-05-05T01:00', length: 'PT6H' }
  const first = await at.duty({ ...evening, volunteerId: lead.id })
  const other = await at.duty({ ...evening, volunteerId: second.id })
  const relief = await at.duty({ ...night, volunteerId: late.id })
  const missing = await at.duty({ ...night, volunteerId: absent.id })

  // The evening crew comes, the second of them on standby and called to work at 23:00.
  await world.advanceTo('2026-05-04T12:55:00Z')
  await world.must('POST', `/v1/assignments/${first.id}:check-in`, {})
  await world.must('POST', `/v1/assignments/${other.id}:check-in`, { kind: 'standby' })
  await world.advanceTo('2026-05-04T15:00:00Z')
  await world.must('POST', `/v1/assignments/${other.id}:activate`, {})

  // A quarter of an hour before the end the lead is asked for the handover, writes it and signs.
  await world.advanceTo('2026-05-04T16:45:00Z')
  const [due] = told(lead.id, 'handover-due')
  expect(told(second.id, 'handover-due')).toHaveLength(0)
  const path = linkIn(due)
  const page = await open(path)
  expect([page.status, page.text.length < 20_000]).toEqual([200, true])
  expect(page.text).toContain('East gate')
  const [handover] = (await world.must('GET', `/v1/handovers?postId=${gate.id}`)).body.items
  expect(handover).toMatchObject({ state: 'due', supervisor: 'Chief Zhou', plannedAt: '2026-05-04T17:00:00.000Z' })
  const empty = await send(path, { step: 'sign', version: String(handover.version) })
  expect([empty.status, empty.text.includes('describe the situation')]).toEqual([409, true])
  const written = await send(path, {
    step: 'sign',
    version: String(handover.version),
    situation: 'Quiet, 3 in, 7 out',
    peopleIn: '3',
    peopleOut: '7',
    'supply-masks': '40',
    matter0: 'Mend the lamp',
    owner0: 'Li',
  })
  expect(written.status, written.text).toBe(303)

  // Ten minutes after the end nobody has come: the alarm.
  await world.advanceTo('2026-05-04T17:09:00Z')
  expect((await world.must('GET', `/v1/handovers/${handover.id}`)).body.state).toBe('outgoing_signed')
  await world.advanceTo('2026-05-04T17:10:00Z')
  const overdue = (await world.must('GET', `/v1/handovers/${handover.id}`)).body
  expect(overdue).toMatchObject({ state: 'overdue', reliefCameAt: null })
  expect(overdue.reliefMissingAt).toMatch(/^2026-05-04T17:10:/)
  for (const person of [late, absent]) expect(told(person.id, 'relief-missing')).toHaveLength(1)
  for (const person of [lead, second]) expect(told(person.id, 'relief-missing-crew')).toHaveLength(1)
  const toUnit = world.messages.filter((message) => message.template === 'relief-missing-unit')
  expect(toUnit.map((message) => message.to)).toEqual([`unit/${town.id}`])
  expect((await open(path)).text).toContain('relief has not come')

  // The second of the crew leaves at 01:20, the lead stays. Half an hour late the level above hears of it.
  await world.advanceTo('2026-05-04T17:20:00Z')
  const gone = (await world.must('POST', `/v1/assignments/${other.id}:check-out`, {})).body
  expect(
    gone.segments.map((part: { kind: string; cause: string; minutes: number }) => [
      part.kind,
      part.cause,
      part.minutes,
    ]),
  ).toEqual([
    ['standby', null, 125],
    ['active', null, 120],
    ['active', 'relief-missing', 20],
  ])
  const listed = (await world.must('GET', `/v1/attendances?shiftId=${first.shiftId}&state=serving`)).body.items
  expect(listed).toMatchObject([{ assignmentId: first.id, waitsForRelief: true }])
  await world.advanceTo('2026-05-04T17:31:00Z')
  expect(world.messages.filter((message) => message.template === 'relief-missing-unit').length).toBeGreaterThan(
    toUnit.length,
  )

  // Relief comes at 01:40 by the link of the alarm, signs, and the lead goes at 01:45.
  await world.advanceTo('2026-05-04T17:40:00Z')
  const [alarm] = told(late.id, 'relief-missing')
  expect((await send(linkIn(alarm), { step: 'check-in' })).status).toBe(303)
  const came = (await world.must('GET', `/v1/handovers/${handover.id}`)).body
  expect(came).toMatchObject({ state: 'overdue', reliefCameAt: '2026-05-04T17:40:00.000Z' })
  const [sign] = told(late.id, 'handover-to-sign')
  const incoming = await open(linkIn(sign))
  expect(incoming.text).toContain('Quiet, 3 in, 7 out')
  expect((await send(linkIn(sign), { step: 'sign', remark: 'lamp still dark' })).status).toBe(303)
  await world.advanceTo('2026-05-04T17:45:00Z')
  const left = (await world.must('POST', `/v1/assignments/${first.id}:check-out`, {})).body
  expect(
    left.segments.map((part: { kind: string; cause: string; minutes: number }) => [
      part.kind,
      part.cause,
      part.minutes,
    ]),
  ).toEqual([
    ['active', null, 245],
    ['active', 'relief-missing', 40],
    ['handover', 'relief-came', 5],
  ])
  expect(left).toMatchObject({ minutes: 290, waitsForRelief: false })
  const complete = (await world.must('GET', `/v1/handovers/${handover.id}`)).body
  expect(complete).toMatchObject({
    state: 'complete',
    situation: 'Quiet, 3 in, 7 out',
    peopleIn: 3,
    supplies: [{ name: 'masks', count: 40 }],
    matters: [{ text: 'Mend the lamp', owner: 'Li', closedAt: null }],
    incomingRemark: 'lamp still dark',
  })

  // The absent one is asked about, never silently written off; the post was never empty.
  expect(told(absent.id, 'check-in-missing')).toHaveLength(1)
  expect(await at.stateOf(missing.id)).toBe('confirmed')
  const window = 'from=2026-05-04T13:00:00Z&to=2026-05-04T17:45:00Z'
  const presence = (await world.must('GET', `/v1/posts/${gate.id}/presence?${window}`)).body
  expect(presence.gaps).toEqual([])
  expect(
    presence.stretches
      .at(-1)
      .people.map((one: { assignmentId: string }) => one.assignmentId)
      .sort(),
  ).toEqual([first.id, relief.id].sort())

  // In the ledger every minute stands once.
  const [sums] = await world.house.database.sql`
    select (select sum(minutes)::int from ledger where assignment_id in (${first.id}, ${other.id})) as booked,
      (select sum(extract(epoch from s.ends_at - s.starts_at) / 60)::int from segments s
       join attendances a on a.id = s.attendance_id where a.assignment_id in (${first.id}, ${other.id})) as served`
  expect(sums).toEqual({ booked: 555, served: 555 })

  // The last one leaves an hour too early: that is told, and the gap shows.
  await world.advanceTo('2026-05-04T22:00:00Z')
  await world.must('POST', `/v1/assignments/${relief.id}:check-out`, {})
  await world.advanceTo('2026-05-04T22:30:00Z')
  expect(world.messages.filter((message) => message.template === 'post-empty')).not.toHaveLength(0)
  const after = (
    await world.must('GET', `/v1/posts/${gate.id}/presence?from=2026-05-04T21:00:00Z&to=2026-05-05T00:00:00Z`)
  ).body
  expect(after.gaps).toEqual([
    { startsAt: '2026-05-04T22:00:00.000Z', endsAt: '2026-05-04T22:30:00.000Z', minutes: 30, planned: true },
  ])
})
