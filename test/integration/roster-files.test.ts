import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { download, squeezed } from '../support/downloads.ts'
import { buildDutyTown, type DutyTown } from '../support/duty-town.ts'
import { popplerOrSkip } from '../support/poppler.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let town: DutyTown
let rosterId: string

beforeAll(async () => {
  world = await startWorld({ now: '2026-05-08T02:00:00Z' })
  town = await buildDutyTown(world)
  const { sql } = world.house.database
  for (const [table, column] of [
    ['units', 'name'],
    ['posts', 'name'],
    ['volunteers', 'display_name'],
  ] as const) {
    await sql`update ${sql(table)} set ${sql(column)} = replace(${sql(column)}, 'Duty town', '城东镇')`
  }
  const roster = await town.makeRoster('2026-05-11', '2026-05-21')
  rosterId = roster.id
})
afterAll(() => world.close())

/** Sheets by name, as another program reads them. */
const sheetsOf = async (bytes: Buffer) =>
  new Map((await readXlsx(bytes)).map(({ sheet, data }) => [sheet, data as (string | Date | null)[][]]))
const files = (query: string) => download(world, `/v1/rosters/${rosterId}/files?${query}`)

describe('the draft', () => {
  test('is printed with every seat, and says on every page that it is a draft', async (context) => {
    const poppler = await popplerOrSkip(context)
    const { status, headers, bytes } = await files('format=pdf&lang=zh')
    expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf'])
    expect(headers.get('content-disposition')).toBe('attachment; filename="roster_2026-05-11_2026-05-21_DRAFT.pdf"')
    const pages = (await poppler.text(bytes)).map(squeezed)
    expect(pages).toHaveLength(2)
    for (const [index, page] of pages.entries()) {
      expect(page).toContain('【草稿】城东镇值班表')
      expect(page).toContain(`草稿，未发布，2026-05-0810:00打印·第${index + 1}页，共2页`)
      expect(page).toContain('①lead②staff')
      expect(page).toContain('城东镇gate1')
    }
    expect(pages[0]).toContain('5月11日(周一)')
    expect(pages[0]).not.toContain('5月18日')
    expect(pages[1]).toContain('5月18日(周一)')
    expect(pages[1]).toContain('编制人')
    expect(pages[1]).toContain('（公章）')
    const info = await poppler.info(bytes)
    expect(info['Page size']).toContain('841.89 x 595.28')
    // Two gates, ten days, one lead and two staff each; wrapped names stand in pieces, marks do not.
    const marks = pages.join('').match(/[①②]城|[①②]\(|[①②]（/g)!
    expect(marks.filter((mark) => mark.startsWith('①'))).toHaveLength(20)
    expect(marks.filter((mark) => mark.startsWith('②'))).toHaveLength(40)
  })

  test('as a workbook is marked too, and its second sheet has one line for each seat', async () => {
    const { status, bytes } = await files('format=xlsx&lang=en&version=draft')
    expect(status).toBe(200)
    const sheets = await sheetsOf(bytes)
    expect([...sheets.keys()]).toEqual(['Roster DRAFT, not published', 'People DRAFT, not published'])
    const [grid, people] = [...sheets.values()] as [string[][], (string | Date)[][]]
    expect(grid[0]!.slice(0, 4)).toEqual(['Unit', 'Post', 'Hours', 'Mon 11 May'])
    expect(grid[0]).toHaveLength(13)
    expect(grid.slice(1).map((row) => row.slice(0, 3))).toEqual([
      ['城东镇', '城东镇 gate 1', '08:00–08:00+1'],
      ['城东镇', '城东镇 gate 2', '08:00–08:00+1'],
    ])
    expect(people[0]).toEqual(['Person number', 'Name', 'Unit', 'Post', 'Role', 'Kind', 'Start', 'End', 'State'])
    const start = people[1]![6] as Date
    expect(Math.round(start.getTime() / 1000)).toBe(Date.parse('2026-05-11T08:00:00Z') / 1000)
    expect(people.slice(1)).toHaveLength(60)
    expect(new Set(people.slice(1).map((row) => row[8]))).toEqual(new Set(['draft']))
    expect(new Set(people.slice(1).map((row) => row[5]))).toEqual(new Set(['Duty']))
    const named = people.slice(1).map((row) => String(row[1]))
    expect(
      grid
        .slice(1)
        .flatMap((row) => row.slice(3).flatMap((cell) => cell.split(', ')))
        .sort(),
    ).toEqual(
      people
        .slice(1)
        .map((row) => `${row[4] === 'lead' ? '①' : '②'}${row[1]}`)
        .sort(),
    )
    expect(named.every((name) => name.startsWith('城东镇'))).toBe(true)
  })
})

describe('what was published', () => {
  let frozen: { assignmentId: string }[]

  beforeAll(async () => {
    const { headers } = await world.must('GET', `/v1/rosters/${rosterId}`)
    await world.must('POST', `/v1/rosters/${rosterId}:publish`, {}, { headers: { 'if-match': headers.get('etag')! } })
    frozen = (await world.must('GET', `/v1/rosters/${rosterId}/versions/1`)).body.lines
  })

  test('carries its version on every page and nothing of a draft', async (context) => {
    const poppler = await popplerOrSkip(context)
    const { bytes, headers } = await files('format=pdf&lang=en')
    expect(headers.get('content-disposition')).toContain('_v1.pdf')
    const pages = (await poppler.text(bytes)).map((page) => page.replace(/\s+/g, ' '))
    for (const [index, page] of pages.entries()) {
      expect(page).toContain('城东镇: duty roster')
      expect(page).toContain(`Version 1, published 2026-05-08 10:00 · page ${index + 1} of 2`)
      expect(page).not.toContain('DRAFT')
    }
    for (const part of ['Prepared by', 'Checked by', 'Approved by', 'Date', '(official seal)']) {
      expect(pages[1]).toContain(part)
    }
    expect((await files('format=pdf&lang=en')).bytes.equals(bytes)).toBe(true)
  })

  test('stays as it was frozen when somebody drops out; the sheet of people tells how it stands now', async () => {
    await world.must('POST', `/v1/assignments/${frozen[0]!.assignmentId}:decline`, { reason: 'ill' })
    await world.settled()
    const { bytes } = await files('format=xlsx&lang=zh&version=1')
    const sheets = await sheetsOf(bytes)
    expect([...sheets.keys()]).toEqual(['值班表 第1版', '人员明细 第1版'])
    const people = sheets.get('人员明细 第1版')!.slice(1)
    expect(people.filter((row) => row[1])).toHaveLength(frozen.length)
    expect(people.filter((row) => row[8] === '已谢绝')).toHaveLength(1)
    expect(people.filter((row) => row[8] === '待确认')).toHaveLength(frozen.length - 1)
  })

  test('is asked for by number; what is not there is said before a byte of file', async () => {
    expect((await files('version=2')).status).toBe(404)
    const draft = await world.call('GET', `/v1/rosters/${rosterId}/files?version=draft`)
    expect([draft.status, draft.body.code]).toEqual([409, 'roster-no-draft'])
    const wrong = await world.call('GET', `/v1/rosters/${rosterId}/files?version=new&format=doc&lang=fr`)
    expect([wrong.status, wrong.body.errors.map((one: { pointer: string }) => one.pointer)]).toEqual([
      400,
      ['/query/format', '/query/lang', '/query/version'],
    ])
  })

  test('is for those only whose unit covers it, and every copy is on record', async () => {
    const other = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Elsewhere' }))
      .body
    const key = await world.makeKey(other.id, 'viewer')
    expect((await download(world, `/v1/rosters/${rosterId}/files`, { key })).status).toBe(404)
    const own = await world.makeKey(town.unitId, 'viewer')
    const path = `/v1/rosters/${rosterId}/files?purpose=inspection&recipient=City`
    expect((await download(world, path, { key: own })).status).toBe(200)
    const rows = await world.house.database.sql`
      select facts from audit_log where action = 'roster.exported' and subject_id = ${rosterId} order by at desc, id desc`
    expect(rows[0]!.facts).toMatchObject({ format: 'pdf', version: 1, purpose: 'inspection', recipient: 'City' })
    const [seats] = await world.house.database.sql`
      select count(*)::int as count from slots s join shifts f on f.id = s.shift_id
      where f.post_id = any(${town.postIds}::uuid[]) and f.local_day >= '2026-05-11' and f.local_day < '2026-05-21'`
    expect(rows[0]!.facts.rows).toBe(seats!.count)
  })
})

describe('the sheet to sign by hand', () => {
  test('names the crew with their numbers, leaves lines free, and is unknown to others', async (context) => {
    const poppler = await popplerOrSkip(context)
    const [shift] = await world.house.database.sql`
      select f.id from shifts f join posts p on p.id = f.post_id
      where p.id = ${town.postIds[0]!} and f.local_day = '2026-05-12'`
    const [person] = await world.house.database.sql`
      update volunteers set person_number = '0071234' where id in (
        select volunteer_id from assignments where shift_id = ${shift!.id} and state = 'pending' limit 1)
      returning display_name`
    const { status, bytes } = await download(world, `/v1/shifts/${shift!.id}/attendance-sheet?lang=zh`)
    expect(status).toBe(200)
    const pages = await poppler.text(bytes)
    expect(pages).toHaveLength(1)
    const text = squeezed(pages[0]!)
    for (const part of [
      '城东镇值班签到表',
      '5月12日(周二)08:00至5月13日(周三)08:00，共24小时',
      '签到签名',
      '带班负责人',
      '（公章）',
      '第1版，2026-05-0810:00打印·第1页，共1页',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).toContain('0071234')
    expect(text).toContain(squeezed(person!.display_name))
    const numbers = [...pages[0]!.matchAll(/^\s*(\d)(?:\s|$)/gm)].map((match) => Number(match[1]))
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7])
    const outsider = await world.makeKey(
      (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Far away' })).body.id,
      'admin',
    )
    const refused = await download(world, `/v1/shifts/${shift!.id}/attendance-sheet`, { key: outsider })
    expect(refused.status).toBe(404)
  })
})

test('of two hundred posts over a week the file comes whole', async (context) => {
  const poppler = await popplerOrSkip(context)
  const { sql } = world.house.database
  const unit = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'county', name: '大县' })).body
  const [roster] = await sql`
    insert into rosters (id, unit_id, from_on, to_on, state, version, published_version, created_at, updated_at)
    values (gen_random_uuid(), ${unit.id}, '2027-01-04', '2027-01-11', 'draft', 1, 0, now(), now()) returning id`
  await sql`insert into posts (id, unit_id, name, kind, priority, active, created_at, updated_at, version)
    select gen_random_uuid(), ${unit.id}, '卡点' || to_char(n, 'FM0000'), 'checkpoint', 3, true, now(), now(), 1
    from generate_series(1, 200) n`
  await sql`insert into cover_requirements (id, post_id, role, position, minimum, desired, maximum, created_at)
    select gen_random_uuid(), id, '值守', 1, 1, 1, 1, now() from posts where unit_id = ${unit.id}`
  await sql`insert into shifts (id, post_id, original_start, start_local, end_local, zone, local_day, starts_at, ends_at,
      nominal_minutes, created_at)
    select gen_random_uuid(), p.id, d || 'T08:00', d || 'T08:00', d || 'T20:00', 'Asia/Shanghai', d::date,
      (d || 'T00:00Z')::timestamptz, (d || 'T12:00Z')::timestamptz, 720, now()
    from posts p, (select to_char(date '2027-01-04' + n, 'YYYY-MM-DD') as d from generate_series(0, 6) n) days
    where p.unit_id = ${unit.id}`
  await sql`insert into slots (id, shift_id, requirement_id, role, seat, mandatory)
    select gen_random_uuid(), f.id, c.id, c.role, 1, true
    from shifts f join posts p on p.id = f.post_id join cover_requirements c on c.post_id = p.id
    where p.unit_id = ${unit.id}`
  const people = Array.from({ length: 50 }, (_, index) => `王喆${index}`)
  const ids: string[] = []
  for (const displayName of people) {
    ids.push(
      (await world.must('POST', '/v1/volunteers', { unitId: unit.id, displayName, personClass: 'staff' })).body.id,
    )
  }
  await sql`insert into draft_assignments (slot_id, roster_id, volunteer_id, pinned, source)
    select s.id, ${roster!.id}, (${ids}::uuid[])[1 + (row_number() over (order by s.id))::int % 50], false, 'engine'
    from slots s join shifts f on f.id = s.shift_id join posts p on p.id = f.post_id where p.unit_id = ${unit.id}`
  const began = performance.now()
  const { bytes } = await download(world, `/v1/rosters/${roster!.id}/files?format=pdf`)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const text = (await poppler.text(bytes)).join('')
  process.stdout.write(`a roster of 200 posts over 7 days: ${(bytes.length / 1024).toFixed(0)} KB in ${seconds} s\n`)
  expect(new Set(text.match(/卡点\d{4}/g))).toHaveLength(200)
  expect(text.match(/王喆\d+/g)).toHaveLength(1400)
})
