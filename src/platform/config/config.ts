import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
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

const words = setting(z.string().optional())

const hosts = setting(
  z
    .string()
    .regex(/^[^\s/,]+(\s*,\s*[^\s/,]+)*$/, { error: 'must be hosts or host:port, with commas between them' })
    .default(''),
).transform((text) => (text ? text.split(',').map((host) => host.trim().toLowerCase()) : []))

const isNetwork = (text: string): boolean => {
  const [address, bits, ...more] = text.split('/')
  const most = isIP(address!) === 6 ? 128 : 32
  return isIP(address!) > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && +bits <= most))
}
const networks = setting(z.string().default(''))
  .transform((text) => (text ? text.split(',').map((one) => one.trim()) : []))
  .refine((list) => list.every(isNetwork), { error: 'must be addresses or networks like 203.0.113.0/24, with commas' })

/** As Standard Webhooks write a signing key. */
const signingSecret = setting(
  z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, { error: 'must be whsec_ and 24 to 64 bytes in base64' })
    .optional(),
)

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const smsBody = setting(
  z
    .string()
    .default('{"id":"{id}","to":"{to}","text":"{text}"}')
    .transform((text, context) => {
      try {
        const body: unknown = JSON.parse(text)
        if (isObject(body) && text.includes('{to}') && text.includes('{text}')) return body
      } catch {
        // Told below.
      }
      context.addIssue({ code: 'custom', message: 'must be a JSON object that has {to} and {text} in it' })
      return z.NEVER
    }),
)

/** JSON that says where in a vendor's reports of text messages what stands. */
const receiptShape = setting(
  z
    .string()
    .default('{"references":["out_id","biz_id"],"delivered":"success=true","error":"err_code"}')
    .transform((text, context) => {
      const field = z.string().max(100)
      const shape = z.strictObject({
        list: field.default(''),
        references: z.array(field.min(1)).min(1).max(5),
        delivered: z.string().regex(/^[\w.]+=./),
        error: field.default(''),
      })
      try {
        return shape.parse(JSON.parse(text))
      } catch {
        context.addIssue({
          code: 'custom',
          message: 'must be JSON with references, delivered (field=value), list, error',
        })
        return z.NEVER
      }
    }),
)

/** Unless told otherwise: more threads find little more, and each has the whole problem in memory. */
const MOST_ENGINE_THREADS = 2

