import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { download } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
/** Two organizers besides the admin key of the world. */
let clerk: string
let checker: string

// Monday 4 May 2026, 07:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:00:00Z' })
  at = duties(world)
  clerk = await world.makeKey(world.root.id, 'organizer')
  checker = await world.makeKey(world.root.id, 'organizer')
})
afterAll(() => world.close())

const town = async (policy: object = {}): Promise<string> => {
  const body = { parentId: world.root.id, kind: 'town', name: `Town ${crypto.randomUUID()}`, policy }
  return (await world.must('POST', '/v1/units', body)).body.id
}
/** A duty from eight to noon at a post of the unit. */
async function newDuty(unitId: string, day: string, postId?: string) {
  const { id: volunteerId } = await at.person({ unitId })
  return at.duty({
    volunteerId,
    postId: postId ?? (await at.post({ unitId })).id,
    start: `${day}T08:00`,
    length: 'PT4H',
  })
}
const enter = async (duty: { id: string; startsAt: Date }, verb: string, minutes: number, more: object = {}) => {
  const { key = clerk, ...body } = more as { key?: string }
  const when = new Date(duty.startsAt.getTime() + minutes * 60_000).toISOString()
  const wish = { at: when, reason: 'paper list', ...body }
  return (await world.must('POST', `/v1/assignments/${duty.id}:${verb}`, wish, { key })).body
}
const serve = async (duty: { id: string; startsAt: Date }) => {
  await enter(duty, 'check-in', 0)
  return enter(duty, 'check-out', 240)
}
const verify = (id: string, key: string) => world.call('POST', `/v1/assignments/${id}:verify`, {}, { key })
const waiting = async () =>
  (await world.must('GET', '/v1/attendances?enteredLate=true&verified=false')).body.items.map(
    (item: { assignmentId: string }) => item.assignmentId,
  )
const told = async (volunteerId: string) => {
  await world.settled()
  return world.messagesTo(volunteerId).filter((message) => message.template === 'hours-ready').length
}

test('what is entered long after a duty is verified by another key than the one that entered it', async () => {
  const unitId = await town()
  const duty = await newDuty(unitId, '2026-05-04')
  await world.advanceTo('2026-05-07T04:00:01Z')
  const left = await serve(duty)
  expect(left).toMatchObject({ state: 'completed', minutes: 240, verifiedBy: null, verifiedAt: null })
  expect(left.enteredLateBy).toEqual([expect.any(String)])
  expect(await told(duty.volunteerId)).toBe(0)
  expect(await waiting()).toEqual([duty.id])
  const days = 'from=2026-05-04&to=2026-05-05'
  const findings = async () =>
    (await world.must('GET', `/v1/attendance/findings?${days}&code=entered-late`)).body.items.map(
      (item: { assignmentId: string }) => item.assignmentId,
    )
  expect(await findings()).toEqual([duty.id])
  const verifiedBy = async () => {
    const files = [`service-hours?unitId=${unitId}`, `attendance?unitId=${unitId}&${days}`]
    const shown = []
    for (const file of files) {
      const { bytes } = await download(world, `/v1/exports/${file}&lang=en`)
      const [row] = parse(bytes, { bom: true, columns: true }) as Record<string, string>[]
      shown.push([row!.Minutes, row!['Verified by']])
    }
    const [line] = (await world.must('GET', `/v1/ledger?unitId=${unitId}`)).body.items
    return [...shown, [String(line.minutes), line.verifiedByName ?? '']]
  }
  expect(await verifiedBy()).toEqual(Array(3).fill(['240', '']))

  const own = await verify(duty.id, clerk)
  expect([own.status, own.body.code]).toEqual([409, 'second-person-needed'])
  expect(await waiting()).toEqual([duty.id])
  const second = await verify(duty.id, checker)
  expect(second.status, second.text).toBe(200)
  expect(second.body.verifiedBy).toEqual(expect.any(String))
  expect(second.body.enteredLateBy).not.toContain(second.body.verifiedBy)
  expect(await told(duty.volunteerId)).toBe(1)
  expect([await waiting(), await findings()]).toEqual([[], []])
  expect(await verifiedBy()).toEqual(Array(3).fill(['240', 'organizer key']))
  expect((await verify(duty.id, clerk)).status).toBe(200)
  const actions = await at.auditOf(
    (await world.house.database.sql`select id from attendances where assignment_id = ${duty.id}`)[0]!.id,
  )
  expect(actions.map((row) => [row.action, row.facts.verified])).toEqual([
    ['attendance.checked-in', undefined],
    ['attendance.checked-out', false],
    ['attendance.verified', undefined],
  ])
})

