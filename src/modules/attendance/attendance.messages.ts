import type { Handle } from '../../platform/db/client.ts'
import { LOCALES, type Locale } from '../../platform/texts/catalogue.ts'
import { later, minutesBetween } from '../../time/intervals.ts'
import { dutyBriefly, instantInWords, periodInWords, type Tongue } from '../../time/words.ts'
import {
  defineTemplate,
  type MessageLink,
  type MessageRow,
  type MessageText,
} from '../notifications/notifications.types.ts'
import { MESSAGES, type MessageName, SHORTS, type ShortName } from './attendance.message-texts.ts'
import { attendanceRepository, type DutyRow } from './attendance.repository.ts'
import { expectedAt } from './attendance.rules.ts'
import { type CorrectionRow, correctionsRepository } from './corrections.repository.ts'

interface DutyFacts {
  duty: DutyRow
}

/** Duties whose hours somebody vouched for at once (of one person), or has to (of one unit), first one first. */
interface HoursFacts {
  duties: Over[]
}

type Over = DutyRow & { checkedInAt: Date; checkedOutAt: Date }

interface CorrectionFacts extends DutyFacts {
  correction: CorrectionRow
}

export const ATTENDANCE_PATH = '/a'
/** So long after the end of a duty its page can be opened: to check out late, and to say that the hours are wrong. */
const PAGE_OPEN_MS = 7 * 86_400_000
const MOST_NAMED = 20

const attendanceLink = ({ id, endsAt }: DutyRow): MessageLink => ({
  purpose: 'attendance',
  subjectId: id,
  expiresAt: new Date(endsAt.getTime() + PAGE_OPEN_MS),
  path: ATTENDANCE_PATH,
})

const dutyInWords = (duty: DutyRow, tongue: Tongue): string =>
  [periodInWords(duty, tongue), duty.postName, duty.role].join(tongue === 'zh' ? '，' : ', ')

const words = ({ duty }: DutyFacts, tongue: Tongue) => ({
  person: duty.volunteerName,
  post: duty.postName,
  duty: dutyInWords(duty, tongue),
  expected: instantInWords(expectedAt(duty), duty.zone, tongue),
  end: instantInWords(duty.endsAt, duty.zone, tongue),
})

/** Said only as long as the duty is in this state. */
const whileIn = (state: string) => async (handle: Handle, message: MessageRow) => {
  const [duty] = await attendanceRepository(handle).findDuties([message.subjectId])
  if (duty?.state !== state) return undefined
  return { facts: { duty }, ...(message.volunteerId ? { link: attendanceLink(duty) } : {}) }
}

async function loadCorrection(handle: Handle, message: MessageRow, wanted: (row: CorrectionRow) => boolean) {
  const correction = await correctionsRepository(handle).find(message.subjectId)
  if (!correction || !wanted(correction)) return undefined
  const [duty] = await attendanceRepository(handle).findDuties([correction.assignmentId])
  const facts: CorrectionFacts = { duty: duty!, correction }
  return { facts, ...(message.volunteerId ? { link: attendanceLink(duty!) } : {}) }
}

const textsOf = (name: MessageName) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, MESSAGES[locale][name]])) as Record<Locale, MessageText>

const shortOf = (name: ShortName) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, SHORTS[locale][name]])) as Record<Locale, string>

const isOver = (duty: DutyRow): duty is Over => duty.checkedInAt !== null && duty.checkedOutAt !== null

/** Those of the duties a message names that are over and still as it says. */
async function dutiesNamed(handle: Handle, message: MessageRow, holds: (duty: DutyRow) => boolean): Promise<Over[]> {
  const rows: DutyRow[] = await attendanceRepository(handle).findDuties(message.params.assignmentIds!.split(' '))
  const duties = rows.filter(isOver).filter(holds)
  return duties.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
}

/** The link is that of the first duty; it can be used for some time however late the hours were verified. */
async function loadHours(handle: Handle, message: MessageRow, now: Date) {
  const duties = await dutiesNamed(handle, message, (duty) => duty.verifiedBy !== null)
  const [first] = duties
  if (!first) return undefined
  const expiresAt = new Date(later(first.endsAt, now).getTime() + PAGE_OPEN_MS)
  return { facts: { duties }, link: { ...attendanceLink(first), expiresAt } }
}

async function loadLate(handle: Handle, message: MessageRow) {
  const duties = await dutiesNamed(handle, message, (duty) => duty.verifiedBy === null)
  return duties.length > 0 ? { facts: { duties } } : undefined
}

