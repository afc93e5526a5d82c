import type { Handle } from '../../platform/db/client.ts'
import { type Assignment, evaluate, type Problem } from '../../solver/index.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { policyAt } from '../organisation/organisation.rules.ts'
import type { ShiftAt } from '../posts/shifts.repository.ts'
import type { LiveRow } from './problem.repository.ts'

const MINUTE_MS = 60_000

/** Slots of confirmed duty that begins within `freezeMinutes` of the unit of its post, counted from `now`. */
export async function slotsInFreeze(
  handle: Handle,
  shifts: ShiftAt[],
  live: LiveRow[],
  now: Date,
): Promise<Set<string>> {
  const pathOf = new Map(shifts.map((shift) => [shift.id, shift.unitPath]))
  const confirmed = live.filter((one) => one.state === 'confirmed')
  const paths = new Set(confirmed.map((one) => pathOf.get(one.shiftId)!))
  const unitIds = new Set([...paths].flatMap((path) => path.split('/').filter(Boolean)))
  const units = await organisationRepository(handle).findUnits([...unitIds])
  const endOf = new Map(
    [...paths].map((path) => [path, now.getTime() + policyAt(path, units).freezeMinutes * MINUTE_MS]),
  )
  const isSoon = (one: LiveRow) => one.startsAt.getTime() < endOf.get(pathOf.get(one.shiftId)!)!
  return new Set(confirmed.filter(isSoon).map((one) => one.slotId))
}

/**
 * Freezes what is published in these slots, but not what an organizer has pinned otherwise or what hard rules no longer
 * allow (somebody fell ill, a paper ran out). Of linked slots, and of a crew that has to be whole, all stay or none.
 */
export function freeze(problem: Problem, slotIds: ReadonlySet<string>): void {
  if (slotIds.size === 0) return
  const { published = [], pins = [] } = problem
  const pinnedTo = new Map(pins.map((pin) => [pin.slotId, pin.personId]))
  const kept = published.filter(({ slotId, personId }) => (pinnedTo.get(slotId) ?? personId) === personId)
  const held = new Set(kept.map((one) => one.slotId))
  const loose = looseSlots(problem, [...kept, ...pins.filter((pin) => !held.has(pin.slotId))])
  for (const one of kept) if (slotIds.has(one.slotId) && !loose.has(one.slotId)) one.frozen = true
}

/** Slots whose holders break a hard rule beside the others, or would once those who do have gone. */
function looseSlots(problem: Problem, standing: Assignment[]): Set<string> {
  const loose = new Set<string>()
  for (let size = -1; size < loose.size; ) {
    size = loose.size
    const rest = standing.filter((one) => !loose.has(one.slotId))
    for (const slotId of brokenSlots({ ...problem, pins: [] }, rest)) loose.add(slotId)
    for (const { slotIds } of problem.links ?? []) {
      if (slotIds.some((slotId) => loose.has(slotId))) for (const slotId of slotIds) loose.add(slotId)
    }
  }
  return loose
}

function brokenSlots(problem: Problem, standing: Assignment[]): string[] {
  const holderOf = new Map(standing.map((one) => [one.slotId, one.personId]))
  return evaluate(problem, standing).breaches.flatMap(({ rule, strength, slotIds, personIds }) => {
    if (strength !== 'hard') return []
    // This rule names those who are missing; it is their crew that is not whole.
    const concerned = rule === 'crew-whole' ? crewsOf(problem, personIds) : new Set(personIds)
    return slotIds.filter((slotId) => concerned.has(holderOf.get(slotId) ?? ''))
  })
}

const crewsOf = ({ crews = [] }: Problem, personIds: string[]): Set<string> =>
  new Set(crews.flatMap((crew) => (crew.personIds.some((id) => personIds.includes(id)) ? crew.personIds : [])))
