import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'

export const WEBHOOK_EVENTS = [
  'roster.published',
  'assignment.moved',
  'assignment.seated',
  'assignment.rescheduled',
  'assignment.no-show',
  'gap.opened',
  'gap.filled',
  'gap.exhausted',
  'handover.relief-missing',
  'report.missing',
  'call-out.opened',
  'call-out.short',
  'call-out.closed',
] as const
export const WEBHOOK_STATES = ['active', 'disabled'] as const
export const DELIVERY_STATES = ['waiting', 'sending', 'delivered', 'failed'] as const

export const webhooks = pgTable(
  'webhooks',
  {
    id: primaryId(),
    /** Hears what happens at this unit and below. */
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    url: text('url').notNull(),
    events: text('events').array().$type<(typeof WEBHOOK_EVENTS)[number][]>().notNull(),
    /** Locked away with the key of the installation, as signing needs the secret itself. */
    secret: text('secret').notNull(),
    /** Signs as well until then, so that the receiver can change over. */
    oldSecret: text('old_secret'),
    oldSecretUntil: instant('old_secret_until'),
    state: text('state', { enum: WEBHOOK_STATES }).notNull(),
    stateReason: text('state_reason'),
    /** Since when nothing has arrived; null after each success. */
    failingSince: instant('failing_since'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [index('webhooks_unit').on(t.unitId), oneOf('webhooks_state_known', t.state, WEBHOOK_STATES)],
)

/** One event for one webhook; its id is the `webhook-id` of every attempt. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: primaryId(),
    webhookId: uuid('webhook_id')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    event: text('event', { enum: WEBHOOK_EVENTS }).notNull(),
    /** Ids and words only. */
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    state: text('state', { enum: DELIVERY_STATES }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** Not to be touched before: the next attempt, or until when somebody is busy with it. */
    dueAt: instant('due_at').notNull(),
    lastStatus: integer('last_status'),
    error: text('error'),
    createdAt: instant('created_at').notNull(),
    deliveredAt: instant('delivered_at'),
  },
  (t) => [
    index('webhook_deliveries_webhook').on(t.webhookId, t.createdAt),
    oneOf('webhook_deliveries_state_known', t.state, DELIVERY_STATES),
    oneOf('webhook_deliveries_event_known', t.event, WEBHOOK_EVENTS),
  ],
)
