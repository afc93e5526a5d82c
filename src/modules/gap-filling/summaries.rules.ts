import { addLocalDays, atTime, instantToWall, type LocalTime, localDay, wallToInstant } from '../../time/zones.ts'

const slotsOn = (day: string, zone: string, times: readonly LocalTime[]): Date[] =>
  times.map((time) => wallToInstant(atTime(day, time), zone, 'start'))

/** When the next summary goes out; undefined where the policy names no times. */
export function nextSummaryAt(now: Date, zone: string, times: readonly LocalTime[]): Date | undefined {
  const today = localDay(now, zone)
  const ahead = [today, addLocalDays(today, 1)].flatMap((day) => slotsOn(day, zone, times)).filter((at) => at > now)
  return ahead.length > 0 ? new Date(Math.min(...ahead.map((at) => at.getTime()))) : undefined
}

/** The summary whose time it is, as 'YYYY-MM-DDTHH:mm': the last one of today that is due. */
export const summaryOf = (now: Date, zone: string, times: readonly LocalTime[]): string | undefined => {
  const local = instantToWall(now, zone)
  return times
    .map((time) => atTime(local.slice(0, 10), time))
    .filter((slot) => slot <= local)
    .sort()
    .at(-1)
}
