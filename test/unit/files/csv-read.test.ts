import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Column } from '../../../src/platform/files/columns.ts'
import { CSV_LIMITS, type CsvLimits, readCsv, type WantedColumn } from '../../../src/platform/files/csv-read.ts'
import { writeCsv } from '../../../src/platform/files/csv-write.ts'
import { guard } from '../../../src/platform/files/formula-guard.ts'
import type { UnreadableFileError } from '../../../src/platform/files/problems.ts'

const wanted: WantedColumn[] = [
  { key: 'name', headers: ['姓名', 'Name'], required: true },
  { key: 'phone', headers: ['手机', 'Phone'] },
]

async function* upload(content: string | Uint8Array, chunk = 7) {
  const bytes = Buffer.from(content as string)
  for (let start = 0; start < bytes.length; start += chunk) yield bytes.subarray(start, start + chunk)
}

async function read(content: string | Uint8Array, limits: CsvLimits = CSV_LIMITS) {
  const { records, ...file } = await readCsv(upload(content), wanted, limits)
  return { ...file, records: await all(records) }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

const codeOf = (reading: Promise<unknown>) =>
  reading.then(
    () => 'read',
    (error: UnreadableFileError) => error.code,
  )

const wang = { row: 2, values: { name: '王喆', phone: '13800138000' } }

describe('the encoding', () => {
  const plain = '姓名,手机\r\n王喆,13800138000\r\n'
  // 姓名,手机 CR LF 王喆,13800138000 CR LF, as a Chinese spreadsheet saves it
  const gbk = Buffer.from('d0d5c3fb2ccad6bbfa0d0acdf586b42c31333830303133383030300d0a', 'hex')

  test.each([
    ['UTF-8', Buffer.from(plain), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${plain}`), 'utf-8'],
    ['GBK', gbk, 'gb18030'],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${plain}`, 'utf16le'), 'utf-16le'],
  ])('%s is told from the bytes', async (_name, bytes, encoding) => {
    expect(await read(bytes)).toEqual({ encoding, delimiter: ',', unknownHeaders: [], records: [wang] })
  })

  test('a workbook, a picture and bytes of no encoding are refused', async () => {
    expect(await codeOf(read(Buffer.from('PK\u0003\u0004\0\0name')))).toBe('unknown-encoding')
    expect(await codeOf(read(Buffer.from('89504e470d0a1a0a0000000d', 'hex')))).toBe('unknown-encoding')
    expect(await codeOf(read(Buffer.from('6e616d65ff', 'hex')))).toBe('unknown-encoding')
  })
})

describe('the separator', () => {
  test.each([',', ';', '\t'])('%j is told from the header', async (separator) => {
    const content = ['姓名', '手机'].join(separator).concat('\n', ['王喆', '13800138000'].join(separator))
    expect(await read(content)).toMatchObject({ delimiter: separator, records: [wang] })
  })

  test('is the one that makes the wanted headers, not the most frequent one', async () => {
    const content = 'Name;"Phone";a,b,c,d\nAmy;1;x'
    expect(await read(content)).toMatchObject({
      delimiter: ';',
      unknownHeaders: ['a,b,c,d'],
      records: [{ row: 2, values: { name: 'Amy', phone: '1' } }],
    })
  })

  test('may be named in a first line of its own, which counts as a row', async () => {
    expect(await read('sep=;\r\nName;Phone\r\nAmy;1')).toMatchObject({
      delimiter: ';',
      records: [{ row: 3, values: { name: 'Amy', phone: '1' } }],
    })
  })
})

