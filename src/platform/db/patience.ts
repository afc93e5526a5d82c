import { AsyncLocalStorage } from 'node:async_hooks'
import type postgres from 'postgres'

/** How long the database may take, in milliseconds. */
export interface Limits {
  /** For a reading outside a transaction. */
  readMs: number
  /** For anything else: another statement, a statement within a transaction, its beginning and its end. */
  writeMs: number
}

/** A row that a transaction writes along, by which one can see afterwards whether it was committed. */
export interface Mark {
  write(tx: postgres.TransactionSql): Promise<unknown>
  /** Waits for a transaction that is still about to end. */
  isWritten(sql: postgres.Sql): Promise<boolean>
  /** Set when it could not be found out whether a transaction was committed. */
  inDoubt?: boolean
}

export interface Patience extends Limits {
  mark?: Mark
}

const current = new AsyncLocalStorage<Patience>()

/** For all that `work` asks of the database, now and later; see `patience`. */
export const within = <T>(given: Patience, work: () => T): T => current.run(given, work)

/** What holds for whoever asks here; undefined where nobody waits, as in jobs. */
export const patience = (): Patience | undefined => current.getStore()

/** Has each transaction that begins from here on write this along. */
export function markWith(mark: Mark): void {
  const here = current.getStore()
  if (here) here.mark = mark
}
