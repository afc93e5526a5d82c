/** Random small roster problems that use every rule. */
import fc from 'fast-check'
import type { DutyFilter, Problem, RuleInstance, RuleScope } from '../../../src/solver/index.ts'
import { at, MONDAY, past, person, problem, shift, slot } from './build.ts'

const DAYS = 10
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
const whole = (min: number, max: number) => fc.integer({ min, max })

/** Drops keys whose value is undefined: the interface knows missing keys only. */
const trim = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T

const filter: fc.Arbitrary<DutyFilter> = fc
  .record({
    templateIds: some(fc.subarray(['D', 'N'], { minLength: 1 })),
    weekdays: some(fc.subarray([1, 3, 6, 7], { minLength: 1 })),
    tags: some(fc.constant(['t'])),
  })
  .map((value) => trim(value) as DutyFilter)

const scope: fc.Arbitrary<RuleScope | undefined> = some(
  fc
    .record({ duties: some(filter), people: some(oneOf({ grades: ['x'] }, { personIds: ['p0', 'p1'] })) })
    .map(trim) as fc.Arbitrary<RuleScope>,
)

const measure = oneOf(
  ...(['minutes', 'shifts', 'days', 'nights', 'weekends', 'weekendShifts', 'holidays', 'nightMinutes'] as const),
  'shortNotice',
)
const window = fc.oneof(
  oneOf({ per: 'day' }, { per: 'week' }, { per: 'month' }, { per: 'period' }),
  whole(2, 8).map((days) => ({ per: 'rolling', days })),
)

const params: Record<RuleInstance['rule'], fc.Arbitrary<object>> = {
  qualification: fc.constant({}),
  clearance: fc.constant({}),
  language: fc.constant({}),
  grade: fc.constant({}),
  'person-class': fc.constant({}),
  unit: fc.constant({}),
  'echelon-on-turn': fc.constant({}),
  'no-overlap': fc.record({ travelMinutes: some(whole(0, 120)) }).map(trim),
  'minimum-rest': fc.record({
    minutes: whole(60, 900),
    long: fc.constant([{ fromMinutes: 1440, minutes: 1440 }]),
  }),
  'load-limit': fc.record({ measure, window, max: some(whole(0, 900)), min: some(whole(1, 3)) }).map(trim),
  'consecutive-days': fc
    .record({
      max: some(whole(1, 3)),
      min: some(whole(1, 3)),
      forgiveEdges: fc.constantFrom(true, false, 'end' as const),
    })
    .map(trim),
  'consecutive-days-off': fc
    .record({ max: some(whole(1, 4)), min: some(whole(1, 3)), forgiveEdges: fc.boolean() })
    .map(trim),
  'consecutive-weekends': fc.record({ max: whole(0, 1) }),
  'rest-in-window': fc.record({ days: whole(2, 7), minutes: whole(600, 3000) }),
  succession: fc.record({ first: filter, next: filter, mode: oneOf('forbidden', 'wanted'), afterDays: whole(0, 2) }),
  pattern: fc
    .record({
      days: fc.array(fc.oneof(oneOf('on', 'off', 'any'), filter), { minLength: 1, maxLength: 3 }),
      startWeekday: some(whole(1, 7)),
    })
    .map(trim),
  'complete-weekend': fc.constant({}),
  'identical-weekend': fc.constant({}),
  'distinct-limit': fc.record({ of: oneOf('post', 'template'), max: fc.constant(1), window }),
  absence: fc.constant({}),
  unavailable: fc.constant({}),
  availability: fc.constant({}),
  preferred: fc.constant({}),
  undesired: fc.constant({}),
  excluded: fc.constant({}),
  request: fc
    .record({
      personId: oneOf('p0', 'p1'),
      kind: oneOf('on', 'off'),
      day: some(whole(MONDAY, MONDAY + DAYS - 1)),
      duties: some(filter),
      amount: some(whole(1, 3)),
    })
    .map(trim),
  pairing: fc.record({ personIds: oneOf(['p0', 'p1'], ['p1', 'p2', 'p3']), mode: oneOf('together', 'apart') }),
  cover: fc.constant({}),
  mix: fc.record({ people: fc.constant({ grades: ['x'] }), min: some(whole(1, 2)), max: some(whole(0, 1)) }).map(trim),
  'mix-distinct': fc.record({ of: oneOf('grade', 'unit', 'personClass') }),
  'crew-whole': fc.constant({}),
  'linked-slots': fc.constant({}),
  distance: fc.record({ maxKilometres: whole(0, 20) }),
  'tier-order': fc.constant({}),
  'fair-share': fc.record({ measure, within: oneOf('all', 'group', 'unit', 'grade', 'personClass') }),
  'least-change': fc.constant({}),
  pinned: fc.constant({}),
  'not-before': fc.record({ instant: whole(at(0), at(2)) }),
}

const anyRule = fc
  .oneof(...Object.entries(params).map(([rule, values]) => values.map((value) => ({ rule, params: value }))))
  .chain((base) => fc.record({ hard: fc.boolean(), weight: whole(1, 5), scope, base: fc.constant(base) }))
  .map(({ hard, weight, scope: within, base }) => ({
    ...base,
    strength: hard && base.rule !== 'fair-share' ? 'hard' : { weight },
    ...(within ? { scope: within } : {}),
  }))

