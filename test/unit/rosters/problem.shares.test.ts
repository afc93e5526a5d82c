import { describe, expect, test } from 'vitest'
import {
  type BookedDuty,
  type CarriedDuty,
  carriedDuties,
  isShortNotice,
  type ShareFacts,
  withShares,
} from '../../../src/modules/rosters/problem.shares.ts'
import { dayNumber, minuteNumber } from '../../../src/modules/rosters/roster-rules.params.ts'
import type { HistoryDuty, Person, Shift, Slot } from '../../../src/solver/index.ts'

const FROM = '2026-05-11'
const FIRST = dayNumber(FROM)
/** Wall time in Shanghai. */
const instant = (local: string) => new Date(`${local}:00+08:00`)
const minute = (local: string) => minuteNumber(instant(local))

test('short notice: planned or called later than withdrawing is late, and not written down afterwards', () => {
  const duty = { startsAt: instant('2026-05-04T08:00'), endsAt: instant('2026-05-04T16:00') }
  const isShort = (source: string, created: string) =>
    isShortNotice({ source, createdAt: instant(created) }, duty, 24 * 60)
  expect(isShort('cascade', '2026-05-03T08:00')).toBe(false)
  expect(isShort('cascade', '2026-05-03T08:01')).toBe(true)
  expect(isShort('cascade', '2026-05-04T10:00')).toBe(true)
  expect(isShort('roster', '2026-05-04T07:00')).toBe(true)
  expect(isShort('roster', '2026-05-05T07:00')).toBe(false)
  expect([isShort('hand', '2026-05-04T07:00'), isShort('swap', '2026-05-04T07:00')]).toEqual([false, false])
})

describe('what is carried in', () => {
  const booked = (assignmentId: string, localDay: string, minutes: number, more: object = {}): BookedDuty => ({
    assignmentId,
    volunteerId: 'amy',
    localDay,
    startsAt: instant(`${localDay}T08:00`),
    endsAt: instant(`${localDay}T16:00`),
    source: 'roster',
    createdAt: instant('2026-01-01T00:00'),
    minutes,
    ...{ nightMinutes: 0, weekendMinutes: 0, holidayMinutes: 0, ...more },
  })
  const planned = (assignmentId: string, localDay: string): HistoryDuty & { assignmentId: string } => ({
    ...{ assignmentId, personId: 'amy', day: dayNumber(localDay), minutes: 480 },
    ...{ startsAt: minute(`${localDay}T08:00`), endsAt: minute(`${localDay}T16:00`) },
  })

  test('the ledger as it stands, beside it what is planned and not booked yet, each duty once', () => {
    const carried = carriedDuties(
      [booked('b', '2026-05-09', 470, { weekendMinutes: 470 }), booked('gone', '2026-05-08', 0)],
      [
        planned('gone', '2026-05-08'),
        planned('b', '2026-05-09'),
        planned('next', '2026-05-10'),
        planned('inside', '2026-05-11'),
        planned('old', '2026-02-09'),
      ],
      FROM,
      1440,
    )
    expect(carried.map(({ day, minutes, weekendMinutes = 0 }) => [day - FIRST, minutes, weekendMinutes])).toEqual([
      [-2, 470, 470],
      [-1, 480, 0],
    ])
  })
})

