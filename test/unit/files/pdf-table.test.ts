import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { missingCharacters } from '../../../src/platform/files/font.ts'
import { type PdfColumn, type TableDocument, writeTablePdf } from '../../../src/platform/files/pdf-table.ts'
import { type Picture, popplerOrSkip, type Word } from '../../support/poppler.ts'
import { surnames } from './pdf-surnames.ts'

const number: PdfColumn = { key: 'number', header: 'No.', type: 'integer', width: 6 }
const name: PdfColumn = { key: 'name', header: '姓名', type: 'text', width: 20 }
const place: PdfColumn = { key: 'place', header: '岗位', type: 'text', width: 40 }

const document = (tables: TableDocument['tables'], changes: Partial<TableDocument> = {}): TableDocument => ({
  title: '值班表',
  language: 'zh-CN',
  madeAt: new Date('2026-05-01T08:00:00Z'),
  orientation: 'portrait',
  words: {
    page: (page, pages) => `Version 3 · page ${page} of ${pages}`,
    missing: (codes) => `Not in the font: ${codes}`,
  },
  tables,
  ...changes,
})

const write = (tables: TableDocument['tables'], changes?: Partial<TableDocument>) =>
  buffer(writeTablePdf(document(tables, changes))) as Promise<Buffer>

const numbered = (names: string[]) => names.map((name, index) => ({ number: index + 1, name }))

/** The numbered lines of the text, by their number. */
function linesOf(pages: string[]): Map<number, string> {
  const found = pages.flatMap((page) => [...page.matchAll(/^ *(\d+) +(\S.*?) *$/gm)])
  return new Map(found.map(([, number, text]) => [Number(number), text!]))
}

test('five hundred surnames come out as they went in', async (context) => {
  const poppler = await popplerOrSkip(context)
  expect(new Set(surnames).size).toBe(500)
  expect(surnames.flatMap(missingCharacters)).toEqual([])
  const pdf = await write([{ columns: [number, name], rows: numbered(surnames.map((surname) => `${surname}明喆`)) }])
  const found = linesOf(await poppler.text(pdf))
  expect([...found.values()]).toEqual(surnames.map((surname) => `${surname}明喆`))
  expect([...found.keys()]).toEqual(surnames.map((_, index) => index + 1))
})

const RARE = [
  '仉嫘瑨', // in rarely used parts of the typeface
  '逄垚犇', // beyond GB 2312
  '龘燚淼',
  '骉禤钭',
  '陳國華', // not simplified
  '阿卜杜拉·买买提',
  'Zoë Nguyễn Đặng',
  'René Müller',
  'Анна Петрова',
  '36.8℃ → ①✓',
]

test('so do rare and foreign letters', async (context) => {
  const poppler = await popplerOrSkip(context)
  expect(RARE.flatMap(missingCharacters)).toEqual([])
  const pdf = await write([{ columns: [number, name], rows: numbered(RARE) }])
  expect([...linesOf(await poppler.text(pdf)).values()]).toEqual(RARE)
})

/** What of a picture is inside a box given in points: dark or not, row by row. */
function cutOut({ width, grey }: Picture, { left, top, right, bottom }: Omit<Word, 'text'>): boolean[] {
  const [x0, y0, x1, y1] = [left, top, right, bottom].map((points) => Math.round((points * DPI) / 72)) as Box
  return Array.from({ length: (y1 - y0) * (x1 - x0) }, (_, index) => {
    const [x, y] = [x0 + (index % (x1 - x0)), y0 + Math.floor(index / (x1 - x0))]
    return grey[y * width + x]! < 128
  })
}
type Box = [number, number, number, number]
const DPI = 144

test('five hundred surnames and rare letters are drawn, each otherwise than all others', async (context) => {
  const poppler = await popplerOrSkip(context)
  const letters = [...new Set([...surnames, ...'仉嫘瑨逄垚犇龘燚淼骉禤钭陳國'].flatMap((name) => [...name]))]
  const pdf = await write([{ columns: [number, name], rows: numbered(letters.map((letter) => `${letter}喆`)) }])
  const pages = await poppler.words(pdf)
  const pictures = await poppler.render(pdf, DPI)
  expect(pictures).toHaveLength(pages.length)
  const drawn = new Map<string, boolean[]>()
  for (const [page, words] of pages.entries()) {
    for (const { text, left, right, ...sides } of words) {
      if (!text.endsWith('喆')) continue
      drawn.set([...text][0]!, cutOut(pictures[page]!, { ...sides, left, right: (left + right) / 2 }))
    }
  }
  expect([...drawn.keys()]).toEqual(letters)
  const shapes = new Set<string>()
  for (const [letter, pixels] of drawn) {
    const ink = pixels.filter(Boolean).length / pixels.length
    expect(ink, letter).toBeGreaterThan(0.03)
    expect(ink, letter).toBeLessThan(0.6)
    shapes.add(pixels.map(Number).join(''))
  }
  expect(shapes.size).toBe(letters.length)
})

