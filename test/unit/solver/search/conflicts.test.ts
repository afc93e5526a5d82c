import { describe, expect, test } from 'vitest'
import { compilePlan } from '../../../../src/solver/checks.ts'
import { mostInRuns } from '../../../../src/solver/explain/stamina.ts'
import { defaultRules, explain, type Problem, type RuleInstance, solve } from '../../../../src/solver/index.ts'
import { createRandom } from '../../../../src/solver/random.ts'
import { HARD } from '../../../../src/solver/score.ts'
import { RosterState } from '../../../../src/solver/state.ts'
import { at, MONDAY, past, person, problem, rule, shift } from '../build.ts'

const hard = { strength: 'hard' as const }
const amy = [person('amy')]
const conflictsOf = async (made: Problem) => (await solve(made, { seed: 1, budget: {} })).conflicts

describe('what one person can serve at most', () => {
  test('the way between posts takes nothing from what is called possible', async () => {
    const shifts = [
      shift('A', { day: 0, from: 0 }, { postId: 'X' }),
      shift('B', { day: 0, from: 1 }, { postId: 'Y' }),
      shift('C', { day: 0, from: 9 }, { postId: 'Y' }),
    ]
    const travel = [{ postIds: ['X', 'Y'] as [string, string], minutes: 120 }]
    const made = problem({ shifts, people: amy, rules: [rule('no-overlap', { travel }, hard)] })
    const { score, conflicts } = await solve(made, { seed: 1, budget: {} })
    expect(score.unmetMandatory).toBe(1)
    expect(conflicts.map(({ short }) => short)).toEqual([1])
  })

  test('a day off early on may be worth several duties later', async () => {
    const shifts = [
      ...[0, 1, 2].map((day) => shift(`d${day}`, { day })),
      ...[0, 8, 16].map((from) => shift(`x${from}`, { day: 3, from })),
    ]
    const rules = [rule('no-overlap', {}, hard), rule('consecutive-days', { max: 3 }, hard)]
    const { score, conflicts } = await solve(problem({ shifts, people: amy, rules }), { seed: 1, budget: {} })
    expect(score.unmetMandatory).toBe(1)
    expect(conflicts).toMatchObject([{ seats: 6, people: 1, short: 1 }])
  })

  test('rest owed after some duties only is no ground for a proof', async () => {
    const shifts = [0, 1, 2].map((day) => shift(`d${day}`, { day, hours: 24 }))
    const rest = rule('minimum-rest', { minutes: 1440, after: { days: [MONDAY + 1] } }, hard)
    const { score, conflicts } = await solve(
      problem({ shifts, people: amy, rules: [rule('no-overlap', {}, hard), rest] }),
      { seed: 1, budget: {} },
    )
    expect(score.unmetMandatory).toBe(1)
    expect(conflicts).toEqual([])
  })

  test('the limit of one person does not silence the proof for all', async () => {
    const shifts = [0, 1, 2, 3, 4, 5, 6].map((day) => shift(`d${day}`, { day, hours: 24 }))
    const own = rule('load-limit', { measure: 'shifts', window: { per: 'week' }, max: 2 }, hard)
    const scoped = { ...own, scope: { people: { personIds: ['bo'] } } } as RuleInstance
    const made = problem({ shifts, people: amy, rules: defaultRules() }, 7)
    const short = [{ roles: ['guard'], seats: 7, people: 1, short: 3 }]
    expect(await conflictsOf(made)).toMatchObject(short)
    expect(await conflictsOf({ ...made, rules: [...made.rules, scoped] })).toMatchObject(short)
  })

  test('what a pin holds against the rules is served', async () => {
    const shifts = [0, 1, 2, 3, 4].map((day) => shift(`d${day}`, { day, hours: 24 }))
    const pins = ['d0', 'd1'].map((slotId) => ({ personId: 'amy', slotId }))
    const made = problem({ shifts, people: amy, rules: defaultRules(), pins }, 7)
    const { score, conflicts } = await solve(made, { seed: 1, budget: {} })
    expect(score.unmetMandatory).toBe(2)
    for (const { short } of conflicts) expect(short).toBeLessThanOrEqual(2)
  })

  test('where duties may overlap, one person fills several seats at once', async () => {
    const shifts = ['a', 'b', 'c'].map((id) => shift(id, { day: 0 }))
    const limit = rule('load-limit', { measure: 'shifts', window: { per: 'day' }, max: 2 }, hard)
    const { score, conflicts } = await solve(problem({ shifts, people: amy, rules: [limit] }), { seed: 1, budget: {} })
    expect(score.unmetMandatory).toBe(1)
    expect(conflicts).toMatchObject([{ seats: 3, short: 1 }])
  })

  test('runs of days: the most by looking at every choice', () => {
    const random = createRandom(5)
    for (let round = 0; round < 300; round++) {
      const shifts = Array.from({ length: 1 + random.below(9) }, (_, i) =>
        shift(`s${i}`, { day: random.below(6), from: 8 * random.below(3) }),
      )
      const { duties } = compilePlan(problem({ shifts })).model
      const inTime = [...duties].sort((a, b) => a.start - b.start)
      const [gap, longest] = [[0, 480, 960, Number.NEGATIVE_INFINITY][random.below(4)]!, 1 + random.below(4)]
      let most = 0
      for (let set = 0; set < 2 ** inTime.length; set++) {
        const taken = inTime.filter((_duty, i) => set & (2 ** i))
        const isApart = taken.every((duty, i) => i === 0 || duty.start - taken[i - 1]!.end >= gap)
        const days = new Set(taken.map((duty) => duty.day))
        const isRested = [...days].every(
          (day) => !Array.from({ length: longest + 1 }, (_, k) => days.has(day + k)).every(Boolean),
        )
        if (isApart && isRested) most = Math.max(most, taken.length)
      }
      expect(mostInRuns(inTime, gap, longest), `round ${round}`).toBe(most)
    }
  })
})

