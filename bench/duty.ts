/**
 * Makes a duty problem in the shape of a city's checkpoint duty and lets the engine staff it in worker threads.
 *
 *   bench:duty -- --people P --posts Q --days D --seconds S [--seed N] [--threads T]
 *   bench:duty -- --city [--days D]                      the week of scenario A with all its groups
 *   bench:duty -- --district [--people P --posts Q]      scenario E: standing duty, grids, teams, exits
 *   bench:duty -- --volunteers --people P --posts Q --days D --seconds S [--eligible N]
 *                                                        each volunteer knows N posts and is free on six days of ten
 *   bench:duty -- --large                                50,000 people, 1,000 posts, 7 days
 *   bench:duty -- --scale                                four sizes, each twice the one before, up to the large one
 *   … --ill N                                            then N people fall ill for the whole period: the repair
 *
 * The last line printed is JSON. With sizes that have goals, the status is 1 when one is missed.
 */
import { parseArgs } from 'node:util'
import type { Problem, Solution } from '../src/solver/index.ts'
import { CoverBound } from './support/cover-bound.ts'
import { disturbanceOf } from './support/disturbance.ts'
import { judgeDuty } from './support/duty-judge.ts'
import { positive, problemOf, SHAPE_OPTIONS } from './support/duty-options.ts'
import { fallIll, growthExponent, peakRssMb, runDuty } from './support/duty-run.ts'
import { Fitting } from './support/fitting.ts'
import { CITY_GOALS, judge, LARGE_GOALS, REPAIR_GOALS, SCALE_GOALS } from './support/goals.ts'

const { values } = parseArgs({
  options: {
    ...SHAPE_OPTIONS,
    seconds: { type: 'string' },
    threads: { type: 'string', default: '1' },
    large: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    ill: { type: 'string' },
  },
})
const LARGE = { people: 50_000, posts: 1000, days: 7 }
const isLarge = values.large || Object.entries(LARGE).every(([name, size]) => Number(values[name as 'people']) === size)
const isCity = values.city && values.people === undefined && values.posts === undefined && Number(values.days) === 7
/** The city's answer is wanted within two seconds, threads, reasons and all. */
const seconds = positive({ seconds: isCity ? '1.4' : isLarge ? '40' : '2', ...values }, 'seconds')
const [seed, threads] = [positive(values, 'seed'), positive(values, 'threads')]

const rounded = (number: number): number => Math.round(number * 1000) / 1000
const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0)

/** Difference between the most and the fewest shifts of anybody, for each echelon that relieves another. */
function spreads(problem: Problem, { assignments }: Solution): number[] {
  const counts = new Map(problem.people.map((person) => [person.id, 0]))
  for (const { personId } of assignments) counts.set(personId, counts.get(personId)! + 1)
  const byEchelon = new Map<string, number[]>()
  for (const { id, groups } of problem.people) {
    for (const group of groups ?? []) {
      if (group.kind === 'rotation') byEchelon.set(group.id, [...(byEchelon.get(group.id) ?? []), counts.get(id)!])
    }
  }
  return [...byEchelon.values()].map((loads) => Math.max(...loads) - Math.min(...loads))
}

/** Seats that must stay open: conflicts without a slot in common, greatest first. */
function provenShort({ conflicts }: Solution): number {
  const taken = new Set<string>()
  let short = 0
  for (const conflict of [...conflicts].sort((a, b) => b.short - a.short)) {
    if (conflict.slotIds.some((id) => taken.has(id))) continue
    for (const id of conflict.slotIds) taken.add(id)
    short += conflict.short
  }
  return short
}

async function repair(problem: Problem, before: Solution) {
  const count = positive(values, 'ill')
  const changed = fallIll(problem, before, count)
  const run = await runDuty(changed, { seed, seconds: 0.3 })
  const { score, changes, assignments } = run.solution
  const disturbance = await disturbanceOf(changed, assignments)
  const verdict = judgeDuty(changed, assignments)
  return {
    ill: count,
    lost: before.assignments.length - changed.published!.length,
    ...disturbance,
    hard: sum(verdict.breaches),
    provenShort: provenShort(run.solution),
    movedConfirmed: score.movedConfirmed,
    movedPending: score.movedPending,
    /** Everybody who is told something: those moved and those who step in. */
    peopleAffected: changes.personIds.length,
    seconds: rounded(run.seconds),
  }
}

