import type { Actor } from '../auth/actor.ts'
import type { Handle } from '../db/client.ts'
import { auditLog } from './audit.tables.ts'

export interface Change {
  /** 'module.past-participle', e.g. 'roster.published'. */
  action: string
  subject: { type: string; id: string }
  unitId?: string | null
  from?: string
  to?: string
  reason?: string | undefined
  facts?: Record<string, unknown>
}

const toRow = (actor: Actor, now: Date, change: Change) => ({
  at: now,
  actorKind: actor.kind,
  actorId: actor.id,
  door: actor.door,
  requestId: actor.requestId ?? null,
  action: change.action,
  subjectType: change.subject.type,
  subjectId: change.subject.id,
  unitId: change.unitId ?? null,
  fromState: change.from ?? null,
  toState: change.to ?? null,
  reason: change.reason ?? null,
  facts: change.facts ?? null,
})

/** Rows of one insert; PostgreSQL takes 65,534 parameters in a statement. */
const CHUNK = 2_000

/** One row for each change of state, in the transaction of the change. */
export async function audit(tx: Handle, actor: Actor, now: Date, ...changes: Change[]): Promise<void> {
  for (let at = 0; at < changes.length; at += CHUNK) {
    await tx.insert(auditLog).values(changes.slice(at, at + CHUNK).map((change) => toRow(actor, now, change)))
  }
}
