import { expect, test } from 'vitest'
import { freeze } from '../../../src/modules/rosters/problem.freeze.ts'
import type { Problem, Shift } from '../../../src/solver/index.ts'
import { at, person, problem, roster, rule, shift, slot } from '../solver/build.ts'

const hard = { strength: 'hard' as const }
const away = { absences: [{ start: at(1), end: at(2) }] }

/** A published roster, all confirmed. */
const published = (text: string, parts: Partial<Problem> & { shifts: Shift[] }): Problem =>
  problem({ published: roster(text).map((one) => ({ ...one, confirmed: true })), ...parts })
const twoDays = [shift('a', { day: 0 }), shift('b', { day: 1 })]

function frozenOf(made: Problem, slotIds: string[]): string[] {
  freeze(made, new Set(slotIds))
  return made.published!.filter((one) => one.frozen).map((one) => one.slotId)
}

test('what is published in the given slots is frozen, and nothing else', () => {
  expect(frozenOf(published('amy a, bo b', { shifts: twoDays }), ['a'])).toEqual(['a'])
  expect(frozenOf(published('amy a, bo b', { shifts: twoDays }), [])).toEqual([])
})

test('whom a hard rule no longer lets serve is not held there, unless that was set aside for them', () => {
  const people = [person('amy', away), person('bo', away)]
  const parts = { shifts: twoDays, people, rules: [rule('absence', {}, hard)] }
  expect(frozenOf(published('amy a, bo b', parts), ['a', 'b'])).toEqual(['a'])
  const waived = published('amy a, bo b', parts)
  waived.published![1]!.overrides = ['absence']
  expect(frozenOf(waived, ['a', 'b'])).toEqual(['a', 'b'])
  const soft = published('amy a, bo b', { ...parts, rules: [rule('absence', {})] })
  expect(frozenOf(soft, ['a', 'b'])).toEqual(['a', 'b'])
})

test('what an organizer has pinned otherwise is theirs to decide', () => {
  const shifts = [...twoDays, shift('c', { day: 0 })]
  const rules = [rule('no-overlap', {}, hard)]
  const all = ['a', 'b']
  expect(frozenOf(published('amy a, bo b', { shifts, rules, pins: roster('cy a') }), all)).toEqual(['b'])
  expect(frozenOf(published('amy a, bo b', { shifts, rules, pins: roster('amy c') }), all)).toEqual(['b'])
  expect(frozenOf(published('amy a, bo b', { shifts, rules, pins: roster('amy a') }), all)).toEqual(all)
})

test('of linked slots all stay or none', () => {
  const people = [person('amy', away), person('bo')]
  const slots = [slot('a'), slot('b'), slot('a/2')]
  const links = [{ id: 'week', slotIds: ['a', 'b'] }]
  const made = published('amy a b, bo a/2', {
    shifts: twoDays,
    slots,
    people,
    links,
    rules: [rule('absence', {}, hard)],
  })
  expect(frozenOf(made, ['a', 'a/2'])).toEqual(['a/2'])
})

test('of a crew that has to be whole all stay or none; others in the shift stay', () => {
  const people = [person('amy', away), person('bo'), person('cy')]
  const parts = {
    shifts: twoDays,
    people,
    slots: [slot('b'), slot('b/2'), slot('b/3')],
    crews: [{ id: 'crew', personIds: ['amy', 'bo'] }],
  }
  const all = ['b', 'b/2', 'b/3']
  const absence = rule('absence', {}, hard)
  const whole = rule('crew-whole', {}, hard)
  const made = (rules: Problem['rules']) => published('amy b, bo b/2, cy b/3', { ...parts, rules })
  expect(frozenOf(made([absence, whole]), all)).toEqual(['b/3'])
  expect(frozenOf(made([absence]), all)).toEqual(['b/2', 'b/3'])
  expect(frozenOf(made([whole]), all)).toEqual(all)
})
