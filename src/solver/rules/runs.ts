import type { Duty } from '../model.ts'

/** Calls back for each run of neighbouring days with duty: positions of its first and last duty, number of days. */
export function eachRun(duties: Duty[], visit: (first: number, last: number, days: number) => void): void {
  let first = 0
  while (first < duties.length) {
    let last = first
    while (last + 1 < duties.length && duties[last + 1]!.day <= duties[last]!.day + 1) last++
    visit(first, last, duties[last]!.day - duties[first]!.day + 1)
    first = last + 1
  }
}

export function hasPlanned(duties: Duty[], first: number, last: number): boolean {
  for (let i = first; i <= last; i++) if (duties[i]!.slot >= 0) return true
  return false
}
