import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'
import { unzip } from '../unit/files/unzip.ts'

let world: World
let at: Duties

// Friday 8 May 2026, 19:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-08T11:00:00Z' })
  at = duties(world)
  secondKey = await world.makeKey(world.root.id, 'organizer')
})
afterAll(() => world.close())

const reason = 'paper list'
const act = (id: string, verb: string, body: object) => world.must('POST', `/v1/assignments/${id}:${verb}`, body)
const sql = () => world.house.database.sql

/** A duty already served between two instants. */
async function served(wish: {
  volunteerId: string
  postId: string
  start: string
  length?: string
  from: string
  to: string
}) {
  const duty = await at.duty(wish)
  await act(duty.id, 'check-in', { at: wish.from, reason })
  await act(duty.id, 'check-out', { at: wish.to, reason })
  return duty
}
const linesOf = async (filter: string) => (await world.must('GET', `/v1/ledger?${filter}`)).body.items
let secondKey = ''
const ask = (id: string, body: object, key?: string) =>
  world.call('POST', `/v1/ledger/${id}:correct`, body, key ? { key } : {})
const decide = (id: string, verb: 'approve' | 'reject', body?: object, key = secondKey) =>
  world.call('POST', `/v1/ledger-corrections/${id}:${verb}`, body, { key })
/** Asked for by one and approved by another. */
async function correct(id: string, body: object, key?: string) {
  const asked = await ask(id, body, key)
  return asked.status === 201 ? decide(asked.body.id, 'approve') : asked
}

async function download(query: string, kind = 'service-hours') {
  const answer = await fetch(new URL(`/v1/exports/${kind}?${query}`, world.url), {
    headers: { authorization: `Bearer ${world.root.key}` },
  })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}
type Rows = Record<string, string>[]
const csv = async (query: string, kind?: string): Promise<Rows> => {
  const { bytes, status } = await download(query, kind)
  expect(status, bytes.toString()).toBe(200)
  return parse(bytes, { bom: true, columns: true }) as Rows
}

describe('booking', () => {
  test('a check-out books its segment once, with night, weekend, home and class as they are at that moment', async () => {
    const town = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Booked town' }))
      .body
    const { id: volunteerId } = await at.person({ unitId: town.id, personClass: 'medical' })
    const { id: postId } = await at.post()
    const duty = await at.duty({ volunteerId, postId, start: '2026-05-08T20:00', length: 'PT12H', role: 'lead' })
    await act(duty.id, 'check-in', { at: '2026-05-08T11:00:00Z', reason })
    expect(await linesOf(`volunteerId=${volunteerId}`)).toEqual([])
    await world.advanceTo('2026-05-09T00:30:00Z')
    await act(duty.id, 'check-out', { at: '2026-05-09T00:10:00Z', reason })
    const [line, ...more] = await linesOf(`volunteerId=${volunteerId}`)
    expect(more).toEqual([])
    expect(line).toMatchObject({
      entry: 'booking',
      unitId: town.id,
      personClass: 'medical',
      postId,
      role: 'lead',
      kind: 'active',
      localDay: '2026-05-08',
      zone: 'Asia/Shanghai',
      // 19:00 on Friday to 08:10 on Saturday
      minutes: 790,
      nightMinutes: 480,
      weekendMinutes: 490,
      plannedMinutes: 720,
      reversedById: null,
    })
    expect(line.verifiedBy).toEqual(expect.any(String))
    expect((await at.auditOf(line.id)).map((row) => row.action)).toEqual(['ledger.booked'])

    const { db } = world.house.services.foundations
    const [attendance] = await sql()`select id from attendances where assignment_id = ${duty.id}`
    const actor = { kind: 'command', id: 'test', door: 'command', unitPath: '/', role: 'admin' } as const
    await db.transaction((tx) =>
      world.house.services.hours.onCheckedOut(
        { attendanceIds: [attendance!.id] },
        { tx, actor, now: world.clock.now() },
      ),
    )
    expect(await linesOf(`volunteerId=${volunteerId}`)).toHaveLength(1)
    expect(await at.auditOf(line.id)).toHaveLength(1)
  })

  test('the ledger refuses to be changed', async () => {
    await expect(sql()`update ledger set minutes = 1`).rejects.toThrow('append-only')
    await expect(sql()`delete from ledger`).rejects.toThrow('append-only')
    await expect(sql()`truncate ledger cascade`).rejects.toThrow('append-only')
  })
})

