import { describe, expect, test } from 'vitest'
import { carriedLoad, type Person, partOf, presentPart, servable } from '../../../src/solver/index.ts'
import { at, MONDAY } from './build.ts'

const span = (start: number, end: number) => ({ start, end })

describe('part of the duty somebody can serve', () => {
  /** Three shifts a day of 8 h for two days from a Monday, of which the last of each day has two seats. */
  const duties = [0, 1].flatMap((day) =>
    [0, 8, 16].map((hour) => ({
      ...{ start: at(day, hour), end: at(day, hour + 8), minutes: 480, weekday: day + 1 },
      facts: { nightMinutes: hour === 0 ? 360 : 0 },
      seats: hour === 16 ? 2 : 1,
    })),
  )
  const windows = (kind: 'available' | 'unavailable' | 'preferred' | 'undesired', ...spans: [number, number][]) =>
    spans.map(([start, end]) => ({ kind, start, end }))
  const part = (person: Pick<Person, 'availability' | 'absences'>) =>
    partOf('minutes', servable(person, duties), duties)

  test('all of it where nothing is said; likes and dislikes bar nobody', () => {
    expect(part({})).toBe(1)
    expect(
      part({ availability: [...windows('undesired', [at(0), at(2)]), ...windows('preferred', [at(0), at(1)])] }),
    ).toBe(1)
  })

  test('by minutes and seats, only what lies in the offered time as a whole', () => {
    expect(part({ availability: windows('available', [at(0), at(1)]) })).toBe(0.5)
    expect(part({ availability: windows('available', [at(0, 16), at(1, 8)]) })).toBe(0.375)
    expect(part({ availability: windows('available', [at(0, 1), at(0, 15)]) })).toBe(0)
  })

  test('windows that touch are one, preferred time widens offered time', () => {
    const offered = windows('available', [at(0, 4), at(0, 8)], [at(0), at(0, 4)])
    expect(part({ availability: offered })).toBe(0.125)
    expect(part({ availability: [...offered, ...windows('preferred', [at(0, 8), at(0, 16)])] })).toBe(0.25)
  })

  test('in each measure by what it counts; there is no part of what there is none of', () => {
    const byDay = servable({ availability: windows('available', [at(0, 8), at(1)], [at(1), at(1, 8)]) }, duties)
    expect(byDay).toHaveLength(3)
    expect(partOf('minutes', byDay, duties)).toBe(0.5)
    expect(partOf('nights', byDay, duties)).toBe(0.5)
    expect(partOf('nights', byDay.slice(0, 2), duties)).toBe(0)
    expect(partOf('shifts', byDay.slice(0, 2), duties)).toBe(0.375)
    expect(partOf('holidays', byDay, duties)).toBeUndefined()
  })

  test('absences and unavailable time bar what they touch', () => {
    expect(part({ absences: [span(at(0, 23), at(1, 1))] })).toBe(0.625)
    expect(part({ availability: windows('unavailable', [at(0, 15.5), at(0, 16)]) })).toBe(0.875)
    expect(part({ absences: [span(at(0, 16), at(1))], availability: windows('available', [at(0), at(1)]) })).toBe(0.25)
  })
})

describe('part of the past in which somebody was there', () => {
  const days = [
    { start: at(-60), end: at(-59), weight: 120 },
    { start: at(-30), end: at(-29), weight: 240 },
  ]

  test('weighs days by what was served on them', () => {
    expect(presentPart([], days)).toBe(1)
    expect(presentPart([span(at(-100), at(-45))], days)).toBeCloseTo(2 / 3, 12)
    expect(presentPart([span(at(-40), at(-20))], days)).toBeCloseTo(1 / 3, 12)
    expect(presentPart([span(at(-90), at(0))], days)).toBe(0)
  })

  test('half a day away is half a day; what overlaps counts once; without a past nobody missed any', () => {
    expect(presentPart([span(at(-60), at(-60, 12)), span(at(-60, 6), at(-60, 12))], days)).toBeCloseTo(5 / 6, 12)
    expect(presentPart([span(at(-90), at(0))], [])).toBe(1)
  })
})

describe('load carried in', () => {
  test('half of it is forgotten with every half-life', () => {
    const duty = (daysAgo: number) => ({ day: MONDAY - daysAgo, minutes: 480 })
    expect(carriedLoad([duty(20), duty(10), duty(0)], MONDAY, 10)).toEqual({
      minutes: 120 + 240 + 480,
      shifts: 1.75,
      days: 1.75,
    })
  })

  test('every measure there is', () => {
    const saturday = MONDAY - 2
    const served = [
      { day: saturday, minutes: 480, nightMinutes: 200, weekendMinutes: 480, holidayMinutes: 60, shortNotice: true },
      { day: saturday, minutes: 120, nightMinutes: 120, weekendMinutes: 30 },
      { day: saturday + 1, minutes: 480, weekendMinutes: 480 },
    ]
    expect(carriedLoad(served, MONDAY - 2, 30)).toEqual({
      minutes: 1080,
      shifts: 3,
      days: 2,
      nightMinutes: 320,
      nights: 1,
      weekendMinutes: 990,
      weekends: 1,
      weekendShifts: 2,
      holidayMinutes: 60,
      holidays: 1,
      shortNotice: 1,
    })
  })
})
