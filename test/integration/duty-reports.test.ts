import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ReportLine, streamReports } from '../../src/modules/duty-reports/duty-reports.repository.ts'
import { streamRows } from '../../src/platform/db/streams.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

// Saturday 1 August 2026, 08:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-08-01T00:00:00Z' })
  at = duties(world)
})
afterAll(() => world.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

const FIGURES = {
  type: 'object',
  properties: {
    onDuty: { type: 'integer', minimum: 0, maximum: 5000, 'x-titles': { zh: '在岗人数', en: 'People on duty' } },
    ill: { type: 'integer', minimum: 0, 'x-titles': { zh: '发热人数', en: 'With a fever' } },
    weather: { type: 'string', enum: ['fine', 'rain'], 'x-enum-titles': { fine: { zh: '晴', en: 'fine' } } },
    events: {
      type: 'array',
      maxItems: 8,
      'x-titles': { zh: '情况', en: 'Events' },
      items: {
        type: 'object',
        properties: { what: { type: 'string', maxLength: 60 }, at: { type: 'string', format: 'time' } },
        required: ['what'],
      },
    },
  },
  required: ['onDuty'],
}

const unit = async (name: string, more: object = {}): Promise<Json> =>
  (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'department', name, ...more })).body
const oblige = async (body: object): Promise<Json> =>
  (
    await world.must('POST', '/v1/report-obligations', {
      name: { zh: '每日报告', en: 'Daily report' },
      rule: 'FREQ=DAILY',
      dueTime: '16:30',
      effectiveFrom: '2026-08-01',
      effectiveTo: '2026-08-06',
      schema: FIGURES,
      ...body,
    })
  ).body
const reportsOf = async (obligationId: string): Promise<Json[]> =>
  (await world.must('GET', `/v1/reports?obligationId=${obligationId}`)).body.items
const show = async (id: string): Promise<Json> => (await world.must('GET', `/v1/reports/${id}`)).body
const file = async (id: string, body: object) => {
  const { version } = await show(id)
  return world.call('POST', `/v1/reports/${id}:file`, body, { headers: { 'if-match': `"${version}"` } })
}
const lastTo = (volunteerId: string, template: string) =>
  world.messagesTo(volunteerId).findLast((message) => message.template === template)
const page = async (link: string) => {
  const response = await fetch(link, { redirect: 'manual' })
  const text = await response.text()
  expect(Buffer.byteLength(text)).toBeLessThan(20_000)
  return { status: response.status, text }
}
const send = async (link: string, fields: Record<string, string>) => {
  const response = await fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) })
  return { status: response.status, text: await response.text() }
}
const auditOf = async (id: string) => (await at.auditOf(id)).map((row) => row.action)

