/** A problem of personal schedules on typed arrays: people x days x types of duty, at most one duty a day. */

export const OFF = -1

/** At most `max` days with a duty of these types. */
export interface Counter {
  types: Uint8Array
  max: number
}

/** What one person's schedule must keep, whatever the others do. Lengths in units of `Grid.unitMinutes`. */
export interface Contract {
  minUnits: number
  maxUnits: number
  minRun: number
  maxRun: number
  minOff: number
  maxWeekends: number
  counters: Counter[]
}

export interface Grid {
  people: number
  days: number
  types: number
  unitMinutes: number
  /** Units of each type. */
  units: Int32Array
  /** `first * types + next` is 1 where `next` must not come the day after `first`. */
  forbidden: Uint8Array
  /** By `cellOf`: may this person take this type on this day? */
  allowed: Uint8Array
  /** By `cellOf`: what the wishes of the person say about it. */
  cost: Float64Array
  /** What the wishes cost before anybody is assigned. */
  baseCost: number
  contracts: Contract[]
  /** By `day * types + type`: people wanted, cost of one too few, of one too many. */
  required: Int32Array
  under: Float64Array
  over: Float64Array
  /** By `day * types + type`: slot of the problem, -1 where there is none. */
  slotOf: Int32Array
  /** Number of the weekend a day lies in, -1 on working days. */
  weekendOf: Int32Array
  /** All costs are whole numbers, so a bound can be rounded up. */
  isWhole: boolean
}

export const cellOf = (grid: Grid, person: number, day: number, type: number): number =>
  (person * grid.days + day) * grid.types + type
