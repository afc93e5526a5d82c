import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { busyPost, noted, onMay } from '../support/busy-post.ts'
import { download, filesOf, squeezed } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { popplerOrSkip } from '../support/poppler.ts'
import { startWorld, type World } from '../support/world.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

let world: World
let at: Duties
let unit: Json
let path: string

// Tuesday 19 May 2026, 12:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-19T04:00:00Z', worker: false })
  at = duties(world)
  unit = await town('考勤镇')
  const { ids } = await busyPost(world, at, unit.id)
  const post = await at.post({ unitId: unit.id, name: '夜岗' })
  const night = async (index: number, day: number) => {
    const start = `2026-05-${String(day).padStart(2, '0')}T20:00`
    const duty = await at.duty({ volunteerId: ids[index]!, postId: post.id, start, length: 'PT12H' })
    await noted(world, duty, 'check-in', duty.startsAt)
    await noted(world, duty, 'check-out', duty.endsAt)
  }
  // A Saturday night, a night of the month before, two duties on one day; then somebody who is away, and a class apart.
  await night(1, 16)
  await night(1, 19)
  const april = await at.duty({ volunteerId: ids[1]!, postId: post.id, start: '2026-04-30T08:00' })
  await noted(world, april, 'check-in', april.startsAt)
  await noted(world, april, 'check-out', april.endsAt)
  const second = await at.duty({ volunteerId: ids[0]!, postId: post.id, start: '2026-05-20T20:00' })
  expect(second.state).toBe('confirmed')
  await world.must('POST', `/v1/volunteers/${ids[1]}/absences`, {
    kind: 'sick',
    startsAt: onMay(5, '12:00').toISOString(),
    endsAt: onMay(7, '00:00').toISOString(),
  })
  await at.person({ unitId: unit.id, displayName: '闲人', sortName: '49' })
  await at.person({ unitId: unit.id, displayName: '民警', sortName: '50', personClass: 'police' })
  path = `/v1/exports/monthly-attendance?unitId=${unit.id}&month=2026-05`
})
afterAll(() => world.close())

const town = async (name: string): Promise<Json> =>
  (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name })).body
const { fileOf, csvOf, linesOf } = filesOf(() => world)

test('has one row a person, a mark for each day and what the ledger has', async () => {
  const rows = await csvOf(`${path}&lang=zh`)
  expect(rows.map((row) => row.姓名)).toEqual(["'=甲", '乙', '丙', '丁', '戊'])
  const [header] = parse((await fileOf(`${path}&lang=zh`)).bytes, { bom: true }) as string[][]
  expect(header!.slice(3, 7)).toEqual(['人员类别', '1', '2', '3'])
  expect(rows.map((row) => row['20'])).toEqual(['迟/班', '退', '缺', '未', '迟'])
  expect(rows[0]).toMatchObject({ 值班次数: '1', 实际分钟: '240', 迟到次数: '1', 迟到分钟: '20', 缺岗次数: '0' })
  expect(rows[1]).toMatchObject({
    ...{ 5: '休', 6: '休', 7: '', 16: '√', 19: '√' },
    ...{ 值班次数: '3', 实际分钟: '1650', 夜班次数: '2', 周末班次: '1', 周末分钟: '720', 早退次数: '1' },
  })
  expect(rows[2]).toMatchObject({ 值班次数: '0', 实际分钟: '0', 缺岗次数: '1' })
})

test('agrees with the summary by person and with the ledger', async () => {
  const rows = await linesOf(`${path}&everybody=true`)
  const scope = `unitId=${unit.id}&from=2026-05-01&to=2026-06-01`
  const { items } = (await world.must('GET', `/v1/summaries?by=person&${scope}&limit=100`)).body
  const figures = ['duties', 'minutes', 'creditedMinutes', 'standbyMinutes', 'nights', 'nightMinutes']
  const more = ['weekendMinutes', 'holidayMinutes', 'noShows']
  const of = (one: Json) => [...figures, ...more].map((name) => one[name])
  expect(rows.map((row) => [row.personId, ...of(row)])).toEqual(items.map((one: Json) => [one.id, ...of(one)]))
  const ledger = (await world.must('GET', `/v1/ledger?${scope}&limit=500`)).body.items as Json[]
  const sum = (list: Json[]) => list.reduce((total, one) => total + one.minutes, 0)
  expect(sum(rows)).toBe(sum(ledger))
  expect(sum(rows)).toBeGreaterThan(0)
})

