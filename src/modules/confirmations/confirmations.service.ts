import { eq, isNotNull, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { JudgeAnswer } from '../../platform/auth/conspicuous.ts'
import type { Foundations } from '../../platform/context.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { spread } from '../../time/spread.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type {
  assignmentSeated,
  assignmentsMoved,
  assignmentsRescheduled,
  rosterPublished,
} from '../rosters/rosters.events.ts'
import type { Volunteers } from '../volunteers/volunteers.service.ts'
import { createAsking, dutiesKey, takenPurpose } from './confirmations.asking.ts'
import { createChanges } from './confirmations.changes.ts'
import { createDeadlines } from './confirmations.deadlines.ts'
import { createDecisions, STATE_AFTER } from './confirmations.decisions.ts'
import { createFollowing } from './confirmations.following.ts'
import { createLinkDesk } from './confirmations.links.ts'
import { createPages, seatIsGone } from './confirmations.page.ts'
import { confirmationsProblems } from './confirmations.problems.ts'
import { confirmationsRepository, type DutyRow, type RequestRow } from './confirmations.repository.ts'
import { type Choice, dutyReminderAt, toldOf } from './confirmations.rules.ts'
import type { ConfirmationRequestList } from './confirmations.schemas.ts'
import { confirmationItems, confirmationRequests } from './confirmations.tables.ts'
import { createUnheard } from './confirmations.unheard.ts'
import { answeredView, requestView } from './confirmations.views.ts'
import { anyAnswer, anyItem, requestsRepository } from './requests.repository.ts'
import { createConsentPages } from './standing-consents.page.ts'
import { createStandingConsents } from './standing-consents.service.ts'
import { createStopping } from './stop-messages.service.ts'

export type Confirmations = ReturnType<typeof createConfirmations>

export interface ConfirmationsDeps extends Foundations {
  organisation: Organisation
  volunteers: Volunteers
  notifications: Notifications
  assignments: Assignments
  judgeAnswer: JudgeAnswer
}

const conspicuousIs = (so: boolean) => (so ? isNotNull : isNull)(confirmationItems.conspicuous)

/** A duty that was moved is reminded of anew. */
const reminderPurpose = (assignmentId: string, startsAt: Date) => `duty-reminder:${assignmentId}:${startsAt.getTime()}`

/**
 * The question to people and their answers. Promises: everybody a version gave duties to is asked once, silence never
 * means yes, looking changes nothing, an answer can be changed until the cut-off, and a decline is taken back only
 * while the seat is free.
 */
export function createConfirmations(deps: ConfirmationsDeps) {
  const { db, clock, organisation, notifications } = deps
  const asking = createAsking(deps)
  const { follow, followUp } = createFollowing(deps)
  const { decide } = createDecisions({ ...deps, follow })
  const pages = createPages({ ...deps, decide })
  const standing = createStandingConsents(deps)
  const linkDesk = createLinkDesk({ ...deps, asking })

  async function remindOfDuties({ tx, actor, now }: Occasion, duties: DutyRow[]): Promise<void> {
    const policies = new Map<string, Awaited<ReturnType<Organisation['policyOf']>>>()
    for (const { rosterId } of duties) {
      if (policies.has(rosterId)) continue
      const unit = await confirmationsRepository(tx).rosterPlace(rosterId)
      policies.set(rosterId, await organisation.policyOf(unit, tx))
    }
    const reminders = duties.flatMap((duty) => {
      const { assignmentId, volunteerId, rosterId, source } = duty
      const briefing = dutyReminderAt(now, duty, policies.get(rosterId)!)
      // Whoever has just taken an offer is told all of it in the receipt.
      if (!briefing || (source === 'cascade' && briefing <= now)) return []
      const sendAfter = briefing > now ? spread(briefing, assignmentId, duty.startsAt) : now
      const purpose = reminderPurpose(assignmentId, duty.startsAt)
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
      mergeKey: dutiesKey(duty!.rosterId),
    }))
    await notifications.notify(occasion, told)
    await confirmationsRepository(occasion.tx).supersedeEmpty(
      duties.map((duty) => duty.assignmentId),
      occasion.now,
    )
  }

  /** What was decided is what the person has said to an organizer as well. */
  async function vouch({ tx, actor, now }: Occasion, assignmentId: string, reason: string | undefined): Promise<void> {
    if (!(await requestsRepository(tx).vouch(assignmentId))) return
    const subject = { type: 'assignment', id: assignmentId }
    await audit(tx, actor, now, { action: 'assignment.answer-vouched-for', subject, reason })
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
        const requestId = await repository.requestOf(id)
        const [moved] = await decide(occasion, { requestId, choice, duties: [duty!], reason })
        if (moved) return answeredView(moved)
        const [after] = await repository.assignment(id)
        if (after!.state !== STATE_AFTER[choice]) throw confirmationsProblems.cannotAnswer(choice, after!.state)
        await vouch(occasion, id, reason)
        return answeredView(after!)
      })
      .catch((error) => {
        throw seatIsGone(error) ? confirmationsProblems.seatTaken() : error
      })

  return {
    ...pages,
    ...createDeadlines(deps),
    ...createChanges(deps),
    ...linkDesk,
    ...standing,
    ...createStopping(deps),
    ...createConsentPages({ ...deps, pages, standing }),
    followUp,

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

    /** Reaction, before all others: what is still to follow from a yes comes before what follows from its end. */
    async beforeAssignmentsMoved({ moves }: z.output<typeof assignmentsMoved.payload>, occasion: Occasion) {
      const held = moves.filter((move) => move.from === 'confirmed').map((move) => move.assignmentId)
      if (held.length > 0) await follow(occasion, held)
    },

    /** Reaction: reminds who has confirmed, and tells who has lost a duty. */
    async onAssignmentsMoved(payload: z.output<typeof assignmentsMoved.payload>, occasion: Occasion): Promise<void> {
      const taken = payload.to === 'cancelled' || payload.to === 'replaced'
      if (!taken && payload.to !== 'confirmed') return
      const ids = payload.moves.map((move) => move.assignmentId)
      const duties = await confirmationsRepository(occasion.tx).dutiesOf(ids)
      if (taken) return tellTaken(occasion, duties)
      await remindOfDuties(
        occasion,
        duties.filter((duty) => duty.state === 'confirmed'),
      )
    },

    /** Reaction: a seat given outside a publication is asked about, or reminded of when it is confirmed already. */
    async onAssignmentSeated(payload: z.output<typeof assignmentSeated.payload>, occasion: Occasion): Promise<void> {
      const [duty] = await confirmationsRepository(occasion.tx).dutiesOf([payload.assignmentId])
      if (duty?.state === 'pending') return asking.askOne(occasion, duty)
      if (duty?.state === 'confirmed') return remindOfDuties(occasion, [duty])
    },

    onMessageFailed: createUnheard(deps),

    /** Reaction: who holds a duty that was moved is told and asked anew; the reminder of the old time goes. */
    async onAssignmentsRescheduled({ moves }: z.output<typeof assignmentsRescheduled.payload>, occasion: Occasion) {
      const wasOf = new Map(moves.map((move) => [move.assignmentId, move.was]))
      for (const duty of await confirmationsRepository(occasion.tx).dutiesOf([...wasOf.keys()])) {
        const { startsAt, endsAt: _end, post, ...was } = wasOf.get(duty.assignmentId)!
        const place = post && { postName: post.name, postAddress: post.address }
        await notifications.withdraw(occasion, [duty.volunteerId], reminderPurpose(duty.assignmentId, startsAt))
        await asking.askMoved(occasion, duty, { ...toldOf(duty), ...was, ...place })
      }
    },

    confirm: (actor: Actor, id: string, reason?: string) => onBehalf(actor, id, 'confirm', reason),
    decline: (actor: Actor, id: string, reason?: string) => onBehalf(actor, id, 'decline', reason),

    sendAgain: async (actor: Actor, id: string, reason?: string) => {
      const { request, answers } = await linkDesk.sendAgain(actor, id, reason)
      return requestView(request, answers)
    },

    async listRequests(actor: Actor, query: z.output<typeof ConfirmationRequestList>) {
      const repository = requestsRepository(db)
      const rows = await repository.listRequests(
        [
          withinPath(actor.unitPath),
          query.rosterId ? eq(confirmationRequests.rosterId, query.rosterId) : undefined,
          query.volunteerId ? eq(confirmationRequests.volunteerId, query.volunteerId) : undefined,
          query.answer ? anyAnswer(db, query.answer) : undefined,
          query.receipt ? anyItem(db, eq(confirmationItems.receipt, query.receipt.toUpperCase())) : undefined,
          query.conspicuous === undefined ? undefined : anyItem(db, conspicuousIs(query.conspicuous)),
          query.staysOn === undefined ? undefined : anyItem(db, eq(confirmationItems.staysOn, query.staysOn)),
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
