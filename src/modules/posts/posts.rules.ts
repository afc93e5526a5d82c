import { nominalMinutes, shiftEnd } from '../../time/lengths.ts'
import { LONGEST_HORIZON_DAYS, neverHappens, occurrences, ruleOf } from '../../time/recurrence.ts'
import { addLocalDays, compareLocal, dateOf, type LocalDate, type LocalDateTime } from '../../time/zones.ts'
import type { SHIFT_KINDS } from './posts.tables.ts'
import type {
  KnownShift,
  KnownSlot,
  Leftover,
  Occurrence,
  OccurrenceException,
  Recipe,
  Seating,
  WantedSlot,
} from './posts.types.ts'

const startsOf = (recipe: Recipe, from: LocalDate, to: LocalDate): LocalDateTime[] =>
  occurrences(
    {
      rule: ruleOf(recipe.rule),
      startTime: recipe.startTime,
      effectiveFrom: recipe.effectiveFrom,
      effectiveTo: recipe.effectiveTo ?? undefined,
    },
    from,
    to,
  )

/** True when no day on which the template is in force meets its rule; an open end is looked at for ten years. */
export function isNeverInForce(recipe: Omit<Recipe, 'zone' | 'length'>): boolean {
  const { startTime, effectiveFrom } = recipe
  const horizon = addLocalDays(effectiveFrom, LONGEST_HORIZON_DAYS)
  const to = recipe.effectiveTo && recipe.effectiveTo < horizon ? recipe.effectiveTo : horizon
  return neverHappens({ rule: ruleOf(recipe.rule), startTime, effectiveFrom, effectiveTo: to }, effectiveFrom, to)
}

export const isOccurrence = (recipe: Recipe, originalStart: LocalDateTime): boolean =>
  startsOf(recipe, dateOf(originalStart), addLocalDays(dateOf(originalStart), 1)).includes(originalStart)

/**
 * What the template gives on the days [from, to), skipped ones included: those that would have started there, and
 * those that were moved there from elsewhere. In order of their original start.
 */
export function occurrencesOf(
  recipe: Recipe,
  exceptions: OccurrenceException[],
  from: LocalDate,
  to: LocalDate,
): Occurrence[] {
  const exceptionAt = new Map(exceptions.map((one) => [one.originalStart, one]))
  const movedHere = exceptions
    .filter(({ startLocal }) => startLocal !== null && dateOf(startLocal) >= from && dateOf(startLocal) < to)
    .map((one) => one.originalStart)
    .filter((start) => isOccurrence(recipe, start))
  const starts = new Set([...startsOf(recipe, from, to), ...movedHere])
  return [...starts].sort(compareLocal).map((start) => occurrenceOf(recipe, start, exceptionAt.get(start)))
}

export function occurrenceOf(
  recipe: Recipe,
  originalStart: LocalDateTime,
  exception?: OccurrenceException,
): Occurrence {
  const startLocal = exception?.startLocal ?? originalStart
  const length = exception?.length ?? recipe.length
  const { startsAt, endsAt, localEnd } = shiftEnd(startLocal, recipe.zone, length)
  return {
    originalStart,
    startLocal,
    endLocal: localEnd,
    localDay: dateOf(startLocal),
    startsAt,
    endsAt,
    nominalMinutes: nominalMinutes(length),
    exception: exception?.kind ?? null,
  }
}

/** Seats a shift of a template has: up to the minimum mandatory, up to the desired number the others. */
export function seatsOf(requirements: Seating[], only: string[] | null): WantedSlot[] {
  return requirements
    .filter(({ id }) => only === null || only.includes(id))
    .flatMap(({ id, role, minimum, desired }) =>
      Array.from({ length: desired }, (_, i) => ({
        requirementId: id,
        role,
        seat: i + 1,
        mandatory: i + 1 <= minimum,
      })),
    )
}

/** An occurrence as one template wants it. */
export interface WantedShift extends Occurrence {
  templateId: string
  postId: string
  zone: string
  kind: (typeof SHIFT_KINDS)[number]
}

/** A held shift that becomes what the template wants now. */
export interface HeldMove {
  shift: KnownShift
  to: WantedShift
  /** A shift nobody holds that was made for that already; it gives way. */
  instead: KnownShift | undefined
}

export interface ShiftChanges {
  create: WantedShift[]
  update: (WantedShift & { id: string })[]
  /** In an order in which nobody meets their own next duty on the way. */
  move: HeldMove[]
  cancel: KnownShift[]
  leftovers: Leftover[]
}

const keyOf = ({ templateId, originalStart }: { templateId: string; originalStart: string }) =>
  `${templateId} ${originalStart}`
const dayOf = ({ templateId, originalStart }: { templateId: string; originalStart: string }) =>
  `${templateId} ${dateOf(originalStart)}`

export const isSame = (
  wanted: Pick<WantedShift, 'zone' | 'startLocal' | 'startsAt' | 'endsAt'>,
  known: Pick<KnownShift, 'state' | 'zone' | 'startLocal' | 'startsAt' | 'endsAt'>,
): boolean =>
  known.state === 'planned' &&
  known.zone === wanted.zone &&
  known.startLocal === wanted.startLocal &&
  known.startsAt.getTime() === wanted.startsAt.getTime() &&
  known.endsAt.getTime() === wanted.endsAt.getTime()

