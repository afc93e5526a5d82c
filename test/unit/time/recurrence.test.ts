import fc from 'fast-check'
import rrulePkg from 'rrule'
import { RRuleTemporal } from 'rrule-temporal'
import { describe, expect, test } from 'vitest'
import { neverHappens, occurrences, parseRule, ruleOf } from '../../../src/time/recurrence.ts'
import { addLocalDays } from '../../../src/time/zones.ts'

const dates = (text: string, dtstart: string, from: string, to: string) =>
  occurrences({ rule: ruleOf(text), dtstart: `${dtstart}T08:00` }, from, to).map((start) => start.slice(0, 10))

describe('local starts', () => {
  test('keep their wall time, the skipped hour too: which instant that is, the zone says', () => {
    expect(
      occurrences({ rule: ruleOf('FREQ=DAILY'), dtstart: '2026-03-28T02:30' }, '2026-03-28', '2026-03-31'),
    ).toEqual(['2026-03-28T02:30', '2026-03-29T02:30', '2026-03-30T02:30'])
  })

  test.each([
    [
      'every third day',
      'FREQ=DAILY;INTERVAL=3',
      '2026-05-01',
      ['2026-05-10', '2026-05-13', '2026-05-16', '2026-05-19'],
    ],
    ['Mondays and Thursdays', 'FREQ=WEEKLY;BYDAY=MO,TH', '2026-05-01', ['2026-05-11', '2026-05-14', '2026-05-18']],
    ['the weekday of the first start', 'FREQ=WEEKLY', '2026-05-01', ['2026-05-15']],
    ['the day of the first start', 'FREQ=MONTHLY', '2026-01-12', ['2026-05-12']],
    ['the last Friday', 'FREQ=MONTHLY;BYDAY=3FR,-3MO', '2026-01-12', ['2026-05-11', '2026-05-15']],
    ['the date of the first start', 'FREQ=YEARLY', '1990-05-17', ['2026-05-17']],
    ['that day of every month', 'FREQ=YEARLY;BYMONTHDAY=17', '1990-01-01', ['2026-05-17']],
    ['the day of the first start, in May', 'FREQ=YEARLY;BYMONTH=5', '1990-01-12', ['2026-05-12']],
    ['the twentieth Monday of the year', 'FREQ=YEARLY;BYDAY=20MO', '1990-01-01', ['2026-05-18']],
    ['the second Tuesday of May', 'FREQ=YEARLY;BYMONTH=5;BYDAY=2TU', '1990-01-01', ['2026-05-12']],
    ['until and with', 'FREQ=DAILY;UNTIL=20260511T080000', '2026-05-01', ['2026-05-10', '2026-05-11']],
    ['until before', 'FREQ=DAILY;UNTIL=20260511T075900', '2026-05-01', ['2026-05-10']],
    ['until a date', 'FREQ=DAILY;UNTIL=20260511', '2026-05-01', ['2026-05-10', '2026-05-11']],
    ['twelve times', 'FREQ=DAILY;COUNT=12', '2026-05-01', ['2026-05-10', '2026-05-11', '2026-05-12']],
    ['second to last working day', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '2026-05-01', ['2026-05-14']],
  ])('%s', (_name, text, dtstart, expected) => {
    expect(dates(text, dtstart, '2026-05-10', '2026-05-20')).toEqual(expected)
  })

  test('a month without such a day is left out', () => {
    expect(dates('FREQ=MONTHLY', '2026-01-31', '2026-01-01', '2026-07-01')).toEqual([
      '2026-01-31',
      '2026-03-31',
      '2026-05-31',
    ])
  })

  test('every other week is counted from the first start, whatever window is asked for', () => {
    const all = dates('FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU', '2026-01-07', '2026-01-01', '2027-01-01')
    expect(all.slice(0, 4)).toEqual(['2026-01-11', '2026-01-20', '2026-01-25', '2026-02-03'])
    for (const from of all) {
      expect(dates('FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU', '2026-01-07', from, addLocalDays(from, 1))).toEqual([from])
    }
  })

  test('the day a week begins decides which week is the other one', () => {
    const text = 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU'
    expect(dates(text, '2026-08-04', '2026-08-01', '2026-08-25')).toEqual([
      '2026-08-04',
      '2026-08-09',
      '2026-08-18',
      '2026-08-23',
    ])
    expect(dates(`${text};WKST=SU`, '2026-08-04', '2026-08-01', '2026-08-25')).toEqual([
      '2026-08-04',
      '2026-08-16',
      '2026-08-18',
    ])
  })

  test('a position that picks the same day twice gives it once, and counts it once', () => {
    expect(
      dates('FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;BYSETPOS=1,-1;COUNT=3', '2026-01-01', '2026-01-01', '2028-01-01'),
    ).toEqual(['2026-02-13', '2026-03-13', '2026-11-13'])
  })

  test('a first start that does not match the rule is no occurrence', () => {
    expect(dates('FREQ=WEEKLY;BYDAY=MO;COUNT=2', '2026-05-01', '2026-05-01', '2026-06-01')).toEqual([
      '2026-05-04',
      '2026-05-11',
    ])
  })

  test('nothing before the first start or outside the window', () => {
    expect(dates('FREQ=DAILY', '2026-05-03', '2026-05-01', '2026-05-05')).toEqual(['2026-05-03', '2026-05-04'])
    expect(dates('FREQ=DAILY', '2026-05-03', '2026-05-01', '2026-05-03')).toEqual([])
    expect(dates('FREQ=DAILY', '2026-05-03', '2026-05-05', '2026-05-04')).toEqual([])
  })
})

