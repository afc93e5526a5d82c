import { eq } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { defineTemplate } from '../notifications/notifications.types.ts'
import { type DutyAt, standingRepository } from './standing-duties.repository.ts'
import { LIVE_DUTY, standingDuties, visits } from './standing-duties.tables.ts'
import { visitsRepository } from './visits.repository.ts'

export const STANDING_PATH = '/d'
/** A page of one's own lasts as long as one may have duties; every message brings a new way in. */
const LINK_DAYS = 120

const linkFor = (volunteerId: string, now: Date) => ({
  purpose: 'standing' as const,
  subjectId: volunteerId,
  expiresAt: new Date(now.getTime() + LINK_DAYS * 86_400_000),
  path: STANDING_PATH,
})

const dutyInWords = ({ planName, caseReference, postName, duty }: DutyAt): string =>
  [planName ?? caseReference, postName, duty.role].filter((part) => part !== null).join(', ')

/** Lists longer than this say how many there are. */
const MOST_LINES = 20

const linesOf = (lines: string[]): string =>
  [...lines.slice(0, MOST_LINES), ...(lines.length > MOST_LINES ? [`… (${lines.length})`] : [])]
    .map((line) => `- ${line}`)
    .join('\n')

interface OpenPlace {
  at: DutyAt
}

interface DayToTell {
  plan: string
  day: string
  lines: string[]
}

async function dayOf(handle: Handle, planId: string, day: string, state: 'due' | 'missing', volunteerId?: string) {
  const found = await standingRepository(handle).findPlan(planId)
  const rows = await visitsRepository(handle).list([
    eq(visits.planId, planId),
    eq(visits.localDay, day),
    eq(visits.state, state),
    volunteerId ? eq(visits.volunteerId, volunteerId) : undefined,
  ])
  if (!found || rows.length === 0) return undefined
  const lines = rows.map((row) => (volunteerId ? row.postName : `${row.postName}: ${row.displayName}`))
  return { plan: found.plan.name, day, lines }
}

const dayWords = ({ plan, day, lines }: DayToTell) => ({
  plan,
  day,
  count: String(lines.length),
  sites: linesOf(lines),
})

export const standingDutiesTemplates = {
  'standing-duties': defineTemplate<DutyAt[]>({
    async load(handle, message, now) {
      const duties = (
        await standingRepository(handle).listDuties([eq(standingDuties.volunteerId, message.volunteerId!)])
      ).filter(({ duty }) => (LIVE_DUTY as readonly string[]).includes(duty.state))
      return duties.length > 0 ? { facts: duties, link: linkFor(message.volunteerId!, now) } : undefined
    },
    words: (duties) => ({
      unit: [...new Set(duties.map((one) => one.unitName))].join(', '),
      duties: linesOf(duties.map(dutyInWords)),
    }),
    texts: {
      zh: {
        subject: '固定包保，请您答复',
        text: '{name}您好，{unit}请您承担以下固定包保：\n{duties}\n\n请打开链接答复，不能承担无需说明理由；以后也在此报告走访情况：\n{link}',
      },
      en: {
        subject: 'Standing duties: please answer',
        text: 'Hello {name}, {unit} asks you to keep:\n{duties}\n\nPlease answer here, no reason is needed if you cannot; the same page takes your reports of visits:\n{link}',
      },
    },
  }),
  'standing-duty-ended': defineTemplate<OpenPlace>({
    async load(handle, message) {
      const [at] = await standingRepository(handle).listDuties([eq(standingDuties.id, message.subjectId)])
      return at?.duty.state === 'ended' ? { facts: { at } } : undefined
    },
    words: ({ at }) => ({ duty: dutyInWords({ ...at, postName: null }), unit: at.unitName }),
    texts: {
      zh: { subject: '固定包保已结束，谢谢您', text: '{name}您好，{unit}的以下固定包保已结束，谢谢您的付出：{duty}' },
      en: {
        subject: 'A standing duty has ended, thank you',
        text: 'Hello {name}, this standing duty of {unit} has ended. Thank you for what you have done: {duty}',
      },
    },
  }),
  'visits-missing': defineTemplate<DayToTell>({
    async load(handle, message, now) {
      const volunteerId = message.volunteerId!
      const facts = await dayOf(handle, message.subjectId, message.params.day!, 'due', volunteerId)
      return facts && { facts, link: linkFor(volunteerId, now) }
    },
    words: dayWords,
    texts: {
      zh: {
        subject: '请报告今天的走访',
        text: '{name}您好，{day}以下{count}个联系点还没有报告（{plan}），没有情况也请点“无情况”：\n{sites}\n{link}',
      },
      en: {
        subject: 'Please report your visits of today',
        text: 'Hello {name}, {count} sites are not reported for {day} ({plan}). Please tick "nothing to report" where that is so:\n{sites}\n{link}',
      },
    },
  }),
  'visits-alarm': defineTemplate<DayToTell>({
    async load(handle, message) {
      const facts = await dayOf(handle, message.subjectId, message.params.day!, 'missing')
      return facts && { facts }
    },
    words: dayWords,
    texts: {
      zh: { subject: '走访未报告', text: '{name}您好，{day}有{count}个联系点未报告（{plan}）：\n{sites}' },
      en: {
        subject: 'Visits not reported',
        text: 'Hello {name}, {count} sites were not reported on {day} ({plan}):\n{sites}',
      },
    },
  }),
  'visit-problem': defineTemplate<{ site: string; note: string; who: string }>({
    urgent: true,
    async load(handle, message) {
      const [row] = await visitsRepository(handle).list([eq(visits.id, message.subjectId)])
      if (row?.visit.state !== 'problem') return undefined
      return { facts: { site: row.postName, note: row.visit.note ?? '-', who: row.displayName } }
    },
    words: (facts) => ({ ...facts }),
    texts: {
      zh: { subject: '走访发现问题', text: '{name}您好，{who}走访{site}时发现问题：{note}' },
      en: {
        subject: 'A problem was found on a visit',
        text: 'Hello {name}, {who} reports a problem at {site}: {note}',
      },
    },
  }),
  'standing-duty-open': defineTemplate<OpenPlace>({
    async load(handle, message) {
      const [at] = await standingRepository(handle).listDuties([eq(standingDuties.id, message.subjectId)])
      return at && { facts: { at } }
    },
    words: ({ at }) => ({ duty: dutyInWords(at), who: at.displayName }),
    texts: {
      zh: {
        subject: '固定包保无人承担',
        text: '{name}您好，{who}不再承担以下固定包保，暂无合适人选，请您安排：{duty}',
      },
      en: {
        subject: 'A standing duty that nobody keeps',
        text: 'Hello {name}, {who} does not keep this standing duty any more and nobody else fits. Please find somebody: {duty}',
      },
    },
  }),
}