const rooted = (known: KnownShift, now: Date, split: boolean): Leftover['because'] | undefined => {
  if (known.startsAt <= now && known.state === 'planned') return 'begun'
  return split ? 'split' : undefined
}

/** Those that move later go first from the last one on, those that move earlier from the first one on. */
function inTurn(moves: HeldMove[]): HeldMove[] {
  const isLater = ({ shift, to }: HeldMove) => to.startsAt > shift.startsAt
  const byStart = moves.toSorted((a, b) => a.shift.startsAt.getTime() - b.shift.startsAt.getTime())
  return [...byStart.filter((one) => !isLater(one)), ...byStart.filter(isLater).reverse()]
}

/**
 * Held shifts that the rule no longer gives become the one occurrence of their day that has no holders yet; where there is
 * none, or where it is not clear which, they are conflicts.
 */
function counterparts(held: KnownShift[], wanted: WantedShift[], knownAt: Map<string, KnownShift>, now: Date) {
  const free = Map.groupBy(
    wanted.filter((shift) => {
      const known = knownAt.get(keyOf(shift))
      return shift.startsAt > now && !(known && (known.held || known.split))
    }),
    dayOf,
  )
  const moves: HeldMove[] = []
  const conflicts: KnownShift[] = []
  for (const [day, those] of Map.groupBy(held, dayOf)) {
    const [to, ...others] = free.get(day) ?? []
    if (to && others.length === 0 && those.length === 1) {
      moves.push({ shift: those[0]!, to, instead: knownAt.get(keyOf(to)) })
    } else conflicts.push(...those)
  }
  return { moves, conflicts }
}

/**
 * How shifts have to change to be what templates say. Nothing is made that would have begun already, and what has begun
 * or was cut in parts stays as it is. What nobody holds follows or goes; what is held moves with its holders.
 */
export function shiftChanges(wanted: WantedShift[], known: KnownShift[], now: Date): ShiftChanges {
  const knownAt = new Map(known.map((shift) => [keyOf(shift), shift]))
  const left = new Map(knownAt)
  const changes: ShiftChanges = { create: [], update: [], move: [], cancel: [], leftovers: [] }
  const stay = (shift: KnownShift, because: Leftover['because']) =>
    changes.leftovers.push({ shiftId: shift.id, originalStart: shift.originalStart, because })
  const skipped = new Set(wanted.filter(({ exception }) => exception === 'skip').map(keyOf))
  const given = wanted.filter((shift) => !skipped.has(keyOf(shift)))
  for (const shift of given) {
    const existing = left.get(keyOf(shift))
    left.delete(keyOf(shift))
    if (!existing) {
      if (shift.startsAt > now) changes.create.push(shift)
    } else if (!isSame(shift, existing)) {
      const because = rooted(existing, now, existing.split)
      if (because) stay(existing, because)
      else if (shift.startsAt <= now) continue
      else if (existing.held) changes.move.push({ shift: existing, to: shift, instead: undefined })
      else changes.update.push({ ...shift, id: existing.id })
    }
  }
  const orphans: KnownShift[] = []
  for (const shift of left.values()) {
    if (shift.state === 'cancelled') continue
    const skippedAway = shift.held && skipped.has(keyOf(shift))
    const because = rooted(shift, now, shift.split && shift.held) ?? (skippedAway ? 'held' : undefined)
    if (because) stay(shift, because)
    else if (shift.held) orphans.push(shift)
    else changes.cancel.push(shift)
  }
  const { moves, conflicts } = counterparts(orphans, given, knownAt, now)
  for (const shift of conflicts) stay(shift, 'held')
  // What a held shift becomes is not made a second time beside it.
  const taken = new Set(moves.map(({ to }) => keyOf(to)))
  return {
    ...changes,
    create: changes.create.filter((shift) => !taken.has(keyOf(shift))),
    update: changes.update.filter((shift) => !taken.has(keyOf(shift))),
    move: inTurn([...changes.move, ...moves]),
  }
}

export interface SlotChanges {
  add: WantedSlot[]
  remove: KnownSlot[]
  /** Seats that became mandatory or ceased to be, or whose role has another name. */
  update: KnownSlot[]
}

const seatKey = (slot: WantedSlot) => `${slot.requirementId} ${slot.seat}`

export function slotChanges(wanted: WantedSlot[], known: KnownSlot[]): SlotChanges {
  const left = new Map(known.map((slot) => [seatKey(slot), slot]))
  const changes: SlotChanges = { add: [], remove: [], update: [] }
  for (const slot of wanted) {
    const existing = left.get(seatKey(slot))
    left.delete(seatKey(slot))
    if (!existing) changes.add.push(slot)
    else if (existing.mandatory !== slot.mandatory || existing.role !== slot.role)
      changes.update.push({ ...existing, mandatory: slot.mandatory, role: slot.role })
  }
  changes.remove.push(...left.values())
  return changes
}
