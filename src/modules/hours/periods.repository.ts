import { and, asc, eq, gt, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { punctuality } from './hours.repository.ts'
import { hoursCloses, hoursPeriods, ledger, periodLines } from './hours.tables.ts'

export type PeriodRow = typeof hoursPeriods.$inferSelect
/** Nobody reads a longer list of names; it begins again when those are put right. */
const MOST_NAMES = 200

export type PeriodAt = PeriodRow & { unitPath: string }

/**
 * Lines of a unit that fall to a period and have no number yet: those of its days, and those that came late for days of
 * an earlier closed period.
 */
const unnumbered = ({ unitId, unitPath, fromOn, toOn }: PeriodAt): SQL => sql`
  home.path like ${`${unitPath}%`}
  and not exists (select from period_lines n where n.unit_id = ${unitId} and n.ledger_id = l.id)
  and (l.local_day >= ${fromOn} and l.local_day < ${toOn}
    or l.local_day < ${fromOn} and exists (select from hours_periods q
      where q.unit_id = ${unitId} and l.local_day >= q.from_on and l.local_day < q.to_on))`

/** Somebody vouches for the line or its presence; or it is taken back, and somebody vouches for that. */
const isVouchedFor = sql`(coalesce(l.verified_by, t.verified_by) is not null
  or exists (select from ledger r where r.reverses_id = l.id))`

interface Sum {
  lines: number
  minutes: number
}
/** As the driver gives numbers that may be large. */
type RawSum = Record<keyof Sum, string>
const asSum = ({ lines, minutes }: RawSum): Sum => ({ lines: Number(lines), minutes: Number(minutes) })

export const periodsRepository = (db: Handle) => ({
  /** Closes of one unit wait for each other. */
  lockUnit: (unitId: string) =>
    db.execute(sql`select pg_advisory_xact_lock(hashtext('watchbill.hours-periods'), hashtext(${unitId}))`),

  async find(id: string): Promise<PeriodAt | undefined> {
    const [found] = await db
      .select({ period: hoursPeriods, unitPath: units.path })
      .from(hoursPeriods)
      .innerJoin(units, eq(units.id, hoursPeriods.unitId))
      .where(eq(hoursPeriods.id, id))
    return found && { ...found.period, unitPath: found.unitPath }
  },

  async findTwin(unitId: string, fromOn: string, toOn: string): Promise<PeriodRow | undefined> {
    const [found] = await db
      .select()
      .from(hoursPeriods)
      .where(and(eq(hoursPeriods.unitId, unitId), eq(hoursPeriods.fromOn, fromOn), eq(hoursPeriods.toOn, toOn)))
    return found
  },

  list: async (actorPath: string, unitId: string | undefined, page: Keyset): Promise<PeriodRow[]> => {
    const rows = await db
      .select({ period: hoursPeriods })
      .from(hoursPeriods)
      .innerJoin(units, eq(units.id, hoursPeriods.unitId))
      .where(and(withinPath(actorPath), unitId ? eq(hoursPeriods.unitId, unitId) : undefined, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit)
    return rows.map((row) => row.period)
  },

  insert: async (row: typeof hoursPeriods.$inferInsert): Promise<PeriodRow> =>
    (await db.insert(hoursPeriods).values(row).returning())[0]!,

  setVersion: (id: string, version: number, now: Date) =>
    db.update(hoursPeriods).set({ version, updatedAt: now }).where(eq(hoursPeriods.id, id)),

  /**
   * Gives every line that has none and that somebody vouches for a number, and answers with what it left out, in one look
   * at the ledger: a line is in or it is not.
   */
  async numberLines(period: PeriodAt, version: number): Promise<Sum> {
    const [left] = await db.execute<RawSum>(sql`
      with due as (
        select l.id, l.local_day, l.minutes, l.volunteer_id, v.sort_name, v.person_number, v.display_name,
          home.name as unit_name, p.name as post_name, ${isVouchedFor} as vouched,
          coalesce(k.name, l.verified_by, t.verified_by) as verified_by,
          case when l.verified_by is null then t.verified_at else l.booked_at end as verified_at,
          coalesce(e.name, case when t.out_source in ('link', 'code') and l.corrects_id is null then v.display_name end,
            l.entered_by) as recorded_by,
          ${punctuality({ lateMinutes: sql`t.late_minutes`, earlyExitMinutes: sql`t.early_exit_minutes` })} as status
        from ledger l
        join units home on home.id = l.unit_id
        join volunteers v on v.id = l.volunteer_id
        join posts p on p.id = l.post_id
        left join attendances t on t.assignment_id = l.assignment_id
        left join api_keys k on k.id::text = coalesce(l.verified_by, t.verified_by)
        left join api_keys e on e.id::text = l.entered_by
        where ${unnumbered(period)}),
      numbered as (
        insert into period_lines (unit_id, ledger_id, period_id, version, line_no, adjusting, person_number, person_name,
          unit_name, post_name, verified_by, verified_at, recorded_by, status)
        select ${period.unitId}, id, ${period.id}, ${version}::int,
          (select coalesce(max(line_no), 0) from period_lines where period_id = ${period.id})
            + row_number() over (order by local_day, sort_name, volunteer_id, id),
          ${version}::int > 1 or local_day < ${period.fromOn}, person_number, display_name,
          unit_name, post_name, verified_by, verified_at, recorded_by, status
        from due where vouched)
      select count(*) as lines, coalesce(sum(minutes), 0) as minutes from due where not vouched`)
    return asSum(left!)
  },

  /** Lines that closing again takes in, and those that it leaves out. */
  async countWaiting(period: PeriodAt): Promise<{ waiting: number; unverified: Sum }> {
    const [row] = await db.execute<RawSum & { waiting: string }>(sql`
      with due as (
        select l.minutes, ${isVouchedFor} as vouched from ledger l
        join units home on home.id = l.unit_id
        left join attendances t on t.assignment_id = l.assignment_id
        where ${unnumbered(period)})
      select count(*) filter (where vouched) as waiting, count(*) filter (where not vouched) as lines,
        coalesce(sum(minutes) filter (where not vouched), 0) as minutes
      from due`)
    return { waiting: Number(row!.waiting), unverified: asSum(row!) }
  },

  /** People of the unit whose duty of these days goes on. */
  async countOnDuty({ unitPath, fromOn, toOn }: PeriodAt): Promise<number> {
    const [row] = await db.execute<{ count: number }>(sql`
      select count(*)::int as count from assignments a
      join shifts s on s.id = a.shift_id
      join volunteers v on v.id = a.volunteer_id
      join units home on home.id = v.unit_id
      where a.state = 'serving' and s.local_day >= ${fromOn} and s.local_day < ${toOn}
        and home.path like ${`${unitPath}%`}`)
    return row!.count
  },

  async sumsOf(periodId: string, version: number) {
    const [sums] = await db
      .select({
        lines: sql<number>`count(*)::int`,
        adjusting: sql<number>`count(*) filter (where ${periodLines.adjusting})::int`,
        minutes: sql`coalesce(sum(${ledger.minutes}), 0)`.mapWith(Number),
        creditedMinutes: sql`coalesce(sum(${ledger.creditedMinutes}), 0)`.mapWith(Number),
      })
      .from(periodLines)
      .innerJoin(ledger, eq(ledger.id, periodLines.ledgerId))
      .where(and(eq(periodLines.periodId, periodId), eq(periodLines.version, version)))
    return sums!
  },

  /** People among the lines up to a version whose number nobody knew at the close, by name. */
  async withoutNumber(periodId: string, version: number): Promise<{ volunteerId: string; name: string }[]> {
    return db
      .selectDistinct({ volunteerId: ledger.volunteerId, name: periodLines.personName })
      .from(periodLines)
      .innerJoin(ledger, eq(ledger.id, periodLines.ledgerId))
      .where(
        and(eq(periodLines.periodId, periodId), lte(periodLines.version, version), isNull(periodLines.personNumber)),
      )
      .orderBy(asc(periodLines.personName), asc(ledger.volunteerId))
      .limit(MOST_NAMES)
  },

  insertClose: (row: typeof hoursCloses.$inferInsert) => db.insert(hoursCloses).values(row),

  closesOf: (periodId: string) =>
    db.select().from(hoursCloses).where(eq(hoursCloses.periodId, periodId)).orderBy(asc(hoursCloses.version)),
})

/** Lines of a period that one version holds more than another. */
export const numberedBetween = (periodId: string, since: number, version: number): SQL =>
  and(eq(periodLines.periodId, periodId), gt(periodLines.version, since), lte(periodLines.version, version))!
