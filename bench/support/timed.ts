import { performance } from 'node:perf_hooks'

/** What a solver's answer is worth and how long it took; solvers that are not there answer undefined. */
export async function timed<A, F extends object>(
  work: () => A | undefined | Promise<A | undefined>,
  judged: (answer: A) => F,
): Promise<(F & { seconds: number }) | 'not installed'> {
  const startedAt = performance.now()
  const answer = await work()
  const seconds = Math.round(performance.now() - startedAt) / 1000
  return answer === undefined ? 'not installed' : { ...judged(answer), seconds }
}

/** The same for somebody else's solver: one that breaks, of too much memory for instance, is told as such. */
export async function attempted<A, F extends object>(
  work: () => A | undefined | Promise<A | undefined>,
  judged: (answer: A) => F,
): Promise<(F & { seconds: number }) | 'not installed' | { broke: string }> {
  try {
    return await timed(work, judged)
  } catch (error) {
    return { broke: String(error).slice(0, 200) }
  }
}
