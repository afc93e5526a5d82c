import { describe, expect, test } from 'vitest'
import type { SwapShown } from '../../../src/modules/swaps/swaps.board.ts'
import { swapPage } from '../../../src/modules/swaps/swaps.pages.ts'
import { swapProblems } from '../../../src/modules/swaps/swaps.problems.ts'
import type { DutyRow } from '../../../src/modules/swaps/swaps.repository.ts'
import type { SwapPage } from '../../../src/modules/swaps/swaps.rooms.ts'
import { SWAP_STATES, type SwapState } from '../../../src/modules/swaps/swaps.states.ts'

const NOW = new Date('2026-05-04T02:00:00Z')
const ID = '00000000-0000-7000-8000-000000000000'
const duty: DutyRow = {
  id: ID,
  slotId: ID,
  rosterId: ID,
  rosterUnitId: ID,
  volunteerId: 'lin',
  volunteerName: '林晓',
  state: 'confirmed',
  role: '卡点值守人员',
  startsAt: new Date('2026-05-06T00:00:00Z'),
  endsAt: new Date('2026-05-07T00:00:00Z'),
  startLocal: '2026-05-06T08:00',
  endLocal: '2026-05-07T08:00',
  zone: 'Asia/Shanghai',
  localDay: '2026-05-06',
  postName: '高速公路出口联合检查点',
  postAddress: '<b>环城北路100号</b>',
  postPhone: '0851-123456',
  unitPath: '/a/',
  unitName: '某某区志愿服务总队',
}
const shown = (state: SwapState, more: Partial<SwapShown> = {}): SwapShown => ({
  swap: {
    id: ID,
    kind: 'give',
    state,
    assignmentId: ID,
    askerId: 'lin',
    askedId: 'wang',
    returnId: null,
    takerId: null,
    coverStartsAt: null,
    coverEndsAt: null,
    note: null,
    needsApproval: false,
    waitsUntil: duty.startsAt,
    override: null,
    reason: null,
    createdAt: NOW,
    acceptedAt: null,
    endedAt: null,
    version: 1,
  },
  deal: { kind: 'give', duty, askerName: '林晓' },
  askedName: '王芳',
  takerName: null,
  steps: ['accept', 'decline'],
  hindrances: [],
  returns: [],
  ...more,
})
const person = {
  id: 'wang',
  name: '王芳',
  locale: 'zh' as const,
  unitId: ID,
  unitPath: '/a/',
  unitName: '某某区志愿服务总队',
  zone: 'Asia/Shanghai',
}
const around = { locale: 'zh' as const, person }
const body = (page: SwapPage, locale: 'zh' | 'en' | 'bo' = 'zh', options = {}) =>
  swapPage(page, locale, options).body.text

describe.each(['zh', 'en'] as const)('in %s', (locale) => {
  test.each(SWAP_STATES)('a swap that is %s says whose duty it is until it is applied', (state) => {
    const text = body({ ...around, view: 'swap', shown: shown(state) }, locale)
    expect(text.includes('<strong>')).toBe(state !== 'applied')
    expect(text).toContain('&lt;b&gt;')
    expect(text).not.toContain('<script')
    expect(text).not.toContain('undefined')
  })

  test('a refusal names every rule', () => {
    const failure = (rule: string) => ({ rule, text: { zh: `规则${rule}`, en: `rule ${rule}` } })
    const hindrances = ['a', 'b'].map((rule) => ({ volunteerId: 'wang', assignmentId: ID, failure: failure(rule) }))
    const refused = swapProblems.hindered(hindrances as never, 'lin')
    const text = body({ ...around, view: 'swap', shown: shown('open') }, locale, { refused })
    for (const rule of ['a', 'b']) expect(text).toContain(locale === 'zh' ? `规则${rule}` : `rule ${rule}`)
  })

  test('the fullest page stays small', () => {
    const many = <T>(one: T): T[] => Array.from({ length: 8 }, () => one)
    const gap = { ...duty, gapId: ID, vacatedId: ID }
    const board = { swaps: many(shown('open', { steps: ['accept'] })), gaps: many(gap) }
    const swaps = many(shown('open'))
    const text = body({ ...around, view: 'room', duties: many(duty), swaps, board }, locale)
    expect(Buffer.byteLength(text)).toBeLessThan(18_000)
    const people = Array.from({ length: 60 }, () => ({ id: ID, name: '欧阳晓明' }))
    const choice = body({ ...around, view: 'duty', duty, people, trades: many(duty) }, locale)
    expect(Buffer.byteLength(choice)).toBeLessThan(18_000)
  })
})

test('a page that nobody has translated owns up to its language', () => {
  const page = { ...around, view: 'swap' as const, shown: shown('open') }
  expect([swapPage(page, 'bo').lang, swapPage(page, 'en').lang]).toEqual(['zh', 'en'])
})
