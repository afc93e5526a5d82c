import type { Clock } from '../../../time/clock.ts'
import { isWeComUser } from '../notifications.rules.ts'
import type { Channel, HandingOver, Outcome, Parcel } from '../notifications.types.ts'
import { callVendor, cutBytes, type Json, type Reply, vendorFetch } from './vendor.ts'

export interface WeComOptions {
  corpId: string
  agentId: number
  secret: string
  /** Where the interface lies: https://qyapi.weixin.qq.com, or a private installation. */
  url: string
  clock: Clock
  deadlineMs?: number
}

/** Of one call; a message may need four of them. */
const DEADLINE_MS = 7_000
const SPARE_MS = 300_000
const TOKEN_IS_OVER = [40014, 42001]
/** Too many calls, too many at a time. */
const WAIT_MS: Record<number, number> = { 45009: 60_000, 45033: 5_000 }
/** Busy, or wrong in a way that the settings cause and not the recipient. */
const OURS = [-1, 6000, 40001, 40013, 40056, 41001, 48002, 60020, 301002]

const errorOf = (outcome: Outcome): string => ('error' in outcome ? outcome.error : '')

const failure = ({ errcode, errmsg }: Json): Outcome => {
  const error = `WeChat Work ${errcode}: ${String(errmsg)}`.slice(0, 300)
  if (WAIT_MS[errcode]) return { state: 'later', error, retryAfterMs: WAIT_MS[errcode] }
  return { state: OURS.includes(errcode) || TOKEN_IS_OVER.includes(errcode) ? 'later' : 'failed', error }
}

const plain = (text: string) => text.replaceAll('<', '＜').replaceAll('>', '＞')
const OPEN = { zh: '打开', en: 'Open' }

/** A card where there is a link to open, plain text otherwise; lengths as the vendor limits them. */
function bodyOf({ to, subject, text, link, tongue }: Parcel, agentid: number): object {
  const shared = { touser: to, agentid, enable_duplicate_check: 1, duplicate_check_interval: 1800 }
  if (!link) return { ...shared, msgtype: 'text', text: { content: cutBytes(`${subject}\n${text}`, 2048) } }
  const description = cutBytes(plain(text.replace(link, '').trim()), 512)
  const textcard = { title: cutBytes(plain(subject), 128), description, url: link, btntxt: OPEN[tongue] }
  return { ...shared, msgtype: 'textcard', textcard }
}

/** errcode 0 is not yet success: the one recipient may be named among those who cannot be reached. */
function outcomeOf(json: Json): Outcome {
  if (typeof json?.errcode !== 'number') return { state: 'unknown', error: 'WeChat Work answered in no known form.' }
  if (json.errcode !== 0) return failure(json)
  const missed = [json.invaliduser, json.unlicenseduser].filter(Boolean).join('|')
  if (missed) return { state: 'failed', error: `WeChat Work cannot reach ${missed}.` }
  return { state: 'accepted', ...(json.msgid ? { providerId: String(json.msgid).slice(0, 200) } : {}) }
}

/** Application messages of WeChat Work, to one person by user id. */
export function weComChannel(options: WeComOptions): Channel {
  const { corpId, agentId, secret, url, clock, deadlineMs = DEADLINE_MS } = options
  const fetch = vendorFetch(url)
  const base = url.replace(/\/$/, '')
  let token: { value: string; endsAt: number } | undefined
  let asking: Promise<string | Outcome> | undefined

  const call = (
    path: string,
    query: Record<string, string>,
    message: { body?: object; handingOver?: HandingOver } = {},
  ): Promise<Reply> =>
    callVendor({ fetch, url: `${base}${path}?${new URLSearchParams(query)}`, now: clock.now(), deadlineMs, ...message })

  async function askToken(): Promise<string | Outcome> {
    const reply = await call('/cgi-bin/gettoken', { corpid: corpId, corpsecret: secret })
    // Nothing was sent yet, so whatever went wrong, the message waits.
    if ('outcome' in reply) return { ...reply.outcome, state: 'later', error: `No token: ${errorOf(reply.outcome)}` }
    const { errcode, errmsg, access_token: value, expires_in: seconds } = reply.json ?? {}
    if (errcode !== 0 || typeof value !== 'string') {
      return { state: 'later', error: `WeChat Work gives no token: ${errcode} ${errmsg}`.slice(0, 300) }
    }
    token = { value, endsAt: clock.now().getTime() + Number(seconds) * 1_000 - SPARE_MS }
    return value
  }

  /** One question for a token at a time, however many messages wait for it. */
  async function currentToken(): Promise<string | Outcome> {
    if (token && token.endsAt > clock.now().getTime()) return token.value
    asking ??= askToken().finally(() => {
      asking = undefined
    })
    return asking
  }

  async function send(parcel: Parcel, handingOver: HandingOver, again: boolean): Promise<Outcome> {
    const value = await currentToken()
    if (typeof value !== 'string') return value
    const reply = await call(
      '/cgi-bin/message/send',
      { access_token: value },
      { body: bodyOf(parcel, agentId), handingOver },
    )
    if ('outcome' in reply) return reply.outcome
    if (again && TOKEN_IS_OVER.includes(reply.json?.errcode)) {
      if (token?.value === value) token = undefined
      return send(parcel, handingOver, false)
    }
    return outcomeOf(reply.json)
  }

  return {
    name: 'wecom',
    pace: { perMinute: 300, burst: 50 },
    async deliver(parcel, handingOver) {
      if (!isWeComUser(parcel.to)) return { state: 'failed', error: 'This is not a user id of WeChat Work.' }
      return send(parcel, handingOver, true)
    },
    close: async () => {},
  }
}
