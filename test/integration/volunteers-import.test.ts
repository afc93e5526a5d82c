import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let town: string
let sibling: string

beforeAll(async () => {
  world = await startWorld({ worker: false })
  const add = async (parentId: string, name: string, code: string) =>
    (await world.must('POST', '/v1/units', { parentId, kind: 'township', name, code })).body.id
  town = await add(world.root.id, 'Town', 'T1')
  await add(town, 'Village', 'V1')
  sibling = await add(world.root.id, 'Sibling', 'S1')
  for (const code of ['first-aid', 'driver']) await world.must('POST', '/v1/qualifications', { code, name: code })
})
afterAll(() => world.close())

const send = (
  body: string | ReadableStream,
  { mode = 'preview', into = town, key = world.root.key, type = 'text/csv' } = {},
) => world.call('POST', `/v1/volunteers:import?unitId=${into}&mode=${mode}`, undefined, { key, raw: { type, body } })
const commit = (body: string | ReadableStream, more: object = {}) => send(body, { mode: 'commit', ...more })
const listed = async (query: string) => (await world.must('GET', `/v1/volunteers?limit=500&${query}`)).body.items
const named = async (personNumber: string) => {
  const [one] = await listed(`search=${personNumber}`)
  return one && (await world.must('GET', `/v1/volunteers/${one.id}`)).body
}
const faults = (errors: { row: number; column: string | null; code: string }[]) =>
  errors.map((error) => [error.row, error.column, error.code])

const chinese = `工号,姓名,人员类别,职级,出生日期,单位编码,手机,邮箱,语言,资质,加入日期
C1,张三,医务人员,chief,1980/2/9,V1,138 0000 0001,c1@example.org,zh;bo,first-aid;driver@2025-01-01..2027-01-01,2026年1月5日
C2,李四,,,,,,,,,
`

test('a preview says what would happen and writes nothing', async () => {
  const answer = await send(chinese)
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({
    mode: 'preview',
    committed: false,
    counts: { rows: 2, created: 2, updated: 0, unchanged: 0, wrong: 0 },
    errors: [],
    preview: [
      { row: 2, outcome: 'create', personNumber: 'C1', displayName: '张三' },
      { row: 3, outcome: 'create', personNumber: 'C2' },
    ],
  })
  expect(await listed('')).toEqual([])
})

test('a commit writes everything, the same file again nothing, a changed one only the difference', async () => {
  expect((await commit(chinese)).body).toMatchObject({ committed: true, counts: { created: 2 } })
  const first = await named('C1')
  expect(first).toMatchObject({
    displayName: '张三',
    personClass: 'medical',
    grade: 'chief',
    birthOn: '1980-02-09',
    joinedOn: '2026-01-05',
    languages: ['zh', 'bo'],
    version: 1,
    contacts: [
      { channel: 'email', address: 'c1@example.org' },
      { channel: 'sms', address: '13800000001' },
    ],
    qualifications: [
      { code: 'driver', validFrom: '2025-01-01', validTo: '2027-01-01' },
      { code: 'first-aid', validFrom: null, validTo: null },
    ],
  })
  expect(first.unitId).not.toBe(town)
  expect(await named('C2')).toMatchObject({ personClass: 'volunteer', unitId: town, sortName: '李四' })

  expect((await commit(chinese)).body.counts).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
  const changed = 'name,Person Number,phone,grade\n张三,C1,139-1111-2222,\n李四,C2,,deputy\n王五,C3,,\n'
  const answer = await commit(changed)
  expect(answer.body.counts).toMatchObject({ rows: 3, created: 1, updated: 2, unchanged: 0 })
  expect(answer.body.preview[0]).toMatchObject({ outcome: 'update', changes: ['contacts'] })
  const after = await named('C1')
  expect(after).toMatchObject({ grade: 'chief', version: 2, qualifications: first.qualifications })
  expect(after.contacts.map((one: { address: string }) => one.address)).toEqual(['c1@example.org', '13911112222'])
  const { db } = world.house.services.foundations
  const audited = await db.select().from(auditLog).where(eq(auditLog.subjectId, first.id))
  expect(audited.map((row) => [row.action, row.facts])).toMatchObject([
    ['volunteer.created', { by: 'import' }],
    ['volunteer.changed', { by: 'import', fields: ['contacts'] }],
  ])
})

