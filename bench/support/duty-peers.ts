/** The engine and others on one duty problem, each with the same time and judged by the same code. */
import { type Assignment, type Problem, solveInThread } from '../../src/solver/index.ts'
import { CoverBound } from './cover-bound.ts'
import { judgeDuty } from './duty-judge.ts'
import { type DutyModel, dutyModel } from './duty-model.ts'
import { dutyRoundRobin } from './duty-round-robin.ts'
import { Fitting } from './fitting.ts'
import { type Answer, solveByCpSat, solveByCpSatWasm, solveByHighs } from './solvers.ts'
import { attempted, timed } from './timed.ts'

/** Undefined assignments: nothing was found in the time. */
interface Found {
  assignments: Assignment[] | undefined
}

export async function besideOthers(
  problem: Problem,
  { seconds, threads, seed }: { seconds: number; threads: number; seed: number },
) {
  const programme = dutyModel(problem)
  const by = async (answer: Promise<Answer | undefined>) => read(programme, await answer)
  const judged = ({ assignments }: Found) => figuresOf(problem, assignments)
  const milliseconds = seconds * 1000
  const engine = async (): Promise<Found> => {
    const solution = await solveInThread(problem, { seed, budget: { milliseconds }, threads, explain: false })
    return { assignments: solution.assignments }
  }
  return {
    problem: {
      people: problem.people.length,
      slots: problem.slots.length,
      fillable: new CoverBound(new Fitting(problem)).fillable(),
      binaries: programme.model.isInteger.filter((isInteger) => isInteger).length,
      rows: programme.model.rows.length,
    },
    engine: await timed(engine, judged),
    roundRobin: await timed(() => ({ assignments: dutyRoundRobin(problem) }), judged),
    highs: await attempted(() => by(solveByHighs(programme.model, seconds)), judged),
    cpSat: await attempted(() => by(solveByCpSat(programme.model, seconds, threads)), judged),
    cpSatWasm: await attempted(() => by(solveByCpSatWasm(programme.model, seconds)), judged),
    cpSat8: await attempted(() => by(solveByCpSat(programme.model, seconds, 8)), judged),
  }
}

const read = ({ assignmentsOf }: DutyModel, answer: Answer | undefined): Found | undefined =>
  answer && { assignments: answer.values && assignmentsOf(answer.values) }

const rounded = (number: number): number => Math.round(number * 1000) / 1000

function figuresOf(problem: Problem, assignments: Assignment[] | undefined) {
  if (!assignments) return { openMandatory: null, hard: null }
  const { filled, seats, breaches, spreadHours, justice, wishes } = judgeDuty(problem, assignments)
  const open = (need: 'mandatory' | 'desired') => (seats[need] ?? 0) - (filled[need] ?? 0)
  return {
    openMandatory: open('mandatory'),
    openDesired: open('desired'),
    hard: Object.values(breaches).reduce((sum, count) => sum + count, 0),
    breaches,
    spreadHours: Math.max(0, ...Object.values(spreadHours)),
    justice: rounded(justice),
    wishes,
  }
}
