import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant, primaryId } from '../db/columns.ts'

/** Append-only: a trigger refuses update, delete and truncate. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: primaryId(),
    at: instant('at').notNull(),
    actorKind: text('actor_kind').notNull(),
    actorId: text('actor_id').notNull(),
    door: text('door').notNull(),
    requestId: text('request_id'),
    action: text('action').notNull(),
    subjectType: text('subject_type').notNull(),
    subjectId: uuid('subject_id').notNull(),
    unitId: uuid('unit_id'),
    fromState: text('from_state'),
    toState: text('to_state'),
    reason: text('reason'),
    facts: jsonb('facts').$type<Record<string, unknown>>(),
  },
  (t) => [index('audit_log_subject').on(t.subjectType, t.subjectId, t.at), index('audit_log_at').on(t.at)],
)
