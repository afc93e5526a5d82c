import { expect, test } from 'vitest'
import { readItem } from '../../../src/modules/campaigns/campaigns.items.rules.ts'
import {
  markRefusal,
  maskPhone,
  NONE,
  progressOf,
  roundToWork,
  triesAfter,
} from '../../../src/modules/campaigns/campaigns.rules.ts'

const round = (number: number, opens: string, ends: string) => ({
  id: `r${number}`,
  number,
  opensAt: new Date(opens),
  deadline: new Date(ends),
})
const rounds = [
  round(1, '2026-02-07', '2026-02-09'),
  round(2, '2026-02-10', '2026-02-12'),
  round(3, '2026-02-13', '2026-02-15'),
]

test('the round to work at is the first begun one with something left, else the newest begun', () => {
  const now = new Date('2026-02-11')
  expect(roundToWork(rounds, new Set(['r1', 'r2', 'r3']), now)?.number).toBe(1)
  expect(roundToWork(rounds, new Set(['r3']), now)?.number).toBe(2)
  expect(roundToWork(rounds, new Set(), new Date('2026-02-01'))?.number).toBe(1)
})

test('reached and refused are finished, nothing to do is all done', () => {
  expect(progressOf({ open: 1, reached: 1, not_reached: 1, refused: 0, problem: 0 })).toMatchObject({
    total: 3,
    finished: 1,
    finishedPercent: 33.3,
  })
  expect(progressOf(NONE).finishedPercent).toBe(100)
})

test('marks wait for consent and for the round', () => {
  const now = new Date('2026-02-08')
  const at = { campaign: 'running', task: 'accepted', round: rounds[0]! } as const
  expect(markRefusal(at, now)).toBeUndefined()
  expect(markRefusal({ ...at, task: null }, now)).toBeUndefined()
  expect(markRefusal({ ...at, task: 'asked' }, now)).toBe('task-not-accepted')
  expect(markRefusal({ ...at, round: rounds[1]! }, now)).toBe('round-not-open')
  expect(markRefusal({ ...at, campaign: 'finished' }, now)).toBe('campaign-not-running')
  expect(triesAfter({ state: 'open', tries: 1 }, 'not_reached')).toBe(2)
  expect(triesAfter({ state: 'not_reached', tries: 1 }, 'reached')).toBe(1)
})

test('phones are masked for everybody who need not call', () => {
  expect([maskPhone('13800001234'), maskPhone('12345'), maskPhone(null)]).toEqual(['138****1234', '***45', null])
})

test('a row names everything that is wrong with it', () => {
  const places = { home: 'u0', byCode: new Map([['G-01', 'u1']]), ids: new Set(['u1']) }
  const good = readItem({ reference: ' 7 ', name: '王秀英', phone: '１３８００００１２３４', unitCode: 'G-01' }, places)
  expect(good.faults).toEqual([])
  expect(good.item).toMatchObject({ reference: '7', phone: '13800001234', unitId: 'u1', note: null })
  const bad = readItem({ phone: 'ask her son', unitCode: 'G-99', note: 'x'.repeat(501) }, places)
  expect(bad.faults.map((fault) => `${fault.field} ${fault.code}`)).toEqual([
    'note too-long',
    'null nobody-to-reach',
    'phone phone-wrong',
    'unitCode unit-unknown',
  ])
})
