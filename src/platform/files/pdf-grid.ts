import { type Line, wrap } from './pdf-lines.ts'
import { type Align, LINE_HEIGHT, type Sheet } from './pdf-sheet.ts'

/** `width` in points, padding included. */
export type GridColumn = { width: number; align: Align }
export type GridRow = { cells: Line[][]; lines: number; height: number }
export type GridStyle = { fill?: string; bold?: boolean }

const PADDING = { x: 3, y: 2.5 }

/** A row of cells as it will stand on paper; all cells as high as the highest, at least `minHeight` points. */
export function gridRow(columns: GridColumn[], texts: string[], size: number, minHeight = 0): GridRow {
  const cells = columns.map(({ width }, index) => wrap(texts[index] ?? '', (width - 2 * PADDING.x) / size))
  return rowOf(cells, size, minHeight)
}

/** Splits a row so that its first part is at most `room` points high; undefined when not one line fits. */
export function splitRow(row: GridRow, size: number, room: number): [GridRow, GridRow] | undefined {
  const lines = Math.floor((room - 2 * PADDING.y) / (LINE_HEIGHT * size))
  if (lines < 1) return undefined
  const part = (from: number, to?: number) =>
    rowOf(
      row.cells.map((cell) => cell.slice(from, to)),
      size,
      0,
    )
  return [part(0, lines), part(lines)]
}

/** Draws the row at `sheet.y`, cells centred from top to bottom, and moves below it. */
export function drawRow(sheet: Sheet, columns: GridColumn[], row: GridRow, size: number, style: GridStyle = {}): void {
  let x = sheet.left
  for (const [index, { width, align }] of columns.entries()) {
    const { pen } = sheet
    if (style.fill) pen.rect(x, sheet.y, width, row.height).fill(style.fill)
    pen.lineWidth(0.5).rect(x, sheet.y, width, row.height).stroke('#444444')
    const cell = row.cells[index]!
    const top = sheet.y + (row.height - cell.length * LINE_HEIGHT * size) / 2
    sheet.writeLines(cell, x + PADDING.x, top, width - 2 * PADDING.x, size, align, { bold: style.bold })
    x += width
  }
  sheet.y += row.height
}

function rowOf(cells: Line[][], size: number, minHeight: number): GridRow {
  const lines = Math.max(1, ...cells.map((cell) => cell.length))
  return { cells, lines, height: Math.max(minHeight, lines * LINE_HEIGHT * size + 2 * PADDING.y) }
}
