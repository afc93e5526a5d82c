import {
  defaultRules,
  type RuleScope as EngineScope,
  type PersonFilter,
  type RuleInstance,
} from '../../solver/index.ts'
import { RULES } from '../../solver/rules/index.ts'
import type { RuleName } from '../../solver/rules/params.ts'
import { RULE_PARAMS, ruleKey } from './roster-rules.params.ts'
import type { RuleScope } from './rosters.types.ts'

/** A rule as a unit has said it; without a unit it is a default of the engine. */
export interface StatedRule {
  id: string
  unitId: string | null
  name: RuleName
  params: Record<string, unknown>
  /** null: hard. */
  weight: number | null
  scope: RuleScope
  enabled: boolean
}

const engineDefaults = (): StatedRule[] =>
  defaultRules().map(({ id, rule, params, strength }) => ({
    id,
    unitId: null,
    name: rule,
    params: params as Record<string, unknown>,
    weight: strength === 'hard' ? null : strength.weight,
    scope: {},
    enabled: true,
  }))

/**
 * Rules that hold at a unit: the engine's defaults, then those of each unit from the root down to it. One that speaks
 * about the same thing as an earlier one takes its place; one that is not enabled takes it away.
 */
export function effectiveRules(fromRootDown: StatedRule[][]): StatedRule[] {
  const byKey = new Map(engineDefaults().map((rule) => [ruleKey(rule), rule]))
  for (const layer of fromRootDown) {
    for (const rule of layer) byKey.set(ruleKey(rule), rule)
  }
  return [...byKey.values()].filter((rule) => rule.enabled)
}

/** True for rules that compare people with each other: what they ask cannot be demanded, only weighed. */
export const isOnlySoft = (name: RuleName): boolean => RULES[name].on === 'people'

/** What ids of the database are called inside a problem, so that reasons can be read. */
export interface Names {
  echelon(id: string): string
  unit(id: string): string
  qualification(id: string): string
  /** Names of the echelons of a set. */
  echelonsOf(setId: string): string[]
}

/** Puts names in place of ids wherever a filter mentions echelons, units or qualifications. */
export function withNames<T>(value: T, names: Names): T {
  if (Array.isArray(value)) return value.map((one) => withNames(one, names)) as T
  if (value === null || typeof value !== 'object') return value
  const put = (key: string, part: unknown): unknown => {
    const ids = part as string[]
    if (key === 'groupIds') return ids.map(names.echelon)
    if (key === 'units') return ids.map(names.unit)
    if (key === 'qualifications') return ids.map(names.qualification)
    return withNames(part, names)
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, put(key, part)])) as T
}

function engineScope(scope: RuleScope, names: Names): EngineScope | undefined {
  const { echelonSetIds, postIds, volunteerIds, personClasses } = scope
  const people: PersonFilter = {
    ...(echelonSetIds && { groupIds: echelonSetIds.flatMap(names.echelonsOf) }),
    ...(volunteerIds && { personIds: volunteerIds }),
    ...(personClasses && { personClasses }),
  }
  const hasPeople = Object.keys(people).length > 0
  if (!hasPeople && !postIds) return undefined
  return { ...(hasPeople && { people }), ...(postIds && { duties: { postIds } }) }
}

export function toInstance(rule: StatedRule, names: Names): RuleInstance {
  const scope = engineScope(rule.scope, names)
  return {
    id: rule.id,
    rule: rule.name,
    params: withNames(RULE_PARAMS[rule.name].parse(rule.params), names),
    strength: rule.weight === null ? 'hard' : { weight: rule.weight },
    ...(scope && { scope }),
  } as RuleInstance
}
