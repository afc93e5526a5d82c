import { describe, expect, test } from 'vitest'
import { type AvailabilitySpan, expandAvailability } from '../../../src/time/availability.ts'
import { ruleOf } from '../../../src/time/recurrence.ts'

const between = (from: string, to: string) => ({ startsAt: new Date(from), endsAt: new Date(to) })
const may = between('2026-05-01T00:00Z', '2026-05-15T00:00Z')

describe('a recurring span', () => {
  const evenings: AvailabilitySpan = {
    kind: 'recurring',
    rule: ruleOf('FREQ=WEEKLY;BYDAY=TU'),
    dtstart: '2026-01-06T18:00',
    length: 'PT4H',
    zone: 'Asia/Shanghai',
  }

  test('gives the instants of its zone', () => {
    expect(expandAvailability(evenings, may)).toEqual([
      between('2026-05-05T10:00Z', '2026-05-05T14:00Z'),
      between('2026-05-12T10:00Z', '2026-05-12T14:00Z'),
    ])
  })

  test('is cut at the edges of the window, also when it began before', () => {
    expect(expandAvailability(evenings, between('2026-05-05T11:00Z', '2026-05-12T11:30Z'))).toEqual([
      between('2026-05-05T11:00Z', '2026-05-05T14:00Z'),
      between('2026-05-12T10:00Z', '2026-05-12T11:30Z'),
    ])
    expect(expandAvailability(evenings, between('2026-05-05T14:00Z', '2026-05-12T10:00Z'))).toEqual([])
  })

  test('of long days is found by a window in its last minutes', () => {
    const fortnight: AvailabilitySpan = {
      ...evenings,
      rule: ruleOf('FREQ=MONTHLY;BYMONTHDAY=1'),
      dtstart: '2026-01-01T00:00',
      length: 'P14D',
    }
    const lastHour = between('2026-05-14T15:00Z', '2026-05-14T17:00Z')
    expect(expandAvailability(fortnight, lastHour)).toEqual([between('2026-05-14T15:00Z', '2026-05-14T16:00Z')])
  })

  test('keeps its wall time when clocks change, and days that touch become one', () => {
    const nights: AvailabilitySpan = {
      kind: 'recurring',
      rule: ruleOf('FREQ=DAILY'),
      dtstart: '2026-01-01T22:00',
      length: 'PT8H',
      zone: 'Europe/Berlin',
    }
    const spring = between('2026-03-28T12:00Z', '2026-03-30T12:00Z')
    expect(expandAvailability(nights, spring)).toEqual([
      between('2026-03-28T21:00Z', '2026-03-29T05:00Z'),
      between('2026-03-29T20:00Z', '2026-03-30T04:00Z'),
    ])
    expect(expandAvailability({ ...nights, length: 'P1D' }, spring)).toEqual([spring])
  })

  test('is found where a change of clocks carries its edge over midnight', () => {
    const daily = { kind: 'recurring', rule: ruleOf('FREQ=DAILY') } as const
    const late = {
      ...daily,
      dtstart: '2026-03-28T23:30',
      exdates: ['2026-03-29'],
      length: 'PT24H',
      zone: 'Europe/Berlin',
    }
    const afterMidnight = between('2026-03-29T22:00Z', '2026-03-29T23:00Z')
    expect(expandAvailability(late, afterMidnight)).toEqual([between('2026-03-29T22:00Z', '2026-03-29T22:30Z')])

    // One minute after midnight the clocks went back to the day before.
    const early = { ...daily, dtstart: '2010-11-07T00:00', length: 'PT15M', zone: 'America/St_Johns' }
    const secondEvening = between('2010-11-07T02:00Z', '2010-11-07T03:00Z')
    expect(expandAvailability(early, secondEvening)).toEqual([between('2010-11-07T02:30Z', '2010-11-07T02:45Z')])
  })

  test('has effective dates and exceptions', () => {
    const window = between('2026-05-01T00:00Z', '2026-06-30T00:00Z')
    const span = { ...evenings, exdates: ['2026-05-12'], effectiveFrom: '2026-05-06', effectiveTo: '2026-05-26' }
    expect(expandAvailability(span, window)).toEqual([between('2026-05-19T10:00Z', '2026-05-19T14:00Z')])
  })
})

describe('a span of once', () => {
  const leave: AvailabilitySpan = {
    kind: 'once',
    from: '2026-10-24T00:00',
    to: '2026-10-26T00:00',
    zone: 'Europe/Berlin',
  }
  const october = between('2026-10-01T00:00Z', '2026-11-01T00:00Z')

  test('runs from wall time to wall time', () => {
    expect(expandAvailability(leave, october)).toEqual([between('2026-10-23T22:00Z', '2026-10-25T23:00Z')])
  })

  test('covers a repeated hour wholly, at its start and at its end', () => {
    const hour = { ...leave, from: '2026-10-25T02:15', to: '2026-10-25T02:45' }
    expect(expandAvailability(hour, october)).toEqual([between('2026-10-25T00:15Z', '2026-10-25T01:45Z')])
  })

  test('outside the window is nothing', () => {
    expect(expandAvailability(leave, may)).toEqual([])
  })

  test.each([
    { ...leave, to: leave.from },
    { ...leave, to: '2026-10-23T00:00' },
    { ...leave, zone: 'Europe/Atlantis' },
    { ...leave, from: '2026-10-32T00:00' },
  ])('from $from to $to in $zone is refused', (span) => {
    expect(() => expandAvailability(span, october)).toThrow(RangeError)
  })
})
