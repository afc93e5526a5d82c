import { and, asc, desc, eq, gt, inArray, like, lt, not, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { anyOf } from './problem.repository.ts'
import { LIVE } from './rosters.states.ts'
import {
  assignments,
  draftAssignments,
  generationRuns,
  rosters,
  rosterVersionLines,
  rosterVersions,
} from './rosters.tables.ts'

export type RosterRow = typeof rosters.$inferSelect
export type RunRow = typeof generationRuns.$inferSelect
export interface RosterAt extends RosterRow {
  unitPath: string
  unitName: string
  zone: string
}

export type RosterCounts = Record<'slots' | 'assigned' | 'openMandatory' | 'openDesired', number>

const CHUNK = 2_000
const at = { roster: rosters, unitPath: units.path, unitName: units.name, zone: units.zone }
const flat = ({
  roster,
  ...unit
}: {
  roster: RosterRow
  unitPath: string
  unitName: string
  zone: string
}): RosterAt => ({
  ...roster,
  ...unit,
})

export const rostersRepository = (db: Handle) => ({
  async findRoster(id: string): Promise<RosterAt | undefined> {
    const [found] = await db
      .select(at)
      .from(rosters)
      .innerJoin(units, eq(units.id, rosters.unitId))
      .where(eq(rosters.id, id))
    return found && flat(found)
  },

  async lockRoster(id: string): Promise<void> {
    await db.select({ id: rosters.id }).from(rosters).where(eq(rosters.id, id)).for('update')
  },

  /** Rosters of one tree are begun one after the other, as their periods must not meet. */
  lockTree: (unitPath: string) =>
    db.execute(
      sql`select pg_advisory_xact_lock(hashtext('watchbill.rosters'), hashtext(${unitPath.split('/')[1] ?? ''}))`,
    ),

  /** Living rosters of the unit, of those above and those below it, that share a day with [fromOn, toOn). */
  overlapping: (unitPath: string, fromOn: string, toOn: string) =>
    db
      .select({ rosterId: rosters.id, unit: units.name, from: rosters.fromOn, to: rosters.toOn })
      .from(rosters)
      .innerJoin(units, eq(units.id, rosters.unitId))
      .where(
        and(
          eq(rosters.kind, 'plan'),
          not(inArray(rosters.state, ['discarded', 'failed'])),
          lt(rosters.fromOn, toOn),
          gt(rosters.toOn, fromOn),
          or(like(units.path, `${unitPath}%`), sql`${unitPath} like ${units.path} || '%'`),
        ),
      )
      .orderBy(asc(rosters.fromOn)),

  /** The roster that plans a post's shifts on a day. */
  async rosterOf(unitPath: string, localDay: string): Promise<RosterAt | undefined> {
    const [found] = await db
      .select(at)
      .from(rosters)
      .innerJoin(units, eq(units.id, rosters.unitId))
      .where(
        and(
          eq(rosters.kind, 'plan'),
          not(inArray(rosters.state, ['discarded', 'failed'])),
          sql`${rosters.fromOn} <= ${localDay}::date and ${localDay}::date < ${rosters.toOn}`,
          sql`${unitPath} like ${units.path} || '%'`,
        ),
      )
    return found && flat(found)
  },

  listRosters: (conditions: (SQL | undefined)[], page: Keyset): Promise<RosterAt[]> =>
    db
      .select(at)
      .from(rosters)
      .innerJoin(units, eq(units.id, rosters.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .then((rows) => rows.map(flat)),

  insertRoster: async (row: typeof rosters.$inferInsert): Promise<RosterRow> =>
    (await db.insert(rosters).values(row).returning())[0]!,

  async changeRoster(id: string, changes: Partial<typeof rosters.$inferInsert>): Promise<RosterRow> {
    const [roster] = await db
      .update(rosters)
      .set({ ...changes, version: sql`${rosters.version} + 1` })
      .where(eq(rosters.id, id))
      .returning()
    return roster!
  },

  /** Seats and who holds them: what has begun as it is live, the rest as drafted while a draft is open. */
  async countsOf(rosterIds: string[], now: Date): Promise<Map<string, RosterCounts>> {
    const rows = await db.execute<RosterCounts & { id: string }>(sql`
      select r.id, count(*)::int as slots, count(h.held)::int as assigned,
        count(*) filter (where h.held is null and s.mandatory)::int as "openMandatory",
        count(*) filter (where h.held is null and not s.mandatory)::int as "openDesired"
      from rosters r
      join units ru on ru.id = r.unit_id
      join units u on u.path like ru.path || '%'
      join posts p on p.unit_id = u.id
      join shifts f on f.post_id = p.id and f.state = 'planned' and not f.extra and f.local_day >= r.from_on and f.local_day < r.to_on
      join slots s on s.shift_id = f.id
      left join lateral (
        select 1 as held from draft_assignments d where d.slot_id = s.id and r.state <> 'published'
        union all
        select 1 from assignments a where a.slot_id = s.id
          and (r.state = 'published' or f.starts_at <= ${now.toISOString()}::timestamptz)
          and a.state in ('pending', 'confirmed', 'serving', 'completed')
        limit 1
      ) h on true
      where r.id = any(${sql.param(rosterIds)}::uuid[])
      group by r.id`)
    return new Map([...rows].map(({ id, ...counts }) => [id, counts]))
  },

  insertRun: async (row: typeof generationRuns.$inferInsert): Promise<RunRow> =>
    (await db.insert(generationRuns).values(row).returning())[0]!,

  async findRun(id: string): Promise<{ run: RunRow; unitPath: string; unitId: string } | undefined> {
    const [found] = await db
      .select({ run: generationRuns, unitPath: units.path, unitId: units.id })
      .from(generationRuns)
      .innerJoin(rosters, eq(rosters.id, generationRuns.rosterId))
      .innerJoin(units, eq(units.id, rosters.unitId))
      .where(eq(generationRuns.id, id))
    return found
  },

  /** The newest run of each roster. */
  lastRunsOf: (rosterIds: string[]): Promise<RunRow[]> =>
    db
      .selectDistinctOn([generationRuns.rosterId])
      .from(generationRuns)
      .where(anyOf(generationRuns.rosterId, rosterIds))
      .orderBy(asc(generationRuns.rosterId), desc(generationRuns.createdAt), desc(generationRuns.id)),

  /** The row after the change, or undefined when it was in none of the states. */
  async changeRun(
    id: string,
    from: RunRow['state'][],
    changes: Partial<typeof generationRuns.$inferInsert>,
  ): Promise<RunRow | undefined> {
    const [run] = await db
      .update(generationRuns)
      .set(changes)
      .where(and(eq(generationRuns.id, id), inArray(generationRuns.state, from)))
      .returning()
    return run
  },

  /** Adds to what is known of a running run; what others have noted there stays. Gives back all of it. */
  async noteProgress(id: string, progress: Partial<NonNullable<RunRow['progress']>>): Promise<RunRow | undefined> {
    const [run] = await db
      .update(generationRuns)
      .set({
        progress: sql`coalesce(${generationRuns.progress}, '{}'::jsonb) || ${JSON.stringify(progress)}::text::jsonb`,
      })
      .where(and(eq(generationRuns.id, id), eq(generationRuns.state, 'running')))
      .returning()
    return run
  },

  /** Draft rows go; only those of the given slots when they are named. */
  async clearDraft(rosterId: string, slotIds?: string[]): Promise<void> {
    await db
      .delete(draftAssignments)
      .where(
        and(eq(draftAssignments.rosterId, rosterId), slotIds ? anyOf(draftAssignments.slotId, slotIds) : undefined),
      )
  },

  async insertDraft(rows: (typeof draftAssignments.$inferInsert)[]): Promise<void> {
    for (let i = 0; i < rows.length; i += CHUNK) {
      await db
        .insert(draftAssignments)
        .values(rows.slice(i, i + CHUNK))
        .onConflictDoUpdate({
          target: draftAssignments.slotId,
          set: {
            rosterId: sql`excluded.roster_id`,
            volunteerId: sql`excluded.volunteer_id`,
            pinned: sql`excluded.pinned`,
            source: sql`excluded.source`,
            override: sql`excluded.override`,
            why: sql`excluded.why`,
          },
        })
    }
  },

  liveOfRoster: (rosterId: string) =>
    db
      .select({
        slotId: assignments.slotId,
        assignmentId: assignments.id,
        volunteerId: assignments.volunteerId,
        startsAt: assignments.startsAt,
        endsAt: assignments.endsAt,
      })
      .from(assignments)
      .where(and(eq(assignments.rosterId, rosterId), inArray(assignments.state, [...LIVE]))),

  /** Who holds seats of a shift. */
  holdersOf: (shiftId: string) =>
    db
      .select({ slotId: assignments.slotId, rosterId: assignments.rosterId })
      .from(assignments)
      .where(and(eq(assignments.shiftId, shiftId), inArray(assignments.state, [...LIVE])))
      .orderBy(asc(assignments.id)),

  insertVersion: async (row: typeof rosterVersions.$inferInsert) =>
    (await db.insert(rosterVersions).values(row).returning())[0]!,

  async insertLines(rows: (typeof rosterVersionLines.$inferInsert)[]): Promise<void> {
    for (let i = 0; i < rows.length; i += CHUNK) {
      await db.insert(rosterVersionLines).values(rows.slice(i, i + CHUNK))
    }
  },

  versionsOf: (rosterId: string) =>
    db.select().from(rosterVersions).where(eq(rosterVersions.rosterId, rosterId)).orderBy(desc(rosterVersions.number)),

  async findVersion(rosterId: string, number: number) {
    const [version] = await db
      .select()
      .from(rosterVersions)
      .where(and(eq(rosterVersions.rosterId, rosterId), eq(rosterVersions.number, number)))
    return version
  },

  linesOf: (versionId: string) =>
    db
      .select({
        slotId: rosterVersionLines.slotId,
        assignmentId: rosterVersionLines.assignmentId,
        volunteerId: rosterVersionLines.volunteerId,
        role: slots.role,
        shiftId: sql<string>`coalesce(${shifts.partOfId}, ${shifts.id})`,
        startsAt: sql`coalesce(${rosterVersionLines.startsAt}, ${assignments.startsAt})`.mapWith(assignments.startsAt),
        endsAt: sql`coalesce(${rosterVersionLines.endsAt}, ${assignments.endsAt})`.mapWith(assignments.endsAt),
        postId: posts.id,
        postName: posts.name,
      })
      .from(rosterVersionLines)
      .innerJoin(assignments, eq(assignments.id, rosterVersionLines.assignmentId))
      .innerJoin(slots, eq(slots.id, rosterVersionLines.slotId))
      .innerJoin(shifts, eq(shifts.id, slots.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .where(eq(rosterVersionLines.versionId, versionId))
      .orderBy(asc(assignments.startsAt), asc(posts.name), asc(slots.role), asc(slots.seat)),
})
