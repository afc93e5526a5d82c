import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { weComChannel } from '../../../../src/modules/notifications/channels/wecom.ts'
import { pushableClock } from '../../../../src/time/clock.ts'
import { type Call, type Peer, type PeerAnswer, startPeer } from '../../../support/peer.ts'
import { leaving, parcel, withoutLink } from './parcel.ts'

let peer: Peer
/** Tokens the vendor still honours. */
let live: Set<string>
let given: number
let sendAnswer: (call: Call) => PeerAnswer
const clock = pushableClock(new Date('2026-05-04T02:00:00Z'))

/** As the vendor documents it: a token on demand, and messages only with a live one. */
function vendor(call: Call): PeerAnswer {
  if (call.path === '/cgi-bin/gettoken') {
    if (call.query.get('corpsecret') !== 'corp-secret')
      return { body: { errcode: 40001, errmsg: 'invalid credential' } }
    given += 1
    live.add(`token-${given}`)
    return { body: { errcode: 0, errmsg: 'ok', access_token: `token-${given}`, expires_in: 7200 } }
  }
  if (!live.has(call.query.get('access_token') ?? ''))
    return { body: { errcode: 42001, errmsg: 'access_token expired' } }
  return sendAnswer(call)
}

beforeEach(async () => {
  live = new Set()
  given = 0
  sendAnswer = () => ({ body: { errcode: 0, errmsg: 'ok', invaliduser: '', msgid: 'msg-1' } })
  peer = await startPeer(vendor)
})
afterEach(() => peer.stop())

const channel = (secret = 'corp-secret', deadlineMs = 2_000) =>
  weComChannel({ corpId: 'corp', agentId: 1000002, secret, url: `${peer.url}/`, clock, deadlineMs })
const sends = () => peer.calls.filter((call) => call.path === '/cgi-bin/message/send')
const tokens = () => peer.calls.filter((call) => call.path === '/cgi-bin/gettoken')

test('a message with a link is a card, and the answer names it', async () => {
  expect(await channel().deliver(parcel(), leaving)).toEqual({ state: 'accepted', providerId: 'msg-1' })
  expect(tokens()[0]!.query.get('corpid')).toBe('corp')
  expect(sends()).toMatchObject([
    {
      method: 'POST',
      body: {
        touser: 'zhang.san',
        agentid: 1000002,
        msgtype: 'textcard',
        textcard: {
          title: '您能来值班吗？',
          description: '张三您好，请答复：',
          url: 'https://duty.example.org/o/secret',
          btntxt: '打开',
        },
        enable_duplicate_check: 1,
        duplicate_check_interval: 1800,
      },
    },
  ])
})

test('one without is text', async () => {
  await channel().deliver(withoutLink(), leaving)
  expect(sends()[0]!.body).toMatchObject({
    msgtype: 'text',
    text: { content: '您能来值班吗？\n张三您好，已有人接下。' },
  })
})

test('texts keep to the lengths of the vendor, cut between characters, and bring no markup', async () => {
  await channel().deliver(parcel({ subject: '值'.repeat(100), text: `<b>${'班'.repeat(400)}` }), leaving)
  const { title, description } = sends()[0]!.body.textcard
  expect(Buffer.byteLength(title)).toBeLessThanOrEqual(128)
  expect(Buffer.byteLength(description)).toBeLessThanOrEqual(512)
  expect(`${title}${description}`).toMatch(/^值+…＜b＞班+…$/)
})

test('one token serves many messages, and a new one is asked for when its time is over', async () => {
  const one = channel()
  await Promise.all([1, 2, 3, 4, 5].map(() => one.deliver(parcel(), leaving)))
  expect([tokens().length, sends().length]).toEqual([1, 5])
  clock.advance(7_000_000)
  await one.deliver(parcel(), leaving)
  expect(tokens()).toHaveLength(2)
})

test('a token that the vendor has taken back is replaced once, and the message goes out', async () => {
  const one = channel()
  await one.deliver(parcel(), leaving)
  live.clear()
  expect(await one.deliver(parcel(), leaving)).toMatchObject({ state: 'accepted' })
  expect([tokens().length, sends().length]).toEqual([2, 3])
  sendAnswer = () => ({ body: { errcode: 40014, errmsg: 'invalid access_token' } })
  expect(await one.deliver(parcel(), leaving)).toMatchObject({
    state: 'later',
    error: expect.stringContaining('40014'),
  })
  expect([tokens().length, sends().length]).toEqual([3, 5])
})

describe('errcode 0 is not yet success', () => {
  test.each(['invaliduser', 'unlicenseduser'])('when %s names the recipient', async (field) => {
    sendAnswer = () => ({ body: { errcode: 0, errmsg: 'ok', [field]: 'zhang.san', msgid: 'm' } })
    const outcome = await channel().deliver(parcel(), leaving)
    expect(outcome).toEqual({ state: 'failed', error: 'WeChat Work cannot reach zhang.san.' })
  })
})

test.each([
  [45009, 'later', 60_000],
  [45033, 'later', 5_000],
  [-1, 'later', undefined],
  [60020, 'later', undefined],
  [81013, 'failed', undefined],
  [60111, 'failed', undefined],
  [40003, 'failed', undefined],
])('errcode %i leaves the message %s', async (errcode, state, retryAfterMs) => {
  sendAnswer = () => ({ body: { errcode, errmsg: 'no' } })
  const outcome = await channel().deliver(parcel(), leaving)
  expect(outcome).toMatchObject({ state, error: `WeChat Work ${errcode}: no`, ...(retryAfterMs && { retryAfterMs }) })
})

test('a wrong secret is for us to repair, and no message is sent', async () => {
  expect(await channel('wrong').deliver(parcel(), leaving)).toMatchObject({
    state: 'later',
    error: expect.stringContaining('40001'),
  })
  expect(sends()).toEqual([])
})

test('no answer after the message was handed over is unknown; no token is not', async () => {
  sendAnswer = () => ({ silent: true })
  expect(await channel('corp-secret', 300).deliver(parcel(), leaving)).toMatchObject({ state: 'unknown' })
  expect(sends()).toHaveLength(1)
  peer.answers(() => ({ silent: true }))
  expect(await channel('corp-secret', 300).deliver(parcel(), leaving)).toMatchObject({ state: 'later' })
})

test.each(['@all', 'a|b', 'a b', '', '|a'])('%j is not one person, and nobody is asked', async (to) => {
  expect(await channel().deliver(parcel({ to }), leaving)).toMatchObject({ state: 'failed' })
  expect(peer.calls).toEqual([])
})
