import { asc, inArray, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { addLocalDays } from '../../time/zones.ts'
import { echelons } from '../echelons/echelons.tables.ts'
import { type AssignmentState, LIVE } from '../rosters/rosters.states.ts'
import type { SeatRow } from './gap-filling.repository.ts'
import { byTurn, type Standing, type Tier } from './gap-filling.rules.ts'
import type { EchelonBook, EligibilityOracle } from './gap-filling.types.ts'

/** Load and offers of this long ago still count. */
const MEMORY_MS = 28 * 24 * 3_600_000
const listOf = (states: readonly AssignmentState[]) => sql.raw(`(${states.map((state) => `'${state}'`).join(', ')})`)
const LIVE_STATES = listOf(LIVE)
const GONE_STATES = listOf(['declined', 'lapsed', 'withdrawn', 'no_show', 'excused'])

export interface EchelonOfSeat {
  id: string
  name: string
  memberIds: string[]
}

/** What the database alone can say about a member: a reason to pass over, or how their turn stands. */
export interface Glance extends Standing {
  because: string | null
  /** Set while they hold a live offer for another gap. */
  busyUntil: Date | null
  asked: boolean
}

export interface MemberBook {
  /** Echelons in the order they are called in, with their members on the day of the shift. */
  open(handle: Handle, seat: SeatRow, now: Date): Promise<EchelonOfSeat[]>
  /** The next look reads memberships anew. */
  forget(): void
}

/** How long memberships once read are good enough to choose whom to look at; eligibility has the last word on each person. */
const GOOD_FOR_MS = 20_000

/** Reads the memberships of thousands once for the many searches that go on at the same time. */
export function createMemberBook(book: EchelonBook): MemberBook {
  const known = new Map<string, { readAt: number; echelons: Promise<EchelonOfSeat[]> }>()
  const forgetOld = (now: number) => {
    for (const [key, { readAt }] of known) if (Math.abs(now - readAt) > GOOD_FOR_MS) known.delete(key)
  }
  return {
    open(handle, { requirement, localDay }, now) {
      forgetOld(now.getTime())
      const setIds = requirement.reserveSetIds
      const key = [localDay, ...setIds].join()
      const found = known.get(key)?.echelons ?? readEchelons(handle, book, setIds, localDay)
      known.set(key, { readAt: known.get(key)?.readAt ?? now.getTime(), echelons: found })
      found.catch(() => known.delete(key))
      return found
    },
    forget: () => known.clear(),
  }
}

async function readEchelons(handle: Handle, book: EchelonBook, setIds: string[], on: string) {
  if (setIds.length === 0) return []
  const rows = await handle
    .select({ id: echelons.id, name: echelons.name, setId: echelons.setId })
    .from(echelons)
    .where(inArray(echelons.setId, setIds))
    .orderBy(asc(echelons.position))
  const members = Map.groupBy(await book.memberships(handle, setIds, on, addLocalDays(on, 1)), (one) => one.echelonId)
  return rows
    .sort((a, b) => setIds.indexOf(a.setId) - setIds.indexOf(b.setId))
    .map(({ id, name }) => ({ id, name, memberIds: [...new Set(members.get(id)?.map((one) => one.volunteerId))] }))
}

interface GlanceRow extends Record<string, unknown> {
  id: string
  because: string | null
  busy_until: string | null
  asked: boolean
  load: string
  offers: string
  last_ended_at: string | null
}

/**
 * One query for any number of members: what excludes them at a glance (the eligibility function would say so too, at a
 * higher price) and what decides on whose turn it is.
 */
export async function glanceAt(
  handle: Handle,
  seat: SeatRow,
  gapId: string,
  ids: string[],
  now: Date,
): Promise<Glance[]> {
  const [from, to] = [seat.startsAt.toISOString(), seat.endsAt.toISOString()]
  const since = new Date(now.getTime() - MEMORY_MS).toISOString()
  const { grades, personClasses, unitIds, qualificationIds } = seat.requirement
  const rows = await handle.execute<GlanceRow>(sql`
    with member as (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid as id)
    select v.id,
      case
        when exists (select 1 from offers o where o.gap_id = ${gapId} and o.volunteer_id = v.id) then null
        when v.do_not_contact then 'do not contact'
        when v.left_on <= ${seat.localDay}::date or v.joined_on > ${seat.localDay}::date then 'not a member that day'
        when ${JSON.stringify(grades)}::jsonb <> '[]' and not coalesce(${JSON.stringify(grades)}::jsonb ? v.grade, false) then 'grade'
        when ${JSON.stringify(personClasses)}::jsonb <> '[]' and not ${JSON.stringify(personClasses)}::jsonb ? v.person_class then 'person class'
        when ${JSON.stringify(unitIds)}::jsonb <> '[]' and not exists (
          select 1 from units place where ${JSON.stringify(unitIds)}::jsonb ? place.id::text and starts_with(home.path, place.path)) then 'unit'
        when exists (
          select 1 from jsonb_array_elements_text(${JSON.stringify(qualificationIds)}::jsonb) needed where not exists (
            select 1 from volunteer_qualifications q where q.volunteer_id = v.id and q.qualification_id = needed::uuid
              and (q.valid_from is null or q.valid_from <= ${seat.localDay}::date)
              and (q.valid_to is null or q.valid_to > ${seat.localDay}::date))) then 'qualification'
        when exists (select 1 from assignments a where a.slot_id = ${seat.slotId} and a.volunteer_id = v.id
          and a.state in ${GONE_STATES}) then 'gave this seat up'
        when exists (select 1 from absences b where b.volunteer_id = v.id
          and b.starts_at < ${to}::timestamptz and b.ends_at > ${from}::timestamptz) then 'absent'
        when exists (select 1 from assignments a where a.volunteer_id = v.id and a.state in ${LIVE_STATES}
          and a.starts_at < ${to}::timestamptz and a.ends_at > ${from}::timestamptz) then 'on duty then'
      end as because,
      (select extract(epoch from o.expires_at) * 1000 from offers o where o.volunteer_id = v.id and o.state = 'open' and o.gap_id <> ${gapId}) as busy_until,
      exists (select 1 from offers o where o.gap_id = ${gapId} and o.volunteer_id = v.id) as asked,
      coalesce(turn.minutes, 0) / greatest(v.share, 0.01) as load,
      (select count(*) from offers o where o.volunteer_id = v.id and o.asked_at > ${since}::timestamptz) as offers,
      extract(epoch from turn.last_ended_at) * 1000 as last_ended_at
    from member
    join volunteers v on v.id = member.id
    join units home on home.id = v.unit_id
    left join lateral (
      select sum(extract(epoch from a.ends_at - a.starts_at) / 60) filter (where a.ends_at > ${since}::timestamptz) as minutes,
        max(a.ends_at) filter (where a.ends_at <= ${from}::timestamptz) as last_ended_at
      from assignments a where a.volunteer_id = v.id and a.state in ${LIVE_STATES}
    ) turn on true`)
  return [...rows].map((row) => ({
    volunteerId: row.id,
    because: row.because,
    busyUntil: row.busy_until ? new Date(Number(row.busy_until)) : null,
    asked: row.asked,
    loadMinutes: Number(row.load),
    offers: Number(row.offers),
    lastEndedAt: row.last_ended_at ? new Date(Number(row.last_ended_at)) : null,
  }))
}

export interface TierReport extends Tier {
  /** Those who were looked at closely, in the order of their turn. */
  looked: (Glance & { failures: string[] })[]
}

const FIRST_LOOK = 8

/**
 * Looks through one echelon, best turn first, until `room` people are found who can be asked. Eligibility is asked for
 * few people at a time, as it costs more than a glance.
 */
export async function lookThrough(
  handle: Handle,
  oracle: EligibilityOracle,
  question: { seat: SeatRow; gapId: string; echelon: EchelonOfSeat; room: number; now: Date },
): Promise<TierReport> {
  const { seat, gapId, echelon, room, now } = question
  const glances = echelon.memberIds.length > 0 ? await glanceAt(handle, seat, gapId, echelon.memberIds, now) : []
  const passedOver: Record<string, number> = {}
  const passOver = (reason: string) => {
    passedOver[reason] = (passedOver[reason] ?? 0) + 1
  }
  const open = glances.filter((one) => !one.asked)
  for (const { because } of open) if (because) passOver(because)
  const busy = open.flatMap(({ because, busyUntil }) => (!because && busyUntil ? [busyUntil] : []))
  const fit = open.filter((one) => !one.because && !one.busyUntil).sort(byTurn)

  const askable: string[] = []
  const looked: TierReport['looked'] = []
  for (let at = 0, take = Math.max(FIRST_LOOK, room); at < fit.length && askable.length < room; at += take, take *= 2) {
    const part = fit.slice(at, at + take)
    const ids = part.map((one) => one.volunteerId)
    const judged = new Map(
      (await oracle.candidatesFor(handle, seat.slotId, ids, now)).map((one) => [one.volunteerId, one]),
    )
    for (const one of part) {
      const failures = judged.get(one.volunteerId)?.failures.map((failure) => failure.rule) ?? ['unknown']
      looked.push({ ...one, failures })
      if (failures.length === 0) askable.push(one.volunteerId)
      else passOver(failures[0]!)
    }
  }
  return {
    echelonId: echelon.id,
    members: echelon.memberIds.length,
    asked: glances.filter((one) => one.asked).length,
    askable,
    ...(busy.length > 0 ? { busyUntil: busy.reduce((a, b) => (a < b ? a : b)) } : {}),
    passedOver,
    looked,
  }
}
