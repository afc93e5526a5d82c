import type { StreamedQuery } from '../../platform/db/streams.ts'
import type { LocalDate } from '../../time/zones.ts'

export interface CoverageScope {
  actorPath: string
  unitPath: string
  fromOn: LocalDate
  /** First day no longer wanted. */
  toOn: LocalDate
  postId?: string | undefined
  now: Date
}

const LIVE = `('pending', 'confirmed', 'serving', 'completed')`
/** Longer than any presence: who came earlier has left. */
const LONGEST_DAYS = 47

/**
 * Units come as an array, of which the planner expects several, and what is known of shifts is joined from the left: else
 * it takes the many shifts of a file for a few, and looks at each of them again for each other.
 */
const WANTED = `
  select s.id, s.post_id, s.local_day, s.start_local, s.end_local, s.zone, s.kind, s.starts_at,
    greatest(s.starts_at, least(s.ends_at, $6::timestamptz)) as until, p.name as post, u.name as unit, u.path
  from shifts s join posts p on p.id = s.post_id join units u on u.id = p.unit_id
  where s.state = 'planned' and p.unit_id = any(array(
      select id from units where starts_with(path, $1::text) and starts_with(path, $2::text)))
    and s.local_day >= $3::date and s.local_day < $4::date and ($5::uuid is null or p.id = $5::uuid)
    and exists (select from slots l where l.shift_id = s.id)`

/** Seats of a shift for one requirement, by what is known of them. */
const SEATS = `
  select w.id as shift_id, l.requirement_id, w.starts_at, w.until, min(l.role) as role, count(*) as desired,
    count(*) filter (where l.mandatory) as minimum, count(a.id) as held,
    count(a.id) filter (where a.state <> 'pending') as confirmed, count(t.id) as present,
    count(*) filter (where a.id is null and l.mandatory) as open_mandatory,
    count(a.id) filter (where a.source = 'cascade') as from_reserve
  from wanted w join slots l on l.shift_id = w.id
  left join assignments a on a.slot_id = l.id and a.state in ${LIVE}
  left join attendances t on t.assignment_id = a.id and t.voided_by_id is null
  group by w.id, l.requirement_id, w.starts_at, w.until`

/** Whoever came to these posts, also for a shift of a day before or after, as they may have stayed or come early. */
const PRESENCES = `
  select t.id, t.checked_in_at, t.checked_out_at, a.state, s.id as shift_id, s.post_id, s.kind as planned, l.requirement_id,
    s.starts_at as opens_at, least(s.ends_at, $6::timestamptz) as until,
    s.local_day >= $3::date and s.local_day < $4::date as wanted
  from shifts s join assignments a on a.shift_id = s.id join slots l on l.id = a.slot_id
  join attendances t on t.assignment_id = a.id and t.voided_by_id is null
  where s.post_id in (select post_id from wanted)
    and s.local_day >= $3::date - ${LONGEST_DAYS} and s.local_day < $4::date + 2`

/** Marks of a presence that lasts, from its beginning on. */
const MARKS = `
  select p.checked_in_at as at, coalesce((select n.kind from attendance_marks n
    where n.attendance_id = p.id and n.at <= p.checked_in_at order by n.at desc limit 1), 'active') as kind
  union all
  select n.at, n.kind from attendance_marks n
  where n.attendance_id = p.id and n.at > p.checked_in_at and n.at < $6::timestamptz`

/** Who was where: for the seat they held, and whether they were at the post, as whoever waits at home is not. */
const STAYS = `
  select shift_id, requirement_id, post_id, starts_at, ends_at, opens_at, until,
    wanted and (planned = 'standby' or kind <> 'travel') as counts,
    kind <> 'travel' and not (kind = 'standby' and planned = 'standby') as there
  from (
    select p.*, g.kind, g.starts_at, g.ends_at from presences p
    join segments g on g.attendance_id = p.id and g.superseded_by_id is null
    union all
    select p.*, m.kind, m.at, m.ends_at from presences p
    cross join lateral (
      select kind, at, lead(at, 1, $6::timestamptz) over (order by at) as ends_at from (${MARKS}) n) m
    where p.state = 'serving' and p.checked_out_at is null and p.checked_in_at < $6::timestamptz) parts`

