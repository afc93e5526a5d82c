import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Proof, proofOf } from '../../../../src/solver/explain/bound.ts'
import { type Conflict, defaultRules, type Problem, solve, tellBound } from '../../../../src/solver/index.ts'
import { LEVELS } from '../../../../src/solver/score.ts'
import type { Level, Score } from '../../../../src/solver/types.ts'
import { anyProblem } from '../arbitrary.ts'
import { person, problem, roster, shift, slot } from '../build.ts'

const scoreOf = (some: Partial<Score>): Score => ({
  ...(Object.fromEntries(LEVELS.map((level) => [level, 0])) as Score),
  ...some,
})
const told = (level: Level, value: number, cost: number, seats?: Proof['seats']) => {
  const { abovePercent, text } = tellBound({ level, value, ...(seats && { seats }) }, scoreOf({ [level]: cost }))
  return [abovePercent, text.en, text.zh]
}

describe('what is said of a bound', () => {
  test('of costs: how far above the best possible at most, rounded up', () => {
    expect(told('justice', 200, 206.01)).toEqual([
      3.1,
      'Justice: at most 3.1 % above the best possible',
      '公平：最多比可能的最好结果高 3.1%',
    ])
    expect(told('wishes', 200, 206)).toEqual([
      3,
      'Wishes: at most 3 % above the best possible',
      '意愿：最多比可能的最好结果高 3%',
    ])
    expect(told('justice', 12.5, 12.5)).toEqual([0, 'Justice: proved best', '公平：已证明为最优'])
  })

  test('of a bound of 0: proved best at 0, and no percentage above it', () => {
    expect(told('justice', 0, 0)).toEqual([0, 'Justice: proved best', '公平：已证明为最优'])
    expect(told('justice', 0, 2.345)).toEqual([
      null,
      'Justice: a cost of 2.35; the best possible lies between 0 and that',
      '公平：代价 2.35，可能的最好结果在 0 与此之间',
    ])
  })

  test('of open seats: how many must stay open, and how many are', () => {
    expect(told('unmetMandatory', 3, 3, { atLeast: 3, open: 3 })).toEqual([
      0,
      'At least 3 mandatory seats must stay open; 3 are: proved best',
      '至少 3 个必备名额无法填满，现空缺 3 个：已证明为最优',
    ])
    expect(told('unmetDesired', 1, 1, { atLeast: 1, open: 1 })).toEqual([
      0,
      'At least 1 desired seat must stay open; 1 is: proved best',
      '至少 1 个期望名额无法填满，现空缺 1 个：已证明为最优',
    ])
    expect(told('unmetMandatory', 2, 3, { atLeast: 2, open: 3 })).toEqual([
      50,
      'At least 2 mandatory seats must stay open; 3 are, so at most 1 more can be filled',
      '至少 2 个必备名额无法填满，现空缺 3 个，最多还可填 1 个',
    ])
    expect(told('unmetMandatory', 0, 0, { atLeast: 0, open: 0 })).toEqual([
      0,
      'All mandatory seats are filled: proved best',
      '必备名额全部填满：已证明为最优',
    ])
  })

  test('of open seats of different priority: points and seats are told apart', () => {
    expect(told('unmetMandatory', 4, 5, { atLeast: 2, open: 2 })).toEqual([
      25,
      'At least 2 mandatory seats must stay open; 2 are; weighed by priority at most 25 % above the best possible',
      '至少 2 个必备名额无法填满，现空缺 2 个；按优先级计，最多比可能的最好结果高 25%',
    ])
    expect(told('unmetMandatory', 6, 6, { atLeast: 2, open: 3 })).toEqual([
      0,
      'Open mandatory seats, weighed by priority: proved best (3)',
      '必备名额空缺 3 个，按优先级计：已证明为最优',
    ])
  })
})

