import type postgres from 'postgres'
import { after } from './deadlines.ts'
import { asAway, isLoss, noAnswer } from './errors.ts'
import { judge, type Post, watchedClient } from './watched.ts'

export type Work = (scoped: postgres.TransactionSql) => unknown
/** `begin` or `savepoint` of the driver, its other arguments already given. */
type Open = (work: Work) => Promise<unknown>

/** A transaction, or a part of one. */
export interface Span {
  open: Open
  work: Work
  limitMs: number
  /** Finds out whether a transaction was committed of whose end nothing was heard. */
  wasCommitted?: (() => Promise<boolean>) | undefined
}

/** The driver ends a transaction when its work has ended. One whose work never ends it forgets with its connection. */
const never = new Promise<never>(() => {})

/**
 * Opens a span whose beginning and end have deadlines as well as each statement in it. Whoever waits for it hears of a
 * deadline at once; behind it the driver rolls back as soon as the connection lets it, and what begins too late ends at
 * once, so that no connection is kept.
 *
 * After a deadline, and where the connection is gone, nothing more may be said in it: the driver would write into a
 * socket that is no more or, had it opened the connection again for somebody else, into that one's transaction.
 */
export function openSpan(post: Post, { open, work, limitMs, wasCommitted }: Span): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const answersBefore = post.pool.answers
  let phase: 'beginning' | 'working' | 'ending' = 'beginning'
  let [isSettled, isGone] = [false, false]
  let refusal: Error | undefined
  let result: unknown

  const fail = (error: Error) => {
    if (refusal) return
    refusal = error
    if (phase !== 'ending' || !wasCommitted) reject(error)
    else wasCommitted().then((itWas) => (itWas ? resolve(result) : reject(error)), reject)
  }
  const inner: Post = {
    ...post,
    limitMs: () => limitMs,
    refusal: () => refusal ?? post.refusal?.(),
    late(error) {
      fail(error)
      post.late?.(error)
    },
    gone(error) {
      isGone = true
      fail(error)
      post.gone?.(error)
    },
  }
  const arm = () =>
    after(limitMs, () => {
      const isSent = phase === 'ending'
      inner.late!(noAnswer())
      judge(post, answersBefore, { isSettled: () => isSettled, isSent: () => isSent })
    })

  let disarm = arm()
  const settle = () => {
    isSettled = true
    disarm()
  }
  const doWork: Work = async (scoped) => {
    disarm()
    if (refusal) throw refusal
    phase = 'working'
    try {
      result = await work(watchedTransaction(scoped, inner, limitMs))
      if (refusal) throw refusal
      phase = 'ending'
      return result
    } finally {
      if (isGone) await never
      disarm = arm()
    }
  }
  open(doWork).then(
    (value) => {
      settle()
      resolve(value)
    },
    (error) => {
      settle()
      if (isLoss(error)) inner.gone!(asAway(error) as Error)
      else reject(asAway(error))
    },
  )
  return promise
}

function watchedTransaction(scoped: postgres.TransactionSql, post: Post, limitMs: number): postgres.TransactionSql {
  const savepoint = (...given: [...string[], Work]) => {
    const work = given.pop() as Work
    const open = scoped.savepoint as (...args: unknown[]) => Promise<unknown>
    return openSpan(post, { limitMs, work, open: (inside) => open(...given, inside) })
  }
  return watchedClient(scoped, post, { savepoint })
}
