import { addLocalDays, atTime, dateOf, instantToWall, timeOf, wallToInstant } from '../../time/zones.ts'
import type { ChannelName, MessageRow, Outcome, Way } from './notifications.types.ts'

export interface Contact {
  channel: string
  address: string
  position: number
}

const MAIL_ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i

/** One plain address: nothing in it can add a header or a second recipient. */
export const isMailAddress = (text: string): boolean => MAIL_ADDRESS.test(text)

/** A user id of WeChat Work, and only one: '|' would name several people and '@all' everybody. */
export const isWeComUser = (text: string): boolean => /^[A-Za-z0-9][\w.@-]{0,63}$/.test(text)

export const isPhone = (text: string): boolean => /^\+?\d{5,20}$/.test(text)

const CHECKS: Record<string, (address: string) => boolean> = { email: isMailAddress, wecom: isWeComUser, sms: isPhone }

export const isUsableAddress = (channel: string, address: string): boolean => CHECKS[channel]?.(address) ?? true

const isUsable = ({ channel, address }: Contact, open: readonly ChannelName[]): boolean =>
  open.some((name) => name === channel) && isUsableAddress(channel, address)

/**
 * The first usable contact point by position that was not used up yet: that failed, took the message or may have taken
 * it. The log when there never was one, so that nothing is lost silently. undefined: none is left.
 */
export function chooseWay(
  contacts: Contact[],
  open: readonly ChannelName[],
  otherwise: string,
  tried: readonly Way[] = [],
): { channel: ChannelName; address: string } | undefined {
  const usedUp = tried.filter((way) => way.state !== 'later')
  const isLeft = ({ channel, address }: Contact) =>
    !usedUp.some((way) => way.channel === channel && way.address === address)
  const usable = contacts.filter((contact) => isUsable(contact, open) && isLeft(contact))
  const best = usable.sort((a, b) => a.position - b.position)[0]
  if (best) return { channel: best.channel as ChannelName, address: best.address }
  return usedUp.length > 0 ? undefined : { channel: 'log', address: otherwise }
}

/** Contact points that others on the same matter went by, put behind the rest; their order stays otherwise. */
export function othersFirst(contacts: Contact[], used: readonly Pick<Contact, 'channel' | 'address'>[]): Contact[] {
  const isUsed = ({ channel, address }: Contact) =>
    used.some((one) => one.channel === channel && one.address === address)
  const inOrder = contacts.toSorted((a, b) => a.position - b.position)
  const others = inOrder.filter((contact) => !isUsed(contact))
  return [...others, ...inOrder.filter(isUsed)].map((contact, position) => ({ ...contact, position }))
}

/** The list of tried ways with one more try (or with news of one); tries of one contact point share a line. */
export function noteTry(
  ways: readonly Way[],
  { channel, address }: { channel: string; address: string },
  outcome: Outcome,
  now: Date,
  more = 1,
): Way[] {
  const before = ways.find((way) => way.channel === channel && way.address === address)
  const way: Way = {
    channel,
    address,
    tries: (before?.tries ?? 0) + more,
    state: outcome.state,
    ...('error' in outcome ? { error: outcome.error } : {}),
    since: before?.since ?? now.toISOString(),
    at: now.toISOString(),
  }
  return before ? ways.map((one) => (one === before ? way : one)) : [...ways, way]
}

