import { sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { type AssignmentState, LIVE } from '../rosters/rosters.states.ts'
import type { SeatRow } from './gap-filling.repository.ts'
import type { Standing } from './gap-filling.rules.ts'

/** Load and offers of this long ago still count. */
const MEMORY_MS = 28 * 24 * 3_600_000
const listOf = (states: readonly AssignmentState[]) => sql.raw(`(${states.map((state) => `'${state}'`).join(', ')})`)
const LIVE_STATES = listOf(LIVE)
const GONE_STATES = listOf(['declined', 'lapsed', 'withdrawn', 'no_show', 'excused'])

/** What the database alone can say about a member: a reason to pass over, or how their turn stands. */
export interface Glance extends Standing {
  because: string | null
  /** Set while they hold a live offer for another gap, or are being called out. */
  busyUntil: Date | null
  asked: boolean
}

interface GlanceRow extends Record<string, unknown> {
  id: string
  because: string | null
  busy_until: string | null
  asked: boolean
  would_come: boolean
  load: string
  offers: string
  last_ended_at: string | null
  home: string
}

const stepsOf = (path: string) => path.split('/').filter(Boolean)

/** Steps from one unit to another through the tree: 0 in the same unit, 1 between a unit and the one above it. */
export function stepsBetween(path: string, other: string): number {
  const [a, b] = [stepsOf(path), stepsOf(other)]
  const parts = a.findIndex((step, index) => step !== b[index])
  const common = parts < 0 ? a.length : parts
  return a.length - common + (b.length - common)
}

/**
 * One query for any number of members: what excludes them at a glance (the eligibility function would say so too, at a
 * higher price) and what decides on whose turn it is.
 */
export async function glanceAt(
  handle: Handle,
  { seat, gapId, widened, now }: { seat: SeatRow; gapId: string; widened: boolean; now: Date },
  ids: string[],
): Promise<Glance[]> {
  const [from, to] = [seat.startsAt.toISOString(), seat.endsAt.toISOString()]
  const since = new Date(now.getTime() - MEMORY_MS).toISOString()
  const { grades, personClasses, qualificationIds } = seat.requirement
  const unitIds = widened ? [] : seat.requirement.unitIds
  const rows = await handle.execute<GlanceRow>(sql`
    with member as (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid as id)
    select v.id, home.path as home,
      case
        when mine.asked then null
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
          and a.slot_id <> ${seat.slotId} and a.starts_at < ${to}::timestamptz and a.ends_at > ${from}::timestamptz) then 'on duty then'
      end as because,
      coalesce(
        (select extract(epoch from o.expires_at) * 1000 from offers o where o.volunteer_id = v.id and o.state = 'open' and o.gap_id <> ${gapId}),
        (select extract(epoch from c.answer_by) * 1000 from calls c where c.volunteer_id = v.id and c.state = 'asked' and c.call_out_id <> ${gapId})
      ) as busy_until,
      mine.asked,
      exists (select 1 from offers o join slots t on t.id = o.slot_id join shifts s on s.id = t.shift_id
        where o.volunteer_id = v.id and o.willing_at is not null and o.state in ('expired', 'superseded')
          and s.starts_at < ${to}::timestamptz and s.ends_at > ${from}::timestamptz) as would_come,
      coalesce(turn.minutes, 0) / greatest(v.share, 0.01) as load,
      (select count(*) from offers o where o.volunteer_id = v.id and o.asked_at > ${since}::timestamptz
        and o.state <> 'contact_error') as offers,
      extract(epoch from turn.last_ended_at) * 1000 as last_ended_at
    from member
    join volunteers v on v.id = member.id
    join units home on home.id = v.unit_id
    cross join lateral (
      select exists (select 1 from offers o where o.gap_id = ${gapId} and o.volunteer_id = v.id and o.released_at is null) as asked
    ) mine
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
    wouldCome: row.would_come,
    loadMinutes: Number(row.load),
    offers: Number(row.offers),
    lastEndedAt: row.last_ended_at ? new Date(Number(row.last_ended_at)) : null,
    distance: stepsBetween(row.home, seat.unitPath),
  }))
}