test('where people live comes in with the file, and stays where a cell is empty', async () => {
  const file = 'person number,name,home\nH1,Hana,30.2741 120.1551\nH2,Hugo,\n'
  expect((await commit(file)).body.counts).toMatchObject({ created: 2 })
  expect((await named('H1')).home).toEqual({ latitude: 30.2741, longitude: 120.1551 })
  expect((await named('H2')).home).toBeNull()
  expect((await commit(file)).body.counts).toMatchObject({ unchanged: 2 })
  const moved = await commit('工号,姓名,住址坐标\nH1,Hana,\nH2,Hugo,"30.3，120.2"\n')
  expect(moved.body.preview.map((one: { changes: string[] }) => one.changes)).toEqual([[], ['home']])
  expect((await named('H1')).home).toEqual({ latitude: 30.2741, longitude: 120.1551 })
  expect((await named('H2')).home).toEqual({ latitude: 30.3, longitude: 120.2 })
})

test('each error is named by row and column, and a commit with errors writes nothing', async () => {
  await world.must('POST', '/v1/volunteers', {
    unitId: sibling,
    displayName: 'Foreign',
    personClass: 'volunteer',
    personNumber: 'FOREIGN',
  })
  const csv = `person number,name,class,birth date,unit code,phone,email,languages,qualifications,joined on,left on,colour
W1,Good,volunteer,1990-01-01,,,,,,,,
,No number,,,,,,,,,,
W3,,,,,,,,,,,
W4,Bad,hero,1990-02-30,S1,12,nobody,Chinese!,juggler,tomorrow,,
W1,Twin,,,,,,,,,,
W6,Dates,,2031-01-01,,,,,driver@2026-01-01..2025-01-01,2026-05-01,2026-05-01,
W7,Left early,,,,,,,,2026-05-01,2026-04-01,
FOREIGN,Taken,,,,,,,,,,
W9,Long,,,,,,,,,,,too many
`
  const key = await world.makeKey(town, 'organizer')
  const answer = await commit(csv, { key })
  expect([answer.status, answer.body.code]).toEqual([422, 'import-wrong'])
  const { report } = answer.body
  expect(report).toMatchObject({ committed: false, counts: { rows: 9, wrong: 8, created: 1 }, errorsTotal: 17 })
  expect(faults(report.errors)).toEqual([
    [1, 'colour', 'column-unknown'],
    [3, 'personNumber', 'cell-empty'],
    [4, 'displayName', 'cell-empty'],
    [5, 'personClass', 'class-unknown'],
    [5, 'birthOn', 'date-wrong'],
    [5, 'unitCode', 'unit-unknown'],
    [5, 'phone', 'phone-wrong'],
    [5, 'email', 'email-wrong'],
    [5, 'languages', 'language-wrong'],
    [5, 'qualifications', 'qualification-unknown'],
    [5, 'joinedOn', 'date-wrong'],
    [6, 'personNumber', 'person-number-twice'],
    [7, 'birthOn', 'birth-in-future'],
    [7, 'qualifications', 'validity-upside-down'],
    [8, 'leftOn', 'leaves-before-joining'],
    [9, 'personNumber', 'person-number-taken'],
    [10, null, 'too-many-cells'],
  ])
  expect(await named('W1')).toBeUndefined()
  const preview = await send(csv, { key })
  expect([preview.status, preview.body.errorsTotal]).toEqual([200, 17])
})

