import type postgres from 'postgres'
import { after } from './deadlines.ts'
import { asAway, isLoss, noAnswer } from './errors.ts'
import type { Pool } from './pool.ts'

/** Told of what was given up and asked to be ended, time in which a server that is there says so. */
const GRACE_MS = 2_000

/** What postgres.js keeps of a query beside its promise. */
interface DriverQuery {
  handler(query: DriverQuery): unknown
  canceller: ((query: DriverQuery) => Promise<unknown>) | null
  resolve(result: unknown): void
  reject(error: unknown): void
  active: boolean
  executed: boolean
  /** The connection it was sent on. */
  state: object | null
  cursorFn?: unknown
  streaming?: boolean
}

const isQuery = (value: unknown): value is DriverQuery =>
  value instanceof Promise && 'handler' in value && 'executed' in value

/** Where a call stands: what it holds on to, and what ends all of it. */
export interface Post {
  pool: Pool
  limitMs(text: string): number
  /** Says why nothing more may be asked here. */
  refusal?(): Error | undefined
  /** Hears that a call was given up. */
  late?(error: Error): void
  /** Hears that the connection is gone. */
  gone?(error: Error): void
  /** The database has not answered: `all` to nobody, or only on one connection. */
  onSilence(pool: Pool, all: boolean): void
}

/**
 * Looks again after something was given up. A server that is there has ended it meanwhile; silence towards everybody
 * means that all connections are dead, and silence of one that the statement was sent on means that this one is.
 */
export function judge(post: Post, answersBefore: number, call: { isSettled(): boolean; isSent(): boolean }): void {
  const { pool, onSilence } = post
  after(GRACE_MS, () => {
    if (call.isSettled()) return
    if (pool.answers === answersBefore) onSilence(pool, true)
    else if (call.isSent()) onSilence(pool, false)
  })
}

/** Rejects in time, and has the server end what it may still be doing. */
function giveUp(query: DriverQuery, reject: (error: unknown) => void): void {
  const { active, canceller } = query
  reject(noAnswer())
  // The driver asks this to know whether there is something to cancel.
  query.active = active
  // Its own `cancel` lets go of a promise that may reject, which would end the process.
  void canceller?.(query).catch(() => {})
}

/** Gives a query its deadline, which runs from the moment it is asked for. Streams are for their readers to end. */
export function watched<T>(value: T, post: Post, text: string): T {
  if (!isQuery(value)) return value
  const query: DriverQuery = value
  const { handler } = query
  query.handler = (asked) => {
    const refusal = post.refusal?.()
    if (refusal) return query.reject(refusal)
    if (!query.cursorFn && !query.streaming) watch(query, post, text)
    return handler(asked)
  }
  return value
}

function watch(query: DriverQuery, post: Post, text: string): void {
  const { pool } = post
  const { resolve, reject } = query
  const answersBefore = pool.answers
  let isSettled = false
  const cancelDeadline = after(post.limitMs(text), () => {
    post.late?.(noAnswer())
    const isSent = () => query.state !== null
    // One that was never sent the driver ends by itself, which says nothing of the server.
    if (!isSent()) query.reject = reject
    giveUp(query, reject)
    judge(post, answersBefore, { isSettled: () => isSettled, isSent })
  })
  query.resolve = (result) => {
    isSettled = true
    pool.answers += 1
    cancelDeadline()
    resolve(result)
  }
  query.reject = (error) => {
    isSettled = true
    cancelDeadline()
    const told = asAway(error)
    if (!isLoss(error)) pool.answers += 1
    else post.gone?.(told as Error)
    reject(told)
  }
}

/** A client, or what it hands to a transaction, whose queries have deadlines. */
export function watchedClient<C extends postgres.ISql>(client: C, post: Post, more: object = {}): C {
  const unsafe = (text: string, ...rest: []) => watched(client.unsafe(text, ...rest), post, text)
  const known: Record<PropertyKey, unknown> = { unsafe, ...more }
  return new Proxy(client, {
    apply: (_target, _self, [first, ...rest]: [TemplateStringsArray, ...never[]]) =>
      watched((client as postgres.ISql)(first, ...rest), post, Array.isArray(first) ? String(first[0]) : ''),
    get: (_target, name) => known[name] ?? Reflect.get(client, name),
  })
}
