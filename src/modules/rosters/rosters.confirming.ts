import { sql } from 'drizzle-orm'
import { audit, type Change } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Tx } from '../../platform/db/client.ts'

/** A yes to a duty in the version in which its holder saw it. */
export interface Yes {
  assignmentId: string
  version: number
  by: Actor
  /** For its audit row. */
  facts?: Change['facts']
}

/**
 * Confirms duties of many people in one statement, each in the name of its own holder: those that are still open and as
 * they were seen; answers with their ids. Called again it finds none. It records no news: whoever calls it sees to it,
 * in the same transaction, that what follows from it will be done.
 */
export async function confirmSeen(tx: Tx, yeses: Yes[], now: Date): Promise<Set<string>> {
  // In the order of ids, so that nobody waits in a circle.
  const given = yeses.toSorted((a, b) => (a.assignmentId < b.assignmentId ? -1 : 1))
  const ids = given.map((one) => one.assignmentId)
  const versions = given.map((one) => one.version)
  const moved = await tx.execute<{ id: string; unitId: string }>(sql`
    update assignments set state = 'confirmed', decided_at = ${now.toISOString()}::timestamptz,
      updated_at = ${now.toISOString()}::timestamptz, version = assignments.version + 1
    from unnest(${sql.param(ids)}::uuid[], ${sql.param(versions)}::int[]) as given(id, version), rosters
    where assignments.id = given.id and assignments.version = given.version and assignments.state = 'pending'
      and rosters.id = assignments.roster_id
    returning assignments.id, rosters.unit_id as "unitId"`)
  const yesTo = new Map(given.map((one) => [one.assignmentId, one]))
  const step = { action: 'assignment.confirmed', from: 'pending', to: 'confirmed' }
  const changes = moved.map(({ id, unitId }): Change => {
    const { by, facts } = yesTo.get(id)!
    return { ...step, subject: { type: 'assignment', id }, unitId, by, ...(facts && { facts }) }
  })
  if (changes.length > 0) await audit(tx, changes[0]!.by!, now, ...changes)
  return new Set(moved.map((row) => row.id))
}