test('missing columns, files that are none and other content types are refused by name', async () => {
  const missing = await send('name,grade\nA,b\n')
  expect([missing.status, missing.body.code]).toEqual([422, 'missing-columns'])
  expect(missing.body.detail).toContain('person number')
  const twice = await send('name,name,person number\nA,b,1\n')
  expect(twice.body.code).toBe('duplicate-header')
  expect((await send('')).body.code).toBe('no-header')
  expect((await send('{}', { type: 'application/json' })).status).toBe(415)
  const away = await send(chinese, { key: await world.makeKey(sibling, 'admin') })
  expect([away.status, away.body.code]).toEqual([404, 'unit-unknown'])
  expect((await send(chinese, { key: await world.makeKey(town, 'viewer') })).status).toBe(403)
})

test('a thousand errors are told, the others counted', async () => {
  const rows = Array.from({ length: 1_200 }, (_, i) => `E${i},`).join('\n')
  const { body } = await send(`person number,name\n${rows}\n`)
  expect(body.errors).toHaveLength(1_000)
  expect([body.errorsTotal, body.counts.wrong, body.preview.length]).toEqual([1_200, 1_200, 20])
})

test('a file without end is refused while it comes in, and the service goes on', async () => {
  const header = new TextEncoder().encode('person number,name\n')
  const blankRows = new TextEncoder().encode('\n'.repeat(1024 * 1024))
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      if (sent > 60) return controller.close()
      controller.enqueue(sent === 0 ? header : blankRows)
      sent += 1
    },
  })
  const answer = await send(endless).catch((error: Error) => error)
  // The answer may meet a sender who is still writing: then the connection ends, which fetch tells as an error.
  if (!(answer instanceof Error)) expect([answer.status, answer.body.code]).toEqual([413, 'file-too-large'])
  expect(sent).toBeLessThan(60)
  expect((await world.call('GET', '/readyz', undefined, { key: null })).status).toBe(200)
})

test('ten thousand people come in with one request, and again as changes', async () => {
  const file = (grade: string) => {
    const person = (i: number) => {
      const born = `${1960 + (i % 45)}-${String((i % 12) + 1).padStart(2, '0')}-${String((i % 28) + 1).padStart(2, '0')}`
      return `N${i},Person ${i},staff,${grade},${born},V1,1380000${String(i).padStart(4, '0')},p${i}@example.org,zh,first-aid;driver@2025-01-01..2030-01-01,2020-01-01`
    }
    const header = 'person number,name,class,grade,birth date,unit code,phone,email,languages,qualifications,joined on'
    return [header, ...Array.from({ length: 10_000 }, (_, i) => person(i))].join('\n')
  }
  const chunks = (text: string) => {
    const bytes = Buffer.from(text)
    let at = 0
    return new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return controller.close()
        controller.enqueue(bytes.subarray(at, at + 65_536))
        at += 65_536
      },
    })
  }
  const timed = async (what: string, grade: string, mode: string) => {
    const begun = performance.now()
    const answer = await send(chunks(file(grade)), { mode })
    const seconds = (performance.now() - begun) / 1_000
    console.log(`10,000 people, ${what}: ${seconds.toFixed(2)} s`)
    expect(answer.status).toBe(200)
    return { counts: answer.body.counts, seconds }
  }
  expect((await timed('preview', 'a', 'preview')).counts).toMatchObject({ rows: 10_000, created: 10_000 })
  const created = await timed('created', 'a', 'commit')
  expect(created.counts).toMatchObject({ created: 10_000, wrong: 0 })
  expect((await timed('changed', 'b', 'commit')).counts).toMatchObject({ updated: 10_000 })
  expect((await timed('unchanged', 'b', 'commit')).counts).toMatchObject({ unchanged: 10_000 })
  const { db } = world.house.services.foundations
  const [count] = await db
    .select({ rows: sql<number>`count(*)::int` })
    .from(auditLog)
    .where(sql`${auditLog.facts}->>'by' = 'import' and ${auditLog.facts}->'fields' @> '["grade"]'`)
  expect(count!.rows).toBeGreaterThanOrEqual(20_000)
  expect(created.seconds).toBeLessThan(30)
})
