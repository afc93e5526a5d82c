import { buffer, text } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { Column, Row } from '../../../src/platform/files/columns.ts'
import { writeCsv } from '../../../src/platform/files/csv-write.ts'
import { guard, unguard } from '../../../src/platform/files/formula-guard.ts'

const name: Column = { key: 'name', header: 'Name', type: 'text' }
const note: Column = { key: 'note', header: 'Note', type: 'text' }
const hours: Column = { key: 'hours', header: 'Hours', type: 'decimal' }

const csv = (columns: Column[], rows: Iterable<Row> | AsyncIterable<Row>) =>
  text(writeCsv(columns, rows, { bom: false }))

const awkward = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'=+-@＝＋－＠\'\t\r\n\0 \u3000\u200b\ufeff",;1a'.split('')), maxLength: 8 }),
)

test('of 10,000 strings none comes out as a formula, and each can be had back', async () => {
  const strings = fc.sample(awkward, { numRuns: 10_000, seed: 20260501 })
  const rows = strings.map((value, index) => ({ name: value, note: `row ${index}` }))
  const records: string[][] = parse(await csv([name, note], rows), { record_delimiter: '\r\n' })
  expect(records).toHaveLength(10_001)
  const dangerous = records.flat().filter((cell) => /^[\p{White_Space}\p{C}]*[=+\-@＝＋－＠]|^[\t\r\n\0]/u.test(cell))
  expect(dangerous).toEqual([])
  expect(records.slice(1).map(([cell]) => unguard(cell!))).toEqual(strings)
})

test('text that starts no formula is left alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      fc.pre(/^[\p{L}\p{N}]/u.test(value))
      expect(guard(value)).toBe(value)
    }),
  )
})

describe.each([
  ['=1+1', "'=1+1"],
  ['+8613800138000', "'+8613800138000"],
  ['-', "'-"],
  ['@sum', "'@sum"],
  ['＝1', "'＝1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠a', "'＠a"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ['\nx', "'\nx"],
  ['\0x', "'\0x"],
  ['  =1', "'  =1"],
  ['\ufeff=1', "'\ufeff=1"],
  ["'=1", "''=1"],
])('%j', (original, guarded) => {
  test(`is written ${JSON.stringify(guarded)}`, () => expect(guard(original)).toBe(guarded))
  test('comes back', () => expect(unguard(guarded)).toBe(original))
})

test.each(["'tis", 'a=b', '1-2', '', "'", '王+李'])('%j needs no guard', (value) => {
  expect(guard(value)).toBe(value)
  expect(unguard(value)).toBe(value)
})

test('numbers and dates are written as such, and nothing else gets through in their columns', async () => {
  const columns: Column[] = [
    { key: 'count', header: 'Count', type: 'integer' },
    hours,
    { key: 'day', header: 'Day', type: 'date' },
    { key: 'start', header: 'Start', type: 'datetime' },
  ]
  const rows = [
    { count: -3, hours: '-7.50', day: '2026-05-01', start: '2026-05-01T08:00' },
    { count: 12345678901234567890n, hours: 0, day: null, start: undefined },
  ]
  expect(await csv(columns, rows)).toBe(
    'Count,Hours,Day,Start\r\n-3,-7.50,2026-05-01,2026-05-01 08:00\r\n12345678901234567890,0,,\r\n',
  )
  const refusal = 'Column "hours" holds values of type decimal, and "=1+1" is not one.'
  await expect(csv(columns, [{ hours: '=1+1' }])).rejects.toThrow(new TypeError(refusal))
  await expect(csv(columns, [{ hours: Number.NaN }])).rejects.toThrow(TypeError)
  await expect(csv(columns, [{ count: 1.5 }])).rejects.toThrow(TypeError)
  await expect(csv(columns, [{ day: '01/05/2026' }])).rejects.toThrow(TypeError)
})

test('quotes as RFC 4180 says', async () => {
  const rows = [{ name: 'East "old" gate, left', note: 'line 1\nline 2' }]
  expect(await csv([name, note], rows)).toBe('Name,Note\r\n"East ""old"" gate, left","line 1\nline 2"\r\n')
})

test('a header cannot be a formula either', async () => {
  expect(await csv([{ ...name, header: '=cmd()' }], [])).toBe("'=cmd()\r\n")
})

test('starts with the byte order mark unless told otherwise', async () => {
  expect(((await buffer(writeCsv([name], []))) as Buffer).toString('hex', 0, 3)).toBe('efbbbf')
  expect(((await buffer(writeCsv([name], [], { bom: false }))) as Buffer).toString('latin1')).toBe('Name\r\n')
})

test('takes rows as they are wanted, and stops when the reader goes', async () => {
  let asked = 0
  let closed = false
  async function* endless() {
    try {
      for (;;) {
        asked += 1
        yield { name: 'x'.repeat(1000) }
      }
    } finally {
      closed = true
    }
  }
  const stream = writeCsv([name], endless())
  for await (const _ of stream) break
  expect(asked).toBeLessThan(500)
  await vi.waitFor(() => expect(closed).toBe(true))
})
