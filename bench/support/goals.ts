/** What a figure must be at least or at most. */
export interface Goal {
  atLeast?: number
  atMost?: number
}

export const CONFIRM_GOALS = {
  ratio: { atLeast: 0.6 },
  p99Ms: { atMost: 300 },
  failed: { atMost: 0 },
  mailMinutes: { atMost: 5 },
  waitingRatio: { atMost: 2 },
} satisfies Record<string, Goal>

export const EXPORT_GOALS = { csvVsCopy: { atLeast: 0.5 }, peakRssMB: { atMost: 150 } } satisfies Record<string, Goal>

/** A city's week, told within the time a planner waits. `unfilled`: mandatory seats below what is proven possible. */
export const CITY_GOALS = {
  seconds: { atMost: 2 },
  unfilled: { atMost: 0 },
  hard: { atMost: 0 },
  shiftSpread: { atMost: 1 },
} satisfies Record<string, Goal>

/** After twenty fell ill; `beyond`: people who had confirmed, disturbed beyond the proven least and a tenth of it. */
export const REPAIR_GOALS = {
  seconds: { atMost: 1 },
  unfilled: { atMost: 0 },
  hard: { atMost: 0 },
  beyond: { atMost: 0 },
} satisfies Record<string, Goal>

export const LARGE_GOALS = {
  seconds: { atMost: 60 },
  unfilled: { atMost: 0 },
  hard: { atMost: 0 },
  peakRssMb: { atMost: 1500 },
} satisfies Record<string, Goal>

export const SCALE_GOALS = { growthExponent: { atMost: 1.2 }, unfilled: { atMost: 0 } } satisfies Record<string, Goal>

/** One line for each goal that was missed; a figure that is no number misses it too. */
export function missedGoals(figures: Record<string, number>, goals: Record<string, Goal>): string[] {
  return Object.entries(goals).flatMap(([name, { atLeast = -Infinity, atMost = Infinity }]) => {
    const figure = figures[name] ?? Number.NaN
    if (figure >= atLeast && figure <= atMost) return []
    return [`${name} is ${figure}, not ${atMost === Infinity ? `at least ${atLeast}` : `at most ${atMost}`}`]
  })
}

/** Says on standard error what was missed, and has the process end with 1 then. */
export function judge(figures: Record<string, number>, goals: Record<string, Goal>): void {
  const missed = missedGoals(figures, goals)
  for (const line of missed) console.error(`Goal missed: ${line}.`)
  if (missed.length > 0) process.exitCode = 1
}
