import { type Duty, type Model, personTable } from '../model.ts'
import type { InstanceOf } from '../rules/rule.ts'
import type { RuleInstance } from '../types.ts'
import type { Contract, Grid } from './grid.ts'
import { typeTable } from './type-table.ts'
import { Unsaid } from './unsaid.ts'

export const freshContracts = (people: number, days: number): Contract[] =>
  Array.from({ length: people }, () => ({
    minUnits: 0,
    maxUnits: Number.POSITIVE_INFINITY,
    minRun: 1,
    maxRun: days,
    minOff: 1,
    maxWeekends: Number.POSITIVE_INFINITY,
    counters: [],
  }))

/** Writes one hard rule about single people into their contracts; `Unsaid` when contracts have no word for it. */
export function applyContractRule(grid: Grid, model: Model, typeDuties: Duty[], rule: RuleInstance): void {
  const members = personTable(model, rule.scope?.people)
  const contracts = grid.contracts.filter((_contract, person) => members[person] === 1)
  if (rule.rule === 'load-limit') applyLimit(grid, typeDuties, rule, contracts)
  else if (rule.rule === 'consecutive-days') applyRuns(rule, contracts)
  else if (rule.rule === 'consecutive-days-off') applyDaysOff(rule, contracts)
  else throw new Unsaid(`the rule ${rule.id}`)
}

function applyRuns(rule: InstanceOf<'consecutive-days'>, contracts: Contract[]): void {
  const { min = 1, max = Number.POSITIVE_INFINITY } = rule.params
  refuseJudgedEdges(rule)
  for (const contract of contracts) {
    contract.minRun = Math.max(contract.minRun, min)
    contract.maxRun = Math.min(contract.maxRun, max)
  }
}

function applyDaysOff(rule: InstanceOf<'consecutive-days-off'>, contracts: Contract[]): void {
  const { min = 1, max } = rule.params
  if (max !== undefined) throw new Unsaid('a limit on days off in a row')
  refuseJudgedEdges(rule)
  for (const contract of contracts) contract.minOff = Math.max(contract.minOff, min)
}

function refuseJudgedEdges(rule: InstanceOf<'consecutive-days'> | InstanceOf<'consecutive-days-off'>): void {
  if (rule.scope?.duties) throw new Unsaid(`the rule ${rule.id} for some duties only`)
  if ((rule.params.forgiveEdges ?? true) !== true && (rule.params.min ?? 1) > 1)
    throw new Unsaid('runs judged at the edges')
}

function applyLimit(grid: Grid, typeDuties: Duty[], rule: InstanceOf<'load-limit'>, contracts: Contract[]): void {
  const { measure, window, min, max = Number.POSITIVE_INFINITY } = rule.params
  if (isOneADay(rule)) return
  if (window.per !== 'period') throw new Unsaid('limits inside the period')
  if (measure === 'minutes' && !rule.scope?.duties) {
    for (const contract of contracts) {
      contract.minUnits = Math.max(contract.minUnits, Math.ceil((min ?? 0) / grid.unitMinutes))
      contract.maxUnits = Math.min(contract.maxUnits, Math.floor(max / grid.unitMinutes))
    }
  } else if (min !== undefined) {
    throw new Unsaid('lower limits on anything but minutes')
  } else if (measure === 'weekends' && !rule.scope?.duties) {
    for (const contract of contracts) contract.maxWeekends = Math.min(contract.maxWeekends, max)
  } else if (measure === 'shifts' || measure === 'days') {
    const types = typeTable(typeDuties, rule.scope?.duties)
    if (max < grid.days) for (const contract of contracts) contract.counters.push({ types, max })
  } else {
    throw new Unsaid(`limits on ${measure}`)
  }
}

/** The rule that makes the days of a schedule single. */
export const isOneADay = (rule: RuleInstance): boolean =>
  rule.rule === 'load-limit' &&
  rule.strength === 'hard' &&
  rule.params.measure === 'shifts' &&
  rule.params.window.per === 'day' &&
  rule.params.max === 1 &&
  rule.params.min === undefined &&
  rule.scope === undefined
