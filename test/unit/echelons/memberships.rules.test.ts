import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Membership, MembershipRule } from '../../../src/modules/echelons/echelons.types.ts'
import {
  cutTo,
  dayOfAge,
  type HandEntry,
  isMemberOn,
  membershipsOf,
  type Person,
  type SetFacts,
} from '../../../src/modules/echelons/memberships.rules.ts'
import { ageOn } from '../../../src/time/age.ts'
import { addLocalDays } from '../../../src/time/zones.ts'

const person = (more: Partial<Person> = {}): Person => ({
  id: 'ann',
  displayName: 'Ann',
  unitPath: '/city/east/',
  birthOn: '1990-06-15',
  grade: 'staff',
  personClass: 'staff',
  joinedOn: null,
  leftOn: null,
  held: [],
  ...more,
})
const set = (...rules: (MembershipRule | null)[]): SetFacts => ({
  id: 'set',
  kind: 'reserve',
  unitPath: '/city/',
  echelons: rules.map((rule, index) => ({ id: `e${index + 1}`, position: index + 1, rule })),
})
const entry = (echelonId: string, fromOn: string, toOn: string | null, excluded = false): HandEntry => ({
  ...{ id: `${echelonId}-${fromOn}`, setId: 'set', echelonId, volunteerId: 'ann', fromOn, toOn, excluded },
})
const paths = new Map([
  ['east', '/city/east/'],
  ['west', '/city/west/'],
])
const found = (facts: SetFacts, who: Person, entries: HandEntry[] = []) =>
  membershipsOf(facts, [who], entries, paths).map((one) => [one.echelonId, one.fromOn, one.toOn, one.source])

describe('by rule', () => {
  test('a birthday ends one membership and begins the next', () => {
    const bands = set({ age: { to: 35 } }, { age: { from: 36, to: 50 } }, { age: { from: 51 } })
    expect(found(bands, person())).toEqual([
      ['e1', null, '2026-06-15', 'rule'],
      ['e2', '2026-06-15', '2041-06-15', 'rule'],
      ['e3', '2041-06-15', null, 'rule'],
    ])
    expect(found(bands, person({ birthOn: null }))).toEqual([])
  })

  test('the day of an age is the first day of that age', () => {
    expect(dayOfAge('2000-02-29', 25)).toBe('2025-03-01')
    const birth = fc.integer({ min: 0, max: 40_000 }).map((days) => addLocalDays('1920-01-01', days))
    fc.assert(
      fc.property(birth, fc.integer({ min: 0, max: 110 }), (birthOn, age) => {
        const day = dayOfAge(birthOn, age)
        expect([ageOn(birthOn, addLocalDays(day, -1)), ageOn(birthOn, day)]).toEqual([age - 1, age])
      }),
    )
  })

  test('all parts must hold; a list means one of, qualifications mean every one', () => {
    const held = [
      { id: 'a', validFrom: '2026-01-01', validTo: '2026-03-01' },
      { id: 'a', validFrom: '2026-03-01', validTo: null },
      { id: 'b', validFrom: null, validTo: '2026-07-01' },
    ]
    const fits = (rule: MembershipRule, more = {}) => found(set(rule), person({ held, ...more }))
    expect(fits({ qualificationIds: ['a', 'b'] })).toEqual([['e1', '2026-01-01', '2026-07-01', 'rule']])
    expect(fits({ qualificationIds: ['a', 'c'] })).toEqual([])
    expect(fits({ unitIds: ['west', 'east'] })).toHaveLength(1)
    expect(fits({ unitIds: ['west', 'gone'] })).toEqual([])
    expect(fits({ grades: ['chief', 'staff'], personClasses: ['staff'] })).toHaveLength(1)
    expect(fits({ grades: ['chief'] })).toEqual([])
    expect(fits({ grades: ['staff'] }, { grade: null })).toEqual([])
    expect(fits({ personClasses: ['police'] })).toEqual([])
  })

  test('who lives elsewhere, has not joined or has left is no member', () => {
    const everybody = set({ grades: ['staff'] })
    expect(found(everybody, person({ unitPath: '/other/' }))).toEqual([])
    expect(found(everybody, person({ joinedOn: '2026-02-01', leftOn: '2026-04-01' }))).toEqual([
      ['e1', '2026-02-01', '2026-04-01', 'rule'],
    ])
  })

  test('of two echelons that fit, the first one has the person', () => {
    expect(found(set({ grades: ['staff'] }, { grades: ['staff'] }), person())).toEqual([['e1', null, null, 'rule']])
  })
})

