import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { download, squeezed } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { popplerOrSkip } from '../support/poppler.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

// Monday 4 May 2026, 07:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:00:00Z' })
  at = duties(world)
})
afterAll(() => world.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

const unit = async (name: string): Promise<Json> =>
  (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name })).body
const fileOf = async (path: string) => {
  const { status, headers, bytes } = await download(world, path)
  expect(status, bytes.toString()).toBe(200)
  return { headers, bytes }
}
const csvOf = async (path: string) => parse((await fileOf(path)).bytes, { bom: true, columns: true }) as Json[]
const sheetOf = async (path: string) => {
  const { bytes } = await fileOf(`${path}&format=xlsx`)
  return (await readXlsx(bytes))[0]!.data as unknown[][]
}

const linesOf = async (path: string): Promise<Json[]> => {
  const { bytes, headers } = await fileOf(`${path}&format=jsonl`)
  expect(headers.get('content-type')).toContain('application/jsonl')
  const lines = bytes.toString().trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}

describe('the log of handovers', () => {
  let town: Json
  let path: string

  beforeAll(async () => {
    town = await unit('城南镇')
    const gate = await at.post({ unitId: town.id, name: '南门卡点' })
    const shifts = []
    for (const [displayName, start] of [
      ['欧阳娜', '2026-05-04T08:00'],
      ['王喆', '2026-05-04T16:00'],
      ['赵一', '2026-05-05T00:00'],
    ] as const) {
      const { id: volunteerId } = await at.person({ unitId: town.id, displayName })
      shifts.push(await at.duty({ volunteerId, postId: gate.id, start }))
    }
    const open = async () =>
      (await world.must('GET', `/v1/handovers?postId=${gate.id}&state=due`)).body.items[0] as Json
    await world.must('POST', `/v1/assignments/${shifts[0]!.id}:check-in`, {})
    await world.advanceTo('2026-05-04T07:50:00Z')
    const first = await open()
    const record = {
      situation: '=cmd|calc',
      weather: '小雨',
      peopleIn: 12,
      peopleOut: 3,
      vehiclesIn: 4,
      vehiclesOut: 5,
      abnormalEvents: [{ text: '无牌车辆，已登记', reportNumber: 'R-7' }],
      supplies: [{ name: '口罩', count: 200 }],
      equipmentFaults: '测温枪没电',
      instructions: '加强夜查',
    }
    await world.must('PATCH', `/v1/handovers/${first.id}`, record, { headers: { 'if-match': `"${first.version}"` } })
    for (const [side, { volunteerId }] of [
      ['outgoing', shifts[0]!],
      ['incoming', shifts[1]!],
    ] as const) {
      await world.must('POST', `/v1/handovers/${first.id}:sign`, { side, volunteerId, reason: 'on paper' })
    }
    await world.must('POST', `/v1/assignments/${shifts[1]!.id}:check-in`, {})
    await world.advanceTo('2026-05-04T08:00:00Z')
    await world.must('POST', `/v1/assignments/${shifts[0]!.id}:check-out`, {})
    // The next relief does not come: the alarm is in the log too.
    await world.advanceTo('2026-05-04T16:15:00Z')
    path = `/v1/exports/handovers?unitId=${town.id}&from=2026-05-04&to=2026-05-06`
  })

  test('as CSV has each handover with what was written, who signed, and where relief was missing', async () => {
    const rows = await csvOf(`${path}&lang=en`)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      Unit: '城南镇',
      Post: '南门卡点',
      Planned: '2026-05-04 16:00',
      State: 'Complete',
      'Outgoing crew': '欧阳娜 (staff)',
      'Incoming crew': '王喆 (staff)',
      Situation: "'=cmd|calc",
      'People in/out, vehicles in/out': '12/3/4/5',
      'Abnormal events': '无牌车辆，已登记 [R-7]',
      Supplies: '口罩 200',
      'Equipment faults': '测温枪没电',
      Instructions: '加强夜查',
      Weather: '小雨',
      'Outgoing signed': '欧阳娜 2026-05-04 15:50',
      'Incoming signed': '王喆 2026-05-04 15:50',
      'Relief missing': '',
    })
    expect(rows[1]).toMatchObject({ 'Outgoing crew': '王喆 (staff)', 'Relief missing': '2026-05-05 00:10' })
    expect(rows[1].State).not.toBe('Complete')
  })

  test('as XLSX and as PDF says the same', async (context) => {
    const [header, first, second, ...more] = await sheetOf(`${path}&lang=zh`)
    expect([header![0], more]).toEqual(['单位', []])
    const cell = (row: unknown[] | undefined, name: string) => row![header!.indexOf(name)]
    expect(cell(first, '情况概述')).toBe('=cmd|calc')
    expect(cell(first, '计划时间')).toEqual(new Date('2026-05-04T16:00:00Z'))
    expect(cell(first, '接班签字')).toBe('王喆 2026-05-04 15:50')
    expect(cell(second, '未按时接班')).toEqual(new Date('2026-05-05T00:10:00Z'))

    const poppler = await popplerOrSkip(context)
    const { bytes, headers } = await fileOf(`${path}&lang=zh&format=pdf`)
    expect(headers.get('content-disposition')).toContain('handovers_2026-05-04_2026-05-06.pdf')
    const text = squeezed((await poppler.text(bytes)).join(''))
    for (const part of ['交接班记录', '城南镇', '欧阳娜', '王喆', 'R-7', '制表', '审核', '（公章）', '第1页，共1页']) {
      expect(text).toContain(part)
    }
    expect((await poppler.info(bytes))['Page size']).toContain('841.89 x 595.28')
  })

  test('is of one post or period when asked, and of nobody who may not see it', async () => {
    expect(await csvOf(`${path}&postId=${crypto.randomUUID()}`)).toEqual([])
    expect(await csvOf(`/v1/exports/handovers?unitId=${town.id}&from=2026-05-06&to=2026-05-08`)).toEqual([])
    const key = await world.makeKey((await unit('Elsewhere')).id, 'organizer')
    expect((await download(world, path, { key })).status).toBe(422)
    const own = await download(world, '/v1/exports/handovers?from=2026-05-04&to=2026-05-06', { key })
    expect(parse(own.bytes, { bom: true, columns: true })).toEqual([])
  })
})

