import { offsetMinutes } from '../../time/zones.ts'

type Change = { at: number; from: number; to: number }

const SECOND = 1_000
const DAY = 86_400_000
const LOOK_BACK = 400 * DAY

/**
 * The lines of a VTIMEZONE that is right for all instants from `from` to `to`: one observance for each change of the
 * clocks, as the machine's own zone data have them, and one for the time before the first. @throws RangeError
 */
export function zoneLines(zone: string, from: Date, to: Date): string[] {
  const start = from.getTime() - LOOK_BACK
  const changes = changesBetween(zone, start, to.getTime() + DAY)
  const before = offsetSeconds(zone, start)
  const first = { at: Date.UTC(1970, 0) - before * SECOND, from: before, to: before }
  const daylightFirst = changes[0] !== undefined && changes[0].to < changes[0].from
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${zone}`,
    ...observance(first, daylightFirst),
    ...changes.flatMap((change) => observance(change, change.to > change.from)),
    'END:VTIMEZONE',
  ]
}

/** Wall clock as calendars write it, `20260504T080000`. */
export const icsWall = (instant: Date, zone: string): string =>
  basic(instant.getTime() + offsetSeconds(zone, instant.getTime()) * SECOND)

/** `20260504T000000Z` */
export const icsUtc = (instant: Date): string => `${basic(instant.getTime())}Z`

/** Do the clocks show the time of this instant twice? Readers differ on which of the two is meant. */
export function isRepeated(instant: Date, zone: string): boolean {
  const wall = instant.getTime() + offsetSeconds(zone, instant.getTime()) * SECOND
  const offsets = [wall - DAY, wall + DAY].map((near) => offsetSeconds(zone, near))
  const instants = offsets.map((offset) => wall - offset * SECOND)
  return instants[0] !== instants[1] && instants.every((at, index) => offsetSeconds(zone, at) === offsets[index])
}

function observance({ at, from, to }: Change, daylight: boolean): string[] {
  const kind = daylight ? 'DAYLIGHT' : 'STANDARD'
  return [
    `BEGIN:${kind}`,
    `DTSTART:${basic(at + from * SECOND)}`,
    `TZOFFSETFROM:${offsetText(from)}`,
    `TZOFFSETTO:${offsetText(to)}`,
    `TZNAME:${nameOf(to)}`,
    `END:${kind}`,
  ]
}

function changesBetween(zone: string, from: number, to: number): Change[] {
  const changes: Change[] = []
  for (let day = from; day < to; day += DAY) {
    const [before, after] = [offsetSeconds(zone, day), offsetSeconds(zone, day + DAY)]
    if (before !== after) changes.push({ at: firstWith(zone, after, day, day + DAY), from: before, to: after })
  }
  return changes
}

/** The first second of the offset, which does not hold at `low` and holds at `high`. */
function firstWith(zone: string, offset: number, low: number, high: number): number {
  let [before, since] = [Math.floor(low / SECOND), Math.ceil(high / SECOND)]
  while (since - before > 1) {
    const middle = Math.floor((before + since) / 2)
    if (offsetSeconds(zone, middle * SECOND) === offset) since = middle
    else before = middle
  }
  return since * SECOND
}

const offsetSeconds = (zone: string, millis: number) => Math.round(offsetMinutes(zone, new Date(millis)) * 60)
const basic = (millis: number) => new Date(millis).toISOString().slice(0, 19).replace(/[-:]/g, '')

function offsetText(seconds: number): string {
  const [hours, minutes, rest] = [3600, 60, 1].map((unit) => Math.floor(Math.abs(seconds) / unit)) as Three
  const parts = [hours, minutes % 60, rest % 60].map((part) => String(part).padStart(2, '0'))
  return `${seconds < 0 ? '-' : '+'}${parts.join('').replace(/^(....)00$/, '$1')}`
}

type Three = [number, number, number]

const nameOf = (seconds: number) => offsetText(seconds).replace(/00$/, '')
