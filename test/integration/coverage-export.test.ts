import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/platform/db/ids.ts'
import { createRandom } from '../../src/solver/random.ts'
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
  unit = await town('覆盖镇')
  await busyPost(world, at, unit.id)
  path = `/v1/exports/coverage?unitId=${unit.id}&from=2026-05-20&to=2026-05-22`
})
afterAll(() => world.close())

const town = async (name: string): Promise<Json> =>
  (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name })).body
const { fileOf, csvOf, linesOf } = filesOf(() => world)

test('says of each shift what was wanted, held and staffed, and which minutes nobody covered', async () => {
  const rows = await csvOf(`${path}&lang=en`)
  expect(rows).toHaveLength(3)
  expect(rows[0]).toMatchObject({
    ...{ 'Duty day': '2026-05-20', Unit: '覆盖镇', Post: '北门卡点', Kind: 'Duty' },
    ...{ Start: '2026-05-20 08:00', End: '2026-05-20 12:00', 'Time zone': 'Asia/Shanghai' },
    ...{ Minimum: '4', Desired: '5', Held: '3', Confirmed: '3', Present: '2', Open: '2', 'Open, mandatory': '1' },
    ...{ 'Did not come': '1', 'From the reserve': '0', Tiers: '' },
    'Minutes required': '960',
    'Minutes uncovered': String(20 + 30 + 240 + 240),
    'Minutes empty': '0',
  })
  expect(rows[0]['Roles (held/desired)'].split('; ').sort()).toEqual([
    'staff 0/1',
    'staff 1/1',
    'staff 1/1',
    'staff 1/2',
  ])
  // Under way for an hour; whoever stayed on kept the post from being empty for twenty minutes of it.
  expect(rows[1]).toMatchObject({ Present: '1', 'Minutes required': '60', 'Minutes uncovered': '30' })
  expect(rows[1]['Minutes empty']).toBe('10')
  expect(rows[2]).toMatchObject({ Held: '1', Confirmed: '0', 'Minutes required': '', 'Minutes uncovered': '' })
})

test('says the same as XLSX with notes, JSON Lines and PDF', async (context) => {
  const { bytes } = await fileOf(`${path}&lang=zh&format=xlsx`)
  const [sheet, notes] = await readXlsx(bytes)
  const [header, first] = sheet!.data as unknown[][]
  const cell = (name: string) => first![header!.indexOf(name)]
  expect([cell('岗位'), cell('最低人数'), cell('缺员分钟')]).toEqual(['北门卡点', 4, 530])
  expect(cell('结束')).toEqual(new Date('2026-05-20T12:00:00Z'))
  expect([sheet!.sheet, notes!.sheet]).toEqual(['岗位覆盖情况', '说明'])
  expect(JSON.stringify(notes!.data)).toContain('Asia/Shanghai')
  const lines = await linesOf(path)
  expect(lines.map((line) => [line.kind, line.uncoveredMinutes, line.emptyMinutes])).toEqual([
    ['active', 530, 0],
    ['active', 30, 10],
    ['active', null, null],
  ])
  const poppler = await popplerOrSkip(context)
  const printed = await fileOf(`${path}&lang=zh&format=pdf`)
  const text = squeezed((await poppler.text(printed.bytes)).join(''))
  for (const part of ['岗位覆盖情况', '覆盖镇', '北门卡点', '缺员分钟', '530', '（公章）']) expect(text).toContain(part)
})

