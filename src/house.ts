import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import { buildApp, type Readiness } from './app.ts'
import { allHandlers, connectNews } from './background.ts'
import { openSecretKey } from './platform/auth/secret-key.ts'
import type { Config } from './platform/config/config.ts'
import { connect, type Database } from './platform/db/client.ts'
import { type DatabaseClock, followDatabase, UNFIT_SKEW_MS } from './platform/db/clock-skew.ts'
import { migrate } from './platform/db/migrate.ts'
import { within } from './platform/db/patience.ts'
import { startAuditor } from './platform/doctor/auditor.ts'
import { DataDirInUseError, startEmbeddedPostgres } from './platform/embedded/postgres.ts'
import { assertKeepsJobs, prepareBackend, type QueueBackend } from './platform/queue/bull.ts'
import { createNews } from './platform/queue/news.ts'
import { type NightWatch, startNightWatch } from './platform/queue/night-watch.ts'
import { tasks } from './platform/queue/queue.tables.ts'
import { type SentMessage, type Services, wire } from './services.ts'
import type { Clock } from './time/clock.ts'

export interface HouseOptions {
  api: boolean
  worker: boolean
  /** Another clock than the database's: for the demo and tests. */
  clock?: Clock
  /** Another clock than the machine's, which is corrected by the database's: for tests. */
  machine?: Clock
  /** Hears of every message the log channel writes: for the demo and tests. */
  onMessage?: (message: SentMessage) => void
  /** Milliseconds between two looks for new tasks. */
  pollMs?: number
  /** Milliseconds between two sweeps. */
  sweepMs?: number
}

export interface House extends AsyncDisposable {
  services: Services
  database: Database
  databaseUrl: string
  log: Logger
  /** Present where the API runs. */
  app: FastifyInstance | undefined
  /** Address the API listens on. */
  url: string | undefined
  /** Present where the worker runs. */
  nightWatch: NightWatch | undefined
  close(): Promise<void>
}

interface DatabaseServer {
  url: string
  stop(): Promise<void>
}

/** The given database, or the embedded one; a second process of the same project joins the server of the first. */
export async function findDatabase(config: Config, log: Logger): Promise<DatabaseServer> {
  if (config.databaseUrl) return { url: config.databaseUrl, stop: async () => {} }
  const dataDir = join(config.dataDir, 'postgres')
  try {
    return await startEmbeddedPostgres({ dataDir, log: (line) => log.debug({ postgres: line }) })
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw error
    const url = new URL(error.url)
    url.password = (await readFile(join(dataDir, 'password'), 'utf8')).trim()
    log.info({ pid: error.pid }, 'joining the embedded database that another process runs')
    return { url: url.href, stop: async () => {} }
  }
}

/** Whoever asks this asks often, and means to send requests elsewhere soon. */
const READINESS_WAIT = { readMs: 3_000, writeMs: 3_000 }

/** By the connections that requests use: others may answer while these do not. */
async function readiness({ db }: Database, clock: DatabaseClock | undefined): Promise<Readiness> {
  try {
    const dead = await within(READINESS_WAIT, () => db.$count(tasks, eq(tasks.state, 'dead')))
    await within(READINESS_WAIT, async () => clock?.measure())
    const skewMs = clock?.skewMs() ?? 0
    if (Math.abs(skewMs) >= UNFIT_SKEW_MS) {
      const off = `${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? 'ahead of' : 'behind'}`
      return { reason: `The clock of this machine is ${off} that of the database.` }
    }
    return { deadTasks: dead }
  } catch {
    return { reason: 'The database does not answer.' }
  }
}

/**
 * Opens everything a process needs, in order: database, schema, services, then the doors asked for.
 * What was opened is closed again when a later step fails.
 */
export async function openHouse(config: Config, options: HouseOptions): Promise<House> {
  const log = pino({ level: config.logLevel, redact: ['req.headers.authorization'] })
  const opened: (() => Promise<unknown>)[] = []
  let closing: Promise<void> | undefined
  const closeAll = async () => {
    for (const close of opened.reverse()) await close()
  }
  const close = () => (closing ??= closeAll())
  try {
    const secretKey = await openSecretKey(config)
    const server = await findDatabase(config, log)
    opened.push(server.stop)
    await migrate(server.url)
    const backend: QueueBackend = config.redisUrl
      ? { kind: 'redis', url: config.redisUrl }
      : { kind: 'postgres', url: server.url }
    await prepareBackend(backend)
    const database = connect(server.url, {
      max: config.databasePool,
      onReplaced: () => log.warn('the database does not answer: its connections are left for new ones'),
    })
    opened.push(database.close)

    // A clock that is pushed is meant to be elsewhere.
    const following = options.clock ? undefined : await followDatabase(database.db, { log, machine: options.machine })
    if (following) opened.push(async () => following.close())
    const clock = options.clock ?? following!
    const foundations = { db: database.db, sql: database.sql, clock, news: createNews(), log }
    const address: { publicUrl: string } = {
      publicUrl: config.http.publicUrl ?? `http://localhost:${config.http.port}`,
    }
    const services = wire(foundations, { config, secretKey, address, onMessage: options.onMessage })
    opened.push(services.notifications.close)
    connectNews(foundations.news, services)

    let nightWatch: NightWatch | undefined
    if (options.worker) {
      await assertKeepsJobs(backend)
      nightWatch = startNightWatch({
        db: database.hasty,
        clock,
        log,
        backend,
        handlers: allHandlers(services),
        news: foundations.news,
        concurrency: config.worker.concurrency,
        pollMs: options.pollMs,
        sweepMs: options.sweepMs,
      })
      opened.push(nightWatch.close)
    }

    if (options.worker && config.heartbeatUrl) {
      const { heartbeatUrl } = config
      opened.push(startAuditor({ sql: database.sql, clock, log, heartbeatUrl }).close)
    }

    let app: FastifyInstance | undefined
    let url: string | undefined
    if (options.api) {
      app = await buildApp({ services, config, log, readiness: () => readiness(database, following) })
      opened.push(() => app!.close())
      url = await app.listen({ host: config.http.host, port: config.http.port })
      if (!config.http.publicUrl) address.publicUrl = url
    }
    return {
      services,
      database,
      databaseUrl: server.url,
      log,
      app,
      url,
      nightWatch,
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