const HOURS = {
  zh: {
    line: (from: string, to: string, place: string, hours: number, minutes: number) =>
      `${from} 至 ${to}，${place}：${hours}小时${minutes > 0 ? `${minutes}分钟` : ''}`,
    others: '（链接为其中第一次值班，其余请联系组织者）',
    more: (count: number) => `等${count}次`,
    of: (person: string, line: string) => `${person}：${line}`,
    further: (count: number) => `另有${count}条`,
  },
  en: {
    line: (from: string, to: string, place: string, hours: number, minutes: number) =>
      `${from} to ${to}, ${place}: ${hours} h${minutes > 0 ? ` ${minutes} min` : ''}`,
    others: ' (the link is for the first of these duties; about the others, please ask the organizer)',
    more: (count: number) => ` and ${count} in all`,
    of: (person: string, line: string) => `${person}: ${line}`,
    further: (count: number) => `and ${count} more`,
  },
}

/** What was recorded, not what was planned. */
function hoursLine({ checkedInAt, checkedOutAt, postName, role, zone }: Over, tongue: Tongue): string {
  const minutes = minutesBetween(checkedInAt, checkedOutAt)
  const [from, to] = [checkedInAt, checkedOutAt].map((at) => instantInWords(at, zone, tongue)) as [string, string]
  const place = [postName, role].join(tongue === 'zh' ? '，' : ', ')
  return HOURS[tongue].line(from, to, place, Math.floor(minutes / 60), minutes % 60)
}

const listed = (lines: string[]): string => lines.map((line) => `\n- ${line}`).join('')

function hoursWords({ duties }: HoursFacts, tongue: Tongue) {
  const { zone, postName, checkedInAt: startsAt, checkedOutAt: endsAt } = duties[0]!
  const several = duties.length > 1
  return {
    hours: listed(duties.map((duty) => hoursLine(duty, tongue))),
    others: several ? HOURS[tongue].others : '',
    first: dutyBriefly({ startsAt, endsAt, zone, postName }, tongue),
    more: several ? HOURS[tongue].more(duties.length) : '',
  }
}

/** A whole list is in the API; a message names its beginning. */
function lateWords({ duties }: HoursFacts, tongue: Tongue) {
  const named = duties.slice(0, MOST_NAMED)
  const lines = named.map((duty) => HOURS[tongue].of(duty.volunteerName, hoursLine(duty, tongue)))
  const others = duties.length - named.length
  return { hours: listed(others > 0 ? [...lines, HOURS[tongue].further(others)] : lines) }
}

const DECIDED = {
  zh: { approved: '已采纳', rejected: '未采纳' },
  en: { approved: 'was accepted', rejected: 'was not accepted' },
}

export const attendanceTemplates = {
  'check-in-missing': defineTemplate<DutyFacts>({
    urgent: true,
    load: whileIn('confirmed'),
    words,
    texts: textsOf('checkInMissing'),
    short: shortOf('checkInMissing'),
  }),
  'check-in-missing-unit': defineTemplate<DutyFacts>({
    urgent: true,
    load: whileIn('confirmed'),
    words,
    texts: textsOf('checkInMissingUnit'),
  }),
  'no-show-question': defineTemplate<DutyFacts>({
    urgent: true,
    load: whileIn('confirmed'),
    words,
    texts: textsOf('noShowQuestion'),
  }),
  'check-out-missing': defineTemplate<DutyFacts>({
    load: whileIn('serving'),
    words,
    texts: textsOf('checkOutMissing'),
    short: shortOf('checkOutMissing'),
  }),
  'check-out-missing-unit': defineTemplate<DutyFacts>({
    load: whileIn('serving'),
    words,
    texts: textsOf('checkOutMissingUnit'),
  }),
  'correction-requested': defineTemplate<CorrectionFacts>({
    load: (handle, message) => loadCorrection(handle, message, (row) => row.state === 'open'),
    words: (facts, tongue) => ({ ...words(facts, tongue), reason: facts.correction.reason }),
    texts: textsOf('correctionRequested'),
  }),
  'correction-decided': defineTemplate<CorrectionFacts>({
    load: (handle, message) =>
      loadCorrection(handle, message, ({ state }) => state === 'approved' || state === 'rejected'),
    words: (facts, tongue) => ({
      ...words(facts, tongue),
      decided: DECIDED[tongue][facts.correction.state as 'approved' | 'rejected'],
      because: facts.correction.decision ?? '',
    }),
    texts: textsOf('correctionDecided'),
    short: shortOf('correctionDecided'),
  }),
  /** One for all duties of a unit that were entered together. */
  'late-entry': defineTemplate<HoursFacts>({ load: loadLate, words: lateWords, texts: textsOf('lateEntry') }),
  /** One for all duties of a person that were verified together. */
  'hours-ready': defineTemplate<HoursFacts>({
    load: loadHours,
    words: hoursWords,
    texts: textsOf('hoursReady'),
    short: shortOf('hoursReady'),
  }),
}
