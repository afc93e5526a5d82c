export interface Clock {
  now(): Date
}

/** The machine's own time. Everything else in the program takes `now` as an argument or a `Clock`. */
export const systemClock: Clock = { now: () => new Date() }

export interface PushableClock extends Clock {
  /** Milliseconds, forwards only. */
  advance(milliseconds: number): void
  set(instant: Date): void
}

/** Runs at real speed from `start` (default: the machine's time) and can be pushed. For the demo and tests only. */
export function pushableClock(start?: Date): PushableClock {
  let ahead = start ? aheadOfMachine(start) : 0
  return {
    now: () => new Date(systemClock.now().getTime() + ahead),
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError(`A clock advances by 0 ms or more, not by ${milliseconds} ms.`)
      ahead += milliseconds
    },
    set(instant) {
      ahead = aheadOfMachine(instant)
    },
  }
}

function aheadOfMachine(instant: Date): number {
  if (Number.isNaN(instant.getTime())) throw new RangeError('A clock cannot be set to an invalid date.')
  return instant.getTime() - systemClock.now().getTime()
}
