import type { CompiledBalance, Plan } from './checks.ts'
import { measureOne } from './rules/measure.ts'
import { UNMET_DESIRED, UNMET_MANDATORY } from './score.ts'
import type { RosterState } from './state.ts'
import type { RuleInstance } from './types.ts'

/** Whose load is asked where it is the same for everybody. */
const NOBODY = -1

type FairShare = Extract<RuleInstance, { rule: 'fair-share' }>

/**
 * What justice must cost at least in any full roster: each justice rule by itself, all other rules forgotten but fit.
 * Where it is sure which circle of people serves certain seats, the load to be shared out among them is known, and it
 * comes in pieces no smaller than the greatest common divisor of the duties; handing out the pieces one by one to whom
 * each costs least is optimal, since the cost is convex. Undefined while mandatory or desired seats are open.
 */
export function justiceBound(plan: Plan, state: RosterState): number | undefined {
  if (state.totals[UNMET_MANDATORY]! > 0 || state.totals[UNMET_DESIRED]! > 0) return undefined
  return plan.balances.reduce((sum, check) => sum + check.weight * boundOf(plan, state, check), 0)
}

function boundOf(plan: Plan, state: RosterState, check: CompiledBalance): number {
  const { measure } = (check.rule as FairShare).params
  if (measure === 'days' || measure === 'weekends') return 0
  // Whether a duty comes at short notice depends on who gets it.
  const { calledBefore = Number.NEGATIVE_INFINITY } = plan.model.problem
  if (measure === 'shortNotice' && plan.model.shifts.some((shift) => shift.startsAt < calledBefore)) return 0
  const circles = circlesOf(plan, state, check)
  const totals = new Map<number, number>()
  for (const circle of circles) {
    const sum = circle.loads.reduce((a, b) => a + b, 0) + circle.pieces.reduce((a, b) => a + b, 0)
    totals.set(circle.set, (totals.get(circle.set) ?? 0) + sum)
  }
  const unknown = new Set(circles.filter((circle) => !circle.isKnown).map((circle) => circle.set))
  return circles
    .filter((circle) => !unknown.has(circle.set))
    .reduce((sum, circle) => sum + shareOut(check, circle, totals.get(circle.set)!), 0)
}

/** People of one set who can hand duties to each other, and the duties that only they can do. */
interface Circle {
  set: number
  people: number[]
  /** Carried in and served before. */
  loads: number[]
  pieces: number[]
  /** False when some duty could also go to somebody outside the set, so that the load is not known. */
  isKnown: boolean
}

function circlesOf(plan: Plan, state: RosterState, { balance, rule }: CompiledBalance): Circle[] {
  const { model } = plan
  const union = new Union(model.people.length)
  const { measure } = (rule as FairShare).params
  const pieceOf = (slot: number) =>
    balance.load([model.duties[slot]!], NOBODY) > 0 ? measureOne(measure, model.duties[slot]!) : 0
  const counted = model.slots.map((_slot, i) => i).filter((slot) => pieceOf(slot) > 0)
  const isCaptive = new Map<number, boolean>()
  for (const slot of counted) {
    const fitClass = state.fits.classOf(slot)
    if (isCaptive.has(fitClass)) continue
    const people = state.fits.peopleFor(slot)
    const set = people.length > 0 ? balance.setOf[people[0]!]! : -1
    isCaptive.set(fitClass, set >= 0 && people.every((person) => balance.setOf[person] === set))
    for (const person of people) union.join(people[0]!, person)
  }
  const circles = new Map<string, Circle>()
  const circleOf = (person: number): Circle => {
    const set = balance.setOf[person]!
    const key = `${set} ${union.find(person)}`
    if (!circles.has(key)) circles.set(key, { set, people: [], loads: [], pieces: [], isKnown: true })
    return circles.get(key)!
  }
  for (let person = 0; person < model.people.length; person++) {
    if (balance.setOf[person]! < 0) continue
    const circle = circleOf(person)
    circle.people.push(person)
    circle.loads.push(balance.carried[person]! + balance.load(model.history[person]!, person))
  }
  for (const slot of counted) {
    const people = state.fits.peopleFor(slot)
    if (isCaptive.get(state.fits.classOf(slot)) && model.slots[slot]!.need !== 'optional') {
      for (let seat = 0; seat < model.seats[slot]!; seat++) circleOf(people[0]!).pieces.push(pieceOf(slot))
    } else {
      for (const person of people) if (balance.setOf[person]! >= 0) circleOf(person).isKnown = false
    }
  }
  return [...circles.values()]
}

/** Disjoint sets of numbers. */
class Union {
  readonly #parent: Int32Array

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, i) => i)
  }

  find(item: number): number {
    let root = item
    while (this.#parent[root] !== root) {
      this.#parent[root] = this.#parent[this.#parent[root]!]!
      root = this.#parent[root]!
    }
    return root
  }

  join(a: number, b: number): void {
    this.#parent[this.find(b)] = this.find(a)
  }
}

function shareOut({ balance }: CompiledBalance, { people, loads, pieces }: Circle, total: number): number {
  const fair = people.map((person) => balance.share[person]! * total)
  const piece = pieces.reduce(greatestCommonDivisor, 0)
  const sum = pieces.reduce((a, b) => a + b, 0)
  if (piece > 0) handOut(loads, fair, piece, Math.round(sum / piece))
  return loads.reduce((cost, load, i) => cost + ((load - fair[i]!) / balance.unit) ** 2, 0)
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