describe('effective dates and exceptions', () => {
  const rule = ruleOf('FREQ=DAILY;INTERVAL=2')

  test('the first day in force is the anchor when there is no other', () => {
    const template = { rule, startTime: '08:00', effectiveFrom: '2026-05-02', effectiveTo: '2026-05-06' }
    expect(occurrences(template, '2026-05-01', '2026-06-01')).toEqual(['2026-05-02T08:00', '2026-05-04T08:00'])
  })

  test('with an anchor of its own the rule keeps step', () => {
    const template = { rule, dtstart: '2026-05-01T08:00', effectiveFrom: '2026-05-02' }
    expect(occurrences(template, '2026-05-01', '2026-05-06')).toEqual(['2026-05-03T08:00', '2026-05-05T08:00'])
  })

  test('an exception names a start or a whole day', () => {
    const exdates = ['2026-05-03', '2026-05-05T08:00', '2026-05-07T09:00']
    expect(occurrences({ rule, dtstart: '2026-05-01T08:00', exdates }, '2026-05-01', '2026-05-10')).toEqual([
      '2026-05-01T08:00',
      '2026-05-07T08:00',
      '2026-05-09T08:00',
    ])
  })

  test('an exception uses up its count', () => {
    const counted = { rule: ruleOf('FREQ=DAILY;COUNT=3'), dtstart: '2026-05-01T08:00', exdates: ['2026-05-02'] }
    expect(occurrences(counted, '2026-05-01', '2026-06-01')).toEqual(['2026-05-01T08:00', '2026-05-03T08:00'])
  })

  test('a rule may be sound and yet never meet its first start', () => {
    const leap = { rule: ruleOf('FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29') }
    expect(neverHappens({ ...leap, dtstart: '2025-01-01T08:00' }, '2025-01-01', '2034-01-01')).toBe(true)
    expect(neverHappens({ ...leap, dtstart: '2026-01-01T08:00' }, '2025-01-01', '2034-01-01')).toBe(false)
  })

  test.each([
    ['a window of more than ten years', '2026-05-01T08:00', '2026-01-01', '2037-01-01'],
    ['a window that is none', '2026-05-01T08:00', '2026-01-01', 'later'],
    ['a first start that is none', '2026-05-01', '2026-01-01', '2027-01-01'],
    ['a first start on 30 February', '2026-02-30T08:00', '2026-01-01', '2027-01-01'],
  ])('%s is refused', (_name, dtstart, from, to) => {
    expect(() => occurrences({ rule, dtstart }, from, to)).toThrow(RangeError)
  })
})