/** When the quiet hours that hold at `now` are over; undefined outside them. Equal ends mean none. */
export function quietUntil(
  now: Date,
  zone: string,
  { quietFrom, quietTo }: { quietFrom: string | null; quietTo: string | null },
): Date | undefined {
  if (quietFrom === null || quietTo === null || quietFrom === quietTo) return undefined
  const local = instantToWall(now, zone)
  const [day, time] = [dateOf(local), timeOf(local)]
  const isOverMidnight = quietTo < quietFrom
  const isQuiet = isOverMidnight ? time >= quietFrom || time < quietTo : time >= quietFrom && time < quietTo
  if (!isQuiet) return undefined
  const end = isOverMidnight && time >= quietFrom ? addLocalDays(day, 1) : day
  return wallToInstant(atTime(end, quietTo), zone, 'start')
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
export const MOST_A_DAY = 8
/** So many messages to one person within so long. */
const LIMITS = [
  { most: 1, withinMs: MINUTE_MS },
  { most: 3, withinMs: HOUR_MS },
  { most: MOST_A_DAY, withinMs: 24 * HOUR_MS },
]

/** When a person may be written to again: one message a minute, three an hour, eight in a day. `sentAt`: newest first. */
export function personFreeAt(sentAt: readonly Date[]): Date | undefined {
  const ends = LIMITS.flatMap(({ most, withinMs }) => {
    const first = sentAt[most - 1]
    return first ? [first.getTime() + withinMs] : []
  })
  return ends.length > 0 ? new Date(Math.max(...ends)) : undefined
}

/** What a message is when no contact point is left: a way that took it, or may have, says more than one that failed. */
export function endOf(
  ways: readonly Way[],
  error: string,
): { state: 'accepted' } | { state: 'failed' | 'unknown'; error: string } {
  if (ways.some((way) => way.state === 'accepted')) return { state: 'accepted' }
  return { state: ways.some((way) => way.state === 'unknown') ? 'unknown' : 'failed', error }
}

/** How long what is urgent waits for word that it has arrived before it goes another way; undefined: for good. */
export function patienceFor(state: string, receipts: boolean): number | undefined {
  if (state === 'unknown') return receipts ? 2 * MINUTE_MS : 0
  return state === 'accepted' && receipts ? 10 * MINUTE_MS : undefined
}

/**
 * What a receipt means as the message stands, in whatever order receipts come: `arrived` is the last word, `failed`
 * makes a message that seemed sent go on, `noted` concerns a contact point it has left already.
 */
export function receiptReading(
  { state, channel, ways }: Pick<MessageRow, 'state' | 'channel' | 'ways'>,
  from: string,
  says: 'delivered' | 'failed',
): 'arrived' | 'failed' | 'noted' | 'nothing' {
  const way = ways.find((one) => one.channel === from)
  if (!way || state === 'delivered' || state === 'cancelled') return 'nothing'
  if (says === 'delivered') return state === 'sending' ? 'nothing' : 'arrived'
  if (way.state === 'failed') return 'nothing'
  return channel === from && (state === 'accepted' || state === 'unknown') ? 'failed' : 'noted'
}

/** Changes that follow each other move a message on, but not for ever: three times the settling time at most. */
export function settledAt(wanted: Date, since: Date, mergeMinutes: number): Date {
  const settled = wanted.getTime() + mergeMinutes * MINUTE_MS
  return new Date(Math.max(wanted.getTime(), Math.min(settled, since.getTime() + 3 * mergeMinutes * MINUTE_MS)))
}

const TIME_TO_ACT_MS = 60 * MINUTE_MS

/** What may wait does, unless it would then come too late to act upon. */
export function holdUntil(now: Date, ends: (Date | undefined)[], notAfter: Date | undefined): Date | undefined {
  const late = Math.max(...ends.map((end) => end?.getTime() ?? 0))
  if (late <= now.getTime()) return undefined
  return notAfter && late + TIME_TO_ACT_MS > notAfter.getTime() ? undefined : new Date(late)
}

/** Enough of an address to recognise it by, and not enough to use it. */
export function maskAddress(address: string): string {
  const at = address.indexOf('@')
  if (at > 0) return `${address.slice(0, 1)}***${address.slice(at)}`
  if (address.includes('/')) return address
  return `***${address.slice(-2)}`
}

/**
 * Puts values in for '{placeholder}'. @throws when a text asks for what there is not, a mistake in a template, unless
 * it shall keep what it cannot fill.
 */
export function fill(text: string, values: Record<string, string>, unknown: 'refuse' | 'keep' = 'refuse'): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => {
    const value = values[name]
    if (value === undefined && unknown === 'keep') return all
    if (value === undefined) throw new Error(`The text asks for {${name}}, which this message does not know.`)
    return value
  })
}
