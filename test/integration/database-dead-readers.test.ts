import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, onTestFinished, test } from 'vitest'
import { connect, type Database } from '../../src/platform/db/client.ts'
import { streamLines, streamRows } from '../../src/platform/db/streams.ts'
import { createDatabase } from '../support/postgres.ts'
import { startProxy } from '../support/proxy.ts'

const LONG = "select repeat('x', 4000) || n as text from generate_series(1, 1000000) n"
/** As many as the process has connections for them. */
const READERS = 4
const RECOVERED_MS = 15_000

async function openBehindProxy() {
  const created = await createDatabase(inject('template'))
  const proxy = await startProxy(created.url)
  let replaced = 0
  const database = connect(proxy.url, { max: 1, onReplaced: () => (replaced += 1) })
  onTestFinished(async () => {
    await database.close()
    await proxy[Symbol.asyncDispose]()
    await created.drop()
  })
  return { sql: database.sql, proxy, replaced: () => replaced }
}

test.each([
  [
    'rows',
    (sql: Database['sql'], gone: AbortSignal) => streamRows(sql, { text: LONG, params: [] }, (row) => row, gone),
  ],
  ['lines', (sql: Database['sql'], gone: AbortSignal) => streamLines(sql, LONG, gone)],
])('readers of %s who leave while their connections are dead leave room for others', async (_name, stream) => {
  const { sql, proxy, replaced } = await openBehindProxy()
  const gone = new AbortController()
  const readers = Array.from({ length: READERS }, () => stream(sql, gone.signal)[Symbol.asyncIterator]())
  await Promise.all(readers.map((reader) => reader.next()))
  proxy.freeze()
  const readOn = async (reader: AsyncIterator<unknown>) => {
    while (!(await reader.next()).done);
  }
  // They end with the process at the latest.
  void Promise.allSettled(readers.map(readOn))
  gone.abort()
  const begun = performance.now()
  while (replaced() === 0 && performance.now() - begun < RECOVERED_MS) await sleep(50)
  expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }])
  expect(performance.now() - begun).toBeLessThan(RECOVERED_MS)
})
