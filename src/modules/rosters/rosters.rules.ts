import type { AssignmentState } from './rosters.states.ts'

/** A seat of the plan: what it is, and who sits there. */
export interface Seated {
  slotId: string
  volunteerId: string
}

export interface LiveSeat extends Seated {
  assignmentId: string
  state: AssignmentState
}

export interface Place {
  slotId: string
  /** Seats of one shift and one requirement are the same to whoever holds them. */
  shiftId: string
  requirementId: string
  mandatory: boolean
}

export interface RosterDiff {
  added: Seated[]
  removed: LiveSeat[]
  kept: LiveSeat[]
  /** People who are in both: they keep serving, elsewhere. */
  movedIds: string[]
  /** Everybody who loses, gains or changes a duty. */
  affectedIds: string[]
  /** Of those, the ones who lose a duty they had confirmed. */
  confirmedAffectedIds: string[]
}

const groupKey = (place: Place) => `${place.shiftId} ${place.requirementId}`

/**
 * Puts drafted people who hold a like seat of the same shift already back into that very seat, so that nobody hears of
 * a change that is none. The drafted set of people of each shift stays the same.
 */
export function alignSeats<D extends Seated>(draft: D[], live: Seated[], places: Place[]): D[] {
  const placeOf = new Map(places.map((place) => [place.slotId, place]))
  const groupOf = (slotId: string) => {
    const place = placeOf.get(slotId)
    return place ? groupKey(place) : slotId
  }
  const isMandatory = (slotId: string) => placeOf.get(slotId)?.mandatory === true
  const seatHeld = new Map(live.map((one) => [`${groupOf(one.slotId)} ${one.volunteerId}`, one.slotId]))
  const mandatoryOf = (rows: Seated[]) => rows.filter((one) => isMandatory(one.slotId)).length

  return [...Map.groupBy(draft, (one) => groupOf(one.slotId))].flatMap(([group, members]) => {
    const heldBy = (one: D) => seatHeld.get(`${group} ${one.volunteerId}`)
    const drafted = new Set(members.map((one) => one.slotId))
    const isLike = (one: D, slotId: string) => isMandatory(slotId) === isMandatory(one.slotId)
    const free = settle(members, (one) => {
      const slotId = heldBy(one)
      return slotId !== undefined && (isLike(one, slotId) || drafted.has(slotId)) ? slotId : undefined
    })
    // Nobody stays in a desired seat when a mandatory one would be left open for it.
    if (mandatoryOf(free) >= mandatoryOf(members)) return free
    return settle(members, (one) => {
      const slotId = heldBy(one)
      return slotId !== undefined && isLike(one, slotId) ? slotId : undefined
    })
  })

  /** Whoever may stay where they are does; those whose seat that takes get the seats that became free, mandatory ones first. */
  function settle(members: D[], seatKept: (one: D) => string | undefined): D[] {
    const stays = new Map(members.map((one) => [one, seatKept(one)]))
    const taken = new Set([...stays.values()].filter((slotId) => slotId !== undefined))
    const own = new Set(
      members.filter((one) => stays.get(one) === undefined && !taken.has(one.slotId)).map((one) => one.slotId),
    )
    const free = members
      .map((one) => one.slotId)
      .filter((slotId) => !taken.has(slotId) && !own.has(slotId))
      .sort((x, y) => Number(isMandatory(y)) - Number(isMandatory(x)))
    return members.map((one) => ({
      ...one,
      slotId: stays.get(one) ?? (taken.has(one.slotId) ? free.shift()! : one.slotId),
    }))
  }
}

/** What publishing the draft would change. Give it seats that have not begun. */
export function diffOf(drafted: Seated[], live: LiveSeat[]): RosterDiff {
  const draftAt = new Map(drafted.map((one) => [one.slotId, one.volunteerId]))
  const liveAt = new Map(live.map((one) => [one.slotId, one.volunteerId]))
  const kept = live.filter((one) => draftAt.get(one.slotId) === one.volunteerId)
  const removed = live.filter((one) => draftAt.get(one.slotId) !== one.volunteerId)
  const added = drafted
    .filter((one) => liveAt.get(one.slotId) !== one.volunteerId)
    .map(({ slotId, volunteerId }) => ({ slotId, volunteerId }))
  const losing = new Set(removed.map((one) => one.volunteerId))
  const gaining = new Set(added.map((one) => one.volunteerId))
  return {
    added,
    removed,
    kept,
    movedIds: [...losing].filter((id) => gaining.has(id)).sort(),
    affectedIds: [...new Set([...losing, ...gaining])].sort(),
    confirmedAffectedIds: [
      ...new Set(removed.filter((one) => one.state === 'confirmed').map((one) => one.volunteerId)),
    ].sort(),
  }
}

export interface OpenSeats {
  mandatory: string[]
  desired: string[]
}

export function openSeats(places: Place[], held: Seated[]): OpenSeats {
  const taken = new Set(held.map((one) => one.slotId))
  const open = places.filter((place) => !taken.has(place.slotId))
  return {
    mandatory: open.filter((place) => place.mandatory).map((place) => place.slotId),
    desired: open.filter((place) => !place.mandatory).map((place) => place.slotId),
  }
}

const MINUTE = 60_000

/**
 * Until when somebody may answer: as long as the unit allows, but not beyond the cut-off before the duty. When that is
 * over already, half of what is left until the duty begins.
 */
export function confirmBy(
  now: Date,
  startsAt: Date,
  policy: { confirmWithinMinutes: number; cutOffMinutes: number },
): Date {
  const allowed = now.getTime() + policy.confirmWithinMinutes * MINUTE
  const cutOff = startsAt.getTime() - policy.cutOffMinutes * MINUTE
  if (cutOff > now.getTime()) return new Date(Math.min(allowed, cutOff))
  return new Date(Math.min(allowed, now.getTime() + Math.floor((startsAt.getTime() - now.getTime()) / 2)))
}

/** Names of the hard rules that fail and were not overridden, or cannot be. */
export function standingFailures<F extends { rule: string; overridable: boolean }>(
  failures: F[],
  overridden: string[],
): F[] {
  return failures.filter((one) => !(one.overridable && overridden.includes(one.rule)))
}

/**
 * A plan made from what was live some time ago, brought up to now: who has left a seat since is not put there again, and
 * who has been given one keeps it.
 */
export function caughtUp<D extends Seated>(
  plan: D[],
  liveThen: Seated[],
  liveNow: Seated[],
  seat: (one: Seated) => D,
): D[] {
  const then = new Map(liveThen.map((one) => [one.slotId, one.volunteerId]))
  const now = new Map(liveNow.map((one) => [one.slotId, one.volunteerId]))
  const changed = new Set([...then.keys(), ...now.keys()].filter((slotId) => then.get(slotId) !== now.get(slotId)))
  const untouched = plan.filter(
    (one) => !changed.has(one.slotId) || (!now.has(one.slotId) && then.get(one.slotId) !== one.volunteerId),
  )
  return [...untouched, ...liveNow.filter((one) => changed.has(one.slotId)).map(seat)]
}
