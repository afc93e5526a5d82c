import { signedHeaders } from '../../../platform/http/standard-webhooks.ts'
import type { Clock } from '../../../time/clock.ts'
import { fieldAt, pathAndValue } from '../json-paths.rules.ts'
import { isPhone } from '../notifications.rules.ts'
import type { Channel, Outcome } from '../notifications.types.ts'
import { smsSegments } from './sms-segments.ts'
import { callVendor, type Json, vendorFetch } from './vendor.ts'

export interface SmsGatewayOptions {
  url: string
  /** Value of the Authorization header. */
  authorization?: string | undefined
  /** Signs each call as Standard Webhooks say, for gateways that know them. */
  signingSecret?: string | undefined
  /** Whether it reports what has arrived. */
  receipts?: boolean
  /** JSON that is posted; {id}, {to}, {text}, {subject}, {template} and {segments} are put into its strings. */
  body: object
  /** 'path.to.field=value' that a successful answer has besides its status. */
  accepted?: string | undefined
  maxSegments: number
  perMinute: number
  /** Stands where a personal link would: gateways refuse links that differ from person to person. */
  fixedAddress: () => string
  clock: Clock
  deadlineMs?: number
}

/** Values go into strings of the parsed template, so no text can break out of it. */
function filled(template: Json, values: Record<string, string>): Json {
  if (typeof template === 'string') return template.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)
  if (Array.isArray(template)) return template.map((item) => filled(item, values))
  if (template === null || typeof template !== 'object') return template
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, filled(value, values)]))
}

function outcomeOf(json: Json, accepted: string | undefined): Outcome {
  if (accepted) {
    const [path, wanted] = pathAndValue(accepted)
    const found = fieldAt(json, path)
    if (found === undefined) return { state: 'unknown', error: `The SMS gateway's answer has no ${path}.` }
    if (String(found) !== wanted) {
      const words = json?.message ?? json?.Message ?? ''
      return {
        state: 'failed',
        error: `SMS gateway: ${path} is ${String(found)} ${String(words)}`.trim().slice(0, 300),
      }
    }
  }
  const id = json?.provider_id ?? json?.providerId ?? json?.BizId ?? json?.id
  return { state: 'accepted', ...(id === undefined ? {} : { providerId: String(id).slice(0, 200) }) }
}

/** Text messages through any gateway that takes JSON over HTTP. */
export function smsChannel(options: SmsGatewayOptions): Channel {
  const {
    url,
    authorization,
    signingSecret,
    receipts,
    body,
    accepted,
    maxSegments,
    perMinute,
    fixedAddress,
    clock,
    deadlineMs,
  } = options
  const fetch = vendorFetch(url)
  return {
    name: 'sms',
    pace: { perMinute, burst: Math.ceil(perMinute / 10) },
    insteadOfLink: fixedAddress,
    ...(receipts ? { receipts } : {}),
    async deliver({ messageId, to, template, subject, text }, handingOver) {
      if (!isPhone(to)) return { state: 'failed', error: 'This is not a phone number.' }
      const segments = smsSegments(text)
      if (segments > maxSegments) {
        return { state: 'failed', error: `The text takes ${segments} SMS; at most ${maxSegments} are allowed.` }
      }
      const values = { id: messageId, to, text, subject, template, segments: String(segments) }
      const now = clock.now()
      const words = filled(body, values)
      const headers: Record<string, string> = {
        ...(authorization ? { authorization } : {}),
        ...(signingSecret ? signedHeaders(messageId, JSON.stringify(words), [signingSecret], now) : {}),
      }
      const reply = await callVendor({ fetch, url, body: words, headers, now, deadlineMs, handingOver })
      return 'outcome' in reply ? reply.outcome : outcomeOf(reply.json, accepted)
    },
    close: async () => {},
  }
}
