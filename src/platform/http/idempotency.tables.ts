import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../db/columns.ts'

/** The stored answer of a request that a client may send again after a broken connection. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    actorId: text('actor_id').notNull(),
    key: text('key').notNull(),
    /** SHA-256 over method, address and body: the same key with another request is an error. */
    fingerprint: text('fingerprint').notNull(),
    status: integer('status'),
    headers: text('headers'),
    body: text('body'),
    createdAt: instant('created_at').notNull(),
    lockedUntil: instant('locked_until').notNull(),
  },
  (t) => [primaryKey({ name: 'idempotency_keys_pk', columns: [t.actorId, t.key] })],
)
