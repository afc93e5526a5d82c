import { getTableColumns, type SQL, type SQLChunk, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Handle } from './client.ts'

/** Rows that travel in one parameter. */
const CHUNK = 5_000

/**
 * Inserts thousands of rows with one parameter a statement, several times as quick as one parameter for each value. The
 * first row tells which columns are written; ids and other defaults of the program are not filled in. `conflict` is an
 * "on conflict" clause.
 */
export async function insertMany<T extends PgTable>(
  handle: Handle,
  table: T,
  rows: T['$inferInsert'][],
  conflict: SQL = sql``,
): Promise<void> {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => rows[0] && key in rows[0])
  const list = (toSql: (column: (typeof columns)[number][1]) => SQLChunk) =>
    sql.join(
      columns.map(([, column]) => toSql(column)),
      sql`, `,
    )
  const names = list((column) => sql.identifier(column.name))
  const shape = list((column) => sql`${sql.identifier(column.name)} ${sql.raw(column.getSQLType())}`)
  for (let at = 0; at < rows.length; at += CHUNK) {
    const part: Record<string, unknown>[] = rows.slice(at, at + CHUNK)
    const json = JSON.stringify(
      part.map((row) => Object.fromEntries(columns.map(([key, column]) => [column.name, row[key] ?? null]))),
    )
    await handle.execute(
      sql`insert into ${table} (${names}) select ${names} from jsonb_to_recordset(${json}::text::jsonb) as given(${shape}) ${conflict}`,
    )
  }
}
