import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { addLocalDays } from '../../time/zones.ts'
import { echelons } from '../echelons/echelons.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { SeatRow } from './gap-filling.repository.ts'
import type { TierKey } from './gap-filling.rules.ts'
import type { EchelonBook, SearchWish } from './gap-filling.types.ts'

/** One tier of a search with everybody in it; who stands in an earlier one as well is called there. */
export interface TierOfSeat extends TierKey {
  name: string
  memberIds: string[]
}

/** Where people for a seat are looked for, in order. */
interface Sources {
  localDay: string
  setIds: string[]
  widened: { setIds: string[]; echelonIds: string[]; unitIds: string[] }
}

export interface MemberBook {
  /** Tiers in the order they are called in, with their members on the day of the shift. */
  open(handle: Handle, seat: SeatRow, wish: SearchWish, now: Date): Promise<TierOfSeat[]>
  /** The next look reads memberships anew. */
  forget(): void
}

/** How long memberships once read are good enough to choose whom to look at; eligibility has the last word on each person. */
const GOOD_FOR_MS = 20_000

/** Reads the memberships of thousands once for the many searches that go on at the same time. */
export function createMemberBook(book: EchelonBook): MemberBook {
  const known = new Map<string, { readAt: number; tiers: Promise<TierOfSeat[]> }>()
  const forgetOld = (now: number) => {
    for (const [key, { readAt }] of known) if (Math.abs(now - readAt) > GOOD_FOR_MS) known.delete(key)
  }
  return {
    open(handle, { requirement, localDay }, { reserveSetIds = [], echelonIds = [], unitIds = [] }, now) {
      forgetOld(now.getTime())
      const widened = { setIds: reserveSetIds, echelonIds, unitIds }
      const sources = { localDay, setIds: requirement.reserveSetIds, widened }
      const key = JSON.stringify(sources)
      const found = known.get(key)?.tiers ?? readTiers(handle, book, sources)
      known.set(key, { readAt: known.get(key)?.readAt ?? now.getTime(), tiers: found })
      found.catch(() => known.delete(key))
      return found
    },
    forget: () => known.clear(),
  }
}

async function readTiers(handle: Handle, book: EchelonBook, sources: Sources): Promise<TierOfSeat[]> {
  const { setIds, widened } = sources
  const tiers = [
    ...(await echelonsOfSets(handle, book, setIds, sources.localDay, false)),
    ...(await echelonsOfSets(handle, book, widened.setIds, sources.localDay, true)),
    ...(await namedEchelons(handle, book, widened.echelonIds, sources.localDay)),
    ...(await wholeUnits(handle, widened.unitIds)),
  ]
  const seen = new Set<string>()
  return tiers.map((tier) => {
    const own = tier.memberIds.filter((id) => !seen.has(id))
    for (const id of own) seen.add(id)
    return { ...tier, memberIds: own }
  })
}

async function echelonsOfSets(handle: Handle, book: EchelonBook, setIds: string[], on: string, widened: boolean) {
  if (setIds.length === 0) return []
  const rows = await handle
    .select({ id: echelons.id, name: echelons.name, setId: echelons.setId })
    .from(echelons)
    .where(inArray(echelons.setId, setIds))
    .orderBy(asc(echelons.position))
  const members = Map.groupBy(await book.memberships(handle, setIds, on, addLocalDays(on, 1)), (one) => one.echelonId)
  return rows
    .sort((a, b) => setIds.indexOf(a.setId) - setIds.indexOf(b.setId))
    .map(({ id, name }) => ({
      echelonId: id,
      unitId: null,
      widened,
      name,
      memberIds: [...new Set(members.get(id)?.map((one) => one.volunteerId))],
    }))
}

async function namedEchelons(handle: Handle, book: EchelonBook, ids: string[], on: string): Promise<TierOfSeat[]> {
  if (ids.length === 0) return []
  const sets = await handle.selectDistinct({ id: echelons.setId }).from(echelons).where(inArray(echelons.id, ids))
  const setIds = sets.map((set) => set.id)
  const all = await echelonsOfSets(handle, book, setIds, on, true)
  return all
    .filter((tier) => ids.includes(tier.echelonId))
    .sort((a, b) => ids.indexOf(a.echelonId) - ids.indexOf(b.echelonId))
}

/** Everybody whose home is the unit or below it. */
async function wholeUnits(handle: Handle, unitIds: string[]): Promise<TierOfSeat[]> {
  const tiers: TierOfSeat[] = []
  for (const unitId of unitIds) {
    const [unit] = await handle.select().from(units).where(eq(units.id, unitId))
    if (!unit) continue
    const people = await handle
      .select({ id: volunteers.id })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(sql`starts_with(${units.path}, ${unit.path})`)
    const memberIds = people.map((person) => person.id)
    tiers.push({ echelonId: null, unitId, widened: true, name: unit.name, memberIds })
  }
  return tiers
}
