/**
 * Makes a duty problem in the shape of a city's checkpoint duty and lets the engine staff it in worker threads.
 *
 *   bench:duty -- --people P --posts Q --days D --seconds S [--seed N] [--threads T]
 *   bench:duty -- --city [--days D] --seconds S          the week of scenario A with all its groups
 *   bench:duty -- --district [--days D] --seconds S      scenario E: standing duty, grids, teams, a station
 *   bench:duty -- --volunteers --people P --posts Q --days D --seconds S [--eligible N]
 *                                                        each volunteer knows N posts and is free on six days of ten
 *   … --ill N                                            then N people fall ill for the whole period: the repair
 *
 * The last line printed is JSON.
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { type Problem, type Solution, solveInThread } from '../src/solver/index.ts'
import { districtProblem, scenarioE } from './district-problem.ts'
import { dutyProblem, scaledShape, scenarioA } from './duty-problem.ts'
import { volunteerProblem } from './volunteer-problem.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '500' },
    posts: { type: 'string', default: '20' },
    days: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '1' },
    city: { type: 'boolean', default: false },
    district: { type: 'boolean', default: false },
    volunteers: { type: 'boolean', default: false },
    eligible: { type: 'string', default: '8' },
    ill: { type: 'string' },
  },
})

const number = (name: 'people' | 'posts' | 'days' | 'seconds' | 'seed' | 'threads' | 'eligible' | 'ill'): number => {
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

/** Seats that must stay open: conflicts without a slot in common, greatest first. */
function provenShort({ conflicts }: Solution): number {
  const taken = new Set<string>()
  let sum = 0
  for (const { slotIds, short } of [...conflicts].sort((a, b) => b.short - a.short)) {
    if (slotIds.some((id) => taken.has(id))) continue
    for (const id of slotIds) taken.add(id)
    sum += short
  }
  return sum
}

function makeProblem(): Problem {
  const [people, posts, days, seed] = [number('people'), number('posts'), number('days'), number('seed')]
  if (values.district) return districtProblem(scenarioE(seed, days))
  if (values.volunteers) {
    return volunteerProblem({ people, posts, days, seed, postsEach: number('eligible'), free: 0.6 })
  }
  return dutyProblem(values.city ? scenarioA(seed, days) : scaledShape(people, posts, days, seed))
}

/** The roster is published, three in five have confirmed, and so many of those on duty fall ill. */
async function repair(problem: Problem, before: Solution): Promise<Record<string, number>> {
  const onDuty = [...new Set(before.assignments.map((a) => a.personId))]
  const step = onDuty.length / number('ill')
  const ill = new Set(onDuty.filter((_id, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)))
  const { startsAt: start, endsAt: end } = problem.period
  const changed: Problem = {
    ...problem,
    people: problem.people.map((person) =>
      ill.has(person.id) ? { ...person, absences: [...(person.absences ?? []), { start, end }] } : person,
    ),
    published: before.assignments.filter((a) => !ill.has(a.personId)).map((a, i) => ({ ...a, confirmed: i % 5 < 3 })),
  }
  const startedAt = performance.now()
  const repaired = await solveInThread(changed, { seed: number('seed'), budget: { milliseconds: 300 } })
  const lost = before.assignments.filter((a) => ill.has(a.personId)).length
  return {
    ill: ill.size,
    lost,
    openMandatory: repaired.score.unmetMandatory,
    provenShort: provenShort(repaired),
    movedConfirmed: repaired.score.movedConfirmed,
    movedPending: repaired.score.movedPending,
    /** Everybody who is told something: those moved and those who step in. */
    peopleAffected: repaired.changes.personIds.length,
    seconds: Math.round(performance.now() - startedAt) / 1000,
  }
}

const problem = makeProblem()
const seats = problem.slots.reduce((sum, slot) => sum + (slot.seats ?? 1), 0)
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
const repaired = values.ill ? await repair(problem, solution) : undefined
const { bound, score } = solution
const gap = bound && bound.value > 0 ? ((score.justice - bound.value) / bound.value) * 100 : undefined
console.log(
  JSON.stringify({
    people: problem.people.length,
    seats,
    filled: solution.assignments.length,
    openMandatory: score.unmetMandatory,
    provenShort: provenShort(solution),
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
    repair: repaired,
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
  }),
)
