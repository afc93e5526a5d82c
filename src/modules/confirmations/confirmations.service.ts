import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { type Actor, linkHolder, worker } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { findLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { refusedBy } from '../../platform/db/errors.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { tongueOf } from '../../platform/texts/catalogue.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { assignmentSeated, assignmentsMoved, rosterPublished } from '../rosters/rosters.events.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import { createAsking, takenPurpose } from './confirmations.asking.ts'
import { lapseRequest, remindRequest } from './confirmations.jobs.ts'
import { confirmationsProblems } from './confirmations.problems.ts'
import { anyAnswer, confirmationsRepository, type DutyRow, type RequestRow } from './confirmations.repository.ts'
import { type Answer, answeredBy, type Choice, choicesOf, dutyReminderAt } from './confirmations.rules.ts'
import type { ConfirmationRequestList } from './confirmations.schemas.ts'
import { confirmationRequests } from './confirmations.tables.ts'
import { answeredView, requestView } from './confirmations.views.ts'

export type Confirmations = ReturnType<typeof createConfirmations>

export interface ConfirmationsDeps extends Foundations {
  organisation: Organisation
  notifications: Notifications
  assignments: Assignments
}

/** What the holder of a link is shown. */
export interface RequestPage {
  locale: 'zh' | 'en'
  name: string
  unitName: string
  zone: string
  confirmBy: Date
  duties: (DutyRow & { choices: Choice[] })[]
}

const STATE_AFTER: Record<Choice, AssignmentState> = { confirm: 'confirmed', decline: 'declined' }
const SEAT_PROMISES = ['assignments_one_live_per_slot', 'assignments_nobody_at_two_posts']
const seatIsGone = (error: unknown): boolean => SEAT_PROMISES.includes(refusedBy(error) ?? '')

/**
 * The question to people and their answers. Promises: everybody a version gave duties to is asked once, silence never
 * means yes, looking changes nothing, an answer can be changed until the cut-off, and a decline is taken back only
 * while the seat is free.
 */
export function createConfirmations(deps: ConfirmationsDeps) {
  const { db, clock, organisation, notifications, assignments } = deps
  const asking = createAsking(deps)

  async function remindOfDuties({ tx, actor, now }: Occasion, duties: DutyRow[]): Promise<void> {
    const policies = new Map<string, Awaited<ReturnType<Organisation['policyOf']>>>()
    for (const { rosterId } of duties) {
      if (policies.has(rosterId)) continue
      const unit = await confirmationsRepository(tx).rosterPlace(rosterId)
      policies.set(rosterId, await organisation.policyOf(unit, tx))
    }
    const reminders = duties.flatMap(({ assignmentId, volunteerId, rosterId, startsAt, source }) => {
      const sendAfter = dutyReminderAt(now, startsAt, policies.get(rosterId)!)
      // Whoever has just taken an offer is told all of it in the receipt.
      if (!sendAfter || (source === 'cascade' && sendAfter <= now)) return []
      const purpose = `duty-reminder:${assignmentId}`
      return [{ volunteerId, template: 'duty-reminder', subjectId: assignmentId, purpose, sendAfter }]
    })
    await notifications.notify({ tx, actor, now }, reminders)
  }

  async function tellTaken(occasion: Occasion, duties: DutyRow[]): Promise<void> {
    const people = Map.groupBy(duties, (duty) => `${duty.rosterId} ${duty.volunteerId}`)
    const told = [...people.values()].map(([duty]) => ({
      volunteerId: duty!.volunteerId,
      template: 'duties-taken',
      subjectId: duty!.rosterId,
      purpose: takenPurpose(duty!.rosterId, occasion.now),
    }))
    await notifications.notify(occasion, told)
    await confirmationsRepository(occasion.tx).supersedeEmpty(
      duties.map((duty) => duty.assignmentId),
      occasion.now,
    )
  }

  async function openRequest(handle: Handle, secret: string, now: Date) {
    const link = await findLink(handle, secret, 'confirmation', now)
    const found = link && (await confirmationsRepository(handle).findRequest(link.subjectId))
    return found?.request.volunteerId === link?.volunteerId && found ? { link: link!, ...found } : undefined
  }

  /** Moves duties from the states they were seen in, so that of two answers to one question the first one holds. */
  async function decide(occasion: Occasion, choice: Choice, duties: DutyRow[], reason?: string) {
    const takenBack = duties.filter((duty) => duty.state === 'declined').map((duty) => duty.slotId)
    if (takenBack.length > 0) await confirmationsRepository(occasion.tx).lockSlots(takenBack)
    const moved = []
    for (const [state, group] of Map.groupBy(duties, (duty) => duty.state)) {
      const ids = group.map((duty) => duty.assignmentId)
      const declineReason = choice === 'decline' ? reason : undefined
      const move = { ids, to: STATE_AFTER[choice], from: [state], reason, declineReason }
      moved.push(...(await assignments.move(occasion, move)))
    }
    return moved
  }

  async function answerLink(tx: Tx, secret: string, answer: Answer, requestId: string): Promise<boolean> {
    const now = clock.now()
    const found = await openRequest(tx, secret, now)
    if (!found) return false
    const repository = confirmationsRepository(tx)
    await repository.lockRequest(found.request.id)
    const duties = await repository.dutiesOfRequest(found.request.id)
    const policy = await organisation.policyOf(found.unit, tx)
    const occasion = { tx, actor: linkHolder(found.link.id, requestId), now }
    await decide(occasion, answer.choice, answeredBy(duties, answer, now, policy), answer.reason || undefined)
    return true
  }

  /** An organizer writes down what a person has said; the cut-off is for links, not for them. */
  const onBehalf = (actor: Actor, id: string, choice: Choice, reason: string | undefined) =>
    db
      .transaction(async (tx) => {
        const repository = confirmationsRepository(tx)
        const [duty] = await repository.dutiesOf([id])
        const place = duty && (await repository.rosterPlace(duty.rosterId))
        assertCovers(actor, place?.path, () => confirmationsProblems.assignmentUnknown(id))
        const occasion = { tx, actor, now: clock.now() }
        const [moved] = await decide(occasion, choice, [duty!], reason)
        if (moved) return answeredView(moved)
        const [after] = await repository.assignment(id)
        if (after!.state === STATE_AFTER[choice]) return answeredView(after!)
        throw confirmationsProblems.cannotAnswer(choice, after!.state)
      })
      .catch((error) => {
        throw seatIsGone(error) ? confirmationsProblems.seatTaken() : error
      })

  async function stillPending(
    tx: Tx,
    requestId: string,
  ): Promise<{ request: RequestRow; duties: DutyRow[] } | undefined> {
    const repository = confirmationsRepository(tx)
    const request = await repository.lockRequest(requestId)
    if (!request || request.supersededAt) return undefined
    const duties = (await repository.dutiesOfRequest(requestId)).filter((duty) => duty.state === 'pending')
    return duties.length > 0 ? { request, duties } : undefined
  }

  return {
    /** Reaction: asks everybody to whom a published version gave duties. */
    async onRosterPublished(payload: z.output<typeof rosterPublished.payload>, occasion: Occasion): Promise<void> {
      const duties = await confirmationsRepository(occasion.tx).dutiesOf(payload.seatedIds)
      const pending = duties.filter((duty) => duty.state === 'pending')
      await asking.askAll(occasion, payload.rosterId, payload.versionNumber, pending)
      await remindOfDuties(
        occasion,
        duties.filter((duty) => duty.state === 'confirmed'),
      )
    },

    /** Reaction: reminds who has confirmed, and tells who has lost a duty. */
    async onAssignmentsMoved(payload: z.output<typeof assignmentsMoved.payload>, occasion: Occasion): Promise<void> {
      const taken = payload.to === 'cancelled' || payload.to === 'replaced'
      if (!taken && payload.to !== 'confirmed') return
      const ids = payload.moves.map((move) => move.assignmentId)
      const duties = await confirmationsRepository(occasion.tx).dutiesOf(ids)
      await (taken ? tellTaken(occasion, duties) : remindOfDuties(occasion, duties))
    },

    /** Reaction: a seat given outside a publication is asked about, or reminded of when it is confirmed already. */
    async onAssignmentSeated(payload: z.output<typeof assignmentSeated.payload>, occasion: Occasion): Promise<void> {
      const [duty] = await confirmationsRepository(occasion.tx).dutiesOf([payload.assignmentId])
      if (duty?.state === 'pending') return asking.askOne(occasion, duty)
      if (duty?.state === 'confirmed') return remindOfDuties(occasion, [duty])
    },

    /** Reminds a person of what is still unanswered, once. */
    async remind(requestId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const open = await stillPending(tx, requestId)
        if (!open || open.request.remindedAt || now >= open.request.confirmBy) return
        await confirmationsRepository(tx).markReminded(requestId, now)
        await notifications.notify({ tx, actor: worker(remindRequest.name), now }, [
          {
            volunteerId: open.request.volunteerId,
            template: 'confirmation-reminder',
            subjectId: requestId,
            purpose: `confirmation-reminder:${requestId}:${open.request.confirmBy.getTime()}`,
          },
        ])
      })
    },

    /** Silence is no yes: at the deadline what is unanswered lapses, which leaves gaps. */
    async lapse(requestId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const open = await stillPending(tx, requestId)
        if (!open) return
        const { confirmBy, volunteerId } = open.request
        if (now < confirmBy) {
          return schedule(tx, lapseRequest, { payload: { requestId }, key: requestId, dueAt: confirmBy }, now)
        }
        const occasion = { tx, actor: worker(lapseRequest.name), now }
        const ids = open.duties.map((duty) => duty.assignmentId)
        await assignments.move(occasion, { ids, to: 'lapsed', from: ['pending'], reason: 'no answer by the deadline' })
        const purpose = `duties-lapsed:${requestId}:${confirmBy.getTime()}`
        await notifications.notify(occasion, [
          { volunteerId, template: 'duties-lapsed', subjectId: requestId, purpose },
        ])
      })
    },

    /** What the page behind a link shows; undefined for links that are unknown, expired or revoked. Changes nothing. */
    async openPage(secret: string): Promise<RequestPage | undefined> {
      const now = clock.now()
      const found = await openRequest(db, secret, now)
      if (!found) return undefined
      const { request, unit, person } = found
      const policy = await organisation.policyOf(unit)
      const duties = await confirmationsRepository(db).dutiesOfRequest(request.id)
      return {
        locale: tongueOf(person.locale),
        name: person.name,
        unitName: unit.name,
        zone: unit.zone,
        confirmBy: request.confirmBy,
        duties: duties.map((duty) => ({ ...duty, choices: choicesOf(duty, now, policy) })),
      }
    },

    /** Takes an answer; false for a dead link. What cannot be done (any more) changes nothing: the page tells. */
    async answerPage(secret: string, answer: Answer, requestId: string): Promise<boolean> {
      try {
        return await db.transaction((tx) => answerLink(tx, secret, answer, requestId))
      } catch (error) {
        if (seatIsGone(error)) return true
        throw error
      }
    },

    confirm: (actor: Actor, id: string, reason?: string) => onBehalf(actor, id, 'confirm', reason),
    decline: (actor: Actor, id: string, reason?: string) => onBehalf(actor, id, 'decline', reason),

    async listRequests(actor: Actor, query: z.output<typeof ConfirmationRequestList>) {
      const repository = confirmationsRepository(db)
      const rows = await repository.listRequests(
        [
          withinPath(actor.unitPath),
          query.rosterId ? eq(confirmationRequests.rosterId, query.rosterId) : undefined,
          query.volunteerId ? eq(confirmationRequests.volunteerId, query.volunteerId) : undefined,
          query.answer ? anyAnswer(db, query.answer) : undefined,
        ],
        keyset(
          query,
          { createdAt: confirmationRequests.createdAt, confirmBy: confirmationRequests.confirmBy },
          confirmationRequests.id,
        ),
      )
      const requests = rows.map((row) => row.request)
      const answers = Map.groupBy(await repository.answersOf(requests.map((row) => row.id)), (row) => row.requestId)
      return toPage(
        query,
        requests,
        (row: RequestRow, sort) => (sort === 'confirmBy' ? row.confirmBy : row.createdAt),
        (row) => requestView(row, answers.get(row.id) ?? []),
      )
    },
  }
}
