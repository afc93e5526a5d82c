import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePlan } from '../../../../src/solver/checks.ts'
import { type Problem, type Score, solve } from '../../../../src/solver/index.ts'
import { createRandom } from '../../../../src/solver/random.ts'
import { compareScores, compareTotals, scoreFrom } from '../../../../src/solver/score.ts'
import { Board } from '../../../../src/solver/search/board.ts'
import { Bundles } from '../../../../src/solver/search/bundles.ts'
import { construct } from '../../../../src/solver/search/construct.ts'
import { Improver } from '../../../../src/solver/search/improve.ts'
import { Repacker } from '../../../../src/solver/search/repack.ts'
import { RosterState } from '../../../../src/solver/state.ts'
import { anyProblem } from '../arbitrary.ts'

/** At most four people and four single seats, nothing pinned: every roster can be tried. */
const tiny = (problem: Problem): Problem => {
  const slots = problem.slots.slice(0, 4).map((slot) => ({ ...slot, seats: 1 }))
  const people = problem.people.slice(0, 4)
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

/** The best score of all rosters that put nobody where person and slot do not fit. */
function bruteForce(problem: Problem): Score {
  const state = new RosterState(compilePlan(problem))
  const best = Float64Array.from(state.totals)
  const fill = (slot: number): void => {
    if (slot === problem.slots.length) {
      if (compareTotals(state.totals, best) < 0) best.set(state.totals)
      return
    }
    fill(slot + 1)
    problem.people.forEach((_person, person) => {
      if (!state.fits.allows(person, slot)) return
      const mark = state.mark()
      state.assign(person, slot)
      fill(slot + 1)
      state.undo(mark)
    })
  }
  fill(0)
  return scoreFrom(best)
}

const PATIENCE = 120_000
const problems = (count: number, seed: number) => fc.sample(anyProblem, { numRuns: count, seed }).map(tiny)

test(
  'a thousand tiny problems are solved to the optimum of brute force',
  async () => {
    for (const problem of problems(1000, 11)) {
      const solution = await solve(problem, { seed: 1, budget: { iterations: 10 }, explain: false })
      expect(solution.stopped).toBe('optimal')
      expect(Math.abs(compareScores(solution.score, bruteForce(problem)))).toBeLessThan(1e-4)
    }
  },
  PATIENCE,
)

test(
  'local search alone reaches the optimum nearly always and never claims better',
  () => {
    let missed = 0
    for (const problem of problems(200, 12)) {
      const board = new Board(compilePlan(problem), createRandom(1))
      construct(board, () => false)
      const improver = new Improver(board, new Bundles(board), new Repacker(board))
      for (let i = 0; improver.hasMoves && i < 3000; i++) improver.step(i / 3000)
      const difference = compareScores(scoreFrom(improver.finish().totals), bruteForce(problem))
      expect(difference).toBeGreaterThan(-1e-4)
      if (difference > 1e-4) missed++
    }
    expect(missed).toBeLessThanOrEqual(6)
  },
  PATIENCE,
)

test('more people never make the optimum of cover and wishes worse', () => {
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
    const all = { ...problem, rules }
    const fewer = { ...all, people: all.people.slice(0, 3), published: [], exclusions: [] }
    const more = { ...all, published: [], exclusions: [] }
    expect(compareScores(bruteForce(more), bruteForce(fewer))).toBeLessThan(1e-4)
  }
})

test('names and order of people, shifts, slots and rules do not change the optimum', () => {
  for (const problem of problems(200, 14)) {
    const renamed = JSON.parse(JSON.stringify(problem).replaceAll(/"p(\d)"/g, '"zz$1"')) as Problem
    const turned: Problem = {
      ...renamed,
      people: [...renamed.people].reverse(),
      shifts: [...renamed.shifts].reverse(),
      slots: [...renamed.slots].reverse(),
      rules: [...renamed.rules].reverse(),
    }
    expect(Math.abs(compareScores(bruteForce(turned), bruteForce(problem)))).toBeLessThan(1e-4)
  }
})
