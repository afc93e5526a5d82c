import { drawRow, type GridColumn, type GridRow, gridRow, splitRow } from './pdf-grid.ts'
import { MM, type Sheet } from './pdf-sheet.ts'

const HEADER_FILL = '#e4e4e4'
const BAND_FILL = '#f4f4f4'
const LINES_WORTH_SPLITTING = 4

/** The rows of one table on a sheet; on every page it reaches, its header comes first, and the band of its group. */
export class TableRows {
  readonly #sheet: Sheet
  readonly #columns: GridColumn[]
  readonly #header: GridRow
  readonly #headerColumns: GridColumn[]
  readonly #size: number
  readonly #minHeight: number
  #begun = false
  #group: string | undefined

  /** `size` in points, `rowHeight` in millimetres. */
  constructor(sheet: Sheet, columns: GridColumn[], headers: string[], size: number, rowHeight = 0) {
    this.#sheet = sheet
    this.#columns = columns
    this.#headerColumns = columns.map((column) => ({ ...column, align: 'center' }))
    this.#header = gridRow(columns, headers, size)
    this.#size = size
    this.#minHeight = rowHeight * MM
  }

  get headerHeight(): number {
    return this.#header.height
  }

  draw(texts: string[], group: string | undefined): void {
    let rest = gridRow(this.#columns, texts, this.#size, this.#minHeight)
    const changed = group !== this.#group
    this.#group = group
    if (this.#needsNewPage(rest, changed)) this.#turnPage()
    else this.#drawTop(!this.#begun, changed)

    while (!this.#sheet.fits(rest.height)) {
      const parts = splitRow(rest, this.#size, this.#sheet.bottom - this.#sheet.y)
      if (!parts) break
      drawRow(this.#sheet, this.#columns, parts[0], this.#size)
      rest = parts[1]
      this.#turnPage()
    }
    drawRow(this.#sheet, this.#columns, rest, this.#size)
  }

  /** A table without rows still shows what it would tell. */
  end(): void {
    if (!this.#begun) this.#drawTop(true, false)
  }

  #needsNewPage(row: GridRow, groupChanged: boolean): boolean {
    const top = (this.#begun ? 0 : this.#header.height) + (groupChanged ? this.#bandHeight() : 0)
    if (this.#sheet.fits(top + row.height)) return false
    const page = this.#sheet.bottom - this.#sheet.bodyTop - this.#header.height - this.#bandHeight()
    const worthSplitting = LINES_WORTH_SPLITTING * 1.5 * this.#size
    return row.height <= page || !this.#sheet.fits(top + worthSplitting)
  }

  #turnPage(): void {
    this.#sheet.startPage()
    this.#drawTop(true, true)
  }

  #drawTop(header: boolean, band: boolean): void {
    this.#begun = true
    if (header) drawRow(this.#sheet, this.#headerColumns, this.#header, this.#size, { fill: HEADER_FILL, bold: true })
    if (band && this.#group !== undefined) {
      drawRow(this.#sheet, this.#bandColumns(), this.#band(this.#group), this.#size, { fill: BAND_FILL, bold: true })
    }
  }

  #bandColumns = (): GridColumn[] => [{ width: this.#sheet.width, align: 'left' }]
  #band = (group: string) => gridRow(this.#bandColumns(), [group], this.#size)
  #bandHeight = () => (this.#group === undefined ? 0 : this.#band(this.#group).height)
}
