import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { streamLines } from '../../src/platform/db/streams.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

/** "Ready for query", the last thing the server says in answer to anything. */
const READY = 6
const isReady = (bytes: Buffer) =>
  bytes.length > READY && bytes.at(-READY) === 0x5a && bytes.readUInt32BE(bytes.length - READY + 1) === 5

/** Hands on what the server says in large packets, and its "ready" in a packet of its own, as networks sometimes do. */
function handOn(server: Socket, client: Socket): void {
  let waiting: Buffer[] = []
  let isFlushing = false
  const flush = async () => {
    isFlushing = true
    await sleep(5)
    const bytes = Buffer.concat(waiting)
    waiting = []
    const until = isReady(bytes) ? bytes.length - READY : bytes.length
    client.write(bytes.subarray(0, until))
    if (until < bytes.length) {
      await sleep(20)
      client.write(bytes.subarray(until))
    }
    isFlushing = false
    if (waiting.length > 0) void flush()
  }
  server.on('data', (bytes) => {
    waiting.push(bytes)
    if (!isFlushing) void flush()
    if (client.writableNeedDrain) server.pause()
  })
  client.on('drain', () => server.resume())
}

let database: TestDatabase
let sql: postgres.Sql
const network = createServer((client) => {
  const { hostname, port } = new URL(database.url)
  const server = connect(Number(port), hostname)
  client.pipe(server)
  handOn(server, client)
  for (const socket of [client, server]) socket.setNoDelay(true).on('error', () => {})
  client.on('close', () => server.destroy())
  server.on('close', () => client.destroy())
})

beforeAll(async () => {
  database = await createDatabase(inject('template'))
  network.listen(0, '127.0.0.1')
  await once(network, 'listening')
  const url = new URL(database.url)
  url.port = String((network.address() as AddressInfo).port)
  sql = postgres(url.href, { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await sql.end({ timeout: 1 })
  network.close()
  await database.drop()
})

const longLines = (count: number) => `select repeat('x', 4000) || n from generate_series(1, ${count}) n`
/** The one connection is free again: it answers. */
const answers = () => Promise.race([sql`select 1`.then(() => true), sleep(5_000).then(() => false)])

test('however the network cuts what the database says, a reader who leaves frees the connection', async () => {
  for (let round = 0; round < 10; round += 1) {
    const gone = new AbortController()
    const lines = streamLines(sql, longLines(20_000), gone.signal)
    await lines.next()
    gone.abort()
    await Promise.race([lines.return(undefined).catch(() => {}), sleep(5_000)])
    expect(await answers(), `round ${round}`).toBe(true)
  }
})

test('a file that is read to its end frees it too, and is whole', async () => {
  for (let count = 1; count <= 40; count += 1) {
    let bytes = 0
    for await (const chunk of streamLines(sql, longLines(count), new AbortController().signal)) bytes += chunk.length
    expect(bytes).toBe(Array.from({ length: count }, (_, n) => 4_002 + String(n + 1).length).reduce((a, b) => a + b))
    expect(await answers(), `${count} lines`).toBe(true)
  }
})
