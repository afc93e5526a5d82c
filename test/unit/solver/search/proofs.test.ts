import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePlan } from '../../../../src/solver/checks.ts'
import { defaultRules, evaluate, explain, type Problem, solve } from '../../../../src/solver/index.ts'
import { justiceBound } from '../../../../src/solver/justice-bound.ts'
import { HARD, JUSTICE, UNMET_DESIRED, UNMET_MANDATORY } from '../../../../src/solver/score.ts'
import { RosterState } from '../../../../src/solver/state.ts'
import { anyProblem } from '../arbitrary.ts'
import { MONDAY, problem, roster, rule, shift, slot } from '../build.ts'

/** Four people and four seats at most under the default rules and two kinds of justice. */
const small = (made: Problem): Problem => {
  const slots = made.slots.slice(0, 4).map((entry) => ({ ...entry, seats: 1 }))
  const fair = (measure: 'minutes' | 'nights', within: 'all' | 'group') =>
    rule('fair-share', { measure, within }, { id: `fair-${measure}-${within}` })
  return {
    ...made,
    people: made.people.slice(0, 4),
    slots,
    rules: [...defaultRules(), fair('minutes', 'all'), fair('nights', 'group')],
    links: [],
    pins: [],
    published: [],
    exclusions: [],
  }
}

/** Calls back for every roster that breaks no hard rule. */
function everyRoster(made: Problem, visit: (state: RosterState) => void): void {
  const state = new RosterState(compilePlan(made))
  const fill = (seat: number): void => {
    if (seat === made.slots.length) {
      if (state.totals[HARD] === 0) visit(state)
      return
    }
    fill(seat + 1)
    made.people.forEach((_person, person) => {
      const mark = state.mark()
      state.assign(person, seat)
      fill(seat + 1)
      state.undo(mark)
    })
  }
  fill(0)
}

const isFull = (state: RosterState) => state.totals[UNMET_MANDATORY] === 0 && state.totals[UNMET_DESIRED] === 0

test('no full roster is fairer than the bound', () => {
  let tight = 0
  for (const made of fc.sample(anyProblem, { numRuns: 250, seed: 21 }).map(small)) {
    let [least, bound] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    everyRoster(made, (state) => {
      if (!isFull(state)) return
      bound = justiceBound(state.plan, state)!
      least = Math.min(least, state.totals[JUSTICE]!)
    })
    expect(bound).toBeLessThanOrEqual(least + 1e-6)
    if (least < Number.POSITIVE_INFINITY && least - bound < 1e-6) tight++
  }
  expect(tight).toBeGreaterThan(10)
})

test('what a conflict calls impossible is impossible', () => {
  let proven = 0
  for (const made of fc.sample(anyProblem, { numRuns: 150, seed: 22 }).map(small)) {
    const { conflicts } = explain(made, [])
    for (const { slotIds, short } of conflicts) {
      const slots = slotIds.map((id) => made.slots.findIndex((entry) => entry.id === id))
      let least = Number.POSITIVE_INFINITY
      everyRoster(made, (state) => {
        least = Math.min(
          least,
          slots.reduce((open, entry) => open + state.open(entry), 0),
        )
      })
      expect(least).toBeGreaterThanOrEqual(short)
      proven++
    }
  }
  expect(proven).toBeGreaterThan(30)
})

test('soft cover with requests is solved by personal schedules, with a bound that proves the roster', async () => {
  const shifts = [0, 1, 2, 3, 4, 5, 6].flatMap((day) => [
    shift(`D${day}`, { day }, { templateId: 'D' }),
    shift(`N${day}`, { day, from: 20 }, { templateId: 'N' }),
  ])
  const slots = shifts.map((entry) =>
    slot(entry.id, { need: 'optional', seats: 3, cover: { required: 1, under: 100, over: 1 } }),
  )
  const hard = { strength: 'hard' as const }
  const rules = [
    rule('load-limit', { measure: 'shifts', window: { per: 'day' }, max: 1 }, hard),
    rule('succession', { first: { templateIds: ['N'] }, next: { templateIds: ['D'] }, mode: 'forbidden' }, hard),
    rule('consecutive-days', { max: 3, min: 2 }, hard),
    rule('cover', {}),
    rule('request', { personId: 'amy', kind: 'off', day: MONDAY + 2, amount: 3 }),
  ]
  const made = problem({ shifts, slots, rules }, 7)
  const solution = await solve(made, { seed: 1, budget: { iterations: 2000 } })
  expect(solution.stopped).toBe('optimal')
  expect(solution.bound!.level).toBe('wishes')
  expect(solution.bound!.value).toBeCloseTo(solution.score.wishes, 6)
  expect(evaluate(made, solution.assignments).score).toEqual(solution.score)
  expect(solution.score.wishes).toBeLessThan(evaluate(made, roster('')).score.wishes)
})
