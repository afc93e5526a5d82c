import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  alignSeats,
  caughtUp,
  confirmBy,
  diffOf,
  type LiveSeat,
  openSeats,
  type Place,
  type Seated,
  standingFailures,
} from '../../../src/modules/rosters/rosters.rules.ts'

const place = (slotId: string, mandatory = true, shiftId = 'S', requirementId = 'R'): Place => ({
  slotId,
  shiftId,
  requirementId,
  mandatory,
})
const at = (slotId: string, volunteerId: string): Seated => ({ slotId, volunteerId })
const live = (slotId: string, volunteerId: string, state: LiveSeat['state'] = 'pending'): LiveSeat => ({
  slotId,
  volunteerId,
  state,
  assignmentId: `${slotId}/${volunteerId}`,
})

describe('the difference between draft and live', () => {
  test('names who comes, who goes, who moves and whose confirmed duty is taken', () => {
    const diff = diffOf(
      [at('1', 'ann'), at('2', 'bob'), at('3', 'cyd')],
      [live('1', 'ann', 'confirmed'), live('2', 'cyd', 'confirmed'), live('4', 'dan')],
    )
    expect(diff.kept.map((one) => one.slotId)).toEqual(['1'])
    expect(diff.added).toEqual([at('2', 'bob'), at('3', 'cyd')])
    expect(diff.removed.map((one) => one.volunteerId)).toEqual(['cyd', 'dan'])
    expect(diff.movedIds).toEqual(['cyd'])
    expect(diff.affectedIds).toEqual(['bob', 'cyd', 'dan'])
    expect(diff.confirmedAffectedIds).toEqual(['cyd'])
  })

  test('equal plans differ in nothing', () => {
    const diff = diffOf([at('1', 'ann')], [live('1', 'ann')])
    expect([diff.added, diff.removed, diff.affectedIds]).toEqual([[], [], []])
  })
})

describe('like seats of one shift', () => {
  const seats = [place('1'), place('2'), place('3', false), place('9', true, 'S', 'other')]

  test('are kept by who holds them', () => {
    const aligned = alignSeats([at('1', 'bob'), at('2', 'ann')], [at('1', 'ann'), at('2', 'bob')], seats)
    expect(diffOf(aligned, [live('1', 'ann'), live('2', 'bob')]).affectedIds).toEqual([])
  })

  test('push others to the seat that becomes free', () => {
    const aligned = alignSeats([at('1', 'ann'), at('2', 'new')], [at('2', 'ann')], seats)
    expect(aligned.map((one) => [one.slotId, one.volunteerId]).sort()).toEqual([
      ['1', 'new'],
      ['2', 'ann'],
    ])
  })

  test('are not alike across requirements, and nobody goes from a mandatory seat to an empty desired one', () => {
    expect(alignSeats([at('9', 'ann')], [at('1', 'ann')], seats)).toEqual([at('9', 'ann')])
    expect(alignSeats([at('1', 'ann')], [at('3', 'ann')], seats)).toEqual([at('1', 'ann')])
  })

  test('nobody stays in a desired seat at the price of a mandatory one', () => {
    const places = ['1', '2', '3', '4', '5'].map((id, i) => place(id, i < 3))
    const aligned = alignSeats([at('4', 'e'), at('2', 'd')], [at('5', 'e'), at('1', 'c'), at('4', 'd')], places)
    expect(openSeats(places, aligned).mandatory).toHaveLength(2)
  })

  test('never double or lose anybody, whatever the plans are', () => {
    const ids = ['1', '2', '3', '4', '5']
    const places = ids.map((id, i) => place(id, i < 3))
    const plan = fc
      .tuple(fc.shuffledSubarray(ids), fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f']))
      .map(([slots, people]) => slots.slice(0, people.length).map((slot, i) => at(slot, people[i]!)))
    fc.assert(
      fc.property(plan, plan, (draft, standing) => {
        const aligned = alignSeats(draft, standing, places)
        expect(aligned.map((one) => one.volunteerId).sort()).toEqual(draft.map((one) => one.volunteerId).sort())
        expect(new Set(aligned.map((one) => one.slotId)).size).toBe(draft.length)
        expect(openSeats(places, aligned).mandatory.length).toBeLessThanOrEqual(
          openSeats(places, draft).mandatory.length,
        )
        const touched = (one: Seated[]) =>
          diffOf(
            one,
            standing.map((s) => live(s.slotId, s.volunteerId)),
          ).affectedIds
        expect(touched(aligned).length).toBeLessThanOrEqual(touched(draft).length)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a plan that comes late', () => {
  const seat = (one: Seated) => at(one.slotId, one.volunteerId)

  test('does not put back who has left, and leaves the seat to who has been given it', () => {
    const plan = [at('1', 'ann'), at('2', 'bob'), at('3', 'cyd')]
    const then = [at('1', 'ann'), at('2', 'bob'), at('3', 'cyd')]
    expect(caughtUp(plan, then, [at('1', 'ann'), at('3', 'dan')], seat)).toEqual([at('1', 'ann'), at('3', 'dan')])
  })

  test('may fill a seat that became free since with somebody else', () => {
    expect(caughtUp([at('1', 'new')], [at('1', 'ann')], [], seat)).toEqual([at('1', 'new')])
    expect(caughtUp([at('1', 'new')], [at('1', 'ann')], [at('1', 'ann')], seat)).toEqual([at('1', 'new')])
  })
})

describe('the deadline to answer', () => {
  const policy = { confirmWithinMinutes: 24 * 60, cutOffMinutes: 120 }
  const now = new Date('2026-05-04T00:00:00Z')
  const by = (startsAt: string) => confirmBy(now, new Date(startsAt), policy).toISOString()

  test.each([
    ['what the unit allows', '2026-05-08T00:00:00Z', '2026-05-05T00:00:00.000Z'],
    ['the cut-off, when that comes first', '2026-05-04T12:00:00Z', '2026-05-04T10:00:00.000Z'],
    ['half of what is left, when the cut-off is over', '2026-05-04T01:00:00Z', '2026-05-04T00:30:00.000Z'],
  ])('is %s', (_name, startsAt, expected) => expect(by(startsAt)).toBe(expected))
})

test('a failure stands unless it is overridden by name and can be', () => {
  const failures = [
    { rule: 'grade', overridable: true },
    { rule: 'no-overlap', overridable: false },
  ]
  expect(standingFailures(failures, [])).toEqual(failures)
  expect(standingFailures(failures, ['grade', 'no-overlap'])).toEqual([failures[1]])
})
