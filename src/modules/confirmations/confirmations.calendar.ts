import { writeIcs } from '../../platform/files/ics.ts'
import type { Tongue } from '../../time/words.ts'
import type { RequestPage } from './confirmations.page.ts'

const WORDS = {
  zh: { name: '值班', standby: '备勤', open: '待确认', role: '角色：', phone: '岗位电话：' },
  en: { name: 'Duty', standby: 'Standby', open: 'To be confirmed', role: 'Role: ', phone: 'Phone at the post: ' },
}
const REFRESH_MINUTES = 60

/** The coming duties of a request for a calendar. As in feeds, the same duty is the same event for ever. */
export function calendarOf({ duties }: RequestPage, tongue: Tongue): string {
  const words = WORDS[tongue]
  const coming = duties.filter((duty) => duty.state === 'pending' || duty.state === 'confirmed')
  return writeIcs({
    name: words.name,
    refreshMinutes: REFRESH_MINUTES,
    events: coming.map((duty) => ({
      uid: `duty-${duty.assignmentId}@watchbill`,
      sequence: duty.version - 1 + (duty.postVersion - 1),
      changedAt: duty.updatedAt > duty.postUpdatedAt ? duty.updatedAt : duty.postUpdatedAt,
      status: duty.state === 'pending' ? 'TENTATIVE' : 'CONFIRMED',
      startAt: duty.startsAt,
      endAt: duty.endsAt,
      zone: duty.zone,
      summary: [
        duty.state === 'pending' ? words.open : '',
        duty.kind === 'standby' ? words.standby : '',
        duty.postName,
        duty.role,
      ]
        .filter(Boolean)
        .join(' · '),
      location: duty.postAddress ?? duty.postName,
      description: [`${words.role}${duty.role}`, ...(duty.postPhone ? [`${words.phone}${duty.postPhone}`] : [])].join(
        '\n',
      ),
      categories: [duty.kind === 'standby' ? words.standby : words.name],
      busy: duty.kind !== 'standby',
      private: true,
      alarmMinutes: Math.round((duty.startsAt.getTime() - duty.arriveBy.getTime()) / 60_000) + 60,
    })),
  })
}