describe('a report of one unit', () => {
  let obligation: Json
  let reporter: string
  let link: string

  beforeAll(async () => {
    const office = await unit('Office', { responsibles: [{ name: 'Head of office', email: 'head@example.org' }] })
    reporter = (await at.person({ unitId: office.id, displayName: 'Li Wen' })).id
    obligation = await oblige({ unitId: office.id, reporters: [{ volunteerId: reporter }] })
  })

  test('its deadlines are written down once, some days ahead, and every day one more', async () => {
    const due = await reportsOf(obligation.id)
    expect(due.map((one) => [one.dueLocal, one.state, one.nil])).toEqual(
      ['01', '02', '03', '04'].map((day) => [`2026-08-${day}T16:30`, 'due', null]),
    )
    await world.house.services.dutyReports.plan(obligation.id)
    expect(await reportsOf(obligation.id)).toHaveLength(4)
    expect(await auditOf(due[0].id)).toEqual(['report.due'])
  })

  test('the reporter is reminded 60 and 15 minutes before, with a link to a form made from the schema', async () => {
    await world.advanceTo('2026-08-01T07:29:00Z')
    expect(world.messagesTo(reporter)).toHaveLength(0)
    await world.advanceTo('2026-08-01T08:16:00Z')
    expect(world.messagesTo(reporter).map((message) => message.template)).toEqual([
      'report-reminder',
      'report-reminder',
    ])
    link = lastTo(reporter, 'report-reminder')!.link!
    const { status, text } = await page(link)
    expect(status).toBe(200)
    for (const words of ['People on duty', 'With a fever', 'Events', 'Nil: nothing to report', 'Daily report']) {
      expect(text).toContain(words)
    }
    expect(text.match(/name="e\.events\.\d\.what"/g)).toHaveLength(3)
    expect((await page(`${link}?lang=zh`)).text).toContain('在岗人数')
    expect((await page(`${link}?lang=bo`)).text).toContain('lang="bo"')
    expect((await show((await reportsOf(obligation.id))[0].id)).state).toBe('due')
  })

  test('bad input is named field by field and nothing typed is lost', async () => {
    const wrong = await send(link, {
      do: 'file',
      number: '0',
      'f.onDuty': 'many',
      'f.ill': '-3',
      'f.weather': 'hail',
      'e.events.1.at': '25:00',
      note: 'kept & safe',
    })
    expect(wrong.status).toBe(422)
    for (const kept of ['value="many"', 'value="-3"', 'value="25:00"', 'kept &amp; safe'])
      expect(wrong.text).toContain(kept)
    for (const fault of ['a whole number', 'less than 0', 'one of the list', 'is needed', 'not written']) {
      expect(wrong.text).toContain(fault)
    }
    expect((await show((await reportsOf(obligation.id))[0].id)).filings).toBe(0)
    const more = await send(link, {
      do: 'more.events',
      number: '0',
      'f.onDuty': '12',
      'e.events.0.what': 'A tree fell',
    })
    expect(more.status).toBe(200)
    expect(more.text.match(/name="e\.events\.\d\.what"/g)).toHaveLength(4)
    expect(more.text).toContain('A tree fell')
    expect((await send(link, { number: '0' })).status).toBe(400)
  })

  test('it is filed in time, amended later as a new version, and the first time stays', async () => {
    const sent = {
      do: 'file',
      number: '0',
      'f.onDuty': '１２',
      'e.events.2.what': 'A tree fell',
      'e.events.2.at': '10:15',
    }
    expect((await send(link, sent)).status).toBe(303)
    expect((await send(link, sent)).status, 'the same form sent twice').toBe(303)
    const [{ id }] = await reportsOf(obligation.id)
    const filed = await show(id)
    expect(filed).toMatchObject({ state: 'filed', nil: false, filings: 1 })
    expect(filed.filed[0]).toMatchObject({
      volunteerId: reporter,
      content: { onDuty: 12, events: [{ what: 'A tree fell', at: '10:15' }] },
    })
    expect((await page(link)).text).toContain('Received, thank you')

    await world.advanceTo('2026-08-01T09:00:00Z')
    const stranger = await send(link, { do: 'file', number: '0', 'f.onDuty': '99' })
    expect([stranger.status, stranger.text.includes('value="99"')]).toEqual([409, true])
    const amended = await file(id, { content: { onDuty: 13 } })
    expect(amended.status, amended.text).toBe(200)
    expect(amended.body).toMatchObject({ state: 'filed', filings: 2, firstFiledAt: filed.firstFiledAt })
    expect(amended.body.filed.map((one: Json) => one.content.onDuty)).toEqual([12, 13])
    expect(await auditOf(id)).toEqual(['report.due', 'report.filed', 'report.amended'])
    await expect(
      world.house.database.sql`update report_filings set is_nil = true where report_id = ${id}`,
    ).rejects.toThrow('append-only')
  })

  test('nothing filed is late, alarms climb, then missing; nil is another thing', async () => {
    await world.advanceTo('2026-08-02T08:29:00Z')
    const [, second] = await reportsOf(obligation.id)
    expect(second).toMatchObject({ state: 'due', nil: null })
    const sentBefore = world.messages.length
    await world.advanceTo('2026-08-02T09:05:00Z')
    const sent = world.messages.slice(sentBefore).map((message) => message.template)
    expect(sent.sort()).toEqual(['report-alarm', 'report-late', 'report-late', 'report-missing'])
    expect(await show(second.id)).toMatchObject({
      state: 'missing',
      nil: null,
      missingAt: expect.stringMatching(/^2026-08-02T09:00:0/),
    })
    expect(await auditOf(second.id)).toEqual(['report.due', 'report.late', 'report.missing'])

    const nil = await send(lastTo(reporter, 'report-late')!.link!, { do: 'nil', number: '0' })
    expect(nil.status).toBe(303)
    expect(await show(second.id)).toMatchObject({ state: 'filed_late', nil: true, filings: 1 })
    const board = await world.must('GET', `/v1/report-board?from=2026-08-01&to=2026-08-04&unitId=${second.unitId}`)
    expect(board.body.counts).toEqual({ due: 1, filed: 1, nil: 0, late: 0, filedLate: 1, missing: 0 })
    expect(board.body.items.map((cell: Json) => [cell.day, cell.counts.filed, cell.counts.filedLate])).toEqual([
      ['2026-08-01', 1, 0],
      ['2026-08-02', 0, 1],
      ['2026-08-03', 0, 0],
    ])
  })

  test('the API names every wrong field of content, and refuses a stale version', async () => {
    const [, , third] = await reportsOf(obligation.id)
    const wrong = await file(third.id, { content: { onDuty: 1.5, events: [{ at: 'noon' }], extra: 1 } })
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors.map((one: Json) => `${one.pointer} ${one.code}`).sort()).toEqual([
      '/body/content/events/0/at format',
      '/body/content/events/0/what required',
      '/body/content/extra field-unknown',
      '/body/content/onDuty type',
    ])
    const old = await world.call(
      'POST',
      `/v1/reports/${third.id}:file`,
      { nil: true },
      { headers: { 'if-match': '"9"' } },
    )
    expect(old.status).toBe(412)
    expect((await file(third.id, { nil: true, content: {} })).status).toBe(400)
    const nil = await file(third.id, { nil: true })
    expect(nil.body).toMatchObject({ state: 'filed', nil: true })
  })

  test('a change of the time moves the deadlines to come and leaves the others', async () => {
    const { version } = (await world.must('GET', `/v1/report-obligations/${obligation.id}`)).body
    const patched = await world.call(
      'PATCH',
      `/v1/report-obligations/${obligation.id}`,
      { dueTime: '18:00' },
      { headers: { 'if-match': `"${version}"` } },
    )
    expect(patched.status, patched.text).toBe(200)
    const due = (await reportsOf(obligation.id)).map((one) => one.dueLocal)
    expect(due).toContain('2026-08-03T16:30')
    expect(due).toContain('2026-08-04T18:00')
    expect(due).not.toContain('2026-08-04T16:30')
  })
})

