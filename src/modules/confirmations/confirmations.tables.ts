import { index, integer, pgTable, primaryKey, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, primaryId } from '../../platform/db/columns.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'

/** One question to one person about all that a published version changed for them. */
export const confirmationRequests = pgTable(
  'confirmation_requests',
  {
    id: primaryId(),
    rosterId: uuid('roster_id')
      .notNull()
      .references(() => rosters.id),
    versionNumber: integer('version_number').notNull(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    confirmBy: instant('confirm_by').notNull(),
    remindedAt: instant('reminded_at'),
    createdAt: instant('created_at').notNull(),
    /** A newer request to the same person took its place. */
    supersededAt: instant('superseded_at'),
  },
  (t) => [
    unique('confirmation_requests_one_per_version').on(t.rosterId, t.versionNumber, t.volunteerId),
    index('confirmation_requests_volunteer').on(t.volunteerId),
  ],
)

export const confirmationItems = pgTable(
  'confirmation_items',
  {
    requestId: uuid('request_id')
      .notNull()
      .references(() => confirmationRequests.id),
    assignmentId: uuid('assignment_id')
      .notNull()
      .references(() => assignments.id),
  },
  (t) => [
    primaryKey({ name: 'confirmation_items_pk', columns: [t.requestId, t.assignmentId] }),
    index('confirmation_items_assignment').on(t.assignmentId),
  ],
)