describe('the report board', () => {
  let path: string

  beforeAll(async () => {
    await world.advanceTo('2026-05-06T00:00:00Z')
    const office = await unit('办公室')
    const reporter = (await at.person({ unitId: office.id, displayName: '李文' })).id
    const schema = {
      type: 'object',
      properties: {
        onDuty: { type: 'integer', minimum: 0, 'x-titles': { zh: '在岗人数', en: 'People on duty' } },
        events: {
          type: 'array',
          maxItems: 3,
          'x-titles': { zh: '情况', en: 'Events' },
          items: { type: 'object', properties: { what: { type: 'string' } }, required: ['what'] },
        },
      },
      required: ['onDuty'],
    }
    const obligation = await world.must('POST', '/v1/report-obligations', {
      unitId: office.id,
      name: { zh: '每日报告', en: 'Daily report' },
      rule: 'FREQ=DAILY',
      dueTime: '16:30',
      effectiveFrom: '2026-05-06',
      effectiveTo: '2026-05-10',
      schema,
      reporters: [{ volunteerId: reporter }],
      receivers: [{ volunteerId: reporter }],
    })
    const all = (await world.must('GET', `/v1/reports?obligationId=${obligation.body.id}`)).body.items as Json[]
    const of = (day: string) => all.find((report) => report.dueLocal.startsWith(day))
    const file = async (day: string, body: object) => {
      const { version } = (await world.must('GET', `/v1/reports/${of(day).id}`)).body
      await world.must('POST', `/v1/reports/${of(day).id}:file`, body, { headers: { 'if-match': `"${version}"` } })
    }
    // In time and amended; late by an hour and nil; never; still to come.
    await file('2026-05-06', { content: { onDuty: 7 } })
    await file('2026-05-06', { content: { onDuty: 9, events: [{ what: '雨天路滑' }] }, note: '更正' })
    await world.advanceTo('2026-05-07T09:30:00Z')
    await file('2026-05-07', { nil: true })
    await world.advanceTo('2026-05-09T00:00:00Z')
    path = `/v1/exports/reports?unitId=${office.id}&from=2026-05-06&to=2026-05-10`
  })

  test('as CSV has a line for each deadline: filed and amended, late, missing, due', async () => {
    const rows = await csvOf(`${path}&lang=en`)
    expect(rows.map((row) => [row.Day, row.Deadline, row.State, row.Nil, row.Filings, row['Read/receivers']])).toEqual([
      ['2026-05-06', '2026-05-06 16:30', 'Filed', 'With content', '2', '0/1'],
      ['2026-05-07', '2026-05-07 16:30', 'Filed late', 'Nil return', '1', '0/1'],
      ['2026-05-08', '2026-05-08 16:30', 'Missing', '', '0', '0/0'],
      ['2026-05-09', '2026-05-09 16:30', 'Due', '', '0', '0/0'],
    ])
    expect(rows[0]).toMatchObject({
      Unit: '办公室',
      Report: 'Daily report',
      Content: 'People on duty: 9; Events: 雨天路滑',
      Note: '更正',
      'First filed': '2026-05-06 08:00',
    })
    expect(rows[1]['Last filed']).toBe('2026-05-07 17:30')
  })

  test('as XLSX and as PDF says the same', async (context) => {
    const [header, ...lines] = await sheetOf(`${path}&lang=zh`)
    const column = (name: string) => lines.map((line) => line[header!.indexOf(name)])
    expect(column('状态')).toEqual(['已报', '迟报', '未报', '待报'])
    expect(column('报送次数')).toEqual([2, 1, 0, 0])
    expect(column('截止时间')[0]).toEqual(new Date('2026-05-06T16:30:00Z'))
    expect(column('内容')[0]).toBe('在岗人数: 9; 情况: 雨天路滑')

    const poppler = await popplerOrSkip(context)
    const text = squeezed((await poppler.text((await fileOf(`${path}&lang=zh&format=pdf`)).bytes)).join(''))
    for (const part of ['报送情况', '办公室', '每日报告', '迟报', '未报', '零报告', '在岗人数:9', '（公章）']) {
      expect(text).toContain(part)
    }
  })
})

