/**
 * Requirements in the style of the nurse rostering competitions, said with the engine's rules alone and counted a second
 * time by hand: a week planned after a week that is known, skills of which one can stand in for another, limits of runs,
 * of minutes, of nights and of weekends, unwanted patterns, whole and identical weekends, requests, cover with a price for
 * one too few and one too many.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate, type Problem, type RuleInstance, type Shift, type Slot } from '../../../src/solver/index.ts'
import { at, MONDAY, past, person, rule } from './build.ts'

const KINDS = ['early', 'late', 'night'] as const
type Kind = (typeof KINDS)[number]
const FROM = { early: 6, late: 14, night: 22 }
const NURSES = ['ana', 'ben', 'cleo', 'dina']
/** Only these are head nurses; the others may stand in for one at a cost. */
const HEADS = ['ana', 'ben']
const DAYS = 7

/** Works no weekend at all, by contract. */
const FREE_WEEKENDS = 'dina'
const HOURS = { min: 24, max: 32 }
const MOST_NIGHTS = 2
const COVER = { head: { required: 1, under: 60, over: 2 }, nurse: { required: 2, under: 40, over: 1 } }

const WEIGHTS = {
  stand_in: 20,
  min: 30,
  max: 15,
  off: 30,
  pattern: 10,
  weekend: 30,
  identical: 5,
  total: 20,
  hours: 3,
  nights: 25,
  weekends: 50,
}

const costs = (weight: number, id?: string) => ({ strength: { weight }, ...(id ? { id } : {}) })

const rules: RuleInstance[] = [
  rule('load-limit', { measure: 'shifts', window: { per: 'day' }, max: 1 }, { id: 'one-a-day', strength: 'hard' }),
  rule(
    'succession',
    { first: { templateIds: ['night'] }, next: { templateIds: ['early', 'late'] }, mode: 'forbidden' },
    { strength: 'hard' },
  ),
  rule('qualification', {}, costs(WEIGHTS.stand_in)),
  rule('consecutive-days', { min: 2, forgiveEdges: 'end' }, costs(WEIGHTS.min, 'run-min')),
  rule('consecutive-days', { max: 4 }, costs(WEIGHTS.max, 'run-max')),
  rule('consecutive-days-off', { min: 2 }, costs(WEIGHTS.off)),
  rule('pattern', { days: ['off', { templateIds: ['night'] }, 'off'] }, costs(WEIGHTS.pattern)),
  rule('complete-weekend', {}, costs(WEIGHTS.weekend)),
  rule('identical-weekend', {}, costs(WEIGHTS.identical)),
  rule('load-limit', { measure: 'shifts', window: { per: 'period' }, min: 2, max: 5 }, costs(WEIGHTS.total, 'shifts')),
  rule(
    'load-limit',
    { measure: 'minutes', window: { per: 'period' }, min: HOURS.min * 60, max: HOURS.max * 60 },
    costs(WEIGHTS.hours, 'hours'),
  ),
  rule(
    'load-limit',
    { measure: 'shifts', window: { per: 'period' }, max: MOST_NIGHTS },
    { ...costs(WEIGHTS.nights, 'nights'), scope: { duties: { templateIds: ['night'] } } },
  ),
  rule(
    'load-limit',
    { measure: 'weekends', window: { per: 'period' }, max: 0 },
    { ...costs(WEIGHTS.weekends, 'weekends'), scope: { people: { personIds: [FREE_WEEKENDS] } } },
  ),
  rule('cover', {}, costs(1)),
]

const slotId = (day: number, kind: Kind, role: 'head' | 'nurse') => `${day}-${kind}-${role}`

const week = Array.from({ length: DAYS }, (_, day) => KINDS.map((kind) => ({ day, kind }))).flat()
const shifts: Shift[] = week.map(({ day, kind }) => ({
  id: `${day}-${kind}`,
  startsAt: at(day, FROM[kind]),
  endsAt: at(day, FROM[kind] + 8),
  day: MONDAY + day,
  minutes: 480,
  templateId: kind,
}))
const slots: Slot[] = week.flatMap(({ day, kind }) =>
  (['head', 'nurse'] as const).map((role) => ({
    id: slotId(day, kind, role),
    shiftId: `${day}-${kind}`,
    role,
    seats: NURSES.length,
    need: 'optional' as const,
    cover: COVER[role],
    ...(role === 'head' ? { requirement: { qualifications: ['head'] } } : {}),
  })),
)

interface Duty {
  kind: Kind
  role: 'head' | 'nurse'
}
type Week = (Duty | undefined)[]

/** A nurse asks for a kind of duty on a day, or to be spared it. */
interface Request {
  nurse: string
  on: boolean
  day: number
  kind: Kind
  amount: number
}

const asRule = ({ nurse, on, day, kind, amount }: Request, i: number): RuleInstance =>
  rule(
    'request',
    { personId: nurse, kind: on ? 'on' : 'off', day: MONDAY + day, duties: { templateIds: [kind] }, amount },
    costs(1, `request-${i}`),
  )

