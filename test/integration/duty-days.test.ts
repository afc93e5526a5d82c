import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

// Saturday 1 August 2026, 07:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-07-31T23:00:00Z' })
  at = duties(world)
})
afterAll(() => world.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

const must = async (path: string, body?: object): Promise<Json> =>
  (await world.must(body === undefined ? 'GET' : 'POST', path, body)).body
const unit = (name: string, more: object = {}): Promise<Json> =>
  must('/v1/units', { parentId: world.root.id, kind: 'college', name, ...more })

async function finished(runId: string): Promise<Json> {
  for (let tries = 0; tries < 100; tries += 1) {
    await world.settled()
    const run = await must(`/v1/generation-runs/${runId}`)
    if (run.finishedAt) return run
    await sleep(100)
  }
  throw new Error(`Run ${runId} does not end.`)
}

describe('scenario D: the duty of every day', () => {
  let college: Json
  let composition: Json
  const holders = new Map<string, string>()

  test('leader, officer for 24 hours and one from each of two offices are made in one call and rostered', async () => {
    college = await unit('College', { responsibles: [{ name: 'Vice president', email: 'v@example.org' }] })
    const [office, affairs] = [
      await unit('Office', { parentId: college.id }),
      await unit('General Affairs', { parentId: college.id }),
    ]
    const person = async (unitId: string, grade: string, n: number) =>
      must('/v1/volunteers', { unitId, displayName: `${grade} ${n}`, personClass: 'staff', grade })
    for (let n = 1; n <= 5; n += 1) {
      await person(college.id, 'leader', n)
      await person(college.id, 'officer', n)
      await person(office.id, 'clerk', n)
      await person(affairs.id, 'clerk', n + 10)
    }
    composition = await must('/v1/duty-compositions', {
      unitId: college.id,
      name: 'Duty of the day',
      effectiveFrom: '2026-08-01',
      phone: '028-1',
      roles: [
        { role: 'leader on duty', grades: ['leader'] },
        { role: 'duty officer', grades: ['officer'] },
        { role: 'office', unitIds: [office.id], startTime: '08:30', length: 'PT9H' },
        { role: 'general affairs', unitIds: [affairs.id], startTime: '08:30', length: 'PT9H' },
      ],
    })
    expect(composition.post.requirements.map((one: Json) => [one.role, one.minimum])).toEqual([
      ['leader on duty', 1],
      ['duty officer', 1],
      ['office', 1],
      ['general affairs', 1],
    ])
    expect(composition.templates.map((one: Json) => [one.startTime, one.length, one.requirementIds.length])).toEqual([
      ['08:00', 'P1D', 2],
      ['08:30', 'PT9H', 2],
    ])
    const asked = await world.must(
      'POST',
      '/v1/rosters',
      { unitId: college.id, from: '2026-08-01', to: '2026-08-03' },
      { headers: { 'idempotency-key': 'day' } },
    )
    const run = await finished(asked.body.generationRun.id)
    expect([run.state, run.outcome?.counts?.openMandatory ?? 0]).toEqual(['done', 0])
    const read = await world.must('GET', `/v1/rosters/${asked.body.id}`)
    const published = await world.call(
      'POST',
      `/v1/rosters/${asked.body.id}:publish`,
      {},
      {
        headers: { 'if-match': read.headers.get('etag')! },
      },
    )
    expect(published.status, published.text).toBe(200)
    const today = await must(`/v1/duty-today?unitId=${college.id}`)
    expect(today.day).toBe('2026-08-01')
    const seats = today.items.flatMap((shift: Json) => shift.seats)
    expect(seats.map((seat: Json) => seat.role).sort()).toEqual([
      'duty officer',
      'general affairs',
      'leader on duty',
      'office',
    ])
    for (const seat of seats) holders.set(seat.role, seat.holder.volunteerId)
    const names = new Map<string, string>(seats.map((seat: Json) => [seat.role, seat.holder.name]))
    expect(names.get('leader on duty')).toContain('leader')
    expect(Number(names.get('general affairs')!.split(' ')[1])).toBeGreaterThan(10)
  })

  test('whoever organizes sees phones, a viewer sees their end only; yesterday’s crew is still there until eight', async () => {
    const { db } = world.house.services.foundations
    const officer = holders.get('duty officer')!
    await db.insert(contactPoints).values({ volunteerId: officer, channel: 'sms', address: '13800001234', position: 1 })
    const path = `/v1/duty-today?unitId=${college.id}`
    const phoneOf = (page: Json) =>
      page.items.flatMap((shift: Json) => shift.seats).find((seat: Json) => seat.role === 'duty officer').holder.phone
    expect(phoneOf(await must(path))).toBe('13800001234')
    const viewer = await world.makeKey(college.id, 'viewer')
    const shown = (await world.must('GET', path, undefined, { key: viewer })).body
    expect(phoneOf(shown)).toBe('***34')
    expect(JSON.stringify(shown)).not.toContain('13800001234')
    expect(shown.items.map((shift: Json) => shift.running)).toEqual([false, false])
    const tomorrow = await must(`${path}&day=2026-08-02`)
    expect(tomorrow.items.map((shift: Json) => shift.carriedOver)).toEqual([true, false, false])
    const first = await must(`${path}&day=2026-08-02&limit=2`)
    expect((await must(`${path}&day=2026-08-02&limit=2&cursor=${first.nextCursor}`)).items).toHaveLength(1)
  })

  test('all that is wrong with a composition is named as the caller wrote it, and nothing is made', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000'
    const wrong = await world.call('POST', '/v1/duty-compositions', {
      unitId: college.id,
      name: 'Wrong',
      effectiveFrom: '2026-08-01',
      roles: [{ role: 'a' }, { role: 'b', unitIds: [nobody] }],
    })
    expect([wrong.status, wrong.body.errors.map((one: Json) => one.pointer)]).toEqual([
      422,
      ['/body/roles/1/unitIds/0'],
    ])
    const never = await world.call('POST', '/v1/duty-compositions', {
      unitId: college.id,
      name: 'Never',
      effectiveFrom: '2026-08-03',
      effectiveTo: '2026-08-05',
      rule: 'FREQ=WEEKLY;BYDAY=SU',
      roles: [{ role: 'a' }],
    })
    expect([never.status, never.body.errors[0].code]).toEqual([422, 'rule-never-happens'])
    const posts = (await must(`/v1/posts?unitId=${college.id}`)).items.map((post: Json) => post.name)
    expect(posts).toEqual(['Duty of the day'])
  })
})