describe('correcting', () => {
  const oneLine = async () => {
    const { id: volunteerId } = await at.person()
    const { id: postId } = await at.post()
    await served({
      volunteerId,
      postId,
      start: '2026-05-09T06:00',
      length: 'PT2H',
      from: '2026-05-08T22:00:00Z',
      to: '2026-05-09T00:00:00Z',
    })
    return { volunteerId, postId, line: (await linesOf(`volunteerId=${volunteerId}`))[0] }
  }

  test('takes the line back and puts another in its place; the sum is that of the new one', async () => {
    const { volunteerId, line } = await oneLine()
    const done = await correct(line.id, {
      startsAt: '2026-05-08T22:00:00Z',
      endsAt: '2026-05-08T23:30:00Z',
      reason: 'left early',
    })
    expect(done.status, done.text).toBe(200)
    expect(done.body.reversal).toMatchObject({
      entry: 'reversal',
      reversesId: line.id,
      minutes: -120,
      plannedMinutes: -120,
      localDay: line.localDay,
    })
    expect(done.body.line).toMatchObject({
      entry: 'correction',
      minutes: 90,
      plannedMinutes: 120,
      reason: 'left early',
      segmentId: null,
    })
    expect(done.body.line.verifiedBy).toEqual(expect.any(String))
    const all = await linesOf(`volunteerId=${volunteerId}`)
    expect(all).toHaveLength(3)
    expect(all.reduce((sum: number, one: { minutes: number }) => sum + one.minutes, 0)).toBe(90)
    expect(all.find((one: { id: string }) => one.id === line.id)).toMatchObject({
      minutes: 120,
      reversedById: done.body.reversal.id,
    })
    expect((await at.auditOf(done.body.line.id))[0]).toMatchObject({
      action: 'ledger.corrected',
      actor_kind: 'apiKey',
      reason: 'left early',
    })

    const twice = await correct(line.id, {
      startsAt: '2026-05-08T22:00:00Z',
      endsAt: '2026-05-08T23:00:00Z',
      reason: 'again',
    })
    expect([twice.status, twice.body.code]).toEqual([409, 'line-corrected-already'])
    const back = await correct(done.body.reversal.id, {
      startsAt: '2026-05-08T22:00:00Z',
      endsAt: '2026-05-08T23:00:00Z',
      reason: 'again',
    })
    expect([back.status, back.body.code]).toEqual([409, 'line-is-reversal'])
    const anew = await correct(done.body.line.id, {
      startsAt: '2026-05-08T22:00:00Z',
      endsAt: '2026-05-08T23:00:00Z',
      reason: 'again',
    })
    expect(anew.body.line).toMatchObject({ minutes: 60 })
  })

  test('twenty approvals of one correction at once: one is written', async () => {
    const { volunteerId, line } = await oneLine()
    const body = { startsAt: '2026-05-08T22:00:00Z', endsAt: '2026-05-08T23:10:00Z', reason: 'race' }
    const asked = await ask(line.id, body)
    expect((await ask(line.id, body)).body.code).toBe('correction-waits')
    const answers = await Promise.all(Array.from({ length: 20 }, () => decide(asked.body.id, 'approve')))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array(19).fill(409)])
    expect(await linesOf(`volunteerId=${volunteerId}`)).toHaveLength(3)
  })

  test('nobody decides on what they have asked for, and a rejected correction changes nothing', async () => {
    const { volunteerId, line } = await oneLine()
    const body = { startsAt: '2026-05-08T22:00:00Z', endsAt: '2026-05-08T23:00:00Z', reason: 'left early' }
    const asked = (await ask(line.id, body)).body
    expect(asked).toMatchObject({ state: 'requested', lineId: line.id, decidedBy: null })
    const alone = await decide(asked.id, 'approve', undefined, world.root.key)
    expect([alone.status, alone.body.code]).toEqual([409, 'second-person-needed'])
    expect((await decide(asked.id, 'reject', { reason: 'was there' })).body).toMatchObject({ state: 'rejected' })
    expect((await decide(asked.id, 'approve')).body.code).toBe('correction-decided')
    expect(await linesOf(`volunteerId=${volunteerId}`)).toHaveLength(1)
    const waiting = (await world.must('GET', `/v1/ledger-corrections?lineId=${line.id}`)).body.items
    expect(waiting.map((one: { state: string }) => one.state)).toEqual(['rejected'])
  })

  test('everything wrong is named, and nothing is written', async () => {
    const { volunteerId, postId, line } = await oneLine()
    await served({
      volunteerId,
      postId,
      start: '2026-05-09T08:00',
      length: 'PT10M',
      from: '2026-05-09T00:00:00Z',
      to: '2026-05-09T00:10:00Z',
    })
    const codes = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
      answer.body.errors.map((error) => error.code)
    const form = await correct(line.id, {
      startsAt: '2026-05-08T23:00:00Z',
      endsAt: '2026-05-08T22:00:00Z',
      colour: 'red',
    })
    expect([form.status, ...codes(form).sort()]).toEqual([400, 'field-unknown', 'invalid-type'])
    const order = await correct(line.id, { startsAt: '2026-05-08T23:00:00Z', endsAt: '2026-05-08T22:00:00Z', reason })
    expect([order.status, ...codes(order)]).toEqual([400, 'end-before-start'])
    const sense = await correct(line.id, { startsAt: '2026-05-07T00:00:00Z', endsAt: '2026-05-10T00:00:00Z', reason })
    expect([sense.status, ...codes(sense)]).toEqual([422, 'in-the-future', 'too-long', 'overlaps-line'])
    expect(await linesOf(`volunteerId=${volunteerId}`)).toHaveLength(2)

    const town = (
      await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: `Town ${volunteerId}` })
    ).body
    const key = await world.makeKey(town.id, 'organizer')
    const hidden = await correct(
      line.id,
      { startsAt: '2026-05-08T22:00:00Z', endsAt: '2026-05-08T23:00:00Z', reason },
      key,
    )
    expect([hidden.status, hidden.body.code]).toEqual([404, 'ledger-line-unknown'])
  })
})

