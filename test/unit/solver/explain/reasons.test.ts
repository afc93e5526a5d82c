import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePlan } from '../../../../src/solver/checks.ts'
import { layOut } from '../../../../src/solver/evaluate.ts'
import { openSlots, spread } from '../../../../src/solver/explain/reasons.ts'
import { amountText, ordinal } from '../../../../src/solver/explain/words.ts'
import { candidates, defaultRules, explain, type Problem } from '../../../../src/solver/index.ts'
import { RosterState } from '../../../../src/solver/state.ts'
import { anyProblem } from '../arbitrary.ts'
import { at, person, problem, roster, rule, shift, slot } from '../build.ts'

const hard = { strength: 'hard' as const }
const unlocksIn = (made: Problem, text: string) => explain(made, roster(text)).reasons[0]!.unlocks

describe('what would unlock a slot says by how much a rule would have to give way', () => {
  test('rest, in hours', () => {
    const shifts = [shift('a', { day: 0 }), shift('b', { day: 0, from: 20 })]
    const made = problem({ shifts, people: [person('amy')], rules: defaultRules() })
    expect(unlocksIn(made, 'amy a')).toEqual([
      {
        kind: 'waive',
        personId: 'amy',
        ruleId: 'minimum-rest',
        amount: 480,
        unit: 'minutes',
        text: {
          en: 'Waive minimum-rest by 8 h: amy rests 4 h between a on 2026-11-02 and b on 2026-11-02; 12 h are owed',
          zh: '破例（minimum-rest 放宽 8 h）：amy 在 a（2026-11-02）与 b（2026-11-02）之间只休息 4 h，应不少于 12 h',
        },
      },
    ])
  })

  test('days and shifts, in their unit', () => {
    const shifts = [0, 1, 2].map((day) => shift(`d${day}`, { day }))
    const runs = problem({ shifts, people: [person('amy')], rules: [rule('consecutive-days', { max: 2 }, hard)] })
    expect(unlocksIn(runs, 'amy d0 d1').map((one) => one.text.en)).toContain(
      'Waive consecutive-days by 1 day: amy serves 3 days in a row; at most 2',
    )
    const limit = rule('load-limit', { measure: 'shifts', window: { per: 'week' }, max: 1 }, { ...hard, id: 'own 1' })
    const few = problem({ shifts, people: [person('amy')], rules: [limit] })
    const waive = unlocksIn(few, 'amy d0 d1').find((one) => one.kind === 'waive')!
    expect(waive).toMatchObject({ ruleId: 'own 1', amount: 2, unit: 'shifts' })
    expect(waive.text.zh).toBe('破例（load-limit 放宽 2 班）：amy 一周内班数 3，上限 1')
  })

  test('a rule of yes and no has no amount', () => {
    const made = problem({
      shifts: [shift('a', { day: 0 })],
      slots: [slot('a', { requirement: { grades: ['chief'] } })],
      people: [person('amy', { grade: 'clerk' })],
      rules: defaultRules(),
    })
    const [waive] = unlocksIn(made, '')
    expect(waive).not.toHaveProperty('amount')
    expect(waive!.text.en).toBe('Waive grade: amy is of grade clerk; needed: chief')
  })

  test('several rules are waived together', () => {
    const shifts = [shift('a', { day: 0 }), shift('b', { day: 0, from: 20 })]
    const made = problem({
      shifts,
      slots: [slot('a'), slot('b', { requirement: { grades: ['chief'] } })],
      people: [person('amy', { grade: 'clerk' })],
      rules: defaultRules(),
    })
    const [waive] = unlocksIn(made, 'amy a')
    expect(waive).toMatchObject({ kind: 'waive', ruleId: 'grade', ruleIds: ['grade', 'minimum-rest'] })
    expect(waive).not.toHaveProperty('amount')
    expect(waive!.text.en).toMatch(
      /^Waive grade and minimum-rest by 8 h: amy is of grade clerk; needed: chief; amy rests/,
    )
    expect(waive!.text.zh).toMatch(/^破例（grade、minimum-rest 放宽 8 h）：/)
  })

  test('moving a duty names the rule that duty stands for', () => {
    const shifts = [shift('a', { day: 0 }), shift('b', { day: 0, from: 12 })]
    const made = problem({
      shifts,
      people: [person('amy'), person('bo', { absences: [{ start: at(0, 18), end: at(1) }] })],
      rules: defaultRules(),
    })
    expect(unlocksIn(made, 'amy a').find((one) => one.kind === 'move')).toEqual({
      kind: 'move',
      personId: 'amy',
      ruleId: 'no-overlap',
      slotId: 'a',
      text: { en: 'Give a 2026-11-02 of amy to bo', zh: '将 amy 的 a 2026-11-02 改由 bo 承担' },
    })
  })
})

