import type postgres from 'postgres'

export interface StreamedQuery {
  text: string
  params: unknown[]
}

const BATCH_ROWS = 1_000

/**
 * Rows of one query through a cursor, each as `view` shows it: any number of them in constant memory, all of one
 * moment. An abort stops the query in the database too. Holds one connection until the reader has finished or gone.
 */
export async function* streamRows<R extends object, T>(
  sql: postgres.Sql,
  { text, params }: StreamedQuery,
  view: (row: R) => T,
  signal: AbortSignal,
): AsyncGenerator<T> {
  await using transaction = await openTransaction(sql)
  const { tx } = transaction
  // The limit of a single statement is meant for requests; a file may take as long as its reader.
  await tx`set local statement_timeout = '30min'`
  const [session] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
  const cancel = () => transaction.waitFor(sql`select pg_cancel_backend(${session!.pid})`)
  signal.throwIfAborted()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    for await (const rows of tx.unsafe<R[]>(text, params as never[]).cursor(BATCH_ROWS)) {
      for (const row of rows as R[]) yield view(row)
    }
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** A transaction that ends where its `await using` does. */
async function openTransaction(sql: postgres.Sql) {
  const begun = Promise.withResolvers<postgres.TransactionSql>()
  const finished = Promise.withResolvers<void>()
  const ended = sql.begin('read only', async (tx) => {
    begun.resolve(tx)
    await finished.promise
  })
  ended.catch(begun.reject)
  const tx = await begun.promise
  let before: Promise<unknown> = Promise.resolve()
  return {
    tx,
    /** The transaction does not end, and its connection is not used again, before this is done. */
    waitFor(work: PromiseLike<unknown>) {
      before = Promise.allSettled([before, work])
    },
    async [Symbol.asyncDispose]() {
      await before
      finished.resolve()
      // Nothing was written: what a late cancel breaks here is broken for nobody.
      await ended.catch(() => {})
    },
  }
}
