import { addLocalDays, compareLocal, type LocalDate, localDaysBetween, timeOf } from '../../time/zones.ts'
import type { GridSeat, SeatState } from './roster-files.types.ts'

/** One post at the same hours, day after day, on duty or on standby. */
export interface GridLine {
  unit: string
  post: string
  hours: string
  standby: boolean
  days: Map<LocalDate, GridSeat[]>
}

const DAYS_ON_A_PAGE = 7
const CIRCLED_ONE = 0x2460
const CIRCLED = 15

/** '08:00–20:00'; what ends on a later day says by how many: '08:00–08:00+1'. */
export function hoursText({ startLocal, endLocal }: Pick<GridSeat, 'startLocal' | 'endLocal'>): string {
  const later = localDaysBetween(startLocal, endLocal)
  return `${timeOf(startLocal)}–${timeOf(endLocal)}${later > 0 ? `+${later}` : ''}`
}

/** Lines in the order of the seats; those of one post by their hours, and standby after duty. */
export function gridOf(seats: readonly GridSeat[]): GridLine[] {
  const posts = new Map<string, Map<string, GridLine>>()
  for (const seat of seats) {
    const lines = posts.get(seat.postId) ?? new Map<string, GridLine>()
    posts.set(seat.postId, lines)
    const hours = hoursText(seat)
    const standby = seat.kind === 'standby'
    const key = `${hours} ${standby}`
    const line = lines.get(key) ?? { unit: seat.unitName, post: seat.postName, hours, standby, days: new Map() }
    lines.set(key, line)
    line.days.set(seat.localDay, [...(line.days.get(seat.localDay) ?? []), seat])
  }
  return [...posts.values()].flatMap((lines) => [...lines.values()].sort(inPrint))
}

const inPrint = (a: GridLine, b: GridLine) => Number(a.standby) - Number(b.standby) || compareLocal(a.hours, b.hours)

/** The days of a period, as many together as fit a page. */
export function pagesOfDays(fromOn: LocalDate, toOn: LocalDate): LocalDate[][] {
  const days = Array.from({ length: localDaysBetween(fromOn, toOn) }, (_, index) => addLocalDays(fromOn, index))
  return Array.from({ length: Math.ceil(days.length / DAYS_ON_A_PAGE) }, (_, page) =>
    days.slice(page * DAYS_ON_A_PAGE, (page + 1) * DAYS_ON_A_PAGE),
  )
}

/** A short mark for each role, in the order in which roles appear. */
export function marksOf(seats: readonly Pick<GridSeat, 'role'>[]): Map<string, string> {
  const roles = [...new Set(seats.map((seat) => seat.role))]
  const mark = (index: number) => (index < CIRCLED ? String.fromCodePoint(CIRCLED_ONE + index) : `(${index + 1})`)
  return new Map(roles.map((role, index) => [role, mark(index)]))
}

/** Names with the marks of their roles; a seat that must be filled and is not shows `open`, one that may be shows nothing. */
export const cellNames = (seats: readonly GridSeat[], marks: Map<string, string>, open: string): string[] =>
  seats
    .filter((seat) => seat.name !== null || seat.mandatory)
    .map((seat) => `${marks.get(seat.role)!}${seat.name ?? open}`)

export const seatState = <S extends SeatState>(seat: { name: string | null; state: S | null }): SeatState =>
  seat.name === null ? 'open' : (seat.state ?? 'draft')