describe('reading', () => {
  test('lines and sums by person, unit, post, class and day, within the own subtree', async () => {
    const unit = async (name: string, parentId: string) =>
      (await world.must('POST', '/v1/units', { parentId, kind: 'town', name })).body.id as string
    const town = await unit('Sum town', world.root.id)
    const village = await unit('Sum village', town)
    const [east, west] = [await at.post({ name: 'Sum east' }), await at.post({ name: 'Sum west' })]
    const ann = await at.person({ unitId: town, displayName: 'Ann', personClass: 'staff' })
    const ben = await at.person({ unitId: village, displayName: 'Ben' })
    for (const [who, where, start, from, to] of [
      [ann, east, '2026-05-09T06:00', '2026-05-09T06:00:00+08:00', '2026-05-09T07:00:00+08:00'],
      [ann, west, '2026-05-09T07:00', '2026-05-09T07:00:00+08:00', '2026-05-09T07:20:00+08:00'],
      [ben, west, '2026-05-08T23:00', '2026-05-08T23:00:00+08:00', '2026-05-09T00:30:00+08:00'],
    ] as const) {
      await served({ volunteerId: who.id, postId: where.id, start, length: 'PT1H', from, to })
    }
    const ids = async (filter: string) =>
      (await linesOf(filter)).map((line: { minutes: number }) => line.minutes).sort()
    expect(await ids(`unitId=${town}`)).toEqual([20, 60, 90].sort())
    expect(await ids(`unitId=${village}`)).toEqual([90])
    expect(await ids(`unitId=${town}&personClass=staff`)).toEqual([20, 60].sort())
    expect(await ids(`unitId=${town}&postId=${west.id}`)).toEqual([20, 90].sort())
    expect(await ids(`unitId=${town}&from=2026-05-08&to=2026-05-09`)).toEqual([90])
    const first = (await world.must('GET', `/v1/ledger?unitId=${town}&limit=2`)).body
    const rest = (await world.must('GET', `/v1/ledger?unitId=${town}&limit=2&cursor=${first.nextCursor}`)).body
    expect([...first.items, ...rest.items].map((line) => line.localDay)).toEqual([
      '2026-05-08',
      '2026-05-09',
      '2026-05-09',
    ])

    const sums = async (query: string, key?: string) =>
      (await world.must('GET', `/v1/hours/summary?${query}`, undefined, key ? { key } : {})).body.items
    expect(await sums(`by=person&unitId=${town}`)).toMatchObject([
      { id: ann.id, name: 'Ann', duties: 2, minutes: 80, hours: '1.33', nightMinutes: 0, weekendMinutes: 80 },
      { id: ben.id, name: 'Ben', duties: 1, minutes: 90, hours: '1.50', nightMinutes: 90, weekendMinutes: 30 },
    ])
    expect(
      (await sums(`by=unit&unitId=${town}`)).map((sum: { name: string; minutes: number }) => [sum.name, sum.minutes]),
    ).toEqual([
      ['Sum town', 80],
      ['Sum village', 90],
    ])
    expect(
      (await sums(`by=post&unitId=${town}`)).map((sum: { name: string; minutes: number }) => [sum.name, sum.minutes]),
    ).toEqual([
      ['Sum east', 60],
      ['Sum west', 110],
    ])
    const page = (await world.must('GET', `/v1/hours/summary?unitId=${town}&limit=1`)).body
    const next = (await world.must('GET', `/v1/hours/summary?unitId=${town}&limit=1&cursor=${page.nextCursor}`)).body
    expect([page.items[0].name, next.items[0].name, next.nextCursor]).toEqual(['Ann', 'Ben', null])
    const key = await world.makeKey(village, 'viewer')
    expect((await sums('by=person', key)).map((sum: { name: string }) => sum.name)).toEqual(['Ben'])
  })
})

