import { createHmac } from 'node:crypto'
import type { Clock } from '../../../time/clock.ts'
import type { Channel, ChannelName, Outcome, Pace } from '../notifications.types.ts'
import { callVendor, cutBytes, type Json, vendorFetch } from './vendor.ts'

export interface RobotOptions {
  /** The address the group's robot was given; itself a secret. */
  url: string
  /** Signing key, where the robot asks for signatures. */
  secret?: string | undefined
  clock: Clock
  deadlineMs?: number
}

interface Robot {
  name: ChannelName
  vendor: string
  pace: Pace
  maxBytes: number
  request(text: string, options: RobotOptions): { url: string; body: object }
  code(json: Json): unknown
  /** Milliseconds to wait after this code; undefined: it is a refusal. */
  waits: Record<number, number>
}

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64')

const weCom: Robot = {
  name: 'wecom-robot',
  vendor: 'WeChat Work',
  pace: { perMinute: 15, burst: 4 },
  maxBytes: 2048,
  request: (content, { url }) => ({ url, body: { msgtype: 'text', text: { content } } }),
  code: (json) => json?.errcode,
  waits: { [-1]: 5_000, 45009: 60_000, 45033: 5_000 },
}

/** Signature in the address: milliseconds, the key signs its own text. */
function signedDingTalk({ url, secret, clock }: RobotOptions): string {
  if (!secret) return url
  const signed = new URL(url)
  const timestamp = String(clock.now().getTime())
  signed.searchParams.set('timestamp', timestamp)
  signed.searchParams.set('sign', hmac(secret, `${timestamp}\n${secret}`))
  return signed.href
}

const dingTalk: Robot = {
  name: 'dingtalk-robot',
  vendor: 'DingTalk',
  pace: { perMinute: 15, burst: 4 },
  maxBytes: 16_000,
  request: (content, options) => ({ url: signedDingTalk(options), body: { msgtype: 'text', text: { content } } }),
  code: (json) => json?.errcode,
  // Who was too fast is shut out for ten minutes.
  waits: { [-1]: 5_000, 130101: 600_000, 410100: 600_000 },
}

/** Signature in the body: seconds, and an empty text signed with time and key together. */
function signedFeishu({ secret, clock }: RobotOptions): object {
  if (!secret) return {}
  const timestamp = String(Math.floor(clock.now().getTime() / 1_000))
  return { timestamp, sign: hmac(`${timestamp}\n${secret}`, '') }
}

const feishu: Robot = {
  name: 'feishu-robot',
  vendor: 'Feishu',
  pace: { perMinute: 90, burst: 3 },
  maxBytes: 16_000,
  request: (text, options) => ({
    url: options.url,
    body: { ...signedFeishu(options), msg_type: 'text', content: { text } },
  }),
  code: (json) => json?.code ?? json?.StatusCode,
  waits: { 9499: 60_000, 11232: 60_000 },
}

function outcomeOf(robot: Robot, json: Json): Outcome {
  const code = robot.code(json)
  if (typeof code !== 'number') return { state: 'unknown', error: `${robot.vendor} answered in no known form.` }
  if (code === 0) return { state: 'accepted' }
  const error = `${robot.vendor} ${code}: ${String(json.errmsg ?? json.msg)}`.slice(0, 300)
  const retryAfterMs = robot.waits[code]
  return retryAfterMs === undefined ? { state: 'failed', error } : { state: 'later', error, retryAfterMs }
}

/** Posts into a group that everybody in it can read: nothing personal goes here. */
const robotChannel =
  (robot: Robot) =>
  (options: RobotOptions): Channel => {
    const fetch = vendorFetch(options.url)
    return {
      name: robot.name,
      pace: robot.pace,
      group: true,
      async deliver({ subject, text }, handingOver) {
        const { url, body } = robot.request(cutBytes(`${subject}\n${text}`, robot.maxBytes), options)
        const { clock, deadlineMs } = options
        const reply = await callVendor({ fetch, url, body, now: clock.now(), deadlineMs, handingOver })
        return 'outcome' in reply ? reply.outcome : outcomeOf(robot, reply.json)
      },
      close: async () => {},
    }
  }

export const weComRobot = robotChannel(weCom)
export const dingTalkRobot = robotChannel(dingTalk)
export const feishuRobot = robotChannel(feishu)
