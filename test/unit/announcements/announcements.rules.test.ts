import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chaseSteps, nameList, standingOf, wordingFor } from '../../../src/modules/announcements/announcements.rules.ts'

const NOW = new Date('2026-05-04T02:00:00Z')
const zh = { title: '通知', text: '请阅读' }
const en = { title: 'Notice', text: 'Please read' }

test('who reads a language there is not is shown the nearest', () => {
  expect(wordingFor({ zh, en }, 'en').wording).toBe(en)
  expect(wordingFor({ zh, en }, 'bo')).toEqual({ locale: 'zh', wording: zh })
  expect(wordingFor({ en }, 'zh')).toEqual({ locale: 'en', wording: en })
  expect(wordingFor({ bo: zh }, 'en')).toEqual({ locale: 'bo', wording: zh })
})

test('steps come in order of time, the escalation after a reminder of the same time', () => {
  const steps = chaseSteps(NOW, { remindAfterMinutes: [60, 20], escalateAfterMinutes: 60 })
  expect(steps.map(({ step, kind, dueAt }) => [step, kind, (dueAt.getTime() - NOW.getTime()) / 60_000])).toEqual([
    [0, 'remind', 20],
    [1, 'remind', 60],
    [2, 'escalate', 60],
  ])
  expect(chaseSteps(NOW, { remindAfterMinutes: [], escalateAfterMinutes: null })).toEqual([])
})

test('an answer counts as long as nothing else is said', () => {
  const standing = fc.record({
    state: fc.constantFrom('active' as const, 'stopped' as const, 'expired' as const),
    requiredRevision: fc.integer({ min: 1, max: 4 }),
    expiresAt: fc.constantFrom(null, new Date(NOW.getTime() - 1), new Date(NOW.getTime() + 1)),
    acknowledgedRevision: fc.constantFrom(null, 1, 2, 3, 4),
  })
  fc.assert(
    fc.property(standing, (one) => {
      const { acknowledgedRevision: answered, requiredRevision, state, expiresAt } = one
      const counts = answered !== null && answered >= requiredRevision
      const over = state !== 'active' || (expiresAt !== null && expiresAt <= NOW)
      const wanted = counts ? 'acknowledged' : over ? 'over' : answered === null ? 'open' : 'changed'
      expect(standingOf(one, NOW)).toBe(wanted)
    }),
  )
})

test('a long list of names says how many more there are', () => {
  const more = (count: number) => `and ${count} more`
  expect(nameList(['A', 'B'], 2, more)).toBe('- A\n- B')
  expect(nameList(['A', 'B', 'C'], 2, more)).toBe('- A\n- B\nand 1 more')
})
