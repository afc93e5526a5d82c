import { audit } from '../../platform/audit/audit.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks } from '../../platform/queue/tasks.ts'
import { earlier } from '../../time/intervals.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { effectivePolicy } from '../organisation/organisation.rules.ts'
import { deliverMessage } from './notifications.jobs.ts'
import { notificationsRepository } from './notifications.repository.ts'
import { settledAt } from './notifications.rules.ts'
import { type MessageRow, mergedSubjects } from './notifications.types.ts'
import { messageChange } from './notifications.views.ts'

/** An earlier message that never went out, and the one that now says it all. */
export interface Merged {
  earlier: MessageRow
  into: MessageRow
}

const sameMatter = ({ volunteerId, unitId, via, mergeKey }: MessageRow) => `${volunteerId ?? unitId} ${via} ${mergeKey}`

/** So long what those who answer for a unit are told at once waits for more of the same. */
const UNIT_MERGE_MINUTES = 1

/** How long each person's unit lets messages about duties wait for further changes. */
async function mergeMinutesOf({ tx }: Occasion, rows: MessageRow[]): Promise<Map<string, number>> {
  const people = await notificationsRepository(tx).unitPathsOf(rows.map((row) => row.volunteerId!))
  const minutes = new Map<string, number>()
  for (const [path, group] of Map.groupBy(people, (one) => one.path)) {
    const line = await organisationRepository(tx).ancestry({ path })
    const { mergeMinutes } = effectivePolicy(line.map((unit) => unit.policy))
    for (const { id } of group) minutes.set(id, mergeMinutes)
  }
  return minutes
}

/**
 * Merges messages just written with those on the same matter to the same person or unit that still wait: the new one
 * tells from the time of the oldest on, waits as long as the policy lets changes settle, and the old ones are cancelled.
 */
export async function mergeWaiting(
  occasion: Occasion,
  fresh: MessageRow[],
): Promise<{ rows: MessageRow[]; merged: Merged[] }> {
  const { tx, actor, now } = occasion
  const repository = notificationsRepository(tx)
  const mergeable = fresh.filter((row) => row.mergeKey !== null)
  if (mergeable.length === 0) return { rows: fresh, merged: [] }
  const toPeople = mergeable.filter((row) => row.volunteerId !== null)
  const minutes = await mergeMinutesOf(occasion, toPeople)
  for (const { unitId, mergeKey } of mergeable) if (unitId) await repository.lockMatter(unitId, mergeKey!)
  const gone = await repository.cancelMerged(mergeable)
  await audit(tx, actor, now, ...gone.map((row) => messageChange(row, 'cancelled', 'queued', row.error!)))
  await cancelTasks(
    tx,
    deliverMessage,
    gone.map((row) => row.id),
    now,
  )
  const bySubject = Map.groupBy(gone, sameMatter)
  const merged: Merged[] = []
  const rows: MessageRow[] = []
  for (const row of fresh) {
    const before = row.mergeKey === null ? [] : (bySubject.get(sameMatter(row)) ?? [])
    const since = before.map((one) => one.since ?? one.createdAt).reduce(earlier, row.createdAt)
    const wait = row.mergeKey === null ? 0 : row.volunteerId ? (minutes.get(row.volunteerId) ?? 0) : UNIT_MERGE_MINUTES
    const sendAfter = settledAt(row.sendAfter, since, wait)
    const changed = before.length > 0 || sendAfter.getTime() !== row.sendAfter.getTime()
    const about = before.flatMap((one) => [one.subjectId, ...mergedSubjects(one)])
    const params = about.length > 0 ? { ...row.params, mergedSubjects: [...new Set(about)].join(' ') } : row.params
    const into = changed ? await repository.setMerged(row.id, { since, sendAfter, dueAt: sendAfter, params }) : row
    rows.push(into)
    merged.push(...before.map((one) => ({ earlier: one, into })))
  }
  return { rows, merged }
}
