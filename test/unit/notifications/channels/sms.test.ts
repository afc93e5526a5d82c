import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SmsGatewayOptions, smsChannel } from '../../../../src/modules/notifications/channels/sms.ts'
import { smsSegments } from '../../../../src/modules/notifications/channels/sms-segments.ts'
import { retryAfterMs } from '../../../../src/modules/notifications/channels/vendor.ts'
import { pushableClock } from '../../../../src/time/clock.ts'
import { type Peer, type PeerAnswer, startPeer } from '../../../support/peer.ts'
import { leaving, withoutLink } from './parcel.ts'

describe('segments', () => {
  test.each([
    ['', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['值'.repeat(70), 1],
    ['值'.repeat(71), 2],
    ['值'.repeat(134), 2],
    ['值'.repeat(135), 3],
    [`${'a'.repeat(69)}值`, 1],
    [`${'a'.repeat(70)}值`, 2],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    // 153 places: an escaped pair that would straddle the end goes over whole.
    [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(36), 2],
    ['😀'.repeat(67), 3],
    ['Grüße @£$¥ ÄÖÜ'.repeat(11), 1],
  ])('of %j: %i', (text, segments) => {
    expect(smsSegments(text)).toBe(segments)
  })

  test('of the message that names its own price: 64 characters are one', () => {
    const text = '【某某区志愿】12月25日20:30起24小时城东卡点值班，24日18:30前请到v.example.cn输K7QM2X9D答复'
    expect([text.length <= 70, smsSegments(text)]).toEqual([true, 1])
  })
})

const now = new Date('2026-05-04T02:00:00Z')
test.each([
  ['7', 7_000],
  ['0', 0],
  ['Mon, 04 May 2026 02:00:30 GMT', 30_000],
  ['Mon, 04 May 2026 01:00:00 GMT', 0],
  ['999999', 3_600_000],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After %s is %s ms', (header, millis) => {
  expect(retryAfterMs(header, now)).toBe(millis)
})

describe('the gateway', () => {
  let peer: Peer
  beforeEach(async () => {
    peer = await startPeer(() => ({ body: { provider_id: 'p-1' } }))
  })
  afterEach(() => peer.stop())

  const sms = (changes: Partial<SmsGatewayOptions> = {}) =>
    smsChannel({
      url: `${peer.url}/send`,
      authorization: 'Bearer gateway-key',
      body: { id: '{id}', to: '{to}', text: '{text}' },
      maxSegments: 2,
      perMinute: 300,
      fixedAddress: () => 'https://v.example.cn',
      clock: pushableClock(now),
      deadlineMs: 2_000,
      ...changes,
    })
  const to = '+8613800000001'
  const message = withoutLink({ to })

  test('is asked with its own JSON, and its id is kept', async () => {
    const body = {
      Phone: ['{to}'],
      Param: { msg: '{text}', n: 1, kind: '{template}/{segments}' },
      Out: '{id}',
      x: '{y}',
    }
    const text = '"},"to":"evil'
    expect(await sms({ body }).deliver({ ...message, text }, leaving)).toEqual({ state: 'accepted', providerId: 'p-1' })
    expect(peer.calls[0]!.headers.authorization).toBe('Bearer gateway-key')
    expect(peer.calls[0]!.body).toEqual({
      Phone: [to],
      Param: { msg: text, n: 1, kind: 'offer/1' },
      Out: message.messageId,
      x: '{y}',
    })
  })

  test('gets nothing that is too long, and nothing for what is no number', async () => {
    expect(await sms().deliver({ ...message, text: '值'.repeat(135) }, leaving)).toEqual({
      state: 'failed',
      error: 'The text takes 3 SMS; at most 2 are allowed.',
    })
    for (const wrong of ['', '12', '1380000000a', '138,139', 'volunteer/1']) {
      expect(await sms().deliver({ ...message, to: wrong }, leaving)).toMatchObject({ state: 'failed' })
    }
    expect(peer.calls).toEqual([])
  })

  const answers: [PeerAnswer, string | undefined, object][] = [
    [{ body: { Code: 'OK', BizId: 'b-1' } }, 'Code=OK', { state: 'accepted', providerId: 'b-1' }],
    [
      { body: { Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: 'bad number' } },
      'Code=OK',
      { state: 'failed', error: 'SMS gateway: Code is isv.MOBILE_NUMBER_ILLEGAL bad number' },
    ],
    [{ body: { Response: { Set: [{ Code: 'Ok' }] } } }, 'Response.Set.0.Code=Ok', { state: 'accepted' }],
    [{ body: 'fine' }, 'Code=OK', { state: 'unknown' }],
    [{ body: 'fine' }, undefined, { state: 'accepted' }],
    [{ status: 429, headers: { 'retry-after': '30' } }, undefined, { state: 'later', retryAfterMs: 30_000 }],
    [{ status: 503 }, undefined, { state: 'later' }],
    [{ status: 401 }, undefined, { state: 'later' }],
    [{ status: 422 }, undefined, { state: 'failed' }],
    [{ silent: true }, undefined, { state: 'unknown' }],
  ]
  test.each(answers)('that answers %j (success is %s) leaves it %j', async (answer, accepted, outcome) => {
    peer.answers(() => answer)
    expect(await sms({ accepted }).deliver(message, leaving)).toMatchObject(outcome)
    expect(peer.calls).toHaveLength(1)
  })

  test('that is away has sent nothing', async () => {
    await peer.stop()
    expect(await sms().deliver(message, leaving)).toMatchObject({
      state: 'later',
      error: expect.stringContaining('ECONNREFUSED'),
    })
  })
})
