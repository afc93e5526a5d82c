import type { z } from 'zod'
import type { Tx } from '../../platform/db/client.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { dateOf, type LocalDate } from '../../time/zones.ts'
import type { shiftsMoved } from '../posts/posts.events.ts'
import { problemRepository } from './problem.repository.ts'
import type { Assignments } from './rosters.assignments.ts'
import type { createCandidates } from './rosters.candidates.ts'
import { rosterProblems } from './rosters.problems.ts'
import { rostersRepository } from './rosters.repository.ts'
import { standingFailures } from './rosters.rules.ts'

interface Deps {
  assignments: Assignments
  misfitsOf: ReturnType<typeof createCandidates>['misfitsOf']
}

/** Another post has to lie in the roster that plans the shift, as seats, searches and drafts belong to that. */
async function assertSameRoster(tx: Tx, shiftId: string, was: { unitPath: string; day: LocalDate }): Promise<void> {
  const is = (await problemRepository(tx).placeOfShift(shiftId))!
  const rosters = rostersRepository(tx)
  const [before, after] = [
    await rosters.rosterOf(was.unitPath, was.day),
    await rosters.rosterOf(is.unitPath, is.localDay),
  ]
  if (before?.id !== after?.id) throw rosterProblems.otherRoster()
}

/** Plans follow shifts that move: everybody keeps their seat, as long as hard rules let all of them serve then. */
export function createMoving({ assignments, misfitsOf }: Deps) {
  return {
    /** Reaction: refuses the move when somebody cannot follow; nobody is left behind in silence. */
    async onShiftsMoved({ moves, reason, override }: z.output<typeof shiftsMoved.payload>, occasion: Occasion) {
      const { tx, actor } = occasion
      for (const { shiftId, was } of moves) {
        if (was.post) await assertSameRoster(tx, shiftId, { unitPath: was.post.unitPath, day: dateOf(was.startLocal) })
        const [holder] = await rostersRepository(tx).holdersOf(shiftId)
        if (!holder) continue
        const at = (await problemRepository(tx).slotAt(holder.slotId))!
        const roster = (await rostersRepository(tx).findRoster(holder.rosterId))!
        const { localDay } = at.shift
        if (localDay < roster.fromOn || localDay >= roster.toOn) throw rosterProblems.outsideRoster(localDay, roster)
        const misfits = await misfitsOf(tx, holder.slotId)
        const unfit = misfits
          .map((one) => ({ ...one, failures: standingFailures(one.failures, override?.rules ?? []) }))
          .filter((one) => one.failures.length > 0)
        if (unfit.length > 0) throw rosterProblems.holdersUnfit(unfit, was.post ? '/body/postId' : '/body/startLocal')
        await assignments.followShift(occasion, {
          shiftId,
          was,
          reason: reason ?? undefined,
          overriddenIds: misfits.map((one) => one.assignmentId),
          override: override ? { ...override, by: `${actor.kind}:${actor.id}` } : undefined,
        })
      }
    },
  }
}
