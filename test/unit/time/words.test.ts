import { describe, expect, test } from 'vitest'
import { shiftEnd } from '../../../src/time/lengths.ts'
import { discreetName, instantInWords, periodInWords, wallInWords } from '../../../src/time/words.ts'

describe('wall time', () => {
  test.each([
    ['2026-01-05T08:00', '1月5日(周一)08:00', 'Mon 5 Jan 08:00'],
    ['2026-12-27T20:30', '12月27日(周日)20:30', 'Sun 27 Dec 20:30'],
  ])('%s', (local, zh, en) => {
    expect(wallInWords(local, 'zh')).toBe(zh)
    expect(wallInWords(local, 'en')).toBe(en)
  })

  test('an instant is said as the clock at the place shows it', () => {
    const instant = new Date('2026-05-04T20:30:00Z')
    expect(instantInWords(instant, 'Asia/Shanghai', 'en')).toBe('Tue 5 May 04:30')
    expect(instantInWords(instant, 'America/New_York', 'zh')).toBe('5月4日(周一)16:30')
  })
})

test.each([
  [
    '2026-05-06T08:00',
    'P1D',
    'Wed 6 May 08:00 to Thu 7 May 08:00 (24 h)',
    '5月6日(周三)08:00 至 5月7日(周四)08:00，共24小时',
  ],
  [
    '2026-03-28T09:00',
    'P1D',
    'Sat 28 Mar 09:00 to Sun 29 Mar 09:00 (23 h)',
    '3月28日(周六)09:00 至 3月29日(周日)09:00，共23小时',
  ],
  [
    '2026-10-24T09:00',
    'P1D',
    'Sat 24 Oct 09:00 to Sun 25 Oct 09:00 (25 h)',
    '10月24日(周六)09:00 至 10月25日(周日)09:00，共25小时',
  ],
  [
    '2026-05-06T22:00',
    'PT7H30M',
    'Wed 6 May 22:00 to Thu 7 May 05:30 (7.5 h)',
    '5月6日(周三)22:00 至 5月7日(周四)05:30，共7.5小时',
  ],
])('a shift in Berlin from %s for %s has both ends and its real hours', (startLocal, length, en, zh) => {
  const { startsAt, endsAt, localEnd } = shiftEnd(startLocal, 'Europe/Berlin', length)
  const period = { startLocal, endLocal: localEnd, startsAt, endsAt }
  expect(periodInWords(period, 'en')).toBe(en)
  expect(periodInWords(period, 'zh')).toBe(zh)
})

test.each([
  ['王小明', '王**'],
  ['欧阳修', '欧**'],
  ['Ada King Lovelace', 'Ada L.'],
  ['Cher', 'Cher'],
  ['  Tashi  Dolma ', 'Tashi D.'],
  ['', ''],
])('%j is shown as %j', (name, shown) => {
  expect(discreetName(name)).toBe(shown)
})
