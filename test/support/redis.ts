import { once } from 'node:events'
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../src/platform/embedded/free-port.ts'
import { type GuardedProcess, spawnGuarded } from '../../src/platform/embedded/guarded-process.ts'
import { fetchDebianRedis, type RedisProgram } from './debian-redis.ts'

export type TestRedis = AsyncDisposable & {
  url: string
  /** Undefined while it is down, and for a server that is not ours. */
  readonly pid: number | undefined
  /** SIGKILL and SIGTERM resolve when it is down; SIGSTOP freezes it until SIGCONT. */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** Starts it again on the same port with the data it wrote; ends it first if need be. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export type RedisForTests = TestRedis | { unavailable: string }

/**
 * A real Redis: the one of REDIS_URL, or one of our own by the `redis-server` on PATH or Debian's.
 * `own` passes REDIS_URL by, for tests that harm the server.
 */
export async function redisForTests({ own = false } = {}): Promise<RedisForTests> {
  const { REDIS_URL } = process.env
  if (REDIS_URL && !own) return notOurs(REDIS_URL)
  try {
    return await startRedis((await redisOnPath()) ?? (await fetchDebianRedis()))
  } catch (error) {
    return { unavailable: `No Redis: ${(error as Error).message}` }
  }
}

function notOurs(url: string): TestRedis {
  const refuse = async () => {
    throw new Error('The Redis of REDIS_URL is not ours to harm. Ask for one with { own: true }.')
  }
  const stop = async () => {}
  return { url, pid: undefined, kill: refuse, restart: refuse, stop, [Symbol.asyncDispose]: stop }
}

async function redisOnPath(): Promise<RedisProgram | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const program = join(folder, 'redis-server')
    const found = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return { program, libraryPath: '' }
  }
  return undefined
}

async function startRedis(redis: RedisProgram): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'watchbill-redis-'))
  const port = await findFreePort()
  let server = await launch(redis, folder, port)
  const isUp = () => server.child.exitCode === null && server.child.signalCode === null

  const stop = async () => {
    await server.end('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return isUp() ? server.child.pid : undefined
    },
    async kill(signal) {
      if (signal === 'SIGKILL' || signal === 'SIGTERM') await server.end(signal)
      else server.child.kill(signal)
    },
    async restart() {
      await server.end('SIGTERM')
      server = await launch(redis, folder, port)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function launch(redis: RedisProgram, folder: string, port: number): Promise<GuardedProcess> {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    logfile: join(folder, 'redis.log'),
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const env = { PATH: process.env.PATH, LC_ALL: 'C', LD_LIBRARY_PATH: redis.libraryPath }
  const server = spawnGuarded([redis.program, ...flags], 'KILL', { cwd: folder, env })
  let complaint = ''
  server.child.stderr!.on('data', (chunk) => {
    complaint += chunk
  })
  const early = once(server.child, 'close').then(async () => {
    const log = await readFile(settings.logfile, 'utf8').catch(() => '')
    throw new Error(`redis-server did not start. It said: ${complaint}${log}`)
  })
  early.catch(() => {})
  await Promise.race([early, untilItAnswers(port)])
  server.unref()
  return server
}

async function untilItAnswers(port: number): Promise<void> {
  const rounds = 500
  for (let round = 0; round < rounds; round += 1) {
    if ((await ping(port)) === '+PONG\r\n') return
    await sleep(20)
  }
  throw new Error('redis-server does not answer.')
}

function ping(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('error', () => resolve(''))
    socket.once('data', (answer) => {
      socket.destroy()
      resolve(String(answer))
    })
  })
}
