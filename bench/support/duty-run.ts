/** Runs the engine on a duty problem as a caller would, and measures it from outside. */
import { performance } from 'node:perf_hooks'
import { type Problem, type Solution, solveInThread } from '../../src/solver/index.ts'

export interface Run {
  solution: Solution
  /** Until the answer was there, threads started and reasons told. */
  seconds: number
  /** Until a roster was known that leaves no more mandatory seats open than the last one. */
  firstCompleteSeconds: number
}

interface RunOptions {
  seed: number
  seconds: number
  threads?: number
  explain?: boolean
  /** The run ends as soon as no more mandatory seats than these are open. */
  stopAtOpen?: number
  onPhase?: (line: string) => void
}

export async function runDuty(problem: Problem, options: RunOptions): Promise<Run> {
  const { seed, threads, explain, stopAtOpen = -1, onPhase } = options
  const startedAt = performance.now()
  const since = () => (performance.now() - startedAt) / 1000
  const seen: { open: number; at: number }[] = []
  const enough = new AbortController()
  const solution = await solveInThread(problem, {
    seed,
    threads,
    explain,
    budget: { milliseconds: options.seconds * 1000 },
    signal: enough.signal,
    onProgress: ({ phase, elapsedMs, score }) => {
      seen.push({ open: score.unmetMandatory, at: since() })
      if (score.unmetMandatory <= stopAtOpen) enough.abort()
      if (phase !== 'improve') onPhase?.(`${Math.round(elapsedMs)} ms  ${phase}: ${JSON.stringify(score)}`)
    },
  })
  const seconds = since()
  const first = seen.find(({ open }) => open <= solution.score.unmetMandatory)
  return { solution, seconds, firstCompleteSeconds: first?.at ?? seconds }
}

/** So many of those on duty fall ill for the whole period; three in five of the others have confirmed. */
export function fallIll(problem: Problem, { assignments }: Solution, count: number): Problem {
  const onDuty = [...new Set(assignments.map((a) => a.personId))]
  const step = onDuty.length / count
  const ill = new Set(onDuty.filter((_id, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)))
  const { startsAt: start, endsAt: end } = problem.period
  return {
    ...problem,
    people: problem.people.map((person) =>
      ill.has(person.id) ? { ...person, absences: [...(person.absences ?? []), { start, end }] } : person,
    ),
    published: assignments.filter((a) => !ill.has(a.personId)).map((a, i) => ({ ...a, confirmed: i % 5 < 3 })),
  }
}

/** The most memory the process has held so far, its threads with it, in millions of bytes. */
export const peakRssMb = (): number => Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)

/** Slope of log(seconds) over log(size) by least squares: 1 is linear. */
export function growthExponent(points: readonly { size: number; seconds: number }[]): number {
  const xs = points.map(({ size }) => Math.log(size))
  const ys = points.map(({ seconds }) => Math.log(seconds))
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mx, my] = [mean(xs), mean(ys)]
  const covariance = xs.reduce((sum, x, i) => sum + (x - mx) * (ys[i]! - my), 0)
  return covariance / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0)
}
