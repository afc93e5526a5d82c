import { describe, expect, test } from 'vitest'
import {
  answerBy,
  answersOf,
  type CallFacts,
  isContent,
  type Need,
  nextStep,
  standingOf,
  tallyOf,
  waveOf,
} from '../../../src/modules/call-outs/call-outs.rules.ts'
import type { CallTier } from '../../../src/modules/call-outs/call-outs.types.ts'

const now = new Date('2022-08-06T12:00:00Z')
const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
const policy = { waveSize: 3, broadcastBelowMinutes: 120, offerShare: 0.25 }
const call = (more: Partial<CallFacts> = {}): CallFacts => ({
  state: 'asked',
  crewId: null,
  tier: 0,
  answerBy: at(1),
  readAt: null,
  ...more,
})
const need = (more: Partial<Need> = {}): Need => ({
  startsAt: at(10),
  endsAt: at(18),
  wanted: 4,
  coming: 0,
  crewLeast: null,
  calls: [],
  ...more,
})
const people: CallTier = { kind: 'echelon', id: 'e', name: 'First' }
const crew = (id: string): CallTier => ({ kind: 'crew', id, name: id })

describe('who is called next', () => {
  test('as many for each missing person as for a gap, and everybody when time is short', () => {
    expect(waveOf(need({ coming: 1 }), policy, now)).toEqual({ broadcast: false, size: 9 })
    expect(waveOf(need({ startsAt: at(1) }), policy, now)).toEqual({ broadcast: true, size: 500 })
  })

  test('a wave is filled up, and the next tier waits for the answers of this one unless time is short', () => {
    const wave = waveOf(need(), policy, now)
    expect(nextStep(need(), [people, people], 0, wave)).toEqual({ kind: 'call', tier: 0, room: 12 })
    const asked = need({ calls: Array.from({ length: 5 }, () => call()) })
    expect(nextStep(asked, [people, people], 0, wave)).toEqual({ kind: 'call', tier: 0, room: 7 })
    expect(nextStep(asked, [people, people], 1, wave)).toEqual({ kind: 'wait' })
    expect(nextStep(asked, [people, people], 1, { broadcast: true, size: 500 })).toEqual({
      kind: 'call',
      tier: 1,
      room: 495,
    })
  })

  test('a crew is called when nobody else has time to answer', () => {
    const wave = waveOf(need(), policy, now)
    expect(nextStep(need({ calls: [call({ crewId: 'a' })] }), [crew('a'), crew('b')], 1, wave)).toEqual({
      kind: 'wait',
    })
    const silent = need({ calls: [call({ crewId: 'a', state: 'silent' })] })
    expect(nextStep(silent, [crew('a'), crew('b')], 1, wave)).toMatchObject({ kind: 'call', tier: 1 })
    expect(nextStep(silent, [crew('a')], 1, wave)).toEqual({ kind: 'short' })
  })

  test('enough of one crew are enough, once it has had its time', () => {
    const coming = [1, 2].map(() => call({ crewId: 'a', state: 'coming' }))
    expect(isContent(need({ coming: 2, crewLeast: 2, calls: coming }))).toBe(true)
    expect(isContent(need({ coming: 2, crewLeast: 2, calls: [...coming, call({ crewId: 'a' })] }))).toBe(false)
    expect(isContent(need({ coming: 2, crewLeast: 3, calls: coming }))).toBe(false)
    expect(isContent(need({ coming: 2, calls: coming }))).toBe(false)
    expect(isContent(need({ coming: 4 }))).toBe(true)
  })

  test('nobody is waited for longer than a share of the time left, nor beyond the end', () => {
    expect(answerBy(need(), 30, policy, now)).toEqual(at(0.5))
    expect(answerBy({ startsAt: at(1), endsAt: at(9) }, 30, policy, now)).toEqual(at(0.25))
    expect(answerBy({ startsAt: at(-1), endsAt: at(0.01) }, 30, policy, now)).toEqual(at(0.01))
  })
})

describe('how a call stands', () => {
  const facts = {
    startsAt: at(10),
    endsAt: at(18),
    callOut: 'open' as const,
    call: 'asked' as const,
    duty: null,
    stillNeeded: 2,
    wholeCrew: false,
  }

  test('late help is help while people are missing', () => {
    expect(standingOf({ ...facts, call: 'silent' }, now)).toBe('open')
    expect(standingOf({ ...facts, call: 'silent', stillNeeded: 0 }, now)).toBe('enough')
    expect(standingOf({ ...facts, stillNeeded: 0, wholeCrew: true }, now)).toBe('open')
    expect(answersOf('not_coming', { read: true, missing: true })).toEqual(['coming'])
    expect(answersOf('not_coming', { read: true, missing: false })).toEqual([])
  })

  test('a yes can be taken back until the duty begins', () => {
    const coming = { ...facts, call: 'coming' as const, duty: 'confirmed' as const, stillNeeded: 0 }
    expect(standingOf(coming, now)).toBe('coming')
    expect(standingOf(coming, at(11))).toBe('begun')
    expect(standingOf({ ...coming, duty: 'serving' }, at(11))).toBe('begun')
    expect(standingOf({ ...coming, duty: 'cancelled', callOut: 'cancelled' }, now)).toBe('over')
    expect(answersOf('begun', { read: true, missing: false })).toEqual([])
  })

  test('"read" is offered until it is said', () => {
    expect(answersOf('open', { read: false, missing: true })).toContain('read')
    expect(answersOf('open', { read: true, missing: true })).not.toContain('read')
  })
})

test('the tally counts everybody once', () => {
  const calls = (
    ['asked', 'coming', 'not_coming', 'withdrawn', 'silent', 'closed', 'spare', 'contact_error', 'passed_over'] as const
  ).map((state, i) => ({ state, readAt: i < 4 ? now : null }))
  expect(tallyOf(calls)).toEqual({
    asked: 8,
    read: 4,
    coming: 1,
    notComing: 2,
    silent: 3,
    spare: 1,
    passedOver: 1,
  })
})
