import type { Kinds } from './kinds.ts'
import type { DayCosts } from './stretches.ts'

/** Most units that fit before each day and from it on, weekends and counts left aside. */
export function mostUnits(kinds: Kinds, costs: DayCosts, minOff: number): { before: Int32Array; after: Int32Array } {
  const days = costs.to - costs.from
  const most = new Int32Array(days)
  const step = Array.from({ length: kinds.count }, (_, kind) => kinds.tallies[Math.max(0, kinds.after[kind]!)]!.units)
  for (let i = 0; i < days; i++) {
    most[i] = -1
    for (let kind = 0; kind < kinds.count; kind++) {
      if (costs.kindCost[(costs.from + i) * kinds.count + kind]! < Number.POSITIVE_INFINITY)
        most[i] = Math.max(most[i]!, step[kind]!)
    }
  }
  const longest = kinds.firstOfLength.length - 2
  const before = new Int32Array(days + 1)
  const after = new Int32Array(days + 1)
  for (let i = 1; i <= days; i++) {
    before[i] = joinRuns(
      i,
      longest,
      minOff,
      (length) => most[i - length]!,
      (length) => before[Math.max(0, i - length)]!,
    )
  }
  for (let i = days - 1; i >= 0; i--) {
    const rest = (length: number) => after[Math.min(days, i + length)]!
    after[i] = joinRuns(days - i, longest, minOff, (length) => most[i + length - 1]!, rest)
  }
  return { before, after }
}

function joinRuns(
  days: number,
  longest: number,
  minOff: number,
  unitsOf: (length: number) => number,
  rest: (length: number) => number,
): number {
  let best = rest(1)
  let sum = 0
  for (let length = 1; length <= Math.min(longest, days); length++) {
    const units = unitsOf(length)
    if (units < 0) break
    sum += units
    best = Math.max(best, sum + rest(length + minOff))
  }
  return best
}
