import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../../src/solver/index.ts'
import { at, found, person, problem, roster, rule, shift, slot } from '../build.ts'

const oneShift = (rules: Parameters<typeof problem>[0]['rules'], amy: object, requirement: object) =>
  problem({
    shifts: [shift('a', { day: 2 })],
    slots: [slot('a', { requirement })],
    people: [person('amy', amy)],
    rules: rules!,
  })

describe('qualification', () => {
  const rules = [rule('qualification', {})]

  test('costs one point for each that is missing', () => {
    const made = oneShift(rules, { qualifications: [{ id: 'nurse' }] }, { qualifications: ['nurse', 'driver', 'cook'] })
    expect(found(made, 'amy a')).toEqual([{ who: 'amy', cost: 2, observed: 'none', limit: 'driver, cook', slots: 'a' }])
  })

  test('must be valid until the end of the shift', () => {
    const needs = { qualifications: ['nurse'] }
    const until = (to: number) => ({ qualifications: [{ id: 'nurse', to }] })
    expect(found(oneShift(rules, until(at(2, 16)), needs), 'amy a')).toEqual([])
    expect(found(oneShift(rules, until(at(2, 16) - 1), needs), 'amy a')).toMatchObject([
      { cost: 1, observed: 'not valid then: nurse' },
    ])
    const from = { qualifications: [{ id: 'nurse', from: at(2, 8) + 1 }] }
    expect(found(oneShift(rules, from, needs), 'amy a')).toHaveLength(1)
  })
})

test('clearance: the papers a post asks for', () => {
  const made = oneShift(
    [rule('clearance', {})],
    { clearances: [{ id: 'insured' }] },
    { clearances: ['insured', 'ppe'] },
  )
  expect(found(made, 'amy a')).toEqual([{ who: 'amy', cost: 1, observed: 'none', limit: 'ppe', slots: 'a' }])
})

test('language: all that the slot needs', () => {
  const made = oneShift([rule('language', {})], { languages: ['zh'] }, { languages: ['zh', 'bo'] })
  expect(found(made, 'amy a')).toEqual([{ who: 'amy', cost: 1, observed: 'zh', limit: 'bo', slots: 'a' }])
})

test('grade and person class: one of those named; no list means anybody', () => {
  const rules = [rule('grade', {}), rule('person-class', {})]
  const needs = { grades: ['chief', 'deputy'], personClasses: ['staff'] }
  expect(found(oneShift(rules, { grade: 'deputy', personClass: 'staff' }, needs), 'amy a')).toEqual([])
  expect(found(oneShift(rules, { grade: 'clerk' }, needs), 'amy a')).toEqual([
    { who: 'amy', cost: 1, observed: 'clerk', limit: 'chief, deputy', slots: 'a' },
    { who: 'amy', cost: 1, observed: 'none', limit: 'staff', slots: 'a' },
  ])
  expect(found(oneShift(rules, {}, {}), 'amy a')).toEqual([])
})

test('unit: the subtree, by whole segments', () => {
  const rules = [rule('unit', {})]
  const needs = { units: ['city/east'] }
  expect(found(oneShift(rules, { unitPath: 'city/east/village-3' }, needs), 'amy a')).toEqual([])
  expect(found(oneShift(rules, { unitPath: 'city/east' }, needs), 'amy a')).toEqual([])
  expect(found(oneShift(rules, { unitPath: 'city/eastern' }, needs), 'amy a')).toMatchObject([{ cost: 1 }])
})

test('echelon on turn: membership at the moment the shift starts', () => {
  const rules = [rule('echelon-on-turn', {})]
  const needs = { groups: ['first'] }
  const member = (validity: object) => ({ groups: [{ id: 'first', ...validity }] })
  expect(found(oneShift(rules, member({}), needs), 'amy a')).toEqual([])
  expect(found(oneShift(rules, member({ to: at(2, 9) }), needs), 'amy a')).toEqual([])
  expect(found(oneShift(rules, member({ to: at(2, 8) }), needs), 'amy a')).toMatchObject([
    { cost: 1, observed: 'none', limit: 'first' },
  ])
  expect(found(oneShift(rules, { groups: [{ id: 'second' }] }, needs), 'amy a')).toMatchObject([{ observed: 'second' }])
})

test('tier order: costs the tier of the echelon that the slot allows', () => {
  const groups = [
    { id: 'second', tier: 1 },
    { id: 'third', tier: 2 },
  ]
  const rules = [rule('tier-order', {}, { strength: { weight: 20 } })]
  expect(found(oneShift(rules, { groups }, {}), 'amy a')).toMatchObject([{ cost: 20, observed: 1 }])
  expect(found(oneShift(rules, { groups }, { groups: ['third'] }), 'amy a')).toMatchObject([{ cost: 40, observed: 2 }])
  expect(found(oneShift(rules, {}, {}), 'amy a')).toEqual([])
})

test('distance: one point for each started kilometre beyond the limit', () => {
  const made = problem({
    shifts: [shift('a', { day: 0 }, { location: { latitude: 30, longitude: 120 } })],
    people: [person('amy', { home: { latitude: 30.1, longitude: 120 } }), person('bo')],
    rules: [rule('distance', { maxKilometres: 10 })],
  })
  expect(found(made, 'amy a')).toEqual([{ who: 'amy', cost: 2, observed: 11.1, limit: 10, slots: 'a' }])
  expect(found(made, 'bo a')).toEqual([])
})

test('a hard rule counts at the first level, an override takes it away', () => {
  const made = oneShift([rule('grade', {}, { strength: 'hard' })], {}, { grades: ['chief'] })
  expect(evaluate(made, roster('amy a')).score.hard).toBe(1)
  const answer = evaluate(made, [{ personId: 'amy', slotId: 'a', overrides: ['grade'] }])
  expect(answer).toMatchObject({ score: { hard: 0 }, breaches: [] })
})

test('scope: the rule speaks only about its people and duties', () => {
  const scoped = (scope: object) => oneShift([rule('grade', {}, { scope })], { unitPath: 'x' }, { grades: ['chief'] })
  expect(found(scoped({ people: { units: ['x'] }, duties: { weekdays: [3] } }), 'amy a')).toHaveLength(1)
  expect(found(scoped({ people: { units: ['y'] } }), 'amy a')).toEqual([])
  expect(found(scoped({ duties: { weekdays: [4] } }), 'amy a')).toEqual([])
})

test('the sentence names person, fact and limit in both languages', () => {
  const made = oneShift([rule('grade', {})], { name: 'Amy', grade: 'clerk' }, { grades: ['chief'] })
  expect(evaluate(made, roster('amy a')).breaches[0]!.text).toEqual({
    zh: 'Amy 职级为 clerk，要求 chief',
    en: 'Amy is of grade clerk; needed: chief',
  })
})
