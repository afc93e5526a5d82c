import { describe, expect, test } from 'vitest'
import { evaluate, type RuleInstance, type Shift } from '../../../../src/solver/index.ts'
import { type DutyAt, found, MONDAY, past, problem, roster, rule, shift } from '../build.ts'

/** Duties named a, b, c … at these times, all amy's: what the rule finds. */
function amyServes(rules: RuleInstance | RuleInstance[], duties: (DutyAt & Partial<Shift>)[], more: object = {}) {
  const shifts = duties.map(({ day, from, hours, ...rest }, i) =>
    shift(
      String.fromCharCode(97 + i),
      { day, ...(from === undefined ? {} : { from }), ...(hours ? { hours } : {}) },
      rest,
    ),
  )
  const made = problem({ shifts, rules: [rules].flat(), ...more })
  return found(made, shifts.length > 0 ? `amy ${shifts.map((entry) => entry.id).join(' ')}` : '').filter(
    (breach) => breach.who === 'amy',
  )
}

const onDays = (...days: number[]) => days.map((day) => ({ day }))

describe('no overlap', () => {
  test('back to back is no overlap; one minute is', () => {
    expect(
      amyServes(rule('no-overlap', {}), [
        { day: 0, from: 0 },
        { day: 0, from: 8 },
      ]),
    ).toEqual([])
    expect(
      amyServes(rule('no-overlap', {}), [
        { day: 0, from: 0, hours: 9 },
        { day: 0, from: 8 },
      ]),
    ).toEqual([{ who: 'amy', cost: 1, observed: -60, limit: 0, slots: 'a b' }])
  })

  test('a long duty is compared with every later one', () => {
    const duties = [
      { day: 0, hours: 24 },
      { day: 0, from: 10, hours: 1 },
      { day: 1, from: 7, hours: 1 },
    ]
    expect(amyServes(rule('no-overlap', {}), duties)).toMatchObject([{ slots: 'a b' }, { slots: 'a b c' }])
  })

  test('travel is needed between different posts only', () => {
    const duties = (second: string) => [
      { day: 0, from: 0, postId: 'north' },
      { day: 0, from: 9, postId: second },
    ]
    const rules = rule('no-overlap', { travelMinutes: 30, travel: [{ postIds: ['south', 'north'], minutes: 90 }] })
    expect(amyServes(rules, duties('north'))).toEqual([])
    expect(amyServes(rules, duties('west'))).toEqual([])
    expect(amyServes(rules, duties('south'))).toMatchObject([{ observed: 60, limit: 90 }])
  })

  test('history counts', () => {
    const history = [past('amy', { day: -1, hours: 24, from: 12 })]
    expect(amyServes(rule('no-overlap', {}), onDays(0), { history })).toMatchObject([{ slots: 'history:0 a' }])
  })
})

describe('minimum rest', () => {
  const rest = rule('minimum-rest', { minutes: 720, long: [{ fromMinutes: 1440, minutes: 1440 }] })

  test('eleven hours and a half cost one started hour, twelve nothing', () => {
    expect(amyServes(rest, [{ day: 0 }, { day: 1, from: 4 }])).toEqual([])
    expect(amyServes(rest, [{ day: 0 }, { day: 1, from: 3.5 }])).toEqual([
      { who: 'amy', cost: 1, observed: 690, limit: 720, slots: 'a b' },
    ])
  })

  test('24 h on and 24 h off is exactly enough; 23 h is not', () => {
    expect(
      amyServes(rest, [
        { day: 0, hours: 24 },
        { day: 2, hours: 24 },
      ]),
    ).toEqual([])
    expect(
      amyServes(rest, [
        { day: 0, hours: 24 },
        { day: 2, from: 7 },
      ]),
    ).toMatchObject([{ cost: 1, observed: 1380, limit: 1440 }])
  })

  test('the rest after a long duty is not forgotten behind a short one', () => {
    const duties = [
      { day: 0, hours: 24 },
      { day: 1, from: 20, hours: 1 },
      { day: 2, from: 7, hours: 1 },
    ]
    expect(amyServes(rest, duties)).toMatchObject([{ slots: 'a b' }, { slots: 'b c' }, { slots: 'a b c' }])
  })

  test('duties that overlap are the matter of another rule; two history duties of none', () => {
    expect(amyServes(rest, [{ day: 0 }, { day: 0, from: 10 }])).toEqual([])
    const history = [past('amy', { day: -1 }), past('amy', { day: -1, from: 17 })]
    expect(amyServes(rest, onDays(3), { history })).toEqual([])
  })

  test('after and before choose the duties it speaks about', () => {
    const night = rule('minimum-rest', { minutes: 1200, after: { tags: ['night'] }, before: { tags: ['early'] } })
    const duties = [
      { day: 0, from: 22, tags: ['night'] },
      { day: 1, from: 10, tags: ['late'] },
    ]
    expect(amyServes(night, duties)).toEqual([])
    expect(amyServes(night, [duties[0]!, { ...duties[1]!, tags: ['early'] }])).toHaveLength(1)
  })
})

