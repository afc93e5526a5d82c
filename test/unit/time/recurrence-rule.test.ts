import { describe, expect, test } from 'vitest'
import { parseRule, ruleOf } from '../../../src/time/recurrence.ts'

const problemsOf = (text: string) => {
  const result = parseRule(text)
  return result.ok ? [] : result.problems
}

describe('what is understood', () => {
  test('every part', () => {
    expect(parseRule('FREQ=MONTHLY;INTERVAL=2;UNTIL=20271231T200000;BYDAY=-1FR,1MO;BYMONTH=6,3,3;WKST=SU')).toEqual({
      ok: true,
      rule: {
        text: 'FREQ=MONTHLY;INTERVAL=2;UNTIL=20271231T200000;BYMONTH=3,6;BYDAY=-1FR,1MO;WKST=SU',
        frequency: 'MONTHLY',
        interval: 2,
        count: null,
        until: '2027-12-31T20:00',
        byMonth: [3, 6],
        byMonthDay: [],
        byDay: [
          { weekday: 5, nth: -1 },
          { weekday: 1, nth: 1 },
        ],
        bySetPos: [],
        weekStart: 7,
      },
    })
  })

  test.each([
    ['rrule:freq=weekly;byday=th,mo;interval=1;', 'FREQ=WEEKLY;BYDAY=MO,TH'],
    ['BYMONTHDAY=-1,15,+1;FREQ=MONTHLY;COUNT=010', 'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=-1,1,15'],
    ['FREQ=DAILY;UNTIL=20261231', 'FREQ=DAILY;UNTIL=20261231T235900'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;WKST=MO', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'],
    ['FREQ=YEARLY;BYDAY=+53MO', 'FREQ=YEARLY;BYDAY=53MO'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU'],
  ])('%s is kept as %s', (given, kept) => {
    expect(ruleOf(given).text).toBe(kept)
    expect(ruleOf(kept).text).toBe(kept)
  })
})

describe('what is refused, and why', () => {
  test.each([
    ['', 'unreadable'],
    ['every day', 'unreadable'],
    ['FREQ=DAILY;;COUNT=1', 'unreadable'],
    ['FREQ=DAILY;COUNT', 'unreadable'],
    ['DTSTART:20260501T080000Z\nRRULE:FREQ=DAILY', 'unreadable'],
    ['FREQ=DAILY;X-COLOUR=RED', 'unknown-part'],
    ['FREQ=DAILY;BYHOUR=8', 'unknown-part'],
    ['FREQ=YEARLY;BYEASTER=0', 'unknown-part'],
    ['FREQ=YEARLY;BYWEEKNO=20', 'unknown-part'],
    ['FREQ=DAILY;TZID=Europe/Berlin', 'unknown-part'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'repeated-part'],
    ['INTERVAL=2', 'frequency'],
    ['FREQ=HOURLY', 'frequency'],
    ['FREQ=MINUTELY', 'frequency'],
    ['FREQ=DAILY;INTERVAL=0', 'interval'],
    ['FREQ=DAILY;INTERVAL=-1', 'interval'],
    ['FREQ=DAILY;INTERVAL=1001', 'interval'],
    ['FREQ=DAILY;COUNT=0', 'count'],
    ['FREQ=DAILY;COUNT=1001', 'count'],
    ['FREQ=DAILY;COUNT=1e2', 'count'],
    ['FREQ=DAILY;COUNT=5;UNTIL=20261231', 'count-and-until'],
    ['FREQ=DAILY;UNTIL=20261231T200000Z', 'until'],
    ['FREQ=DAILY;UNTIL=20261231T200030', 'until'],
    ['FREQ=DAILY;UNTIL=20260230', 'until'],
    ['FREQ=DAILY;UNTIL=2026-12-31', 'until'],
    ['FREQ=YEARLY;BYMONTH=13', 'month'],
    ['FREQ=YEARLY;BYMONTH=0', 'month'],
    ['FREQ=YEARLY;BYMONTH=-1', 'month'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'month-day'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'month-day'],
    ['FREQ=MONTHLY;BYMONTHDAY=1,', 'month-day'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'month-day-weekly'],
    ['FREQ=WEEKLY;BYDAY=MONDAY', 'weekday'],
    ['FREQ=WEEKLY;BYDAY=XX', 'weekday'],
    ['FREQ=MONTHLY;BYDAY=MO,1FR', 'mixed-weekdays'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'counted-weekday'],
    ['FREQ=DAILY;BYDAY=1MO', 'counted-weekday'],
    ['FREQ=MONTHLY;BYDAY=0MO', 'counted-weekday'],
    ['FREQ=MONTHLY;BYDAY=6MO', 'counted-weekday'],
    ['FREQ=YEARLY;BYMONTH=2;BYDAY=6MO', 'counted-weekday'],
    ['FREQ=YEARLY;BYDAY=-54MO', 'counted-weekday'],
    ['FREQ=DAILY;BYMONTH=3;BYSETPOS=1', 'set-position'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'set-position'],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0', 'set-position'],
    ['FREQ=YEARLY;BYDAY=MO;BYSETPOS=367', 'set-position'],
    ['FREQ=WEEKLY;WKST=1', 'week-start'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never-happens'],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'never-happens'],
    ['FREQ=MONTHLY;BYMONTH=4,6,9,11;BYMONTHDAY=31', 'never-happens'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-30', 'never-happens'],
    ['FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20', 'never-happens'],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6', 'never-happens'],
    ['FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-3', 'never-happens'],
  ])('%s: %s', (text, problem) => expect(problemsOf(text)).toContain(problem))

  test('a rule of endless text', () => {
    expect(problemsOf(`FREQ=MONTHLY;BYMONTHDAY=${'1,'.repeat(300)}1`)).toContain('unreadable')
  })

  test('all that is wrong comes in one answer', () => {
    expect(parseRule('FREQ=WEEKLY;BYDAY=1MO,TU;COUNT=0;X-A=1')).toEqual({
      ok: false,
      problems: ['unknown-part', 'count', 'mixed-weekdays', 'counted-weekday'],
      problem: expect.stringMatching(/^The rule may only have .*; it needs a COUNT .*; it mixes .*; it counts .*\.$/),
    })
    expect(() => ruleOf('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30')).toThrow('The rule describes a day that never comes.')
  })
})
