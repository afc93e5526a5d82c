import { icsLines, icsText } from './ics-lines.ts'
import { icsUtc, icsWall, isRepeated, zoneLines } from './ics-zone.ts'

export type CalendarEvent = {
  /** The same for as long as it is the same event. */
  uid: string
  /** Rises with every change, from 0. */
  sequence: number
  /** Its last change: LAST-MODIFIED, and DTSTAMP, which without a METHOD is the same (RFC 5545, 3.8.7.2). */
  changedAt: Date
  status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED'
  startAt: Date
  endAt: Date
  /** IANA zone whose clocks tell start and end. */
  zone: string
  summary: string
  location?: string
  description?: string
  url?: string
  categories?: readonly string[]
  /** Does it take the time of whoever has it? */
  busy: boolean
  private?: boolean
  /** Minutes before the start at which a calendar may ring. */
  alarmMinutes?: number
}

export type Calendar = {
  name: string
  description?: string
  /** How often readers should ask again; some do as they like. */
  refreshMinutes: number
  events: readonly CalendarEvent[]
}

/**
 * An iCalendar file (RFC 5545, with the names and refresh times of RFC 7986 and the older ones of Outlook). Times carry
 * their zone, and each zone its rules for the span covered; an instant in the hour that autumn repeats, which a zone
 * cannot name without doubt, is written in UTC. The same calendar gives the same text.
 * @throws RangeError for an unknown zone, an event that does not end after it starts, or an address with blanks
 */
export function writeIcs(calendar: Calendar): string {
  const name = icsText(calendar.name)
  return icsLines([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Watchbill//Watchbill//EN',
    'CALSCALE:GREGORIAN',
    `NAME:${name}`,
    `X-WR-CALNAME:${name}`,
    ...optional('DESCRIPTION', calendar.description),
    ...optional('X-WR-CALDESC', calendar.description),
    `REFRESH-INTERVAL;VALUE=DURATION:PT${calendar.refreshMinutes}M`,
    `X-PUBLISHED-TTL:PT${calendar.refreshMinutes}M`,
    ...zonesOf(calendar.events),
    ...calendar.events.flatMap(eventLines),
    'END:VCALENDAR',
  ])
}

function zonesOf(events: readonly CalendarEvent[]): string[] {
  const spans = new Map<string, { from: Date; to: Date }>()
  for (const { zone, startAt, endAt } of events) {
    const { from, to } = spans.get(zone) ?? { from: startAt, to: endAt }
    spans.set(zone, { from: startAt < from ? startAt : from, to: endAt > to ? endAt : to })
  }
  return [...spans].flatMap(([zone, { from, to }]) => zoneLines(zone, from, to))
}

function eventLines(event: CalendarEvent): string[] {
  if (event.endAt <= event.startAt) throw new RangeError(`The event "${event.uid}" does not end after it starts.`)
  return [
    'BEGIN:VEVENT',
    `UID:${icsText(event.uid)}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${icsUtc(event.changedAt)}`,
    `LAST-MODIFIED:${icsUtc(event.changedAt)}`,
    `STATUS:${event.status}`,
    timeLine('DTSTART', event.startAt, event.zone),
    timeLine('DTEND', event.endAt, event.zone),
    `SUMMARY:${icsText(event.summary)}`,
    ...optional('LOCATION', event.location),
    ...optional('DESCRIPTION', event.description),
    ...(event.url ? [`URL:${addressOf(event.url)}`] : []),
    ...(event.categories?.length ? [`CATEGORIES:${event.categories.map(icsText).join(',')}`] : []),
    `TRANSP:${event.busy ? 'OPAQUE' : 'TRANSPARENT'}`,
    ...(event.private ? ['CLASS:PRIVATE'] : []),
    ...(event.alarmMinutes === undefined ? [] : alarmLines(event.summary, event.alarmMinutes)),
    'END:VEVENT',
  ]
}

const timeLine = (name: string, instant: Date, zone: string) =>
  isRepeated(instant, zone) ? `${name}:${icsUtc(instant)}` : `${name};TZID=${zone}:${icsWall(instant, zone)}`

const alarmLines = (summary: string, minutes: number) => [
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  `DESCRIPTION:${icsText(summary)}`,
  `TRIGGER:-PT${minutes}M`,
  'END:VALARM',
]

const optional = (name: string, text: string | undefined) => (text ? [`${name}:${icsText(text)}`] : [])

function addressOf(url: string): string {
  if (/[\s\p{Cc}]/u.test(url)) throw new RangeError(`"${url}" is not an address that a calendar can carry.`)
  return url
}
