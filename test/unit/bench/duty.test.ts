import { expect, test } from 'vitest'
import { districtProblem, scaledDistrict } from '../../../bench/district-problem.ts'
import { dutyProblem, scaledShape } from '../../../bench/duty-problem.ts'
import { CoverBound } from '../../../bench/support/cover-bound.ts'
import { disturbanceOf } from '../../../bench/support/disturbance.ts'
import { judgeDuty } from '../../../bench/support/duty-judge.ts'
import { besideOthers } from '../../../bench/support/duty-peers.ts'
import { dutyRoundRobin } from '../../../bench/support/duty-round-robin.ts'
import { growthExponent } from '../../../bench/support/duty-run.ts'
import { Fitting } from '../../../bench/support/fitting.ts'
import { defaultRules, evaluate, type Person, type Problem, solve } from '../../../src/solver/index.ts'
import { createRandom } from '../../../src/solver/random.ts'
import { at, person, problem, roster, shift, slot } from '../solver/build.ts'

const rules = defaultRules()
/** For tests that run whole solvers. */
const PATIENCE = 120_000
const group = [{ id: 'one', kind: 'rotation' as const }]
const both = [person('amy', { groups: group }), person('bo', { groups: group })]
const round = { hours: 24 }
const sum = (counts: object) => Object.values(counts).reduce((all, count) => all + count, 0)

test('the judge counts cover, breaches and unevenness as one would by hand', () => {
  const shifts = [shift('a', { day: 0, ...round }), shift('b', { day: 1, from: 20 }), shift('c', { day: 2, from: 2 })]
  const slots = [
    slot('a'),
    slot('b', { requirement: { grades: ['chief'] } }),
    slot('c', { need: 'desired' }),
    slot('c/2'),
  ]
  const away = [{ start: at(2), end: at(3) }]
  const made = problem({ shifts, slots, people: [both[0]!, { ...both[1]!, absences: away }], rules })
  // Amy rests 12 and 18 of 24 h after a, is no chief in b, and b runs into c; Bo is away on the day of c.
  expect(judgeDuty(made, roster('amy a b c, bo c/2'))).toEqual({
    seats: { mandatory: 3, desired: 1 },
    filled: { mandatory: 3, desired: 1 },
    breaches: { requirement: 1, absence: 1, 'minimum-rest': 2, 'no-overlap': 1 },
    spreadHours: { one: 32 },
    justice: 2 * 16 ** 2,
    wishes: 0,
  })
  expect(judgeDuty(made, roster('amy a, bo a')).breaches).toEqual({ seats: 1 })
})

const made = (seed: number): Problem =>
  seed % 2 === 0 ? dutyProblem(scaledShape(160, 4, 4, seed)) : districtProblem(scaledDistrict(90, 20, 4, seed))

test('judge and engine agree about every roster, good or bad', async () => {
  for (let seed = 1; seed <= 4; seed++) {
    const one = made(seed)
    const random = createRandom(seed)
    const { assignments } = await solve(one, { seed, budget: { iterations: 500 }, explain: false })
    const anybody = () => one.people[random.below(one.people.length)]!.id
    const spoilt = assignments.map((a) => (random.below(40) === 0 ? { ...a, personId: anybody() } : a))
    for (const [name, list] of Object.entries({ assignments, robin: dutyRoundRobin(one), spoilt })) {
      const { score } = evaluate(one, list)
      const verdict = judgeDuty(one, list)
      expect(sum(verdict.breaches) > 0, name).toBe(score.hard > 0)
      expect(verdict.seats.mandatory! - verdict.filled.mandatory!).toBe(score.unmetMandatory)
      expect(verdict.justice).toBeCloseTo(score.justice, 3)
      expect(verdict.wishes).toBeCloseTo(score.wishes, 6)
    }
    expect(evaluate(one, dutyRoundRobin(one)).score.hard).toBe(0)
    expect(evaluate(one, spoilt).score.hard).toBeGreaterThan(0)
  }
})

const fillable = (one: Problem) => new CoverBound(new Fitting(one)).fillable()

