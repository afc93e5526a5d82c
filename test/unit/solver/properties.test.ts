import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePlan } from '../../../src/solver/checks.ts'
import { layOut, totalsOf } from '../../../src/solver/evaluate.ts'
import { evaluate, type Problem, solve } from '../../../src/solver/index.ts'
import { RULES } from '../../../src/solver/rules/index.ts'
import { compareScores } from '../../../src/solver/score.ts'
import { RosterState } from '../../../src/solver/state.ts'
import { anyProblem } from './arbitrary.ts'

const namesOf = (problem: Problem) => problem.rules.map((rule) => rule.rule)

test('the random problems use every rule there is', () => {
  const seen = new Set(fc.sample(anyProblem, { numRuns: 400, seed: 1 }).flatMap(namesOf))
  expect([...seen].sort()).toEqual(Object.keys(RULES).sort())
})

test('incremental and full score agree after every move and every undo', () => {
  const move = fc.tuple(fc.nat(), fc.nat(), fc.nat(9))
  fc.assert(
    fc.property(anyProblem, fc.array(move, { maxLength: 40 }), (problem, moves) => {
      const plan = compilePlan(problem)
      const state = new RosterState(plan)
      const compare = () => {
        const full = totalsOf(plan, layOut(plan, state.assignments()))
        full.forEach((cost, level) => {
          expect(state.totals[level]!).toBeCloseTo(cost, 6)
        })
      }
      for (const [a, b, kind] of moves) {
        const person = a % problem.people.length
        const slot = b % problem.slots.length
        const mark = state.mark()
        const before = Float64Array.from(state.totals)
        if (state.holds(person, slot)) state.unassign(person, slot)
        else state.assign(person, slot)
        compare()
        if (kind >= 7) {
          state.undo(mark)
          expect([...state.totals]).toEqual([...before])
          compare()
        } else if (kind >= 3) {
          state.keep()
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('the engine never breaks a hard rule, and its score is the full evaluation', async () => {
  await fc.assert(
    fc.asyncProperty(anyProblem, fc.nat(), async (problem, seed) => {
      const solution = await solve(problem, { seed, budget: { iterations: 200 } })
      const standing = solution.trace[0]!.score.hard
      expect(solution.score.hard).toBeLessThanOrEqual(standing)
      expect(evaluate(problem, solution.assignments).score).toEqual(solution.score)
    }),
    { numRuns: 100 },
  )
})

test('same seed and iterations, same roster', async () => {
  await fc.assert(
    fc.asyncProperty(anyProblem, fc.nat(), async (problem, seed) => {
      const run = () => solve(structuredClone(problem), { seed, budget: { iterations: 300 } })
      expect((await run()).assignments).toEqual((await run()).assignments)
    }),
    { numRuns: 30 },
  )
})

test('the order of the input does not change the score of a roster', () => {
  fc.assert(
    fc.property(anyProblem, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 8 }), (problem, pairs) => {
      const assignments = pairs.map(([a, b]) => ({
        personId: problem.people[a % problem.people.length]!.id,
        slotId: problem.slots[b % problem.slots.length]!.id,
      }))
      const unique = [...new Map(assignments.map((a) => [`${a.personId} ${a.slotId}`, a])).values()]
      const turned: Problem = {
        ...problem,
        people: [...problem.people].reverse(),
        shifts: [...problem.shifts].reverse(),
        slots: [...problem.slots].reverse(),
        rules: [...problem.rules].reverse(),
      }
      const [a, b] = [evaluate(problem, unique).score, evaluate(turned, [...unique].reverse()).score]
      expect(Math.abs(compareScores(a, b))).toBeLessThan(1e-6)
    }),
    { numRuns: 100 },
  )
})
