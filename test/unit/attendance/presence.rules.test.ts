import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyTimes, type Stay, stretchesOf } from '../../../src/modules/attendance/presence.rules.ts'
import { minutesOf } from '../../../src/time/intervals.ts'

const BEGIN = Date.parse('2026-05-04T08:00:00Z')
const at = (minute: number) => new Date(BEGIN + minute * 60_000)
const window = { startsAt: at(0), endsAt: at(120) }
const times = fc
  .tuple(fc.integer({ min: -30, max: 140 }), fc.integer({ min: 1, max: 90 }))
  .map(([from, length]) => ({ startsAt: at(from), endsAt: at(from + length) }))
const stayOf = (one: { startsAt: Date; endsAt: Date }, index: number): Stay => ({
  ...one,
  assignmentId: `a${index}`,
  volunteerId: `v${index}`,
  volunteerName: `V${index}`,
  kind: 'active',
})

test('every minute of the window shows who was there, and the empty ones are the gaps', () => {
  fc.assert(
    fc.property(fc.array(times, { maxLength: 6 }), fc.array(times, { maxLength: 3 }), (presences, shifts) => {
      const stays = presences.map(stayOf)
      const stretches = stretchesOf(window, stays)
      expect(stretches.reduce((sum, one) => sum + minutesOf(one), 0)).toBe(120)
      const gaps = emptyTimes(window, stays, shifts)
      for (let minute = 0; minute < 120; minute += 1) {
        const now = at(minute)
        const holds = (one: { startsAt: Date; endsAt: Date }) => one.startsAt <= now && now < one.endsAt
        const there = stays.filter(holds).map((stay) => stay.assignmentId)
        expect(stretches.find(holds)!.people.map((person) => person.assignmentId)).toEqual(there)
        const gap = gaps.filter(holds)
        expect(gap.map((one) => one.planned)).toEqual(there.length > 0 ? [] : [shifts.some(holds)])
      }
    }),
    { numRuns: 60 },
  )
})
