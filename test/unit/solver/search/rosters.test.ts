import { describe, expect, test } from 'vitest'
import { defaultRules, explain, type Progress, solve, solveInThread } from '../../../../src/solver/index.ts'
import { at, person, problem, roster, rule, shift, slot } from '../build.ts'

const hard = { strength: 'hard' as const }
const everyDay = (days: number, hours = 24) =>
  Array.from({ length: days }, (_, day) => shift(`d${day}`, { day, hours }))

describe('what the engine can say and do', () => {
  test('24 h every other day for a week is legal by the default rules, every day is not', async () => {
    const two = problem({ shifts: everyDay(7), people: [person('amy'), person('bo')], rules: defaultRules() }, 7)
    expect((await solve(two, { seed: 1, budget: {} })).score).toMatchObject({ hard: 0, unmetMandatory: 0 })
    const one = { ...two, people: [person('amy')] }
    expect((await solve(one, { seed: 1, budget: {} })).score.unmetMandatory).toBe(3)
  })

  test('linked slots go to one person for the whole period', async () => {
    const shifts = everyDay(5, 8)
    const made = problem({
      shifts,
      people: [
        person('amy', { absences: [{ start: at(3), end: at(4) }] }),
        person('bo'),
        person('cy', { absences: [{ start: at(0), end: at(1) }] }),
      ],
      links: [{ id: 'liaison', slotIds: shifts.map((entry) => entry.id) }],
      rules: defaultRules(),
    })
    const solution = await solve(made, { seed: 3, budget: {} })
    expect(new Set(solution.assignments.map((a) => a.personId))).toEqual(new Set(['bo']))
    expect(solution.score).toMatchObject({ hard: 0, unmetMandatory: 0 })
  })

  test('a mix rule and crews hold in every shift', async () => {
    const shifts = everyDay(6, 8)
    const slots = shifts.flatMap((entry) => [slot(entry.id), slot(`${entry.id}/2`)])
    const people = [0, 1, 2, 3, 4, 5].map((i) => person(`p${i}`, { grade: i < 3 ? 'old' : 'new' }))
    const rules = [...defaultRules(), rule('mix', { people: { grades: ['old'] }, min: 1, max: 1 }, hard)]
    const solution = await solve(problem({ shifts, slots, people, rules }), { seed: 1, budget: { iterations: 5000 } })
    expect(solution.score).toMatchObject({ hard: 0, unmetMandatory: 0 })
    const crews = [
      { id: 'red', personIds: ['p0', 'p1'] },
      { id: 'blue', personIds: ['p2', 'p3'] },
      { id: 'green', personIds: ['p4', 'p5'] },
    ]
    for (const strength of ['hard' as const, { weight: 1 }]) {
      const crewed = problem({
        shifts,
        slots,
        people,
        crews,
        rules: [...defaultRules(), rule('crew-whole', {}, { strength })],
      })
      const roster = await solve(crewed, { seed: 1, budget: { iterations: 5000 } })
      expect(roster.score).toMatchObject({ hard: 0, unmetMandatory: 0, wishes: 0 })
      const loads = people.map(({ id }) => roster.assignments.filter((a) => a.personId === id).length)
      expect(loads).toEqual([2, 2, 2, 2, 2, 2])
    }
  })

  test('hard rules that forbid single days are met by runs of days', async () => {
    const shifts = everyDay(14, 8)
    const slots = shifts.flatMap((entry) => [slot(entry.id), slot(`${entry.id}/2`)])
    const people = 'abcde'.split('').map((id) => person(id))
    const rules = [
      ...defaultRules(),
      rule('consecutive-days', { min: 3, max: 5 }, { ...hard, id: 'runs' }),
      rule('consecutive-days-off', { min: 2 }, hard),
      rule('complete-weekend', {}, hard),
    ]
    const made = problem({ shifts, slots, people, rules })
    expect((await solve(made, { seed: 1, budget: { iterations: 30_000 } })).score).toMatchObject({
      hard: 0,
      unmetMandatory: 0,
    })
  })

  test('desired seats wait for mandatory ones, and higher priority goes first', async () => {
    const made = problem({
      shifts: [shift('a', { day: 0 })],
      slots: [slot('a/1', { need: 'desired' }), slot('a/2', { priority: 5 }), slot('a/3'), slot('a/4')],
      people: [person('amy'), person('bo')],
      rules: defaultRules(),
    })
    const solution = await solve(made, { seed: 1, budget: {} })
    expect(solution.score).toMatchObject({ unmetMandatory: 1, unmetDesired: 1 })
    expect(solution.assignments.map((a) => a.slotId)).toContain('a/2')
  })

  test('pins and frozen assignments stay, even where they break a rule', async () => {
    const made = problem({
      shifts: everyDay(3),
      rules: defaultRules(),
      pins: [...roster('amy d0 d1')],
      published: [{ personId: 'bo', slotId: 'd2', confirmed: true, frozen: true }],
    })
    const solution = await solve(made, { seed: 1, budget: {} })
    expect(solution.assignments).toEqual(roster('amy d0 d1, bo d2'))
    expect(solution.why.map((entry) => entry.kept)).toEqual(['pinned', 'pinned', 'frozen'])
    expect(solution.breaches).toMatchObject([{ ruleId: 'minimum-rest', observed: 0, limit: 1440 }])
  })

  test('too few people for the rest they need: said with the days and the number short', async () => {
    const made = problem({ shifts: everyDay(7), people: [person('amy')], rules: defaultRules() }, 7)
    const { conflicts, score } = await solve(made, { seed: 1, budget: {} })
    expect(score.unmetMandatory).toBe(3)
    expect(conflicts).toMatchObject([{ roles: ['guard'], seats: 7, people: 1, short: 3 }])
    expect(conflicts[0]!.text.en).toBe(
      '2026-11-02 – 2026-11-08, guard: 7 seats; with rest and limits 1 people can serve 4 at most, 3 short',
    )
  })

  test('an open slot tells who could unlock it, and how', async () => {
    const made = problem({
      shifts: [shift('a', { day: 0 }), shift('b', { day: 0, from: 12 })],
      slots: [slot('a'), slot('b', { requirement: { grades: ['chief'] } })],
      people: [person('amy', { grade: 'chief' }), person('bo', { grade: 'clerk' })],
      rules: defaultRules(),
      pins: roster('amy a'),
    })
    const [reason] = (await solve(made, { seed: 1, budget: {} })).reasons
    expect(reason).toMatchObject({ slotId: 'b', considered: 2, eligible: 0 })
    expect(reason!.eliminated).toEqual([
      { ruleId: 'grade', rule: 'grade', count: 1, alone: 1 },
      { ruleId: 'no-overlap', rule: 'no-overlap', count: 1, alone: 1 },
    ])
    expect(reason!.unlocks).toMatchObject([
      { kind: 'waive', personId: 'bo', ruleId: 'grade' },
      { kind: 'move', personId: 'amy', slotId: 'a' },
    ])
    expect(reason!.unlocks[1]!.text.en).toBe('Give a 2026-11-02 of amy to bo')
  })
})

