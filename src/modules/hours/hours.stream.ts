import type postgres from 'postgres'

export interface StreamedQuery {
  text: string
  params: unknown[]
}

const BATCH_ROWS = 1_000

/**
 * Rows of one query through a cursor: any number of them in constant memory, all of one moment. An abort stops the
 * query in the database too. Holds one connection until the reader has finished or gone.
 */
export async function* streamRows<R extends object>(
  sql: postgres.Sql,
  { text, params }: StreamedQuery,
  signal: AbortSignal,
): AsyncGenerator<R> {
  const connection = await sql.reserve()
  let cancelled: Promise<unknown> | undefined
  try {
    await connection`begin transaction read only`
    // The limit of a single statement is meant for requests; a file may take as long as its reader.
    await connection`set local statement_timeout = '30min'`
    const [session] = await connection<{ pid: number }[]>`select pg_backend_pid() as pid`
    const cancel = () => {
      cancelled = sql`select pg_cancel_backend(${session!.pid})`.catch(() => {})
    }
    signal.throwIfAborted()
    signal.addEventListener('abort', cancel, { once: true })
    try {
      for await (const rows of connection.unsafe<R[]>(text, params as never[]).cursor(BATCH_ROWS)) yield* rows
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  } finally {
    await cancelled
    // A cancel that comes late hits this rollback; the second one leaves the connection clean in any case.
    await connection`rollback`.catch(() => connection`rollback`)
    connection.release()
  }
}