/** One or two people, five shifts at two posts in a few days, under rules, pins and history of every sort a proof could trip over. */
function crowded(seed: number): Problem {
  const random = createRandom(seed)
  const either = () => random.below(2) === 0
  const hours = [4, 8, 24][random.below(3)]!
  const shifts = Array.from({ length: 5 }, (_, i) =>
    shift(
      `s${i}`,
      { day: random.below(hours === 24 ? 4 : 2), from: random.below(24), hours },
      {
        postId: either() ? 'X' : 'Y',
        tags: either() ? ['t'] : [],
      },
    ),
  )
  const scope = { people: { personIds: ['bo'] } }
  const choice: [boolean, RuleInstance][] = [
    [random.below(4) > 0, rule('no-overlap', either() ? { travelMinutes: 60 * random.below(6) } : {}, hard)],
    [random.below(4) === 0, rule('minimum-rest', { minutes: 60 * (1 + random.below(20)) }, hard)],
    [either(), rule('minimum-rest', { minutes: 900, after: { tags: ['t'] } }, { ...hard, id: 'after' })],
    [either(), rule('minimum-rest', { minutes: 900, before: { tags: ['t'] } }, { ...hard, id: 'before' })],
    [either(), rule('consecutive-days', { max: 1 + random.below(3) }, hard)],
    [either(), rule('consecutive-days', { max: 1 }, { ...hard, id: 'own-days', scope })],
    [either(), rule('load-limit', { measure: 'shifts', window: { per: 'rolling', days: 3 }, max: 2 }, hard)],
    [either(), rule('load-limit', { measure: 'minutes', window: { per: 'week' }, max: 1800 }, { ...hard, id: 'week' })],
    [
      either(),
      rule('load-limit', { measure: 'shifts', window: { per: 'day' }, max: 1 }, { ...hard, id: 'own', scope }),
    ],
    [either(), rule('succession', { first: {}, next: { tags: ['t'] }, mode: 'forbidden' }, hard)],
  ]
  const people = ['amy', 'bo']
    .slice(random.below(2))
    .map((id) => person(id, { absences: either() ? [{ start: at(random.below(4)), end: at(4) }] : [] }))
  const anyPin = () => ({
    personId: people[random.below(people.length)]!.id,
    slotId: shifts[random.below(5)]!.id,
    overrides: either() ? ['minimum-rest', 'no-overlap', 'consecutive-days', 'load-limit', 'own'] : [],
  })
  return problem(
    {
      shifts,
      people,
      rules: choice.flatMap(([isTaken, one]) => (isTaken ? [one] : [])),
      history: either() ? [past('amy', { day: -1 }), past('bo', { day: 5, hours: 24 })] : [],
      pins: Array.from({ length: Math.max(0, random.below(5) - 2) }, anyPin),
    },
    4,
  )
}

const slotIndex = (made: Problem, slotId: string) => made.slots.findIndex(({ id }) => id === slotId)

/** The first pin of each seat; the rosters explained hold nothing else, so that every conflict shows. */
const pinsThatStand = (made: Problem) =>
  (made.pins ?? []).filter((pin, i, all) => all.findIndex(({ slotId }) => slotId === pin.slotId) === i)

/** Calls back for every roster that holds the pins and breaks hard rules no more than they do. */
function everyRoster(made: Problem, visit: (state: RosterState) => void): void {
  const state = new RosterState(compilePlan(made))
  for (const pin of pinsThatStand(made)) {
    const who = made.people.findIndex(({ id }) => id === pin.personId)
    state.install(who, slotIndex(made, pin.slotId), pin)
  }
  const standing = state.totals[HARD]!
  const fill = (slot: number): void => {
    if (slot === made.slots.length) {
      if (state.totals[HARD]! <= standing) visit(state)
      return
    }
    fill(slot + 1)
    if (state.open(slot) <= 0) return
    made.people.forEach((_person, who) => {
      const mark = state.mark()
      state.assign(who, slot)
      fill(slot + 1)
      state.undo(mark)
    })
  }
  fill(0)
}

test('no conflict says more than what must stay open, whatever the rules and pins', () => {
  let [proven, tight] = [0, 0]
  for (let seed = 1; seed <= 1500; seed++) {
    const made = crowded(seed)
    const { conflicts } = explain(made, pinsThatStand(made))
    for (const { slotIds, short } of conflicts) {
      const slots = slotIds.map((id) => slotIndex(made, id))
      let least = Number.POSITIVE_INFINITY
      everyRoster(made, (state) => {
        const open = slots.reduce((sum, slot) => sum + state.open(slot), 0)
        least = Math.min(least, open)
      })
      expect(least, `seed ${seed}: ${slotIds}`).toBeGreaterThanOrEqual(short)
      proven++
      if (least === short) tight++
    }
  }
  expect(proven).toBeGreaterThan(200)
  expect(tight / proven).toBeGreaterThan(0.6)
})
