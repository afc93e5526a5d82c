import { audit } from '../../platform/audit/audit.ts'
import { replaceLinks } from '../../platform/auth/links.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { type Errand, schedule } from '../../platform/queue/tasks.ts'
import { earlier } from '../../time/intervals.ts'
import { spread } from '../../time/spread.ts'
import type { Merged } from '../notifications/notifications.merging.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { mergedSubjects } from '../notifications/notifications.types.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { ConsentMode, UnitPolicy } from '../organisation/organisation.types.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import { lapseRequest, remindRequest } from './confirmations.jobs.ts'
import { confirmationsRepository, type DutyRow, type NewRequest, type RequestRow } from './confirmations.repository.ts'
import { confirmDeadline, consentMode, coveredBy, reminderAt, toldOf } from './confirmations.rules.ts'
import type { Told } from './confirmations.types.ts'
import { mergingRepository } from './merging.repository.ts'
import { movedRepository } from './moved.repository.ts'
import { standingConsentsRepository } from './standing-consents.repository.ts'

/** Messages on the duties of one person in one roster, which are merged while they wait. */
export const dutiesKey = (rosterId: string) => `duties:${rosterId}`

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

interface Prepared extends NewRequest {
  id: string
  duties: DutyRow[]
}

/** Puts the question to people: request, timers, message and audit row, all in the transaction of the publication. */
export function createAsking({
  organisation,
  notifications,
  assignments,
}: {
  organisation: Organisation
  notifications: Notifications
  assignments: Assignments
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
      requests.map(({ id, confirmBy }) => errand(id, spread(reminderAt(now, confirmBy, policy), id, confirmBy))),
      now,
    )
    await schedule(
      tx,
      lapseRequest,
      requests.map(({ id, confirmBy }) => errand(id, confirmBy)),
      now,
    )
  }

  const opened = (request: { id: string; mode?: ConsentMode }, unitId: string, duties: number) => ({
    action: 'confirmation-request.opened',
    subject: { type: 'confirmation-request', id: request.id },
    unitId,
    facts: { duties, mode: request.mode ?? 'explicit' },
  })

  /** How each of these duties is asked about, and by which standing consent it needs no more asking. */
  async function grounds(handle: Handle, duties: DutyRow[], policy: UnitPolicy) {
    const repository = standingConsentsRepository(handle)
    const places = await repository.placesOf(duties.map((duty) => duty.assignmentId))
    const firstDay = [...places.values()].map((place) => place.localDay).sort()[0]
    const people = [...new Set(duties.map((duty) => duty.volunteerId))]
    const held = firstDay ? await repository.heldBy(people, firstDay) : []
    const byPerson = Map.groupBy(held, (row) => row.consent.volunteerId)
    return {
      modeOf: (duty: DutyRow): ConsentMode => consentMode(places.get(duty.assignmentId)!.personClass, policy),
      consentOf(duty: DutyRow): string | null {
        const own = (byPerson.get(duty.volunteerId) ?? []).map(({ consent, unitPath }) => ({ ...consent, unitPath }))
        return coveredBy(own, places.get(duty.assignmentId)!)?.id ?? null
      },
    }
  }

  /** What somebody has agreed to beforehand is theirs at once; the audit log names the consent. */
  async function confirmCovered(occasion: Occasion, duties: { duty: DutyRow; consentId: string | null }[]) {
    const byConsent = Map.groupBy(
      duties.filter((one) => one.consentId !== null),
      (one) => one.consentId,
    )
    for (const [consentId, covered] of byConsent) {
      const ids = covered.map((one) => one.duty.assignmentId)
      await assignments.move(occasion, {
        ids,
        to: 'confirmed',
        from: ['pending'],
        reason: `standing consent ${consentId}`,
      })
    }
  }

  const messageFor = ({ id, volunteerId }: { id: string; volunteerId: string }, purpose: string) => ({
    volunteerId,
    template: 'confirmation-request',
    subjectId: id,
    purpose,
  })

  /** Questions that were never sent are asked together with the new one; returns those whose deadline may be nearer now. */
  async function foldUnsent({ tx, now }: Occasion, merged: Merged[]): Promise<Timed[]> {
    const folded = []
    for (const [into, group] of Map.groupBy(merged, (one) => one.into.subjectId)) {
      const ids = group.flatMap(({ earlier: one }) => [one.subjectId, ...mergedSubjects(one)])
      folded.push(await mergingRepository(tx).fold(ids, into, now))
    }
    return folded.filter((one) => one !== undefined)
  }

  return {
    startTimers,

    /** One request and one message a person, whatever the version gave them. */
    async askAll(occasion: Occasion, rosterId: string, versionNumber: number, duties: DutyRow[]): Promise<void> {
      const { tx, actor, now } = occasion
      const repository = confirmationsRepository(tx)
      const unit = await repository.rosterPlace(rosterId)
      const policy = await organisation.policyOf(unit, tx)
      const { modeOf, consentOf } = await grounds(tx, duties, policy)
      const requests = [...Map.groupBy(duties, (duty) => duty.volunteerId)].map(
        ([volunteerId, own]): Prepared => ({
          id: newId(),
          rosterId,
          versionNumber,
          volunteerId,
          mode: modeOf(own[0]!),
          confirmBy: deadlineOf(own, now, policy),
          createdAt: now,
          duties: own,
        }),
      )
      const items = requests.flatMap(({ id, duties: own }) =>
        own.map((duty) => ({ requestId: id, duty, consentId: consentOf(duty) })),
      )
      await repository.insertRequests(
        requests.map(({ duties: _, ...row }) => row),
        items.map(({ requestId, duty, consentId }) => ({
          requestId,
          assignmentId: duty.assignmentId,
          told: toldOf(duty),
          consentId,
        })),
      )
      await audit(tx, actor, now, ...requests.map((request) => opened(request, unit.unitId, request.duties.length)))
      await confirmCovered(occasion, items)
      const open = new Set(items.filter((one) => one.consentId === null).map((one) => one.requestId))
      await startTimers(
        occasion,
        requests.filter((request) => open.has(request.id)),
        policy,
      )
      // Those who also lose a duty hear of it in the same message.
      const mergeKey = dutiesKey(rosterId)
      const merged = await notifications.notify(
        occasion,
        requests.map((request) => ({ ...messageFor(request, `confirmation-request:${request.id}`), mergeKey })),
      )
      await startTimers(occasion, await foldUnsent(occasion, merged), policy)
    },

    /** A seat given by hand after publication: asked beside what the person was asked for this version. */
    async askOne(occasion: Occasion, duty: DutyRow): Promise<void> {
      const { tx, actor, now } = occasion
      const repository = confirmationsRepository(tx)
      const unit = await repository.rosterPlace(duty.rosterId)
      const policy = await organisation.policyOf(unit, tx)
      const { modeOf, consentOf } = await grounds(tx, [duty], policy)
      const consentId = consentOf(duty)
      const row = {
        id: newId(),
        rosterId: duty.rosterId,
        versionNumber: unit.publishedVersion,
        volunteerId: duty.volunteerId,
        mode: modeOf(duty),
        confirmBy: deadlineOf([duty], now, policy),
        createdAt: now,
      }
      const { assignmentId } = duty
      const request = await repository.joinRequest(row, { assignmentId, told: toldOf(duty), consentId })
      await audit(tx, actor, now, opened(request, unit.unitId, 1))
      await confirmCovered(occasion, [{ duty, consentId }])
      if (consentId === null) await startTimers(occasion, [request], policy)
      const purpose = `confirmation-request:${request.id}:${assignmentId}:${duty.version}`
      const mergeKey = dutiesKey(duty.rosterId)
      const merged = await notifications.notify(occasion, [{ ...messageFor(request, purpose), mergeKey }])
      await startTimers(occasion, await foldUnsent(occasion, merged), policy)
    },

    /**
     * A duty was moved: under the question it was asked by, its holder hears in one message what it was and what it is,
     * and answers anew; a consent given beforehand to all there still holds.
     */
    async askMoved(occasion: Occasion, duty: DutyRow, was: Told): Promise<void> {
      const { tx, actor, now } = occasion
      const { assignmentId, volunteerId, rosterId } = duty
      const moved = movedRepository(tx)
      const unit = await confirmationsRepository(tx).rosterPlace(rosterId)
      const policy = await organisation.policyOf(unit, tx)
      const { modeOf, consentOf } = await grounds(tx, [duty], policy)
      const consentId = consentOf(duty)
      const confirmBy = deadlineOf([duty], now, policy)
      const row = { id: newId(), rosterId, versionNumber: unit.publishedVersion, volunteerId, createdAt: now }
      const request = await moved.reopen({ ...row, mode: modeOf(duty), confirmBy }, duty, { told: was, consentId })
      await audit(tx, actor, now, opened(request, unit.unitId, 1))
      await confirmCovered(occasion, [{ duty, consentId }])
      if (consentId === null) await startTimers(occasion, [request], policy)
      // A question that has not gone out yet tells the new time by itself.
      if (await moved.isUnsent(request.id)) return moved.setTold(request.id, assignmentId, toldOf(duty))
      const merged = await notifications.notify(occasion, [
        {
          volunteerId,
          template: 'duties-changed',
          subjectId: request.id,
          purpose: `duties-changed:${request.id}:${assignmentId}:${duty.version}`,
          mergeKey: `duties-changed:${request.id}`,
        },
      ])
      if (merged.length === 0) await moved.setTold(request.id, assignmentId, was)
    },

    /** The same question once more. Messages and ways in from before end; what they lead to says so. */
    async askAgain(occasion: Occasion, request: RequestRow, unitId: string, reason?: string): Promise<void> {
      const { tx, actor, now } = occasion
      await replaceLinks(tx, 'confirmation', request.id, now)
      await confirmationsRepository(tx).setRequest(request.id, { sentAgainAt: now })
      await audit(tx, actor, now, {
        action: 'confirmation-request.sent-again',
        subject: { type: 'confirmation-request', id: request.id },
        unitId,
        reason,
      })
      await notifications.notify(occasion, [
        messageFor(request, `confirmation-request:${request.id}:again:${now.getTime()}`),
      ])
    },
  }
}
