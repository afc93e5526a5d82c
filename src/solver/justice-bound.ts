import type { CompiledBalance, Plan } from './checks.ts'
import { measureOne } from './rules/measure.ts'
import { UNMET_DESIRED, UNMET_MANDATORY } from './score.ts'
import type { RosterState } from './state.ts'
import type { RuleInstance } from './types.ts'

type FairShare = Extract<RuleInstance, { rule: 'fair-share' }>

/**
 * What justice must cost at least in any full roster: each justice rule by itself, its sets of people by themselves,
 * all other rules forgotten. In a set to which certain seats belong for sure, the load to be shared out is known, and
 * it comes in pieces no smaller than the greatest common divisor of the duties; handing out the pieces one by one to
 * whom each costs least is optimal, since the cost is convex. Undefined while mandatory or desired seats are open.
 */
export function justiceBound(plan: Plan, state: RosterState): number | undefined {
  if (state.totals[UNMET_MANDATORY]! > 0 || state.totals[UNMET_DESIRED]! > 0) return undefined
  return plan.balances.reduce((sum, check) => sum + check.weight * boundOf(plan, state, check), 0)
}

function boundOf(plan: Plan, state: RosterState, check: CompiledBalance): number {
  const { balance } = check
  const { measure } = (check.rule as FairShare).params
  if (measure === 'days' || measure === 'weekends') return 0
  const known = new Map<number, Set<number>>()
  const setsOf = (slot: number): Set<number> => {
    const fitClass = state.fits.classOf(slot)
    if (!known.has(fitClass)) {
      known.set(fitClass, new Set([...state.fits.peopleFor(slot)].map((person) => balance.setOf[person]!)))
    }
    return known.get(fitClass)!
  }
  const sets = Array.from({ length: balance.setCount }, () => ({ pieces: [] as number[], isKnown: true }))
  plan.model.slots.forEach((slot, i) => {
    const counts = balance.load([plan.model.duties[i]!]) > 0
    const piece = counts ? measureOne(measure, plan.model.duties[i]!) : 0
    if (piece === 0) return
    const involved = setsOf(i)
    const [only] = involved
    const isCaptive = involved.size === 1 && only! >= 0 && slot.need !== 'optional'
    for (const set of involved) {
      if (set < 0) continue
      if (isCaptive) for (let seat = 0; seat < plan.model.seats[i]!; seat++) sets[set]!.pieces.push(piece)
      else sets[set]!.isKnown = false
    }
  })
  return sets.reduce((sum, { pieces, isKnown }, set) => (isKnown ? sum + shareOut(plan, check, set, pieces) : sum), 0)
}

function shareOut(plan: Plan, { balance }: CompiledBalance, set: number, pieces: number[]): number {
  const people: number[] = []
  const loads: number[] = []
  balance.setOf.forEach((own, person) => {
    if (own !== set) return
    people.push(person)
    loads.push(balance.carried[person]! + balance.load(plan.model.history[person]!))
  })
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
  const total = sum(loads) + sum(pieces)
  const piece = pieces.reduce(greatestCommonDivisor, 0)
  const fair = people.map((person) => balance.share[person]! * total)
  if (piece > 0) handOut(loads, fair, piece, Math.round(sum(pieces) / piece))
  return sum(loads.map((load, i) => ((load - fair[i]!) / balance.unit) ** 2))
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b))

/** Each piece goes to whom it costs least: the one farthest below the fair share. */
function handOut(loads: number[], fair: number[], piece: number, count: number): void {
  const order = loads.map((_load, i) => i)
  const gap = (i: number) => loads[i]! - fair[i]!
  order.sort((a, b) => gap(a) - gap(b))
  let left = count
  while (left > 0) {
    const ceiling = gap(order[0]!) + piece
    let end = 0
    while (end < order.length && gap(order[end]!) < ceiling && left > 0) {
      loads[order[end]!]! += piece
      left--
      end++
    }
    order.sort((a, b) => gap(a) - gap(b))
  }
}