describe('what cannot be', () => {
  test('a schema beyond what forms can be made from, unknown people, and a rule that never happens', async () => {
    const wrong = await world.call('POST', '/v1/report-obligations', {
      unitId: world.root.id,
      name: {},
      rule: 'FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2',
      dueTime: '24:30',
      effectiveFrom: '2026-08-01',
      reporters: [],
      schema: { type: 'object', properties: { a: { $ref: '#' }, b: { type: 'integer', minimum: 3, maximum: 1 } } },
    })
    expect(wrong.status).toBe(400)
    const pointers = wrong.body.errors.map((one: Json) => one.pointer)
    for (const pointer of [
      '/body/name',
      '/body/rule',
      '/body/dueTime',
      '/body/reporters',
      '/body/schema/properties/b/maximum',
    ]) {
      expect(pointers).toContain(pointer)
    }
    expect(pointers.some((one: string) => one.startsWith('/body/schema/properties/a'))).toBe(true)
    const nobody = '00000000-0000-7000-8000-000000000000'
    const unknown = await world.call('POST', '/v1/report-obligations', {
      unitId: world.root.id,
      name: { en: 'x' },
      rule: 'FREQ=DAILY',
      dueTime: '12:00',
      effectiveFrom: '2026-08-01',
      reporters: [{ volunteerId: nobody }, { postId: nobody }],
      receivers: [{ unitId: nobody, onward: [{ volunteerId: nobody }] }],
      feedsId: nobody,
    })
    expect(unknown.status).toBe(422)
    expect(unknown.body.errors.map((one: Json) => one.pointer).sort()).toEqual([
      '/body/feedsId',
      '/body/receivers/0/onward/0/volunteerId',
      '/body/receivers/0/unitId',
      '/body/reporters/0/volunteerId',
      '/body/reporters/1/postId',
    ])
  })

  test('a chain is no circle, and other units are not seen', async () => {
    const [a, b] = [await unit('Ring A'), await unit('Ring B')]
    const person = (await at.person({ unitId: a.id })).id
    const first = await oblige({ effectiveTo: '2026-08-04', unitId: a.id, reporters: [{ volunteerId: person }] })
    const second = await oblige({
      effectiveTo: '2026-08-04',
      unitId: a.id,
      reporters: [{ volunteerId: person }],
      feedsId: first.id,
    })
    const circle = await world.call(
      'PATCH',
      `/v1/report-obligations/${first.id}`,
      { feedsId: second.id },
      { headers: { 'if-match': '"1"' } },
    )
    expect([circle.status, circle.body.errors[0].code]).toEqual([422, 'report-chain-cyclic'])
    const key = await world.makeKey(b.id, 'organizer')
    const hidden = await world.call('GET', `/v1/report-obligations/${first.id}`, undefined, { key })
    expect([hidden.status, hidden.body.code]).toEqual([404, 'report-obligation-unknown'])
    expect((await world.must('GET', '/v1/reports', undefined, { key })).body.items).toEqual([])
    expect((await page(`${world.url}/r/${'x'.repeat(43)}`)).status).toBe(404)
  })
})

