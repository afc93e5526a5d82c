import { and, asc, eq, gte, inArray, isNotNull, like, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import type { LocalDate } from '../../time/zones.ts'
import { units } from '../organisation/organisation.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { WantedShift } from './posts.rules.ts'
import { posts, shifts, shiftTemplates, slots } from './posts.tables.ts'
import type { KnownSlot } from './posts.types.ts'

export type ShiftRow = typeof shifts.$inferSelect
export type SlotRow = typeof slots.$inferSelect

/** A shift with the facts of its post that planning needs. */
export interface ShiftAt extends ShiftRow {
  postName: string
  postKind: string
  postPriority: number
  latitude: number | null
  longitude: number | null
  unitId: string
  unitPath: string
}

export type KeyedShift = Pick<ShiftRow, 'id' | 'originalStart'> & { templateId: string }

/** Local days [fromOn, toOn) at the posts of a subtree. */
export interface ShiftWindow {
  unitPath: string
  fromOn: LocalDate
  toOn: LocalDate
}

const CHUNK = 2_000
const chunks = <T>(rows: T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, i) => rows.slice(i * CHUNK, (i + 1) * CHUNK))

const withPost = {
  shift: shifts,
  postName: posts.name,
  postKind: posts.kind,
  postPriority: posts.priority,
  latitude: posts.latitude,
  longitude: posts.longitude,
  unitId: posts.unitId,
  unitPath: units.path,
}

const part = sql`select 1 from shifts part where part.part_of_id = shifts.id and part.state = 'planned'`

const standing = {
  /** Somebody is asked, has confirmed or serves, in the shift or in a part that was cut from it. */
  held: sql<boolean>`exists (
    select 1 from assignments a join shifts s on s.id = a.shift_id
    where (s.id = shifts.id or s.part_of_id = shifts.id) and ${inArray(sql`a.state`, [...LIVE])})`,
  split: sql<boolean>`exists (${part})`,
  /** Somebody is or was assigned, or one of its seats is or was a gap. */
  settled: sql<boolean>`(
    exists (select 1 from assignments a where a.shift_id = shifts.id)
    or exists (select 1 from shifts part where part.part_of_id = shifts.id)
    or exists (select 1 from gaps g join slots s on s.id = g.slot_id where s.shift_id = shifts.id))`,
}

