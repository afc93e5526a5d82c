import { describe, expect, test } from 'vitest'
import { evaluate, type RuleInstance } from '../../../../src/solver/index.ts'
import { at, found, MONDAY, past, person, problem, roster, rule, shift, slot } from '../build.ts'

describe('will', () => {
  const withSpans = (rules: RuleInstance[], amy: object) =>
    problem({ shifts: [shift('a', { day: 2 })], people: [person('amy', amy), person('bo')], rules })

  test('absence: a minute is enough, touching is not', () => {
    const rules = [rule('absence', {})]
    const away = (start: number, end: number) => withSpans(rules, { absences: [{ start, end }] })
    expect(found(away(at(2, 16), at(3)), 'amy a')).toEqual([])
    expect(found(away(at(2, 15.5), at(3)), 'amy a')).toEqual([
      { who: 'amy', cost: 1, observed: 30, limit: 0, slots: 'a' },
    ])
  })

  test('unavailable and undesired look at their own kind', () => {
    const span = (kind: string) => ({ availability: [{ kind, start: at(2), end: at(2, 10) }] })
    const rules = [rule('unavailable', {}), rule('undesired', {}, { strength: { weight: 3 } })]
    expect(found(withSpans(rules, span('unavailable')), 'amy a')).toMatchObject([{ cost: 1, observed: 120 }])
    expect(found(withSpans(rules, span('undesired')), 'amy a')).toMatchObject([{ cost: 3, observed: 120 }])
    expect(found(withSpans(rules, span('available')), 'amy a')).toEqual([])
  })

  test('availability: the spans together must hold the whole duty; without any, everything is open', () => {
    const rules = [rule('availability', {})]
    const spans = (...ends: number[]) => ({
      availability: ends.map((end) => ({ kind: 'available', start: at(2, end - 4), end: at(2, end) })),
    })
    expect(found(withSpans(rules, spans(12, 16)), 'amy a')).toEqual([])
    expect(found(withSpans(rules, spans(12, 15)), 'amy a')).toMatchObject([{ cost: 1, observed: 420, limit: 480 }])
    expect(found(withSpans(rules, spans(12)), 'bo a')).toEqual([])
  })

  test('preferred: a duty outside of what was wished for', () => {
    const wish = (start: number) => ({ availability: [{ kind: 'preferred', start, end: at(3) }] })
    expect(found(withSpans([rule('preferred', {})], wish(at(2))), 'amy a')).toEqual([])
    expect(found(withSpans([rule('preferred', {})], wish(at(2, 12))), 'amy a')).toMatchObject([
      { cost: 1, observed: 240 },
    ])
  })

  test('excluded: the slot or the whole shift', () => {
    const made = (exclusion: object) => ({
      ...withSpans([rule('excluded', {})], {}),
      exclusions: [{ personId: 'amy', reason: 'declined', ...exclusion }],
    })
    expect(found(made({ slotId: 'a' }), 'amy a')).toMatchObject([{ observed: 'declined' }])
    expect(found(made({ shiftId: 'a' }), 'amy a')).toHaveLength(1)
    expect(found(made({ shiftId: 'a' }), 'bo a')).toEqual([])
  })

  test('request on and off, each with its amount', () => {
    const asks = (kind: 'on' | 'off', templateId: string) =>
      rule('request', { personId: 'amy', kind, day: MONDAY + 2, duties: { templateIds: [templateId] }, amount: 3 })
    const made = (rules: RuleInstance[]) => problem({ shifts: [shift('a', { day: 2 }, { templateId: 'D' })], rules })
    expect(found(made([asks('on', 'D')]), 'amy a')).toEqual([])
    expect(found(made([asks('on', 'D')]), 'bo a')).toMatchObject([{ who: 'amy', cost: 3, observed: 0 }])
    expect(found(made([asks('off', 'D')]), 'amy a')).toMatchObject([{ cost: 3, slots: 'a' }])
    expect(found(made([asks('off', 'N')]), 'amy a')).toEqual([])
  })

  test('pairing: apart and together', () => {
    const made = (mode: 'apart' | 'together') =>
      problem({
        shifts: [shift('a', { day: 0 }), shift('b', { day: 1 })],
        slots: [slot('a'), slot('a/2'), slot('b')],
        rules: [rule('pairing', { personIds: ['amy', 'bo'], mode })],
      })
    expect(found(made('apart'), 'amy a b, bo a/2')).toMatchObject([{ who: 'amy bo', cost: 1, slots: 'a a/2' }])
    expect(found(made('together'), 'amy a b, bo a/2')).toMatchObject([{ cost: 1, observed: 1, limit: 2, slots: 'b' }])
  })
})