describe('scenario B: the zero report to three receivers', () => {
  test('each receives it, ticks that they have read it, and one passes it on', async () => {
    const bureau = await unit('Retired cadres bureau')
    const command = await unit('Prefecture command', { responsibles: [{ name: 'Command', email: 'c@example.org' }] })
    const liaison = (await at.person({ unitId: bureau.id, displayName: 'Liaison' })).id
    const inspector = (await at.person({ displayName: 'Inspector' })).id
    const deputy = (await at.person({ displayName: 'Deputy' })).id
    const obligation = await oblige({
      unitId: bureau.id,
      name: { zh: '零报告', en: 'Zero report' },
      dueTime: '18:00',
      reporters: [{ volunteerId: liaison }],
      receivers: [
        { unitId: command.id },
        { volunteerId: inspector, onward: [{ volunteerId: deputy }] },
        { name: 'Health commission', channel: 'email', address: 'health@example.org' },
      ],
    })
    const due = (await reportsOf(obligation.id)).find((one) => one.state === 'due')
    const before = world.messages.length
    expect((await file(due.id, { nil: true })).body.receipts).toHaveLength(3)
    await world.settled()
    const told = world.messages.slice(before).filter((message) => message.template === 'report-filed')
    expect(told).toHaveLength(3)
    for (const message of told) {
      expect(message.text).toContain('nil, nothing to report')
      const shown = await page(message.link!)
      expect(shown.text).toContain('Nil: nothing to report.')
      expect((await show(due.id)).receipts.filter((one: Json) => one.readAt)).toHaveLength(0)
    }
    for (const message of told) expect((await send(message.link!, { do: 'read', number: '1' })).status).toBe(303)
    const read = await show(due.id)
    expect(read.receipts.every((one: Json) => one.readAt !== null && one.readNewest)).toBe(true)
    expect(JSON.stringify(read.receipts)).not.toContain('health@example.org')

    const toInspector = lastTo(inspector, 'report-filed')!.link!
    expect((await page(toInspector)).text).toContain('Pass on to Deputy')
    expect((await send(toInspector, { do: 'forward', number: '1' })).status).toBe(303)
    await world.settled()
    expect((await page(toInspector)).text).toContain('Passed on to Deputy')
    expect((await send(lastTo(deputy, 'report-filed')!.link!, { do: 'read', number: '1' })).status).toBe(303)
    const forwarded = (await show(due.id)).receipts.find((one: Json) => one.forwardedById)
    expect(forwarded).toMatchObject({ receiver: { volunteerId: deputy }, readNewest: true })

    await file(due.id, { content: { onDuty: 3 } })
    await world.settled()
    expect(world.messagesTo(deputy).filter((message) => message.template === 'report-filed')).toHaveLength(2)
    expect((await show(due.id)).receipts.some((one: Json) => one.readNewest)).toBe(false)
    expect((await page(toInspector)).text).toContain('it was corrected since')
  })
})

