import { hoursText } from './calendar.ts'
import { type CompiledBalance, failureFrom, type Plan } from './checks.ts'
import type { Duty } from './model.ts'
import { personLabel } from './model.ts'
import { countsMinutes, measureOne } from './rules/measure.ts'
import type { BalanceCheck } from './rules/rule.ts'
import { MEASURE_WORDS } from './rules/words.ts'
import { LEVELS } from './score.ts'
import type { Breach, JusticeLine, Measure, RuleInstance, Text } from './types.ts'

type FairShare = Extract<RuleInstance, { rule: 'fair-share' }>

/** Load and fair share of everybody in one of the sets. */
function sharesOf(balance: BalanceCheck, timelines: readonly Duty[][]): { load: Float64Array; fair: Float64Array } {
  const load = new Float64Array(timelines.length)
  const fair = new Float64Array(timelines.length)
  const totals = new Float64Array(balance.setCount)
  for (let person = 0; person < timelines.length; person++) {
    const set = balance.setOf[person]!
    if (set < 0) continue
    load[person] = balance.carried[person]! + balance.load(timelines[person]!)
    totals[set]! += load[person]!
  }
  for (let person = 0; person < timelines.length; person++) {
    const set = balance.setOf[person]!
    if (set >= 0) fair[person] = balance.share[person]! * totals[set]!
  }
  return { load, fair }
}

/** Sum of squared deviations of each set, in squared units of the rule. */
export function balanceCosts(balance: BalanceCheck, timelines: readonly Duty[][]): Float64Array {
  const { load, fair } = sharesOf(balance, timelines)
  const costs = new Float64Array(balance.setCount)
  for (let person = 0; person < timelines.length; person++) {
    const set = balance.setOf[person]!
    if (set >= 0) costs[set]! += ((load[person]! - fair[person]!) / balance.unit) ** 2
  }
  return costs
}

const amountText = (measure: Measure, amount: number): string =>
  countsMinutes(measure) ? hoursText(amount) : String(Math.round(amount * 10) / 10)

function lineText(who: string, measure: Measure, load: number, fair: number): Text {
  const words = MEASURE_WORDS[measure]
  const off = Math.abs(load - fair)
  const [carried, share, away] = [load, fair, off].map((amount) => amountText(measure, amount))
  const level = off < (countsMinutes(measure) ? 1 : 0.05)
  return {
    zh: `${who} ${words.zh} ${carried}，应担 ${share}${level ? '' : `，${load > fair ? '多' : '少'} ${away}`}`,
    en: `${who}: ${carried} of ${words.en}, fair share ${share}${level ? '' : `, ${away} ${load > fair ? 'above' : 'below'}`}`,
  }
}

/** Plain numbers for every person and justice rule. */
export function justiceLines(plan: Plan, timelines: readonly Duty[][]): JusticeLine[] {
  return plan.balances.flatMap((check) => linesOf(plan, check, timelines))
}

function linesOf(plan: Plan, check: CompiledBalance, timelines: readonly Duty[][]): JusticeLine[] {
  const { measure } = (check.rule as FairShare).params
  const { load, fair } = sharesOf(check.balance, timelines)
  const lines: JusticeLine[] = []
  plan.model.people.forEach((person, i) => {
    if (check.balance.setOf[i]! < 0 || (load[i] === 0 && fair[i] === 0)) return
    lines.push({
      ruleId: check.rule.id,
      personId: person.id,
      measure,
      load: load[i]!,
      fairShare: fair[i]!,
      deviation: load[i]! - fair[i]!,
      text: lineText(personLabel(person), measure, load[i]!, fair[i]!),
    })
  })
  return lines
}

/** People who carry more than their largest single duty above the fair share: one duty less would be fairer. */
export function exceedsOneDuty(plan: Plan, timelines: readonly Duty[][]): Breach[] {
  const breaches: Breach[] = []
  for (const check of plan.balances) {
    const { measure } = (check.rule as FairShare).params
    const { load, fair } = sharesOf(check.balance, timelines)
    timelines.forEach((duties, person) => {
      if (check.balance.setOf[person]! < 0) return
      const planned = duties.filter((duty) => duty.slot >= 0)
      const largest = planned.reduce((most, duty) => Math.max(most, measureOne(measure, duty)), 0)
      const above = load[person]! - fair[person]!
      if (largest === 0 || above <= largest) return
      const seen = { observed: amountText(measure, load[person]!), limit: amountText(measure, fair[person]!) }
      breaches.push({
        ...failureFrom(plan, check, { ...seen, people: [person], duties: planned }),
        personIds: [plan.model.people[person]!.id],
        cost: (above / check.balance.unit) ** 2 * check.weight,
        level: LEVELS[check.level]!,
      })
    })
  }
  return breaches
}
