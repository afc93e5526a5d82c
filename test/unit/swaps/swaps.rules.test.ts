import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  approvalDeadline,
  cutDuty,
  type Duty,
  dutyFaults,
  needsApproval,
  nextReminder,
  type Parties,
  partFaults,
  stepsOf,
  wishFaults,
} from '../../../src/modules/swaps/swaps.rules.ts'
import { isPending, mayBecome, SWAP_STATES } from '../../../src/modules/swaps/swaps.states.ts'
import { minutesOf, overlaps } from '../../../src/time/intervals.ts'

const NOW = new Date('2026-05-04T02:00:00Z')
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)
const span = (from: number, to: number) => ({ startsAt: at(from), endsAt: at(to) })
const duty = (more: Partial<Duty> = {}): Duty => ({
  id: 'duty',
  volunteerId: 'asker',
  state: 'confirmed',
  ...span(600, 1_080),
  ...more,
})
const codes = (faults: { code: string }[]) => faults.map((fault) => fault.code)

describe('what can change hands', () => {
  test('a confirmed duty that has not begun, of whoever asks', () => {
    expect(dutyFaults('assignmentId', duty(), 'asker', NOW)).toEqual([])
    expect(codes(dutyFaults('assignmentId', duty({ state: 'pending' }), 'asker', NOW))).toEqual(['not-confirmed'])
    expect(codes(dutyFaults('assignmentId', duty({ startsAt: NOW, state: 'serving' }), 'other', NOW))).toEqual([
      'not-yours',
      'not-confirmed',
      'begun',
    ])
  })

  test('all that is wrong is said at once', () => {
    const wish = { kind: 'give' as const, askerId: 'asker', askedId: 'asker', part: span(600, 700) }
    expect(codes(wishFaults(wish, duty({ state: 'pending' }), duty({ id: 'other' }), NOW))).toEqual([
      'not-confirmed',
      'asks-oneself',
      'part-unwanted',
      'return-unwanted',
    ])
    expect(codes(wishFaults({ kind: 'cover', askerId: 'asker' }, duty(), undefined, NOW))).toEqual(['part-needed'])
  })

  test('a part begins or ends with the duty and leaves some of it', () => {
    expect(partFaults(duty(), span(600, 700))).toEqual([])
    expect(partFaults(duty(), span(700, 1_080))).toEqual([])
    expect(codes(partFaults(duty(), span(600, 1_080)))).toEqual(['part-whole'])
    expect(codes(partFaults(duty(), span(700, 800)))).toEqual(['part-in-the-middle'])
    expect(codes(partFaults(duty(), span(500, 700)))).toEqual(['part-outside'])
    expect(codes(partFaults(duty(), span(600, 610)))).toEqual(['part-too-short'])
    expect(codes(partFaults(duty(), span(600, 1_070)))).toEqual(['part-too-short'])
  })

  test('both parts together are the duty, and nobody stands in both', () => {
    const lengths = fc.tuple(fc.integer({ min: 30, max: 2_000 }), fc.integer({ min: 15, max: 2_000 }), fc.boolean())
    fc.assert(
      fc.property(lengths, ([length, cut, first]) => {
        const whole = duty(span(600, 600 + length))
        const part = first ? span(600, 600 + cut) : span(600 + length - cut, 600 + length)
        fc.pre(partFaults(whole, part).length === 0)
        const { kept, given } = cutDuty(whole, part)
        expect(overlaps(kept, given)).toBe(false)
        expect(minutesOf(kept) + minutesOf(given)).toBe(length)
        expect(minutesOf(kept)).toBeGreaterThanOrEqual(15)
        expect(Math.min(kept.startsAt.getTime(), given.startsAt.getTime())).toBe(whole.startsAt.getTime())
        expect(Math.max(kept.endsAt.getTime(), given.endsAt.getTime())).toBe(whole.endsAt.getTime())
      }),
    )
  })
})

describe('time', () => {
  test('approval by policy', () => {
    const asks = (swapApproval: 'none' | 'organizer' | 'always-near-start', start: number) =>
      needsApproval(at(start), NOW, { swapApproval, swapNearMinutes: 60 })
    expect([asks('none', 10), asks('organizer', 10_000)]).toEqual([false, true])
    expect([asks('always-near-start', 60), asks('always-near-start', 61)]).toEqual([true, false])
  })

  test('approval is waited for as long as the policy says, and not beyond the beginning', () => {
    expect(approvalDeadline(at(1_000), NOW, { swapApprovalMinutes: 60 })).toEqual(at(60))
    expect(approvalDeadline(at(30), NOW, { swapApprovalMinutes: 60 })).toEqual(at(30))
  })

  test('reminders come one after the other, each ahead of now and before the duty', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 })), fc.integer({ min: 1, max: 5_000 }), (list, start) => {
        const policy = { swapRemindMinutes: list }
        const seen: number[] = []
        for (
          let now = NOW, next = nextReminder(at(start), now, policy);
          next;
          next = nextReminder(at(start), now, policy)
        ) {
          expect(next > now && next < at(start)).toBe(true)
          seen.push(next.getTime())
          now = next
        }
        const wanted = [...new Set(list.filter((minutes) => minutes < start))].length
        expect(seen.length).toBe(wanted)
      }),
    )
  })
})

describe('who may do what', () => {
  const party = fc.constantFrom('asker', 'asked', 'taker', 'stranger')
  const swap = fc.record<Parties>({
    state: fc.constantFrom(...SWAP_STATES),
    askerId: fc.constant('asker'),
    askedId: fc.constantFrom('asked', null),
    takerId: fc.constantFrom('taker', 'asked', null),
    waitsUntil: fc.integer({ min: -10, max: 10 }).map(at),
  })

  test('nothing after its end; the asker only takes back; only one who is asked, or anybody on the board, takes', () => {
    fc.assert(
      fc.property(swap, party, (one, viewer) => {
        const steps = stepsOf(one, viewer, NOW)
        const over = !isPending(one.state) || one.waitsUntil <= NOW
        if (over) expect(steps).toEqual([])
        else if (viewer === 'asker') expect(steps).toEqual(['withdraw'])
        else expect(steps).not.toContain('withdraw')
        if (steps.includes('accept')) {
          expect(one.state).toBe('open')
          expect([null, viewer]).toContain(one.askedId)
        }
      }),
    )
  })

  test('whatever has ended stays as it is, and nothing is applied that nobody took', () => {
    for (const from of SWAP_STATES) {
      for (const to of SWAP_STATES) {
        if (!isPending(from)) expect(mayBecome(from, to)).toBe(false)
      }
    }
    expect(mayBecome('open', 'applied')).toBe(false)
    expect(mayBecome('open', 'approved')).toBe(false)
  })
})
