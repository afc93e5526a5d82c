import { addLocalDays, atTime, dateOf, instantToWall, timeOf, wallToInstant } from '../../time/zones.ts'
import type { ChannelName, Outcome, Way } from './notifications.types.ts'

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

const isUsable = ({ channel, address }: Contact, open: readonly ChannelName[]): boolean =>
  open.some((name) => name === channel) && (CHECKS[channel]?.(address) ?? true)

/**
 * The first usable contact point by position that has not failed yet; the log when there never was one, so that nothing
 * is lost silently. undefined: all have failed.
 */
export function chooseWay(
  contacts: Contact[],
  open: readonly ChannelName[],
  otherwise: string,
  tried: readonly Way[] = [],
): { channel: ChannelName; address: string } | undefined {
  const failed = tried.filter((way) => way.state === 'failed')
  const isLeft = ({ channel, address }: Contact) =>
    !failed.some((way) => way.channel === channel && way.address === address)
  const usable = contacts.filter((contact) => isUsable(contact, open) && isLeft(contact))
  const best = usable.sort((a, b) => a.position - b.position)[0]
  if (best) return { channel: best.channel as ChannelName, address: best.address }
  return failed.length > 0 ? undefined : { channel: 'log', address: otherwise }
}

/** The list of tried ways with one more try; tries of one contact point share a line. */
export function noteTry(
  ways: readonly Way[],
  { channel, address }: { channel: string; address: string },
  outcome: Outcome,
  now: Date,
): Way[] {
  const before = ways.find((way) => way.channel === channel && way.address === address)
  const way: Way = {
    channel,
    address,
    tries: (before?.tries ?? 0) + 1,
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
const DAY_MS = 86_400_000
export const MOST_A_DAY = 8

/** When a person may be written to again: one message a minute, eight in 24 hours. `sentAt`: newest first. */
export function personFreeAt(sentAt: readonly Date[]): Date | undefined {
  const ends = [
    sentAt[0] && sentAt[0].getTime() + MINUTE_MS,
    sentAt[MOST_A_DAY - 1] && sentAt[MOST_A_DAY - 1]!.getTime() + DAY_MS,
  ]
  const known = ends.filter((end) => end !== undefined)
  return known.length > 0 ? new Date(Math.max(...known)) : undefined
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

/** Puts values in for '{placeholder}'. @throws when a text asks for what there is not: a mistake in a template. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`The text asks for {${name}}, which this message does not know.`)
    return value
  })
}
