import { createHmac, timingSafeEqual } from 'node:crypto'

const PREFIX = 'whsec_'
const SECOND = 1_000
/** How far the clock of a sender may be off; older calls may be repeats by somebody who listened. */
const TOLERANCE_MS = 5 * 60 * SECOND

const digest = (secret: string, content: string): Buffer =>
  createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(content)
    .digest()

/** Headers of Standard Webhooks 1.0.0: one signature for each secret that holds. */
export function signedHeaders(id: string, body: string, secrets: readonly string[], now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / SECOND))
  const content = `${id}.${timestamp}.${body}`
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${digest(secret, content).toString('base64')}`).join(' '),
  }
}

/** 24 to 64 bytes are asked for. */
export const secretOf = (key: Buffer): string => `${PREFIX}${key.toString('base64')}`

/** Whether this body comes, unchanged and just now, from somebody who knows the secret. */
export function isSigned(
  headers: Record<string, string | string[] | undefined>,
  body: string,
  secret: string,
  now: Date,
): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`])
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * SECOND - now.getTime()) > TOLERANCE_MS) return false
  const expected = digest(secret, `${id}.${timestamp}.${body}`)
  const given = signatures.split(' ').filter((one) => one.startsWith('v1,'))
  return given.some((one) => {
    const bytes = Buffer.from(one.slice(3), 'base64')
    return bytes.length === expected.length && timingSafeEqual(bytes, expected)
  })
}