test('a unit says how late is late, counted from the end of the shift', async () => {
  const unitId = await town({ lateEntryMinutes: 60 })
  const [inTime, late] = [await newDuty(unitId, '2026-05-08'), await newDuty(unitId, '2026-05-08')]
  await world.advanceTo('2026-05-08T04:59:00Z')
  const first = await serve(inTime)
  expect(first.verifiedBy).toEqual(expect.any(String))
  await world.advanceTo('2026-05-08T05:01:00Z')
  expect(await serve(late)).toMatchObject({ verifiedBy: null, enteredLateBy: [first.verifiedBy] })
  expect([await told(inTime.volunteerId), await told(late.volunteerId)]).toEqual([1, 0])
})

test('nobody who entered some of it late vouches for it, whichever part it was', async () => {
  const unitId = await town({ lateEntryMinutes: 0 })
  const duty = await newDuty(unitId, '2026-05-11')
  await world.advanceTo('2026-05-11T06:00:00Z')
  await enter(duty, 'check-in', 0, { kind: 'standby' })
  await enter(duty, 'activate', 60, { key: checker })
  await enter(duty, 'activate', 120, { key: checker, kind: 'training' })
  const left = await enter(duty, 'check-out', 240, { key: world.root.key })
  expect(left.verifiedBy).toBeNull()
  expect(new Set(left.enteredLateBy).size).toBe(3)
  expect(left.enteredLateBy).toHaveLength(3)
  for (const key of [clerk, checker, world.root.key]) {
    expect((await verify(duty.id, key)).body.code).toBe('second-person-needed')
  }
  const [enteredBy] = left.enteredLateBy
  const { sql } = world.house.database
  await expect(sql`update attendances set verified_by = ${enteredBy} where assignment_id = ${duty.id}`).rejects.toThrow(
    'attendances_second_person',
  )
  expect((await verify(duty.id, await world.makeKey(unitId, 'organizer'))).status).toBe(200)
})

test('of a whole shift, whoever entered some of it late vouches for nobody', async () => {
  const unitId = await town({ lateEntryMinutes: 0 })
  const { id: postId } = await at.post({ unitId })
  const [one, other] = [await newDuty(unitId, '2026-05-12', postId), await newDuty(unitId, '2026-05-12', postId)]
  await world.advanceTo('2026-05-12T04:10:00Z')
  const crew = { shiftId: one.shiftId, reason: 'paper list' }
  const step = (verb: string, time: string, key = clerk) =>
    world.must('POST', `/v1/attendances:bulk-${verb}`, { ...crew, at: `2026-05-12T${time}:00Z` }, { key })
  await step('check-in', '00:00')
  await step('check-out', '04:00')
  const vouch = (body: object, key: string) => world.call('POST', '/v1/attendances:bulk-verify', body, { key })
  await world.settled()
  const asked = world.messages.filter((message) => message.template === 'late-entry' && message.to === `unit/${unitId}`)
  expect(asked).toHaveLength(1)
  for (const { id } of [one, other]) {
    const [row] = await world.house.database.sql`
      select v.display_name from assignments a join volunteers v on v.id = a.volunteer_id where a.id = ${id}`
    expect(asked[0]!.text).toContain(`\n- ${row!.display_name}: Tue 12 May 08:00 to Tue 12 May 12:00`)
  }
  const refused = await vouch({ assignmentIds: [other.id, one.id] }, clerk)
  expect(refused.status).toBe(422)
  expect(refused.body.errors.map((error: { pointer: string; code: string }) => [error.pointer, error.code])).toEqual(
    expect.arrayContaining([
      ['/body/assignmentIds/0', 'second-person-needed'],
      ['/body/assignmentIds/1', 'second-person-needed'],
    ]),
  )
  expect((await waiting()).sort()).toEqual(expect.arrayContaining([one.id, other.id].sort()))
  const vouched = await vouch({ shiftId: one.shiftId }, checker)
  expect(vouched.body.items.map((item: { verifiedBy: string | null }) => item.verifiedBy)).toEqual(
    Array(2).fill(expect.any(String)),
  )
  expect((await vouch({ shiftId: one.shiftId }, clerk)).status).toBe(200)
})

test('a reviewed correction has its second person already, also when the reviewer had entered what it replaces', async () => {
  const unitId = await town({ lateEntryMinutes: 0 })
  const duty = await newDuty(unitId, '2026-05-13')
  await world.advanceTo('2026-05-13T06:00:00Z')
  const { enteredLateBy } = await serve(duty)
  const asked = await world.must(
    'POST',
    `/v1/assignments/${duty.id}/corrections`,
    {
      kind: 'presence',
      checkedInAt: '2026-05-13T00:00:00Z',
      checkedOutAt: '2026-05-13T03:00:00Z',
      reason: 'left at eleven',
    },
    { key: checker },
  )
  const path = `/v1/attendance-corrections/${asked.body.id}:approve`
  await world.must('POST', path, { reason: 'agreed' }, { key: clerk })
  const [shown] = (await world.must('GET', `/v1/attendances?shiftId=${duty.shiftId}`)).body.items
  expect(shown).toMatchObject({ minutes: 180, verifiedBy: enteredLateBy[0], enteredLateBy: [] })
})