describe('the attendance sheet', () => {
  let town: Json
  let path: string

  beforeAll(async () => {
    town = await unit('考勤镇')
    const gate = await at.post({ unitId: town.id, name: '东门卡点' })
    const start = '2026-05-20T08:00'
    await world.advanceTo('2026-05-19T23:50:00Z')
    const names = ['=迟到', '备勤人', '缺岗人', '未到人'] as const
    const [late, ready, missing] = await Promise.all(
      names.map(async (displayName, index) => {
        const personNumber = `00712345678901234${index}`
        const { id } = await at.person({ unitId: town.id, displayName, sortName: String(index), personNumber })
        return at.duty({ volunteerId: id, postId: gate.id, start, length: 'PT4H' })
      }),
    )
    await world.advanceTo('2026-05-20T00:00:00Z')
    const act = (duty: Json, verb: string, body: object = {}) =>
      world.must('POST', `/v1/assignments/${duty.id}:${verb}`, body)
    await act(ready, 'check-in', { kind: 'standby' })
    await world.advanceTo('2026-05-20T00:20:00Z')
    const raw = { type: 'application/x-www-form-urlencoded', body: 'step=check-in' }
    const link = await at.link(late as Parameters<Duties['link']>[0])
    expect((await world.call('POST', link, undefined, { key: null, raw })).status).toBe(303)
    await world.advanceTo('2026-05-20T01:00:00Z')
    await act(ready, 'activate')
    await act(missing, 'no-show')
    await world.advanceTo('2026-05-20T03:30:00Z')
    await act(ready, 'check-out')
    path = `/v1/exports/attendance?unitId=${town.id}&from=2026-05-20&to=2026-05-21`
  })

  test('as CSV has plan and fact of everybody who was expected, whether they came or not', async () => {
    const rows = await csvOf(`${path}&lang=en`)
    expect(rows.map((row) => [row.Name, row.State, row.Minutes, row['Of these standby'], row['Minutes late']])).toEqual(
      [
        ["'=迟到", 'On duty', '', '', '20'],
        ['备勤人', 'Completed', '210', '60', '0'],
        ['缺岗人', 'Did not come', '', '', ''],
        ['未到人', 'Not checked in', '', '', ''],
      ],
    )
    expect(rows[1]).toMatchObject({
      'Duty day': '2026-05-20',
      Post: '东门卡点',
      Kind: 'Duty',
      'Planned start': '2026-05-20 08:00',
      'Checked in': '2026-05-20 08:00',
      'Checked out': '2026-05-20 11:30',
      'Minutes left early': '30',
      'In by': 'Organizer',
      'Verified by': 'admin key',
    })
    expect(rows[0]['In by']).toBe('Link')
  })

  test('as XLSX, JSON Lines and PDF says the same; long numbers stay text', async (context) => {
    const [header, first, second] = await sheetOf(`${path}&lang=zh`)
    const cell = (row: unknown[] | undefined, name: string) => row![header!.indexOf(name)]
    expect([cell(first, '姓名'), cell(first, '人员编号')]).toEqual(['=迟到', '007123456789012340'])
    expect([cell(second, '在岗分钟'), cell(second, '备勤分钟'), cell(second, '状态')]).toEqual([210, 60, '已完成'])
    const lines = await linesOf(path)
    expect(lines.map(({ name, state, minutes, inSource }) => [name, state, minutes, inSource])).toEqual([
      ['=迟到', 'serving', null, 'link'],
      ['备勤人', 'completed', 210, 'api'],
      ['缺岗人', 'no_show', null, null],
      ['未到人', 'confirmed', null, null],
    ])
    expect(lines[0].plannedStart).toBe('2026-05-20T08:00')
    const poppler = await popplerOrSkip(context)
    const text = squeezed((await poppler.text((await fileOf(`${path}&lang=zh&format=pdf`)).bytes)).join(''))
    for (const part of ['考勤表', '考勤镇', '备勤人', '未到岗', '（公章）']) expect(text).toContain(part)
  })

  test('has the columns that are asked for, in their order, and is of one post or class', async () => {
    const { bytes } = await fileOf(`${path}&columns=name,minutes,day&headers=keys`)
    expect(bytes.toString('utf8', 3).split('\r\n').slice(0, 3)).toEqual([
      'name,minutes,day',
      "'=迟到,,2026-05-20",
      '备勤人,210,2026-05-20',
    ])
    const wrong = await world.call('GET', `${path}&columns=name,age,name`)
    expect([wrong.status, wrong.body.errors.map((one: Json) => one.code)]).toEqual([
      422,
      ['column-unknown', 'column-twice'],
    ])
    expect(await csvOf(`${path}&personClass=police`)).toEqual([])
    expect(await csvOf(`${path}&postId=${crypto.randomUUID()}`)).toEqual([])
    const key = await world.makeKey((await unit('No attendance')).id, 'organizer')
    expect((await download(world, path, { key })).status).toBe(422)
  })
})

