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

export interface ShiftChanges {
  create: WantedShift[]
  update: (WantedShift & { id: string })[]
  cancel: KnownShift[]
  leftovers: Leftover[]
}

const keyOf = ({ templateId, originalStart }: { templateId: string; originalStart: string }) =>
  `${templateId} ${originalStart}`

const isSame = (wanted: WantedShift, known: KnownShift): boolean =>
  known.state === 'planned' &&
  known.zone === wanted.zone &&
  known.startLocal === wanted.startLocal &&
  known.startsAt.getTime() === wanted.startsAt.getTime() &&
  known.endsAt.getTime() === wanted.endsAt.getTime()

const heldBack = (known: KnownShift, now: Date): Leftover['because'] | undefined => {
  if (known.startsAt <= now && known.state === 'planned') return 'begun'
  return known.held ? 'held' : undefined
}

/**
 * How shifts have to change to be what templates say. Nothing is made that would have begun already, and what has
 * begun or is held stays as it is.
 */
export function shiftChanges(wanted: WantedShift[], known: KnownShift[], now: Date): ShiftChanges {
  const changes: ShiftChanges = { create: [], update: [], cancel: [], leftovers: [] }
  const left = new Map(known.map((shift) => [keyOf(shift), shift]))
  const stay = (shift: KnownShift, because: Leftover['because']) =>
    changes.leftovers.push({ shiftId: shift.id, originalStart: shift.originalStart, because })
  for (const shift of wanted.filter(({ exception }) => exception !== 'skip')) {
    const existing = left.get(keyOf(shift))
    left.delete(keyOf(shift))
    if (!existing) {
      if (shift.startsAt > now) changes.create.push(shift)
    } else if (!isSame(shift, existing)) {
      const because = heldBack(existing, now)
      if (because) stay(existing, because)
      else if (shift.startsAt > now) changes.update.push({ ...shift, id: existing.id })
    }
  }
  for (const shift of left.values()) {
    if (shift.state === 'cancelled') continue
    const because = heldBack(shift, now)
    if (because) stay(shift, because)
    else changes.cancel.push(shift)
  }
  return changes
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
