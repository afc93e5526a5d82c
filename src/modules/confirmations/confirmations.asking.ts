import { audit } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { type Errand, schedule } from '../../platform/queue/tasks.ts'
import { earlier } from '../../time/intervals.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import { lapseRequest, remindRequest } from './confirmations.jobs.ts'
import { confirmationsRepository, type DutyRow, type NewRequest } from './confirmations.repository.ts'
import { confirmDeadline, reminderAt } from './confirmations.rules.ts'

export const takenPurpose = (rosterId: string, at: Date) => `duties-taken:${rosterId}:${at.getTime()}`

type Timed = Pick<NewRequest, 'confirmBy'> & { id: string }

const deadlineOf = (duties: DutyRow[], now: Date, policy: UnitPolicy): Date => {
  const wanted = confirmDeadline(now, duties.map((duty) => duty.startsAt).reduce(earlier), policy)
  // Whoever gave the seat may have named a deadline; the earliest word holds.
  return duties.reduce(
    (best, { confirmBy }) => (confirmBy && confirmBy > now ? earlier(best, confirmBy) : best),
    wanted,
  )
}

/** Puts the question to people: request, timers, message and audit row, all in the transaction of the publication. */
export function createAsking({
  organisation,
  notifications,
}: {
  organisation: Organisation
  notifications: Notifications
}) {
  async function startTimers({ tx, now }: Occasion, requests: Timed[], policy: UnitPolicy): Promise<void> {
    const errand = (id: string, dueAt: Date): Errand<{ requestId: string }> => ({
      payload: { requestId: id },
      key: id,
      dueAt,
    })
    await schedule(
      tx,
      remindRequest,
      requests.map(({ id, confirmBy }) => errand(id, reminderAt(now, confirmBy, policy))),
      now,
    )
    await schedule(
      tx,
      lapseRequest,
      requests.map(({ id, confirmBy }) => errand(id, confirmBy)),
      now,
    )
  }

  const opened = (request: { id: string }, unitId: string, duties: number) => ({
    action: 'confirmation-request.opened',
    subject: { type: 'confirmation-request', id: request.id },
    unitId,
    facts: { duties },
  })

  return {
    startTimers,

    /** One request and one message a person, whatever the version gave them. */
    async askAll(occasion: Occasion, rosterId: string, versionNumber: number, duties: DutyRow[]): Promise<void> {
      const { tx, actor, now } = occasion
      const repository = confirmationsRepository(tx)
      const unit = await repository.rosterPlace(rosterId)
      const policy = await organisation.policyOf(unit, tx)
      const byPerson = [...Map.groupBy(duties, (duty) => duty.volunteerId)]
      const requests = byPerson.map(([volunteerId, own]) => ({
        id: newId(),
        rosterId,
        versionNumber,
        volunteerId,
        confirmBy: deadlineOf(own, now, policy),
        createdAt: now,
        duties: own,
      }))
      await repository.insertRequests(
        requests.map(({ duties: _, ...row }) => row),
        requests.flatMap(({ id, duties: own }) => own.map(({ assignmentId }) => ({ requestId: id, assignmentId }))),
      )
      await audit(tx, actor, now, ...requests.map((request) => opened(request, unit.unitId, request.duties.length)))
      await startTimers(occasion, requests, policy)
      // Those who also lose a duty hear of it in the same message.
      const people = requests.map((request) => request.volunteerId)
      await notifications.withdraw(occasion, people, takenPurpose(rosterId, now))
      await notifications.notify(
        occasion,
        requests.map(({ id, volunteerId }) => ({
          volunteerId,
          template: 'confirmation-request',
          subjectId: id,
          purpose: `confirmation-request:${id}`,
        })),
      )
    },

    /** A seat given by hand after publication: asked beside what the person was asked for this version. */
    async askOne(occasion: Occasion, duty: DutyRow): Promise<void> {
      const { tx, actor, now } = occasion
      const repository = confirmationsRepository(tx)
      const unit = await repository.rosterPlace(duty.rosterId)
      const policy = await organisation.policyOf(unit, tx)
      const row = {
        id: newId(),
        rosterId: duty.rosterId,
        versionNumber: unit.publishedVersion,
        volunteerId: duty.volunteerId,
        confirmBy: deadlineOf([duty], now, policy),
        createdAt: now,
      }
      const request = await repository.joinRequest(row, duty.assignmentId)
      await audit(tx, actor, now, opened(request, unit.unitId, 1))
      await startTimers(occasion, [request], policy)
      await notifications.notify(occasion, [
        {
          volunteerId: duty.volunteerId,
          template: 'confirmation-request',
          subjectId: request.id,
          purpose: `confirmation-request:${request.id}:${duty.assignmentId}`,
        },
      ])
    },
  }
}
