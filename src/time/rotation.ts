import { type LengthText, nominalMinutes } from './lengths.ts'
import { assertZone, instantToWall, type LocalDate, type LocalDateTime, wallMillis } from './zones.ts'

/** Who relieves whom: from the anchor on, one entry of `order` per period, round and round, and backwards before it. */
export interface RotationPattern {
  /** Local start of the first turn of `order[0]`. */
  anchor: LocalDateTime
  zone: string
  /** Length of one turn by the wall clock: 'P1D', 'P7D', 'PT12H'. */
  period: LengthText
  /** Echelons in turn; A A B B gives two periods each. */
  order: readonly string[]
}

/** A pattern that holds until a later one takes over; the list only grows, so the past keeps its turns. */
export interface EffectivePattern extends RotationPattern {
  /** Local time, or date, in the pattern's zone. */
  effectiveFrom: LocalDate | LocalDateTime
}

/**
 * The echelon whose turn it is at a local start. Periods are counted on the wall clock, so no change of clocks shifts
 * a turn. @throws RangeError
 */
export function echelonOnTurn(pattern: RotationPattern, localStart: LocalDateTime): string {
  const { order } = pattern
  if (order.length === 0) throw new RangeError('A rotation needs at least one echelon.')
  const turn = turnNumber(pattern, localStart) % order.length
  return order[(turn + order.length) % order.length]!
}

/** Whole periods since the anchor; the turn before the anchor is -1. @throws RangeError */
export function turnNumber({ anchor, period }: RotationPattern, localStart: LocalDateTime): number {
  const minutes = (wallMillis(localStart) - wallMillis(anchor)) / 60_000
  return Math.floor(minutes / nominalMinutes(period))
}

/** The latest pattern in force at a local start; of two from the same time the later in the list. */
export function effectivePattern(
  patterns: readonly EffectivePattern[],
  localStart: LocalDateTime,
): EffectivePattern | undefined {
  let latest: EffectivePattern | undefined
  for (const pattern of patterns) {
    if (pattern.effectiveFrom > localStart) continue
    if (!latest || pattern.effectiveFrom >= latest.effectiveFrom) latest = pattern
  }
  return latest
}

/** As `echelonOnTurn`, by the pattern in force; undefined before the first. @throws RangeError */
export function echelonOnTurnOf(patterns: readonly EffectivePattern[], localStart: LocalDateTime): string | undefined {
  const pattern = effectivePattern(patterns, localStart)
  return pattern && echelonOnTurn(pattern, localStart)
}

/** For a start in another zone than the pattern's. @throws RangeError */
export function echelonOnTurnAt(pattern: RotationPattern, startsAt: Date): string {
  assertZone(pattern.zone)
  return echelonOnTurn(pattern, instantToWall(startsAt, pattern.zone))
}
