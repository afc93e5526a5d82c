export type ColumnType = 'text' | 'integer' | 'decimal' | 'date' | 'datetime'

/** `width` is in characters of a spreadsheet column. */
export type Column = { key: string; header: string; type: ColumnType; width?: number }

/**
 * text: as it is. integer and decimal: a number or its decimal notation. date: `2026-05-01`.
 * datetime: wall clock, `2026-05-01T08:00[:00]` or with a blank for the T; the zone is the caller's choice.
 */
export type CellValue = string | number | bigint | null | undefined
export type Row = Readonly<Record<string, CellValue>>
export type Rows = AsyncIterable<Row> | Iterable<Row>

const FORMS: Record<Exclude<ColumnType, 'text'>, RegExp> = {
  integer: /^-?\d+$/,
  decimal: /^-?\d+(\.\d+)?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  datetime: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?$/,
}

/** The value in plain letters. Throws TypeError when it is not what its column promises. */
export function plainText(column: Column, value: CellValue): string {
  const text = String(value ?? '')
  if (column.type === 'text' || text === '') return text
  if (!FORMS[column.type].test(text)) {
    throw new TypeError(`Column "${column.key}" holds values of type ${column.type}, and "${text}" is not one.`)
  }
  return column.type === 'datetime' ? text.replace('T', ' ') : text
}
