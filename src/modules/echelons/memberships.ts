import type { Handle } from '../../platform/db/client.ts'
import { echelonOnTurnOf } from '../../time/rotation.ts'
import { addLocalDays, type LocalDate, type LocalDateTime } from '../../time/zones.ts'
import { echelonsRepository, type PatternRow } from './echelons.repository.ts'
import type { Membership } from './echelons.types.ts'
import { membershipsRepository } from './memberships.repository.ts'
import { cutTo, isMemberOn, membershipsOf } from './memberships.rules.ts'

/**
 * Memberships of some sets that touch the days from `fromOn` up to, not including, `toOn`, with their own ends; of
 * `volunteerIds` only, when given.
 */
export async function membershipsWithin(
  handle: Handle,
  setIds: readonly string[],
  fromOn: LocalDate,
  toOn: LocalDate,
  volunteerIds?: readonly string[],
): Promise<Membership[]> {
  if (setIds.length === 0) return []
  const repository = membershipsRepository(handle)
  const sets = await repository.sets(setIds)
  const { people, entries, paths } = await repository.cast(sets, { fromOn, toOn }, volunteerIds)
  const entriesOf = Map.groupBy(entries, (entry) => entry.setId)
  return sets.flatMap((set) => membershipsOf(set, people, entriesOf.get(set.id) ?? [], paths))
}

/**
 * Who belongs to which echelon of these sets in a window, by rule and by hand; `fromOn` and `toOn` are null where the
 * membership reaches beyond the window. Ages, qualifications and service count day by day, so a birthday inside the
 * window ends one membership and may begin another. Seven queries, whatever the number of people; who asks about a few
 * names them in `volunteerIds`.
 */
export async function memberships(
  handle: Handle,
  setIds: readonly string[],
  fromOn: LocalDate,
  toOn: LocalDate,
  volunteerIds?: readonly string[],
): Promise<Membership[]> {
  return cutTo(await membershipsWithin(handle, setIds, fromOn, toOn, volunteerIds), fromOn, toOn)
}

export async function membersOn(handle: Handle, echelonId: string, on: LocalDate): Promise<Membership[]> {
  const setId = await membershipsRepository(handle).setOfEchelon(echelonId)
  if (!setId) return []
  const all = await membershipsWithin(handle, [setId], on, addLocalDays(on, 1))
  return all.filter((one) => one.echelonId === echelonId && isMemberOn(one, on))
}

/** Ids of those who belong to an echelon on a day. */
export const members = async (handle: Handle, echelonId: string, on: LocalDate): Promise<string[]> =>
  (await membersOn(handle, echelonId, on)).map((one) => one.volunteerId)

export const toEffective = ({ effectiveFrom, anchorLocal, zone, period, order }: PatternRow) => ({
  effectiveFrom,
  anchor: anchorLocal,
  zone,
  period,
  order,
})

/** Which echelon of a rotation set is on turn at a local start; undefined for other sets and before the first pattern. */
export async function turns(
  handle: Handle,
  setIds: string[],
): Promise<(setId: string, startLocal: LocalDateTime) => string | undefined> {
  const rows = await echelonsRepository(handle).patternsOf(setIds)
  const patternsOf = new Map(
    [...Map.groupBy(rows, (row) => row.setId)].map(([setId, list]) => [setId, list.map(toEffective)]),
  )
  return (setId, startLocal) => echelonOnTurnOf(patternsOf.get(setId) ?? [], startLocal)
}
