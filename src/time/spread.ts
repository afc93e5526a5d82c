const STEPS = 5
const STEP_MS = 60_000
/** Of the time until what must come after, at most one part in so many is used up. */
const SHARE = 10

/**
 * One of five moments within five minutes after the one that was wanted, the same for the same id (a UUID): what many are
 * told at one time of day does not fall on one instant. Well before `deadline`; not moved at all when that has come.
 */
export function spread(wanted: Date, id: string, deadline: Date): Date {
  const step = Math.max(0, Math.min(STEP_MS, (deadline.getTime() - wanted.getTime()) / SHARE / STEPS))
  // The last part of a UUID is random in every version that is used here.
  const place = Number.parseInt(id.slice(-8), 16) % STEPS
  return new Date(wanted.getTime() + Math.floor(place * step))
}
