import { nominalMinutes } from '../../time/lengths.ts'
import { type EffectivePattern, turnNumber } from '../../time/rotation.ts'
import {
  atTime,
  compareLocal,
  formatWall,
  type LocalDate,
  type LocalDateTime,
  wallMillis,
  wallToInstant,
} from '../../time/zones.ts'
import { END } from './date-spans.ts'

export interface Turn {
  startLocal: LocalDateTime
  endLocal: LocalDateTime
  zone: string
  startsAt: Date
  endsAt: Date
  echelonId: string
}

/**
 * All turns that touch the days from `fromOn` up to, not including, `toOn`, in order. A turn that runs when a new
 * pattern takes effect ends there. Each pattern holds from the midnight of its day on.
 */
export function turnsBetween(patterns: EffectivePattern[], fromOn: LocalDate, toOn: LocalDate): Turn[] {
  const sorted = [...patterns].sort((a, b) => compareLocal(a.effectiveFrom, b.effectiveFrom))
  return sorted.flatMap((pattern, index) => {
    const begins = midnight(pattern.effectiveFrom)
    const ends = midnight(sorted[index + 1]?.effectiveFrom ?? END)
    const from = later(begins, midnight(fromOn))
    const to = earlier(ends, midnight(toOn))
    return from < to ? turnsOf(pattern, from, to).map((turn) => clip(turn, pattern, begins, ends)) : []
  })
}

interface WallTurn {
  start: LocalDateTime
  end: LocalDateTime
  echelonId: string
}

function turnsOf(pattern: EffectivePattern, from: LocalDateTime, to: LocalDateTime): WallTurn[] {
  const { anchor, order } = pattern
  const length = nominalMinutes(pattern.period) * 60_000
  const wallOf = (turn: number) => formatWall(wallMillis(anchor) + turn * length)
  const turns: WallTurn[] = []
  for (let turn = turnNumber(pattern, from); wallOf(turn) < to; turn += 1) {
    const place = ((turn % order.length) + order.length) % order.length
    turns.push({ start: wallOf(turn), end: wallOf(turn + 1), echelonId: order[place]! })
  }
  return turns
}

function clip({ start, end, echelonId }: WallTurn, { zone }: EffectivePattern, begins: string, ends: string): Turn {
  const startLocal = later(start, begins)
  const endLocal = earlier(end, ends)
  return {
    startLocal,
    endLocal,
    zone,
    startsAt: wallToInstant(startLocal, zone, 'start'),
    endsAt: wallToInstant(endLocal, zone, 'start'),
    echelonId,
  }
}

const midnight = (day: LocalDate): LocalDateTime => atTime(day, '00:00')
const later = (a: string, b: string) => (a > b ? a : b)
const earlier = (a: string, b: string) => (a < b ? a : b)
