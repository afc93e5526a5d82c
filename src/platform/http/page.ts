import { type AnyColumn, asc, desc, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { ProblemError } from './problem.ts'

const MAX_LIMIT = 500

/** Query fields every list understands; `sort` takes the given names, with '-' for descending. */
export function pageQuery<const S extends string>(sorts: readonly [S, ...S[]]) {
  const words = sorts.flatMap((name) => [name, `-${name}`])
  return {
    limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100),
    cursor: z.string().max(500).optional(),
    sort: z.enum(words).default(words[0]!),
  }
}

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z
      .string()
      .nullable()
      .meta({ description: 'Give it back as `cursor` for the next page; null at the end' }),
  })

export interface PageRequest {
  limit: number
  cursor?: string | undefined
  sort: string
}

export interface Keyset {
  /** undefined on the first page. */
  after: SQL | undefined
  orderBy: SQL[]
  limit: number
}

const Cursor = z.tuple([z.string(), z.union([z.string(), z.number(), z.null()]), z.string()])

const wrongCursor = () =>
  new ProblemError(400, 'cursor-wrong', 'This cursor belongs to another list or order. Maybe begin without one.')

function readCursor(request: PageRequest): { value: string | number | null; id: string } | undefined {
  if (!request.cursor) return undefined
  try {
    const [sort, value, id] = Cursor.parse(JSON.parse(Buffer.from(request.cursor, 'base64url').toString()))
    if (sort === request.sort) return { value, id }
  } catch {
    throw wrongCursor()
  }
  throw wrongCursor()
}

/**
 * Keyset paging: the page begins after the last row seen, whatever was inserted meanwhile. `columns` maps a sort name
 * to a NOT NULL column; `id` breaks ties. Ask for `limit + 1` rows and hand them to `toPage`.
 */
export function keyset(request: PageRequest, columns: Record<string, AnyColumn>, id: AnyColumn): Keyset {
  const descending = request.sort.startsWith('-')
  const column = columns[request.sort.replace(/^-/, '')]!
  const cursor = readCursor(request)
  const compare = descending ? sql.raw('<') : sql.raw('>')
  const order = descending ? desc : asc
  return {
    after:
      cursor &&
      sql`(${column}, ${id}) ${compare} (${sql.param(cursor.value)}::${sql.raw(column.getSQLType())}, ${cursor.id}::uuid)`,
    orderBy: [order(column), order(id)],
    limit: request.limit + 1,
  }
}

/** Cuts the extra row off and makes the cursor from the last one kept; `sortValue` reads the sort column from a row. */
export function toPage<R extends { id: string }, T>(
  request: PageRequest,
  rows: R[],
  sortValue: (row: R, sort: string) => string | number | Date,
  view: (row: R) => T,
): { items: T[]; nextCursor: string | null } {
  const kept = rows.slice(0, request.limit)
  const last = kept.at(-1)
  if (rows.length <= request.limit || !last) return { items: kept.map(view), nextCursor: null }
  const value = sortValue(last, request.sort.replace(/^-/, ''))
  const cursor = JSON.stringify([request.sort, value instanceof Date ? value.toISOString() : value, last.id])
  return { items: kept.map(view), nextCursor: Buffer.from(cursor).toString('base64url') }
}
