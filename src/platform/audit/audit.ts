import type { Actor } from '../auth/actor.ts'
import { insertMany } from '../db/bulk.ts'
import type { Handle } from '../db/client.ts'
import { newId } from '../db/ids.ts'
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
  /** Who did it, where several act together. */
  by?: Actor
}

const toRow = (everybody: Actor, now: Date, { by = everybody, ...change }: Change) => ({
  id: newId(),
  at: now,
  actorKind: by.kind,
  actorId: by.id,
  door: by.door,
  requestId: by.requestId ?? null,
  action: change.action,
  subjectType: change.subject.type,
  subjectId: change.subject.id,
  unitId: change.unitId ?? null,
  fromState: change.from ?? null,
  toState: change.to ?? null,
  reason: change.reason ?? null,
  facts: change.facts ?? null,
})

/** One row for each change of state, in the transaction of the change. */
export async function audit(tx: Handle, actor: Actor, now: Date, ...changes: Change[]): Promise<void> {
  await insertMany(
    tx,
    auditLog,
    changes.map((change) => toRow(actor, now, change)),
  )
}
