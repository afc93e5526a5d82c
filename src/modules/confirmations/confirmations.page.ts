import { audit } from '../../platform/audit/audit.ts'
import { linkHolder } from '../../platform/auth/actor.ts'
import type { Visit } from '../../platform/auth/conspicuous.types.ts'
import { findAnyLink, holdLink, type Link, mayDo, mintLink } from '../../platform/auth/links.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { refusedBy } from '../../platform/db/errors.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import type { ConsentMode } from '../organisation/organisation.types.ts'
import type { createDecisions } from './confirmations.decisions.ts'
import { type AskedDuty, confirmationsRepository } from './confirmations.repository.ts'
import { type Answer, answeredBy, type Choice, choicesOf, hasChanged, minutesBefore } from './confirmations.rules.ts'
import type { ConfirmationsDeps } from './confirmations.service.ts'
import { createTogether } from './confirmations.together.ts'
import { pageRepository } from './page.repository.ts'

export interface PageDuty extends AskedDuty {
  choices: Choice[]
  /** Another duty than the person was told of. */
  changed: boolean
  arriveBy: Date
  /** Until when an answer can be changed. */
  cutOff: Date
  partners: { name: string; role: string }[]
  presence?: { checkedInAt: Date; checkedOutAt: Date | null; verifiedAt: Date | null } | undefined
}

/** What the holder of a link is shown. */
export interface RequestPage {
  locale: Locale
  name: string
  unitName: string
  zone: string
  mode: ConsentMode
  confirmBy: Date
  doNotContact: boolean
  /** Whom to call. */
  contact: { name: string; title: string | null; phone: string } | undefined
  duties: PageDuty[]
}

/** A link that a newer message replaced: whoever holds it learns that, and nothing else. */
export interface ReplacedPage {
  locale: Locale
  replaced: true
}

export type PageStep =
  | { kind: 'answer'; answer: Answer; staysOn: boolean | undefined }
  | { kind: 'stay'; assignmentId: string; staysOn: boolean }
  | { kind: 'stop'; stop: boolean }

const SEAT_PROMISES = ['assignments_one_live_per_slot', 'assignments_nobody_at_two_posts']
export const seatIsGone = (error: unknown): boolean => SEAT_PROMISES.includes(refusedBy(error) ?? '')

const ATTENDANCE_MS = 30 * 60_000
/** States in which there is something to check in to, or out of, or to look up afterwards. */
const ATTENDED: AskedDuty['state'][] = ['confirmed', 'serving', 'completed', 'no_show']

