import { z } from 'zod'

const blankIsAbsent = (value: unknown) => (value === '' ? undefined : value)
const setting = <T extends z.ZodType>(schema: T) => z.preprocess(blankIsAbsent, schema)
const integer = (from: number, to: number, otherwise: number) =>
  setting(z.coerce.number().int().min(from).max(to).default(otherwise))
const address = (...protocols: string[]) =>
  setting(
    z
      .string()
      .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
        error: `must be an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`,
      })
      .optional(),
  )

const Environment = z.object({
  NODE_ENV: setting(z.enum(['production', 'development', 'test']).default('production')),
  HOST: setting(z.string().default('127.0.0.1')),
  PORT: integer(0, 65_535, 3000),
  PUBLIC_URL: address('http:', 'https:'),
  DATABASE_URL: address('postgres:', 'postgresql:'),
  DATABASE_POOL: integer(2, 200, 20),
  REDIS_URL: address('redis:', 'rediss:'),
  DATA_DIR: setting(z.string().default('./data')),
  LOG_LEVEL: setting(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')),
  SMTP_URL: address('smtp:', 'smtps:'),
  MAIL_FROM: setting(z.email().default('watchbill@localhost.localdomain')),
  WORKER_CONCURRENCY: integer(1, 100, 10),
  ENGINE_BUDGET_MS: integer(100, 3_600_000, 1500),
  ENGINE_THREADS: integer(1, 64, 1),
  RATE_LIMIT_PER_MINUTE: integer(1, 1_000_000, 600),
  TRUST_PROXY: setting(z.stringbool().default(false)),
})

export interface Config {
  production: boolean
  http: { host: string; port: number; publicUrl: string | undefined; ratePerMinute: number; trustProxy: boolean }
  /** Absent: the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | undefined
  databasePool: number
  /** Absent: BullMQ keeps its jobs in PostgreSQL. */
  redisUrl: string | undefined
  dataDir: string
  logLevel: string
  mail: { url: string; from: string } | undefined
  worker: { concurrency: number }
  engine: { budgetMs: number; threads: number }
}

export class ConfigError extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(`Wrong settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}\nMaybe compare with .env.example.`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Environment to typed settings. Throws a ConfigError that names every wrong setting at once. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  }
  const env = parsed.data
  return {
    production: env.NODE_ENV === 'production',
    http: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: env.PUBLIC_URL?.replace(/\/$/, ''),
      ratePerMinute: env.RATE_LIMIT_PER_MINUTE,
      trustProxy: env.TRUST_PROXY,
    },
    databaseUrl: env.DATABASE_URL,
    databasePool: env.DATABASE_POOL,
    redisUrl: env.REDIS_URL,
    dataDir: env.DATA_DIR,
    logLevel: env.LOG_LEVEL,
    mail: env.SMTP_URL ? { url: env.SMTP_URL, from: env.MAIL_FROM } : undefined,
    worker: { concurrency: env.WORKER_CONCURRENCY },
    engine: { budgetMs: env.ENGINE_BUDGET_MS, threads: env.ENGINE_THREADS },
  }
}
