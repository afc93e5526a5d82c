import type { NightWatch } from '../../src/platform/queue/night-watch.ts'
import type { PushableClock } from '../../src/time/clock.ts'

export interface PassingTime {
  /** Waits until nothing is due any more. */
  settled(): Promise<void>
  /** Pushes the clock from one due moment to the next until `instant`; `meanwhile` runs after each stop. */
  advanceTo(instant: Date, meanwhile?: () => Promise<unknown>): Promise<void>
}

/** What falls due within a minute is done at one stop. */
const MINUTE = 60_000

/** Time that passes as fast as the work in it is done. */
export function passingTime(clock: PushableClock, nightWatch: NightWatch): PassingTime {
  const settled = () => nightWatch.settled()
  return {
    settled,
    async advanceTo(instant, meanwhile = async () => {}) {
      await settled()
      await meanwhile()
      for (let due = await nightWatch.nextDueAt(); due && due <= instant; due = await nightWatch.nextDueAt()) {
        const stop = new Date(Math.min(due.getTime() + MINUTE, instant.getTime()))
        if (stop > clock.now()) clock.set(stop)
        await settled()
        await meanwhile()
      }
      if (instant > clock.now()) clock.set(instant)
      await settled()
      await meanwhile()
    },
  }
}
