import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emailChannel } from '../../../../src/modules/notifications/channels/email.ts'
import { dingTalkRobot, feishuRobot, weComRobot } from '../../../../src/modules/notifications/channels/robots.ts'
import { smsChannel } from '../../../../src/modules/notifications/channels/sms.ts'
import { weComChannel } from '../../../../src/modules/notifications/channels/wecom.ts'
import type { Channel } from '../../../../src/modules/notifications/notifications.types.ts'
import { isSigned } from '../../../../src/platform/http/standard-webhooks.ts'
import { systemClock } from '../../../../src/time/clock.ts'
import { type Peer, startPeer } from '../../../support/peer.ts'
import { parcel } from './parcel.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
let peer: Peer
let mail: SMTPServer
/** What arrived somewhere, in words of the channel's kind. */
let arrived: string[] = []

beforeAll(async () => {
  peer = await startPeer(({ path }) => {
    if (path !== '/cgi-bin/gettoken') arrived.push(path)
    return { body: { errcode: 0, code: 0, access_token: 't', expires_in: 7200 } }
  })
  mail = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      let size = 0
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length
      })
      stream.on('end', () => {
        if (size > 0) arrived.push('mail')
        done()
      })
    },
  })
  mail.on('error', () => {})
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', () => resolve()))
})
afterAll(async () => {
  await peer.stop()
  await new Promise<void>((resolve) => mail.close(() => resolve()))
})
beforeEach(() => {
  arrived = []
  peer.calls.length = 0
})

const clock = systemClock
const sms = (signingSecret?: string) =>
  smsChannel({
    url: `${peer.url}/sms`,
    body: { to: '{to}', text: '{text}' },
    maxSegments: 4,
    perMinute: 60,
    fixedAddress: () => 'v.example.cn',
    clock,
    signingSecret,
  })
const CHANNELS: [string, () => Channel, string][] = [
  ['sms', () => sms(), '13800000001'],
  ['wecom', () => weComChannel({ corpId: 'c', agentId: 1, secret: 's', url: peer.url, clock }), 'ada'],
  ['wecom-robot', () => weComRobot({ url: `${peer.url}/r`, clock }), 'group/wecom-robot'],
  ['dingtalk-robot', () => dingTalkRobot({ url: `${peer.url}/r`, clock }), 'group/dingtalk-robot'],
  ['feishu-robot', () => feishuRobot({ url: `${peer.url}/r`, clock }), 'group/feishu-robot'],
  [
    'email',
    () =>
      emailChannel({
        url: `smtp://127.0.0.1:${(mail.server.address() as { port: number }).port}`,
        from: 'duty@example.org',
        deadlineMs: 3_000,
      }),
    'ada@example.org',
  ],
]

describe.each(CHANNELS)('%s', (_name, open, to) => {
  test('says that the words are leaving, once and before they do', async () => {
    const channel = open()
    const before: number[] = []
    const outcome = await channel.deliver(parcel({ to }), async () => {
      before.push(arrived.length)
    })
    expect(outcome.state).toBe('accepted')
    expect([before, arrived.length]).toEqual([[0], 1])
    await channel.close()
  })

  test('keeps them when it may not', async () => {
    const channel = open()
    const outcome = await channel
      .deliver(parcel({ to }), () => Promise.reject(new Error('somebody else has it')))
      .catch((error: Error) => ({ state: error.message }))
    expect(['later', 'somebody else has it']).toContain(outcome.state)
    expect(arrived).toEqual([])
    await channel.close()
  })
})

test('a gateway of one’s own knows its caller by the signature of Standard Webhooks', async () => {
  await sms(SECRET).deliver(parcel({ to: '13800000001' }), async () => {})
  const [call] = peer.calls
  expect(isSigned(call!.headers, call!.text, SECRET, clock.now())).toBe(true)
  expect(isSigned(call!.headers, `${call!.text} `, SECRET, clock.now())).toBe(false)
  expect(call!.headers['webhook-id']).toBe(parcel().messageId)
})
