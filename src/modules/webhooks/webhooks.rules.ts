import { createHash } from 'node:crypto'

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

/** Pieces that stay far below 20 kB each, ids being 36 characters long. */
export function inPieces<T>(items: readonly T[], size = 100): T[][] {
  const pieces: T[][] = []
  for (let at = 0; at < items.length; at += size) pieces.push(items.slice(at, at + size))
  return pieces
}
