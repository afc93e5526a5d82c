import { type Readable, Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { after } from './deadlines.ts'
import { leaveConnections } from './lasting.ts'

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
  await using reading = await openReading(sql, signal)
  for await (const rows of reading.tx.unsafe<R[]>(text, params as never[]).cursor(BATCH_ROWS)) {
    for (const row of rows as R[]) yield view(row)
  }
}

/** How many rows a query gives now. An abort stops it, as in `streamRows`. */
export async function countRows(
  sql: postgres.Sql,
  { text, params }: StreamedQuery,
  signal: AbortSignal,
): Promise<number> {
  const query = { text: `select count(*)::int as rows from (${text}) as counted`, params }
  for await (const rows of streamRows(sql, query, (row: { rows: number }) => row.rows, signal)) return rows
  return 0
}

/**
 * Lines that the database has written itself: `text` is a query without parameters that gives one text a row. Each line
 * ends as RFC 4180 wants it. Otherwise like `streamRows`, and several times as quick.
 */
export async function* streamLines(sql: postgres.Sql, text: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  await using reading = await openReading(sql, signal)
  const copied = await copyOut(reading.tx, text)
  if (copied.errored) throw copied.errored
  let ended = false
  const lines = inBatches()
  copied.on('data', (chunk: Buffer) => {
    if (!lines.write(chunk)) copied.pause()
  })
  lines.on('drain', () => copied.resume())
  copied.once('end', () => {
    ended = true
    lines.end()
  })
  copied.on('error', (error) => lines.destroy(error))
  try {
    yield* lines as AsyncIterable<Buffer>
  } finally {
    if (!ended) {
      reading.cancel()
      // The client goes on reading only while somebody takes what it reads; destroyed, the connection would hang.
      copied.removeAllListeners('data').resume()
    }
    // Until then the client takes no other statement, not even the one that ends the transaction.
    const closed = copied.closed || new Promise((resolve) => copied.once('close', resolve))
    await Promise.race([closed, sleep(CANCELLED_WITHIN_MS, undefined, { ref: false })])
  }
}

/**
 * What COPY sends. The client hands the stream over by a promise; an error that comes in the same packet, as when a
 * reader leaves while the database still sorts, is out before anybody can have listened, and would end the process.
 */
function copyOut(tx: postgres.TransactionSql, text: string): Promise<Readable> {
  const asked = tx.unsafe(`copy (${text}) to stdout`)
  const query = asked as unknown as { resolve: (stream: Readable) => void }
  const { resolve } = query
  query.resolve = (stream) => {
    // It calls once more when all is over, with a result instead of a stream.
    query.resolve = resolve
    stream.on('error', () => {})
    // The client stops reading from the network until somebody takes what it has read. When the end, or an error, was
    // in the same packet, nobody ever does, and what the server says after it would stay unread.
    stream.once('close', () => readOn(stream))
    resolve(stream)
  }
  return asked.readable() as Promise<Readable>
}

function readOn(stream: Readable): void {
  try {
    stream._read(0)
  } catch {
    // Its connection is gone, and there is nothing more to be read.
  }
}

const BATCH_BYTES = 64 * 1024

/** COPY sends each line by itself, and so many small pieces would keep every reader busy. */
function inBatches(): Transform {
  const clean = copyReader()
  let waiting: Buffer[] = []
  let bytes = 0
  const batch = () => {
    const whole = clean(Buffer.concat(waiting, bytes))
    waiting = []
    bytes = 0
    return whole
  }
  return new Transform({
    highWaterMark: BATCH_BYTES,
    transform(chunk: Buffer, _encoding, next) {
      waiting.push(chunk)
      bytes += chunk.length
      if (bytes < BATCH_BYTES) next()
      else next(null, batch())
    },
    flush(next) {
      next(null, batch())
    },
  })
}

