import { type CompiledBalance, failureFrom, type Plan } from './checks.ts'
import type { Duty } from './model.ts'
import { personLabel } from './model.ts'
import { countsMinutes, measureOne } from './rules/measure.ts'
import type { BalanceCheck } from './rules/rule.ts'
import { countText, MEASURE_WORDS } from './rules/words.ts'
import { LEVELS } from './score.ts'
import type { Breach, JusticeLine, Measure, RuleInstance, Text } from './types.ts'

type FairShare = Extract<RuleInstance, { rule: 'fair-share' }>

/** Load and fair share of everybody in one of the sets; of what was carried in, only what goes beyond the fair share. */
function sharesOf(balance: BalanceCheck, timelines: readonly Duty[][]): { load: Float64Array; fair: Float64Array } {
  const load = new Float64Array(timelines.length)
  const fair = new Float64Array(timelines.length)
  const totals = new Float64Array(balance.setCount)
  for (let person = 0; person < timelines.length; person++) {
    const set = balance.setOf[person]!
    if (set < 0) continue
    load[person] = balance.carried[person]! + balance.load(timelines[person]!, person)
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

/** Hours or pieces. */
const inUnits = (measure: Measure, amount: number): number => (countsMinutes(measure) ? amount / 60 : amount)

/** To a tenth. */
const amountText = (measure: Measure, amount: number): string =>
  `${Math.round(inUnits(measure, amount) * 10) / 10}${countsMinutes(measure) ? ' h' : ''}`

/** How many whole nights, duties or hours somebody is from the fair share; less than half of one is none. */
export function lineText(who: string, measure: Measure, load: number, fair: number): Text {
  const [carries, due] = [load, fair].map((amount) => amountText(measure, amount))
  const seen = { zh: `（已担 ${carries}，应摊 ${due}）`, en: `(carries ${carries}, due ${due})` }
  const off = Math.round(Math.abs(inUnits(measure, load - fair)))
  if (off === 0) {
    const words = MEASURE_WORDS[measure]
    return {
      zh: `${who} ${words.zh}与应摊份额相当${seen.zh}`,
      en: `${who}: at the fair share of ${words.en} ${seen.en}`,
    }
  }
  const [isAbove, count] = [load > fair, countText(measure, off)]
  return {
    zh: `${who} 比应摊份额${isAbove ? '多' : '少'} ${count.zh}${seen.zh}`,
    en: `${who}: ${count.en} ${isAbove ? 'above' : 'below'} fair share ${seen.en}`,
  }
}

/** To a hundredth. */
const rounded = (amount: number): number => Math.round(amount * 100) / 100

/** Plain numbers for every person and justice rule. */
export function justiceLines(plan: Plan, timelines: readonly Duty[][]): JusticeLine[] {
  return plan.balances.flatMap((check) => linesOf(plan, check, timelines))
}

function linesOf(plan: Plan, check: CompiledBalance, timelines: readonly Duty[][]): JusticeLine[] {
  const { measure } = (check.rule as FairShare).params
  const { load, fair } = sharesOf(check.balance, timelines)
  const lines: JusticeLine[] = []
  plan.model.people.forEach((person, i) => {
    if (check.balance.setOf[i]! < 0) return
    const [own, due] = [load[i]! + check.balance.expected[i]!, fair[i]! + check.balance.expected[i]!]
    if (rounded(own) === 0 && rounded(due) === 0) return
    lines.push({
      ruleId: check.rule.id,
      personId: person.id,
      measure,
      load: rounded(own),
      fairShare: rounded(due),
      deviation: rounded(own - due),
      text: lineText(personLabel(person), measure, own, due),
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
      const before = check.balance.expected[person]!
      const [observed, limit] = [load[person]! + before, fair[person]! + before].map((one) => amountText(measure, one))
      const seen = { observed: observed!, limit: limit! }
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