test('marks that look the same stay different', async (context) => {
  const poppler = await popplerOrSkip(context)
  const alike = ['甲·乙', '甲•乙', '甲・乙', '甲·乙', 'a-b', 'a∕b', 'a／b']
  const pdf = await write([{ columns: [number, name], rows: numbered(alike) }])
  expect([...linesOf(await poppler.text(pdf)).values()]).toEqual(alike)
})

test('a character no font has is a box with its code, named at the foot of its page, and still itself to copy', async (context) => {
  const poppler = await popplerOrSkip(context)
  const names = ['䶮宇航', '王𬱖', ...Array.from({ length: 60 }, () => '李明')]
  expect(names.flatMap(missingCharacters)).toEqual(['䶮', '𬱖'])
  const pdf = await write([{ columns: [number, name], rows: numbered(names) }])
  const pages = await poppler.text(pdf)
  expect([...linesOf(pages).values()]).toEqual(names)
  expect(pages.map((page) => /Not in the font: (.*)/.exec(page)?.[1])).toEqual(['U+4DAE U+2CC56', undefined])
})

test('what leaves no mark on paper is no missing character', async (context) => {
  const poppler = await popplerOrSkip(context)
  const pdf = await write([
    { columns: [number, name], rows: numbered(['王\u200b\u0007明\u00ad', 'Li\tFang\u00a0Lan', '张\ud800']) },
  ])
  const pages = await poppler.text(pdf)
  expect([...linesOf(pages).values()]).toEqual(['王明', 'Li Fang Lan', '张\ufffd'])
})

test('every page has the title, the header, the band of its group and its number; no row is lost or moved', async (context) => {
  const poppler = await popplerOrSkip(context)
  const rows = numbered(Array.from({ length: 130 }, (_, index) => `志愿者${index + 1}`)).map((row, index) => ({
    ...row,
    town: index < 70 ? '城东街道' : '城西街道',
  }))
  const pages = await poppler.text(
    await write([{ columns: [number, name], rows, groupBy: 'town' }], { subtitle: '第19周' }),
  )
  expect(pages).toHaveLength(4)
  for (const [index, page] of pages.entries()) {
    expect(page).toMatch(/^ +值班表\n +第19周\n/)
    expect(page.match(/No\. +姓名/g)).toHaveLength(1)
    expect(page).toContain(`Version 3 · page ${index + 1} of 4`)
  }
  expect(pages.map((page) => page.match(/城.街道/g))).toEqual([
    ['城东街道'],
    ['城东街道', '城西街道'],
    ['城西街道'],
    ['城西街道'],
  ])
  expect(pages[1]!.indexOf('城西街道')).toBeLessThan(pages[1]!.indexOf('志愿者71'))
  expect(pages[1]!.indexOf('城西街道')).toBeGreaterThan(pages[1]!.indexOf('志愿者70'))
  expect([...linesOf(pages).keys()]).toEqual(rows.map((row) => row.number))
})

test('a cell with several names keeps each on its own line, and long text is wrapped, not cut', async (context) => {
  const poppler = await popplerOrSkip(context)
  const long = '负责测温登记并引导返乡人员扫码'.repeat(8)
  const pdf = await write([{ columns: [name, place], rows: [{ name: '王明\n李芳\n欧阳娜娜', place: long }] }])
  const [page] = (await poppler.text(pdf)) as [string]
  for (const one of ['王明', '李芳', '欧阳娜娜']) expect(page.match(new RegExp(one, 'g'))).toHaveLength(1)
  const letters = [...page.replace(/王明|李芳|欧阳娜娜|值班表|姓名|岗位|[\s\x20-\x7e·]/g, '')].join('')
  expect(letters).toBe(long)
})

test('a row higher than a page goes on over the next pages', async (context) => {
  const poppler = await popplerOrSkip(context)
  const lines = Array.from({ length: 150 }, (_, index) => `line-${index}-`)
  const rows = [{ name: 'before' }, { name: lines.join('\n') }, { name: 'after' }]
  const pages = await poppler.text(await write([{ columns: [name], rows }]))
  expect(pages.length).toBe(3)
  expect(pages.join('').match(/line-\d+-/g)).toEqual(lines)
  expect(pages.at(-1)).toMatch(/line-149-\s+after/)
})

test('several tables, each with its heading and facts, on new pages where wanted', async (context) => {
  const poppler = await popplerOrSkip(context)
  const facts = [
    { label: '带班领导', value: '赵国强' },
    { label: '电话', value: '0571-8888' },
  ]
  const pages = await poppler.text(
    await write([
      { heading: '一、卡点', facts, columns: [name], rows: [{ name: '王明' }] },
      { heading: '二、热线', columns: [name], rows: [] },
      { heading: '三、社区', columns: [name], rows: [{ name: '李芳' }], newPage: true },
    ]),
  )
  expect(pages).toHaveLength(2)
  expect(pages[0]).toMatch(/一、卡点\n带班领导 赵国强 +电话 0571-8888\n.*王明.*二、热线\n +姓名/s)
  expect(pages[1]).toMatch(/三、社区.*李芳/s)
})