test('says the same as XLSX with a legend, JSON Lines and PDF; long numbers stay text', async (context) => {
  const { bytes } = await fileOf(`${path}&lang=zh&format=xlsx`)
  const [sheet, notes] = await readXlsx(bytes)
  const [header, first] = sheet!.data as unknown[][]
  const cell = (name: string) => first![header!.indexOf(name)]
  expect([cell('姓名'), cell('人员编号'), cell('20'), cell('实际分钟')]).toEqual([
    '=甲',
    '007123456789012340',
    '迟/班',
    240,
  ])
  expect(notes!.data).toContainEqual(['迟', '迟到'])
  const lines = await linesOf(`${path}&columns=name,d20,personClass`)
  expect(lines[0]).toEqual({ name: '=甲', d20: 'late; planned', personClass: 'volunteer' })
  const poppler = await popplerOrSkip(context)
  const printed = await fileOf(`${path}&lang=zh&format=pdf`)
  const text = squeezed((await poppler.text(printed.bytes)).join(''))
  for (const part of ['月度考勤表', '考勤镇', '2026-05-01至2026-05-31', '√出勤', '（公章）']) {
    expect(text).toContain(part)
  }
  const [page] = await poppler.words(printed.bytes)
  const twentieth = page!.find((word) => word.text === '20')!
  const marks = page!.filter((word) => word.text.length === 1 && Math.abs(word.left - twentieth.left) < 6)
  expect(marks.map((word) => word.text)).toEqual(['迟', '班', '退', '缺', '未', '迟'])
  expect((await poppler.info(printed.bytes))['Page size']).toContain('841.89 x 595.28')
})

test('is of everybody or of one class when asked, with the columns asked for', async () => {
  const names = async (more: string) => (await linesOf(`${path}&columns=name${more}`)).map((row) => row.name)
  expect(await names('&everybody=true')).toEqual(['=甲', '乙', '丙', '丁', '戊', '己', '闲人', '民警'])
  expect(await names('&everybody=true&personClass=police')).toEqual(['民警'])
  expect(await names('&personClass=police')).toEqual([])
  const { bytes } = await fileOf(`${path.replace('2026-05', '2026-02')}&columns=name,days,minutes&headers=keys`)
  const keys = bytes.toString('utf8', 3).trim().split(',')
  expect([keys.length, keys[1], keys.at(-2), keys.at(-1)]).toEqual([30, 'd01', 'd28', 'minutes'])
  const wrong = await world.call('GET', `${path.replace('2026-05', '2026-02')}&columns=d29`)
  expect(wrong.body.errors.map((one: Json) => one.code)).toEqual(['column-unknown'])
  expect((await world.call('GET', path.replace('2026-05', '2026-13'))).body.errors[0].pointer).toBe('/query/month')
  const key = await world.makeKey((await town('No month')).id, 'organizer')
  expect((await download(world, path, { key })).status).toBe(422)
})

test('is on record with its rows, what it is for and who gets it', async () => {
  const grounds = { purpose: 'inspection', recipient: 'County office' }
  const lines = await linesOf(`${path}&${new URLSearchParams(grounds)}`)
  const [entry] = await world.house.database.sql`
    select facts from audit_log where action = 'monthly-attendance.exported' order by at desc, id desc limit 1`
  expect(entry!.facts).toMatchObject({ ...grounds, rows: lines.length })
  expect(lines.length).toBeGreaterThan(0)
})
