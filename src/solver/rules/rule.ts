import type { Duty, Model } from '../model.ts'
import type { Failure, Level, RuleInstance, Text } from '../types.ts'
import type { RuleName } from './params.ts'

export type InstanceOf<N extends RuleName> = Extract<RuleInstance, { rule: N }>

export type Unit = NonNullable<Failure['unit']>

/** A unit that depends on the parameters. Written as a method type so that every rule fits `AnyRule`. */
type UnitFor<P> = { unit(params: P): Unit }['unit']

/** What a rule saw, with the facts its sentence needs. */
export interface Finding {
  observed: number | string
  limit: number | string
  /** The person the rule is about; the label of the first one for rules about several. */
  who: string
  people: string[]
  duties: Duty[]
}

interface Common<N extends RuleName> {
  name: N
  /** What the rule asks for, in one sentence. */
  asks: Text
  /** May an organizer override it when it is hard? */
  overridable: boolean
  /** Where its cost goes when it is soft. */
  level: Exclude<Level, 'hard'>
  unit?: Unit | UnitFor<InstanceOf<N>['params']>
  reason(finding: Finding, rule: InstanceOf<N>): Text
}

/** Amount of the failure (0 is none), what was seen, what is allowed. */
export type ReportPair = (amount: number, observed: number | string, limit: number | string) => void

export interface PairCheck {
  /** False for people about whom this rule can never say anything. */
  concerns?(person: number): boolean
  visit(person: number, slot: number, report: ReportPair): void
}

/**
 * A rule about one person in one slot, whatever else is assigned. `looksAt: 'requirement'` promises that, for people
 * whose papers and memberships do not change during the period, the answer depends on the slot's requirement alone.
 */
export interface PairRule<N extends RuleName> extends Common<N> {
  on: 'pair'
  looksAt: 'requirement' | 'slot'
  compile(model: Model, rule: InstanceOf<N>): PairCheck
}

/**
 * `first` and `last` are positions in the timeline visited; -1 when no duty of it is to blame. `missing`: a duty that is
 * not in it and should be.
 */
export type ReportPerson = (
  amount: number,
  observed: number,
  limit: number,
  first: number,
  last: number,
  missing?: Duty,
) => void

export interface PersonCheck {
  level?: Exclude<Level, 'hard'>
  concerns?(person: number): boolean
  /** `duties`: history and plan in order of time, already cut to `scope.duties`. */
  visit(person: number, duties: Duty[], report: ReportPerson): void
}

/** A rule about the timeline of one person. */
export interface PersonRule<N extends RuleName> extends Common<N> {
  on: 'person'
  /** How many days outside the period history matters. */
  reach(params: InstanceOf<N>['params']): number
  compile(model: Model, rule: InstanceOf<N>): PersonCheck | PersonCheck[]
}

export interface Holders {
  /** People in a slot, in no particular order. */
  of(slot: number): readonly number[]
}

export type ReportSlots = (amount: number, observed: number, limit: number, slots: number[], people: number[]) => void

export interface SlotsCheck {
  level?: Exclude<Level, 'hard'>
  /** Sets of slots looked at together. */
  groups: number[][]
  visit(group: number, holders: Holders, report: ReportSlots): void
}

/** A rule about who holds a set of slots: one shift, one link, one slot. */
export interface SlotsRule<N extends RuleName> extends Common<N> {
  on: 'slots'
  compile(model: Model, rule: InstanceOf<N>): SlotsCheck[]
}

/** Loads of people compared inside sets; the cost is the sum over people of ((load - fair share) / unit) squared. */
export interface BalanceCheck {
  /** Set of each person, -1 for none. */
  setOf: Int32Array
  setCount: number
  /** Part of its set's load in the period each person should carry; sums to 1 in every set. */
  share: Float64Array
  /** What each should have carried of all that the set carried in. */
  expected: Float64Array
  /** What each carried in beyond that; below zero: less. Sums to 0 in every set. */
  carried: Float64Array
  unit: number
  /** Load of a person by these duties, those outside the period and the scope left out. */
  load(duties: Duty[], person: number): number
}

export interface BalanceRule<N extends RuleName> extends Common<N> {
  on: 'people'
  compile(model: Model, rule: InstanceOf<N>): BalanceCheck
}

export type Rule<N extends RuleName = RuleName> = N extends RuleName
  ? PairRule<N> | PersonRule<N> | SlotsRule<N> | BalanceRule<N>
  : never

/** A rule whose name is not known at compile time. */
export type AnyRule = PairRule<RuleName> | PersonRule<RuleName> | SlotsRule<RuleName> | BalanceRule<RuleName>