describe('presets', () => {
  test('each pattern makes its templates, and those of a day leave no gap', async () => {
    const { items } = await must('/v1/shift-presets')
    const minutesOf = (length: string) => {
      const [, days = 0, hours = 0, minutes = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/
        .exec(length)!
        .map(Number)
      return (days || 0) * 1440 + (hours || 0) * 60 + (minutes || 0)
    }
    const whole = items.filter((preset: Json) => preset.id !== 'day-07-23')
    for (const preset of whole) {
      const total = preset.shifts.reduce((sum: number, shift: Json) => sum + minutesOf(shift.length), 0)
      expect([preset.id, total]).toEqual([preset.id, 1440])
    }
    for (const { id, shifts } of items) {
      const post = await must('/v1/posts', {
        unitId: world.root.id,
        name: `Gate ${id}`,
        kind: 'gate',
        requirements: [],
      })
      const { templates } = await must(`/v1/posts/${post.id}:apply-preset`, { preset: id, effectiveFrom: '2026-08-01' })
      expect(templates.map((one: Json) => [one.name, one.startTime])).toEqual(
        shifts.map((shift: Json) => [shift.name.en, shift.startTime]),
      )
    }
    const post = await must('/v1/posts', { unitId: world.root.id, name: 'Gate x', kind: 'gate', requirements: [] })
    const wrong = await world.call('POST', `/v1/posts/${post.id}:apply-preset`, {
      preset: 'x',
      effectiveFrom: '2026-08-01',
    })
    expect([wrong.status, wrong.body.errors[0].code]).toEqual([422, 'preset-unknown'])
  })
})

describe('spot checks', () => {
  test('who is missing and who is there unplanned make findings; the unit is told, and somebody settles them', async () => {
    const station = await unit('Station', { responsibles: [{ name: 'Chief', email: 'c@example.org' }] })
    const gate = await at.post({ unitId: station.id, name: 'Gate' })
    const [here, gone, stranger] = [
      (await at.person({ unitId: station.id, displayName: 'Here' })).id,
      (await at.person({ unitId: station.id, displayName: 'Gone Fishing' })).id,
      (await at.person({ unitId: station.id, displayName: 'Stranger' })).id,
    ]
    for (const volunteerId of [here, gone]) await at.duty({ volunteerId, postId: gate.id, start: '2026-08-01T08:00' })
    await world.advanceTo('2026-08-01T00:30:00Z')
    const [shift] = (await must(`/v1/duty-today?unitId=${station.id}`)).items
    expect([shift.running, shift.seats.length]).toEqual([true, 2])
    const check = { postId: gate.id, inspectedBy: 'Joint inspection group' }
    const found = await must('/v1/inspections', {
      ...check,
      present: [here, stranger],
      others: ['The log is not kept'],
    })
    expect(found).toMatchObject({ result: 'with_findings', expected: 2, present: 2 })
    expect(found.findings.map((one: Json) => [one.kind, one.volunteerName, one.detail])).toEqual([
      ['missing', 'Gone Fishing', null],
      ['other', null, 'The log is not kept'],
      ['unplanned', 'Stranger', null],
    ])
    await world.settled()
    const told = world.messages.find((message) => message.template === 'inspection-findings')!
    expect(told.text).toContain('Gone Fishing')

    const [missing] = found.findings
    const settled = await must(`/v1/inspection-findings/${missing.id}:settle`, { reason: 'was at the clinic' })
    expect(settled).toMatchObject({ state: 'settled', settledReason: 'was at the clinic' })
    const again = await world.call('POST', `/v1/inspection-findings/${missing.id}:settle`, { reason: 'once more' })
    expect([again.status, again.body.code]).toEqual([409, 'finding-settled'])
    expect((await at.auditOf(missing.id)).map((row) => row.action)).toEqual([
      'inspection-finding.opened',
      'inspection-finding.settled',
    ])

    const fine = await must('/v1/inspections', { ...check, present: [here, gone] })
    expect(fine).toMatchObject({ result: 'in_order', findings: [] })
    const later = await world.call('POST', '/v1/inspections', {
      ...check,
      at: '2026-08-09T00:00:00Z',
      present: ['00000000-0000-7000-8000-000000000000'],
    })
    expect([later.status, later.body.errors.map((one: Json) => one.code)]).toEqual([
      422,
      ['volunteer-unknown', 'in-the-future'],
    ])
    expect((await must(`/v1/inspections?unitId=${station.id}&result=with_findings`)).items).toHaveLength(1)
    const other = await world.makeKey((await unit('Elsewhere')).id, 'organizer')
    const hidden = await world.call('GET', `/v1/inspections/${found.id}`, undefined, { key: other })
    expect([hidden.status, hidden.body.code]).toEqual([404, 'inspection-unknown'])
  })
})
