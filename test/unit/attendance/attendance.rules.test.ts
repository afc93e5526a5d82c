import { describe, expect, test } from 'vitest'
import {
  afterExpected,
  checkInFaults,
  checkInStateFault,
  checkOutFaults,
  checkOutStateFault,
  type Duty,
  expectedAt,
  isLate,
  isLateEntry,
  lateMinutes,
  linkState,
  longestMinutes,
  toMinute,
} from '../../../src/modules/attendance/attendance.rules.ts'

const at = (time: string) => new Date(`2026-05-04T${time}:00Z`)
const policy = { checkInEarlyMinutes: 60, checkInLateMinutes: 15, noShowMinutes: 30 }
const duty = (more: Partial<Duty> = {}): Duty => ({
  state: 'confirmed',
  startsAt: at('08:00'),
  endsAt: at('16:00'),
  zone: 'UTC',
  createdAt: at('00:00'),
  decidedAt: at('01:00'),
  checkedInAt: null,
  checkedOutAt: null,
  ...more,
})
const codes = (faults: { code: string }[]) => faults.map((fault) => fault.code)
const comes = (time: string, more: Partial<Duty> = {}, now = '23:00') =>
  codes(checkInFaults(duty(more), at(time), { now: at(now), policy, others: [] }))
const goes = (time: string, came: string, more: Partial<Duty> = {}) =>
  codes(
    checkOutFaults(duty({ state: 'serving', checkedInAt: at(came), ...more }), at(time), {
      now: at('23:59'),
      others: [],
    }),
  )

describe('arriving', () => {
  test.each([
    ['06:59', ['too-early']],
    ['07:00', []],
    ['15:59', []],
    ['16:00', ['duty-over']],
  ])('at %s finds %j', (time, expected) => expect(comes(time)).toEqual(expected))

  test('in the future and too early are both said', () =>
    expect(comes('06:00', {}, '05:00')).toEqual(['in-the-future', 'too-early']))

  test('late begins after the grace of the policy, minutes count from the start', () => {
    expect(isLate(duty(), at('08:15'), policy)).toBe(false)
    expect(isLate(duty(), at('08:16'), policy)).toBe(true)
    expect(lateMinutes(duty(), at('08:16'))).toBe(16)
    expect(lateMinutes(duty(), at('07:10'))).toBe(0)
  })

  test('who takes a duty on after its start is expected from then on', () => {
    const latecomer = duty({ decidedAt: null, createdAt: at('09:40') })
    expect(expectedAt(latecomer)).toEqual(at('09:40'))
    expect(isLate(latecomer, at('09:55'), policy)).toBe(false)
    expect(afterExpected(latecomer, 30)).toEqual(at('10:10'))
    expect(afterExpected(duty(), 30)).toEqual(at('08:30'))
    expect(afterExpected(duty({ createdAt: at('00:00'), decidedAt: at('08:20') }), 30)).toEqual(at('08:50'))
  })

  test.each([
    ['confirmed', undefined],
    ['pending', 'not-confirmed'],
    ['no_show', 'counted-as-no-show'],
    ['declined', 'not-on-duty'],
    ['cancelled', 'not-on-duty'],
  ])('%s: %s', (state, code) => expect(checkInStateFault(duty({ state }))?.code).toBe(code))
})

describe('leaving', () => {
  test.each([
    ['08:00', '07:30', ['out-before-start']],
    ['08:01', '07:30', []],
    ['07:30', '07:30', ['out-before-in']],
    ['07:29', '07:30', ['out-before-in']],
    ['19:30', '07:30', []],
    ['19:31', '07:30', ['too-long']],
  ])('at %s after coming at %s finds %j', (out, came, expected) => expect(goes(out, came)).toEqual(expected))

  test('half as long again is believed, and never less than two hours more', () => {
    expect(longestMinutes({ startsAt: at('08:00'), endsAt: at('16:00') })).toBe(720)
    expect(longestMinutes({ startsAt: at('08:00'), endsAt: at('09:00') })).toBe(180)
  })

  test.each([
    ['serving', undefined],
    ['confirmed', 'not-checked-in'],
    ['pending', 'not-checked-in'],
    ['no_show', 'counted-as-no-show'],
  ])('%s: %s', (state, code) => expect(checkOutStateFault(duty({ state }))?.code).toBe(code))
})

describe('being elsewhere', () => {
  const elsewhere = (from: string, to: string | null) => [
    { checkedInAt: at(from), checkedOutAt: to ? at(to) : null, postName: 'South gate' },
  ]
  const arrives = (time: string, from: string, to: string | null) =>
    codes(checkInFaults(duty(), at(time), { now: at('23:00'), policy, others: elsewhere(from, to) }))

  test('an open presence forbids another; one that ends when the other begins does not', () => {
    expect(arrives('08:00', '01:00', null)).toEqual(['on-duty-elsewhere'])
    expect(arrives('08:00', '01:00', '08:01')).toEqual(['on-duty-elsewhere'])
    expect(arrives('08:00', '01:00', '08:00')).toEqual([])
    expect(arrives('08:00', '09:00', null)).toEqual([])
  })

  test('a presence may not reach over the beginning of another', () => {
    const facts = { now: at('23:00'), others: elsewhere('12:00', '13:00') }
    const serving = duty({ state: 'serving', checkedInAt: at('08:00') })
    expect(codes(checkOutFaults(serving, at('12:00'), facts))).toEqual([])
    expect(codes(checkOutFaults(serving, at('12:01'), facts))).toEqual(['on-duty-elsewhere'])
  })
})

test.each([
  ['confirmed', '06:59', 'early'],
  ['confirmed', '07:00', 'ready'],
  ['confirmed', '16:00', 'missed'],
  ['serving', '09:00', 'present'],
  ['completed', '17:00', 'finished'],
  ['pending', '07:30', 'unconfirmed'],
  ['no_show', '08:31', 'noShow'],
  ['withdrawn', '07:30', 'released'],
])('a link to a duty that is %s at %s shows %s', (state, time, shown) =>
  expect(linkState(duty({ state }), policy, at(time))).toBe(shown),
)

test.each([
  ['15:30', 0, false],
  ['16:00', 0, false],
  ['16:01', 0, true],
  ['16:45', 45, false],
  ['16:46', 45, true],
])('what is entered at %s with a patience of %i minutes is late: %s', (time, lateEntryMinutes, late) =>
  expect(isLateEntry(duty(), at(time), { lateEntryMinutes })).toBe(late),
)

test('instants are cut to the minute', () =>
  expect(toMinute(new Date('2026-05-04T08:00:59.999Z'))).toEqual(at('08:00')))
