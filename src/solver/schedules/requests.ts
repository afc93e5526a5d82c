import { type Duty, type Model, matchesDuty } from '../model.ts'
import type { InstanceOf } from '../rules/rule.ts'
import { cellOf, type Grid } from './grid.ts'
import { typeTable } from './type-table.ts'
import { Unsaid } from './unsaid.ts'

/** A request as a cost of single cells: to be spared costs where it matches, to serve pays back its base cost there. */
export function addRequest(grid: Grid, model: Model, typeDuties: Duty[], rule: InstanceOf<'request'>): void {
  const { personId, kind, duties, amount = 1 } = rule.params
  if (rule.strength === 'hard' || rule.scope) throw new Unsaid('requests that are hard or scoped')
  const person = model.personIndex.get(personId)
  if (person === undefined) return
  const cost = amount * rule.strength.weight
  const day = rule.params.day === undefined ? undefined : rule.params.day - model.problem.period.fromDay
  if (kind === 'on') {
    if (day === undefined) throw new Unsaid('requests for duty on no certain day')
    grid.baseCost += cost
  }
  const { days: onDays, weekdays, ...byType } = duties ?? {}
  const table = typeTable(typeDuties, byType)
  const [first, last] = day === undefined ? [0, grid.days - 1] : [day, day]
  for (let at = Math.max(0, first); at <= Math.min(last, grid.days - 1); at++) {
    for (let type = 0; type < grid.types; type++) {
      const slot = grid.slotOf[at * grid.types + type]!
      if (slot < 0 || table[type] === 0 || !matchesDuty(model.duties[slot]!, { days: onDays, weekdays })) continue
      grid.cost[cellOf(grid, person, at, type)]! += kind === 'on' ? -cost : cost
    }
  }
}