/** The page behind a link: what it shows, and what its buttons do. Looking changes nothing. */
export function createPages(deps: ConfirmationsDeps & ReturnType<typeof createDecisions>) {
  const { db, clock, organisation, volunteers, decide, judgeAnswer } = deps
  const sayYes = createTogether(deps)

  async function requestOf(handle: Handle, link: Link) {
    const found = await confirmationsRepository(handle).findRequest(link.subjectId)
    return found?.request.volunteerId === link.volunteerId ? found : undefined
  }

  async function dutiesOf(requestId: string, volunteerId: string, unitPath: string): Promise<PageDuty[]> {
    const now = clock.now()
    const policy = await organisation.policyOf({ path: unitPath })
    const rows = await confirmationsRepository(db).dutiesOfRequest(requestId)
    const [shiftIds, ids] = [rows.map((duty) => duty.shiftId), rows.map((duty) => duty.assignmentId)]
    const partners = Map.groupBy(await pageRepository(db).partnersOf(shiftIds, volunteerId), (row) => row.shiftId)
    const presences = new Map((await pageRepository(db).presencesOf(ids)).map((row) => [row.assignmentId, row]))
    return rows.map((duty) => ({
      ...duty,
      choices: choicesOf(duty, now, policy),
      changed: hasChanged(duty.told, duty),
      arriveBy: minutesBefore(duty.startsAt, policy.arriveBeforeMinutes),
      cutOff: minutesBefore(duty.startsAt, policy.cutOffMinutes),
      partners: partners.get(duty.shiftId) ?? [],
      presence: presences.get(duty.assignmentId),
    }))
  }

  /** What a link may do now, held until the transaction ends. */
  async function entered(tx: Tx, secret: string, requestId: string) {
    const now = clock.now()
    const link = await holdLink(tx, secret, 'confirmation', now)
    const found = link && (await requestOf(tx, link))
    if (!link || !found) return undefined
    const occasion: Occasion = { tx, actor: linkHolder(link.id, requestId), now }
    return { link, occasion, ...found }
  }

  async function noteStayOn({ tx, actor, now }: Occasion, requestId: string, duty: AskedDuty, staysOn: boolean) {
    if (!(await confirmationsRepository(tx).noteStayOn(requestId, duty.assignmentId, staysOn))) return
    await audit(tx, actor, now, {
      action: staysOn ? 'assignment.stay-on-offered' : 'assignment.stay-on-taken-back',
      subject: { type: 'assignment', id: duty.assignmentId },
    })
  }

  async function take(tx: Tx, secret: string, step: PageStep, from: Visit): Promise<boolean> {
    const entry = await entered(tx, secret, from.requestId)
    if (!entry) return false
    const { link, occasion, request, unit } = entry
    const action = step.kind === 'answer' ? step.answer.choice : step.kind
    if (!mayDo(link, action)) return true
    if (step.kind === 'stop') {
      await volunteers.stopMessages(occasion, request.volunteerId, step.stop)
      return true
    }
    const repository = confirmationsRepository(tx)
    await repository.lockRequest(request.id)
    const duties = await repository.dutiesOfRequest(request.id)
    if (step.kind === 'stay') {
      const duty = duties.find((one) => one.assignmentId === step.assignmentId && one.state === 'confirmed')
      if (duty) await noteStayOn(occasion, request.id, duty, step.staysOn)
      return true
    }
    const policy = await organisation.policyOf(unit, tx)
    const answered = answeredBy(duties, step.answer, occasion.now, policy)
    const { choice, reason } = step.answer
    const conspicuous = judgeAnswer(link, from.ip, occasion.now)
    const decision = { requestId: request.id, choice, duties: answered, reason: reason || undefined, conspicuous }
    await decide(occasion, decision)
    const wish = choice === 'confirm' ? step.staysOn : false
    for (const duty of answered) {
      if (wish !== undefined) await noteStayOn(occasion, request.id, duty, wish)
    }
    return true
  }

  return {
    entered,

    /** What the page behind a link shows; undefined for links that are unknown, expired or revoked. */
    async openPage(secret: string): Promise<RequestPage | ReplacedPage | undefined> {
      const link = await findAnyLink(db, secret, 'confirmation', clock.now())
      const found = link && (await requestOf(db, link))
      if (!link || !found) return undefined
      const { request, unit, person } = found
      if (link.replacedAt) return { locale: person.locale, replaced: true }
      return {
        locale: person.locale,
        name: person.name,
        unitName: unit.name,
        zone: unit.zone,
        mode: request.mode,
        confirmBy: request.confirmBy,
        doNotContact: person.doNotContact,
        contact: await pageRepository(db).contactOf(unit.path),
        duties: await dutiesOf(request.id, request.volunteerId, unit.path),
      }
    },

    /** Does what a button says; false for a link that is not (or no longer) good. What cannot be done changes nothing. */
    async stepOnPage(secret: string, step: PageStep, from: Visit): Promise<boolean> {
      if (step.kind === 'answer' && step.answer.choice === 'confirm') {
        // Together with others when it is as simple as it mostly is; what one of them spoils, each does alone.
        const { answer, staysOn } = step
        const fate = await sayYes({ secret, answer, staysOn, from }).catch(() => 'alone' as const)
        if (fate !== 'alone') return fate
      }
      try {
        return await db.transaction((tx) => take(tx, secret, step, from))
      } catch (error) {
        if (seatIsGone(error)) return true
        throw error
      }
    },

    /** A way to check in, out or look at the hours of a duty, for whoever got here by a short code. */
    async passToAttendance(secret: string, assignmentId: string, requestId: string): Promise<string | undefined> {
      return db.transaction(async (tx) => {
        const entry = await entered(tx, secret, requestId)
        if (!entry || !mayDo(entry.link, 'attend')) return undefined
        const duties = await confirmationsRepository(tx).dutiesOfRequest(entry.request.id)
        const duty = duties.find((one) => one.assignmentId === assignmentId && ATTENDED.includes(one.state))
        if (!duty) return undefined
        const { now } = entry.occasion
        const expiresAt = new Date(now.getTime() + ATTENDANCE_MS)
        const { volunteerId } = entry.request
        const own = await mintLink(tx, { purpose: 'attendance', subjectId: assignmentId, volunteerId, expiresAt }, now)
        return `/a/${own}`
      })
    },
  }
}
