import type { Handle } from '../../platform/db/client.ts'
import { LOCALES, type Locale } from '../../platform/texts/catalogue.ts'
import { instantInWords, periodInWords, type Tongue } from '../../time/words.ts'
import {
  defineTemplate,
  type MessageLink,
  type MessageRow,
  type MessageText,
} from '../notifications/notifications.types.ts'
import { type HandoverAt, handoversRepository } from './handovers.repository.ts'
import { isMissed } from './handovers.rules.ts'
import { TEXTS, type Texts } from './handovers.texts.ts'
import type { CrewMember } from './handovers.types.ts'

export const HANDOVER_PATH = '/h'
/** So long after its time a handover can be looked at and signed. */
const PAGE_OPEN_MS = 7 * 86_400_000

interface Facts {
  handover: HandoverAt
}

interface EmptyFacts {
  post: string
  shift: { startLocal: string; endLocal: string; startsAt: Date; endsAt: Date }
}

const linkTo = ({ id, plannedAt }: HandoverAt): MessageLink => ({
  purpose: 'handover',
  subjectId: id,
  expiresAt: new Date(plannedAt.getTime() + PAGE_OPEN_MS),
  path: HANDOVER_PATH,
})

const textsOf = (name: keyof Texts['messages']) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, TEXTS[locale].messages[name]])) as Record<Locale, MessageText>

const shortOf = (name: keyof Texts['shorts']) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, TEXTS[locale].shorts[name]])) as Record<Locale, string>

const namesOf = (crew: CrewMember[], tongue: Tongue): string =>
  crew.map((member) => member.name).join(tongue === 'zh' ? '、' : ', ') || TEXTS[tongue].nobody

const words = ({ handover }: Facts, tongue: Tongue) => ({
  post: handover.postName,
  planned: instantInWords(handover.plannedAt, handover.zone, tongue),
  outgoing: namesOf(handover.outgoingCrew, tongue),
  incoming: namesOf(handover.incomingCrew, tongue),
})

/** Said only as long as it is so. */
const aslongAs = (wanted: (handover: HandoverAt) => boolean) => async (handle: Handle, message: MessageRow) => {
  const handover = await handoversRepository(handle).find(message.subjectId)
  if (!handover || !wanted(handover)) return undefined
  return { facts: { handover }, ...(message.volunteerId ? { link: linkTo(handover) } : {}) }
}

/** The way in for somebody who was to relieve: their own page, to check in. */
async function loadMissed(handle: Handle, message: MessageRow) {
  const handover = await handoversRepository(handle).find(message.subjectId)
  const member = handover?.incomingCrew.find((one) => one.volunteerId === message.volunteerId)
  if (!handover || !isMissed(handover) || member?.state !== 'confirmed') return undefined
  const expiresAt = new Date(handover.plannedAt.getTime() + PAGE_OPEN_MS)
  const link = { purpose: 'attendance' as const, subjectId: member.assignmentId, expiresAt, path: '/a' }
  return { facts: { handover }, link }
}

export const handoversTemplates = {
  'handover-due': defineTemplate<Facts>({
    urgent: true,
    load: aslongAs((handover) => handover.outgoingSignedAt === null),
    words,
    texts: textsOf('due'),
    short: shortOf('due'),
  }),
  'handover-to-sign': defineTemplate<Facts>({
    urgent: true,
    load: aslongAs((handover) => handover.outgoingSignedAt !== null && handover.incomingSignedAt === null),
    words,
    texts: textsOf('toSign'),
    short: shortOf('toSign'),
  }),
  'relief-missing': defineTemplate<Facts>({
    urgent: true,
    load: loadMissed,
    words,
    texts: textsOf('reliefMissing'),
    short: shortOf('reliefMissing'),
  }),
  'relief-missing-crew': defineTemplate<Facts>({
    urgent: true,
    load: aslongAs(isMissed),
    words,
    texts: textsOf('reliefMissingCrew'),
    short: shortOf('reliefMissingCrew'),
  }),
  'relief-missing-unit': defineTemplate<Facts>({
    urgent: true,
    load: aslongAs(isMissed),
    words,
    texts: textsOf('reliefMissingUnit'),
  }),
  'post-empty': defineTemplate<EmptyFacts>({
    urgent: true,
    async load(handle, message, now) {
      const repository = handoversRepository(handle)
      const found = await repository.findShift(message.subjectId)
      if (!found || found.shift.endsAt <= now || (await repository.isManned(found.shift.postId))) return undefined
      return { facts: { post: found.postName, shift: found.shift } }
    },
    words: ({ post, shift }, tongue) => ({ post, period: periodInWords(shift, tongue) }),
    texts: textsOf('postEmpty'),
  }),
}