test('a roster changed by hand is explained like one the engine made', async () => {
  const made = problem({ shifts: everyDay(7), people: [person('amy'), person('bo')], rules: defaultRules() }, 7)
  const { assignments, reasons, why, conflicts, justice, changes } = await solve(made, { seed: 1, budget: {} })
  expect(explain(made, assignments)).toEqual({ reasons, why, conflicts, justice, changes })
  const [gone, ...left] = assignments
  const told = explain(made, left)
  expect(told.reasons).toMatchObject([{ slotId: gone!.slotId, open: 1, eligible: 1 }])
  expect(told.why).toHaveLength(6)
})

describe('running', () => {
  const never = [{ kind: 'undesired' as const, start: at(0), end: at(15) }]
  const people = 'abcdefg'.split('').map((id) => person(id, { availability: never }))
  /** No roster is without wishes unmet, so the search never knows that it is done. */
  const made = problem({ shifts: everyDay(14), people, rules: defaultRules() })

  test('a roster that cannot be better ends the search', async () => {
    const easy = { ...made, people: people.map(({ id }) => person(id)) }
    expect(await solve(easy, { seed: 1, budget: { iterations: 1e9 } })).toMatchObject({
      stopped: 'optimal',
      bound: { level: 'justice', value: 0 },
      score: { justice: 0 },
    })
  })

  test('an aborted run answers with what it has', async () => {
    const aborted = await solve(made, { seed: 1, budget: { iterations: 1e9 }, signal: { aborted: true } })
    expect(aborted.stopped).toBe('aborted')
    const controller = new AbortController()
    const running = solve(made, { seed: 1, budget: { iterations: 1e9 }, signal: controller.signal })
    setTimeout(() => controller.abort(), 20)
    expect(await running).toMatchObject({ stopped: 'aborted', score: { hard: 0, unmetMandatory: 0 } })
  })

  test('the caller’s clock ends the run, and progress is told', async () => {
    let now = 0
    const seen: Progress[] = []
    const budget = { milliseconds: 50, elapsedMs: () => now++ }
    const solution = await solve(made, { seed: 1, budget, onProgress: (progress) => seen.push(progress) })
    expect(solution.stopped).toBe('time')
    expect(seen.map((progress) => progress.phase)).toContain('improve')
    expect(seen.at(-1)!.done).toBe(1)
    expect(solution.trace.at(-1)!.score).toEqual(solution.score)
  })

  test('a thread gives the same roster as the caller would get itself', async () => {
    const options = { seed: 7, budget: { iterations: 2000 } }
    const [inside, outside] = await Promise.all([solve(made, options), solveInThread(made, options)])
    expect(outside.assignments).toEqual(inside.assignments)
  })

  test('two threads end together when told to', async () => {
    const controller = new AbortController()
    const options = { seed: 7, budget: { iterations: 1e9 }, threads: 2, signal: controller.signal }
    setTimeout(() => controller.abort(), 600)
    expect(await solveInThread(made, options)).toMatchObject({ stopped: 'aborted', score: { hard: 0 } })
  })

  test('a problem that contradicts itself is refused with every fault', async () => {
    const wrong = { ...made, slots: [...made.slots, slot('nowhere')], pins: roster('nobody d0') }
    const faults = /Slot nowhere names an unknown shift: nowhere\..*unknown person: nobody\./
    await expect(solve(wrong, { seed: 1, budget: {} })).rejects.toThrow(faults)
    await expect(solveInThread(wrong, { seed: 1, budget: {} })).rejects.toThrow(TypeError)
  })
})
