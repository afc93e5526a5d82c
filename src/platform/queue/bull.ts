import { type ConnectionOptions, createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { Log } from '../telemetry/log.ts'
import type { QueueName } from './tasks.ts'

export const QUEUES: readonly QueueName[] = ['tasks', 'searches', 'follow-ups', 'generation']

/** Where BullMQ keeps its jobs; everything else is the same on both. */
export type QueueBackend = { kind: 'redis'; url: string } | { kind: 'postgres'; url: string }

export interface Nudge {
  name: string
  taskId: string
  /** Different for every nudge of a task, as BullMQ forgets no id before its job is removed. */
  jobId: string
  delayMs: number
}

export interface NudgeProducer {
  add(queue: QueueName, nudges: Nudge[]): Promise<void>
  close(): Promise<void>
}

export interface NudgeConsumer {
  close(): Promise<void>
}

const KEEP = { removeOnComplete: true, removeOnFail: { count: 1_000 }, attempts: 1 }

/** Creates BullMQ's own schema when jobs live in PostgreSQL. May run in many processes at once. */
export async function prepareBackend(backend: QueueBackend): Promise<void> {
  if (backend.kind !== 'postgres') return
  const client = new pg.Client({ connectionString: backend.url })
  await client.connect()
  try {
    await runMigrations(client)
  } finally {
    await client.end()
  }
}

/** Refuses a Redis that may drop jobs when memory is short; says nothing where CONFIG is not allowed. */
export async function assertKeepsJobs(backend: QueueBackend): Promise<void> {
  if (backend.kind !== 'redis') return
  const redis = new Redis(backend.url, { maxRetriesPerRequest: 1, commandTimeout: 2_000, lazyConnect: true })
  redis.on('error', () => {})
  try {
    await redis.connect()
    const answer = await redis.config('GET', 'maxmemory-policy').catch(() => undefined)
    const policy = Array.isArray(answer) ? answer[1] : undefined
    if (policy && policy !== 'noeviction') {
      throw new Error(`Redis has maxmemory-policy ${policy} and would drop jobs. Set it to noeviction.`)
    }
  } finally {
    redis.disconnect()
  }
}

/** ioredis waits up to 20 s between tries when nothing is said; back at work sooner is worth the few packets. */
const retryStrategy = (tries: number) => Math.min(tries * 200, 2_000)

const factoryOf = (backend: QueueBackend) => (backend.kind === 'postgres' ? createPostgresBackend : undefined)

/** A connection that does not answer is given up; the sweep does meanwhile what the queue should have brought. */
const PATIENCE = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 5_000,
  query_timeout: 10_000,
}

/** A job may be lost, so nobody waits until it is on the disk. */
const onPostgres = (connectionString: string, max: number) =>
  ({ connectionString, max, options: '-c synchronous_commit=off', ...PATIENCE }) as ConnectionOptions

function producerConnection(backend: QueueBackend): ConnectionOptions {
  if (backend.kind === 'postgres') return onPostgres(backend.url, 2)
  return { url: backend.url, maxRetriesPerRequest: 1, commandTimeout: 2_000, retryStrategy } as ConnectionOptions
}

function workerConnection(backend: QueueBackend): ConnectionOptions {
  if (backend.kind === 'postgres') return onPostgres(backend.url, 4)
  return { url: backend.url, maxRetriesPerRequest: null, retryStrategy } as ConnectionOptions
}

export function createProducer(backend: QueueBackend, log: Log): NudgeProducer {
  const queues = new Map(
    QUEUES.map((name) => {
      const options = {
        connection: producerConnection(backend),
        prefix: 'watchbill',
        skipWaitingForReady: true,
        defaultJobOptions: KEEP,
      }
      const queue = new Queue(name, options, factoryOf(backend) as never)
      queue.on('error', (error) => log.debug({ error: error.message }, 'queue connection'))
      return [name, queue] as const
    }),
  )
  return {
    async add(name, nudges) {
      await queues.get(name)!.addBulk(
        nudges.map(({ name: job, taskId, jobId, delayMs }) => ({
          name: job,
          data: { taskId },
          opts: { jobId, delay: delayMs },
        })),
      )
    },
    close: async () => {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()))
    },
  }
}

/** Whether a queue still knows what it was told. */
export interface QueueMemory {
  /** True once after the queue has lost all it held, and when it is new. */
  wasLost(): Promise<boolean>
  close(): void
}

/** A mark in Redis that goes when everything goes. PostgreSQL loses no jobs without losing the tasks as well. */
export function createQueueMemory(backend: QueueBackend): QueueMemory {
  if (backend.kind === 'postgres') return { wasLost: async () => false, close: () => {} }
  const redis = new Redis(backend.url, { maxRetriesPerRequest: 1, commandTimeout: 2_000, retryStrategy })
  redis.on('error', () => {})
  return {
    wasLost: async () => (await redis.set('watchbill:told', '1', 'NX')) === 'OK',
    close: () => redis.disconnect(),
  }
}

export interface ConsumerOptions {
  concurrency: number
  run(taskId: string): Promise<void>
}

export function createConsumer(backend: QueueBackend, log: Log, { concurrency, run }: ConsumerOptions): NudgeConsumer {
  const workers = QUEUES.map((name) => {
    const worker = new Worker(
      name,
      async (job) => run((job.data as { taskId: string }).taskId),
      {
        connection: workerConnection(backend),
        prefix: 'watchbill',
        concurrency: name === 'tasks' ? concurrency : 1,
        // A killed worker's jobs are back at work within seconds; the default takes a minute and gives up at the second kill.
        lockDuration: 10_000,
        stalledInterval: 5_000,
        maxStalledCount: 20,
      },
      factoryOf(backend) as never,
    )
    worker.on('error', (error) => log.debug({ error: error.message }, 'worker connection'))
    return worker
  })
  return {
    close: async () => {
      await Promise.allSettled(workers.map((worker) => worker.close()))
    },
  }
}