test('how many are ruled out by what is what asking everybody one by one gives', () => {
  let compared = 0
  for (const made of fc.sample(anyProblem, { numRuns: 150, seed: 41 })) {
    const plan = compilePlan(made)
    const isOfFit = new Set(
      plan.pairs.filter((check) => check.isHard && check.byRequirement).map(({ rule }) => rule.id),
    )
    const state = new RosterState(plan)
    const seen = new Set<number>()
    for (const reason of openSlots(plan, layOut(plan, []), state)) {
      const slotIndex = plan.model.slotIndex.get(reason.slotId)!
      if (seen.has(state.fits.classOf(slotIndex))) continue
      seen.add(state.fits.classOf(slotIndex))
      const counts = new Map<string, { count: number; alone: number }>()
      const misses: string[] = []
      for (const { personId, failures } of candidates(made, reason.slotId, [])) {
        const fits = state.fits.mayFit(plan.model.personIndex.get(personId)!, slotIndex)
        const ids = new Set(failures.map(({ ruleId }) => ruleId).filter((id) => fits || isOfFit.has(id)))
        for (const id of ids) {
          const entry = counts.get(id) ?? { count: 0, alone: 0 }
          counts.set(id, { count: entry.count + 1, alone: entry.alone + (ids.size === 1 ? 1 : 0) })
        }
        if (failures.length > 0) misses.push(personId)
      }
      const told = new Map(reason.eliminated.map(({ ruleId, count, alone }) => [ruleId, { count, alone }]))
      expect(told).toEqual(counts)
      expect(reason.nearest).toHaveLength(Math.min(3, misses.length))
      compared++
    }
  }
  expect(compared).toBeGreaterThan(200)
})

test('amounts and places in words', () => {
  const one = (amount: number, unit: Parameters<typeof amountText>[1]) => amountText(amount, unit)
  expect(one(150, 'minutes')).toEqual({ zh: '2 h 30 min', en: '2 h 30 min' })
  expect(one(1, 'weekends')).toEqual({ zh: '1 个周末', en: '1 weekend' })
  expect(one(1.128, 'kilometres')).toEqual({ zh: '1.13 公里', en: '1.13 km' })
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(ordinal)).toEqual(
    '1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 103rd 111th'.split(' '),
  )
})

test('where too many seats are open, the nearest are looked for among a few, and it is said', () => {
  const shifts = [0, 1].map((day) => shift(`d${day}`, { day }))
  const people = Array.from({ length: 100 }, (_, i) =>
    person(`p${i}`, i < 90 ? { grade: 'chief', absences: [{ start: at(0), end: at(2) }] } : { grade: 'clerk' }),
  )
  const slots = shifts.map((entry) => slot(entry.id, { requirement: { grades: ['chief'] } }))
  const made = problem({ shifts, slots, people, rules: defaultRules() })
  const plan = compilePlan(made)
  const [whole, part] = openSlots(plan, layOut(plan, []), new RosterState(plan), 0)
  expect(whole).toMatchObject({ considered: 100, eligible: 0 })
  expect(whole).not.toHaveProperty('isPartial')
  expect(whole!.eliminated).toEqual([
    { ruleId: 'absence', rule: 'absence', count: 90, alone: 90 },
    { ruleId: 'grade', rule: 'grade', count: 10, alone: 10 },
  ])
  expect(part).toMatchObject({ slotId: 'd1', considered: 100, eligible: 90, isPartial: true, sampled: 40 })
  expect(part!.eliminated).toEqual([{ ruleId: 'grade', rule: 'grade', count: 10, alone: 10 }])
  expect(part!.nearest.map((one) => one.personId)).toEqual(['p0', 'p2', 'p5'])
  expect(part!.nearest[0]!.failures).toMatchObject([{ ruleId: 'absence', observed: 480 }])
  expect(part!.unlocks[0]!.text.en).toBe('Waive absence by 8 h: p0 is absent for 8 h of it')
  expect(part!.text).toEqual({
    en: 'd1 on 2026-11-03, guard is open: at most 90 of 100 people could serve; eliminated by grade 10; all other rules were asked of 40 people only',
    zh: 'd1 2026-11-03 guard 空缺：100 人中至多 90 人可用；未过规则：grade 10；其余规则只抽查了 40 人',
  })
})

test('a spread takes entries evenly, and all of a short list', () => {
  expect(spread(Int32Array.of(5, 6, 7), 8)).toEqual([5, 6, 7])
  expect(
    spread(
      Array.from({ length: 10 }, (_, i) => i),
      4,
    ),
  ).toEqual([0, 2, 5, 7])
  expect(spread([], 4)).toEqual([])
})