/** Of each requirement, how many more were needed than were there, from one change to the next. */
const UNCOVERED = `
  select shift_id, sum(minutes * greatest(0, minimum - present)) as minutes from (
    select shift_id, max(minimum) over seat as minimum, sum(step) over line as present,
      extract(epoch from lead(at) over line - at) / 60 as minutes
    from (
      select q.shift_id, q.requirement_id, q.minimum, e.at, 0 as step
      from seats q cross join lateral (values (q.starts_at), (q.until)) e(at)
      union all
      select y.shift_id, y.requirement_id, null, e.at, e.step from stays y
      cross join lateral (values (greatest(y.starts_at, y.opens_at), 1), (least(y.ends_at, y.until), -1)) e(at, step)
      where y.counts and y.starts_at < y.until and y.ends_at > y.opens_at) changes
    window seat as (partition by shift_id, requirement_id),
      line as (partition by shift_id, requirement_id order by at)) stretches
  group by shift_id`

/** How long nobody was at the post from the beginning of a shift to its end: how long by then, less how long before. */
const EMPTY = `
  select shift_id, sum(edge * (so_far - here)) as minutes from (
    select shift_id, edge, sum(minutes) over line as so_far, sum(minutes) over (partition by post_id, at) as here
    from (
      select post_id, shift_id, edge, at, case when sum(step) over line = 0
        then extract(epoch from coalesce(lead(at) over line, at) - at) / 60 else 0 end as minutes
      from (
        select y.post_id, null as shift_id, 0 as edge, e.at, e.step from stays y
        cross join lateral (values (y.starts_at, 1), (y.ends_at, -1)) e(at, step) where y.there
        union all
        select w.post_id, w.id, e.edge, e.at, 0 from wanted w
        cross join lateral (values (w.starts_at, -1), (w.until, 1)) e(at, edge)) changes
      window line as (partition by post_id order by at)) stretches
    window line as (partition by post_id order by at)) sums
  where shift_id is not null group by shift_id`

const TIERS = `
  select shift_id, string_agg(name || ' ' || seats, '; ' order by name) as tiers from (
    select l.shift_id, coalesce(e.name, u.name) as name, count(distinct a.id) as seats
    from wanted w join slots l on l.shift_id = w.id
    join assignments a on a.slot_id = l.id and a.state in ${LIVE} and a.source = 'cascade'
    join offers o on o.slot_id = l.id and o.volunteer_id = a.volunteer_id and o.state = 'accepted'
    left join echelons e on e.id = o.echelon_id left join units u on u.id = o.unit_id
    group by l.shift_id, coalesce(e.name, u.name)) found
  group by shift_id`

const MISSED = `
  select a.shift_id, count(*)::int as no_shows from wanted w join assignments a on a.shift_id = w.id
  where a.state = 'no_show' group by a.shift_id`

const SHOWN = `
  select w.local_day::text as day, w.unit, w.post, w.kind, w.start_local as start, w.end_local as "end", w.zone,
    q.roles, q.minimum, q.desired, q.held, q.confirmed, q.present, q.desired - q.held as open,
    q.open_mandatory as "openMandatory",
    coalesce(m.no_shows, 0) as "noShows",
    q.from_reserve as "fromReserve", f.tiers,
    case when w.until > w.starts_at
      then floor(q.minimum * extract(epoch from w.until - w.starts_at) / 60)::int end as "requiredMinutes",
    case when w.until > w.starts_at then floor(n.minutes)::int end as "uncoveredMinutes",
    case when w.until > w.starts_at and w.kind = 'active' then floor(z.minutes)::int end as "emptyMinutes",
    w.id as "shiftId"
  from wanted w
  left join (
    select shift_id, string_agg(role || ' ' || held || '/' || desired, '; ' order by role) as roles,
      sum(minimum)::int as minimum, sum(desired)::int as desired, sum(held)::int as held,
      sum(confirmed)::int as confirmed, sum(present)::int as present, sum(open_mandatory)::int as open_mandatory,
      sum(from_reserve)::int as from_reserve
    from seats group by shift_id) q on q.shift_id = w.id
  left join uncovered n on n.shift_id = w.id
  left join empty_times z on z.shift_id = w.id
  left join tiers f on f.shift_id = w.id
  left join missed m on m.shift_id = w.id
  order by w.starts_at, w.path, w.post, w.id`

/** Shifts of posts of a unit and all below it, in order of time: each row is a `CoverageRecord`. */
export function streamCoverage({ actorPath, unitPath, fromOn, toOn, postId, now }: CoverageScope): StreamedQuery {
  const text = `with wanted as materialized (${WANTED}), seats as materialized (${SEATS}),
    presences as materialized (${PRESENCES}), stays as materialized (${STAYS}), uncovered as (${UNCOVERED}),
    empty_times as (${EMPTY}), tiers as (${TIERS}), missed as (${MISSED}) ${SHOWN}`
  return { text, params: [actorPath, unitPath, fromOn, toOn, postId ?? null, now.toISOString()] }
}