test('signatures and seal stay together: on a page of their own when there is no room', async (context) => {
  const poppler = await popplerOrSkip(context)
  const closing = {
    signatures: ['制表人', '审核人', '批准人'],
    seal: { label: '（单位公章）', shape: 'round' as const },
  }
  const pagesWith = async (rows: number) =>
    poppler.text(
      await write([{ columns: [name], rows: Array.from({ length: rows }, () => ({ name: '王明' })) }], { closing }),
    )
  for (const [rows, count] of [
    [10, 1],
    [42, 2],
  ] as const) {
    const pages = await pagesWith(rows)
    expect(pages).toHaveLength(count)
    expect(pages.at(-1)).toMatch(/制表人.*审核人.*（单位公章）|（单位公章）.*批准人/s)
    expect(pages.slice(0, -1).join('')).not.toMatch(/制表人|批准人|公章/)
  }
})

function inkIn({ width, grey }: Picture, from: [number, number], to: [number, number]): boolean {
  for (let y = from[1]; y < to[1]; y += 1) {
    if (grey.subarray(y * width + from[0], y * width + to[0]).some((value) => value < 200)) return true
  }
  return false
}

for (const orientation of ['portrait', 'landscape'] as const) {
  test(`on ${orientation} paper nothing reaches into the margins`, async (context) => {
    const poppler = await popplerOrSkip(context)
    const wide = { number: 1, name: 'W'.repeat(300), place: `${'长'.repeat(200)}，。` }
    const pdf = await write([{ columns: [number, name, place], rows: Array.from({ length: 12 }, () => wide) }], {
      orientation,
    })
    const pages = await poppler.render(pdf, 72)
    expect(pages.length).toBeGreaterThan(1)
    for (const page of pages) {
      expect(page.width < page.height).toBe(orientation === 'portrait')
      const { width, height } = page
      expect(inkIn(page, [60, 60], [width - 60, height - 60])).toBe(true)
      expect(inkIn(page, [0, 0], [38, height])).toBe(false)
      expect(inkIn(page, [width - 38, 0], [width, height])).toBe(false)
      expect(inkIn(page, [0, 0], [width, 36])).toBe(false)
      expect(inkIn(page, [0, height - 22], [width, height])).toBe(false)
    }
  })
}

test('the fonts are inside, only as much of them as is used, and the file is small', async (context) => {
  const poppler = await popplerOrSkip(context)
  const { pdf, took } = await rosterOf(60)
  console.log(`pdf: 60 posts × 7 days × 3 names, ${(pdf.length / 1024).toFixed(0)} KB, ${took.toFixed(0)} ms`)
  expect(pdf.length).toBeLessThan(150 * 1024)
  for (const font of await poppler.fonts(pdf))
    expect(font).toMatch(/^[A-Z]{6}\+NotoSansSC\S* +CID TrueType +Identity-H +yes yes yes/)
  const info = await poppler.info(pdf)
  expect(info).toMatchObject({ Title: '值班表', CreationDate: '2026-05-01T08:00:00Z', ModDate: '2026-05-01T08:00:00Z' })
  expect(info['Page size']).toMatch(/^841.89 x 595.28 pts/)
})

/** Many different names, so that the fonts are as full as in life. */
async function rosterOf(posts: number) {
  const days = ['一', '二', '三', '四', '五', '六', '日'].map(
    (day): PdfColumn => ({ key: day, header: `周${day}`, type: 'text', align: 'center' }),
  )
  const rows = Array.from({ length: posts }, (_, post) => ({
    place: `第${post + 1}卡点`,
    ...Object.fromEntries(
      days.map(({ key }, day) => [
        key,
        [0, 1, 2].map((seat) => `${surnames[(post * 21 + day * 3 + seat) % 500]}明`).join('\n'),
      ]),
    ),
  }))
  const began = performance.now()
  const pdf = await write([{ columns: [place, ...days], rows }], { orientation: 'landscape' })
  return { pdf, took: performance.now() - began }
}

test('the same contents give the same bytes', async () => {
  const rows = numbered(['䶮宇航', '仉明'])
  const first = await write([{ columns: [number, name], rows }])
  await sleep(5)
  expect((await write([{ columns: [number, name], rows }])).equals(first)).toBe(true)
})

test('rows are asked for no faster than the reader takes pages', async () => {
  let asked = 0
  function* rows() {
    for (asked = 1; asked <= 50_000; asked += 1) yield { number: asked, name: `志愿者${asked}${'值班'.repeat(40)}` }
  }
  const stream = writeTablePdf(document([{ columns: [number, name], rows: rows() }]))
  await vi.waitFor(() => expect(asked).toBeGreaterThan(100))
  await sleep(300)
  expect(asked).toBeLessThan(5_000)
  stream.destroy()
  const before = asked
  await sleep(100)
  expect(asked).toBeLessThanOrEqual(before + 50)
})

test('a value that is not of its type breaks the file instead of being printed', async () => {
  await expect(write([{ columns: [number], rows: [{ number: 'many' }] }])).rejects.toThrow(TypeError)
})

test('a source that fails breaks the file', async () => {
  async function* rows() {
    yield { name: '王明' }
    throw new Error('the database is gone')
  }
  await expect(write([{ columns: [name], rows: rows() }])).rejects.toThrow('the database is gone')
})