const Environment = z.object({
  NODE_ENV: setting(z.enum(['production', 'development', 'test']).default('production')),
  HOST: setting(z.string().default('127.0.0.1')),
  PORT: integer(0, 65_535, 3000),
  PUBLIC_URL: address('http:', 'https:'),
  DATABASE_URL: address('postgres:', 'postgresql:'),
  DATABASE_POOL: integer(2, 200, 20),
  DATABASE_READ_MS: integer(100, 60_000, 5_000),
  DATABASE_WRITE_MS: integer(100, 60_000, 10_000),
  REDIS_URL: address('redis:', 'rediss:'),
  DATA_DIR: setting(z.string().default('./data')),
  SECRET_KEY: setting(z.string().min(32, { error: 'must have at least 32 characters' }).optional()),
  LOG_LEVEL: setting(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')),
  SMTP_URL: address('smtp:', 'smtps:'),
  MAIL_FROM: setting(z.email().default('watchbill@localhost.localdomain')),
  WECOM_CORP_ID: words,
  WECOM_AGENT_ID: integer(0, 2_000_000_000, 0),
  WECOM_SECRET: words,
  WECOM_URL: address('https:', 'http:').transform((url) => url ?? 'https://qyapi.weixin.qq.com'),
  WECOM_ROBOT_URL: address('https:', 'http:'),
  DINGTALK_ROBOT_URL: address('https:', 'http:'),
  DINGTALK_ROBOT_SECRET: words,
  FEISHU_ROBOT_URL: address('https:', 'http:'),
  FEISHU_ROBOT_SECRET: words,
  SMS_URL: address('https:', 'http:'),
  SMS_AUTHORIZATION: words,
  SMS_BODY: smsBody,
  SMS_ACCEPTED: setting(
    z
      .string()
      .regex(/^[\w.]+=./, { error: 'must be field=value' })
      .optional(),
  ),
  SMS_SIGNING_SECRET: signingSecret,
  SMS_ADDRESS: words,
  SMS_MAX_SEGMENTS: integer(1, 10, 4),
  SMS_PER_MINUTE: integer(1, 100_000, 300),
  SMS_RECEIPT_SECRET: signingSecret,
  SMS_RECEIPT_KEY: setting(
    z
      .string()
      .regex(/^[\w-]{32,100}$/, { error: 'must be 32 to 100 letters, digits, - and _' })
      .optional(),
  ),
  SMS_RECEIPT_FROM: networks,
  SMS_RECEIPT_SHAPE: receiptShape,
  MAIL_RECEIPT_SECRET: signingSecret,
  TRUSTED_HOSTS: hosts,
  HEARTBEAT_URL: address('https:', 'http:'),
  WORKER_CONCURRENCY: integer(1, 100, 10),
  ENGINE_BUDGET_MS: integer(100, 3_600_000, 1500),
  ENGINE_THREADS: integer(1, 64, Math.min(MOST_ENGINE_THREADS, availableParallelism())),
  SUPPORT_PHONE: setting(
    z
      .string()
      .regex(/^\+?[\d -]{3,30}$/, { error: 'must be a phone number' })
      .optional(),
  ),
  MAP_URL: setting(
    z
      .string()
      .refine((text) => text === 'none' || (/^https:\/\/[^\s"<>]+$/.test(text) && text.includes('{place}')), {
        error: 'must be an https address with {place} in it, or none',
      })
      .default('https://uri.amap.com/search?keyword={place}'),
  ),
  HOSTING_NETWORKS: networks,
  RATE_LIMIT_PER_MINUTE: integer(1, 1_000_000, 600),
  TRUST_PROXY: setting(z.stringbool().default(false)),
})

export interface Config {
  production: boolean
  http: {
    host: string
    port: number
    publicUrl: string | undefined
    ratePerMinute: number
    trustProxy: boolean
    /** Shown where a link or a code does not lead anywhere. */
    supportPhone: string | undefined
    /** Networks of hosting companies and mail scanners; [] where nobody has listed them. */
    hostingNetworks: string[]
    /** Where pages send people who look for a place on a map: {place} is its address. */
    mapUrl: string | undefined
  }
  /** Absent: the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | undefined
  databasePool: number
  /** Milliseconds a request waits for one answer of the database. */
  databaseWaits: { readMs: number; writeMs: number }
  /** Absent: BullMQ keeps its jobs in PostgreSQL. */
  redisUrl: string | undefined
  dataDir: string
  /** At least 32 characters. Absent: made once and kept in `dataDir`, where the database is embedded. */
  secretKey: string | undefined
  logLevel: string
  mail: { url: string; from: string } | undefined
  /** Keys that sign what channels report of messages; without one a channel has no door for reports. */
  receiptSecrets: { sms: string | undefined; email: string | undefined }
  /** The door for reports of a gateway that signs nothing: behind a secret address, from these addresses only. */
  smsReports:
    | { key: string; from: string[]; shape: { list: string; references: string[]; delivered: string; error: string } }
    | undefined
  /** Ways out besides mail; each is there when its settings are. */
  channels: {
    weCom: { corpId: string; agentId: number; secret: string; url: string } | undefined
    weComRobotUrl: string | undefined
    dingTalk: { url: string; secret: string | undefined } | undefined
    feishu: { url: string; secret: string | undefined } | undefined
    sms:
      | {
          url: string
          authorization: string | undefined
          signingSecret: string | undefined
          body: object
          accepted: string | undefined
          address: string | undefined
          maxSegments: number
          perMinute: number
        }
      | undefined
  }
  /** Hosts ('host' or 'host:port') that webhooks may go to although they are not public, or by plain HTTP. */
  trustedHosts: string[]
  /** Called by workers every five minutes, as long as the plan and the messages are in somebody's hands. */
  heartbeatUrl: string | undefined
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

type Env = z.output<typeof Environment>

const robotOf = (url: string | undefined, key: string | undefined) => (url ? { url, secret: key } : undefined)

function channelsOf(env: Env): Config['channels'] {
  const { WECOM_CORP_ID: corpId, WECOM_AGENT_ID: agentId, WECOM_SECRET: key } = env
  if (corpId !== undefined && (key === undefined || agentId === 0)) {
    throw new ConfigError(['WECOM_CORP_ID: needs WECOM_AGENT_ID and WECOM_SECRET beside it'])
  }
  return {
    weCom: corpId && key ? { corpId, agentId, secret: key, url: env.WECOM_URL } : undefined,
    weComRobotUrl: env.WECOM_ROBOT_URL,
    dingTalk: robotOf(env.DINGTALK_ROBOT_URL, env.DINGTALK_ROBOT_SECRET),
    feishu: robotOf(env.FEISHU_ROBOT_URL, env.FEISHU_ROBOT_SECRET),
    sms: env.SMS_URL
      ? {
          url: env.SMS_URL,
          authorization: env.SMS_AUTHORIZATION,
          signingSecret: env.SMS_SIGNING_SECRET,
          body: env.SMS_BODY,
          accepted: env.SMS_ACCEPTED,
          address: env.SMS_ADDRESS,
          maxSegments: env.SMS_MAX_SEGMENTS,
          perMinute: env.SMS_PER_MINUTE,
        }
      : undefined,
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
      supportPhone: env.SUPPORT_PHONE,
      hostingNetworks: env.HOSTING_NETWORKS,
      mapUrl: env.MAP_URL === 'none' ? undefined : env.MAP_URL,
    },
    databaseUrl: env.DATABASE_URL,
    databasePool: env.DATABASE_POOL,
    databaseWaits: { readMs: env.DATABASE_READ_MS, writeMs: env.DATABASE_WRITE_MS },
    redisUrl: env.REDIS_URL,
    dataDir: env.DATA_DIR,
    secretKey: env.SECRET_KEY,
    logLevel: env.LOG_LEVEL,
    mail: env.SMTP_URL ? { url: env.SMTP_URL, from: env.MAIL_FROM } : undefined,
    receiptSecrets: { sms: env.SMS_RECEIPT_SECRET, email: env.MAIL_RECEIPT_SECRET },
    smsReports: env.SMS_RECEIPT_KEY
      ? { key: env.SMS_RECEIPT_KEY, from: env.SMS_RECEIPT_FROM, shape: env.SMS_RECEIPT_SHAPE }
      : undefined,
    channels: channelsOf(env),
    trustedHosts: env.TRUSTED_HOSTS,
    heartbeatUrl: env.HEARTBEAT_URL,
    worker: { concurrency: env.WORKER_CONCURRENCY },
    engine: { budgetMs: env.ENGINE_BUDGET_MS, threads: env.ENGINE_THREADS },
  }
}
