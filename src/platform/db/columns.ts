import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import { check, customType, timestamp, uuid } from 'drizzle-orm/pg-core'
import { newId } from './ids.ts'

/** Primary key made by the application: time-ordered, the same on every PostgreSQL version. */
export const primaryId = () => uuid('id').primaryKey().$defaultFn(newId)

/** An instant, in milliseconds, always with its offset. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

/** A calendar date as 'YYYY-MM-DD', never as a Date. */
export const localDate = customType<{ data: string; driverData: string }>({ dataType: () => 'date' })

/** Promise that a text column holds one word of a closed list; a new word is a new migration, not a new type. */
export function oneOf(name: string, column: AnyColumn, words: readonly string[]) {
  const list = sql.raw(words.map((word) => `'${word}'`).join(', '))
  return check(name, sql`${column} in (${list})`)
}

/** `column in ('a', 'b')` with the words written out, as partial indexes need it. */
export function stateIn(column: AnyColumn, words: readonly string[]): SQL {
  return sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(', '))})`
}

/** `column = any(ids)`: one parameter however many ids there are, so that PostgreSQL knows the statement again. */
export const isOneOf = (column: AnyColumn, ids: string[]): SQL => sql`${column} = any(${sql.param(ids)}::uuid[])`