/** One problem, staffed, judged and, where asked for, repaired. */
async function single(problem: Problem) {
  const run = await runDuty(problem, { seed, seconds, threads, onPhase: (line) => console.log(line) })
  const memory = peakRssMb()
  const { solution } = run
  const { bound, score } = solution
  const verdict = judgeDuty(problem, solution.assignments)
  const fillable = new CoverBound(new Fitting(problem)).fillable()
  return {
    people: problem.people.length,
    seats: sum(verdict.seats),
    filled: sum(verdict.filled),
    openMandatory: (verdict.seats.mandatory ?? 0) - (verdict.filled.mandatory ?? 0),
    /** Proven by flow over eligible pairs: seats that can be filled at most, mandatory and desired. */
    fillable,
    /** Mandatory seats below that. */
    unfilled: fillable.mandatory - (verdict.filled.mandatory ?? 0),
    provenShort: provenShort(solution),
    hard: sum(verdict.breaches),
    justice: rounded(verdict.justice),
    /** Proven by the engine of one level, and how far above it the roster is. */
    bound: bound && { level: bound.level, value: bound.value, abovePercent: bound.abovePercent },
    wishes: score.wishes,
    shiftSpread: Math.max(0, ...spreads(problem, solution)),
    stopped: solution.stopped,
    iterations: solution.iterations,
    firstCompleteSeconds: rounded(run.firstCompleteSeconds),
    seconds: rounded(run.seconds),
    peakRssMb: memory,
    repair: values.ill ? await repair(problem, solution) : undefined,
  }
}

/** Time to the first roster with all mandatory seats that can be filled, for four sizes. */
async function scale() {
  const series = []
  for (const part of [8, 4, 2, 1]) {
    const problem = problemOf({ ...values, people: `${LARGE.people / part}`, posts: `${LARGE.posts / part}` })
    const { mandatory } = new CoverBound(new Fitting(problem)).fillable()
    const wanted = problem.slots.filter(({ need }) => need === 'mandatory')
    const seats = wanted.reduce((all, slot) => all + (slot.seats ?? 1), 0)
    const stopAtOpen = seats - mandatory
    const run = await runDuty(problem, { seed, seconds: 120, threads, explain: false, stopAtOpen })
    const { firstCompleteSeconds } = run
    const unfilled = mandatory - (seats - run.solution.score.unmetMandatory)
    const msPerSeat = rounded((firstCompleteSeconds * 1000) / seats)
    series.push({
      people: problem.people.length,
      seats,
      unfilled,
      firstCompleteSeconds: rounded(firstCompleteSeconds),
      msPerSeat,
    })
    console.log(JSON.stringify(series.at(-1)))
  }
  const points = series.map((entry) => ({ size: entry.seats, seconds: entry.firstCompleteSeconds }))
  const unfilled = series.reduce((all, entry) => all + entry.unfilled, 0)
  return { series, unfilled, growthExponent: rounded(growthExponent(points)), peakRssMb: peakRssMb() }
}

if (values.scale) {
  const figures = await scale()
  console.log(JSON.stringify(figures))
  judge({ growthExponent: figures.growthExponent, unfilled: figures.unfilled }, SCALE_GOALS)
} else {
  const size = values.large ? { people: `${LARGE.people}`, posts: `${LARGE.posts}` } : {}
  const figures = await single(problemOf({ ...values, ...size }))
  console.log(JSON.stringify(figures))
  const { seconds, unfilled, hard, shiftSpread, peakRssMb } = figures
  if (isCity) judge({ seconds, unfilled, hard, shiftSpread }, CITY_GOALS)
  if (isLarge) judge({ seconds, unfilled, hard, peakRssMb }, LARGE_GOALS)
  if (isCity && figures.repair && Number(values.ill) === 20) {
    const { disturbedConfirmed, disturbedConfirmedAtLeast, fillableMandatory, filledMandatory, seconds } =
      figures.repair
    const beyond = disturbedConfirmed - Math.ceil(disturbedConfirmedAtLeast * 1.1)
    const repaired = { seconds, unfilled: fillableMandatory - filledMandatory, hard: figures.repair.hard, beyond }
    judge(repaired, REPAIR_GOALS)
  }
}
