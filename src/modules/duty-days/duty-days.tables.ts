import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'

export const INSPECTION_RESULTS = ['in_order', 'with_findings'] as const
export const FINDING_KINDS = ['missing', 'unplanned', 'other'] as const
export const FINDING_STATES = ['open', 'settled'] as const

/** A spot check (查岗): who looked, when, and how many were really there. */
export const inspections = pgTable(
  'inspections',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    at: instant('at').notNull(),
    inspectedBy: text('inspected_by').notNull(),
    result: text('result', { enum: INSPECTION_RESULTS }).notNull(),
    expected: integer('expected').notNull(),
    present: integer('present').notNull(),
    note: text('note'),
    recordedAt: instant('recorded_at').notNull(),
    recordedBy: text('recorded_by').notNull(),
  },
  (t) => [
    index('inspections_unit').on(t.unitId, t.at),
    index('inspections_post').on(t.postId, t.at),
    oneOf('inspections_result_known', t.result, INSPECTION_RESULTS),
    check('inspections_counts', sql`${t.expected} >= 0 and ${t.present} >= 0`),
  ],
)

/** Who was seen at the post. */
export const inspectionSightings = pgTable(
  'inspection_sightings',
  {
    id: primaryId(),
    inspectionId: uuid('inspection_id')
      .notNull()
      .references(() => inspections.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
  },
  (t) => [unique('inspection_sightings_once').on(t.inspectionId, t.volunteerId)],
)

export const inspectionFindings = pgTable(
  'inspection_findings',
  {
    id: primaryId(),
    inspectionId: uuid('inspection_id')
      .notNull()
      .references(() => inspections.id),
    kind: text('kind', { enum: FINDING_KINDS }).notNull(),
    /** Who was missing, or was there without being planned. */
    volunteerId: uuid('volunteer_id').references(() => volunteers.id),
    assignmentId: uuid('assignment_id').references(() => assignments.id),
    detail: text('detail'),
    state: text('state', { enum: FINDING_STATES }).notNull().default('open'),
    settledAt: instant('settled_at'),
    settledReason: text('settled_reason'),
  },
  (t) => [
    index('inspection_findings_inspection').on(t.inspectionId),
    oneOf('inspection_findings_kind_known', t.kind, FINDING_KINDS),
    oneOf('inspection_findings_state_known', t.state, FINDING_STATES),
    check(
      'inspection_findings_settled',
      sql`(${t.state} = 'settled') = (${t.settledAt} is not null and ${t.settledReason} is not null)`,
    ),
  ],
)
