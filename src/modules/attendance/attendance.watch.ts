import type { z } from 'zod'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { assignmentSeated, assignmentsMoved } from '../rosters/rosters.events.ts'
import { markNoShow } from './attendance.jobs.ts'
import type { readPolicies } from './attendance.judgement.ts'
import { attendanceRepository } from './attendance.repository.ts'
import { noShowAt } from './attendance.rules.ts'

/** Waits for everybody who has confirmed, as long as the unit's policy says. */
export function createNoShowWatch(
  { db, clock }: Foundations,
  policiesOf: ReturnType<typeof readPolicies>,
  assignments: Assignments,
) {
  async function watch({ tx, now }: Occasion, assignmentIds: string[]): Promise<void> {
    const duties = await attendanceRepository(tx).findDuties(assignmentIds)
    const expected = duties.filter((duty) => duty.state === 'confirmed')
    const policies = await policiesOf(tx, expected)
    const errands = expected.map((duty) => ({
      payload: { assignmentId: duty.id },
      key: duty.id,
      dueAt: noShowAt(duty, policies.get(duty.unitPath)!),
    }))
    await schedule(tx, markNoShow, errands, now)
  }

  return {
    /** The policy's word on who has not come: says so in the audit log, and leaves whoever came alone. */
    async markNoShow(assignmentId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const [duty] = await attendanceRepository(tx).findDuties([assignmentId])
        if (duty?.state !== 'confirmed') return
        const occasion = { tx, actor: worker(markNoShow.name), now }
        const policy = (await policiesOf(tx, [duty])).get(duty.unitPath)!
        // The policy has become more patient, or the duty was taken on anew.
        if (now < noShowAt(duty, policy)) return watch(occasion, [assignmentId])
        const reason = `policy: nobody checked in within ${policy.noShowMinutes} minutes (noShowMinutes of the unit)`
        await assignments.move(occasion, { ids: [assignmentId], from: ['confirmed'], to: 'no_show', reason })
      })
    },

    /** Reaction: expects whoever has confirmed, and no longer whoever has come or gone. */
    async onAssignmentsMoved(payload: z.output<typeof assignmentsMoved.payload>, occasion: Occasion): Promise<void> {
      if (payload.to === 'confirmed') {
        const ids = payload.moves.map((move) => move.assignmentId)
        return watch(occasion, ids)
      }
      const expected = payload.moves.filter((move) => move.from === 'confirmed').map((move) => move.assignmentId)
      await cancelTasks(occasion.tx, markNoShow, expected, occasion.now)
    },

    /** Reaction: a seat given outside a publication may be confirmed from birth. */
    onAssignmentSeated: (payload: z.output<typeof assignmentSeated.payload>, occasion: Occasion): Promise<void> =>
      watch(occasion, [payload.assignmentId]),
  }
}
