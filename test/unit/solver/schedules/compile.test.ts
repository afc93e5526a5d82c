import { expect, test } from 'vitest'
import { toProblem } from '../../../../bench/support/curtois-problem.ts'
import { defaultRules, type Problem, type RuleInstance } from '../../../../src/solver/index.ts'
import { canSchedule, scheduleObstacle } from '../../../../src/solver/schedules/index.ts'
import { person, problem, rule, shift, slot } from '../build.ts'
import { tinyInstance } from './tiny.ts'

const made = toProblem(tinyInstance(1, { days: 7, people: 2, types: 2 }))
const withRule = (added: RuleInstance): Problem => ({ ...made, rules: [...made.rules, added] })
const hard = { strength: 'hard' } as const

test('a problem of personal rules and soft cover can be said', () => {
  expect(scheduleObstacle(made)).toBeUndefined()
  expect(canSchedule(made)).toBe(true)
})

test('duty with seats that must be filled cannot', () => {
  const duty = problem({ shifts: [shift('a', { day: 0 })], rules: defaultRules() })
  expect(canSchedule(duty)).toBe(false)
})

test.each<[string, Problem]>([
  ['a soft rule on the whole of a line', withRule(rule('pattern', { days: ['on', 'off', 'on'] }))],
  [
    'a limit inside the period',
    withRule(rule('load-limit', { measure: 'minutes', window: { per: 'week' }, max: 9 }, hard)),
  ],
  [
    'a lower limit on shifts',
    withRule(rule('load-limit', { measure: 'shifts', window: { per: 'period' }, min: 1 }, hard)),
  ],
  ['a limit on days off', withRule(rule('consecutive-days-off', { max: 3 }, hard))],
  ['people who depend on each other', withRule(rule('pairing', { personIds: ['p0', 'p1'], mode: 'apart' }, hard))],
  ['costs at two levels', withRule(rule('undesired', {}, { level: 'justice' }))],
  ['a published roster', { ...made, published: [{ slotId: made.slots[0]!.id, personId: 'p0', confirmed: false }] }],
  ['fewer seats than people', { ...made, slots: made.slots.map((entry) => ({ ...entry, seats: 1 })) }],
  ['no rule of one duty a day', { ...made, rules: made.rules.filter((entry) => entry.id !== 'one-a-day') }],
])('%s cannot be said', (_what, said) => {
  expect(canSchedule(said)).toBe(false)
})

test('rest between duties becomes what may not follow', () => {
  const shifts = [0, 1, 2].flatMap((day) => [
    shift(`early-${day}`, { day, from: 6 }, { templateId: 'early' }),
    shift(`late-${day}`, { day, from: 14 }, { templateId: 'late' }),
  ])
  const rested = problem({
    shifts,
    people: [person('amy')],
    slots: shifts.map(({ id }) => slot(id, { need: 'optional' })),
    rules: [
      rule('load-limit', { measure: 'shifts', window: { per: 'day' }, max: 1 }, hard),
      rule('no-overlap', {}, hard),
      rule('minimum-rest', { minutes: 600 }, hard),
    ],
  })
  rested.rules[0]!.id = 'one-a-day'
  expect(scheduleObstacle(rested)).toBeUndefined()
  const longRest = { ...rested, rules: [...rested.rules.slice(0, 2), rule('minimum-rest', { minutes: 3000 }, hard)] }
  expect(canSchedule(longRest)).toBe(false)
})
