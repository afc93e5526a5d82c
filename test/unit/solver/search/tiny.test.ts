import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePlan } from '../../../../src/solver/checks.ts'
import { layOut, totalsOf } from '../../../../src/solver/evaluate.ts'
import { type Assignment, evaluate, type Problem, type Score, solve } from '../../../../src/solver/index.ts'
import { RULES } from '../../../../src/solver/rules/index.ts'
import { compareScores, scoreFrom } from '../../../../src/solver/score.ts'
import { searchDuty } from '../../../../src/solver/solve.ts'
import { anyProblem } from '../arbitrary.ts'

/** So many people and single seats at most, nothing pinned: every roster can be tried. */
const cut = (problem: Problem, peopleCount: number, slotCount: number): Problem => {
  const slots = problem.slots.slice(0, slotCount).map((slot) => ({ ...slot, seats: 1 }))
  const people = problem.people.slice(0, peopleCount)
  const isKnown = (a: { slotId: string; personId: string }) =>
    slots.some((slot) => slot.id === a.slotId) && people.some((person) => person.id === a.personId)
  return {
    ...problem,
    slots,
    people,
    links: (problem.links ?? []).map((link) => ({ ...link, slotIds: slots.slice(0, 2).map((slot) => slot.id) })),
    pins: [],
    published: (problem.published ?? []).filter(isKnown),
    exclusions: (problem.exclusions ?? []).filter((entry) => isKnown({ ...entry, slotId: entry.slotId ?? '' })),
  }
}

const problems = (count: number, seed: number, people = 4, slots = 4) =>
  fc.sample(anyProblem, { numRuns: count, seed }).map((problem) => cut(problem, people, slots))

/** Does no hard rule of person and slot forbid it? */
const fits = (problem: Problem, personId: string, slotId: string): boolean =>
  evaluate(problem, [{ personId, slotId }]).breaches.every(
    ({ rule, strength }) => strength === 'soft' || RULES[rule].on !== 'pair',
  )

/**
 * The best score of all rosters that put nobody where person and slot do not fit, each evaluated in full as `evaluate`
 * does, the problem compiled once.
 */
function bruteForce(problem: Problem): Score {
  const plan = compilePlan(problem)
  const scoreOf = (roster: Assignment[]) => scoreFrom(totalsOf(plan, layOut(plan, roster)))
  const choices = problem.slots.map(({ id: slotId }) =>
    problem.people.filter(({ id }) => fits(problem, id, slotId)).map(({ id: personId }) => ({ personId, slotId })),
  )
  let best: { roster: Assignment[]; score: Score } = { roster: [], score: scoreOf([]) }
  const fill = (slot: number, roster: Assignment[]): void => {
    if (slot === choices.length) {
      const score = scoreOf(roster)
      if (compareScores(score, best.score) < 0) best = { roster, score }
      return
    }
    fill(slot + 1, roster)
    for (const assignment of choices[slot]!) fill(slot + 1, [...roster, assignment])
  }
  fill(0, [])
  expect(evaluate(problem, best.roster).score).toEqual(best.score)
  return best.score
}

const PATIENCE = 120_000
const searched = async (problem: Problem, seed = 1): Promise<Score> => {
  const options = { seed, budget: { iterations: 1500 }, explain: false }
  return (await searchDuty(problem, options, false)).score
}

test(
  'tiny problems are solved to the optimum, and told to be, by trying every roster',
  async () => {
    for (const problem of problems(300, 11)) {
      const solution = await solve(problem, { seed: 1, budget: { iterations: 10 }, explain: false })
      expect(solution.stopped).toBe('optimal')
      expect(Math.abs(compareScores(solution.score, bruteForce(problem)))).toBeLessThan(1e-4)
    }
  },
  PATIENCE,
)

test(
  'the search itself, which may not try every roster, finds the optimum of two thousand tiny problems',
  async () => {
    const missed: number[] = []
    for (const [i, problem] of problems(2000, 12).entries()) {
      const [score, best] = [await searched(problem), bruteForce(problem)]
      expect(compareScores(score, best), `problem ${i}`).toBeGreaterThan(-1e-4)
      if (compareScores(score, best) > 1e-4) missed.push(i)
    }
    expect(missed).toEqual([])
  },
  PATIENCE,
)

test(
  'and of some with five people and five seats',
  async () => {
    const missed: number[] = []
    for (const [i, problem] of problems(200, 15, 5, 5).entries()) {
      if (compareScores(await searched(problem), bruteForce(problem)) > 1e-4) missed.push(i)
    }
    expect(missed).toEqual([])
  },
  PATIENCE,
)

test(
  'one person more never makes the optimum of cover and wishes worse',
  async () => {
    const asksOthers = new Set([
      'fair-share',
      'load-limit',
      'pattern',
      'consecutive-days-off',
      'crew-whole',
      'pairing',
      'request',
    ])
    for (const problem of problems(300, 13)) {
      const rules = problem.rules.filter((rule) => !asksOthers.has(rule.rule))
      const more = { ...problem, rules, published: [], exclusions: [] }
      const fewer = { ...more, people: more.people.slice(0, 3) }
      expect(compareScores(await searched(more), await searched(fewer))).toBeLessThan(1e-4)
    }
  },
  PATIENCE,
)

test(
  'names and order of people, shifts, slots and rules do not change the optimum found',
  async () => {
    for (const [i, problem] of problems(300, 14).entries()) {
      const renamed = JSON.parse(JSON.stringify(problem).replaceAll(/"p(\d)"/g, '"zz$1"')) as Problem
      const turned: Problem = {
        ...renamed,
        people: [...renamed.people].reverse(),
        shifts: [...renamed.shifts].reverse(),
        slots: [...renamed.slots].reverse(),
        rules: [...renamed.rules].reverse(),
      }
      expect(Math.abs(compareScores(await searched(turned, 2), await searched(problem))), `problem ${i}`).toBeLessThan(
        1e-4,
      )
    }
  },
  PATIENCE,
)
