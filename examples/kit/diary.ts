import type { Stage } from '../demo/stage.ts'

/** Something that people do at a moment of their own. */
export interface Entry {
  at: Date
  act(): Promise<unknown>
}

/** Lets time pass from entry to entry; those of one moment come in the order in which they were given. */
export async function keepDiary({ time }: Stage, entries: readonly Entry[]): Promise<void> {
  for (const { at, act } of entries.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    await time.advanceTo(at)
    await act()
  }
  await time.settled()
}
