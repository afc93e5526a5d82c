import { createModel, type Duty, dutyTable, type Model, personLabel, personTable } from './model.ts'
import { RULES } from './rules/index.ts'
import type { AnyRule, BalanceCheck, Finding, PairCheck, PersonCheck, SlotsCheck } from './rules/rule.ts'
import { HARD, levelIndex } from './score.ts'
import type { Failure, Level, Problem, RuleInstance } from './types.ts'

/** One rule instance made ready: what all kinds of checks share. */
export interface Check {
  rule: RuleInstance
  definition: AnyRule
  isHard: boolean
  /** Index of the level its cost goes to. */
  level: number
  weight: number
  /** Duties the rule sees, undefined for all. */
  duties: Uint8Array | undefined
  /** People the rule is about, undefined for all. */
  people: Uint8Array | undefined
}

export type CompiledPair = Check & { pair: PairCheck; byRequirement: boolean }
export type CompiledPerson = Check & { person: PersonCheck }
export type CompiledSlots = Check & { slots: SlotsCheck }
export type CompiledBalance = Check & { balance: BalanceCheck }

/** A problem with its rules compiled into checks. */
export interface Plan {
  model: Model
  pairs: CompiledPair[]
  persons: CompiledPerson[]
  slots: CompiledSlots[]
  balances: CompiledBalance[]
}

const levelOf = (rule: RuleInstance, level: Exclude<Level, 'hard'>): number =>
  rule.strength === 'hard' ? HARD : levelIndex(rule.level ?? level)

function reachOf(rule: RuleInstance): number {
  const definition: AnyRule = RULES[rule.rule]
  return definition.on === 'person' ? definition.reach(rule.params) : 0
}

export function compilePlan(problem: Problem): Plan {
  const model = createModel(problem, Math.max(8, ...problem.rules.map(reachOf)))
  const plan: Plan = { model, pairs: [], persons: [], slots: [], balances: [] }
  for (const rule of problem.rules) addRule(plan, rule)
  return plan
}

/** Level of one of several checks a rule is compiled to. */
const ownLevel = (check: Check, level: Exclude<Level, 'hard'> | undefined): number =>
  check.isHard || level === undefined ? check.level : levelIndex(level)

function addRule(plan: Plan, rule: RuleInstance): void {
  const { model } = plan
  const definition: AnyRule = RULES[rule.rule]
  const check: Check = {
    rule,
    definition,
    isHard: rule.strength === 'hard',
    level: levelOf(rule, definition.level),
    weight: rule.strength === 'hard' ? 1 : rule.strength.weight,
    duties: rule.scope?.duties && definition.on !== 'slots' ? dutyTable(model, rule.scope.duties) : undefined,
    people: rule.scope?.people && definition.on !== 'slots' ? personTable(model, rule.scope.people) : undefined,
  }
  switch (definition.on) {
    case 'pair': {
      const byRequirement = definition.looksAt === 'requirement' && check.duties === undefined
      plan.pairs.push({ ...check, byRequirement, pair: definition.compile(model, rule) })
      break
    }
    case 'person':
      for (const person of [definition.compile(model, rule)].flat()) {
        plan.persons.push({ ...check, level: ownLevel(check, person.level), person })
      }
      break
    case 'slots':
      for (const slots of definition.compile(model, rule)) {
        plan.slots.push({ ...check, level: ownLevel(check, slots.level), slots })
      }
      break
    default:
      plan.balances.push({ ...check, balance: definition.compile(model, rule) })
  }
}

export const concernsPair = (check: CompiledPair, person: number, slot: number): boolean =>
  (!check.people || check.people[person] === 1) &&
  (!check.duties || check.duties[slot] === 1) &&
  (!check.pair.concerns || check.pair.concerns(person))

export const concernsPerson = (check: CompiledPerson, person: number): boolean =>
  (!check.people || check.people[person] === 1) && (!check.person.concerns || check.person.concerns(person))

/** The part of a timeline a check sees. */
export const seenBy = (check: Check, duties: Duty[]): Duty[] => {
  const table = check.duties
  return table ? duties.filter((duty) => table[duty.id] === 1) : duties
}

/** What was seen, in words. */
export function failureFrom(
  plan: Plan,
  check: Check,
  seen: { observed: number | string; limit: number | string; people: number[]; duties: Duty[] },
): Failure {
  const { model } = plan
  const { definition, rule } = check
  const names = seen.people.map((person) => personLabel(model.people[person]!))
  const finding: Finding = { ...seen, who: names[0] ?? '', people: names }
  const unit = typeof definition.unit === 'function' ? definition.unit(rule.params) : definition.unit
  return {
    ruleId: rule.id,
    rule: rule.rule,
    strength: check.isHard ? 'hard' : 'soft',
    overridable: rule.overridable ?? definition.overridable,
    observed: seen.observed,
    limit: seen.limit,
    ...(unit ? { unit } : {}),
    slotIds: seen.duties.map((duty) =>
      duty.slot >= 0 ? model.slots[duty.slot]!.id : `history:${duty.id - model.slots.length}`,
    ),
    text: definition.reason(finding, rule),
  }
}
