import type { Handle } from '../../platform/db/client.ts'
import { later } from '../../time/intervals.ts'
import { instantInWords } from '../../time/words.ts'
import {
  defineTemplate,
  type Loaded,
  type MessageLink,
  type MessageRow,
  mergedSubjects,
} from '../notifications/notifications.types.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { effectivePolicy } from '../organisation/organisation.rules.ts'
import { MESSAGES } from './confirmations.message-texts.ts'
import {
  type BriefingFacts,
  briefingWords,
  type ChangedFacts,
  changedWords,
  type DutiesFacts,
  dutiesWords,
  firstStart,
  listed,
  type ReceiptFacts,
  type RequestFacts,
  receiptWords,
  requestWords,
  type UnheardFacts,
  unheardWords,
} from './confirmations.message-words.ts'
import { type AskedDuty, confirmationsRepository, type DutyRow } from './confirmations.repository.ts'
import { hasChanged, minutesBefore } from './confirmations.rules.ts'
import { PAGE_ACTIONS } from './confirmations.schemas.ts'
import { mergingRepository } from './merging.repository.ts'
import { pageRepository } from './page.repository.ts'

export const CONFIRMATION_PATH = '/c'

/** The link lives as long as the last duty, so that the page can be looked at again. */
const linkTo = (requestId: string, duties: DutyRow[]): MessageLink => ({
  purpose: 'confirmation',
  subjectId: requestId,
  expiresAt: duties.map((duty) => duty.endsAt).reduce(later),
  usefulUntil: duties.map((duty) => duty.startsAt).reduce(later),
  actions: PAGE_ACTIONS,
  path: CONFIRMATION_PATH,
})

const CHECK_OUT_LATE_MS = 12 * 3_600_000

/** Lets the holder of a duty check in and out; for a while after its end, as relief may come late. */
const checkInLink = ({ assignmentId, endsAt }: DutyRow): MessageLink => ({
  purpose: 'attendance',
  subjectId: assignmentId,
  expiresAt: new Date(endsAt.getTime() + CHECK_OUT_LATE_MS),
  path: '/a',
})

/**
 * The request a message is about. Until the message is written nobody sends the request again; what was, is no longer
 * said by a message from before.
 */
async function openRequest(handle: Handle, message: MessageRow, requestId = message.subjectId) {
  const repository = confirmationsRepository(handle)
  const held = await repository.holdRequest(requestId)
  if (!held || held.supersededAt || (held.sentAgainAt && message.createdAt < held.sentAgainAt)) return undefined
  const found = (await repository.findRequest(held.id))!
  return { ...found, all: await repository.dutiesOfRequest(held.id) }
}

/**
 * What was taken from the person since the message was first written, but for what cancels out: duties they were never
 * told of, and seats that they have again.
 */
async function takenAndTold(handle: Handle, message: MessageRow, rosterId: string, asked: Set<string>, has: DutyRow[]) {
  const since = message.since ?? message.createdAt
  const taken = await confirmationsRepository(handle).dutiesTaken(rosterId, message.volunteerId!, since)
  const seats = new Set(has.map((duty) => duty.slotId))
  return taken.filter((duty) => !asked.has(duty.assignmentId) && !seats.has(duty.slotId))
}

async function loadRequest(handle: Handle, message: MessageRow, requestId = message.subjectId) {
  const found = await openRequest(handle, message, requestId)
  if (!found) return undefined
  const { request, unit, all } = found
  const { rosterId, confirmBy, mode } = request
  const duties = all.filter((duty) => duty.state === 'pending')
  const agreed = all.filter((duty) => duty.consentId !== null && duty.state === 'confirmed')
  if (duties.length + agreed.length === 0) return undefined
  const asked = new Set(all.map((duty) => duty.assignmentId))
  const taken = await takenAndTold(handle, message, rosterId, asked, [...duties, ...agreed])
  const facts: RequestFacts = { unit, confirmBy, mode, duties, agreed, taken }
  const notAfter = duties.length > 0 ? confirmBy : firstStart(agreed)
  return { facts, link: linkTo(request.id, all), notAfter, startsAt: firstStart([...duties, ...agreed]) }
}

async function loadReminder(handle: Handle, message: MessageRow) {
  const loaded = await loadRequest(handle, message)
  return loaded && loaded.facts.duties.length > 0 ? loaded : undefined
}

const loadInState = (state: AskedDuty['state']) => async (handle: Handle, message: MessageRow) => {
  const all = await confirmationsRepository(handle).dutiesOfRequest(message.subjectId)
  const duties = all.filter((duty) => duty.state === state)
  return duties.length > 0 ? { facts: { duties }, notAfter: firstStart(duties) } : undefined
}

/** Somebody holds it, and it has not begun. */
const isAhead = ({ state, startsAt }: DutyRow, now: Date): boolean =>
  (state === 'pending' || state === 'confirmed') && startsAt > now

async function arriveBy(handle: Handle, duty: DutyRow): Promise<Date> {
  const { path } = await confirmationsRepository(handle).rosterPlace(duty.rosterId)
  const line = await organisationRepository(handle).ancestry({ path })
  return minutesBefore(duty.startsAt, effectivePolicy(line.map((unit) => unit.policy)).arriveBeforeMinutes)
}

/** The words of one kind of message in every language. */
const inAll = (name: Exclude<keyof typeof MESSAGES.zh, 'parts'>) => ({
  zh: MESSAGES.zh[name],
  en: MESSAGES.en[name],
  bo: MESSAGES.bo[name],
})

