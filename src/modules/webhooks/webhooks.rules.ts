import { createHash, createHmac } from 'node:crypto'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Waits before the second to the tenth attempt: the schedule that Standard Webhooks 1.0.0 gives as its example. */
const BACK_OFF = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const
export const MOST_ATTEMPTS = BACK_OFF.length + 1

/** A webhook that nothing has reached for so long is switched off. */
export const PATIENCE_MS = 5 * 24 * HOUR

/** Up to a tenth more, different for each delivery and the same each time it is asked. */
const jitter = (id: string, attempt: number): number =>
  createHash('sha256').update(`${id}.${attempt}`).digest().readUInt16BE() / 0xffff / 10

/** When to try again after `attempts` have failed; undefined after the last. */
export function nextAttemptAt(id: string, attempts: number, now: Date, retryAfterMs = 0): Date | undefined {
  const wait = BACK_OFF[attempts - 1]
  if (wait === undefined) return undefined
  return new Date(now.getTime() + Math.max(Math.round(wait * (1 + jitter(id, attempts))), retryAfterMs))
}

const SECRET_PREFIX = 'whsec_'

const signature = (secret: string, content: string): string => {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
}

/** Headers of Standard Webhooks 1.0.0: one signature for each secret that holds. */
export function signedHeaders(id: string, body: string, secrets: readonly string[], now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / SECOND))
  const content = `${id}.${timestamp}.${body}`
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => signature(secret, content)).join(' '),
  }
}

/** 24 to 64 bytes are asked for. */
export const secretOf = (key: Buffer): string => `${SECRET_PREFIX}${key.toString('base64')}`

/** Pieces that stay far below 20 kB each, ids being 36 characters long. */
export function inPieces<T>(items: readonly T[], size = 100): T[][] {
  const pieces: T[][] = []
  for (let at = 0; at < items.length; at += size) pieces.push(items.slice(at, at + size))
  return pieces
}
