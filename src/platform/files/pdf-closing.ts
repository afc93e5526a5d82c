import { widthOf, wrap } from './pdf-lines.ts'
import { MM, type Sheet } from './pdf-sheet.ts'

export type Seal = { label: string; shape: 'round' | 'square' }

/** What is left for pens and stamps at the end of a document. */
export type Closing = { signatures: string[]; seal?: Seal }

const SIZE = 10.5
const SEAL_SIDE = 42 * MM
const GAP = 8 * MM
const ROW = 13 * MM
const CELL = 74 * MM

/** In points. */
export function closingHeight(sheet: Sheet, closing: Closing): number {
  const rows = Math.ceil(closing.signatures.length / columnsOf(sheet, closing))
  return GAP + Math.max(rows * ROW, closing.seal ? SEAL_SIDE : 0)
}

/** Signature lines on the left, room for the seal on the right, together on one page. */
export function drawClosing(sheet: Sheet, closing: Closing): void {
  const height = closingHeight(sheet, closing)
  if (!sheet.fits(height)) sheet.startPage()
  const top = sheet.y + GAP
  const columns = columnsOf(sheet, closing)
  const cell = widthLeft(sheet, closing) / columns
  for (const [index, label] of closing.signatures.entries()) {
    const x = sheet.left + (index % columns) * cell
    signatureLine(sheet, label, x, top + Math.floor(index / columns) * ROW, cell - 6 * MM)
  }
  if (closing.seal) sealRoom(sheet, closing.seal, sheet.left + sheet.width - SEAL_SIDE, top)
  sheet.y += height
}

const widthLeft = (sheet: Sheet, { seal }: Closing) => sheet.width - (seal ? SEAL_SIDE + GAP : 0)
const columnsOf = (sheet: Sheet, closing: Closing) => Math.max(1, Math.floor(widthLeft(sheet, closing) / CELL))

function signatureLine(sheet: Sheet, label: string, x: number, top: number, width: number): void {
  const [line] = wrap(label, (width * 0.6) / SIZE)
  if (!line) return
  const from = x + widthOf(line.text) * SIZE + 2 * MM
  const base = top + ROW - 3.5 * MM
  sheet.write(line.text, x, base - SIZE, SIZE)
  sheet.pen
    .lineWidth(0.6)
    .moveTo(from, base + 1)
    .lineTo(x + width, base + 1)
    .stroke('#000000')
}

function sealRoom(sheet: Sheet, { label, shape }: Seal, x: number, y: number): void {
  const { pen } = sheet
  pen.save().lineWidth(0.6).dash(3, { space: 3 })
  if (shape === 'round') pen.circle(x + SEAL_SIDE / 2, y + SEAL_SIDE / 2, SEAL_SIDE / 2)
  else pen.rect(x, y, SEAL_SIDE, SEAL_SIDE)
  pen.stroke('#999999').undash().restore()
  const lines = wrap(label, (SEAL_SIDE * 0.8) / 9)
  const top = y + SEAL_SIDE / 2 - lines.length * 6
  sheet.writeLines(lines, x, top, SEAL_SIDE, 9, 'center', { grey: 0.55 })
}