type Short = {
  [K in keyof typeof MESSAGES.zh]: (typeof MESSAGES.zh)[K] extends { short: string } ? K : never
}[keyof typeof MESSAGES.zh]

const shorts = (name: Short) => ({
  zh: MESSAGES.zh[name].short,
  en: MESSAGES.en[name].short,
  bo: MESSAGES.bo[name].short,
})

export const confirmationTemplates = {
  'confirmation-request': defineTemplate<RequestFacts>({
    load: (handle, message) => loadRequest(handle, message),
    words: requestWords,
    texts: inAll('request'),
    short: shorts('request'),
  }),
  'confirmation-reminder': defineTemplate<RequestFacts>({
    load: loadReminder,
    words: requestWords,
    texts: inAll('reminder'),
    short: shorts('reminder'),
  }),
  /** At any hour: whoever has just answered is awake, and a decision that was not theirs must not wait for the morning. */
  'confirmation-receipt': defineTemplate<ReceiptFacts>({
    urgent: true,
    elsewhere: true,
    async load(handle, message) {
      const found = await openRequest(handle, message)
      const receipt = message.params.receipt ?? ''
      const duties = found?.all.filter((duty) => duty.receipt === receipt) ?? []
      if (!found || duties.length === 0) return undefined
      return { facts: { receipt, duties }, link: linkTo(found.request.id, found.all) }
    },
    words: receiptWords,
    texts: inAll('receipt'),
    short: shorts('receipt'),
  }),
  'duties-taken': defineTemplate<DutiesFacts>({
    async load(handle, message) {
      const { assignmentIds, openIds } = await mergingRepository(handle).asked(mergedSubjects(message))
      for (const id of openIds) {
        const request = await loadRequest(handle, message, id)
        if (request) return { ...request, as: 'confirmation-request' } as unknown as Loaded<DutiesFacts>
      }
      const duties = await takenAndTold(handle, message, message.subjectId, assignmentIds, [])
      return duties.length > 0 ? { facts: { duties }, notAfter: firstStart(duties) } : undefined
    },
    words: dutiesWords,
    texts: inAll('taken'),
    short: shorts('taken'),
  }),
  /** At any hour: whoever is on the way to the old place has to hear of it. */
  'duties-changed': defineTemplate<ChangedFacts>({
    urgent: true,
    async load(handle, message, now) {
      const found = await openRequest(handle, message)
      const duties = found?.all.filter((duty) => isAhead(duty, now) && hasChanged(duty.told, duty))
      if (!found || !duties || duties.length === 0) return undefined
      return { facts: { duties }, link: linkTo(found.request.id, found.all) }
    },
    words: changedWords,
    texts: inAll('changed'),
    short: shorts('changed'),
  }),
  'duties-lapsed': defineTemplate<DutiesFacts>({
    load: loadInState('lapsed'),
    words: dutiesWords,
    texts: inAll('lapsed'),
    short: shorts('lapsed'),
  }),
  'duties-implied': defineTemplate<DutiesFacts>({
    async load(handle, message) {
      const found = await openRequest(handle, message)
      const duties = found?.all.filter((duty) => duty.state === 'confirmed') ?? []
      if (!found || duties.length === 0) return undefined
      return { facts: { duties }, link: linkTo(found.request.id, found.all), notAfter: firstStart(duties) }
    },
    words: dutiesWords,
    texts: inAll('implied'),
    short: shorts('implied'),
  }),
  'duties-unacknowledged': defineTemplate<DutiesFacts & { person: string; confirmBy: Date; zone: string }>({
    async load(handle, message) {
      const found = await confirmationsRepository(handle).findRequest(message.subjectId)
      const pending = found && (await loadInState('pending')(handle, message))
      if (!found || !pending) return undefined
      const { person, request, unit } = found
      return { facts: { ...pending.facts, person: person.name, confirmBy: request.confirmBy, zone: unit.zone } }
    },
    words: ({ duties, person, confirmBy, zone }, tongue) => ({
      duties: listed(duties, tongue),
      person,
      confirmBy: instantInWords(confirmBy, zone, tongue),
    }),
    texts: inAll('unacknowledged'),
  }),
  'duties-unheard': defineTemplate<UnheardFacts>({
    urgent: true,
    async load(handle, message, now) {
      const repository = confirmationsRepository(handle)
      const people: UnheardFacts['people'] = []
      for (const id of new Set([message.subjectId, ...mergedSubjects(message)])) {
        const found = await repository.findRequest(id)
        const duties = (await repository.dutiesOfRequest(id)).filter((duty) => isAhead(duty, now))
        if (found && duties.length > 0) people.push({ name: found.person.name, duties })
      }
      return people.length > 0 ? { facts: { people } } : undefined
    },
    words: unheardWords,
    texts: inAll('unheard'),
  }),
  'duty-reminder': defineTemplate<BriefingFacts>({
    async load(handle, message) {
      const [duty] = await confirmationsRepository(handle).dutiesOf([message.subjectId])
      if (duty?.state !== 'confirmed') return undefined
      const partners = await pageRepository(handle).partnersOf([duty.shiftId], duty.volunteerId)
      return {
        facts: { duty, arriveBy: await arriveBy(handle, duty), partners },
        link: checkInLink(duty),
        notAfter: duty.startsAt,
      }
    },
    words: briefingWords,
    texts: inAll('dutyReminder'),
    short: shorts('dutyReminder'),
  }),
}
