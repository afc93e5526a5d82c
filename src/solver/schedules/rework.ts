import type { Highs } from 'highs'
import type { Grid } from './grid.ts'
import type { LinePool } from './line-pool.ts'
import type { Pricer } from './pricer.ts'

/** Some people's days `[free, freeEnd)` are planned anew; all else stays as it is. */
export interface Rework {
  people: readonly number[]
  free: number
  freeEnd: number
}

export interface Tools {
  grid: Grid
  highs: Highs
  pricer: Pricer
  pool: LinePool
  isOver(): boolean
  /** Infinite when only iterations count. */
  secondsLeft(): number
}
