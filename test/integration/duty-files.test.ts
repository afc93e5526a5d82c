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
