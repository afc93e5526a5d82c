import { audit } from '../../platform/audit/audit.ts'
import { newCode } from '../../platform/auth/code-words.ts'
import type { Conspicuous } from '../../platform/auth/conspicuous.types.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import { type createFollowing, receiptMessage } from './confirmations.following.ts'
import { type AskedDuty, confirmationsRepository, type DutyRow } from './confirmations.repository.ts'
import { type Choice, hasChanged, toldOf } from './confirmations.rules.ts'

export const STATE_AFTER: Record<Choice, AssignmentState> = { confirm: 'confirmed', decline: 'declined' }

export interface Decision {
  /** The question that it answers; a seat given before there were questions has none. */
  requestId: string | undefined
  choice: Choice
  duties: (DutyRow & Partial<AskedDuty>)[]
  reason?: string | undefined
  /** A program may have decided so; null: nothing speaks for it. */
  conspicuous?: Conspicuous | null
}

const factsOf = ({ conspicuous }: Decision) => (conspicuous ? { conspicuous } : undefined)

/** Carries decisions out, with all that belongs to them: state, receipt, message to whom it concerns. */
export function createDecisions(deps: {
  assignments: Assignments
  notifications: Notifications
  follow: ReturnType<typeof createFollowing>['follow']
}) {
  const { assignments, notifications, follow } = deps

  /** Moves duties from the states they were seen in, so that of two answers to one question the first one holds. */
  async function move(occasion: Occasion, decision: Decision) {
    const { choice, duties, reason } = decision
    const facts = factsOf(decision)
    const takenBack = duties.filter((duty) => duty.state === 'declined').map((duty) => duty.slotId)
    if (takenBack.length > 0) await confirmationsRepository(occasion.tx).lockSlots(takenBack)
    const moved = []
    for (const [state, group] of Map.groupBy(duties, (duty) => duty.state)) {
      const ids = group.map((duty) => duty.assignmentId)
      const declineReason = choice === 'decline' ? reason : undefined
      const step = { ids, to: STATE_AFTER[choice], from: [state], reason, declineReason, ...(facts && { facts }) }
      moved.push(...(await assignments.move(occasion, step)))
    }
    return moved
  }

  /** A yes to what has changed since the first yes: the state stays, the word is new. */
  async function acceptChanges(occasion: Occasion, decision: Decision): Promise<string[]> {
    const { tx, actor, now } = occasion
    const { choice, duties } = decision
    const accepted = duties.filter((duty) => duty.state === STATE_AFTER[choice] && hasChanged(duty.told, duty))
    const ids = accepted.map((duty) => duty.assignmentId)
    // The receipt of the first yes goes out before another number takes its place.
    if (ids.length > 0) await follow(occasion, ids)
    await audit(
      tx,
      actor,
      now,
      ...accepted.map((duty) => ({
        action: 'assignment.change-accepted',
        subject: { type: 'assignment', id: duty.assignmentId },
        facts: { told: duty.told, now: toldOf(duty), ...factsOf(decision) },
      })),
    )
    return ids
  }

  /** The word of a request with its number, and the receipt to whom it concerns. */
  async function sayReceipt(
    occasion: Occasion,
    requestId: string,
    duties: DutyRow[],
    conspicuous: Conspicuous | null,
  ): Promise<void> {
    const receipt = newCode()
    await confirmationsRepository(occasion.tx).noteDecisions(
      duties.map((duty) => ({ requestId, assignmentId: duty.assignmentId, told: toldOf(duty), receipt, conspicuous })),
    )
    await notifications.notify(occasion, [receiptMessage(duties[0]!.volunteerId, requestId, receipt)])
  }

  async function decide(occasion: Occasion, decision: Decision) {
    const moved = await move(occasion, decision)
    const decidedIds = [...moved.map((row) => row.id), ...(await acceptChanges(occasion, decision))]
    const { requestId, conspicuous = null } = decision
    const decided = decision.duties.filter((duty) => decidedIds.includes(duty.assignmentId))
    if (requestId !== undefined && decided.length > 0) await sayReceipt(occasion, requestId, decided, conspicuous)
    return moved
  }

  return { decide }
}