describe('load limit', () => {
  test('hours in any seven days: one point for each started hour too many, in every window', () => {
    const limit = rule('load-limit', { measure: 'minutes', window: { per: 'rolling', days: 7 }, max: 1440 })
    expect(amyServes(limit, onDays(0, 3, 6, 7))).toEqual([])
    expect(amyServes(limit, [...onDays(0, 3), { day: 6, hours: 8.5 }, { day: 9 }])).toEqual([
      { who: 'amy', cost: 1, observed: 1470, limit: 1440, slots: 'a b c' },
      { who: 'amy', cost: 1, observed: 1470, limit: 1440, slots: 'b c d' },
    ])
  })

  test('a rolling window sees history, a period does not', () => {
    const history = [past('amy', { day: -2 })]
    const limit = (per: object) => rule('load-limit', { measure: 'shifts', window: per as never, max: 1 })
    expect(amyServes(limit({ per: 'rolling', days: 3 }), onDays(0), { history })).toMatchObject([
      { observed: 2, slots: 'history:0 a' },
    ])
    expect(amyServes(limit({ per: 'period' }), onDays(0), { history })).toEqual([])
  })

  test('calendar windows: day, week and month', () => {
    const limit = (per: string) => rule('load-limit', { measure: 'shifts', window: { per } as never, max: 1 })
    expect(amyServes(limit('day'), [{ day: 0, from: 0 }, { day: 0 }, { day: 1 }])).toMatchObject([{ slots: 'a b' }])
    expect(amyServes(limit('week'), onDays(6, 7))).toEqual([])
    expect(amyServes(limit('week'), onDays(0, 6))).toHaveLength(1)
    const december = { period: { fromDay: MONDAY + 28, toDay: MONDAY + 31, startsAt: 0, endsAt: 1 } }
    expect(amyServes(limit('month'), onDays(28, 29), december)).toEqual([])
    expect(amyServes(limit('month'), onDays(29, 30), december)).toHaveLength(1)
  })

  test('a minimum is owed by everybody, in whole windows only', () => {
    const limit = (per: string) => rule('load-limit', { measure: 'minutes', window: { per } as never, min: 600 })
    expect(amyServes(limit('period'), onDays(0))).toEqual([
      { who: 'amy', cost: 2, observed: 480, limit: 600, slots: '' },
    ])
    const tenDays = { period: { fromDay: MONDAY, toDay: MONDAY + 10, startsAt: 0, endsAt: 1 } }
    expect(amyServes(limit('week'), onDays(0), tenDays)).toHaveLength(1)
    expect(
      amyServes(rule('load-limit', { measure: 'shifts', window: { per: 'rolling', days: 13 }, min: 1 }), onDays(0)),
    ).toEqual([{ who: 'amy', cost: 1, observed: 0, limit: 1, slots: '' }])
  })

  test('nights, weekends, holidays and days are counted each in its way', () => {
    const limit = (measure: string) =>
      rule('load-limit', { measure: measure as never, window: { per: 'period' }, max: 1 })
    const nights = [{ nightMinutes: 180 }, { nightMinutes: 179 }, { nightMinutes: 480 }].map((more, day) => ({
      day,
      ...more,
    }))
    expect(amyServes(limit('nights'), nights)).toMatchObject([{ observed: 2 }])
    expect(amyServes(limit('weekends'), onDays(5, 6))).toEqual([])
    expect(amyServes(limit('weekends'), onDays(4, 6, 12))).toMatchObject([{ observed: 2 }])
    expect(
      amyServes(
        limit('holidays'),
        onDays(0, 1).map((entry) => ({ ...entry, holidayMinutes: 1 })),
      ),
    ).toHaveLength(1)
    expect(amyServes(limit('days'), [{ day: 0, from: 0 }, { day: 0 }])).toEqual([])
    expect(
      amyServes(
        limit('shortNotice'),
        onDays(0, 1).map((entry) => ({ ...entry, shortNotice: true })),
      ),
    ).toHaveLength(1)
  })
})

