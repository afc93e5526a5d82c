import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePlan, concernsPair, type Plan } from '../../../src/solver/checks.ts'
import { Fits } from '../../../src/solver/fits.ts'
import { defaultRules } from '../../../src/solver/index.ts'
import { PeopleKinds } from '../../../src/solver/people-kinds.ts'
import { anyProblem } from './arbitrary.ts'
import { at, person, problem, shift, slot } from './build.ts'

/** Asks every hard rule about person and slot. */
function failing({ pairs }: Plan, who: number, where: number, byRequirement?: boolean): number {
  let failed = 0
  for (const check of pairs) {
    if (!check.isHard || (byRequirement && !check.byRequirement) || !concernsPair(check, who, where)) continue
    check.pair.visit(who, where, (amount) => {
      failed += amount
    })
  }
  return failed
}

test('whoever is allowed passes every rule, and whoever passes is on the list', () => {
  fc.assert(
    fc.property(anyProblem, (made) => {
      const plan = compilePlan(made)
      const fits = new Fits(plan)
      made.slots.forEach((_slot, where) => {
        const list = [...fits.peopleFor(where)]
        expect(list).toEqual(list.toSorted((a, b) => a - b))
        made.people.forEach((_person, who) => {
          expect(fits.allows(who, where)).toBe(failing(plan, who, where) === 0)
          expect(fits.mayFit(who, where)).toBe(list.includes(who))
          if (failing(plan, who, where, true) === 0) expect(list).toContain(who)
        })
      })
    }),
    { numRuns: 300 },
  )
})

test('a paper that ends puts nobody on the lists of slots they never fit', () => {
  const people = [
    person('amy', { groups: [{ id: 'one', to: at(1) }], unitPath: 'city/east/a' }),
    person('bo', { groups: [{ id: 'two', to: at(9) }], unitPath: 'city/east' }),
    person('cy', { groups: [{ id: 'one' }], unitPath: 'city/eastern' }),
  ]
  const shifts = [shift('a', { day: 0 }), shift('b', { day: 2 }), shift('c', { day: 0 })]
  const slots = [
    slot('a', { requirement: { groups: ['one'] } }),
    slot('b', { requirement: { groups: ['one'] } }),
    slot('c', { requirement: { units: ['city/east'] } }),
  ]
  const fits = new Fits(compilePlan(problem({ people, shifts, slots, rules: defaultRules() })))
  expect([0, 1, 2].map((where) => [...fits.peopleFor(where)])).toEqual([
    [0, 2],
    [0, 2],
    [0, 1],
  ])
  expect([0, 1].map((where) => fits.allows(0, where))).toEqual([true, false])
})

test('people alike are kept as one kind, whatever the days their papers end on', () => {
  const until = (to: number) => ({ qualifications: [{ id: 'nurse', to }], groups: [{ id: 'one' }] })
  const people = [1, 2, 3].map((day) => person(`p${day}`, until(at(day))))
  const plan = compilePlan(problem({ people, shifts: [shift('a', { day: 0 })], rules: defaultRules() }))
  const asked = plan.pairs.filter((check) => check.isHard && check.byRequirement)
  const kinds = new PeopleKinds(plan, asked)
  expect([...kinds.of]).toEqual([0, 0, 0])
  expect([...kinds.toAsk({ groups: ['two'] })]).toEqual([])
  expect([...kinds.toAsk({ groups: ['one'] })]).toEqual([0])
})
