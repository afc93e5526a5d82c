import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'

/** What JavaScript takes for blank, which PostgreSQL's own class does not. */
const BLANK =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'
const UNSEEN = '\u200b\u200c\u200d\u200e\u200f\u2060'
const FORMULA = '=+@＝＋－＠-'
const BREAKS = '\t\r\n'

const literal = (text: string) => sql.raw(`'${text.replaceAll("'", "''")}'`)
const DANGEROUS = literal(`^'*(?:[${BLANK}${UNSEEN}]*[${FORMULA}]|[${BREAKS}])`)
const QUOTED = literal(`[",;${BREAKS}]|^[${BLANK}]|[${BLANK}]$`)
const SUSPICIOUS = literal(`[",;${BREAKS}]|^['${BLANK}${UNSEEN}${FORMULA}]|[${BLANK}]$`)

/** One text as a field of a CSV file, the same as `writeCsv` writes it. */
export function csvText(text: SQLWrapper): SQL {
  const guarded = sql`case when ${text} ~ ${DANGEROUS} then '''' || ${text} else ${text} end`
  // No subquery, though it would be shorter: with one, PostgreSQL would not share the work among processes.
  return sql`case when ${text} ~ ${SUSPICIOUS}
    then case when ${guarded} ~ ${QUOTED} then '"' || replace(${guarded}, '"', '""') || '"' else ${guarded} end
    else coalesce(${text}, '') end`
}

export interface CsvField {
  /** Of the form that `plainText` gives it. */
  value: SQLWrapper
  /** It may be any text; numbers, dates and what has gone through `csvText` already may not. */
  free: boolean
}

/** One line of a CSV file without its end, written by the database, the same as `writeCsv` writes it. */
export const csvLine = (fields: readonly CsvField[]): SQL =>
  sql`concat_ws(',', ${sql.join(
    fields.map(({ value, free }) => (free ? csvText(value) : sql`coalesce(${value}::text, '')`)),
    sql`, `,
  )})`

const dialect = new PgDialect()

/** The text of a query with its parameters written out, for statements that take none. */
export const withoutParameters = (query: SQLWrapper): string => dialect.sqlToQuery(query.getSQL().inlineParams()).sql
