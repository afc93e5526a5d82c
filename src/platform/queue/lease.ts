/**
 * How long what a process has in hand is left to it after it was last heard of. Another one takes a dead one's work up
 * this long after its death and one sweep: within 25 s.
 */
export const LEASE_MS = 10_000

/**
 * The same for the row a task works at, such as a message or a delivery. Shorter, so that whoever takes up the task of
 * a dead process finds its row free.
 */
export const ROW_LEASE_MS = 6_000

/** Several fit into every lease, so that one which is late or lost does no harm. */
const BEAT_MS = 2_000

/** Renews a lease until it is disposed of. A beat that fails is made up for by the next. */
export function keepAlive(renew: () => Promise<unknown>): Disposable {
  const beats = setInterval(() => void renew().catch(() => {}), BEAT_MS)
  return { [Symbol.dispose]: () => clearInterval(beats) }
}
