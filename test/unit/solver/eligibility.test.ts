import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { candidates, defaultRules, eligibility, evaluate, prepare } from '../../../src/solver/index.ts'
import { anyProblem } from './arbitrary.ts'
import { at, past, person, problem, roster, rule, shift, slot } from './build.ts'

describe('eligibility', () => {
  const made = problem({
    shifts: [shift('a', { day: 0, hours: 24 }), shift('b', { day: 1, from: 20 }), shift('c', { day: 3 })],
    slots: [slot('a'), slot('b', { requirement: { grades: ['chief'], qualifications: ['nurse'] } }), slot('c')],
    people: [person('amy', { absences: [{ start: at(1, 20), end: at(2) }] }), person('bo', { grade: 'chief' })],
    rules: defaultRules(),
  })

  test('every failing rule is told, with what was seen, the limit and whether it may be overridden', () => {
    const failures = eligibility(made, 'amy', 'b', roster('amy a'))
    expect(
      failures.map(({ ruleId, observed, limit, overridable }) => ({ ruleId, observed, limit, overridable })),
    ).toEqual([
      { ruleId: 'qualification', observed: 'none', limit: 'nurse', overridable: false },
      { ruleId: 'grade', observed: 'none', limit: 'chief', overridable: true },
      { ruleId: 'absence', observed: 240, limit: 0, overridable: true },
      { ruleId: 'minimum-rest', observed: 720, limit: 1440, overridable: true },
    ])
    expect(failures.at(-1)!.slotIds).toEqual(['a', 'b'])
  })

  test('the present holder is thought away, and history counts', () => {
    expect(eligibility(made, 'bo', 'a', roster('amy a'))).toEqual([])
    expect(eligibility(made, 'amy', 'a', roster('amy a'))).toEqual([])
    const tired = { ...made, history: [past('bo', { day: -1, hours: 24 })] }
    expect(eligibility(tired, 'bo', 'a', [])).toMatchObject([{ ruleId: 'minimum-rest', slotIds: ['history:0', 'a'] }])
  })

  test('an overridden assignment does not stand in the way again', () => {
    const standing = [...roster('bo a'), { personId: 'bo', slotId: 'b', overrides: ['minimum-rest', 'qualification'] }]
    expect(eligibility(made, 'bo', 'c', standing)).toEqual([])
  })

  test('in bulk: the same answers for everybody, in the order of the people', () => {
    const standing = roster('amy a')
    expect(candidates(made, 'b', standing)).toEqual(
      ['amy', 'bo'].map((personId) => ({ personId, failures: eligibility(made, personId, 'b', standing) })),
    )
    expect(prepare(made).candidates('c', standing, ['bo'])).toEqual([{ personId: 'bo', failures: [] }])
  })

  test('the last seat of a mix is for somebody of the kind', () => {
    const mixed = problem({
      shifts: [shift('a', { day: 0 })],
      slots: [slot('a'), slot('a/2')],
      people: [person('amy'), person('bo'), person('cy', { grade: 'chief' })],
      rules: [rule('mix', { people: { grades: ['chief'] }, min: 1 }, { strength: 'hard' })],
    })
    expect(eligibility(mixed, 'bo', 'a/2', [])).toEqual([])
    expect(eligibility(mixed, 'bo', 'a/2', roster('amy a'))).toMatchObject([{ ruleId: 'mix', observed: 0, limit: 1 }])
    expect(eligibility(mixed, 'cy', 'a/2', roster('amy a'))).toEqual([])
  })

  test('unknown ids are named', () => {
    expect(() => eligibility(made, 'nobody', 'a', [])).toThrow('no person nobody')
    expect(() => eligibility(made, 'amy', 'x', [])).toThrow('no slot x')
    expect(() => eligibility(made, 'amy', 'a', roster('zoe b'))).toThrow('unknown person: zoe')
  })

  test('no failure means: each hard rule is kept as well as before', () => {
    fc.assert(
      fc.property(anyProblem, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 6 }), (any, pairs) => {
        const single = { ...any, slots: any.slots.map((entry) => ({ ...entry, seats: 1 })) }
        const taken = new Map(
          pairs.map(([a, b]) => [
            single.slots[b % single.slots.length]!.id,
            single.people[a % single.people.length]!.id,
          ]),
        )
        const asked = single.slots[0]!.id
        taken.delete(asked)
        const standing = [...taken].map(([slotId, personId]) => ({ slotId, personId }))
        const before = evaluate(single, standing).score.hard
        for (const { personId, failures } of candidates(single, asked, standing)) {
          const after = evaluate(single, [...standing, { personId, slotId: asked }]).score.hard
          if (failures.length === 0) expect(after).toBeLessThanOrEqual(before)
          else expect(single.rules.some((entry) => entry.strength === 'hard')).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })
})