describe('what is proven', () => {
  const shifts = [shift('a', { day: 0 }), shift('b', { day: 1 }), shift('c', { day: 2 })]
  const slots = [
    slot('a', { seats: 2, priority: 5 }),
    slot('b', { seats: 2, priority: 2 }),
    slot('c', { need: 'desired' }),
  ]
  const made = problem({ shifts, slots })
  const conflict = (slotIds: string[], short: number): Conflict => ({
    days: [],
    roles: [],
    slotIds,
    seats: 2,
    people: 2 - short,
    short,
    text: { zh: '', en: '' },
  })
  const proven = (text: string, score: Partial<Score>, conflicts: Conflict[] = [], isExhausted = false) =>
    proofOf(made, { assignments: roster(text), conflicts, score: scoreOf(score) }, { isExhausted, justice: 7 })

  test('conflicts without a slot in common add up, the cheapest seats of each counting', () => {
    const conflicts = [conflict(['a'], 1), conflict(['b'], 2), conflict(['a', 'b'], 2)]
    expect(proven('amy a', { unmetMandatory: 9 }, conflicts)).toEqual({
      level: 'unmetMandatory',
      value: 9,
      seats: { atLeast: 3, open: 3 },
    })
    expect(proven('amy a b', { unmetMandatory: 7 }, [conflict(['a', 'b'], 1)])).toEqual({
      level: 'unmetMandatory',
      value: 2,
      seats: { atLeast: 1, open: 2 },
    })
  })

  test('several narrow conflicts may say more than a wide one, and the other way round', () => {
    const narrow = [conflict(['a'], 1), conflict(['b'], 1)]
    expect(proven('amy a b', { unmetMandatory: 7 }, [conflict(['a', 'b'], 1), ...narrow])).toMatchObject({
      value: 7,
      seats: { atLeast: 2, open: 2 },
    })
    expect(proven('amy a b', { unmetMandatory: 7 }, [conflict(['b'], 1), conflict(['a', 'b'], 2)])).toMatchObject({
      value: 4,
      seats: { atLeast: 2, open: 2 },
    })
  })

  test('nothing of seats where there is no conflict, or where a hard rule is broken', () => {
    expect(proven('amy a b', { unmetMandatory: 7 })).toBeUndefined()
    expect(proven('amy a b', { unmetMandatory: 7, hard: 1 }, [conflict(['a'], 1)])).toBeUndefined()
  })

  test('of a roster whose mandatory seats are all filled: that, then justice', () => {
    expect(proven('amy a b, bo a b', { unmetDesired: 1 })).toEqual({
      level: 'unmetMandatory',
      value: 0,
      seats: { atLeast: 0, open: 0 },
    })
    expect(proven('amy a b c, bo a b', { justice: 9 })).toEqual({ level: 'justice', value: 7 })
  })

  test('where every roster was tried, what there is', () => {
    expect(proven('amy a b', { unmetMandatory: 7 }, [], true)).toEqual({
      level: 'unmetMandatory',
      value: 7,
      seats: { atLeast: 2, open: 2 },
    })
    expect(proven('amy a b, bo a b', { unmetDesired: 1 }, [], true)).toEqual({
      level: 'unmetDesired',
      value: 1,
      seats: { atLeast: 1, open: 1 },
    })
    expect(proven('amy a b c, bo a b', { justice: 9 }, [], true)).toEqual({ level: 'justice', value: 9 })
  })
})

test('a run that is short of people says how many seats must stay open', async () => {
  const shifts = Array.from({ length: 7 }, (_, day) => shift(`d${day}`, { day, hours: 24 }))
  const slots = shifts.map((entry) => slot(entry.id, { seats: 3, priority: 4 }))
  const people = ['amy', 'bo', 'cy'].map((id) => person(id))
  const made = problem({ shifts, slots, people, rules: defaultRules() }, 7)
  const { bound, score, stopped } = await solve(made, { seed: 1, budget: { iterations: 2000 } })
  expect([score.unmetMandatory, stopped]).toEqual([36, 'iterations'])
  expect(bound).toEqual({
    level: 'unmetMandatory',
    value: 36,
    seats: { atLeast: 9, open: 9 },
    abovePercent: 0,
    text: {
      en: 'At least 9 mandatory seats must stay open; 9 are: proved best',
      zh: '至少 9 个必备名额无法填满，现空缺 9 个：已证明为最优',
    },
  })
})

test('whoever serves by an override does not make the proof wrong', async () => {
  const made = problem({
    shifts: [shift('a', { day: 0 })],
    slots: [slot('a', { seats: 3, requirement: { grades: ['chief'] } })],
    people: [person('amy', { grade: 'clerk' }), person('bo', { grade: 'chief' })],
    rules: defaultRules(),
    pins: [{ personId: 'amy', slotId: 'a', overrides: ['grade'] }],
  })
  const { bound, score, conflicts } = await solve(made, { seed: 1, budget: {} })
  expect(score).toMatchObject({ hard: 0, unmetMandatory: 1 })
  expect(
    proofOf(made, { assignments: roster('amy a, bo a'), conflicts, score }, { isExhausted: false, justice: 0 }),
  ).toEqual({ level: 'unmetMandatory', value: 1, seats: { atLeast: 1, open: 1 } })
  expect(bound!.text.en).toBe('At least 1 mandatory seat must stay open; 1 is: proved best')
})

/** Four people and four seats at most, so that every roster is tried. */
const small = (made: Problem): Problem => ({
  ...made,
  people: made.people.slice(0, 4),
  slots: made.slots.slice(0, 4).map((entry) => ({ ...entry, seats: 1 })),
  rules: defaultRules(),
  links: [],
  pins: [],
  published: [],
  exclusions: [],
})

test('what conflicts say of open seats is never more than the best of all rosters leaves open', async () => {
  let tight = 0
  for (const made of fc.sample(anyProblem, { numRuns: 200, seed: 31 }).map(small)) {
    const best = await solve(made, { seed: 1, budget: {} })
    expect(best.stopped).toBe('optimal')
    expect(best.bound!.abovePercent).toBe(0)
    if (best.score.unmetMandatory === 0) continue
    const proof = proofOf(made, best, { isExhausted: false, justice: undefined })
    if (!proof) continue
    expect(proof.value).toBeLessThanOrEqual(best.score.unmetMandatory)
    expect(proof.seats!.atLeast).toBeLessThanOrEqual(proof.seats!.open)
    if (proof.value === best.score.unmetMandatory) tight++
  }
  expect(tight).toBeGreaterThan(20)
})