test('agrees with presence minute by minute, for any history', async () => {
  const { sql } = world.house.database
  const random = createRandom(7)
  const upTo = (most: number) => Math.floor(random.next() * (most + 1))
  const post = await at.post({ unitId: unit.id, name: '随机岗' })
  const day = Date.parse('2026-05-04T00:00:00+08:00')
  const minute = (number: number) => new Date(day + number * 60_000)
  const wall = (number: number) => new Date(day + 8 * 3_600_000 + number * 60_000).toISOString().slice(0, 16)
  const model = new Map<string, { from: number; to: number; seats: { minimum: number; stays: number[][] }[] }>()
  for (let index = 0; index < 24; index += 1) {
    const from = upTo(2_000)
    const to = from + 60 + upTo(300)
    const shiftId = newId()
    await sql`insert into shifts (id, post_id, original_start, start_local, end_local, zone, local_day, starts_at, ends_at,
      nominal_minutes, created_at) values (${shiftId}, ${post.id}, ${wall(from)}, ${wall(from)}, ${wall(to)},
      'Asia/Shanghai', ${wall(from).slice(0, 10)}, ${minute(from)}, ${minute(to)}, ${to - from}, now())`
    const seats: { minimum: number; stays: number[][] }[] = []
    for (let role = upTo(1); role < 2; role += 1) {
      const [minimum, desired] = [1 + upTo(1), 2 + upTo(1)]
      const requirementId = newId()
      await sql`insert into cover_requirements (id, post_id, role, position, minimum, desired, maximum, created_at)
        values (${requirementId}, ${post.id}, ${requirementId}, 1, ${minimum}, ${desired}, ${desired}, now())`
      const stays: number[][] = []
      for (let seat = 1; seat <= desired; seat += 1) {
        const { id: volunteerId } = await at.person({ unitId: unit.id })
        const [slotId, assignmentId, attendanceId] = [newId(), newId(), newId()]
        await sql`insert into slots (id, shift_id, requirement_id, role, seat, mandatory)
          values (${slotId}, ${shiftId}, ${requirementId}, 'staff', ${seat}, ${seat <= minimum})`
        if (upTo(3) === 0) continue
        await sql`insert into assignments (id, roster_id, shift_id, slot_id, volunteer_id, state, starts_at, ends_at,
          source, created_at, updated_at) select ${assignmentId}, id, ${shiftId}, ${slotId}, ${volunteerId}, 'completed',
          ${minute(from)}, ${minute(to)}, 'hand', now(), now() from rosters limit 1`
        const came = from - 30 + upTo(90)
        const left = came + 2 + upTo(to - from + 60)
        const cut = came + 1 + upTo(left - came - 2)
        await sql`insert into attendances (id, assignment_id, checked_in_at, checked_out_at, in_source, out_source)
          values (${attendanceId}, ${assignmentId}, ${minute(came)}, ${minute(left)}, 'api', 'api')`
        for (const part of [
          { kind: upTo(2) === 0 ? 'travel' : 'active', from: came, to: cut },
          { kind: upTo(1) === 0 ? 'handover' : 'active', from: cut, to: left },
        ]) {
          await sql`insert into segments (id, attendance_id, kind, starts_at, ends_at, source) values
            (${newId()}, ${attendanceId}, ${part.kind}, ${minute(part.from)}, ${minute(part.to)}, 'api')`
          if (part.kind !== 'travel') stays.push([part.from, part.to])
        }
      }
      seats.push({ minimum, stays })
    }
    model.set(shiftId, { from, to, seats })
  }
  const everybody = [...model.values()].flatMap(({ seats }) => seats.flatMap(({ stays }) => stays))
  const isIn = (at: number) => (stay: number[]) => stay[0]! <= at && at < stay[1]!
  const rows = await linesOf(`/v1/exports/coverage?postId=${post.id}&from=2026-05-04&to=2026-05-08`)
  expect(rows).toHaveLength(24)
  for (const row of rows) {
    const { from, to, seats } = model.get(row.shiftId)!
    const minutes = Array.from({ length: to - from }, (_, index) => from + index)
    const uncovered = minutes.map((at) =>
      seats.reduce((sum, { minimum, stays }) => sum + Math.max(0, minimum - stays.filter(isIn(at)).length), 0),
    )
    const empty = minutes.filter((at) => !everybody.some(isIn(at)))
    expect([row.uncoveredMinutes, row.emptyMinutes]).toEqual([uncovered.reduce((a, b) => a + b, 0), empty.length])
  }
})

