import { weekdayOf, weekOf } from '../calendar.ts'
import { compilePlan } from '../checks.ts'
import { Fits } from '../fits.ts'
import type { Duty, Model } from '../model.ts'
import { RULES } from '../rules/index.ts'
import { LEVEL_COUNT, levelIndex } from '../score.ts'
import type { Level, Problem, RuleInstance } from '../types.ts'
import { applyContractRule, freshContracts } from './contracts.ts'
import { MOST_TYPES } from './exchange.ts'
import { cellOf, type Grid } from './grid.ts'
import { addRequest } from './requests.ts'
import { applySuccession, hasOneDutyADay } from './succession.ts'
import { Unsaid } from './unsaid.ts'

/** A problem said in the terms of personal schedules. */
export interface Compiled {
  problem: Problem
  grid: Grid
  /** The problem with the rules about single pairs only. */
  model: Model
  /** The level all costs go to. */
  level: Exclude<Level, 'hard'>
}

/** Rules that bind nobody here because what they speak about is absent from the problem. */
function isSilent(problem: Problem, rule: RuleInstance): boolean {
  switch (rule.rule) {
    case 'pinned':
      return !problem.pins?.length && !problem.published?.some((entry) => entry.frozen)
    case 'least-change':
      return !problem.published?.length
    case 'linked-slots':
      return !problem.links?.length
    case 'crew-whole':
      return !problem.crews?.length
    default:
      return false
  }
}

const isHard = (rule: RuleInstance): boolean => rule.strength === 'hard'

/** Throws `Unsaid` when the problem cannot be said in personal schedules. */
export function compileSchedules(problem: Problem): Compiled {
  if (problem.history?.length) throw new Unsaid('duty before the period')
  if (problem.pins?.length || problem.published?.length) throw new Unsaid('pins or a published roster')
  const rules = problem.rules.filter((rule) => !isSilent(problem, rule))
  const pairRules = rules.filter((rule) => RULES[rule.rule].on === 'pair')
  const plan = compilePlan({ ...problem, rules: pairRules })
  const { model } = plan
  const { grid, typeDuties } = emptyGrid(model)
  const level = costLevel(rules)
  fillCells(grid, new Fits(plan), levelIndex(level))
  for (const rule of rules) {
    if (RULES[rule.rule].on === 'pair') continue
    if (rule.rule === 'request') addRequest(grid, model, typeDuties, rule)
    else if (rule.rule === 'cover') addCover(grid, model, rule)
    else if (!isHard(rule)) throw new Unsaid(`the soft rule ${rule.id}`)
    else if (!applySuccession(grid, typeDuties, rule)) applyContractRule(grid, model, typeDuties, rule)
  }
  if (!hasOneDutyADay(grid, rules)) throw new Unsaid('more than one duty a day')
  grid.isWhole = [grid.cost, grid.under, grid.over].every((costs) => costs.every(Number.isInteger))
  return { problem, grid, model, level }
}

function costLevel(rules: RuleInstance[]): Exclude<Level, 'hard'> {
  const levels = new Set(rules.filter((rule) => !isHard(rule)).map((rule) => rule.level ?? RULES[rule.rule].level))
  if (levels.size > 1) throw new Unsaid('costs at more than one level')
  return [...levels][0] ?? 'wishes'
}

/** Duties alike in all that rules can see, on different days, are one type. */
const typeKey = (model: Model, duty: Duty): string => {
  const { facts } = duty
  return JSON.stringify([
    facts.templateId,
    facts.postId,
    facts.tags,
    facts.nightMinutes,
    duty.start - duty.day * 1440,
    duty.end - duty.start,
    duty.minutes,
    model.slots[duty.slot]!.role,
    model.slots[duty.slot]!.seat,
  ])
}

function emptyGrid(model: Model): { grid: Grid; typeDuties: Duty[] } {
  const { fromDay, toDay } = model.problem.period
  const days = toDay - fromDay
  const typeOf = new Map<string, number>()
  const typeDuties: Duty[] = []
  const places: { slot: number; day: number; type: number }[] = []
  for (let slot = 0; slot < model.slots.length; slot++) {
    const duty = model.duties[slot]!
    if (duty.day < fromDay || duty.day >= toDay) throw new Unsaid('duty outside the period')
    if (model.slots[slot]!.need !== 'optional') throw new Unsaid('seats that must be filled')
    if (model.seats[slot]! < model.people.length) throw new Unsaid('fewer seats than people')
    const key = typeKey(model, duty)
    if (!typeOf.has(key)) typeDuties.push(duty)
    const type = typeOf.get(key) ?? typeOf.size
    typeOf.set(key, type)
    places.push({ slot, day: duty.day - fromDay, type })
  }
  const types = typeDuties.length
  if (types === 0 || types > MOST_TYPES) throw new Unsaid(`no type of duty, or more than ${MOST_TYPES}`)
  const cells = days * types
  const unitMinutes = typeDuties.reduce((unit, duty) => greatestCommonDivisor(unit, duty.minutes), 0)
  const grid: Grid = {
    people: model.people.length,
    days,
    types,
    unitMinutes,
    units: Int32Array.from(typeDuties, (duty) => duty.minutes / unitMinutes),
    forbidden: new Uint8Array(types * types),
    allowed: new Uint8Array(model.people.length * cells),
    cost: new Float64Array(model.people.length * cells),
    baseCost: 0,
    contracts: freshContracts(model.people.length, days),
    required: new Int32Array(cells),
    under: new Float64Array(cells),
    over: new Float64Array(cells),
    slotOf: new Int32Array(cells).fill(-1),
    weekendOf: Int32Array.from({ length: days }, (_, day) =>
      weekdayOf(fromDay + day) >= 6 ? weekOf(fromDay + day) - weekOf(fromDay) : -1,
    ),
    isWhole: true,
  }
  for (const { slot, day, type } of places) {
    const cell = day * types + type
    if (grid.slotOf[cell] !== -1) throw new Unsaid('two slots alike on one day')
    grid.slotOf[cell] = slot
  }
  return { grid, typeDuties }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

function fillCells(grid: Grid, fits: Fits, level: number): void {
  const totals = new Float64Array(LEVEL_COUNT)
  for (let person = 0; person < grid.people; person++) {
    for (let day = 0; day < grid.days; day++) {
      for (let type = 0; type < grid.types; type++) {
        const slot = grid.slotOf[day * grid.types + type]!
        if (slot < 0 || !fits.allows(person, slot)) continue
        const cell = cellOf(grid, person, day, type)
        grid.allowed[cell] = 1
        totals[level] = 0
        fits.addCosts(person, slot, totals, undefined)
        grid.cost[cell] = totals[level]!
      }
    }
  }
}

function addCover(grid: Grid, model: Model, rule: RuleInstance): void {
  if (isHard(rule) || rule.scope) throw new Unsaid('cover that is hard or scoped')
  const { weight } = rule.strength as { weight: number }
  grid.slotOf.forEach((slot, cell) => {
    const cover = slot < 0 ? undefined : model.slots[slot]!.cover
    if (!cover) return
    if (cover.under < 0 || cover.over < 0) throw new Unsaid('cover that pays')
    grid.required[cell] = cover.required
    grid.under[cell] = cover.under * weight
    grid.over[cell] = cover.over * weight
  })
}