describe('consecutive days', () => {
  test('a run of five with at most three costs two', () => {
    expect(amyServes(rule('consecutive-days', { max: 3 }), onDays(1, 2, 3, 4, 5))).toEqual([
      { who: 'amy', cost: 2, observed: 5, limit: 3, slots: 'a b c d e' },
    ])
  })

  test('two duties of one day are one day, and history is part of the run', () => {
    const rules = rule('consecutive-days', { max: 2 })
    expect(amyServes(rules, [{ day: 0, from: 0 }, { day: 0 }, { day: 1 }])).toEqual([])
    expect(amyServes(rules, onDays(0, 1), { history: [past('amy', { day: -1 })] })).toHaveLength(1)
  })

  test('a short run at an edge is forgiven', () => {
    const rules = rule('consecutive-days', { min: 2 })
    expect(amyServes(rules, onDays(0, 13))).toEqual([])
    expect(amyServes(rules, onDays(5))).toMatchObject([{ cost: 1, observed: 1, limit: 2 }])
    expect(amyServes(rule('consecutive-days', { min: 2, forgiveEdges: false }), onDays(0))).toHaveLength(1)
  })

  test('where history tells what was before, only a run that may go on is forgiven', () => {
    const rules = rule('consecutive-days', { min: 3, forgiveEdges: 'end' })
    expect(amyServes(rules, onDays(13))).toEqual([])
    expect(amyServes(rules, onDays(0))).toMatchObject([{ observed: 1, limit: 3 }])
    expect(amyServes(rules, onDays(0), { history: [past('amy', { day: -1 })] })).toMatchObject([{ observed: 2 }])
  })
})

test('consecutive days off: short gaps between duties, long ones anywhere', () => {
  const short = rule('consecutive-days-off', { min: 2 })
  expect(amyServes(short, onDays(1, 3, 4, 7))).toEqual([{ who: 'amy', cost: 1, observed: 1, limit: 2, slots: 'a b' }])
  const strict = rule('consecutive-days-off', { min: 2, forgiveEdges: false })
  expect(amyServes(strict, onDays(1, 11))).toMatchObject([{ observed: 1, slots: 'a' }])
  const long = rule('consecutive-days-off', { max: 6 })
  expect(amyServes(long, onDays(6, 13))).toEqual([])
  expect(amyServes(long, onDays(7))).toMatchObject([{ cost: 1, observed: 7, slots: 'a' }])
  expect(amyServes(long, [])).toMatchObject([{ cost: 8, observed: 14 }])
})

test('consecutive weekends', () => {
  expect(amyServes(rule('consecutive-weekends', { max: 1 }), onDays(5, 6))).toEqual([])
  expect(amyServes(rule('consecutive-weekends', { max: 1 }), onDays(6, 8, 12))).toEqual([
    { who: 'amy', cost: 1, observed: 2, limit: 1, slots: 'a b c' },
  ])
})