describe('against other implementations', () => {
  const subset = <T>(...from: T[]) => fc.subarray(from, { minLength: 1, maxLength: 3 }).map((list) => list.join(','))
  const part = (name: string, value: fc.Arbitrary<string | number>, freq = 2) =>
    fc.option(
      value.map((v) => `;${name}=${v}`),
      { nil: '', freq },
    )
  const days = subset('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
  const months = subset(1, 2, 3, 4, 6, 9, 12)
  const monthDays = subset(1, 13, 15, 28, 29, 30, 31, -1, -2, -31)
  const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((list) => list.join(''))

  const ending = joined(
    part('INTERVAL', fc.integer({ min: 1, max: 5 })),
    part('WKST', fc.constantFrom('SU', 'MO', 'WE')),
    fc.oneof(
      fc.constant(''),
      fc.integer({ min: 1, max: 60 }).map((n) => `;COUNT=${n}`),
      fc.constant(';UNTIL=20270615'),
    ),
  )
  const texts = joined(
    fc.oneof(
      joined(fc.constant('FREQ=DAILY'), part('BYMONTH', months), part('BYMONTHDAY', monthDays), part('BYDAY', days)),
      joined(fc.constant('FREQ=WEEKLY'), part('BYMONTH', months), part('BYDAY', days)),
      joined(
        fc.constant('FREQ=MONTHLY'),
        part('BYMONTH', months),
        part('BYMONTHDAY', monthDays),
        part('BYDAY', fc.oneof(days, subset('1MO', '2TU', '5FR', '-1SU', '-2WE'))),
      ),
      joined(
        fc.constant('FREQ=YEARLY'),
        part('BYMONTH', months),
        part('BYMONTHDAY', monthDays),
        part('BYDAY', fc.oneof(days, subset('1MO', '2TU', '5FR', '-1SU', '-2WE'))),
      ),
      joined(
        fc.constantFrom('FREQ=MONTHLY', 'FREQ=YEARLY'),
        days.map((list) => `;BYDAY=${list}`),
        fc.constantFrom(1, 2, 4, -1, -3).map((n) => `;BYSETPOS=${n}`),
      ),
    ),
    ending,
  )
  const starts = fc.integer({ min: 0, max: 1500 }).map((n) => addLocalDays('2023-01-01', n))
  const [from, to] = ['2026-01-01', '2028-01-01']
  const basic = (date: string) => date.replaceAll('-', '')

  test('the same days as a second library, for random rules', () => {
    let compared = 0
    fc.assert(
      fc.property(texts, starts, (text, start) => {
        const parsed = parseRule(text)
        if (!parsed.ok || isBeyondSecondLibrary(text)) return
        const ours = dates(text, start, from, to)
        const oracle = new RRuleTemporal({ rruleString: `DTSTART:${basic(start)}T080000Z\nRRULE:${inUtc(text)}` })
        if (ours.length === 0 && neverMatchesSoon(oracle)) return
        compared += 1
        const theirs = oracle.between(new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`), true)
        expect({ text, start, days: ours }).toEqual({ text, start, days: theirs.map((d) => d.toString().slice(0, 10)) })
      }),
      { seed: 4, numRuns: 600 },
    )
    expect(compared).toBeGreaterThan(450)
  }, 120_000)

  /** It forgets BYMONTHDAY where weekdays are counted in the year. */
  const isBeyondSecondLibrary = (text: string) =>
    /FREQ=YEARLY/.test(text) && !/BYMONTH=/.test(text) && /BYMONTHDAY/.test(text) && /[0-9][A-Z]{2}/.test(text)

  /** The second library gives up with an error on rules that meet their start rarely or never. */
  function neverMatchesSoon(oracle: RRuleTemporal): boolean {
    try {
      oracle.between(new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`), true)
      return false
    } catch (error) {
      return String(error).includes('Maximum')
    }
  }

  const inUtc = (text: string) => text.replace('UNTIL=20270615', 'UNTIL=20270615T235900Z')

  test('the same days as the plain library from an old start, where it answers', () => {
    const { RRule } = rrulePkg
    const steady = texts.filter((text) => parseRule(text).ok && !/DAILY.*BYMONTH|WEEKLY.*BYMONTH|BYSETPOS/.test(text))
    fc.assert(
      fc.property(steady, starts, (text, start) => {
        const plain = RRule.fromString(`DTSTART:${basic(start)}T080000Z\nRRULE:${inUtc(text)}`)
        const theirs = plain.between(new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`))
        expect(dates(text, start, from, to)).toEqual(theirs.map((d) => d.toISOString().slice(0, 10)))
      }),
      { seed: 5, numRuns: 400 },
    )
  })
})

describe('no rule keeps the process busy', () => {
  const timed = (work: () => unknown) => {
    const before = performance.now()
    work()
    return performance.now() - before
  }

  test.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;BYMONTH=2,4,6,9,11;BYMONTHDAY=31',
    'FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2',
    'FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-366;BYMONTH=1',
  ])('%s is refused at once', (text) => {
    expect(timed(() => expect(parseRule(text).ok).toBe(false))).toBeLessThan(1000)
  })

  test.each([
    ['FREQ=DAILY;INTERVAL=7;BYDAY=MO', '2026-01-06'],
    ['FREQ=WEEKLY;INTERVAL=1000;BYMONTH=2;BYDAY=MO', '2026-03-06'],
    ['FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31', '2026-02-01'],
    ['FREQ=MONTHLY;INTERVAL=12;BYMONTH=3', '2026-02-01'],
    ['FREQ=MONTHLY;INTERVAL=24;BYDAY=5MO', '2025-02-01'],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29', '2025-01-01'],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYDAY=5MO', '2025-01-01'],
  ])('%s from %s never meets its start, and says so at once', (text, start) => {
    const recurrence = { rule: ruleOf(text), dtstart: `${start}T08:00` }
    expect(timed(() => expect(neverHappens(recurrence, '2026-01-01', '2036-01-01')).toBe(true))).toBeLessThan(1000)
  })

  test('a start of long ago costs nothing', () => {
    const recurrence = { rule: ruleOf('FREQ=DAILY;INTERVAL=3'), dtstart: '0001-01-01T08:00' }
    expect(timed(() => occurrences(recurrence, '2026-01-01', '2026-04-01'))).toBeLessThan(500)
  })

  test('counting from long ago is bounded', () => {
    const rare = ruleOf('FREQ=DAILY;COUNT=1000;BYMONTHDAY=29')
    const window = ['2026-01-01', '2036-01-01'] as const
    expect(timed(() => occurrences({ rule: rare, dtstart: '1936-01-01T08:00' }, ...window))).toBeLessThan(2000)
    expect(() => occurrences({ rule: rare, dtstart: '1900-01-01T08:00' }, ...window)).toThrow(RangeError)
  })
})