test('no more seats can be filled than people, rest and limits let', async () => {
  const alone = [both[0]!]
  const days = [0, 1, 2].map((day) => shift(`d${day}`, { day, ...round }))
  expect(fillable(problem({ shifts: days, people: alone, rules }))).toEqual({ mandatory: 2, desired: 0 })
  const beside = [shift('a', { day: 0 }), shift('b', { day: 0, from: 10 })]
  expect(fillable(problem({ shifts: beside, people: alone, rules }))).toEqual({ mandatory: 1, desired: 0 })
  const slots = [slot('a'), slot('b', { need: 'desired' })]
  expect(fillable(problem({ shifts: beside, slots, people: both, rules }))).toEqual({ mandatory: 1, desired: 1 })
  const week = Array.from({ length: 13 }, (_, i) =>
    shift(`w${i}`, { day: Math.floor(i / 2), from: 12 * (i % 2), hours: 12 }),
  )
  // Six days in a row at most, so one of seven is free.
  expect(fillable(problem({ shifts: week, people: alone, rules }, 7)).mandatory).toBe(6)
  for (let seed = 1; seed <= 2; seed++) {
    const one = made(seed)
    const { assignments } = await solve(one, { seed, budget: { iterations: 500 }, explain: false })
    expect(judgeDuty(one, assignments).filled.mandatory).toBeLessThanOrEqual(fillable(one).mandatory)
  }
})

test('nobody need be disturbed where somebody free can step in, and somebody must where only the busy can', async () => {
  const shifts = [shift('a', { day: 0 }), shift('b', { day: 0 })]
  const slots = [slot('a', { requirement: { grades: ['chief'] } }), slot('b')]
  const ill = { absences: [{ start: at(0), end: at(7) }] }
  const staff = (cy: Partial<Person>) => [
    person('amy', { grade: 'chief', ...ill }),
    person('bo', { grade: 'chief' }),
    person('cy', cy),
  ]
  const published = [{ personId: 'bo', slotId: 'b', confirmed: true }]
  const after = (cy: Partial<Person>, text: string) =>
    disturbanceOf(problem({ shifts, slots, people: staff(cy), rules, published }), roster(text))
  expect(await after({ grade: 'chief' }, 'cy a, bo b')).toMatchObject({ disturbed: 0, disturbedAtLeast: 0 })
  expect(await after({ grade: 'chief' }, 'bo a, cy b')).toMatchObject({ disturbed: 1, disturbedAtLeast: 0 })
  expect(await after({}, 'bo a, cy b')).toEqual({
    filledMandatory: 2,
    fillableMandatory: 2,
    disturbed: 1,
    disturbedConfirmed: 1,
    disturbedAtLeast: 1,
    disturbedConfirmedAtLeast: 1,
  })
})

test('a team that cannot go out whole is disturbed by nobody’s choice', async () => {
  const team = ['amy', 'bo', 'cy']
  const ill = { absences: [{ start: at(0), end: at(7) }] }
  const people = [...team, 'di', 'ed', 'fay'].map((id) => person(id, id === 'amy' ? ill : {}))
  const whole = { id: 'whole', rule: 'crew-whole' as const, params: {}, strength: 'hard' as const }
  const slots = ['a', 'a/2', 'a/3'].map((id) => slot(id))
  const crews = [
    { id: 'one', personIds: team },
    { id: 'two', personIds: ['di', 'ed', 'fay'] },
  ]
  const published = [
    { personId: 'bo', slotId: 'a', confirmed: true },
    { personId: 'cy', slotId: 'a/2', confirmed: false },
  ]
  const shifts = [shift('a', { day: 0 }, { tags: ['whole'] })]
  const scoped = { ...whole, scope: { duties: { tags: ['whole'] } } }
  const changed = problem({ shifts, slots, people, crews, published, rules: [...rules, scoped] })
  expect(await disturbanceOf(changed, roster('di a, ed a/2, fay a/3'))).toMatchObject({
    disturbed: 2,
    disturbedAtLeast: 2,
    disturbedConfirmed: 1,
    disturbedConfirmedAtLeast: 1,
  })
})

test(
  'all solvers are given the same duty problem and judged by the same code',
  async () => {
    for (const one of [dutyProblem(scaledShape(90, 2, 2, 1)), districtProblem(scaledDistrict(40, 6, 2, 1))]) {
      const {
        problem: facts,
        engine,
        roundRobin,
        highs,
        cpSat,
      } = await besideOthers(one, { seconds: 2, threads: 1, seed: 1 })
      const { mandatory } = facts.fillable
      const seats = judgeDuty(one, []).seats.mandatory!
      expect(engine).toMatchObject({ hard: 0, openMandatory: seats - mandatory })
      expect(roundRobin).toMatchObject({ hard: 0 })
      for (const peer of [highs, cpSat]) {
        if (typeof peer === 'string') expect(peer).toBe('not installed')
        else expect(peer).toMatchObject({ hard: 0, openMandatory: expect.toSatisfy((one) => one >= seats - mandatory) })
      }
    }
  },
  PATIENCE,
)

test('growth is one for what grows as its size does, two for its square', () => {
  const sizes = [10, 20, 40]
  const grown = (power: number) => growthExponent(sizes.map((size) => ({ size, seconds: 3 * size ** power })))
  expect(grown(1)).toBeCloseTo(1)
  expect(grown(2)).toBeCloseTo(2)
})