describe('exporting', () => {
  const odd = {
    name: '=HYPERLINK("http://evil","x")',
    number: '330106199001011234',
    post: '+南门, "二号"',
  }
  const ready = { unitId: '' }
  beforeAll(async () => {
    ready.unitId = (
      await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: '@town' })
    ).body.id
    const person = await at.person({
      unitId: ready.unitId,
      displayName: odd.name,
      personNumber: odd.number,
      personClass: 'secondedCadre',
    })
    const post = await at.post({ name: odd.post })
    const wish = { volunteerId: person.id, postId: post.id, start: '2026-05-08T21:00', length: 'PT2H' }
    await served({ ...wish, from: '2026-05-08T21:10:00+08:00', to: '2026-05-08T23:00:00+08:00' })
    const [line] = await linesOf(`unitId=${ready.unitId}`)
    const body = { startsAt: '2026-05-08T21:00:00+08:00', endsAt: '2026-05-08T23:00:00+08:00', reason: '-came on time' }
    expect((await correct(line.id, body)).status).toBe(200)
  })

  test('CSV has its mark, Chinese headers, safe text, whole digits and the local wall clock', async () => {
    const query = `unitId=${ready.unitId}&from=2026-05-01&to=2026-06-01`
    const { bytes, headers } = await download(query, 'duty-hours')
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(headers.get('content-type')).toContain('text/csv')
    expect(headers.get('content-disposition')).toBe('attachment; filename="duty-hours_2026-05-01_2026-06-01.csv"')
    expect(bytes.toString()).not.toContain('\n\n')
    const rows = await csv(query, 'duty-hours')
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatchObject({
      人员编号: odd.number,
      姓名: `'${odd.name}`,
      所属单位: "'@town",
      人员类别: '下沉干部',
      岗位: `'${odd.post}`,
      时段类型: '值守',
      值班日期: '2026-05-08',
      计划开始: '2026-05-08 21:00',
      计划结束: '2026-05-08 23:00',
      实际开始: '2026-05-08 21:10',
      实际结束: '2026-05-08 23:00',
      时区: 'Asia/Shanghai',
      实际分钟: '110',
      实际小时: '1.83',
      夜间分钟: '60',
      周末分钟: '0',
      核验人: 'admin key',
    })
    expect(rows.map((row) => [row.更正标记, row.实际分钟]).sort()).toEqual([
      ['', '110'],
      ['冲销', '-110'],
      ['更正', '120'],
    ])
    expect(rows.find((row) => row.更正标记 === '更正')!.更正原因).toBe("'-came on time")
    expect(Object.keys((await csv(`${query}&lang=en`, 'duty-hours'))[0]!)).toEqual([
      'Person number',
      'Name',
      'Unit',
      'Class',
      'Post',
      'Role',
      'Kind',
      'Duty day',
      'Planned start',
      'Planned end',
      'Actual start',
      'Actual end',
      'Time zone',
      'Planned minutes',
      'Minutes',
      'Hours',
      'Nominal minutes',
      'Credited minutes',
      'Credited hours',
      'Night minutes',
      'Weekend minutes',
      'Holiday minutes',
      'Break minutes',
      'Top-up minutes',
      'Correction',
      'Reason',
      'Verified by',
      'Verified at',
      'Recorded by',
      'Status',
      'Seated by',
      'Line id',
      'Correction of',
      'Duty id',
    ])
  })

  test('totals are one row a person', async () => {
    expect(await csv(`unitId=${ready.unitId}&view=totals&lang=en`, 'duty-hours')).toMatchObject([
      {
        'Person number': odd.number,
        Duties: '1',
        Minutes: '120',
        Hours: '2.00',
        'Planned minutes': '120',
        Class: 'Seconded cadre',
      },
    ])
  })

  test('XLSX says the same, text as text and numbers as numbers', async () => {
    const { bytes, headers } = await download(`unitId=${ready.unitId}&format=xlsx&lang=en`, 'duty-hours')
    expect(headers.get('content-type')).toContain('spreadsheetml')
    expect(headers.get('content-disposition')).toMatch(/duty-hours_start_2026-05-\d\d\.xlsx"$/)
    const files = unzip(bytes)
    const sheet = files.get('xl/worksheets/sheet1.xml')!
    expect(sheet).not.toContain('<f>')
    const cell = (ref: string) => {
      const [, attributes, value] = new RegExp(`<c r="${ref}"([^>]*)><v>(.*?)</v>`, 's').exec(sheet)!
      return { text: attributes!.includes('t="str"'), value }
    }
    expect(cell('A2')).toEqual({ text: true, value: odd.number })
    expect(cell('B2')).toEqual({ text: true, value: odd.name.replaceAll('"', '&quot;') })
    const minutes = ['O2', 'O3', 'O4'].map(cell)
    expect(minutes.every((one) => !one.text)).toBe(true)
    expect(minutes.map((one) => Number(one.value)).reduce((a, b) => a + b)).toBe(120)
  })

  test.each([
    ['from=2026-05-02&to=2026-05-02', 400, '/query/to to-not-after-from'],
    ['from=2026-02-30', 400, '/query/from invalid-format'],
    ['personClass=staff', 422, '/query/personClass class-elsewhere'],
    ['columns=name,colour', 422, '/query/columns column-unknown'],
    ['format=pdf', 400, '/query/format invalid-value'],
    ['colour=red', 400, '/query/colour field-unknown'],
    ['unitId=01900000-0000-7000-8000-000000000000', 422, '/query/unitId unit-unknown'],
    ['postId=01900000-0000-7000-8000-000000000000', 422, '/query/postId post-unknown'],
    ['volunteerId=01900000-0000-7000-8000-000000000000', 422, '/query/volunteerId volunteer-unknown'],
  ])('%s is a problem, not a file', async (query, status, error) => {
    const answer = await world.call('GET', `/v1/exports/service-hours?${query}`)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-disposition')).toBeNull()
    expect(answer.body.errors.map((one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`)).toEqual([
      error,
    ])
  })

  test('nothing to export is a file with a header; whose hours are out of sight are not in it', async () => {
    const town = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Empty' })).body
    const key = await world.makeKey(town.id, 'viewer')
    const answer = await world.call('GET', '/v1/exports/service-hours?lang=en', undefined, { key })
    expect(answer.status).toBe(200)
    expect(answer.text.trim().split('\r\n')).toHaveLength(1)
    const [exported] =
      await sql()`select facts from audit_log where action = 'hours.exported' and unit_id = ${town.id} order by id desc limit 1`
    expect(exported!.facts).toMatchObject({ lang: 'en', format: 'csv' })
  })
})

test('ledger, list, summary and every export sum up to what was attended, whatever was corrected', async () => {
  const start = new Date('2026-05-01T00:00:00Z').getTime()
  const minute = (count: number) => new Date(start + count * 60_000).toISOString()
  const { id: postId } = await at.post()
  const offset = fc.integer({ min: 0, max: 170 })
  const length = fc.integer({ min: 1, max: 300 })
  const history = fc.record({
    came: offset,
    stayed: length,
    corrections: fc.array(fc.record({ came: offset, stayed: length }), { maxLength: 3 }),
  })
  // One actor's view for all runs: a unit of its own for each.
  await fc.assert(
    fc.asyncProperty(fc.array(history, { minLength: 1, maxLength: 4 }), async (histories) => {
      const unitId = (
        await world.must('POST', '/v1/units', {
          parentId: world.root.id,
          kind: 'team',
          name: `Team ${crypto.randomUUID()}`,
        })
      ).body.id
      let attended = 0
      let expected = 0
      for (const { came, stayed, corrections } of histories) {
        const { id: volunteerId } = await at.person({ unitId })
        const left = Math.max(came + stayed, 61)
        const duty = await at.duty({ volunteerId, postId, start: '2026-05-01T09:00', length: 'PT2H' })
        await act(duty.id, 'check-in', { at: minute(came), reason })
        await act(duty.id, 'check-out', { at: minute(Math.min(left, came + 240)), reason })
        let held = { from: came, to: Math.min(left, came + 240) }
        attended += held.to - held.from
        let [line] = await linesOf(`volunteerId=${volunteerId}`)
        for (const correction of corrections) {
          const wanted = { from: correction.came, to: Math.max(correction.came + correction.stayed, 61) }
          const done = await correct(line.id, { startsAt: minute(wanted.from), endsAt: minute(wanted.to), reason })
          const same = wanted.from === held.from && wanted.to === held.to
          expect(done.status, done.text).toBe(same ? 422 : 200)
          if (same) continue
          held = wanted
          line = done.body.line
        }
        expected += held.to - held.from
      }
      const total = (rows: Rows, column: string) => rows.reduce((sum, row) => sum + Number(row[column]), 0)
      const lines = await csv(`unitId=${unitId}&lang=en`)
      expect(total(lines, 'Minutes')).toBe(expected)
      expect(
        total(
          lines.filter((row) => row.Correction === ''),
          'Minutes',
        ),
      ).toBe(attended)
      expect(total(await csv(`unitId=${unitId}&lang=en&view=totals`), 'Minutes')).toBe(expected)
      const [ledger] =
        await sql()`select sum(minutes)::int as minutes, sum(planned_minutes)::int as planned from ledger where unit_id = ${unitId}`
      expect(ledger).toEqual({ minutes: expected, planned: histories.length * 120 })
      const [attendance] = await sql()`
        select sum(extract(epoch from s.ends_at - s.starts_at) / 60)::int as minutes from segments s
        join attendances a on a.id = s.attendance_id join assignments d on d.id = a.assignment_id
        join volunteers v on v.id = d.volunteer_id where v.unit_id = ${unitId}`
      expect(attendance!.minutes).toBe(attended)
      const listed = await linesOf(`unitId=${unitId}&limit=500`)
      expect(listed.reduce((sum: number, one: { minutes: number }) => sum + one.minutes, 0)).toBe(expected)
      const summary = (await world.must('GET', `/v1/hours/summary?by=unit&unitId=${unitId}`)).body.items
      expect(summary[0]).toMatchObject({ minutes: expected, duties: histories.length })
    }),
    { numRuns: 6 },
  )
})
