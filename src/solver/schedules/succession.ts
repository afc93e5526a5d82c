import type { Duty } from '../model.ts'
import type { InstanceOf } from '../rules/rule.ts'
import type { RuleInstance } from '../types.ts'
import { isOneADay } from './contracts.ts'
import type { Grid } from './grid.ts'
import { typeTable } from './type-table.ts'
import { Unsaid } from './unsaid.ts'

/** Writes a hard rule about neighbouring duties into `grid.forbidden`; false when the rule is of another kind. */
export function applySuccession(grid: Grid, typeDuties: Duty[], rule: RuleInstance): boolean {
  if (rule.rule !== 'succession' && rule.rule !== 'no-overlap' && rule.rule !== 'minimum-rest') return false
  if (rule.scope) throw new Unsaid(`the rule ${rule.id} for some only`)
  if (rule.rule === 'succession') forbidSuccession(grid, typeDuties, rule)
  else forbidClashes(grid, typeDuties, clashRule(typeDuties, rule))
  return true
}

function forbidSuccession(grid: Grid, typeDuties: Duty[], rule: InstanceOf<'succession'>): void {
  const { params } = rule
  if (params.mode !== 'forbidden' || (params.afterDays ?? 1) !== 1) throw new Unsaid('wanted or distant successions')
  const first = typeTable(typeDuties, params.first)
  const next = typeTable(typeDuties, params.next)
  for (let a = 0; a < grid.types; a++) {
    for (let b = 0; b < grid.types; b++) if (first[a] === 1 && next[b] === 1) grid.forbidden[a * grid.types + b] = 1
  }
}

/** Do two duties of these types with so many minutes between them break the rule? */
type Clash = (first: number, next: number, rest: number) => boolean

function clashRule(typeDuties: Duty[], rule: InstanceOf<'no-overlap'> | InstanceOf<'minimum-rest'>): Clash {
  if (rule.rule === 'no-overlap') {
    if (rule.params.travel?.length || rule.params.travelMinutes) throw new Unsaid('travel between posts')
    return (_first, _next, rest) => rest < 0
  }
  const after = typeTable(typeDuties, rule.params.after)
  const before = typeTable(typeDuties, rule.params.before)
  const steps = [...(rule.params.long ?? [])].sort((a, b) => b.fromMinutes - a.fromMinutes)
  const owed = typeDuties.map(
    (duty) => steps.find((step) => duty.minutes >= step.fromMinutes)?.minutes ?? rule.params.minutes,
  )
  return (first, next, rest) => after[first] === 1 && before[next] === 1 && rest >= 0 && rest < owed[first]!
}

function forbidClashes(grid: Grid, typeDuties: Duty[], clash: Clash): void {
  const startOf = (type: number) => typeDuties[type]!.start - typeDuties[type]!.day * 1440
  const endOf = (type: number) => startOf(type) + typeDuties[type]!.end - typeDuties[type]!.start
  for (let a = 0; a < grid.types; a++) {
    for (let b = 0; b < grid.types; b++) {
      const rest = startOf(b) + 1440 - endOf(a)
      if (clash(a, b, rest)) grid.forbidden[a * grid.types + b] = 1
      if (clash(a, b, rest + 1440)) throw new Unsaid('rest that reaches over a free day')
    }
  }
}

/** A rule says so, or there is only one duty to be had on a day. */
export const hasOneDutyADay = (grid: Grid, rules: RuleInstance[]): boolean => grid.types === 1 || rules.some(isOneADay)
