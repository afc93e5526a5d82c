import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Countable,
  creditsOf,
  originOf,
  standing,
  topUp,
  unpaidMinutes,
} from '../../../src/modules/hours/booking.rules.ts'

const policy = { mealBreakAfterMinutes: 360, mealBreakMinutes: 30, minimumCreditMinutes: 240 }
const none = { mealBreakAfterMinutes: 0, mealBreakMinutes: 30, minimumCreditMinutes: 0 }
const duty = { nominalMinutes: 480, calledOut: false }

const line = (kind: Countable['kind'], minutes: number, from = 0): Countable => ({
  kind,
  minutes,
  startsAt: new Date(from * 60_000),
  endsAt: new Date((from + minutes) * 60_000),
  clockChangeMinutes: 0,
  creditedBy: 'elapsed',
})

describe('unpaid breaks', () => {
  test.each([
    [0, 0],
    [360, 0],
    [361, 1],
    [380, 20],
    [390, 30],
    [720, 30],
    [740, 50],
    [1440, 90],
  ])('%i minutes at work: %i unpaid', (worked, unpaid) => expect(unpaidMinutes(worked, policy)).toBe(unpaid))

  test('a policy without breaks takes nothing', () => expect(unpaidMinutes(2_000, none)).toBe(0))

  test('a minute more at work is never worth less', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000 }),
        fc.integer({ min: 1, max: 600 }),
        fc.nat(700),
        (worked, after, each) => {
          const rules = { mealBreakAfterMinutes: after, mealBreakMinutes: each, minimumCreditMinutes: 0 }
          const worth = (minutes: number) => minutes - unpaidMinutes(minutes, rules)
          expect(worth(worked + 1)).toBeGreaterThanOrEqual(worth(worked))
          expect(worth(worked)).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})

test('whoever is called out is credited with the least, unless they did not work at all', () => {
  const called = { ...duty, calledOut: true }
  expect([topUp(100, policy, called), topUp(240, policy, called), topUp(0, policy, called)]).toEqual([140, 0, 0])
  expect(topUp(100, policy, duty)).toBe(0)
})

describe('what each line counts', () => {
  test('the plan stands on the first line, breaks and least credit on the last ones at work', () => {
    const lines = [line('travel', 60), line('active', 350, 60), line('standby', 300, 410), line('active', 20, 710)]
    expect(creditsOf(lines, policy, duty)).toEqual([
      { plannedMinutes: 480, breakMinutes: 0, topUpMinutes: 0 },
      { plannedMinutes: 0, breakMinutes: 0, topUpMinutes: 0 },
      { plannedMinutes: 0, breakMinutes: 0, topUpMinutes: 0 },
      { plannedMinutes: 0, breakMinutes: 10, topUpMinutes: 0 },
    ])
    expect(creditsOf([line('travel', 30), line('active', 60, 30)], policy, { ...duty, calledOut: true })).toMatchObject(
      [{ topUpMinutes: 0 }, { topUpMinutes: 180 }],
    )
  })

  test('together they take off exactly what is unpaid, however the presence is cut', () => {
    const kinds = fc.constantFrom<Countable['kind']>('standby', 'active', 'travel', 'handover', 'training')
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.integer({ min: 1, max: 700 })), { minLength: 1 }), (parts) => {
        const lines = parts.map(([kind, minutes]) => line(kind, minutes))
        const credits = creditsOf(lines, policy, duty)
        const atWork = lines.filter((one) => !['standby', 'travel'].includes(one.kind))
        const worked = atWork.reduce((sum, one) => sum + one.minutes, 0)
        expect(credits.reduce((sum, one) => sum + one.breakMinutes, 0)).toBe(unpaidMinutes(worked, policy))
        expect(credits.every((one, index) => one.breakMinutes <= lines[index]!.minutes)).toBe(true)
        expect(credits.reduce((sum, one) => sum + one.plannedMinutes, 0)).toBe(480)
      }),
    )
  })
})

test('a line corrected twice goes back to its segment, and only the last one stands', () => {
  const lines = [
    { id: 'a', segmentId: 's', reversesId: null, correctsId: null },
    { id: 'b', segmentId: 's', reversesId: 'a', correctsId: null },
    { id: 'c', segmentId: null, reversesId: null, correctsId: 'a' },
    { id: 'd', segmentId: null, reversesId: 'c', correctsId: null },
    { id: 'e', segmentId: null, reversesId: null, correctsId: 'c' },
  ]
  expect(standing(lines).map((one) => one.id)).toEqual(['e'])
  expect(originOf(lines[4]!, lines)).toBe('s')
})
