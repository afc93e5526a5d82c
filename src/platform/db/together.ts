export interface TogetherOptions {
  /** Pieces of work under way at a time. */
  lanes: number
  /** Items in one piece at most. */
  most: number
}

interface Waiting<T, R> {
  item: T
  resolve(result: R): void
  reject(error: unknown): void
}

/**
 * Does what comes in while earlier items are still being worked on together, as one piece of work: a lone item waits for
 * nobody, and under load one transaction carries many. `work` answers for its items in their order; when it fails, all
 * of its items fail.
 */
export function together<T, R>(work: (items: T[]) => Promise<R[]>, { lanes, most }: TogetherOptions) {
  const waiting: Waiting<T, R>[] = []
  let busy = 0

  async function doPiece(piece: Waiting<T, R>[]): Promise<void> {
    try {
      const results = await work(piece.map((one) => one.item))
      for (const [n, one] of piece.entries()) one.resolve(results[n]!)
    } catch (error) {
      for (const one of piece) one.reject(error)
    }
  }

  async function drain(): Promise<void> {
    if (busy === lanes) return
    busy += 1
    while (waiting.length > 0) await doPiece(waiting.splice(0, most))
    busy -= 1
  }

  return (item: T): Promise<R> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      void drain()
    })
}
