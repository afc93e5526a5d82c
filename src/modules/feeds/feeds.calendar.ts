import { type CalendarEvent, writeIcs } from '../../platform/files/ics.ts'
import { discreetName } from '../../time/words.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import { changedAt, eventSequence, eventStatus, eventUid } from './feeds.rules.ts'
import type { FeedDuty, Language } from './feeds.types.ts'

const REFRESH_MINUTES = 60

interface Texts {
  /** Of the whole calendar. */
  name: (of: string) => string
  duty: string
  standby: string
  role: (role: string) => string
  phone: (phone: string) => string
  state: (state: AssignmentState) => string
}

const TEXTS: Record<Language, Texts> = {
  zh: {
    name: (of) => `值班 · ${of}`,
    duty: '值班',
    standby: '备勤',
    role: (role) => `角色：${role}`,
    phone: (phone) => `岗位电话：${phone}`,
    state: (state) => ({ TENTATIVE: '待确认', CONFIRMED: '', CANCELLED: '已取消' })[eventStatus(state)],
  },
  en: {
    name: (of) => `Duties · ${of}`,
    duty: 'Duty',
    standby: 'Standby',
    role: (role) => `Role: ${role}`,
    phone: (phone) => `Phone at the post: ${phone}`,
    state: (state) => ({ TENTATIVE: 'To be confirmed', CONFIRMED: '', CANCELLED: 'Cancelled' })[eventStatus(state)],
  },
}

export interface FeedFacts {
  language: Language
  personName: string | null
  postName: string | null
}

/** The calendar of a feed; the same duties give the same text. */
export function calendarOf(feed: FeedFacts, duties: readonly FeedDuty[]): string {
  const texts = TEXTS[feed.language]
  return writeIcs({
    name: texts.name(feed.personName === null ? feed.postName! : discreetName(feed.personName)),
    refreshMinutes: REFRESH_MINUTES,
    events: duties.map((duty) => eventOf(duty, texts)),
  })
}

function eventOf(duty: FeedDuty, texts: Texts): CalendarEvent {
  const status = eventStatus(duty.state)
  const state = texts.state(duty.state)
  const standby = duty.kind === 'standby'
  return {
    uid: eventUid(duty.assignmentId),
    sequence: eventSequence(duty),
    changedAt: changedAt(duty),
    status,
    startAt: duty.startsAt,
    endAt: duty.endsAt,
    zone: duty.zone,
    summary: [state, standby && texts.standby, duty.postName, duty.role].filter(Boolean).join(' · '),
    location: duty.address ?? duty.postName,
    description: [texts.role(duty.role), ...(duty.phone ? [texts.phone(duty.phone)] : [])].join('\n'),
    categories: [standby ? texts.standby : texts.duty],
    busy: status !== 'CANCELLED' && !standby,
    private: true,
  }
}
