import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { writeQrPagesPdf } from '../../../src/platform/files/pdf-qr.ts'
import { QR_QUIET_ZONE, type QrMatrix, qrMatrix } from '../../../src/platform/files/qr.ts'
import { type Picture, popplerOrSkip } from '../../support/poppler.ts'
import { scanned, scannedFromPaper } from '../../support/qr-scanner.ts'

const PIXELS = 4

function pictureOf(matrix: QrMatrix): Picture {
  const side = (matrix.length + 2 * QR_QUIET_ZONE) * PIXELS
  const moduleAt = (pixel: number) => Math.floor(pixel / PIXELS) - QR_QUIET_ZONE
  const grey = Buffer.from(
    Array.from({ length: side * side }, (_, index) =>
      matrix[moduleAt(Math.floor(index / side))]?.[moduleAt(index % side)] ? 0 : 255,
    ),
  )
  return { width: side, height: side, grey }
}

test('another program reads what was written, at every level', () => {
  for (const text of ['签到·城东卡点🚧', 'HTTPS://V.EXAMPLE.CN/C/K7QM', 'https://v.example.cn/'.repeat(12)]) {
    for (const level of ['L', 'M', 'Q', 'H'] as const) expect(scanned(pictureOf(qrMatrix(text, level)))).toBe(text)
  }
})

test('and what was printed', async (context) => {
  const poppler = await popplerOrSkip(context)
  const address = 'https://v.example.cn/check-in/城东?c=K7QM2X9D'
  const stream = writeQrPagesPdf({
    title: '签到',
    language: 'zh-CN',
    madeAt: new Date('2026-05-01T00:00:00Z'),
    orientation: 'portrait',
    words: { page: (page, pages) => `${page}/${pages}`, missing: (codes) => codes },
    pages: [{ heading: '城东卡点', matrix: qrMatrix(address), lines: ['扫码签到'] }],
  })
  expect(await scannedFromPaper(poppler, (await buffer(stream)) as Buffer)).toBe(address)
})
