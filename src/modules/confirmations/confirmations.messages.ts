import type { Handle } from '../../platform/db/client.ts'
import { earlier, later } from '../../time/intervals.ts'
import { instantInWords, periodInWords, type Tongue } from '../../time/words.ts'
import { defineTemplate, type MessageLink, type MessageRow } from '../notifications/notifications.types.ts'
import { confirmationsRepository, type DutyRow } from './confirmations.repository.ts'

interface RequestFacts {
  unit: { name: string; zone: string }
  confirmBy: Date
  duties: DutyRow[]
  /** Taken from the person by the same publication. */
  taken: DutyRow[]
}

export interface DutiesFacts {
  duties: DutyRow[]
}

export const CONFIRMATION_PATH = '/c'

export const dutyInWords = (duty: DutyRow, tongue: Tongue): string =>
  [periodInWords(duty, tongue), duty.postName, duty.role].join(tongue === 'zh' ? '，' : ', ')

const firstStart = (duties: DutyRow[]): Date => duties.map((duty) => duty.startsAt).reduce(earlier)

const listed = (duties: DutyRow[], tongue: Tongue): string =>
  duties.map((duty) => `- ${dutyInWords(duty, tongue)}`).join('\n')

/** The link lives as long as the last duty, so that the page can be looked at again. */
const linkTo = (requestId: string, duties: DutyRow[]): MessageLink => ({
  purpose: 'confirmation',
  subjectId: requestId,
  expiresAt: duties.map((duty) => duty.endsAt).reduce(later),
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

async function loadRequest(handle: Handle, message: MessageRow) {
  const repository = confirmationsRepository(handle)
  const found = await repository.findRequest(message.subjectId)
  if (!found || found.request.supersededAt) return undefined
  const all = await repository.dutiesOfRequest(found.request.id)
  const { rosterId, volunteerId, confirmBy } = found.request
  const taken = await repository.dutiesTaken(rosterId, volunteerId, message.createdAt)
  const duties = all.filter((duty) => duty.state === 'pending')
  if (duties.length === 0) return undefined
  const facts: RequestFacts = { unit: found.unit, confirmBy, duties, taken }
  return { facts, link: linkTo(found.request.id, all), notAfter: confirmBy }
}

const TAKEN = { zh: '以下值班已取消：', en: 'No longer yours:' }

const requestWords = ({ unit, confirmBy, duties, taken }: RequestFacts, tongue: Tongue) => ({
  unit: unit.name,
  duties: listed(duties, tongue),
  taken: taken.length > 0 ? `\n\n${TAKEN[tongue]}\n${listed(taken, tongue)}` : '',
  confirmBy: instantInWords(confirmBy, unit.zone, tongue),
})

const dutiesWords = ({ duties }: DutiesFacts, tongue: Tongue) => ({ duties: listed(duties, tongue) })

export const confirmationTemplates = {
  'confirmation-request': defineTemplate<RequestFacts>({
    load: loadRequest,
    words: requestWords,
    texts: {
      zh: {
        subject: '请确认您的值班',
        text: '{name}您好，{unit}为您安排了以下值班：\n{duties}{taken}\n\n请在{confirmBy}前确认或谢绝，无需说明理由：\n{link}',
      },
      en: {
        subject: 'Please confirm your duty',
        text: 'Hello {name}, {unit} asks you to stand these duties:\n{duties}{taken}\n\nPlease confirm or decline by {confirmBy}; no reason is needed:\n{link}',
      },
    },
  }),
  'confirmation-reminder': defineTemplate<RequestFacts>({
    load: loadRequest,
    words: requestWords,
    texts: {
      zh: {
        subject: '提醒：请确认您的值班',
        text: '{name}您好，以下值班还在等您的答复：\n{duties}\n\n{confirmBy}之后名额将转给候补。请打开链接答复：\n{link}',
      },
      en: {
        subject: 'Reminder: please confirm your duty',
        text: 'Hello {name}, these duties still wait for your answer:\n{duties}\n\nAfter {confirmBy} they pass to the reserve. Please answer here:\n{link}',
      },
    },
  }),
  'duties-taken': defineTemplate<DutiesFacts>({
    async load(handle, message) {
      const { subjectId: rosterId, volunteerId, createdAt } = message
      const duties = await confirmationsRepository(handle).dutiesTaken(rosterId, volunteerId!, createdAt)
      return duties.length > 0 ? { facts: { duties }, notAfter: firstStart(duties) } : undefined
    },
    words: dutiesWords,
    texts: {
      zh: { subject: '值班已取消', text: '{name}您好，以下值班已取消，您无需前来：\n{duties}' },
      en: {
        subject: 'Duty cancelled',
        text: 'Hello {name}, these duties are no longer yours; there is nothing you need to do:\n{duties}',
      },
    },
  }),
  'duties-lapsed': defineTemplate<DutiesFacts>({
    async load(handle, message) {
      const all = await confirmationsRepository(handle).dutiesOfRequest(message.subjectId)
      const duties = all.filter((duty) => duty.state === 'lapsed')
      return duties.length > 0 ? { facts: { duties }, notAfter: firstStart(duties) } : undefined
    },
    words: dutiesWords,
    texts: {
      zh: { subject: '值班已转候补', text: '{name}您好，未收到您的答复，以下值班已转给候补，您无需前来：\n{duties}' },
      en: {
        subject: 'Duty passed to the reserve',
        text: 'Hello {name}, as we have not heard from you, these duties were passed to the reserve; you need not come:\n{duties}',
      },
    },
  }),
  'duty-reminder': defineTemplate<DutiesFacts>({
    async load(handle, message) {
      const [duty] = await confirmationsRepository(handle).dutiesOf([message.subjectId])
      if (duty?.state !== 'confirmed') return undefined
      return { facts: { duties: [duty] }, link: checkInLink(duty), notAfter: duty.startsAt }
    },
    words: dutiesWords,
    texts: {
      zh: {
        subject: '值班提醒',
        text: '{name}您好，您的值班快到了：\n{duties}\n\n到岗后请在此签到，离岗时签退：\n{link}',
      },
      en: {
        subject: 'Your duty is near',
        text: 'Hello {name}, your duty is near:\n{duties}\n\nPlease check in here when you arrive, and out when you leave:\n{link}',
      },
    },
  }),
}
