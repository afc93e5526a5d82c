import type { Readable } from 'node:stream'
import { type Closing, closingHeight, drawClosing } from './pdf-closing.ts'
import { drawRow, type GridColumn, gridRow } from './pdf-grid.ts'
import { wrap } from './pdf-lines.ts'
import { drawQr } from './pdf-qr.ts'
import { LINE_HEIGHT, MM, Sheet, type SheetOptions } from './pdf-sheet.ts'
import { drawTable, type PdfFact, type PdfTable } from './pdf-table.ts'
import type { QrMatrix } from './qr.ts'

export type CertificateDocument = Omit<SheetOptions, 'orientation'> & {
  /** Below the title, such as the title in another language. */
  subtitle?: string
  /** At the top right, label included. */
  number: string
  paragraphs: readonly string[]
  facts: readonly PdfFact[]
  /** Small print below the facts. */
  notes?: readonly string[]
  closing: Closing
  /** By which others can check the paper: a code to scan, and in letters what to do. */
  check: { matrix: QrMatrix; lines: readonly string[] }
  /** On pages of its own after the certificate. */
  list?: PdfTable
}

const TEXT_SIZE = 12
const FACT_SIZE = 11
const NOTE_SIZE = 9
const QR_SIDE = 30 * MM
const FRAME = { outer: 5.2 * MM, inner: 6.3 * MM }
const FACT_LABEL_SHARE = 0.32

/** A paper to be signed and sealed, on A4 upright: words, facts, room for pens and a stamp, a code to check it by. */
export function writeCertificatePdf(document: CertificateDocument): Readable {
  const sheet = new Sheet({ ...document, orientation: 'portrait' })
  drawCertificate(sheet, document).catch((error: Error) => sheet.output.destroy(error))
  return sheet.output
}

async function drawCertificate(sheet: Sheet, document: CertificateDocument): Promise<void> {
  sheet.head = () => drawFrame(sheet)
  sheet.startPage()
  drawHeading(sheet, document)
  for (const paragraph of document.paragraphs) {
    sheet.paragraph(paragraph, TEXT_SIZE)
    sheet.y += 3 * MM
  }
  drawFacts(sheet, document.facts)
  for (const note of document.notes ?? []) sheet.paragraph(note, NOTE_SIZE, 'left', { grey: 0.25 })
  const last = closingHeight(sheet, document.closing) + QR_SIDE + 6 * MM
  if (!sheet.fits(last)) sheet.startPage()
  sheet.y = Math.max(sheet.y, sheet.bottom - last)
  drawClosing(sheet, document.closing)
  drawCheck(sheet, document.check)
  if (document.list) {
    sheet.head = () => sheet.paragraph(document.number, NOTE_SIZE, 'right')
    sheet.startPage()
    if (!(await drawTable(sheet, document.list))) return
  }
  sheet.finish()
}

function drawFrame(sheet: Sheet): void {
  const { pen } = sheet
  for (const [inset, width] of [
    [FRAME.outer, 1.6],
    [FRAME.inner, 0.5],
  ] as const) {
    pen.lineWidth(width).rect(inset, inset, pen.page.width - 2 * inset, pen.page.height - 2 * inset)
    pen.stroke('#8a1f1f')
  }
}

function drawHeading(sheet: Sheet, { number, title, subtitle }: CertificateDocument): void {
  sheet.y += 2 * MM
  sheet.paragraph(number, 10, 'right')
  sheet.y += 8 * MM
  sheet.paragraph(title, 26, 'center', { bold: true })
  if (subtitle) sheet.paragraph(subtitle, 13, 'center', { grey: 0.25 })
  sheet.y += 9 * MM
}

function drawFacts(sheet: Sheet, facts: readonly PdfFact[]): void {
  const label = sheet.width * FACT_LABEL_SHARE
  const columns: GridColumn[] = [
    { width: label, align: 'left' },
    { width: sheet.width - label, align: 'left' },
  ]
  sheet.y += 2 * MM
  for (const fact of facts) {
    const row = gridRow(columns, [fact.label, fact.value], FACT_SIZE, 8.5 * MM)
    if (!sheet.fits(row.height)) sheet.startPage()
    drawRow(sheet, columns, row, FACT_SIZE)
  }
  sheet.y += 4 * MM
}

function drawCheck(sheet: Sheet, { matrix, lines }: CertificateDocument['check']): void {
  sheet.y += 6 * MM
  drawQr(sheet, matrix, sheet.left, sheet.y, QR_SIDE)
  const width = sheet.width - QR_SIDE - 4 * MM
  const wrapped = lines.flatMap((line) => wrap(line, width / NOTE_SIZE))
  const top = sheet.y + (QR_SIDE - wrapped.length * LINE_HEIGHT * NOTE_SIZE) / 2
  sheet.writeLines(wrapped, sheet.left + QR_SIDE + 4 * MM, top, width, NOTE_SIZE, 'left')
  sheet.y += QR_SIDE
}