describe('post', () => {
  test('unmet seats count at their level with their priority', () => {
    const made = problem({
      shifts: [shift('a', { day: 0 })],
      slots: [
        slot('a', { seats: 3, priority: 2 }),
        slot('a/2', { need: 'desired' }),
        slot('a/3', { need: 'optional' }),
      ],
    })
    expect(evaluate(made, roster('amy a')).score).toMatchObject({ unmetMandatory: 4, unmetDesired: 1, wishes: 0 })
  })

  test('cover: too few and too many, each at its own price', () => {
    const made = problem({
      shifts: [shift('a', { day: 0 })],
      slots: [slot('a', { need: 'optional', seats: 3, cover: { required: 2, under: 100, over: 1 } })],
      rules: [rule('cover', {})],
    })
    expect(evaluate(made, []).score.wishes).toBe(200)
    expect(evaluate(made, roster('amy a, bo a')).score.wishes).toBe(0)
    expect(evaluate(made, roster('amy a, bo a, cy a')).score.wishes).toBe(1)
  })

  test('mix: a shortfall counts as far as open seats cannot make it good', () => {
    const made = problem({
      shifts: [shift('a', { day: 0 })],
      slots: [slot('a'), slot('a/2')],
      people: [person('amy', { grade: 'chief' }), person('bo'), person('cy')],
      rules: [rule('mix', { people: { grades: ['chief'] }, min: 1, max: 1 })],
    })
    expect(found(made, 'bo a')).toEqual([])
    expect(found(made, 'bo a, cy a/2')).toMatchObject([{ cost: 1, observed: 0, limit: 1, slots: 'a a/2' }])
    expect(found(made, 'amy a, cy a/2')).toEqual([])
  })

  test('mix-distinct: no two of the same grade', () => {
    const made = problem({
      shifts: [shift('a', { day: 0 })],
      slots: [slot('a'), slot('a/2'), slot('a/3')],
      people: [person('amy', { grade: 'x' }), person('bo', { grade: 'x' }), person('cy', { grade: 'y' })],
      rules: [rule('mix-distinct', { of: 'grade' })],
    })
    expect(found(made, 'amy a, cy a/2')).toEqual([])
    expect(found(made, 'amy a, bo a/2, cy a/3')).toMatchObject([{ cost: 1, observed: 2, limit: 3 }])
  })

  test('crew whole: each member who is missing', () => {
    const made = problem({
      shifts: [shift('a', { day: 0 })],
      slots: [slot('a'), slot('a/2'), slot('a/3')],
      crews: [{ id: 'red', personIds: ['amy', 'bo', 'cy'] }],
      rules: [rule('crew-whole', {})],
    })
    expect(found(made, 'amy a')).toMatchObject([{ who: 'bo cy', cost: 2, observed: 1, limit: 3 }])
    expect(found(made, 'amy a, bo a/2, cy a/3')).toEqual([])
  })

  test('linked slots: one person through the whole period', () => {
    const made = problem({
      shifts: [shift('a', { day: 0 }), shift('b', { day: 1 }), shift('c', { day: 2 })],
      links: [{ id: 'liaison', slotIds: ['a', 'b', 'c'] }],
      rules: [rule('linked-slots', {})],
    })
    expect(found(made, 'amy a c')).toEqual([])
    expect(found(made, 'amy a, bo b')).toMatchObject([{ who: 'amy bo', cost: 1, observed: 2, limit: 1 }])
  })
})