describe('JSON Lines', () => {
  test('of handovers, reports, people and summaries have the words of the API', async () => {
    const days = 'from=2026-05-04&to=2026-05-10'
    const handovers = await linesOf(`/v1/exports/handovers?${days}`)
    expect(handovers.map((one) => one.state)).toEqual(['complete', 'overdue'])
    expect(handovers[0]).toMatchObject({ situation: '=cmd|calc', planned: '2026-05-04T16:00' })
    const reports = await linesOf(`/v1/exports/reports?${days}`)
    expect(reports.map((one) => [one.state, one.kind, one.filings])).toEqual([
      ['filed', 'content', 2],
      ['filed_late', 'nil', 1],
      ['missing', null, 0],
      ['missing', null, 0],
    ])
    const people = await linesOf('/v1/exports/people?columns=name,personClass')
    expect(people).toContainEqual({ name: '欧阳娜', personClass: 'volunteer' })
    const summary = await linesOf(`/v1/exports/summaries?${days}&by=person`)
    expect(summary.find((one) => one.name === '欧阳娜')).toMatchObject({ duties: 1, minutes: 540 })
  })
})

test('every file is on record with its rows, what it is for and who gets it', async () => {
  const days = 'from=2026-05-04&to=2026-05-10'
  const grounds = { purpose: 'inspection', recipient: 'City office' }
  for (const kind of ['handovers', 'reports', 'attendance', 'people']) {
    const query = `${kind === 'people' ? '' : `${days}&`}${new URLSearchParams(grounds)}`
    const lines = await linesOf(`/v1/exports/${kind}?${query}`)
    const [entry] = await world.house.database.sql`
      select facts from audit_log where action = ${`${kind}.exported`} order by at desc, id desc limit 1`
    expect(entry!.facts).toMatchObject({ ...grounds, rows: lines.length })
    expect(lines.length, kind).toBeGreaterThan(0)
  }
})