describe('the header', () => {
  test('is known under any of its names, whatever the case, width and order', async () => {
    const { records, unknownHeaders } = await read(' ＰＨＯＮＥ ,Age,NAME\n1,30,Amy')
    expect(records).toEqual([{ row: 2, values: { name: 'Amy', phone: '1' } }])
    expect(unknownHeaders).toEqual(['Age'])
  })

  test('may lack what is not required', async () => {
    expect((await read('Name\nAmy')).records).toEqual([{ row: 2, values: { name: 'Amy', phone: '' } }])
  })

  test.each([
    ['no-header', ''],
    ['no-header', '\n\n \n'],
    ['missing-columns', 'Phone\n1'],
    ['duplicate-header', 'Name,姓名\nAmy,Amy'],
  ])('%s: %j is refused', async (code, content) => {
    expect(await codeOf(read(content))).toBe(code)
  })

  test('cannot reach the prototype', async () => {
    const { records } = await read('Name,__proto__,constructor\nAmy,x,y')
    expect(records).toEqual([{ row: 2, values: { name: 'Amy', phone: '' } }])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

describe('rows', () => {
  test('are numbered as a spreadsheet shows them', async () => {
    const content = '\nName,Phone\r\nAmy,1\n\r\n"Bo\r\nBoson",2\r,,\n , \nCi,3'
    expect((await read(content)).records).toEqual([
      { row: 3, values: { name: 'Amy', phone: '1' } },
      { row: 5, values: { name: 'Bo\r\nBoson', phone: '2' } },
      { row: 8, values: { name: 'Ci', phone: '3' } },
    ])
  })

  test('with too many or too long cells are told apart from the good ones', async () => {
    const { records } = await read('Name,Phone\nAmy,1,2\nBo\nCi,3,,\nDimitri,4', { ...CSV_LIMITS, cellLength: 6 })
    expect(records).toEqual([
      { row: 2, problem: 'too-many-cells', message: 'This row has 3 cells and the header 2.' },
      { row: 3, values: { name: 'Bo', phone: '' } },
      { row: 4, values: { name: 'Ci', phone: '3' } },
      { row: 5, problem: 'cell-too-long', message: 'Cell 1 of this row has more than 6 characters.' },
    ])
  })

  test.each([
    ['not closed', 'Name,Phone\nAmy,1\n\n"Bo,2\nCi,3'],
    ['closed too early', 'Name,Phone\nAmy,1\n\n"Bo"son,2\nCi,3'],
    ['in the middle', 'Name,Phone\nAmy,1\n\nBo"son,2\nCi,3'],
  ])('a quotation mark %s ends the reading with the number of its row', async (_name, content) => {
    expect((await read(content)).records).toEqual([
      { row: 2, values: { name: 'Amy', phone: '1' } },
      { row: 4, problem: 'broken-quotes', message: expect.stringContaining('quotation mark') },
    ])
  })
})

describe('limits', () => {
  test('a file of one byte too many is refused before the rest is read', async () => {
    let given = 0
    async function* long() {
      for (;;) {
        given += 10
        yield Buffer.from('0123456789')
      }
    }
    expect(await codeOf(readCsv(long(), wanted, { ...CSV_LIMITS, bytes: 99 }))).toBe('file-too-large')
    expect(given).toBe(100)
    const content = 'Name\nAmy\n'
    expect(await codeOf(read(content, { ...CSV_LIMITS, bytes: content.length }))).toBe('read')
    expect(await codeOf(read(content, { ...CSV_LIMITS, bytes: content.length - 1 }))).toBe('file-too-large')
  })

  test('blank rows do not count, one row too many does', async () => {
    const content = 'Name\nAmy\n\n,,\nBo\n'
    expect(await codeOf(read(content, { ...CSV_LIMITS, rows: 2 }))).toBe('read')
    expect(await codeOf(read(content, { ...CSV_LIMITS, rows: 1 }))).toBe('too-many-rows')
  })

  test('20,000 rows of 50 columns are read in a few seconds', async () => {
    const header = ['Name', ...Array.from({ length: 49 }, (_, index) => `c${index}`)].join(',')
    const content = `${header}\n${`${Array(50).fill('abc').join(',')}\n`.repeat(20_000)}`
    const { records } = await readCsv(upload(content, 65_536), wanted)
    expect((await all(records)).at(-1)).toMatchObject({ row: 20_001 })
  }, 10_000)
})

test('what we wrote we read, letter by letter', async () => {
  const columns: Column[] = [
    { key: 'name', header: '姓名', type: 'text' },
    { key: 'phone', header: '手机', type: 'text' },
  ]
  const piece = fc.string({ unit: fc.constantFrom(...'=+-@\'"\t\r\n,; 王喆a1😀'.split(/(?:)/u)), maxLength: 8 })
  const rows = fc.array(fc.record({ name: piece, phone: piece }), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), async (written, bom) => {
      const content = await text(writeCsv(columns, written, { bom }))
      const { records } = await read(content)
      const visible = written.filter((row) => Object.values(row).some((value) => guard(value).trim() !== ''))
      expect(records).toEqual(visible.map((values) => ({ row: expect.any(Number), values })))
    }),
  )
})

describe('a file that arrives in pieces', () => {
  const rows = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${index},${name}\n`).join('')
  const gbk = (name: string) => Buffer.from({ 王芳: [0xcd, 0xf5, 0xb7, 0xbc] }[name]!)
  async function* inPieces(bytes: Buffer, size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const names = async (bytes: Buffer, size: number) => {
    const file = await readCsv(inPieces(bytes, size), [
      { key: 'number', headers: ['number'] },
      { key: 'name', headers: ['name'] },
    ])
    const read = await Array.fromAsync(file.records)
    return { encoding: file.encoding, last: read.at(-1), count: read.length }
  }

  test('GBK shows itself long after the header, and characters may be cut by the network', async () => {
    const ascii = `number,name\n${rows('Wang Fang', 8_000)}`
    const bytes = Buffer.concat([Buffer.from(ascii), Buffer.from('8000,'), gbk('王芳'), Buffer.from('\n')])
    for (const size of [1_000, 1_001, 70_000]) {
      expect(await names(bytes, size)).toMatchObject({
        encoding: 'gb18030',
        count: 8_001,
        last: { values: { name: '王芳' } },
      })
    }
  })

  test('UTF-8 in pieces of any size', async () => {
    const bytes = Buffer.from(`number,name\n${rows('Wang Fang', 8_000)}${rows('王芳', 10)}`)
    for (const size of [997, 998, 999, 70_001]) {
      expect(await names(bytes, size)).toMatchObject({
        encoding: 'utf-8',
        count: 8_010,
        last: { values: { name: '王芳' } },
      })
    }
  })
})
