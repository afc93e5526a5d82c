/**
 * What a duty problem asks for, read off its rules for the judge, the bounds and the peers. Nothing of the engine is
 * used but the shapes of its data; a rule that is not known here is refused, so that none is passed over.
 */
import type { Person, Problem, RuleInstance, Shift } from '../../src/solver/index.ts'

export interface Rest {
  sees(shift: Shift): boolean
  /** It speaks about every shift. */
  isGeneral: boolean
  after(shift: Shift): number
}

export interface Limit {
  measure: 'minutes' | 'shifts'
  /** In any so many days. */
  days: number
  max: number
}

export interface Mix {
  sees(shift: Shift): boolean
  matches(person: Person): boolean
  min: number
}

export interface Fairness {
  /** What one duty adds to a load, in hours or in duties of the kind. */
  sizeOf(shift: Shift): number
  carriedBy(person: Person): number
  within: 'group' | 'all'
  weight: number
}

export interface DutyRules {
  rests: Rest[]
  limits: Limit[]
  runs: { sees(shift: Shift): boolean; max: number }[]
  mixes: Mix[]
  /** Shifts in which a team serves whole or not at all; undefined where nothing asks for it. */
  wholeTeams: ((shift: Shift) => boolean) | undefined
  hasLinks: boolean
  fairness: Fairness[]
  tierWeight: number
  near: { kilometres: number; weight: number } | undefined
}

type Of<N extends RuleInstance['rule']> = Extract<RuleInstance, { rule: N }>

/** Hard in every problem of these benches, and looked at for every pair of person and seat. */
const ALWAYS = ['qualification', 'clearance', 'language', 'grade', 'person-class', 'unit', 'echelon-on-turn', 'absence']
const PRESUMED = [...ALWAYS, 'unavailable', 'availability', 'no-overlap']
/** Without pins, exclusions, wishes for times or something published these say nothing. */
const SILENT = ['excluded', 'pinned', 'least-change', 'undesired', 'preferred']

export function readRules(problem: Problem): DutyRules {
  checkSilence(problem)
  const read: DutyRules = {
    rests: [],
    limits: [],
    runs: [],
    mixes: [],
    wholeTeams: undefined,
    hasLinks: false,
    fairness: [],
    tierWeight: 0,
    near: undefined,
  }
  for (const rule of problem.rules) readRule(read, rule)
  const names = new Set(problem.rules.map(({ rule }) => rule))
  const missing = PRESUMED.filter((name) => !names.has(name as RuleInstance['rule']))
  if (missing.length > 0) throw new TypeError(`The judge presumes the rules ${missing.join(', ')}.`)
  return read
}

const refuse = (rule: RuleInstance, why: string): never => {
  throw new TypeError(`The judge does not know the rule ${rule.id} (${rule.rule}) ${why}.`)
}

function readRule(read: DutyRules, rule: RuleInstance): void {
  if (PRESUMED.includes(rule.rule)) hardOf(rule)
  else if (rule.rule === 'minimum-rest') read.rests.push(restOf(rule))
  else if (rule.rule === 'load-limit') read.limits.push(limitOf(rule))
  else if (rule.rule === 'consecutive-days') read.runs.push(runOf(rule))
  else if (rule.rule === 'mix') read.mixes.push(mixOf(rule))
  else if (rule.rule === 'crew-whole') read.wholeTeams = hardOf(rule)
  else if (rule.rule === 'linked-slots') read.hasLinks = hardOf(rule)()
  else if (rule.rule === 'fair-share') read.fairness.push(fairnessOf(rule))
  else if (rule.rule === 'tier-order') read.tierWeight += weightOf(rule)
  else if (rule.rule === 'distance') read.near = { kilometres: rule.params.maxKilometres, weight: weightOf(rule) }
  else if (!SILENT.includes(rule.rule)) refuse(rule, 'at all')
}

/** The shifts a hard rule speaks about. */
function hardOf(rule: RuleInstance): (shift?: Shift) => boolean {
  if (rule.strength !== 'hard') refuse(rule, 'as a soft one')
  const { people, duties, ...more } = rule.scope ?? {}
  if (people || Object.keys(more).length > 0) refuse(rule, 'for some people only')
  if (!duties) return () => true
  const { tags, ...others } = duties
  if (!tags || Object.keys(others).length > 0) refuse(rule, 'with a scope other than tags')
  return (shift) => (shift?.tags ?? []).some((tag) => tags!.includes(tag))
}

