import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Column, Row } from '../../../src/platform/files/columns.ts'
import { writeXlsx } from '../../../src/platform/files/xlsx-write.ts'
import { unzip } from './unzip.ts'

const name: Column = { key: 'name', header: '姓名', type: 'text', width: 30 }
const count: Column = { key: 'count', header: 'Count', type: 'integer' }
const hours: Column = { key: 'hours', header: 'Hours', type: 'decimal' }
const day: Column = { key: 'day', header: 'Day', type: 'date' }
const start: Column = { key: 'start', header: 'Start', type: 'datetime' }

type Cell = { at: string; type: 'text' | 'number'; value: string; style: number }

async function workbook(columns: Column[], rows: Iterable<Row>, sheetName = 'Hours') {
  const files = unzip((await buffer(writeXlsx(sheetName, columns, rows))) as Buffer)
  return { files, sheet: files.get('xl/worksheets/sheet1.xml')! }
}

async function cells(columns: Column[], rows: Iterable<Row>): Promise<Cell[]> {
  const { sheet } = await workbook(columns, rows)
  const found = sheet.matchAll(/<c r="(\w+)"(?: s="(\d+)")?(?: t="(\w+)")?>(.*?)<\/c>/gs)
  return [...found].map(([, at, style, type, content]) => {
    const value = /^<v>(.*)<\/v>$/s.exec(content!)
    if (!value) throw new Error(`Cell ${at} holds something else than a value: ${content}`)
    return { at: at!, type: type === 'str' ? 'text' : 'number', value: decode(value[1]!), style: Number(style) }
  })
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** XML entities, then the escapes of ECMA-376 for characters. */
const decode = (xml: string) =>
  xml
    .replace(/&(\w+);/g, (_, entity) => ENTITIES[entity]!)
    .replace(/_x([0-9A-F]{4})_/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))

test('numbers, dates and times have their types and formats', async () => {
  const rows = [
    { name: '王喆', count: -3, hours: '7.25', day: '2026-05-01', start: '2026-05-01T08:30' },
    { name: 'Amy', count: 12n, hours: 0, day: null, start: '2026-05-01 18:00:36' },
  ]
  const found = await cells([name, count, hours, day, start], rows)
  expect(
    found
      .slice(5)
      .map(({ at, type, value }) => [at, type, type === 'number' ? Number(Number(value).toFixed(5)) : value]),
  ).toEqual([
    ['A2', 'text', '王喆'],
    ['B2', 'number', -3],
    ['C2', 'number', 7.25],
    ['D2', 'number', 46143],
    ['E2', 'number', 46143.35417],
    ['A3', 'text', 'Amy'],
    ['B3', 'number', 12],
    ['C3', 'number', 0],
    ['E3', 'number', 46143.75042],
  ])
})