describe('by hand', () => {
  const rules = set({ grades: ['staff'] }, null)

  test('goes before the rule, in any echelon of the set', () => {
    expect(found(rules, person(), [entry('e2', '2026-05-01', '2026-06-01')])).toEqual([
      ['e1', null, '2026-05-01', 'rule'],
      ['e1', '2026-06-01', null, 'rule'],
      ['e2', '2026-05-01', '2026-06-01', 'hand'],
    ])
  })

  test('an exclusion takes out of its own echelon only', () => {
    const excluded = [entry('e1', '2026-05-01', null, true)]
    expect(found(rules, person(), excluded)).toEqual([['e1', null, '2026-05-01', 'rule']])
    const both = set({ grades: ['staff'] }, { grades: ['staff'] })
    expect(found(both, person(), excluded)).toEqual([
      ['e1', null, '2026-05-01', 'rule'],
      ['e2', '2026-05-01', null, 'rule'],
    ])
  })

  test('ends when the person leaves', () => {
    const entries = [entry('e2', '2026-05-01', null)]
    expect(found(set(null, null), person({ leftOn: '2026-05-10' }), entries)).toEqual([
      ['e2', '2026-05-01', '2026-05-10', 'hand'],
    ])
  })
})

test('nobody is in two echelons of a set on the same day, whatever rules and entries say', () => {
  const day = fc.integer({ min: 0, max: 40 }).map((days) => addLocalDays('2026-06-01', days))
  const rule = fc.option(
    fc.record({ age: fc.record({ from: fc.integer({ min: 30, max: 36 }), to: fc.integer({ min: 36, max: 40 }) }) }),
    { nil: null },
  )
  const anEntry = fc.record({ echelon: fc.integer({ min: 1, max: 3 }), from: day, excluded: fc.boolean() })
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 3, maxLength: 3 }),
      fc.array(anEntry, { maxLength: 3 }),
      day,
      (rules, given, on) => {
        const sorted = [...new Map(given.map((one) => [one.from, one])).values()].sort((a, b) =>
          a.from < b.from ? -1 : 1,
        )
        // As the database promises, entries of one person do not overlap.
        const entries = sorted.map(({ echelon, from, excluded }, i) =>
          entry(`e${echelon}`, from, sorted[i + 1]?.from ?? null, excluded),
        )
        const all = membershipsOf(set(...rules), [person()], entries, paths)
        expect(all.filter((one) => isMemberOn(one, on)).length).toBeLessThanOrEqual(1)
        const held = entries.find((one) => one.fromOn <= on && (one.toOn === null || on < one.toOn))
        if (held && !held.excluded) expect(all.find((one) => isMemberOn(one, on))?.echelonId).toBe(held.echelonId)
      },
    ),
  )
})

test('a window keeps the ends that lie inside it and drops what does not touch it', () => {
  const one = (fromOn: string | null, toOn: string | null) => ({ fromOn, toOn }) as Membership
  const cut = cutTo(
    [
      one(null, null),
      one('2026-05-01', '2026-05-03'),
      one('2026-05-02', '2026-05-08'),
      one('2026-04-01', '2026-05-01'),
      one('2026-05-08', null),
    ],
    '2026-05-01',
    '2026-05-08',
  )
  expect(cut.map(({ fromOn, toOn }) => [fromOn, toOn])).toEqual([
    [null, null],
    [null, '2026-05-03'],
    ['2026-05-02', null],
  ])
})