describe('what justice expects of each', () => {
  const duty = (day: number, from: number, hours = 8) => ({
    startsAt: minute(`${FROM}T00:00`) + day * 1440 + from * 60,
    endsAt: minute(`${FROM}T00:00`) + day * 1440 + (from + hours) * 60,
    day: FIRST + day,
    minutes: hours * 60,
  })
  const shifts: Shift[] = [
    { id: 'day', ...duty(0, 8) },
    { id: 'evening', ...duty(0, 16) },
    { id: 'next', ...duty(1, 8) },
    { id: 'night', ...duty(0, 22), nightMinutes: 480 },
  ]
  const slot = (shiftId: string, groups?: string[]): Slot => ({
    ...{ id: shiftId, shiftId, role: 'guard', need: 'mandatory' },
    ...(groups && { requirement: { groups } }),
  })
  const served = (personId: string, daysAgo: number): CarriedDuty => ({ personId, day: FIRST - daysAgo, minutes: 480 })
  /** 120 minutes of sixty days ago and 240 of thirty days ago count today. */
  const carried = [served('amy', 60), served('amy', 30)]
  interface Given extends Partial<Pick<ShareFacts, 'away'>> {
    slots?: Slot[]
    history?: HistoryDuty[]
    weights?: Record<string, number>
  }
  const sharesOf = (people: Person[], given: Given = {}) => {
    const { slots = [slot('day'), slot('evening')], history = [], weights = {}, away = [] } = given
    const [startsAt, endsAt] = [minute(`${FROM}T00:00`), minute('2026-05-18T00:00')]
    return withShares(
      { period: { fromDay: FIRST, toDay: FIRST + 7, startsAt, endsAt }, people, shifts, slots, history },
      {
        ...{ zone: 'Asia/Shanghai', fromOn: FROM, carried, away },
        weights: new Map(people.map(({ id }) => [id, weights[id] ?? 1])),
      },
    )
  }

  test('a full member owes a whole part, half a member half of one', () => {
    const people = [{ id: 'amy' }, { id: 'bo' }]
    expect(sharesOf(people, { weights: { bo: 0.5 } })).toEqual([
      { id: 'amy', share: 1, carriedShare: 1, carriedIn: { minutes: 360, shifts: 0.75, days: 0.75, weekends: 0.5 } },
      { id: 'bo', share: 0.5, carriedShare: 0.5, carriedIn: {} },
    ])
  })

  test('of the past only from joining, and not while away: by what was served then', () => {
    const absent = { volunteerId: 'ill', startsAt: instant('2026-04-01T00:00'), endsAt: instant('2026-05-01T00:00') }
    const people = [{ id: 'amy' }, { id: 'new', joinedAt: minute('2026-05-10T00:00') }, { id: 'ill' }]
    const later = { id: 'later', joinedAt: minute('2026-04-01T00:00') }
    const [, fresh, ill, since] = sharesOf([...people, later], { away: [absent] })
    expect(fresh).toMatchObject({ share: 1, carriedShare: 0 })
    expect(ill!.share).toBe(1)
    expect(ill!.carriedShare).toBeCloseTo(1 / 3, 12)
    expect(since!.carriedShare).toBeCloseTo(2 / 3, 12)
  })

  test('standing availability counts for the period and for the past, an absence in the period for the period only', () => {
    const days = [0, 1].map((day) => ({
      kind: 'available' as const,
      start: duty(day, 6).startsAt,
      end: duty(day, 18).startsAt,
    }))
    const ill = [{ start: duty(0, 8).startsAt, end: duty(0, 9).startsAt }]
    const people: Person[] = [
      { id: 'half', availability: days },
      { id: 'away', absences: ill },
      { id: 'both', availability: days, absences: ill },
    ]
    expect(sharesOf(people)).toMatchObject([
      { id: 'half', share: 0.5, carriedShare: 0.5 },
      { id: 'away', share: 0.5, carriedShare: 1 },
      { id: 'both', share: 0, carriedShare: 0.5 },
    ])
  })

  test('who can serve by day only owes no nights', () => {
    const byDay = [0, 1].map((day) => ({
      kind: 'available' as const,
      start: duty(day, 6).startsAt,
      end: duty(day, 18).startsAt,
    }))
    const people: Person[] = [{ id: 'half', availability: byDay }, { id: 'full' }]
    const [half, full] = sharesOf(people, { slots: [slot('day'), slot('night')] })
    expect(half).toMatchObject({ share: 0.5, shareIn: { nights: 0, nightMinutes: 0 }, carriedShareIn: { nights: 0 } })
    expect(half!.shareIn).not.toHaveProperty('holidays')
    expect(full).not.toHaveProperty('shareIn')
  })

  test('only what calls somebody counts: the own groups while a member, what others of them have, else all there is', () => {
    const absences = [{ start: duty(0, 0).startsAt, end: duty(1, 0).startsAt }]
    const member = (id: string, group: string, to?: number): Person => ({
      id,
      absences,
      groups: [{ id: group, to: to ?? null }],
    })
    const people = [
      member('first', 'A'),
      member('second', 'B'),
      member('until', 'A', duty(1, 0).startsAt),
      member('none', 'C'),
      { id: 'mate', groups: [{ id: 'C' }] },
    ]
    const slots = [slot('day', ['A']), slot('evening', ['A']), slot('next', ['A', 'B'])]
    const shareOf = (history: HistoryDuty[]) => sharesOf(people, { slots, history }).map((one) => one.share)
    const third = expect.closeTo(1 / 3, 12)
    expect(shareOf([])).toEqual([third, 1, 0, third, 1])
    expect(shareOf([{ personId: 'mate', ...duty(2, 8) }])).toEqual([third, 1, 0, 1, 1])
  })
})
