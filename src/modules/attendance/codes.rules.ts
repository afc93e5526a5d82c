import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A code is shown for so long. */
export const CODE_SECONDS = 60
const DIGITS = 6
/** A code still counts in the window after its own, as reading and typing takes a while. */
const WINDOWS_BACK = 1

const windowAt = (now: Date): number => Math.floor(now.getTime() / (CODE_SECONDS * 1000))

const codeOf = (secret: string, window: number): string => {
  const mac = createHmac('sha256', secret).update(`code:${window}`).digest()
  return String(mac.readUInt32BE(0) % 10 ** DIGITS).padStart(DIGITS, '0')
}

const equal = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

/** The code that the post shows now, and until when. */
export function codeAt(secret: string, now: Date): { code: string; validUntil: Date } {
  const window = windowAt(now)
  return { code: codeOf(secret, window), validUntil: new Date((window + 1) * CODE_SECONDS * 1000) }
}

export function isCode(secret: string, entered: string, now: Date): boolean {
  const code = entered.normalize('NFKC').replace(/\D/g, '')
  const window = windowAt(now)
  return Array.from({ length: WINDOWS_BACK + 1 }, (_, back) => codeOf(secret, window - back)).some((known) =>
    equal(known, code),
  )
}

const macOf = (secret: string, doorId: string): string =>
  createHmac('sha256', secret).update(`door:${doorId}`).digest('base64url').slice(0, 22)

/** The last part of a door's address. It is made of the post's secret and can be made again, so it is stored nowhere. */
export const doorKey = (secret: string, doorId: string): string => `${doorId}.${macOf(secret, doorId)}`

export const isDoorKey = (secret: string, doorId: string, key: string): boolean => equal(doorKey(secret, doorId), key)

/** Below what is counted when entries are wrong: never the entry itself. */
export const failureKey = (postId: string, who: string): string =>
  `${postId}:${createHash('sha256').update(who).digest('hex').slice(0, 32)}`

/** More wrong entries for one person within a quarter of an hour, and nothing is taken for them any more. */
export const MOST_FAILURES = 8
/** The same at a post, for all who come there by number and phone; a personal link cannot be guessed and is taken. */
export const MOST_FAILURES_AT_POST = 200
export const FAILURES_MS = 15 * 60_000

const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '')

/** The last four digits of one of these phone numbers. */
export const isPhoneEnd = (phones: string[], entered: string): boolean => {
  const four = digitsOf(entered)
  return four.length === 4 && phones.some((phone) => equal(digitsOf(phone).slice(-4), four))
}

/** The secret at the end of a personal link, or the bare secret. */
export const secretIn = (text: string): string => text.trim().split(/[?#]/)[0]!.split('/').at(-1)!
