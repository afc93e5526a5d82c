import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  dingTalkRobot,
  feishuRobot,
  type RobotOptions,
  weComRobot,
} from '../../../../src/modules/notifications/channels/robots.ts'
import { pushableClock } from '../../../../src/time/clock.ts'
import { type Call, type Peer, type PeerAnswer, startPeer } from '../../../support/peer.ts'
import { leaving, withoutLink } from './parcel.ts'

let peer: Peer
const clock = pushableClock(new Date('2026-05-04T02:00:00Z'))
const SECRET = 'SEC0123456789'

const minuteAgo = (millis: number) => Math.abs(clock.now().getTime() - millis) < 60_000

/** Checks the signature as the vendor does: made by hand here, from its description. */
function dingTalkVendor({ query }: Call): PeerAnswer {
  const timestamp = query.get('timestamp') ?? ''
  const wanted = createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`).digest('base64')
  const good = query.get('access_token') === 'abc' && minuteAgo(Number(timestamp)) && query.get('sign') === wanted
  return { body: good ? { errcode: 0, errmsg: 'ok' } : { errcode: 310000, errmsg: 'sign not match' } }
}

function feishuVendor({ body }: Call): PeerAnswer {
  const wanted = createHmac('sha256', `${body.timestamp}\n${SECRET}`).update(Buffer.alloc(0)).digest('base64')
  const good = minuteAgo(Number(body.timestamp) * 1_000) && body.sign === wanted
  return { body: good ? { code: 0, msg: 'success', data: {} } : { code: 19021, msg: 'sign match fail' } }
}

beforeEach(async () => {
  peer = await startPeer(() => ({ body: { errcode: 0, errmsg: 'ok' } }))
})
afterEach(() => peer.stop())

const options = (path: string, secret?: string): RobotOptions => ({
  url: `${peer.url}${path}`,
  secret,
  clock,
  deadlineMs: 300,
})

test('WeChat Work: text within 2,048 bytes', async () => {
  const robot = weComRobot(options('/cgi-bin/webhook/send?key=k'))
  expect(await robot.deliver(withoutLink({ text: '空'.repeat(2_000) }), leaving)).toEqual({ state: 'accepted' })
  const [call] = peer.calls
  expect(call!.query.get('key')).toBe('k')
  expect(call!.body).toMatchObject({
    msgtype: 'text',
    text: { content: expect.stringMatching(/^您能来值班吗？\n空+…$/) },
  })
  expect(Buffer.byteLength(call!.body.text.content)).toBeLessThanOrEqual(2_048)
})

test('DingTalk: the signature is the one the vendor works out', async () => {
  peer.answers(dingTalkVendor)
  const path = '/robot/send?access_token=abc'
  expect(await dingTalkRobot(options(path, SECRET)).deliver(withoutLink(), leaving)).toEqual({ state: 'accepted' })
  expect(peer.calls[0]!.body).toEqual({ msgtype: 'text', text: { content: '您能来值班吗？\n张三您好，已有人接下。' } })
  expect(await dingTalkRobot(options(path, 'other')).deliver(withoutLink(), leaving)).toEqual({
    state: 'failed',
    error: 'DingTalk 310000: sign not match',
  })
})

test('Feishu: so is this one, with seconds and in the body', async () => {
  peer.answers(feishuVendor)
  expect(await feishuRobot(options('/hook/1', SECRET)).deliver(withoutLink(), leaving)).toEqual({ state: 'accepted' })
  expect(peer.calls[0]!.body).toMatchObject({
    msg_type: 'text',
    content: { text: '您能来值班吗？\n张三您好，已有人接下。' },
  })
  expect(await feishuRobot(options('/hook/1', 'other')).deliver(withoutLink(), leaving)).toEqual({
    state: 'failed',
    error: 'Feishu 19021: sign match fail',
  })
})

test('robots without a secret sign nothing', async () => {
  await dingTalkRobot(options('/robot/send?access_token=abc')).deliver(withoutLink(), leaving)
  peer.answers(() => ({ body: { StatusCode: 0, StatusMessage: 'success' } }))
  expect(await feishuRobot(options('/hook/1')).deliver(withoutLink(), leaving)).toEqual({ state: 'accepted' })
  expect(peer.calls[0]!.query.has('sign')).toBe(false)
  expect(peer.calls[1]!.body.sign).toBeUndefined()
})

const ROBOTS = [
  ['WeChat Work', weComRobot, 'errcode', 45009, 60_000],
  ['DingTalk', dingTalkRobot, 'errcode', 130101, 600_000],
  ['Feishu', feishuRobot, 'code', 11232, 60_000],
] as const

test.each(ROBOTS)('%s: its own word for "too fast" waits', async (_vendor, robot, field, code, retryAfterMs) => {
  peer.answers(() => ({ body: { [field]: code, errmsg: 'too fast' } }))
  expect(await robot(options('/r')).deliver(withoutLink(), leaving)).toMatchObject({ state: 'later', retryAfterMs })
})

test.each(ROBOTS)('%s: HTTP says the rest', async (_vendor, robot) => {
  const answers: [PeerAnswer, object][] = [
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { state: 'later', retryAfterMs: 7_000 },
    ],
    [{ status: 502, body: '<html>' }, { state: 'later' }],
    [{ status: 404 }, { state: 'failed', error: 'HTTP 404' }],
    [{ status: 302, headers: { location: '/elsewhere' } }, { state: 'later' }],
    [{ status: 200, body: '<html>a captive portal</html>' }, { state: 'unknown' }],
    [{ silent: true }, { state: 'unknown' }],
  ]
  for (const [answer, outcome] of answers) {
    peer.answers(() => answer)
    expect(await robot(options('/r')).deliver(withoutLink(), leaving)).toMatchObject(outcome)
  }
  expect(peer.calls).toHaveLength(answers.length)
  await peer.stop()
  expect(await robot(options('/r')).deliver(withoutLink(), leaving)).toMatchObject({ state: 'later' })
})

test('all are for groups, and keep below what their vendors allow in any minute', () => {
  const limits = { 'wecom-robot': 20, 'dingtalk-robot': 20, 'feishu-robot': 100 } as Record<string, number>
  for (const [, robot] of ROBOTS) {
    const { name, group, pace } = robot(options('/r'))
    expect(group).toBe(true)
    expect(pace!.perMinute + pace!.burst).toBeLessThan(limits[name]!)
  }
})