test('of standby counts who was ready, and no post as empty', async () => {
  const post = await at.post({ unitId: unit.id, name: '备勤点' })
  const { id: volunteerId } = await at.person({ unitId: unit.id })
  const duty = await at.duty({ volunteerId, postId: post.id, start: '2026-05-20T08:00', length: 'PT4H' })
  await world.house.database.sql`update shifts set kind = 'standby' where id = ${duty.shiftId}`
  await noted(world, duty, 'check-in', onMay(20, '08:15'))
  const [row] = await linesOf(`${path}&postId=${post.id}`)
  expect([row.kind, row.uncoveredMinutes, row.emptyMinutes]).toEqual(['standby', 15, null])
})

test('counts who came from the reserve, by tier', async () => {
  const { sql } = world.house.database
  const post = await at.post({ unitId: unit.id, name: '补位岗' })
  const { id: volunteerId } = await at.person({ unitId: unit.id })
  const duty = await at.duty({ volunteerId, postId: post.id, start: '2026-05-20T08:00' })
  const set = { unitId: unit.id, name: '后备', kind: 'reserve', echelons: [{ name: '后备二组' }] }
  const { echelons } = (await world.must('POST', '/v1/echelon-sets', set)).body
  const [gapId, cascadeId] = [newId(), newId()]
  await sql`update assignments set source = 'cascade' where id = ${duty.id}`
  await sql`insert into gaps (id, roster_id, slot_id, cause, state, filled_by_id, opened_at)
    values (${gapId}, ${duty.rosterId}, ${duty.slotId}, 'unfilled', 'filled', ${duty.id}, now())`
  await sql`insert into cascades (id, gap_id, state, created_at) values (${cascadeId}, ${gapId}, 'filled', now())`
  await sql`insert into offers (id, cascade_id, gap_id, slot_id, volunteer_id, echelon_id, wave, rank, state, asked_at,
    expires_at) values (${newId()}, ${cascadeId}, ${gapId}, ${duty.slotId}, ${volunteerId}, ${echelons[0].id}, 1, 1,
    'accepted', now(), now())`
  const [row] = await linesOf(`${path}&postId=${post.id}`)
  expect([row.fromReserve, row.tiers]).toEqual([1, '后备二组 1'])
})

test('has the columns asked for; what is wrong is told all at once; nobody sees what is not theirs', async () => {
  const { bytes } = await fileOf(`${path}&columns=post,open,day&headers=keys`)
  expect(bytes.toString('utf8', 3).split('\r\n')[0]).toBe('post,open,day')
  const wrong = await world.call('GET', `${path.replace(unit.id, newId())}&columns=post,age,post`)
  expect(wrong.status).toBe(422)
  expect(wrong.body.errors.map((one: Json) => [one.pointer, one.code])).toEqual([
    ['/query/unitId', 'unit-unknown'],
    ['/query/columns', 'column-unknown'],
    ['/query/columns', 'column-twice'],
  ])
  const late = await world.call('GET', '/v1/exports/coverage?from=2026-05-22&to=2026-05-20&format=doc&postId=x')
  expect(late.body.errors.map((one: Json) => one.pointer).sort()).toEqual(['/query/format', '/query/postId'])
  const key = await world.makeKey((await town('Elsewhere')).id, 'organizer')
  expect((await download(world, path, { key })).status).toBe(422)
  const own = await download(world, '/v1/exports/coverage?from=2026-05-01&to=2026-06-01', { key })
  expect(parse(own.bytes, { bom: true, columns: true })).toEqual([])
})

test('is on record with its rows, what it is for and who gets it', async () => {
  const grounds = { purpose: 'inspection', recipient: 'County office' }
  const lines = await linesOf(`${path}&${new URLSearchParams(grounds)}`)
  const [entry] = await world.house.database.sql`
    select facts from audit_log where action = 'coverage.exported' order by at desc, id desc limit 1`
  expect(entry!.facts).toMatchObject({ ...grounds, rows: lines.length })
  expect(lines.length).toBeGreaterThan(0)
})
