import { audit } from '../../platform/audit/audit.ts'
import { worker } from '../../platform/auth/actor.ts'
import type { Tx } from '../../platform/db/client.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { spread } from '../../time/spread.ts'
import type { ConsentMode } from '../organisation/organisation.types.ts'
import { lapseRequest, remindRequest } from './confirmations.jobs.ts'
import { confirmationsRepository } from './confirmations.repository.ts'
import { consentMode, followsAtOnce, reachesPeopleAt, reminderTimes } from './confirmations.rules.ts'
import type { ConfirmationsDeps } from './confirmations.service.ts'

type Found = NonNullable<Awaited<ReturnType<ReturnType<typeof confirmationsRepository>['findRequest']>>>

/** What time does to questions that nobody has answered. */
export function createDeadlines({ db, clock, organisation, notifications, assignments }: ConfirmationsDeps) {
  async function stillPending(tx: Tx, requestId: string) {
    const repository = confirmationsRepository(tx)
    const request = await repository.lockRequest(requestId)
    if (!request || request.supersededAt) return undefined
    const duties = (await repository.dutiesOfRequest(requestId)).filter((duty) => duty.state === 'pending')
    return duties.length > 0 ? { request, duties } : undefined
  }

  const tell = (occasion: Occasion, { request }: Found, template: string) =>
    notifications.notify(occasion, [
      {
        volunteerId: request.volunteerId,
        template,
        subjectId: request.id,
        purpose: `${template}:${request.id}:${request.confirmBy.getTime()}`,
      },
    ])

  /** The seat stays; whoever answers for the unit hears that somebody has not read of it. */
  async function escalate(occasion: Occasion, { request, unit }: Found): Promise<void> {
    const { tx, actor, now } = occasion
    if (request.escalatedAt && request.escalatedAt >= request.confirmBy) return
    await confirmationsRepository(tx).setRequest(request.id, { escalatedAt: now })
    await audit(tx, actor, now, {
      action: 'confirmation-request.unacknowledged',
      subject: { type: 'confirmation-request', id: request.id },
      unitId: unit.id,
    })
    await notifications.notify(occasion, [
      {
        unitId: unit.id,
        template: 'duties-unacknowledged',
        subjectId: request.id,
        purpose: `duties-unacknowledged:${request.id}:${request.confirmBy.getTime()}`,
      },
    ])
  }

  /** Silence until the deadline, as the policy that held when the question was put understands it. */
  const SILENCE: Record<ConsentMode, (occasion: Occasion, found: Found, ids: string[]) => Promise<void>> = {
    async explicit(occasion, found, ids) {
      await assignments.move(occasion, { ids, to: 'lapsed', from: ['pending'], reason: 'no answer by the deadline' })
      await tell(occasion, found, 'duties-lapsed')
    },
    async implied(occasion, found, ids) {
      const policy = `policy confirmation.${found.person.personClass} of unit ${found.unit.id} is implied`
      const reason = `no objection by the deadline; ${policy}`
      await assignments.move(occasion, { ids, to: 'confirmed', from: ['pending'], reason })
      await tell(occasion, found, 'duties-implied')
    },
    acknowledged: (occasion, found) => escalate(occasion, found),
  }

  return {
    /** Reminds a person of what is still unanswered, once for each time the policy names. */
    async remind(requestId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const open = await stillPending(tx, requestId)
        if (!open || now >= open.request.confirmBy) return
        const { unit } = (await confirmationsRepository(tx).findRequest(requestId))!
        const { createdAt, confirmBy, remindedAt } = open.request
        const policy = await organisation.policyOf(unit, tx)
        const times = reminderTimes(createdAt, confirmBy, policy)
        const due = times.findLast((time) => time <= now)
        if (!due || (remindedAt && remindedAt >= due)) return
        await confirmationsRepository(tx).setRequest(requestId, { remindedAt: now })
        const next = times.find((time) => time > now)
        if (next) {
          const dueAt = spread(next, requestId, confirmBy)
          await schedule(tx, remindRequest, { payload: { requestId }, key: requestId, dueAt }, now)
        }
        const reaches = reachesPeopleAt(now, open.duties, unit.zone, policy)
        if (next && followsAtOnce(reaches, next, confirmBy)) return
        await notifications.notify({ tx, actor: worker(remindRequest.name), now }, [
          {
            volunteerId: open.request.volunteerId,
            template: 'confirmation-reminder',
            subjectId: requestId,
            purpose: `confirmation-reminder:${requestId}:${due.getTime()}`,
          },
        ])
      })
    },

    /** At the deadline: for volunteers silence is no yes, and what is unanswered lapses, which leaves gaps. */
    async lapse(requestId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const open = await stillPending(tx, requestId)
        if (!open) return
        const { confirmBy, mode } = open.request
        if (now < confirmBy) {
          return schedule(tx, lapseRequest, { payload: { requestId }, key: requestId, dueAt: confirmBy }, now)
        }
        const found = (await confirmationsRepository(tx).findRequest(requestId))!
        const { personClass } = found.person
        const holds = consentMode(personClass, { confirmation: { [personClass]: mode } })
        const ids = open.duties.map((duty) => duty.assignmentId)
        await SILENCE[holds]({ tx, actor: worker(lapseRequest.name), now }, found, ids)
      })
    },
  }
}
