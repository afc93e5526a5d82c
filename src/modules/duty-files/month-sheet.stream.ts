import type { StreamedQuery } from '../../platform/db/streams.ts'
import type { LocalDate } from '../../time/zones.ts'

export interface MonthScope {
  actorPath: string
  /** Home unit of the people, and all below it. */
  unitPath: string
  fromOn: LocalDate
  /** First day of the next month. */
  toOn: LocalDate
  personClass?: string | undefined
  /** Also those who had no duty. */
  everybody: boolean
  now: Date
}

/** As summaries count nights. */
const NIGHT_MINUTES = 180
const SHEET_STATES = `('confirmed', 'serving', 'completed', 'no_show', 'excused')`

const HOMES = `
  select id, name, path, zone from units where starts_with(path, $1::text) and starts_with(path, $2::text)`

/** What the ledger has of each duty, by the unit and class that people had when it was booked. */
const SERVED = `
  select l.volunteer_id, l.assignment_id, sum(l.minutes) as minutes, sum(l.credited_minutes) as credited,
    sum(l.minutes) filter (where l.kind = 'standby') as standby, sum(l.night_minutes) as night,
    sum(l.weekend_minutes) as weekend, sum(l.holiday_minutes) as holiday
  from ledger l join homes on homes.id = l.unit_id
  where l.local_day >= $3::date and l.local_day < $4::date and ($5::text is null or l.person_class = $5)
  group by l.volunteer_id, l.assignment_id having sum(l.minutes) > 0`

const SUMS = `
  select volunteer_id, count(*)::int as duties, sum(minutes)::int as minutes, sum(credited)::int as credited,
    sum(standby)::int as standby, sum(night)::int as night, sum(weekend)::int as weekend, sum(holiday)::int as holiday,
    count(*) filter (where night >= ${NIGHT_MINUTES})::int as nights,
    count(*) filter (where weekend > 0)::int as weekends, count(*) filter (where holiday > 0)::int as holidays
  from served group by volunteer_id`

/** Duties somebody was expected for. */
const DUTIES = `
  select a.volunteer_id, s.local_day, a.starts_at, a.state, s.kind, a.ends_at <= $6::timestamptz as over,
    t.late_minutes as late, t.early_exit_minutes as early
  from assignments a
  join shifts s on s.id = a.shift_id
  join volunteers v on v.id = a.volunteer_id
  left join attendances t on t.assignment_id = a.id and t.voided_by_id is null
  where s.local_day >= $3::date and s.local_day < $4::date and a.state in ${SHEET_STATES}
    and (a.id in (select assignment_id from served)
      or v.unit_id in (select id from homes) and ($5::text is null or v.person_class = $5))`

const COUNTS = `
  select volunteer_id, count(*) filter (where late > 0)::int as late, coalesce(sum(late), 0)::int as late_minutes,
    count(*) filter (where early > 0)::int as left_early, count(*) filter (where state = 'no_show')::int as no_shows,
    count(*) filter (where state = 'excused')::int as excused
  from duties group by volunteer_id`

const MARK = `
  case when state in ('no_show', 'excused') then state
    when state = 'confirmed' then case when over then 'not-recorded' else 'planned' end
    when late > 0 and early > 0 then 'late-and-left-early' when late > 0 then 'late' when early > 0 then 'left-early'
    when state = 'serving' then 'serving' when kind = 'standby' then 'standby' else 'completed' end`

/** Days on which people were away for a while, whatever for. */
const LEAVES = `
  select distinct b.volunteer_id, d.day::date as local_day
  from absences b
  join volunteers v on v.id = b.volunteer_id
  join homes on homes.id = v.unit_id
  cross join generate_series($3::timestamp, $4::timestamp - interval '1 day', interval '1 day') d(day)
  where b.starts_at < (d.day + interval '1 day') at time zone homes.zone and b.ends_at > d.day at time zone homes.zone`

const DAYS = `
  select volunteer_id, jsonb_object_agg(extract(day from local_day)::int, marks) as marks from (
    select volunteer_id, local_day, jsonb_agg(${MARK} order by starts_at) as marks
    from duties group by volunteer_id, local_day
    union all
    select volunteer_id, local_day, '["leave"]' from leaves l
    where not exists (select from duties d where d.volunteer_id = l.volunteer_id and d.local_day = l.local_day)) days
  group by volunteer_id`

const sums = ['duties', 'minutes', 'nights', 'weekends', 'holidays'].map((name) => `coalesce(s.${name}, 0) as ${name}`)
const minutes = ['credited', 'standby', 'night', 'weekend', 'holiday'].map(
  (name) => `coalesce(s.${name}, 0) as "${name}Minutes"`,
)

const SHOWN = `
  select v.person_number as "personNumber", v.display_name as name, home.name as unit, v.person_class as "personClass",
    d.marks, ${[...sums, ...minutes].join(', ')}, coalesce(c.late, 0) as late,
    coalesce(c.late_minutes, 0) as "lateMinutes", coalesce(c.left_early, 0) as "leftEarly",
    coalesce(c.no_shows, 0) as "noShows", coalesce(c.excused, 0) as excused, v.id as "personId"
  from volunteers v
  join units home on home.id = v.unit_id
  left join sums s on s.volunteer_id = v.id
  left join counts c on c.volunteer_id = v.id
  left join days d on d.volunteer_id = v.id
  where s.volunteer_id is not null or c.volunteer_id is not null
    or $7::boolean and v.unit_id in (select id from homes) and ($5::text is null or v.person_class = $5)
      and (v.joined_on is null or v.joined_on < $4::date) and (v.left_on is null or v.left_on > $3::date)
  order by home.path, v.sort_name, v.id`

/** People of a unit and all below it, by unit and name, each with their month: each row is a `MonthRecord`. */
export function streamMonth(scope: MonthScope): StreamedQuery {
  const { actorPath, unitPath, fromOn, toOn, personClass = null, everybody, now } = scope
  const text = `with homes as materialized (${HOMES}), served as materialized (${SERVED}), sums as (${SUMS}),
    duties as materialized (${DUTIES}), counts as (${COUNTS}), leaves as (${LEAVES}), days as (${DAYS}) ${SHOWN}`
  return { text, params: [actorPath, unitPath, fromOn, toOn, personClass, now.toISOString(), everybody] }
}
