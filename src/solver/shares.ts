import type { Measure, Minute } from './types.ts'

/**
 * Part of the common load a person should carry, for `Person.share`.
 * `availableFraction`: part of the period the person can serve at all (0 to 1); `weight`: agreed part (half-time 0.5).
 * Somebody who joined inside the counting window owes only the time since then.
 */
export function targetShare(input: {
  availableFraction: number
  weight?: number
  joinedAt?: Minute | null
  window: { start: Minute; end: Minute }
}): number {
  const { start, end } = input.window
  const length = Math.max(1, end - start)
  const present = Math.min(length, Math.max(0, end - Math.max(start, input.joinedAt ?? start)))
  return Math.max(0, input.availableFraction) * (input.weight ?? 1) * (present / length)
}

/** One line of the ledger, as justice sees it. */
export interface PastLoad {
  measure: Measure
  amount: number
  at: Minute
}

/**
 * Load carried in from before the period, for `Person.carriedIn`: an entry counts half for every `halfLifeDays` it is
 * old, so that no debt lasts for ever. Entries at or after `at` count in full.
 */
export function decayedLoad(entries: PastLoad[], at: Minute, halfLifeDays: number): Partial<Record<Measure, number>> {
  const sums: Partial<Record<Measure, number>> = {}
  for (const entry of entries) {
    const age = Math.max(0, at - entry.at) / (24 * 60)
    sums[entry.measure] = (sums[entry.measure] ?? 0) + entry.amount * 0.5 ** (age / halfLifeDays)
  }
  return sums
}
