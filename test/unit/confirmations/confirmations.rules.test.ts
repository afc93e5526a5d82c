import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Asked,
  answeredBy,
  choicesOf,
  confirmDeadline,
  dutyReminderAt,
  reachesPeopleAt,
  reminderAt,
  reminderTimes,
} from '../../../src/modules/confirmations/confirmations.rules.ts'
import { DEFAULT_POLICY } from '../../../src/modules/organisation/organisation.rules.ts'
import { ASSIGNMENT_STATES } from '../../../src/modules/rosters/rosters.states.ts'
import { wallToInstant } from '../../../src/time/zones.ts'

const at = (text: string) => new Date(`2026-05-${text}Z`)
const NOW = at('04T10:00')
const policy = { confirmWithinMinutes: 24 * 60, cutOffMinutes: 120, remindBeforeMinutes: 360 }

describe('the deadline', () => {
  test.each([
    ['a duty far away', '10T08:00', '05T10:00'],
    ['the cut-off comes first', '05T08:00', '05T06:00'],
    ['a duty that is near leaves half of the time', '04T13:00', '04T11:30'],
    ['half and cut-off meet', '04T14:00', '04T12:00'],
    ['a duty that has begun', '04T09:00', '04T10:00'],
  ])('%s', (_name, start, deadline) => {
    expect(confirmDeadline(NOW, at(start), policy)).toEqual(at(deadline))
  })

  test('is never in the past and never after the start of a coming duty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.nat(1e5), fc.nat(1e5), (minutes, within, cutOff) => {
        const start = new Date(NOW.getTime() + minutes * 60_000)
        const deadline = confirmDeadline(NOW, start, { confirmWithinMinutes: within, cutOffMinutes: cutOff })
        expect(deadline >= NOW && deadline <= start).toBe(true)
      }),
    )
  })
})

test.each([
  ['05T10:00', '05T04:00'],
  ['04T14:00', '04T12:00'],
])('who may answer until %s is reminded at %s', (confirmBy, expected) => {
  expect(reminderAt(NOW, at(confirmBy), policy)).toEqual(at(expected))
})

test('further reminders come after the first, in order', () => {
  const again = { ...policy, remindAgainBeforeMinutes: [30, 900, 120] }
  expect(reminderTimes(NOW, at('05T10:00'), again)).toEqual([at('05T04:00'), at('05T08:00'), at('05T09:30')])
})

describe('by default a question is reminded of', () => {
  const hours = (number: number) => new Date(NOW.getTime() + number * 3_600_000)
  test.each([
    ['two days and one day before, with a last call', 7 * 24, [-48, -24, -2]],
    ['from halfway on where that comes first', 72, [-36, -24, -2]],
    ['not twice within an hour', 50, [-25, -2]],
    ['twice within two days', 48, [-24, -2]],
    ['twice within a day', 24, [-12, -2]],
    ['once where the last call would follow at once', 5, [-2.5]],
    ['once where little time is left', 1, [-0.5]],
  ])('%s', (_when, until, before) => {
    const confirmBy = hours(until)
    expect(reminderTimes(NOW, confirmBy, DEFAULT_POLICY)).toEqual(before.map((one) => hours(until + one)))
  })
})

test.each([
  ['by day', '04T10:00', '06T08:00', '04T10:00'],
  ['at night', '04T14:00', '06T08:00', '05T00:00'],
  ['at night before a duty that is near', '04T14:00', '05T01:00', '04T14:00'],
])('a reminder that is written %s reaches people when they may be disturbed', (_when, now, start, expected) => {
  const duties = [{ startsAt: at('20T08:00') }, { startsAt: at(start) }]
  expect(reachesPeopleAt(at(now), duties, 'Asia/Shanghai', DEFAULT_POLICY)).toEqual(at(expected))
})

describe('the holder of a duty is briefed on it', () => {
  const duty = (startLocal: string) => ({
    startLocal,
    startsAt: wallToInstant(startLocal, 'Asia/Shanghai', 'start'),
    zone: 'Asia/Shanghai',
  })
  const evening = { briefingTime: '18:00', dutyReminderMinutes: null }

  test.each([
    ['in the evening before a duty by day', '2026-05-10T08:00', '09T10:00'],
    ['in the evening before a duty after midnight', '2026-05-10T00:30', '09T10:00'],
    ['the day before a duty in the evening', '2026-05-10T20:00', '09T10:00'],
    ['at once when that evening has passed', '2026-05-05T08:00', '04T10:00'],
    ['not once it has begun', '2026-05-04T17:00', undefined],
  ])('%s', (_when, startLocal, expected) => {
    expect(dutyReminderAt(NOW, duty(startLocal), evening)).toEqual(expected && at(expected))
  })

  test('so long before it where the policy says so', () => {
    const policy = { ...evening, dutyReminderMinutes: 90 }
    expect(dutyReminderAt(NOW, duty('2026-05-10T08:00'), policy)).toEqual(at('09T22:30'))
  })
})

const item = (changes: Partial<Asked> = {}): Asked => ({
  assignmentId: 'a',
  state: 'pending',
  version: 1,
  startsAt: at('06T08:00'),
  seatFree: false,
  ...changes,
})

describe('what can be answered', () => {
  test.each([
    ['an open question', item(), ['confirm', 'decline']],
    ['an open question after the cut-off', item({ startsAt: at('04T11:00') }), ['confirm', 'decline']],
    ['a yes', item({ state: 'confirmed' }), ['decline']],
    ['a yes after the cut-off', item({ state: 'confirmed', startsAt: at('04T12:00') }), []],
    ['a no while the seat is free', item({ state: 'declined', seatFree: true }), ['confirm']],
    ['a no whose seat is taken', item({ state: 'declined' }), []],
    ['a no after the cut-off', item({ state: 'declined', seatFree: true, startsAt: at('04T11:59') }), []],
  ])('%s', (_name, asked, choices) => {
    expect(choicesOf(asked, NOW, policy)).toEqual(choices)
  })

  test('nothing in all other states', () => {
    const others = ASSIGNMENT_STATES.filter((state) => !['pending', 'confirmed', 'declined'].includes(state))
    expect(others.flatMap((state) => choicesOf(item({ state, seatFree: true }), NOW, policy))).toEqual([])
  })
})

describe('an answer', () => {
  const items = [item(), item({ assignmentId: 'b', version: 2, state: 'confirmed' }), item({ assignmentId: 'c' })]
  const changed = (answer: Parameters<typeof answeredBy>[1]) =>
    answeredBy(items, answer, NOW, policy).map((one) => one.assignmentId)

  test.each([
    ['for all answers what is open', { choice: 'decline' }, ['a', 'c']],
    ['for one answers that one', { choice: 'confirm', assignmentId: 'c' }, ['c']],
    ['that holds already changes nothing', { choice: 'confirm', assignmentId: 'b', seen: 2 }, []],
    ['from the page as it is changes an answer', { choice: 'decline', assignmentId: 'b', seen: 2 }, ['b']],
    ['from an old page changes nothing', { choice: 'decline', assignmentId: 'b', seen: 1 }, []],
    ['without a page changes no answer', { choice: 'decline', assignmentId: 'b' }, []],
    ['for somebody else changes nothing', { choice: 'decline', assignmentId: 'x', seen: 1 }, []],
  ] as const)('%s', (_name, answer, ids) => {
    expect(changed(answer)).toEqual(ids)
  })
})
