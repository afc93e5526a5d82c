/**
 * Makes a duty problem in the shape of a city's checkpoint duty and lets the engine staff it in worker threads.
 *
 *   bench:duty -- --people P --posts Q --days D --seconds S [--seed N] [--threads T]
 *   bench:duty -- --city [--days D] --seconds S          the week of scenario A with all its groups
 *
 * The last line printed is JSON.
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { type Problem, type Solution, solveInThread } from '../src/solver/index.ts'
import { dutyProblem, scaledShape, scenarioA } from './duty-problem.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '500' },
    posts: { type: 'string', default: '20' },
    days: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '1' },
    city: { type: 'boolean', default: false },
  },
})

const number = (name: 'people' | 'posts' | 'days' | 'seconds' | 'seed' | 'threads'): number => {
  const value = Number(values[name])
  if (!Number.isFinite(value) || value <= 0) throw new TypeError(`--${name} must be a number above 0.`)
  return value
}

/** Difference between the most and the fewest shifts of anybody, for each echelon that relieves another. */
function spreads(problem: Problem, { assignments }: Solution): Record<string, number> {
  const counts = new Map(problem.people.map((person) => [person.id, 0]))
  for (const { personId } of assignments) counts.set(personId, counts.get(personId)! + 1)
  const byEchelon = new Map<string, number[]>()
  for (const { id, groups } of problem.people) {
    for (const group of groups ?? []) {
      if (group.kind === 'rotation') byEchelon.set(group.id, [...(byEchelon.get(group.id) ?? []), counts.get(id)!])
    }
  }
  return Object.fromEntries(
    [...byEchelon].map(([id, loads]) => {
      const sorted = loads.sort((a, b) => a - b)
      return [id, sorted.at(-1)! - sorted[0]!]
    }),
  )
}

const shape = values.city
  ? scenarioA(number('seed'), number('days'))
  : scaledShape(number('people'), number('posts'), number('days'), number('seed'))
const problem = dutyProblem(shape)
const startedAt = performance.now()
const solution = await solveInThread(problem, {
  seed: number('seed'),
  budget: { milliseconds: number('seconds') * 1000 },
  threads: number('threads'),
  onProgress: ({ phase, elapsedMs, score }) => {
    if (phase !== 'improve') console.log(`${Math.round(elapsedMs)} ms  ${phase}: ${JSON.stringify(score)}`)
  },
})
const seconds = (performance.now() - startedAt) / 1000
const { bound, score } = solution
const gap = bound && bound.value > 0 ? ((score.justice - bound.value) / bound.value) * 100 : undefined
console.log(
  JSON.stringify({
    people: problem.people.length,
    slots: problem.slots.length,
    filled: solution.assignments.length,
    openMandatory: score.unmetMandatory,
    provenShort: solution.conflicts.reduce((sum, conflict) => sum + conflict.short, 0),
    hard: score.hard,
    justice: score.justice,
    justiceBound: bound?.value,
    justiceAboveBoundPercent: gap === undefined ? undefined : Math.round(gap * 100) / 100,
    wishes: score.wishes,
    shiftSpread: spreads(problem, solution),
    stopped: solution.stopped,
    iterations: solution.iterations,
    searchSeconds: Math.round(solution.trace.at(-1)!.elapsedMs) / 1000,
    seconds: Math.round(seconds * 100) / 100,
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
  }),
)
