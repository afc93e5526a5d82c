import { describe, expect, test } from 'vitest'
import { answerJudge } from '../../../src/platform/auth/conspicuous.ts'

const SENT = new Date('2026-05-04T02:00:00Z')
const after = (ms: number) => new Date(SENT.getTime() + ms)
const byLink = { createdAt: SENT, codeId: null }
const byCode = { createdAt: SENT, codeId: 'a code' }
const SCANNER = '203.0.113.7'
const HOME = '198.51.100.1'

describe('where nobody has listed networks', () => {
  const judge = answerJudge([])
  test.each([
    ['at once', byLink, 0, 'quick'],
    ['a moment before the minute is over', byLink, 59_999, 'quick'],
    ['after a minute', byLink, 60_000, null],
    ['at once, with a code that somebody has typed', byCode, 0, null],
  ])('an answer %s', (_when, link, ms, expected) => {
    expect(judge(link, HOME, after(ms))).toBe(expected)
  })
})

describe('where networks are listed', () => {
  const judge = answerJudge(['203.0.113.0/24', '2001:db8::/32', '192.0.2.1'])
  test.each([
    ['from there', SCANNER, 0, 'hosting'],
    ['from there, as IPv6 writes it', `::ffff:${SCANNER}`, 0, 'hosting'],
    ['from a network of IPv6', '2001:db8:1::5', 30_000, 'hosting'],
    ['from a single address', '192.0.2.1', 0, 'hosting'],
    ['from beside it', '192.0.2.2', 0, null],
    ['from elsewhere, however quick', HOME, 0, null],
    ['from there, when people may have read it', SCANNER, 60_000, null],
  ])('an answer %s', (_where, ip, ms, expected) => {
    expect(judge(byLink, ip, after(ms))).toBe(expected)
  })
})
