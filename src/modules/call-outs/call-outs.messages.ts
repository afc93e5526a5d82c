import { and, eq, inArray } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { LOCALES, type Locale } from '../../platform/texts/catalogue.ts'
import { dueBriefly, dutyBriefly, instantInWords, periodInWords, type Tongue } from '../../time/words.ts'
import { messages } from '../notifications/notifications.tables.ts'
import { defineTemplate, type MessageRow } from '../notifications/notifications.types.ts'
import { type CallOutAt, type CallRow, callOutsRepository } from './call-outs.repository.ts'
import { tallyOf } from './call-outs.rules.ts'
import { SHORTS, type ShortName } from './call-outs.texts.ts'

interface CallToTell {
  at: CallOutAt
  call: CallRow
}

interface ShortToTell {
  at: CallOutAt
  missing: number
  asked: number
}

export const CALL_PATH = '/e'
const CHECK_OUT_LATE_MS = 12 * 3_600_000

async function readCall(handle: Handle, message: MessageRow) {
  const repository = callOutsRepository(handle)
  const found = await repository.findCall(message.subjectId)
  return found && { ...found, at: (await repository.find(found.call.callOutId))! }
}

/** Whoever was never told of a call need not hear that it is over. */
async function loadOver(handle: Handle, message: MessageRow) {
  const found = await readCall(handle, message)
  const [told] = await handle
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.subjectId, message.subjectId),
        eq(messages.template, 'call-out'),
        inArray(messages.state, ['sending', 'accepted', 'delivered', 'unknown']),
      ),
    )
  return found && told && found.call.state === 'closed' ? { facts: found } : undefined
}

const dutyInWords = ({ shift, postName, callOut }: CallOutAt, tongue: Tongue): string =>
  [periodInWords(shift, tongue), postName, callOut.role].join(tongue === 'zh' ? '，' : ', ')

const callWords = ({ at, call }: CallToTell, tongue: Tongue) => ({
  unit: at.unitName,
  reason: at.callOut.reason,
  duty: dutyInWords(at, tongue),
  answerBy: instantInWords(call.answerBy, at.shift.zone, tongue),
  brief: dutyBriefly({ ...at.shift, postName: at.postName }, tongue),
  due: dueBriefly(call.answerBy, at.shift.startsAt, at.shift.zone, tongue),
})

const shortOf = (name: ShortName) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, SHORTS[locale][name]])) as Record<Locale, string>

export const callOutTemplates = {
  'call-out': defineTemplate<CallToTell>({
    urgent: true,
    async load(handle, message) {
      const found = await readCall(handle, message)
      if (found?.call.state !== 'asked') return undefined
      const { endsAt } = found.at.shift
      const subjectId = found.call.id
      return { facts: found, link: { purpose: 'callout', subjectId, expiresAt: endsAt, path: CALL_PATH } }
    },
    words: callWords,
    short: shortOf('called'),
    texts: {
      zh: {
        subject: '紧急召集：您能来吗？',
        text: '{name}您好，{unit}紧急召集：{reason}\n{duty}\n\n请在{answerBy}前打开链接答复；不能来也请告诉我们，无需说明理由：\n{link}',
      },
      en: {
        subject: 'Urgent call: can you come?',
        text: 'Hello {name}, {unit} is calling people urgently: {reason}\n{duty}\n\nPlease answer by {answerBy}; if you cannot come, tell us too, no reason is needed:\n{link}',
      },
    },
  }),
  'call-out-coming': defineTemplate<CallToTell>({
    urgent: true,
    async load(handle, message) {
      const found = await readCall(handle, message)
      if (!found?.call.assignmentId || found.duty !== 'confirmed') return undefined
      const expiresAt = new Date(found.at.shift.endsAt.getTime() + CHECK_OUT_LATE_MS)
      const subjectId = found.call.assignmentId
      return { facts: found, link: { purpose: 'attendance', subjectId, expiresAt, path: '/a' } }
    },
    words: callWords,
    short: shortOf('coming'),
    texts: {
      zh: {
        subject: '谢谢您能来',
        text: '{name}您好，已记下您会来，谢谢：{reason}\n{duty}\n\n到岗后请在此签到，离岗时签退：\n{link}',
      },
      en: {
        subject: 'Thank you for coming',
        text: 'Hello {name}, you are expected, thank you: {reason}\n{duty}\n\nPlease check in here when you arrive, and out when you leave:\n{link}',
      },
    },
  }),
  'call-out-filled': defineTemplate<CallToTell>({
    urgent: true,
    load: loadOver,
    words: callWords,
    short: shortOf('filled'),
    texts: {
      zh: { subject: '人手已够，谢谢您', text: '{name}您好，以下召集人手已够，您无需前来，谢谢您：{reason}\n{duty}' },
      en: {
        subject: 'Enough people are coming, thank you',
        text: 'Hello {name}, enough people are coming; there is nothing you need to do. Thank you: {reason}\n{duty}',
      },
    },
  }),
  'call-out-over': defineTemplate<CallToTell>({
    urgent: true,
    load: loadOver,
    words: callWords,
    short: shortOf('over'),
    texts: {
      zh: { subject: '召集已结束，谢谢您', text: '{name}您好，以下召集已结束，您无需前来，谢谢您：{reason}\n{duty}' },
      en: {
        subject: 'The call is over, thank you',
        text: 'Hello {name}, this call is over; there is nothing you need to do. Thank you: {reason}\n{duty}',
      },
    },
  }),
  'call-out-short': defineTemplate<ShortToTell>({
    urgent: true,
    async load(handle, message) {
      const repository = callOutsRepository(handle)
      const at = await repository.find(message.subjectId)
      if (at?.callOut.state !== 'open' || !at.callOut.shortAt) return undefined
      const coming = (await repository.holders(at.shift.id)).length
      const { asked } = tallyOf(await repository.callsOf(at.callOut.id))
      const missing = at.callOut.wanted - coming
      return missing > 0 ? { facts: { at, missing, asked } } : undefined
    },
    words: ({ at, missing, asked }, tongue) => ({
      reason: at.callOut.reason,
      duty: dutyInWords(at, tongue),
      missing: String(missing),
      asked: String(asked),
    }),
    texts: {
      zh: {
        subject: '紧急召集仍缺人手',
        text: '{name}您好，以下紧急召集仍缺{missing}人，可召集的人员已全部问过（共{asked}人），请您安排：{reason}\n{duty}',
      },
      en: {
        subject: 'An urgent call is short of people',
        text: 'Hello {name}, {missing} people are still missing and everybody who could be called was ({asked} people). Please find more: {reason}\n{duty}',
      },
    },
  }),
}