describe('justice', () => {
  const shifts = [0, 1, 2].map((day) => shift('abc'[day]!, { day, hours: 10 }))
  const fair = (params: object = {}) => rule('fair-share', { measure: 'minutes', within: 'all', ...params })

  test('squared hours away from the fair share', () => {
    const made = problem({ shifts, rules: [fair()] })
    expect(evaluate(made, roster('amy a, bo b, cy c')).score.justice).toBe(0)
    expect(evaluate(made, roster('amy a b, bo c')).score.justice).toBe(200)
  })

  test('half the share, half the load; nothing expected, nothing compared', () => {
    const people = [person('amy', { share: 1 }), person('bo', { share: 0.5 }), person('cy', { share: 0 })]
    const made = problem({ shifts, people, rules: [fair()] })
    expect(evaluate(made, roster('amy a b, bo c')).score.justice).toBe(0)
    expect(evaluate(made, roster('amy a, bo b')).score.justice).toBeCloseTo(22.222222, 6)
  })

  test('what was carried in counts as load', () => {
    const people = [person('amy', { carriedIn: { minutes: 600 } }), person('bo')]
    const made = problem({ shifts, people, rules: [fair()] })
    expect(evaluate(made, roster('bo a')).score.justice).toBe(0)
    expect(evaluate(made, roster('amy a')).score.justice).toBe(200)
  })

  test('sets by group: a rotation goes before the other memberships', () => {
    const member = (...ids: string[]) =>
      ids.map((id) => ({ id, kind: id === 'r' ? ('rotation' as const) : ('specialist' as const) }))
    const people = [person('amy', { groups: member('s', 'r') }), person('bo', { groups: member('r') }), person('cy')]
    const made = problem({ shifts, people, rules: [fair({ within: 'group' })] })
    expect(evaluate(made, roster('amy a, cy b')).score.justice).toBe(50)
  })

  test('duty from other rosters inside the period is load too, duty before it is not', () => {
    const history = [past('amy', { day: -1 }), past('bo', { day: 1, hours: 10, from: 20 })]
    const made = problem({ shifts, people: [person('amy'), person('bo')], history, rules: [fair()] })
    expect(evaluate(made, roster('amy a')).score.justice).toBe(0)
  })
})

describe('calm', () => {
  const shifts = [shift('a', { day: 0 }), shift('b', { day: 1 })]
  const published = [
    { personId: 'amy', slotId: 'a', confirmed: true },
    { personId: 'bo', slotId: 'b', confirmed: false },
  ]
  const slots = [slot('a'), slot('a/2'), slot('b')]

  test('least change: confirmed and pending moves count at their levels; another seat of the shift is no move', () => {
    const made = problem({ shifts, slots, published, rules: [rule('least-change', {})] })
    expect(evaluate(made, roster('amy a/2, bo b')).score).toMatchObject({ movedConfirmed: 0, movedPending: 0 })
    expect(evaluate(made, roster('bo a, cy b')).score).toMatchObject({ movedConfirmed: 1, movedPending: 1 })
  })

  test('a confirmed person counts once, whatever they lose; the rest of it counts with the pending ones', () => {
    const three = [...shifts, shift('c', { day: 2 })]
    const all = ['a', 'b', 'c'].map((slotId) => ({ personId: 'amy', slotId, confirmed: slotId !== 'c' }))
    const made = problem({ shifts: three, published: all, rules: [rule('least-change', {})] })
    expect(evaluate(made, roster('amy a b c')).score).toMatchObject({ movedConfirmed: 0, movedPending: 0 })
    expect(evaluate(made, roster('amy b c')).score).toMatchObject({ movedConfirmed: 1, movedPending: 0 })
    expect(evaluate(made, roster('amy c')).score).toMatchObject({ movedConfirmed: 1, movedPending: 1 })
    expect(evaluate(made, roster('')).score).toMatchObject({ movedConfirmed: 1, movedPending: 2 })
    const told = (rules: RuleInstance[]) =>
      evaluate({ ...made, rules }, roster('')).breaches.map(({ level, slotIds }) => `${level} ${slotIds}`)
    expect(told(made.rules)).toEqual(['movedConfirmed a', 'movedPending b', 'movedPending c'])
    expect(told([rule('least-change', {}, { strength: 'hard' })])).toEqual(['hard a', 'hard b', 'hard c'])
    expect(told([rule('least-change', {}, { scope: { duties: { days: [MONDAY + 1] } } })])).toEqual([
      'movedConfirmed b',
    ])
  })

  test('pinned: pins and frozen assignments must hold', () => {
    const frozen = [{ ...published[0]!, frozen: true }]
    const rules = [rule('pinned', {}, { strength: 'hard' })]
    const made = problem({ shifts, slots, published: frozen, pins: [{ personId: 'cy', slotId: 'b' }], rules })
    expect(evaluate(made, roster('amy a, cy b')).score.hard).toBe(0)
    expect(found(made, 'cy a')).toMatchObject([
      { who: 'cy', cost: 1, slots: 'b' },
      { who: 'amy', cost: 1, slots: 'a' },
    ])
  })

  test('not before: nobody new so late, those standing stay', () => {
    const made = problem({ shifts, slots, published, rules: [rule('not-before', { instant: at(1) })] })
    expect(found(made, 'amy a, cy b')).toEqual([])
    expect(found(made, 'cy a')).toMatchObject([{ cost: 1, limit: at(1) }])
  })
})