const span = fc.tuple(whole(0, DAYS), whole(1, 30)).map(([day, hours]) => ({ start: at(day), end: at(day, hours) }))
const place = fc.record({ latitude: whole(30, 31), longitude: fc.constant(120) })
const held = (...ids: string[]) => fc.subarray(ids).map((list) => list.map((id) => ({ id })))

const anyPerson = fc
  .record({
    grade: some(oneOf('x', 'y')),
    personClass: oneOf('staff', 'volunteer'),
    unitPath: oneOf('c/a', 'c/b'),
    languages: fc.subarray(['zh']),
    qualifications: held('q'),
    clearances: held('i'),
    groups: fc.subarray([
      { id: 'g0', tier: 0 },
      { id: 'g1', tier: 1, to: at(4) },
    ]),
    availability: fc.array(
      fc.tuple(oneOf('available', 'unavailable', 'preferred', 'undesired'), span).map(([kind, s]) => ({ kind, ...s })),
      { maxLength: 2 },
    ),
    absences: fc.array(span, { maxLength: 1 }),
    share: oneOf(1, 0.5, 0),
    carriedIn: oneOf({}, { minutes: 300, shifts: 1 }),
    carriedShare: some(oneOf(1, 0.25, 0)),
    shareIn: some(oneOf({ nights: 0 }, { nights: 0.25, minutes: 1 })),
    carriedShareIn: some(oneOf({ minutes: 0.5 }, { shifts: 0 })),
    home: some(place),
  })
  .map(trim)

const requirement = fc
  .record({
    qualifications: some(fc.constant(['q'])),
    clearances: some(fc.constant(['i'])),
    languages: some(fc.constant(['zh'])),
    grades: some(fc.constant(['x'])),
    personClasses: some(fc.constant(['staff'])),
    units: some(fc.constant(['c/a'])),
    groups: some(fc.subarray(['g0', 'g1'])),
  })
  .map((value) => trim({ ...value }))

const anyShift = fc.record({
  day: whole(0, DAYS - 1),
  from: oneOf(0, 8, 16),
  hours: oneOf(8, 12, 24),
  postId: oneOf('north', 'south'),
  templateId: oneOf('D', 'N'),
  tags: fc.subarray(['t']),
  nightMinutes: oneOf(0, 240),
  weekendMinutes: oneOf(0, 480),
  holidayMinutes: oneOf(0, 60),
  shortNotice: fc.boolean(),
  location: place,
})

const anySlot = fc.record({
  shift: fc.nat(),
  role: oneOf('lead', 'guard'),
  need: oneOf('mandatory', 'desired', 'optional'),
  seats: oneOf(1, 1, 2),
  priority: oneOf(1, 3),
  requirement: some(requirement),
  cover: some(fc.constant({ required: 1, under: 5, over: 2 })),
})

const pairs = (maxLength: number) =>
  fc.array(fc.record({ person: fc.nat(), slot: fc.nat(), flag: fc.boolean() }), { maxLength })

export const anyProblem: fc.Arbitrary<Problem> = fc
  .record({
    people: fc.array(anyPerson, { minLength: 4, maxLength: 6 }),
    shifts: fc.array(anyShift, { minLength: 1, maxLength: 6 }),
    slots: fc.array(anySlot, { minLength: 1, maxLength: 9 }),
    rules: fc.array(anyRule, { minLength: 1, maxLength: 6 }),
    history: fc.array(fc.tuple(fc.nat(3), whole(-4, 3)), { maxLength: 3 }),
    published: pairs(3),
    pins: pairs(2),
    exclusions: pairs(2),
    link: fc.boolean(),
    calledBefore: oneOf(undefined, undefined, 1),
  })
  .map((raw) => {
    const shifts = raw.shifts.map(({ day, from, hours, ...rest }, i) => shift(`s${i}`, { day, from, hours }, rest))
    const slots = raw.slots.map(({ shift: k, requirement: needs, cover, ...rest }, i) =>
      slot(`s${k % shifts.length}/${i}`, {
        ...rest,
        ...(needs ? { requirement: needs } : {}),
        ...(cover ? { cover } : {}),
      } as never),
    )
    const people = raw.people.map((facts, i) => person(`p${i}`, facts as never))
    const pick = (list: { person: number; slot: number; flag: boolean }[]) =>
      list.map((entry) => ({
        personId: people[entry.person % people.length]!.id,
        slotId: slots[entry.slot % slots.length]!.id,
        flag: entry.flag,
      }))
    return problem(
      {
        people,
        shifts,
        slots,
        rules: raw.rules.map((entry, i) => ({ id: `${entry.rule}-${i}`, ...entry }) as unknown as RuleInstance),
        history: raw.history.map(([who, day]) => past(`p${who}`, { day, from: 20, hours: 8 }, { templateId: 'N' })),
        published: pick(raw.published).map(({ flag, ...a }) => ({ ...a, confirmed: flag })),
        pins: pick(raw.pins).map(({ flag, ...a }) => (flag ? { ...a, overrides: ['no-overlap-0'] } : a)),
        exclusions: pick(raw.exclusions).map(({ personId, slotId }) => ({ personId, slotId })),
        links: raw.link ? [{ id: 'l', slotIds: slots.slice(0, 2).map((entry) => entry.id) }] : [],
        crews: [{ id: 'c', personIds: ['p0', 'p1'] }],
        ...(raw.calledBefore !== undefined && { calledBefore: at(raw.calledBefore) }),
      },
      DAYS,
    )
  })