function weightOf(rule: RuleInstance): number {
  if (rule.strength === 'hard' || rule.scope) return refuse(rule, 'as a hard one, or for some only')
  return rule.strength.weight
}

function restOf(rule: Of<'minimum-rest'>): Rest {
  const { minutes, long = [], ...more } = rule.params
  if (Object.keys(more).length > 0) refuse(rule, 'with other parameters than its length')
  const steps = [...long].sort((a, b) => b.fromMinutes - a.fromMinutes)
  return {
    sees: hardOf(rule),
    isGeneral: rule.scope === undefined,
    after: (shift) => steps.find((step) => shift.minutes >= step.fromMinutes)?.minutes ?? minutes,
  }
}

function limitOf(rule: Of<'load-limit'>): Limit {
  const { measure, window, max, min } = rule.params
  const isKnown = (measure === 'minutes' || measure === 'shifts') && window.per === 'rolling' && !rule.scope
  if (!isKnown || max === undefined || min !== undefined) return refuse(rule, 'in this form')
  hardOf(rule)
  return { measure, days: window.days, max }
}

function runOf(rule: Of<'consecutive-days'>): DutyRules['runs'][number] {
  const { max, min } = rule.params
  if (max === undefined || min !== undefined) return refuse(rule, 'in this form')
  return { sees: hardOf(rule), max }
}

function mixOf(rule: Of<'mix'>): Mix {
  const { people, min, ...more } = rule.params
  const { personClasses, ...others } = people
  if (!personClasses || !min || Object.keys({ ...more, ...others }).length > 0) return refuse(rule, 'in this form')
  return { sees: hardOf(rule), matches: ({ personClass = '' }) => personClasses.includes(personClass), min }
}

const HOUR = 60
/** A duty with three hours between 22:00 and 06:00 is a night. */
const NIGHT_MINUTES = 3 * HOUR

const SIZES: Record<string, (shift: Shift) => number> = {
  minutes: ({ minutes }) => minutes / HOUR,
  nights: ({ nightMinutes = 0 }) => (nightMinutes >= NIGHT_MINUTES ? 1 : 0),
  weekendShifts: ({ weekendMinutes = 0, minutes }) => (weekendMinutes > 0 && weekendMinutes * 2 >= minutes ? 1 : 0),
  holidays: ({ holidayMinutes = 0 }) => (holidayMinutes > 0 ? 1 : 0),
  shortNotice: ({ shortNotice }) => (shortNotice ? 1 : 0),
}

function fairnessOf(rule: Of<'fair-share'>): Fairness {
  const { measure, within, ...more } = rule.params
  const sizeOf = SIZES[measure]
  if (!sizeOf || Object.keys(more).length > 0) return refuse(rule, 'in this form')
  if (within !== 'group' && within !== 'all') return refuse(rule, `within each ${within}`)
  const unit = measure === 'minutes' ? HOUR : 1
  return { sizeOf, within, weight: weightOf(rule), carriedBy: ({ carriedIn }) => (carriedIn?.[measure] ?? 0) / unit }
}

/** Things the judge has no eyes for must not be in the problem. */
function checkSilence({ history, pins, exclusions, people, calledBefore }: Problem): void {
  const isBounded = people.some(({ qualifications = [], clearances = [], groups = [] }) =>
    [...qualifications, ...clearances, ...groups].some(({ from, to }) => from != null || to != null),
  )
  const hasWishes = people.some((one) => one.availability?.some(({ kind }) => kind !== 'unavailable'))
  const hasShares = people.some(({ share, carriedShare }) => share !== undefined || carriedShare !== undefined)
  const hasLists = [history, pins, exclusions].some((list) => (list ?? []).length > 0)
  if (isBounded || hasWishes || hasShares || hasLists || calledBefore !== undefined) {
    throw new TypeError('The judge knows no history, pins, exclusions, shares, offered times or papers that end.')
  }
}
