import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { insertMany } from '../../platform/db/bulk.ts'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import {
  announcementAcknowledgements as acknowledgements,
  announcementRevisions,
  announcements,
  announcementRecipients as recipients,
} from './announcements.tables.ts'

export type AnnouncementRow = typeof announcements.$inferSelect
export type RevisionRow = typeof announcementRevisions.$inferSelect

/** Somebody who has not answered the wording that counts, and who answers for them. */
export interface Missing extends Record<string, unknown> {
  volunteerId: string
  name: string
  unitName: string
  responsibleUnitId: string
}

/** The newest wording a recipient has answered, and when. */
const answered = sql`lateral (
  select max(k.revision) as revision, max(k.acknowledged_at) as at from announcement_acknowledgements k
  where k.announcement_id = ${recipients.announcementId} and k.volunteer_id = ${recipients.volunteerId}) answered`

export const hasAnswered = sql`answered.revision >= ${announcements.requiredRevision}`
export const hasNot = sql`(answered.revision is null or answered.revision < ${announcements.requiredRevision})`

/** State of the message that told a recipient of the wording that counts. */
export const messageState = sql<string | null>`(
  select m.state from messages m where m.volunteer_id = ${recipients.volunteerId}
    and m.subject_id = ${recipients.announcementId} and m.template like 'announcement%' and m.template not like '%reminder%'
  order by m.created_at desc, m.id desc limit 1)`

export const announcementsRepository = (db: Handle) => {
  const rolls = () =>
    db
      .select({
        id: recipients.volunteerId,
        displayName: volunteers.displayName,
        sortName: volunteers.sortName,
        unitId: recipients.unitId,
        unitName: units.name,
        acknowledgedRevision: sql<number | null>`answered.revision`,
        acknowledgedAt: sql<string | null>`answered.at`,
        acknowledged: sql<boolean>`coalesce(${hasAnswered}, false)`,
        messageState,
      })
      .from(recipients)
      .innerJoin(announcements, eq(announcements.id, recipients.announcementId))
      .innerJoin(volunteers, eq(volunteers.id, recipients.volunteerId))
      .innerJoin(units, eq(units.id, recipients.unitId))
      .leftJoin(answered, sql`true`)

  return {
    insert: async (row: typeof announcements.$inferInsert): Promise<AnnouncementRow> =>
      (await db.insert(announcements).values(row).returning())[0]!,

    insertRevision: (row: RevisionRow) => db.insert(announcementRevisions).values(row),

    insertRecipients: (announcementId: string, people: { volunteerId: string; unitId: string }[]) =>
      insertMany(
        db,
        recipients,
        people.map((one) => ({ announcementId, ...one })),
      ),

    /** True when this is the first time they answer this wording. */
    async acknowledge(row: typeof acknowledgements.$inferInsert): Promise<boolean> {
      const made = await db.insert(acknowledgements).values(row).onConflictDoNothing().returning()
      return made.length > 0
    },

    async find(id: string) {
      const [row] = await db
        .select({
          announcement: announcements,
          unit: { name: units.name, path: units.path, zone: units.zone },
          current: announcementRevisions,
        })
        .from(announcements)
        .innerJoin(units, eq(units.id, announcements.unitId))
        .innerJoin(
          announcementRevisions,
          and(
            eq(announcementRevisions.announcementId, announcements.id),
            eq(announcementRevisions.revision, announcements.revision),
          ),
        )
        .where(eq(announcements.id, id))
      return row
    },

    async lock(id: string): Promise<AnnouncementRow | undefined> {
      const [row] = await db.select().from(announcements).where(eq(announcements.id, id)).for('no key update')
      return row
    },

    async update(id: string, changes: Partial<typeof announcements.$inferInsert>): Promise<AnnouncementRow> {
      const [row] = await db
        .update(announcements)
        .set({ ...changes, version: sql`${announcements.version} + 1` })
        .where(eq(announcements.id, id))
        .returning()
      return row!
    },

    revisionsOf: (id: string): Promise<RevisionRow[]> =>
      db
        .select()
        .from(announcementRevisions)
        .where(eq(announcementRevisions.announcementId, id))
        .orderBy(asc(announcementRevisions.revision)),

    /** Whether somebody was asked, and the newest wording they have answered. */
    async recipient(id: string, volunteerId: string) {
      const [row] = await rolls().where(and(eq(recipients.announcementId, id), eq(recipients.volunteerId, volunteerId)))
      return row
    },

    listRecipients: (id: string, conditions: (SQL | undefined)[], page: Keyset) =>
      rolls()
        .where(and(eq(recipients.announcementId, id), ...conditions, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    recipientIds: (id: string) =>
      db
        .select({ volunteerId: recipients.volunteerId })
        .from(recipients)
        .where(eq(recipients.announcementId, id))
        .then((rows) => rows.map((row) => row.volunteerId)),

    /** Everybody who has not answered, with the nearest unit up the line that somebody answers for. */
    async missing(id: string): Promise<Missing[]> {
      const rows = await db.execute<Missing>(sql`
        select ${recipients.volunteerId} as "volunteerId", ${volunteers.displayName} as name, ${units.name} as "unitName",
          coalesce((select up.id from units up where starts_with(${units.path}, up.path)
            and exists (select 1 from unit_responsibles x where x.unit_id = up.id)
            order by length(up.path) desc limit 1), ${announcements.unitId}) as "responsibleUnitId"
        from ${recipients}
        join ${announcements} on ${announcements.id} = ${recipients.announcementId}
        join ${volunteers} on ${volunteers.id} = ${recipients.volunteerId}
        join ${units} on ${units.id} = ${recipients.unitId}
        left join ${answered} on true
        where ${recipients.announcementId} = ${id} and ${hasNot}
        order by ${volunteers.sortName}, ${volunteers.id}`)
      return [...rows]
    },

    /** How many were asked and have answered, by home unit. */
    countsByUnit: (id: string) =>
      db
        .select({
          unitId: units.id,
          unitName: units.name,
          unitPath: units.path,
          recipients: sql<number>`count(*)::int`,
          acknowledged: sql<number>`(count(*) filter (where ${hasAnswered}))::int`,
          unreached: sql<number>`(count(*) filter (where ${hasNot} and ${messageState} = 'failed'))::int`,
        })
        .from(recipients)
        .innerJoin(announcements, eq(announcements.id, recipients.announcementId))
        .innerJoin(units, eq(units.id, recipients.unitId))
        .leftJoin(answered, sql`true`)
        .where(eq(recipients.announcementId, id))
        .groupBy(units.id, units.name, units.path)
        .orderBy(asc(units.name), asc(units.id)),

    list: (conditions: (SQL | undefined)[], page: Keyset) =>
      db
        .select({ announcement: announcements, current: announcementRevisions })
        .from(announcements)
        .innerJoin(units, eq(units.id, announcements.unitId))
        .innerJoin(
          announcementRevisions,
          and(
            eq(announcementRevisions.announcementId, announcements.id),
            eq(announcementRevisions.revision, announcements.revision),
          ),
        )
        .where(and(...conditions, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    async personOf(volunteerId: string) {
      const [row] = await db
        .select({ name: volunteers.displayName, locale: volunteers.locale })
        .from(volunteers)
        .where(eq(volunteers.id, volunteerId))
      return row!
    },
  }
}

export type Found = NonNullable<Awaited<ReturnType<ReturnType<typeof announcementsRepository>['find']>>>
