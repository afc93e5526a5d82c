import { compilePlan } from '../checks.ts'
import { evaluateLayout, layOut } from '../evaluate.ts'
import { changesTo } from '../explain/changes.ts'
import { explainSolution } from '../explain/index.ts'
import { createRandom } from '../random.ts'
import { LEVEL_COUNT, levelIndex, scoreFrom } from '../score.ts'
import { Board } from '../search/board.ts'
import type { Assignment, Level, Score, Solution } from '../types.ts'
import type { Compiled } from './compile.ts'
import { OFF } from './grid.ts'
import type { Roster } from './roster.ts'

export function assignmentsOf({ grid, model }: Compiled, roster: Roster): Assignment[] {
  const assignments: Assignment[] = []
  for (let person = 0; person < grid.people; person++) {
    roster.lineOf(person).forEach((type, day) => {
      if (type === OFF) return
      const slot = grid.slotOf[day * grid.types + type]!
      assignments.push({ slotId: model.slots[slot]!.id, personId: model.people[person]!.id })
    })
  }
  return assignments
}

export function scoreAt(level: Level, cost: number): Score {
  const totals = new Float64Array(LEVEL_COUNT)
  totals[levelIndex(level)] = cost
  return scoreFrom(totals)
}

type Told = Pick<
  Solution,
  'assignments' | 'score' | 'breaches' | 'reasons' | 'why' | 'conflicts' | 'justice' | 'changes'
>

/** The roster with its reasons; without reasons and breaches, and the score of the search, when none are asked for. */
export function solutionOf(compiled: Compiled, assignments: Assignment[], cost: number, inFull: boolean): Told {
  const { problem } = compiled
  if (!inFull) {
    const score = scoreAt(compiled.level, cost)
    const changes = changesTo(problem, assignments)
    return { assignments, score, breaches: [], reasons: [], why: [], conflicts: [], justice: [], changes }
  }
  const plan = compilePlan(problem)
  const layout = layOut(plan, assignments)
  const { state } = new Board(plan, createRandom(0))
  for (const { personId, slotId } of assignments) {
    state.assign(plan.model.personIndex.get(personId)!, plan.model.slotIndex.get(slotId)!)
  }
  return {
    assignments,
    ...evaluateLayout(plan, layout),
    ...explainSolution(plan, assignments, layout, state, true),
  }
}
