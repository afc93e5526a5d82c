import { expect, test } from 'vitest'
import { inPieces, MOST_ATTEMPTS, nextAttemptAt } from '../../../src/modules/webhooks/webhooks.rules.ts'
import { isSigned, signedHeaders } from '../../../src/platform/http/standard-webhooks.ts'

test('the signature is the one that libraries of Standard Webhooks are tested with', () => {
  const headers = signedHeaders(
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    '{"test": 2432232314}',
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    new Date(1614265330_000),
  )
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('who knows the secret is known by it: nobody else, no other words, not later, not from before', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const now = new Date(1614265330_000)
  const headers = signedHeaders('msg_1', '{"a":1}', ['whsec_plJ3nmyCDGBKInavdOK15jsl', secret], now)
  const later = (ms: number) => new Date(now.getTime() + ms)
  expect(isSigned(headers, '{"a":1}', secret, now)).toBe(true)
  expect(isSigned(headers, '{"a":1}', secret, later(299_000))).toBe(true)
  expect(isSigned(headers, '{"a":2}', secret, now)).toBe(false)
  expect(isSigned(headers, '{"a":1}', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', now)).toBe(false)
  for (const moment of [later(301_000), later(-301_000)])
    expect(isSigned(headers, '{"a":1}', secret, moment)).toBe(false)
  for (const name of Object.keys(headers)) {
    expect(isSigned({ ...headers, [name]: undefined }, '{"a":1}', secret, now)).toBe(false)
    expect(isSigned({ ...headers, [name]: 'nonsense' }, '{"a":1}', secret, now)).toBe(false)
  }
})

test('ten attempts, the last three days after the first, each a little after its time', () => {
  const start = new Date('2026-05-04T00:00:00Z')
  let now = start
  const waits: number[] = []
  for (let attempts = 1; attempts < MOST_ATTEMPTS; attempts += 1) {
    const next = nextAttemptAt('id', attempts, now)!
    waits.push((next.getTime() - now.getTime()) / 1_000)
    now = next
  }
  const plan = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(plan[index]!)
    expect(wait).toBeLessThanOrEqual(plan[index]! * 1.1 + 0.001)
  }
  expect(waits).toHaveLength(9)
  expect(nextAttemptAt('id', MOST_ATTEMPTS, now)).toBeUndefined()
  expect((now.getTime() - start.getTime()) / 3_600_000).toBeGreaterThan(75.5)
})

test('deliveries of one moment do not come back at one moment, and a receiver may ask for more time', () => {
  const now = new Date('2026-05-04T00:00:00Z')
  const moments = Array.from({ length: 50 }, (_, index) => nextAttemptAt(`id-${index}`, 2, now)!.getTime())
  expect(new Set(moments).size).toBeGreaterThan(40)
  expect(nextAttemptAt('id', 1, now, 60_000)).toEqual(new Date(now.getTime() + 60_000))
  expect(nextAttemptAt('id', 3, now, 1_000)!.getTime()).toBeGreaterThan(now.getTime() + 1_799_000)
})

test('nothing is lost between the pieces', () => {
  const items = Array.from({ length: 250 }, (_, index) => index)
  expect(inPieces(items).map((piece) => piece.length)).toEqual([100, 100, 50])
  expect(inPieces(items).flat()).toEqual(items)
  expect(inPieces([])).toEqual([])
})