export const shiftsRepository = (db: Handle) => ({
  /** Two that make shifts for one tree wait for each other. */
  lockTree: (unitPath: string) =>
    db.execute(
      sql`select pg_advisory_xact_lock(hashtext('watchbill.shifts'), hashtext(${unitPath.split('/')[1] ?? ''}))`,
    ),

  /** Templates in force somewhere in the window, at posts that are active. */
  templatesIn: ({ unitPath, fromOn, toOn }: ShiftWindow, postId?: string) =>
    db
      .select({ template: shiftTemplates })
      .from(shiftTemplates)
      .innerJoin(posts, eq(posts.id, shiftTemplates.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(
        and(
          like(units.path, `${unitPath}%`),
          eq(posts.active, true),
          lt(shiftTemplates.effectiveFrom, toOn),
          or(sql`${shiftTemplates.effectiveTo} is null`, sql`${shiftTemplates.effectiveTo} > ${fromOn}`),
          postId ? eq(posts.id, postId) : undefined,
        ),
      )
      .then((rows) => rows.map((row) => row.template)),

  /** Templates of a subtree whose seats one person keeps. */
  linkedTemplates: ({ unitPath }: ShiftWindow) =>
    db
      .select({ id: shiftTemplates.id, linked: shiftTemplates.linked })
      .from(shiftTemplates)
      .innerJoin(posts, eq(posts.id, shiftTemplates.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(and(like(units.path, `${unitPath}%`), isNotNull(shiftTemplates.linked))),

  /** Shifts made from templates of their post whose original or actual day lies in the window, cancelled ones too. */
  madeIn: ({ unitPath, fromOn, toOn }: ShiftWindow, postId?: string) =>
    db
      .select({ shift: shifts, ...standing })
      .from(shifts)
      .innerJoin(
        shiftTemplates,
        and(eq(shiftTemplates.id, shifts.templateId), eq(shiftTemplates.postId, shifts.postId)),
      )
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(
        and(
          like(units.path, `${unitPath}%`),
          or(
            and(gte(shifts.localDay, fromOn), lt(shifts.localDay, toOn)),
            and(gte(shifts.originalStart, fromOn), lt(shifts.originalStart, toOn)),
          ),
          postId ? eq(posts.id, postId) : undefined,
        ),
      ),

  plannedIn: ({ unitPath, fromOn, toOn }: ShiftWindow): Promise<ShiftAt[]> =>
    db
      .select(withPost)
      .from(shifts)
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(
        and(
          like(units.path, `${unitPath}%`),
          eq(shifts.state, 'planned'),
          gte(shifts.localDay, fromOn),
          lt(shifts.localDay, toOn),
        ),
      )
      .orderBy(asc(shifts.startsAt), asc(shifts.id))
      .then((rows) => rows.map(({ shift, ...post }) => ({ ...shift, ...post }))),

  list: (conditions: (SQL | undefined)[], page: Keyset): Promise<ShiftAt[]> =>
    db
      .select(withPost)
      .from(shifts)
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .then((rows) => rows.map(({ shift, ...post }) => ({ ...shift, ...post }))),

  withIds: (ids: string[]): Promise<ShiftAt[]> =>
    db
      .select(withPost)
      .from(shifts)
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(inArray(shifts.id, ids))
      .then((rows) => rows.map(({ shift, ...post }) => ({ ...shift, ...post }))),

  async slotsOf(shiftIds: string[]): Promise<SlotRow[]> {
    const rows: SlotRow[] = []
    for (const part of chunks(shiftIds)) {
      rows.push(...(await db.select().from(slots).where(inArray(slots.shiftId, part))))
    }
    return rows.sort((a, b) => a.role.localeCompare(b.role, 'en') || a.seat - b.seat || a.id.localeCompare(b.id, 'en'))
  },

  holdersOf: (shiftIds: string[]) =>
    db
      .select({
        slotId: assignments.slotId,
        assignmentId: assignments.id,
        volunteerId: assignments.volunteerId,
        displayName: volunteers.displayName,
        state: assignments.state,
      })
      .from(assignments)
      .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
      .where(and(inArray(assignments.shiftId, shiftIds), inArray(assignments.state, [...LIVE]))),

  /** Ids of the shifts made from a template, by original start. */
  shiftIdsOf: async (templateId: string, starts: string[]): Promise<Map<string, string>> => {
    const rows = await db
      .select({ id: shifts.id, originalStart: shifts.originalStart })
      .from(shifts)
      .where(and(eq(shifts.templateId, templateId), inArray(shifts.originalStart, starts)))
    return new Map(rows.map((row) => [row.originalStart, row.id]))
  },

  /** One shift made from a template, by its id or by its key, with how it stands. */
  async findStanding(which: { id: string } | { templateId: string; originalStart: string }) {
    const [row] = await db
      .select({ shift: shifts, ...standing, unitId: posts.unitId, unitPath: units.path })
      .from(shifts)
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(
        'id' in which
          ? eq(shifts.id, which.id)
          : and(eq(shifts.templateId, which.templateId), eq(shifts.originalStart, which.originalStart)),
      )
    return row
  },

  /** Rosters in which somebody holds a seat at the post from now on: held in order, before any shift is. */
  holdRosters: (postId: string, now: Date) =>
    db.execute(sql`
      select id from rosters where id in (
        select a.roster_id from assignments a join shifts s on s.id = a.shift_id
        where s.post_id = ${postId} and s.starts_at > ${now.toISOString()}::timestamptz
          and ${inArray(sql`a.state`, [...LIVE])})
      order by id for update`),

  /** Gives a shift the key of another occurrence; a shift that has it takes the old one. */
  async rekey({ id, templateId, originalStart }: KeyedShift, to: string, instead?: string): Promise<void> {
    await db.update(shifts).set({ templateId: null }).where(eq(shifts.id, id))
    if (instead) await db.update(shifts).set({ originalStart }).where(eq(shifts.id, instead))
    await db.update(shifts).set({ templateId, originalStart: to }).where(eq(shifts.id, id))
  },

  /** Parts cut from these shifts. */
  partsOf: async (ids: string[]): Promise<string[]> =>
    (await db.select({ id: shifts.id }).from(shifts).where(inArray(shifts.partOfId, ids))).map((row) => row.id),

  /** Last local day on which the post has a shift made from a template. */
  async lastDayOf(postId: string): Promise<LocalDate | null> {
    const [row] = await db
      .select({
        last: sql<LocalDate | null>`max(greatest(${shifts.localDay}, left(${shifts.originalStart}, 10)::date))::text`,
      })
      .from(shifts)
      .where(eq(shifts.postId, postId))
    return row?.last ?? null
  },

  /** Rows that were there already are left as they are. */
  async insertShifts(rows: (typeof shifts.$inferInsert)[]): Promise<string[]> {
    const ids: string[] = []
    for (const part of chunks(rows)) {
      const inserted = await db.insert(shifts).values(part).onConflictDoNothing().returning({ id: shifts.id })
      ids.push(...inserted.map((row) => row.id))
    }
    return ids
  },

  updateShifts: (rows: (Omit<WantedShift, 'templateId' | 'postId' | 'kind' | 'exception'> & { id: string })[]) =>
    db.execute(sql`
      update shifts set
        start_local = new.start_local, end_local = new.end_local, zone = new.zone, local_day = new.local_day,
        starts_at = new.starts_at, ends_at = new.ends_at, nominal_minutes = new.nominal_minutes, state = 'planned'
      from jsonb_to_recordset(${JSON.stringify(
        rows.map((row) => ({
          id: row.id,
          start_local: row.startLocal,
          end_local: row.endLocal,
          zone: row.zone,
          local_day: row.localDay,
          starts_at: row.startsAt,
          ends_at: row.endsAt,
          nominal_minutes: row.nominalMinutes,
        })),
      )}::text::jsonb) as new(id uuid, start_local text, end_local text, zone text, local_day date,
        starts_at timestamptz, ends_at timestamptz, nominal_minutes integer)
      where shifts.id = new.id`),

  cancelShifts: (ids: string[]) => db.update(shifts).set({ state: 'cancelled' }).where(inArray(shifts.id, ids)),

  async insertSlots(rows: (typeof slots.$inferInsert)[]) {
    for (const part of chunks(rows)) await db.insert(slots).values(part).onConflictDoNothing()
  },

  updateSlots: (rows: KnownSlot[]) =>
    db.execute(sql`
      update slots set mandatory = new.mandatory, role = new.role
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as new(id uuid, mandatory boolean, role text)
      where slots.id = new.id`),

  /** Seats that a draft still names stay, and are given back. */
  async deleteSlots(ids: string[]): Promise<string[]> {
    if (ids.length === 0) return []
    const drafted = sql`exists (select 1 from draft_assignments d where d.slot_id = ${slots.id})`
    await db.delete(slots).where(and(inArray(slots.id, ids), sql`not ${drafted}`))
    const kept = await db.select({ id: slots.id }).from(slots).where(inArray(slots.id, ids))
    return kept.map((row) => row.id)
  },
})