test('rest in window: one long piece in every stretch of days', () => {
  const rules = rule('rest-in-window', { days: 7, minutes: 36 * 60 })
  const daily = [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, from: 0, hours: 8 }))
  const week = { period: { fromDay: MONDAY, toDay: MONDAY + 7, startsAt: MONDAY * 1440, endsAt: (MONDAY + 7) * 1440 } }
  expect(amyServes(rules, daily, week)).toMatchObject([{ cost: 20, observed: 16 * 60 }])
  expect(
    amyServes(
      rules,
      daily.filter((duty) => duty.day !== 3),
      week,
    ),
  ).toEqual([])
})

describe('succession', () => {
  const kinds = (...names: string[]) => names.map((templateId, day) => ({ day, templateId }))

  test('a forbidden one on the next day', () => {
    const rules = rule('succession', { first: { templateIds: ['N'] }, next: { templateIds: ['E'] }, mode: 'forbidden' })
    expect(amyServes(rules, kinds('N', 'E', 'N', 'D', 'E'))).toMatchObject([{ cost: 1, slots: 'a b' }])
  })

  test('a wanted one is missed when it does not come', () => {
    const rules = rule('succession', { first: { templateIds: ['T'] }, next: { templateIds: ['D'] }, mode: 'wanted' })
    expect(amyServes(rules, kinds('T', 'D', 'T', 'N'))).toMatchObject([{ cost: 1, slots: 'c' }])
  })
})

test('pattern: an unwanted sequence, wherever it lies or from one weekday only', () => {
  const days = ['off' as const, { tags: ['night'] }, 'off' as const]
  const lonely = [{ day: 2, tags: ['night'] }]
  expect(amyServes(rule('pattern', { days }), lonely)).toMatchObject([{ cost: 1, observed: MONDAY + 1, slots: 'a' }])
  expect(amyServes(rule('pattern', { days, startWeekday: 5 }), lonely)).toEqual([])
  expect(amyServes(rule('pattern', { days }), [...lonely, { day: 3 }])).toEqual([])
})

test('complete weekend: both days or none', () => {
  expect(amyServes(rule('complete-weekend', {}), onDays(5, 6))).toEqual([])
  expect(amyServes(rule('complete-weekend', {}), onDays(6))).toMatchObject([{ cost: 1, observed: 1, limit: 2 }])
})

test('identical weekend: one kind of duty', () => {
  const weekend = (a: string, b: string) => [
    { day: 5, templateId: a },
    { day: 6, templateId: b },
  ]
  expect(amyServes(rule('identical-weekend', {}), weekend('D', 'D'))).toEqual([])
  expect(amyServes(rule('identical-weekend', {}), weekend('D', 'N'))).toMatchObject([{ cost: 1, observed: 2 }])
})

test('distinct limit: different posts in a window', () => {
  const posts = (...names: string[]) => names.map((postId, i) => ({ day: i * 3, postId }))
  const rules = (window: object) => rule('distinct-limit', { of: 'post', max: 2, window: window as never })
  expect(amyServes(rules({ per: 'period' }), posts('x', 'y', 'x', 'z'))).toMatchObject([{ cost: 1, observed: 3 }])
  expect(amyServes(rules({ per: 'week' }), posts('x', 'y', 'x', 'z'))).toEqual([])
  expect(amyServes(rules({ per: 'rolling', days: 7 }), posts('x', 'y', 'x', 'z'))).toMatchObject([{ slots: 'b c d' }])
})

test('an overridden rest is no breach', () => {
  const shifts = [shift('a', { day: 0 }), shift('b', { day: 0, from: 17 })]
  const made = problem({ shifts, rules: [rule('minimum-rest', { minutes: 720 }, { strength: 'hard' })] })
  const [a, b] = roster('amy a b')
  expect(evaluate(made, [a!, b!]).score.hard).toBe(11)
  expect(evaluate(made, [a!, { ...b!, overrides: ['minimum-rest'] }]).score.hard).toBe(0)
})
