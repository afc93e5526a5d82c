import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'

/** A fixed group that serves, rests and is called out together. */
export const crews = pgTable(
  'crews',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    name: text('name').notNull(),
    /** What sort of crew it is, in the unit's own words: 'station', 'assault team', 'flood squad'. */
    kind: text('kind').notNull(),
    leadId: uuid('lead_id').references(() => volunteers.id),
    fromOn: localDate('from_on').notNull(),
    /** First day on which it no longer exists. */
    toOn: localDate('to_on'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('crews_name_in_unit').on(t.unitId, t.name),
    check('crews_order', sql`${t.toOn} is null or ${t.toOn} > ${t.fromOn}`),
  ],
)

export const crewMembers = pgTable(
  'crew_members',
  {
    id: primaryId(),
    crewId: uuid('crew_id')
      .notNull()
      .references(() => crews.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    fromOn: localDate('from_on').notNull(),
    toOn: localDate('to_on'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('crew_members_crew').on(t.crewId),
    index('crew_members_volunteer').on(t.volunteerId),
    check('crew_members_order', sql`${t.toOn} is null or ${t.toOn} > ${t.fromOn}`),
    // crew_members_once_at_a_time: exclusion constraint, hand-written migration
  ],
)