test('the formats are those of the columns', async () => {
  const { files, sheet } = await workbook(
    [name, day, start],
    [{ name: 'a', day: '2026-05-01', start: '2026-05-01 08:00' }],
  )
  const styles = files.get('xl/styles.xml')!
  const formats = new Map(
    [...styles.matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map((m) => [m[1], m[2]]),
  )
  const cellStyles = [...styles.split('<cellXfs')[1]!.matchAll(/<xf numFmtId="(\d+)"/g)].map((match) => match[1])
  const formatOf = (cell: string) => {
    const id = cellStyles[Number(new RegExp(`<c r="${cell}" s="(\\d+)"`).exec(sheet)![1])]
    return id === '49' ? '@' : formats.get(id)
  }
  expect(['A1', 'A2', 'B2', 'C2'].map(formatOf)).toEqual(['@', '@', 'yyyy-mm-dd', 'yyyy-mm-dd hh:mm'])
})

test('long digits and leading zeros stay as they are, in text and in number columns', async () => {
  const found = await cells([name, count], [{ name: '0110101199003071233', count: '1234567890123456' }])
  expect(found.slice(2)).toMatchObject([
    { at: 'A2', type: 'text', value: '0110101199003071233' },
    { at: 'B2', type: 'text', value: '1234567890123456' },
  ])
})

test('dates before spreadsheets agree about them are text', async () => {
  const found = await cells([day], [{ day: '1899-12-31' }, { day: '1900-02-28' }, { day: '1900-03-01' }])
  expect(found.slice(1).map(({ type, value }) => [type, value])).toEqual([
    ['text', '1899-12-31'],
    ['text', '1900-02-28'],
    ['number', '61'],
  ])
})

test('nothing in text becomes a formula, a number or a link, and all of it can be read back', async () => {
  const awkward = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'=+-@＝<>&\'"\t\n_x0041_ 1'.split('')), minLength: 1, maxLength: 10 }),
    fc.constantFrom('=HYPERLINK("http://evil.example","x")', '1E5', 'TRUE', '_x0041_', ']]>', '2026-05-01'),
  )
  const strings = fc.sample(awkward, { numRuns: 2_000, seed: 20260501 }).filter((value) => value !== '')
  const { sheet } = await workbook(
    [name],
    strings.map((value) => ({ name: value })),
  )
  expect(sheet).not.toMatch(/<f[ >]|<hyperlink/)
  const found = await cells(
    [name],
    strings.map((value) => ({ name: value })),
  )
  expect(new Set(found.map(({ type }) => type))).toEqual(new Set(['text']))
  expect(found.slice(1).map(({ value }) => value)).toEqual(strings.map(withoutControls))
})

const withoutControls = (value: string) =>
  value
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\t\n])[\p{Cc}\ufffe\uffff]/gu, (sign) => (sign >= '\x80' && sign <= '\x9f' ? sign : ''))

test('the header is bold and stays in sight', async () => {
  const { files, sheet } = await workbook([name, count], [])
  expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/)
  expect(sheet).toMatch(/<col min="1" max="1" width="30"/)
  const bold = Number(/<c r="A1" s="(\d+)"/.exec(sheet)![1])
  const styles = files.get('xl/styles.xml')!
  const font = [...styles.split('<cellXfs')[1]!.matchAll(/<xf [^>]*fontId="(\d+)"/g)][bold]![1]
  expect(styles.split('<font>')[Number(font) + 1]).toMatch(/^<b\/>/)
})

test('what a cell or a sheet name cannot hold is cut or left out', async () => {
  const found = await cells([name], [{ name: `${'x'.repeat(32_766)}😀y` }])
  expect(found[1]!.value).toHaveLength(32_767)
  const { files } = await workbook([name], [], "'Hours: 2026/05 [East] of a very long unit name'")
  expect(/<sheet [^>]*name="([^"]*)"/.exec(files.get('xl/workbook.xml')!)![1]).toBe('Hours  2026 05  East  of a ver')
})

test('a value of another type than its column fails the stream', async () => {
  const rows = [{ hours: '1' }, { hours: 'seven' }]
  await expect(buffer(writeXlsx('Hours', [hours], rows))).rejects.toThrow(
    new TypeError('Column "hours" holds values of type decimal, and "seven" is not one.'),
  )
})

test('an error of the rows reaches the reader', async () => {
  async function* failing() {
    yield { name: 'Amy' }
    throw new Error('connection lost')
  }
  await expect(buffer(writeXlsx('Hours', [name], failing()))).rejects.toThrow('connection lost')
})

test('waits for a slow reader, and stops when the reader goes', async () => {
  let asked = 0
  let closed = false
  async function* endless() {
    try {
      for (;;) {
        asked += 1
        yield { name: String(Math.sin(asked)).repeat(20) }
      }
    } finally {
      closed = true
    }
  }
  const stream = writeXlsx('Hours', [name], endless())
  stream.read(0)
  await vi.waitUntil(() => stream.readableLength >= stream.readableHighWaterMark, { timeout: 5_000 })
  await sleep(300)
  const before = asked
  await sleep(300)
  expect(asked).toBe(before)
  stream.destroy()
  await vi.waitFor(() => expect(closed).toBe(true))
})