function problemAfter(before: Week[], requests: Request[]): Problem {
  return {
    period: { fromDay: MONDAY, toDay: MONDAY + DAYS, startsAt: at(0), endsAt: at(DAYS) },
    people: NURSES.map((id) => person(id, HEADS.includes(id) ? { qualifications: [{ id: 'head' }] } : {})),
    shifts,
    slots,
    rules: [...rules, ...requests.map(asRule)],
    history: before.flatMap((line, nurse) =>
      line.flatMap((duty, day) =>
        duty
          ? [past(NURSES[nurse]!, { day: day - DAYS, from: FROM[duty.kind], hours: 8 }, { templateId: duty.kind })]
          : [],
      ),
    ),
  }
}

/** Lengths of runs of days with (or without) duty: where each begins and ends. */
function runs(works: boolean[], on: boolean): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  works.forEach((one, day) => {
    if (one !== on) return
    if (day > 0 && works[day - 1] === on) found.at(-1)!.end = day + 1
    else found.push({ start: day, end: day + 1 })
  })
  return found
}

/** The cost of one nurse, counted by hand over fourteen days of which the second seven are planned. */
function costByHand(nurse: string, before: Week, planned: Week): number {
  const days = [...before, ...planned]
  const works = days.map((duty) => duty !== undefined)
  const kindOn = (day: number) => days[day]?.kind
  let cost = 0
  for (const duty of planned) if (duty?.role === 'head' && !HEADS.includes(nurse)) cost += WEIGHTS.stand_in
  for (const { start, end } of runs(works, true)) {
    if (end <= DAYS) continue
    if (end - start > 4) cost += WEIGHTS.max * (end - start - 4)
    if (end - start < 2 && end < days.length) cost += WEIGHTS.min * (2 - (end - start))
  }
  for (const { start, end } of runs(works, false)) {
    // Between two duties of which at least one is planned, and not wholly in the week that is over.
    const isBetween = start > 0 && end < days.length
    if (isBetween && end > DAYS && end - start < 2) cost += WEIGHTS.off * (2 - (end - start))
  }
  for (let last = DAYS; last < days.length; last++) {
    if (!works[last - 2] && kindOn(last - 1) === 'night' && !works[last]) cost += WEIGHTS.pattern
  }
  const weekend = [days[12], days[13]].filter((duty) => duty !== undefined)
  if (weekend.length === 1) cost += WEIGHTS.weekend
  if (weekend.length === 2 && weekend[0]!.kind !== weekend[1]!.kind) cost += WEIGHTS.identical
  if (weekend.length > 0 && nurse === FREE_WEEKENDS) cost += WEIGHTS.weekends
  const nights = planned.filter((duty) => duty?.kind === 'night').length
  cost += WEIGHTS.nights * Math.max(0, nights - MOST_NIGHTS)
  const total = planned.filter(Boolean).length
  const hours = 8 * total
  cost += WEIGHTS.hours * (Math.max(0, HOURS.min - hours) + Math.max(0, hours - HOURS.max))
  return cost + WEIGHTS.total * (Math.max(0, 2 - total) + Math.max(0, total - 5))
}

/** What is wanted of each kind of duty in each role, every day alike. */
function coverByHand(planned: Week[]): number {
  let cost = 0
  for (const { day, kind } of week) {
    for (const role of ['head', 'nurse'] as const) {
      const here = planned.filter((line) => line[day]?.kind === kind && line[day]?.role === role).length
      const { required, under, over } = COVER[role]
      cost += here < required ? under * (required - here) : over * (here - required)
    }
  }
  return cost
}

const refused = (planned: Week[], { nurse, on, day, kind }: Request): boolean =>
  (planned[NURSES.indexOf(nurse)]![day]?.kind === kind) !== on

/** Days on which a night is followed by something earlier, the known week included. */
const wrongSteps = (days: Week): number =>
  days.filter(
    (duty, day) => day >= DAYS - 1 && duty?.kind === 'night' && ['early', 'late'].includes(days[day + 1]?.kind ?? ''),
  ).length

const duty = fc.option(fc.record({ kind: fc.constantFrom(...KINDS), role: fc.constantFrom('head', 'nurse') }), {
  nil: undefined,
})
const weeks = fc.array(fc.array(duty, { minLength: DAYS, maxLength: DAYS }), {
  minLength: NURSES.length,
  maxLength: NURSES.length,
}) as fc.Arbitrary<Week[]>

const requested = fc.array(
  fc.record({
    nurse: fc.constantFrom(...NURSES),
    on: fc.boolean(),
    day: fc.nat(DAYS - 1),
    kind: fc.constantFrom(...KINDS),
    amount: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 8 },
)

test('the rules count what the competition counts', () => {
  fc.assert(
    fc.property(weeks, weeks, requested, (before, planned, requests) => {
      const assignments = planned.flatMap((line, nurse) =>
        line.flatMap((one, day) =>
          one ? [{ personId: NURSES[nurse]!, slotId: slotId(day, one.kind, one.role) }] : [],
        ),
      )
      const { score } = evaluate(problemAfter(before, requests), assignments)
      const byHand = NURSES.map((nurse, i) => costByHand(nurse, before[i]!, planned[i]!))
      const asked = requests.filter((one) => refused(planned, one)).map(({ amount }) => amount)
      const all = [...byHand, ...asked, coverByHand(planned)]
      expect(score.wishes).toBe(all.reduce((sum, cost) => sum + cost, 0))
      const steps = NURSES.map((_, i) => wrongSteps([...before[i]!, ...planned[i]!]))
      expect(score.hard).toBe(steps.reduce((sum, count) => sum + count, 0))
    }),
    { numRuns: 500 },
  )
})
