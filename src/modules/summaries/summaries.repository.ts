import { type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { PERIODS, Peers, ServedTime, StandingPart, SummaryRow } from './summaries.types.ts'

/** What is summed up; paths bound whose hours they are. */
export interface Scope {
  actorPath: string
  unitPath: string
  from: string
  to: string
  personClass?: string | undefined
  postId?: string | undefined
  /** Who withdraws later than this before the start, cancels late; who is called later, is called at short notice. */
  lateCancellationMinutes: number
}

/** As the engine counts nights, weekend and holiday duties. */
const NIGHT_MINUTES = 180

const within = (path: SQL, { actorPath, unitPath }: Scope) =>
  sql`${path} like ${`${actorPath}%`} and ${path} like ${`${unitPath}%`}`

/** One row for each duty that was served, or was declined, missed or called off late: who, where, when, how much. */
const facts = (scope: Scope): SQL => sql`
  select l.volunteer_id, l.unit_id, l.post_id, l.local_day, sum(l.minutes) as minutes,
    sum(l.credited_minutes) as credited, sum(l.minutes) filter (where l.kind = 'standby') as standby,
    sum(l.night_minutes) as night, sum(l.weekend_minutes) as weekend, sum(l.holiday_minutes) as holiday,
    0 as declines, 0 as no_shows, 0 as late, bool_or(a.source = 'cascade')::int as called,
    bool_or(a.source in ('cascade', 'roster') and a.created_at < a.ends_at
      and a.created_at > a.starts_at - ${scope.lateCancellationMinutes}::int * interval '1 minute')::int as short
  from ledger l
  join units home on home.id = l.unit_id
  join assignments a on a.id = l.assignment_id
  where ${within(sql`home.path`, scope)} and l.local_day >= ${scope.from} and l.local_day < ${scope.to}
    ${scope.personClass ? sql`and l.person_class = ${scope.personClass}` : sql``}
    ${scope.postId ? sql`and l.post_id = ${scope.postId}` : sql``}
  group by l.volunteer_id, l.unit_id, l.post_id, l.local_day, l.assignment_id
  having sum(l.minutes) > 0
  union all
  select a.volunteer_id, v.unit_id, s.post_id, s.local_day, 0, 0, 0, 0, 0, 0, (a.state = 'declined')::int,
    (a.state = 'no_show')::int, (a.state = 'withdrawn')::int, 0, 0
  from assignments a
  join shifts s on s.id = a.shift_id
  join volunteers v on v.id = a.volunteer_id
  join units home on home.id = v.unit_id
  where ${within(sql`home.path`, scope)} and s.local_day >= ${scope.from} and s.local_day < ${scope.to}
    and (a.state in ('declined', 'no_show') or a.state = 'withdrawn'
      and a.updated_at > a.starts_at - ${scope.lateCancellationMinutes}::int * interval '1 minute')
    ${scope.personClass ? sql`and v.person_class = ${scope.personClass}` : sql``}
    ${scope.postId ? sql`and s.post_id = ${scope.postId}` : sql``}`

const sums = sql`
  count(*) filter (where minutes > 0)::int as duties,
  count(*) filter (where night >= ${NIGHT_MINUTES}::int)::int as nights,
  count(*) filter (where weekend > 0 and 2 * weekend >= minutes)::int as "weekendDuties",
  count(*) filter (where holiday > 0)::int as "holidayDuties", coalesce(sum(short), 0)::int as "shortNotice",
  coalesce(sum(minutes), 0)::int as minutes, coalesce(sum(credited), 0)::int as "creditedMinutes",
  coalesce(sum(standby), 0)::int as "standbyMinutes", coalesce(sum(night), 0)::int as "nightMinutes",
  coalesce(sum(weekend), 0)::int as "weekendMinutes", coalesce(sum(holiday), 0)::int as "holidayMinutes",
  coalesce(sum(declines), 0)::int as declines, coalesce(sum(no_shows), 0)::int as "noShows",
  coalesce(sum(late), 0)::int as "lateCancellations", coalesce(sum(called), 0)::int as "calledOut"`

/** Part of the period for which somebody could be asked at all: joined, not left, not away; by their agreed share. */
const weight = ({ from, to }: Scope): SQL => sql`
  v.share * greatest(0, extract(epoch from least(coalesce(v.left_on, ${to}::date), ${to}::date)::timestamp
      - greatest(coalesce(v.joined_on, ${from}::date), ${from}::date)::timestamp)
    - coalesce((select sum(extract(epoch from least(b.ends_at, ${to}::date) - greatest(b.starts_at, ${from}::date)))
        from absences b where b.volunteer_id = v.id and b.starts_at < ${to}::date and b.ends_at > ${from}::date), 0))`

const after = (page: Keyset) => (page.after ? sql`where ${page.after}` : sql``)
const ordered = (page: Keyset) => sql`order by ${sql.join(page.orderBy, sql`, `)} limit ${page.limit}::int`

type Rows = Record<string, unknown>[]
const read = (rows: Rows) => rows as unknown as SummaryRow[]

export const summariesRepository = (db: Handle) => ({
  /** People of the units on a page who said when they can or cannot serve, always or at times. */
  async withAvailability(scope: Scope, page: Keyset): Promise<(Peers & { id: string })[]> {
    const rows = await db.execute(sql`
      with shown as (
        select ${volunteers.unitId} as unit_id from ${volunteers} join units home on home.id = ${volunteers.unitId}
        where ${within(sql`home.path`, scope)}
          ${scope.personClass ? sql`and ${volunteers.personClass} = ${scope.personClass}` : sql``}
          ${page.after ? sql`and ${page.after}` : sql``} ${ordered(page)})
      select v.id, v.unit_id as "unitId", v.person_class as "personClass" from volunteers v
      where v.unit_id in (select unit_id from shown)
        ${scope.personClass ? sql`and v.person_class = ${scope.personClass}` : sql``}
        and exists (select from availabilities b where b.volunteer_id = v.id and b.kind in ('available', 'unavailable'))`)
    return rows as unknown as (Peers & { id: string })[]
  },

  /** When people whose home is one of these units served. */
  async servedTimes(scope: Scope, unitIds: string[]): Promise<ServedTime[]> {
    const rows = await db.execute(sql`
      select v.unit_id as "unitId", v.person_class as "personClass", sum(l.minutes)::int as minutes,
        (extract(epoch from s.starts_at) / 60)::int as start, (extract(epoch from s.ends_at) / 60)::int as end
      from ledger l join volunteers v on v.id = l.volunteer_id
      join assignments a on a.id = l.assignment_id join shifts s on s.id = a.shift_id
      where v.unit_id = any(${sql.param(unitIds)}::uuid[]) and l.local_day >= ${scope.from} and l.local_day < ${scope.to}
        ${scope.postId ? sql`and l.post_id = ${scope.postId}` : sql``}
      group by v.unit_id, v.person_class, s.starts_at, s.ends_at having sum(l.minutes) > 0`)
    return rows as unknown as ServedTime[]
  },

  /** Everybody there, whoever served nothing among them, with what each would carry if all carried alike. */
  async byPerson(scope: Scope, page: Keyset, standing: StandingPart[]): Promise<SummaryRow[]> {
    const rows = await db.execute(sql`
      with facts as (${facts(scope)}),
        sums as (select volunteer_id, ${sums} from facts group by volunteer_id),
        standing as (select * from jsonb_to_recordset(${JSON.stringify(standing)}::text::jsonb)
          as given("volunteerId" uuid, part float8)),
        people as (
          select v.id, v.unit_id, v.person_class, ${weight(scope)} * coalesce(standing.part, 1) as weight
          from volunteers v join units home on home.id = v.unit_id left join standing on standing."volunteerId" = v.id
          where ${within(sql`home.path`, scope)}
            ${scope.personClass ? sql`and v.person_class = ${scope.personClass}` : sql``}
          union all
          select v.id, v.unit_id, v.person_class, 0 from volunteers v join units home on home.id = v.unit_id
          where not (${within(sql`home.path`, scope)}) and v.id in (select volunteer_id from sums)),
        shares as (
          select p.id, p.weight / nullif(sum(p.weight) over alike, 0) as part, sum(s.duties) over alike as duties,
            sum(s.nights) over alike as nights, sum(s."weekendDuties") over alike as weekends,
            sum(s."holidayDuties") over alike as holidays, sum(s."shortNotice") over alike as calls,
            sum(s.minutes) over alike as minutes
          from people p left join sums s on s.volunteer_id = p.id
          window alike as (partition by p.unit_id, p.person_class))
      select ${volunteers.id} as id, ${volunteers.displayName} as name, ${volunteers.sortName} as "sortKey",
        coalesce(s.duties, 0) as duties, coalesce(s.nights, 0) as nights,
        coalesce(s."weekendDuties", 0) as "weekendDuties", coalesce(s."holidayDuties", 0) as "holidayDuties",
        coalesce(s."shortNotice", 0) as "shortNotice", coalesce(s.minutes, 0) as minutes,
        coalesce(s."creditedMinutes", 0) as "creditedMinutes", coalesce(s."standbyMinutes", 0) as "standbyMinutes",
        coalesce(s."nightMinutes", 0) as "nightMinutes", coalesce(s."weekendMinutes", 0) as "weekendMinutes",
        coalesce(s."holidayMinutes", 0) as "holidayMinutes", coalesce(s.declines, 0) as declines,
        coalesce(s."noShows", 0) as "noShows", coalesce(s."lateCancellations", 0) as "lateCancellations",
        coalesce(s."calledOut", 0) as "calledOut",
        json_build_object('duties', coalesce(h.part * h.duties, 0), 'nights', coalesce(h.part * h.nights, 0),
          'weekendDuties', coalesce(h.part * h.weekends, 0), 'holidayDuties', coalesce(h.part * h.holidays, 0),
          'shortNotice', coalesce(h.part * h.calls, 0), 'minutes', coalesce(h.part * h.minutes, 0)) as share
      from ${volunteers} join shares h on h.id = ${volunteers.id} left join sums s on s.volunteer_id = ${volunteers.id}
      ${after(page)} ${ordered(page)}`)
    return read(rows)
  },

  async byUnit(scope: Scope, page: Keyset): Promise<SummaryRow[]> {
    const rows = await db.execute(sql`
      with facts as (${facts(scope)}), sums as (select unit_id, ${sums} from facts group by unit_id)
      select ${units.id} as id, ${units.name} as name, ${units.name} as "sortKey", s.*
      from ${units} join sums s on s.unit_id = ${units.id} ${after(page)} ${ordered(page)}`)
    return read(rows)
  },

  async byPost(scope: Scope, page: Keyset): Promise<SummaryRow[]> {
    const rows = await db.execute(sql`
      with facts as (${facts(scope)}), sums as (select post_id, ${sums} from facts group by post_id)
      select ${posts.id} as id, ${posts.name} as name, ${posts.name} as "sortKey", s.*
      from ${posts} join sums s on s.post_id = ${posts.id} ${after(page)} ${ordered(page)}`)
    return read(rows)
  },

  async byPeriod(scope: Scope, period: (typeof PERIODS)[number]): Promise<SummaryRow[]> {
    const format = { day: 'YYYY-MM-DD', week: 'IYYY-"W"IW', month: 'YYYY-MM' }[period]
    const rows = await db.execute(sql`
      with facts as (${facts(scope)}), named as (select *, to_char(local_day, ${format}) as key from facts)
      select key as id, key as name, key as "sortKey", ${sums} from named group by key order by key`)
    return read(rows)
  },

  /** Of the echelons of a set, in their order; `members` says who belonged to which one when. */
  async byEchelon(
    scope: Scope,
    setId: string,
    members: readonly { echelonId: string; volunteerId: string; fromOn: string; toOn: string }[],
  ): Promise<SummaryRow[]> {
    const rows = await db.execute(sql`
      with facts as (${facts(scope)}),
        members as (select * from jsonb_to_recordset(${JSON.stringify(members)}::text::jsonb)
          as given("echelonId" uuid, "volunteerId" uuid, "fromOn" date, "toOn" date)),
        sums as (select m."echelonId", ${sums} from members m join facts f on f.volunteer_id = m."volunteerId"
          and f.local_day >= m."fromOn" and f.local_day < m."toOn" group by m."echelonId")
      select e.id, e.name, e.name as "sortKey", s.* from echelons e join sums s on s."echelonId" = e.id
      where e.set_id = ${setId} order by e.position`)
    return read(rows)
  },
})