const [BACKSLASH, NEWLINE, RETURN] = [0x5c, 0x0a, 0x0d]
const ESCAPED: Record<string, number> = { b: 8, f: 12, n: NEWLINE, r: RETURN, t: 9, v: 11 }
const MEANT = new Map(Object.entries(ESCAPED).map(([letter, byte]) => [letter.charCodeAt(0), byte]))

/** Takes the escapes of COPY's text format away and gives line ends their carriage return; chunks may end anywhere. */
export function copyReader(): (chunk: Buffer) => Buffer {
  let escaping = false
  return (chunk) => {
    const out = Buffer.allocUnsafe(chunk.length * 2)
    let length = 0
    let from = 0
    const keep = (to: number) => {
      length += chunk.copy(out, length, from, to)
    }
    if (escaping && chunk.length > 0) {
      out[length++] = MEANT.get(chunk[0]!) ?? chunk[0]!
      from = 1
      escaping = false
    }
    let newline = chunk.indexOf(NEWLINE, from)
    let backslash = chunk.indexOf(BACKSLASH, from)
    while (newline >= 0 || backslash >= 0) {
      if (backslash < 0 || (newline >= 0 && newline < backslash)) {
        keep(newline)
        out[length++] = RETURN
        out[length++] = NEWLINE
        from = newline + 1
        newline = chunk.indexOf(NEWLINE, from)
        continue
      }
      keep(backslash)
      from = backslash + 1
      if (from === chunk.length) {
        escaping = true
        return out.subarray(0, length)
      }
      out[length++] = MEANT.get(chunk[from]!) ?? chunk[from]!
      from += 1
      backslash = chunk.indexOf(BACKSLASH, from)
      if (newline >= 0 && newline < from) newline = chunk.indexOf(NEWLINE, from)
    }
    keep(chunk.length)
    return out.subarray(0, length)
  }
}

/** A database that is there has stopped by then what it was told to stop. */
const CANCELLED_WITHIN_MS = 5_000

/** A transaction for one long reading; it ends where its `await using` does, and an abort ends its statement. */
async function openReading(sql: postgres.Sql, signal: AbortSignal) {
  const begun = Promise.withResolvers<postgres.TransactionSql>()
  const finished = Promise.withResolvers<void>()
  const ended = sql.begin('read only', async (tx) => {
    begun.resolve(tx)
    await finished.promise
  })
  ended.catch(begun.reject)
  const tx = await begun.promise
  let before: Promise<unknown> = Promise.resolve()
  let giveUp: (() => void) | undefined
  const dispose = async () => {
    // The transaction does not end, and its connection is not used again, before a cancel has done its work.
    await before
    finished.resolve()
    // Nothing was written: what a late cancel breaks here is broken for nobody.
    await ended.catch(() => {})
    giveUp?.()
  }
  try {
    // The limit of a single statement is meant for requests; a file may take as long as its reader.
    await tx`set local statement_timeout = '30min'`
    // Compiling expressions as long as these takes longer than it saves.
    await tx`set local jit = off`
    const [session] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
    const cancel = () => {
      before = Promise.allSettled([before, cancelBackend(sql, session!.pid)])
      // Nobody answers on that connection any more: whoever comes next gets another one.
      giveUp ??= after(2 * CANCELLED_WITHIN_MS, () => leaveConnections(sql))
    }
    signal.throwIfAborted()
    signal.addEventListener('abort', cancel, { once: true })
    return {
      tx,
      cancel,
      async [Symbol.asyncDispose]() {
        signal.removeEventListener('abort', cancel)
        await dispose()
      },
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** By a connection of its own: those of the pool may all be held by readings that wait for exactly this. */
async function cancelBackend(sql: postgres.Sql, pid: number): Promise<void> {
  const aside = postgres({ ...(sql.options as unknown as postgres.Options<Record<string, never>>), max: 1 })
  try {
    await Promise.race([aside`select pg_cancel_backend(${pid})`, sleep(CANCELLED_WITHIN_MS, undefined, { ref: false })])
  } finally {
    await aside.end({ timeout: 1 })
  }
}
