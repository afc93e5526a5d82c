import type {
  Content,
  EventEntry,
  FieldGroup,
  ReportField,
  ReportSchema,
  Scalar,
  ScalarField,
} from './duty-reports.types.ts'
import { isEvents, MOST_ROWS } from './report-schema.schemas.ts'

/** Fields of a sent form as they came: text, or several texts where a name came twice. */
export type FormBody = Record<string, unknown>

/** What a form shows: texts of figures, and rows of texts of events. */
export interface Typed {
  figures: Record<string, string>
  events: Record<string, Record<string, string>[]>
}

export const EMPTY_ROWS = 3
export const figureName = (name: string) => `f.${name}`
export const eventName = (list: string, row: number, column: string) => `e.${list}.${row}.${column}`

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : Array.isArray(value) ? String(value.at(-1)) : ''
const isBlank = (row: Record<string, string>) => Object.values(row).every((text) => text.trim() === '')

/** How many rows the form had, by its field names. */
function rowsSent(body: FormBody, list: string): number {
  const numbers = Object.keys(body).flatMap((name) => {
    const [mark, sent, row] = name.split('.')
    return mark === 'e' && sent === list && /^\d{1,2}$/.test(row ?? '') ? [Number(row) + 1] : []
  })
  return Math.min(Math.max(0, ...numbers), MOST_ROWS)
}

/** What was typed, with rows that were left empty taken out. */
export function readForm(schema: ReportSchema, body: FormBody): Typed {
  const typed: Typed = { figures: {}, events: {} }
  for (const [name, field] of Object.entries(schema.properties)) {
    if (!isEvents(field)) {
      typed.figures[name] = textOf(body[figureName(name)])
      continue
    }
    const columns = Object.keys(field.items.properties)
    const rows = Array.from({ length: rowsSent(body, name) }, (_, row) =>
      Object.fromEntries(columns.map((column) => [column, textOf(body[eventName(name, row, column)])])),
    )
    typed.events[name] = rows.filter((row) => !isBlank(row))
  }
  return typed
}

/** A text as the value its field asks for; what cannot be one stays text, and the check says so. */
function scalarOf(field: ScalarField, text: string): Scalar {
  const plain = text.trim()
  if (field.type === 'boolean') return plain === 'true' ? true : plain === 'false' ? false : plain
  if (field.type === 'string') return plain
  const ascii = plain.normalize('NFKC').replaceAll(',', '')
  return /^[+-]?\d{1,15}(\.\d{1,9})?$/.test(ascii) ? Number(ascii) : plain
}

function groupOf(properties: Record<string, ScalarField>, texts: Record<string, string>): EventEntry {
  const filled = Object.entries(properties).filter(([name]) => (texts[name] ?? '').trim() !== '')
  return Object.fromEntries(filled.map(([name, field]) => [name, scalarOf(field, texts[name]!)]))
}

/** The report that a form says. */
export function contentOf(schema: ReportSchema, typed: Typed): Content {
  const all = Object.entries(schema.properties)
  const scalars = all.filter((entry): entry is [string, ScalarField] => !isEvents(entry[1]))
  const lists = all.flatMap(([name, field]) => (isEvents(field) ? [[name, field.items] as [string, FieldGroup]] : []))
  const events = lists.flatMap(([name, group]): [string, EventEntry[]][] => {
    const rows = typed.events[name] ?? []
    const wanted = rows.length > 0 || (schema.required ?? []).includes(name)
    return wanted ? [[name, rows.map((row) => groupOf(group.properties, row))]] : []
  })
  return { ...groupOf(Object.fromEntries(scalars), typed.figures), ...Object.fromEntries(events) }
}

/** The way back: a report as a form shows it. */
export function typedOf(schema: ReportSchema, content: Content): Typed {
  const typed: Typed = { figures: {}, events: {} }
  for (const [name, field] of Object.entries(schema.properties) as [string, ReportField][]) {
    const said = content[name]
    if (isEvents(field)) {
      const rows = Array.isArray(said) ? said : []
      typed.events[name] = rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [column, String(value)])),
      )
    } else typed.figures[name] = said === undefined ? '' : String(said)
  }
  return typed
}

/** Fields that all lists of events of a page may have together, so that it stays small. */
const LIST_FIELDS = 60

/** How many rows the page offers at most for each list of events; by API there may be more. */
export function mostRows(schema: ReportSchema): number {
  const columns = Object.values(schema.properties).flatMap((field) =>
    isEvents(field) ? Object.keys(field.items.properties) : [],
  )
  return Math.min(MOST_ROWS, Math.max(EMPTY_ROWS, Math.floor(LIST_FIELDS / Math.max(1, columns.length))))
}

/** Rows a form shows: those filled in, all of them, then empty ones; `more` adds as many again. */
export const rowsToShow = (filled: number, most: number, more = false): number =>
  Math.max(filled, Math.min(most, Math.max(EMPTY_ROWS, filled + (more ? EMPTY_ROWS : 1))))
