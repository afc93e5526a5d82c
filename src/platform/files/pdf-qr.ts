import type { Readable } from 'node:stream'
import { wrap } from './pdf-lines.ts'
import { LINE_HEIGHT, MM, Sheet, type SheetOptions } from './pdf-sheet.ts'
import { QR_QUIET_ZONE, type QrMatrix, qrPath } from './qr.ts'

export type QrPage = {
  heading: string
  matrix: QrMatrix
  /** Below the code: what it is for, and how to do it without a camera. */
  lines?: readonly string[]
}

export type QrDocument = SheetOptions & { pages: Iterable<QrPage> | AsyncIterable<QrPage> }

const SIDE = 110 * MM

/** Pages to hang up, one QR code each, large enough for a camera two steps away. */
export function writeQrPagesPdf(document: QrDocument): Readable {
  const sheet = new Sheet(document)
  drawPages(sheet, document.pages).catch((error: Error) => sheet.output.destroy(error))
  return sheet.output
}

/** A vector drawing, `side` points wide with its quiet zone, the corner at (x, y). */
export function drawQr(sheet: Sheet, matrix: QrMatrix, x: number, y: number, side: number): void {
  const unit = side / (matrix.length + 2 * QR_QUIET_ZONE)
  const { pen } = sheet
  pen.save().translate(x, y).scale(unit).translate(QR_QUIET_ZONE, QR_QUIET_ZONE)
  pen.path(qrPath(matrix)).fill('#000000').restore()
}

async function drawPages(sheet: Sheet, pages: QrDocument['pages']): Promise<void> {
  for await (const page of pages) {
    sheet.startPage()
    drawPage(sheet, page)
    if (!(await sheet.readerKeepsUp())) return
  }
  sheet.finish()
}

function drawPage(sheet: Sheet, { heading, matrix, lines = [] }: QrPage): void {
  const size = 30
  const headingLines = wrap(heading, sheet.width / size)
  const room = sheet.bottom - sheet.top - SIDE - (headingLines.length * size + lines.length * 15) * LINE_HEIGHT
  sheet.y += Math.max(0, room / 3)
  sheet.paragraph(heading, size, 'center', { bold: true })
  drawQr(sheet, matrix, sheet.left + (sheet.width - SIDE) / 2, sheet.y, SIDE)
  sheet.y += SIDE
  for (const line of lines) sheet.paragraph(line, 15, 'center')
}
