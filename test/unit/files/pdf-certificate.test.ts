import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { type CertificateDocument, writeCertificatePdf } from '../../../src/platform/files/pdf-certificate.ts'
import { writeQrPagesPdf } from '../../../src/platform/files/pdf-qr.ts'
import { qrMatrix } from '../../../src/platform/files/qr.ts'
import { type Picture, popplerOrSkip } from '../../support/poppler.ts'

const MM = 1 / 25.4
const ADDRESS = 'https://v.example.cn/verify/ZM-2026-000123?c=K7QM2X9D'
const words = {
  page: (page: number, pages: number) => `${page} / ${pages}`,
  missing: (codes: string) => `Missing: ${codes}`,
}

const chinese: CertificateDocument = {
  title: '志愿服务记录证明',
  subtitle: 'Certificate of Volunteer Service Record',
  language: 'zh-CN',
  madeAt: new Date('2026-05-01T00:00:00Z'),
  words,
  number: '编号 ZM-2026-000123',
  paragraphs: ['兹证明仉晓燕同志自2026年1月1日至2026年4月30日参加本单位组织的志愿服务，累计126.5小时。', '特此证明。'],
  facts: [
    { label: '姓名 Name', value: '仉晓燕' },
    { label: '证件 Document', value: '3301**********1234' },
    { label: '服务时间 Hours', value: '126.5' },
  ],
  notes: ['须加盖公章并签字后有效。'],
  closing: { signatures: ['负责人', '经办人'], seal: { label: '（公章）', shape: 'round' } },
  check: { matrix: qrMatrix(ADDRESS), lines: ['校验码 K7QM-2X9D', '扫码核验'] },
}

const english: CertificateDocument = {
  ...chinese,
  title: 'Certificate of Volunteer Service Record',
  subtitle: undefined,
  language: 'en',
  number: 'No. ZM-2026-000123',
  paragraphs: [
    'This is to certify that Zhang Xiaoyan served as a volunteer from 1 January to 30 April 2026 for 126.5 hours.',
  ],
  facts: [{ label: 'Name', value: 'Zhang Xiaoyan' }],
  notes: [],
  closing: { signatures: ['Person in charge', 'Handled by'], seal: { label: '(official seal)', shape: 'round' } },
  check: { matrix: qrMatrix(ADDRESS), lines: ['Check code K7QM-2X9D'] },
}

const write = (document: CertificateDocument) => buffer(writeCertificatePdf(document)) as Promise<Buffer>
const squeezed = (text: string) => text.replace(/\s+/g, '')

for (const document of [chinese, english]) {
  test(`in the language "${document.language}", one page says all of it`, async (context) => {
    const poppler = await popplerOrSkip(context)
    const pages = await poppler.text(await write(document))
    expect(pages).toHaveLength(1)
    const text = squeezed(pages[0]!)
    const { title, number, paragraphs, facts, closing, check } = document
    const parts = [title, number, ...paragraphs, ...facts.flatMap(({ label, value }) => [label, value]), ...check.lines]
    for (const part of [...parts, ...closing.signatures, closing.seal!.label]) expect(text).toContain(squeezed(part))
  })
}

/** Grey of the middle of each module of a code drawn `side` millimetres wide with its quiet zone. */
function modules({ width, grey }: Picture, dots: number, corner: [number, number], side: number, size: number) {
  const unit = (side * MM * dots) / (size + 8)
  const at = (index: number, from: number) => Math.round(from * MM * dots + (index + 4.5) * unit)
  const all = Array.from({ length: size }, (_, index) => index)
  return all.map((row) => all.map((column) => grey[at(row, corner[1]) * width + at(column, corner[0])]! < 128))
}

test('the printed code has the modules it was given', async (context) => {
  const poppler = await popplerOrSkip(context)
  const [page] = (await poppler.render(await write(chinese), 300)) as [Picture]
  const { matrix } = chinese.check
  expect(modules(page, 300, [14, 297 - 20 - 30], 30, matrix.length)).toEqual(matrix)
})

test('there is white room for the seal: 42 mm inside the dashed line, but for the pale label', async (context) => {
  const poppler = await popplerOrSkip(context)
  const [page] = (await poppler.render(await write(chinese), 100)) as [Picture]
  const [middle, top] = [210 - 14 - 21, 297 - 20 - 30 - 6 - 42].map((length) => Math.round(length * MM * 100))
  const column = (row: number) => page.grey[row * page.width + middle!]!
  const rows = Array.from({ length: Math.round(42 * MM * 100) }, (_, index) => column(top! + index))
  expect(rows.slice(4, 70).every((grey) => grey === 255)).toBe(true)
  expect(rows.slice(95, -4).every((grey) => grey === 255)).toBe(true)
})

test('too long a text goes on over the page, and nothing of it is lost', async (context) => {
  const poppler = await popplerOrSkip(context)
  const facts = Array.from({ length: 40 }, (_, index) => ({ label: `F${index}.`, value: `v${index}.` }))
  const pages = await poppler.text(await write({ ...chinese, facts }))
  expect(pages).toHaveLength(2)
  expect(pages.join('').match(/[Fv]\d+\./g)).toEqual(facts.flatMap(({ label, value }) => [label, value]))
  expect(pages[1]).toContain('负责人')
})

test('a list of duties follows on pages of its own, with the number of the certificate', async (context) => {
  const poppler = await popplerOrSkip(context)
  const rows = Array.from({ length: 60 }, (_, index) => ({ day: '2026-01-05', duty: `值班${index}.` }))
  const columns = [
    { key: 'day', header: '日期', type: 'date' as const },
    { key: 'duty', header: '内容', type: 'text' as const },
  ]
  const pages = await poppler.text(await write({ ...chinese, list: { heading: '服务清单', columns, rows } }))
  expect(pages).toHaveLength(3)
  expect(
    pages
      .slice(1)
      .join('')
      .match(/值班\d+\./g),
  ).toEqual(rows.map((row) => row.duty))
  for (const page of pages) expect(page).toContain('ZM-2026-000123')
  expect(pages.map((page) => /(\d) ?\/ ?3/.exec(page)?.[1])).toEqual(['1', '2', '3'])
})

test('it is small', async () => {
  const began = performance.now()
  const pdf = await write(chinese)
  console.log(`pdf: a certificate, ${(pdf.length / 1024).toFixed(0)} KB, ${(performance.now() - began).toFixed(0)} ms`)
  expect(pdf.length).toBeLessThan(60 * 1024)
})

test('pages to hang up have one large code each', async (context) => {
  const poppler = await popplerOrSkip(context)
  const posts = ['城东卡点', '城西卡点'].map((heading) => ({ heading, matrix: qrMatrix(heading), lines: ['扫码签到'] }))
  const { title, language, madeAt } = chinese
  const pdf = (await buffer(
    writeQrPagesPdf({ title, language, madeAt, words, orientation: 'portrait', pages: posts }),
  )) as Buffer
  const texts = await poppler.text(pdf)
  expect(texts.map((text) => /城.卡点/.exec(text)?.[0])).toEqual(['城东卡点', '城西卡点'])
  for (const text of texts) expect(text).toContain('扫码签到')
  const pictures = await poppler.render(pdf, 72)
  const dark = pictures.map(({ grey }) => grey.filter((value) => value < 128).length / grey.length)
  for (const share of dark) expect(share).toBeGreaterThan(0.04)
})
