import { describe, expect, test } from 'vitest'
import {
  isNeverInForce,
  isOccurrence,
  occurrencesOf,
  seatsOf,
  shiftChanges,
  slotChanges,
  type WantedShift,
} from '../../../src/modules/posts/posts.rules.ts'
import type { KnownShift, Recipe } from '../../../src/modules/posts/posts.types.ts'

const daily: Recipe = {
  rule: 'FREQ=DAILY',
  startTime: '08:00',
  length: 'P1D',
  zone: 'Asia/Shanghai',
  effectiveFrom: '2026-05-01',
  effectiveTo: null,
}

describe('occurrences of a template', () => {
  test('a whole day follows the wall clock where clocks change: 23 hours, and no uncovered minute', () => {
    const berlin = { ...daily, zone: 'Europe/Berlin', effectiveFrom: '2026-03-01' }
    const [saturday, sunday] = occurrencesOf(berlin, [], '2026-03-28', '2026-03-30')
    expect(saturday!.startsAt.toISOString()).toBe('2026-03-28T07:00:00.000Z')
    expect(saturday!.endsAt.toISOString()).toBe('2026-03-29T06:00:00.000Z')
    expect(sunday!.startsAt).toEqual(saturday!.endsAt)
    expect(saturday!.nominalMinutes).toBe(1440)
  })

  test('a moved occurrence keeps its key and is found on the day it moved to', () => {
    const moved = {
      originalStart: '2026-05-03T08:00',
      kind: 'move' as const,
      startLocal: '2026-05-10T20:00',
      length: 'PT4H',
    }
    const [first, second] = occurrencesOf(daily, [moved], '2026-05-10', '2026-05-11')
    expect(first).toMatchObject({
      originalStart: '2026-05-03T08:00',
      startLocal: '2026-05-10T20:00',
      exception: 'move',
    })
    expect(first!.endLocal).toBe('2026-05-11T00:00')
    expect(first!.localDay).toBe('2026-05-10')
    expect(second!.originalStart).toBe('2026-05-10T08:00')
  })

  test('an exception for what is no occurrence any more gives nothing', () => {
    const stray = {
      originalStart: '2026-04-03T08:00',
      kind: 'move' as const,
      startLocal: '2026-05-10T20:00',
      length: null,
    }
    expect(occurrencesOf(daily, [stray], '2026-05-10', '2026-05-11')).toHaveLength(1)
  })

  test('a sound rule that never meets its dates is noticed', () => {
    const leapDay = { ...daily, rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29' }
    expect(isNeverInForce({ ...leapDay, effectiveTo: '2027-05-01' })).toBe(true)
    expect(isNeverInForce({ ...leapDay, effectiveTo: '2028-05-01' })).toBe(false)
    expect(isNeverInForce(daily)).toBe(false)
  })

  test('only the exact start is an occurrence', () => {
    expect(isOccurrence(daily, '2026-05-02T08:00')).toBe(true)
    expect(isOccurrence(daily, '2026-05-02T09:00')).toBe(false)
    expect(isOccurrence(daily, '2026-04-30T08:00')).toBe(false)
  })
})

const now = new Date('2026-05-02T00:00:00Z')
const wanted = (day: string, startTime = '08:00'): WantedShift => {
  const [one] = occurrencesOf(
    { ...daily, startTime },
    [],
    day,
    `${day.slice(0, 8)}${String(Number(day.slice(8)) + 1).padStart(2, '0')}`,
  )
  return { ...one!, templateId: 'T', postId: 'P', zone: daily.zone, kind: 'active', originalStart: `${day}T08:00` }
}
const known = (day: string, more: Partial<KnownShift> = {}): KnownShift => ({
  ...wanted(day),
  id: `shift ${day}`,
  state: 'planned',
  held: false,
  split: false,
  settled: false,
  ...more,
})

const times = (startTime: string) => {
  const { startLocal, startsAt, endsAt } = wanted('2026-05-03', startTime)
  return { startLocal, startsAt, endsAt }
}

describe('bringing shifts in step', () => {
  test('what is as it should be is left alone, what is missing is made, unless it would have begun', () => {
    const changes = shiftChanges(
      [wanted('2026-05-01'), wanted('2026-05-03'), wanted('2026-05-04')],
      [known('2026-05-03')],
      now,
    )
    expect(changes.create.map((shift) => shift.originalStart)).toEqual(['2026-05-04T08:00'])
    expect([changes.update, changes.cancel, changes.leftovers]).toEqual([[], [], []])
  })

  test('a skipped or vanished occurrence is cancelled once, and comes back when it is wanted again', () => {
    const skipped = { ...wanted('2026-05-03'), exception: 'skip' as const }
    expect(shiftChanges([skipped], [known('2026-05-03'), known('2026-05-04')], now).cancel.map((s) => s.id)).toEqual([
      'shift 2026-05-03',
      'shift 2026-05-04',
    ])
    const cancelled = known('2026-05-03', { state: 'cancelled' })
    expect(shiftChanges([skipped], [cancelled], now).cancel).toEqual([])
    expect(shiftChanges([wanted('2026-05-03')], [cancelled], now).update.map((s) => s.id)).toEqual(['shift 2026-05-03'])
  })

  test('a shift that has begun or was cut in parts stays, and is named', () => {
    const early = known('2026-05-01')
    const split = known('2026-05-03', { held: true, split: true })
    const changes = shiftChanges([wanted('2026-05-01', '09:00'), wanted('2026-05-03', '09:00')], [early, split], now)
    expect([changes.update, changes.move]).toEqual([[], []])
    expect(changes.leftovers).toEqual([
      { shiftId: 'shift 2026-05-01', originalStart: '2026-05-01T08:00', because: 'begun' },
      { shiftId: 'shift 2026-05-03', originalStart: '2026-05-03T08:00', because: 'split' },
    ])
  })

  test('one that is held moves with its holders; those that move later go from the last one on', () => {
    const days = ['2026-05-03', '2026-05-04', '2026-05-05']
    const held = days.map((day) => known(day, { held: true }))
    const moved = (startTime: string) =>
      shiftChanges(
        days.map((day) => wanted(day, startTime)),
        held,
        now,
      ).move.map(({ shift, to }) => [shift.originalStart, to.startLocal])
    expect(moved('09:00')).toEqual(days.map((day) => [`${day}T08:00`, `${day}T09:00`]).reverse())
    expect(moved('07:00')).toEqual(days.map((day) => [`${day}T08:00`, `${day}T07:00`]))
  })

  test('what the rule no longer gives becomes the one free occurrence of its day, or is a conflict', () => {
    const at = (day: string, time: string) => ({ ...wanted(day, time), originalStart: `${day}T${time}` })
    const held = known('2026-05-03', { held: true })
    const one = shiftChanges([at('2026-05-03', '09:00'), at('2026-05-04', '09:00')], [held], now)
    expect(one.move.map(({ shift, to }) => [shift.id, to.originalStart])).toEqual([[held.id, '2026-05-03T09:00']])
    expect(one.create.map((shift) => shift.originalStart)).toEqual(['2026-05-04T09:00'])
    const two = shiftChanges([at('2026-05-03', '09:00'), at('2026-05-03', '21:00')], [held], now)
    expect([two.move, two.create.length]).toEqual([[], 2])
    expect(two.leftovers).toEqual([{ shiftId: held.id, originalStart: '2026-05-03T08:00', because: 'held' }])
    const none = shiftChanges([at('2026-05-04', '09:00')], [held], now)
    expect(none.leftovers.map((left) => left.because)).toEqual(['held'])
    const taken = known('2026-05-03', { id: 'other', originalStart: '2026-05-03T09:00', held: true })
    expect(shiftChanges([at('2026-05-03', '09:00')], [held, { ...taken, ...times('09:00') }], now).move).toEqual([])
  })

  test('another wall time moves the shift under its old key', () => {
    const [update] = shiftChanges([wanted('2026-05-03', '09:00')], [known('2026-05-03')], now).update
    expect(update).toMatchObject({
      id: 'shift 2026-05-03',
      startLocal: '2026-05-03T09:00',
      originalStart: '2026-05-03T08:00',
    })
  })
})

describe('seats', () => {
  const lead = { id: 'lead', role: 'lead', minimum: 1, desired: 1 }
  const staff = { id: 'staff', role: 'staff', minimum: 1, desired: 3 }

  test('up to the minimum they are mandatory, up to the desired number wished for', () => {
    expect(seatsOf([lead, staff], null).map((slot) => [slot.role, slot.seat, slot.mandatory])).toEqual([
      ['lead', 1, true],
      ['staff', 1, true],
      ['staff', 2, false],
      ['staff', 3, false],
    ])
    expect(seatsOf([lead, staff], ['lead'])).toHaveLength(1)
  })

  test('a change adds, removes and re-labels, and keeps the rest', () => {
    const before = seatsOf([lead, staff], null).map((slot, i) => ({ ...slot, id: `slot ${i}` }))
    const changes = slotChanges(seatsOf([{ ...staff, minimum: 2, desired: 2 }], null), before)
    expect(changes.add).toEqual([])
    expect(changes.remove.map((slot) => slot.id)).toEqual(['slot 0', 'slot 3'])
    expect(changes.update).toEqual([{ ...before[2]!, mandatory: true }])
  })
})