describe('scenario C: three parallel reports', () => {
  test('staff of units, residents of villages and relatives of cadres stand side by side on one board', async () => {
    const day = '2026-08-04'
    const county = await unit('Pastoral county')
    const villages = await Promise.all(
      ['North village', 'South village'].map((name) => unit(name, { parentId: county.id })),
    )
    const kinds = ['Staff', 'Residents', 'Relatives']
    for (const village of villages) {
      const person = (await at.person({ unitId: village.id, locale: 'bo' })).id
      for (const en of kinds) {
        await oblige({
          unitId: village.id,
          name: { en, bo: 'སྙན་ཞུ།' },
          dueTime: '20:00',
          effectiveFrom: day,
          effectiveTo: '2026-08-05',
          remindBeforeMinutes: [],
          reporters: [{ volunteerId: person }],
        })
      }
    }
    const of = async (village: Json) =>
      (await world.must('GET', `/v1/reports?unitId=${village.id}&from=${day}&to=2026-08-05`)).body.items
    const [north, south] = [await of(villages[0]), await of(villages[1])]
    expect(north.map((one: Json) => one.name.en).sort()).toEqual(['Relatives', 'Residents', 'Staff'])
    await file(north[0].id, { content: { onDuty: 4 } })
    await file(north[1].id, { nil: true })
    await file(south[0].id, { nil: true })
    const query = `/v1/report-board?unitId=${county.id}&from=${day}&to=2026-08-05`
    const first = (await world.must('GET', `${query}&limit=1`)).body
    expect(first.counts).toEqual({ due: 3, filed: 1, nil: 2, late: 0, filedLate: 0, missing: 0 })
    const second = (await world.must('GET', `${query}&limit=1&cursor=${first.nextCursor}`)).body
    const cells = [...first.items, ...second.items]
    expect(second.nextCursor).toBeNull()
    expect(
      cells.map((cell: Json) => [cell.unitName, cell.counts.filed, cell.counts.nil, cell.reportIds.length]).sort(),
    ).toEqual([
      ['North village', 1, 1, 3],
      ['South village', 0, 1, 3],
    ])
  })
})

describe('many at once', () => {
  test('of five filings with one version one is written; the board streams line by line', async () => {
    const office = await unit('Busy office')
    const person = (await at.person({ unitId: office.id })).id
    const wish = {
      unitId: office.id,
      dueTime: '23:00',
      effectiveTo: '2026-08-03',
      reporters: [{ volunteerId: person }],
    }
    const obligation = await oblige({ ...wish, receivers: [{ volunteerId: person }] })
    const [{ id, version }] = await reportsOf(obligation.id)
    const headers = { 'if-match': `"${version}"` }
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((onDuty) =>
        world.call('POST', `/v1/reports/${id}:file`, { content: { onDuty } }, { headers }),
      ),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412, 412, 412])
    expect((await show(id)).filings).toBe(1)

    const [place] = await world.house.database.sql`select path from units where id = ${office.id}`
    const query = streamReports({ unitPath: place!.path, fromOn: '2026-08-01', toOn: '2026-09-01' })
    const { sql } = world.house.services.foundations
    const lines: ReportLine[] = []
    const signal = new AbortController().signal
    for await (const line of streamRows(sql, query, (row: ReportLine) => row, signal)) lines.push(line)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      reportId: id,
      unit: 'Busy office',
      dueLocal: '2026-08-02T23:00',
      state: 'filed',
      isNil: false,
      filings: 1,
      filedBy: null,
      receivers: 1,
      readers: 0,
    })
    expect(lines[0]!.dueAt).toBeInstanceOf(Date)
    expect(lines[0]!.content).toEqual({ onDuty: expect.any(Number) })
  })
})

