import { createSafeFetch, FetchError, type SafeFetch } from '../../../platform/http/safe-fetch.ts'
import type { HandingOver, Outcome } from '../notifications.types.ts'

/** Less than the time for which a sender holds its message. */
const DEADLINE_MS = 15_000
const LONGEST_WAIT_MS = 3_600_000

/** HTTP to the one host that the settings name; wherever it lies, as whoever runs the service has chosen it. */
export const vendorFetch = (url: string): SafeFetch => createSafeFetch({ trusted: [new URL(url).host] })

// biome-ignore lint/suspicious/noExplicitAny: answers of vendors are looked into field by field
export type Json = any

export type Reply = { json: Json } | { outcome: Outcome }

export interface VendorCall {
  fetch: SafeFetch
  url: string
  /** GET when left out. */
  body?: object
  headers?: Record<string, string>
  now: Date
  deadlineMs?: number | undefined
  /** Said right before the call, where it carries a message. */
  handingOver?: HandingOver
}

/** Seconds or a date, as milliseconds from now; at most an hour. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (!header) return undefined
  const wait = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime()
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT_MS)
}

const parse = (text: string): Json => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What the HTTP status alone says; undefined when the answer has to be read. */
function outcomeOfStatus(status: number, header: string | undefined, now: Date): Outcome | undefined {
  if (status >= 200 && status < 300) return undefined
  const error = `HTTP ${status}`
  // Redirects and refused logins are for whoever runs the service to repair; the message waits.
  const waits = status < 400 || status >= 500 || [401, 403, 407, 408, 425, 429].includes(status)
  return waits ? { state: 'later', error, retryAfterMs: retryAfterMs(header, now) } : { state: 'failed', error }
}

/** One call; an outcome where there is nothing more to read from the answer. */
export async function callVendor(call: VendorCall): Promise<Reply> {
  const { fetch, url, body, headers, now, deadlineMs, handingOver } = call
  await handingOver?.()
  try {
    const answer = await fetch(url, {
      method: body ? 'POST' : 'GET',
      headers: { ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}), ...headers },
      body: body && JSON.stringify(body),
      deadlineMs: deadlineMs ?? DEADLINE_MS,
    })
    const outcome = outcomeOfStatus(answer.status, answer.headers['retry-after'], now)
    return outcome ? { outcome } : { json: parse(answer.body) }
  } catch (error) {
    if (!(error instanceof FetchError)) throw error
    return { outcome: { state: error.fault === 'unanswered' ? 'unknown' : 'later', error: error.message } }
  }
}

/** At most so many bytes of UTF-8, cut between characters. */
export function cutBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text
  let [kept, size] = ['', 3]
  for (const character of text) {
    size += Buffer.byteLength(character)
    if (size > max) break
    kept += character
  }
  return `${kept}…`
}
