import { mondayOf, weekOf } from '../calendar.ts'
import type { Duty } from '../model.ts'

/** Calls back for each ISO week with duty on a weekend day: its Monday and its stretch of weekend duties. */
export function eachWeekend(
  duties: Duty[],
  weekend: readonly number[],
  visit: (monday: number, weekendDuties: number[]) => void,
): void {
  let week = Number.NaN
  let found: number[] = []
  const close = () => {
    if (found.length > 0) visit(mondayOf(week), found)
  }
  duties.forEach((duty, i) => {
    if (!weekend.includes(duty.weekday)) return
    const own = weekOf(duty.day)
    if (own !== week) {
      close()
      week = own
      found = []
    }
    found.push(i)
  })
  close()
}

export const WEEKEND: readonly number[] = [6, 7]