describe('scenario D: departments by 16:30, the duty officer by 17:00', () => {
  test('the officer on duty sees the parts, chases what is missing and files the sums', async () => {
    const college = await unit('College', { responsibles: [{ name: 'Leader on duty', email: 'l@example.org' }] })
    const room = await at.post({ unitId: college.id, name: 'Duty room' })
    const officer = (await at.person({ unitId: college.id, displayName: 'Duty Officer' })).id
    const seat = await at.duty({
      volunteerId: officer,
      postId: room.id,
      start: '2026-08-03T08:00',
      length: 'P1D',
      role: 'officer',
    })
    const province = await oblige({
      unitId: college.id,
      name: { en: 'To the province' },
      dueTime: '17:00',
      effectiveFrom: '2026-08-03',
      reporters: [{ postId: room.id, role: 'officer' }],
      receivers: [{ name: 'Province', channel: 'email', address: 'p@example.org' }],
    })
    const people: string[] = []
    for (const name of ['Teaching', 'Logistics', 'Security']) {
      const department = await unit(name, { parentId: college.id })
      const person = (await at.person({ unitId: department.id, displayName: `Reporter of ${name}` })).id
      people.push(person)
      await oblige({
        unitId: department.id,
        name: { en: `${name} report` },
        reporters: [{ volunteerId: person }],
        feedsId: province.id,
        effectiveFrom: '2026-08-03',
        missingAfterMinutes: 20,
      })
    }
    await world.advanceTo('2026-08-03T00:00:00Z')
    await world.must('POST', `/v1/assignments/${seat.id}:check-in`, {})
    await world.advanceTo('2026-08-03T08:20:00Z')
    const [teaching, logistics, security] = people.map((person) => lastTo(person, 'report-reminder')!.link!)
    await send(teaching!, { do: 'file', number: '0', 'f.onDuty': '40', 'f.ill': '1' })
    await send(logistics!, { do: 'nil', number: '0' })
    expect(lastTo(officer, 'report-reminder')).toBeDefined()
    expect(lastTo(officer, 'report-part-late')).toBeUndefined()

    await world.advanceTo('2026-08-03T08:31:00Z')
    expect(lastTo(people[2]!, 'report-late')).toBeDefined()
    const late = lastTo(officer, 'report-part-late')!
    expect(late.text).toContain('Security report')
    const shown = await page(late.link!)
    for (const words of [
      'Teaching',
      'Over time',
      'Filed: nil',
      'Remind those',
      'value="40"',
      'sums of what the parts',
    ]) {
      expect(shown.text).toContain(words)
    }
    const chased = await send(late.link!, { do: 'chase' })
    expect([chased.status, chased.text.includes('They are being reminded')]).toEqual([200, true])
    await world.settled()
    expect(lastTo(people[2]!, 'report-chase')).toBeDefined()
    expect(lastTo(people[0]!, 'report-chase')).toBeUndefined()

    await send(security!, { do: 'file', number: '0', 'f.onDuty': '7', 'f.ill': '2' })
    const full = await page(late.link!)
    for (const words of ['value="47"', 'value="3"', 'Filed late']) expect(full.text).toContain(words)
    await world.advanceTo('2026-08-03T08:55:00Z')
    expect((await send(late.link!, { do: 'file', number: '0', 'f.onDuty': '47', 'f.ill': '3' })).status).toBe(303)
    const report = (await reportsOf(province.id)).find((one) => one.localDay === '2026-08-03')
    const done = await show(report.id)
    expect(done).toMatchObject({ state: 'filed', sums: { onDuty: 47, ill: 3 } })
    expect(done.filed[0]).toMatchObject({ volunteerId: officer, content: { onDuty: 47, ill: 3 } })
    expect(done.children.map((child: Json) => child.standing).sort()).toEqual(['filed', 'filed_late', 'nil'])
    await world.advanceTo('2026-08-03T09:40:00Z')
    expect(world.messages.filter((one) => one.template === 'report-alarm' && one.text.includes('province'))).toEqual([])
  })

  test('nobody on duty: the unit is told instead', async () => {
    const empty = await unit('Empty room', { responsibles: [{ name: 'Warden', email: 'w@example.org' }] })
    const room = await at.post({ unitId: empty.id, name: 'Room' })
    await oblige({
      unitId: empty.id,
      name: { en: 'Nobody there' },
      dueTime: '20:00',
      effectiveFrom: '2026-08-03',
      reporters: [{ postId: room.id }],
    })
    await world.advanceTo('2026-08-03T11:01:00Z')
    const told = world.messages.filter((message) => message.text.includes('Nobody there'))
    expect(told.map((message) => message.template)).toEqual(['report-nobody'])
  })
})
