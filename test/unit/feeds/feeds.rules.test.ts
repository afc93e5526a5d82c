import { expect, test } from 'vitest'
import { calendarOf } from '../../../src/modules/feeds/feeds.calendar.ts'
import { CALLED_OFF, changedAt, eventSequence, eventStatus, windowAt } from '../../../src/modules/feeds/feeds.rules.ts'
import type { FeedDuty } from '../../../src/modules/feeds/feeds.types.ts'
import { ASSIGNMENT_STATES } from '../../../src/modules/rosters/rosters.states.ts'

const duty: FeedDuty = {
  assignmentId: '01a20224-3eb9-7f93-8629-9c2b7e62ab97',
  assignmentVersion: 1,
  assignmentChangedAt: new Date('2026-05-01T00:00:00Z'),
  state: 'pending',
  startsAt: new Date('2026-05-11T00:00:00Z'),
  endsAt: new Date('2026-05-12T00:00:00Z'),
  zone: 'Asia/Shanghai',
  kind: 'active',
  role: 'lead',
  postName: '城东卡点',
  postVersion: 1,
  postChangedAt: new Date('2026-04-01T00:00:00Z'),
  address: null,
  phone: null,
}

test('every state has a status, and only a question is tentative', () => {
  const byStatus = Object.groupBy(ASSIGNMENT_STATES, eventStatus)
  expect(byStatus).toEqual({
    TENTATIVE: ['pending'],
    CONFIRMED: ['confirmed', 'serving', 'completed'],
    CANCELLED: ['declined', 'lapsed', 'withdrawn', 'cancelled', 'replaced', 'no_show', 'excused'],
  })
  expect(CALLED_OFF).toEqual(byStatus.CANCELLED)
})

test('the window reaches 30 days back and 180 ahead; what was called off stays 30 days', () => {
  const now = new Date('2026-05-16T12:00:00Z')
  expect(windowAt(now)).toEqual({
    from: new Date('2026-04-16T12:00:00Z'),
    to: new Date('2026-11-12T12:00:00Z'),
    calledOffSince: new Date('2026-04-16T12:00:00Z'),
  })
})

test('the sequence begins at 0 and rises with the assignment and with its post', () => {
  expect(eventSequence(duty)).toBe(0)
  expect(eventSequence({ ...duty, assignmentVersion: 4 })).toBe(3)
  expect(eventSequence({ ...duty, assignmentVersion: 4, postVersion: 3 })).toBe(5)
  expect(changedAt(duty)).toEqual(duty.assignmentChangedAt)
  const renamedAt = new Date('2026-05-02T00:00:00Z')
  expect(changedAt({ ...duty, postChangedAt: renamedAt })).toEqual(renamedAt)
})

test('a person is named discreetly, a post as it is called', () => {
  const name = (facts: Parameters<typeof calendarOf>[0]) => /^NAME:(.*)$/m.exec(calendarOf(facts, [duty]))?.[1]?.trim()
  expect(name({ language: 'zh', personName: '王小明', postName: null })).toBe('值班 · 王**')
  expect(name({ language: 'en', personName: null, postName: 'East gate' })).toBe('Duties · East gate')
})

test('the same duties give the same text', () => {
  const facts = { language: 'zh', personName: '王小明', postName: null } as const
  expect(calendarOf(facts, [duty])).toBe(calendarOf(facts, [{ ...duty }]))
  expect(calendarOf(facts, [duty])).not.toBe(calendarOf(facts, [{ ...duty, state: 'confirmed', assignmentVersion: 2 }]))
})
