import { each } from '../demo/api.ts'
import type { Stage } from '../demo/stage.ts'
import { submit } from './pages.ts'
import type { Duty } from './rosters.ts'

/** Bulk calls take so many. */
const LOT = 500

/** How people of a play come and go: some by the links in their reminders, the others noted by the organizer. */
export function attendanceDesk(stage: Stage, byLink: (duty: Duty) => boolean) {
  const links = new Map<string, string>()
  const counts = { byLink: 0, byOrganizer: 0 }

  async function bulk(what: 'check-in' | 'check-out', duties: readonly Duty[]): Promise<void> {
    for (let at = 0; at < duties.length; at += LOT) {
      const assignmentIds = duties.slice(at, at + LOT).map((duty) => duty.assignmentId)
      await stage.api.post(`/v1/attendances:bulk-${what}`, { assignmentIds })
    }
  }

  /** Link in the newest reminder of this duty; a person may have been told of the next one already. */
  const reminderOf = (volunteerId: string, assignmentId: string): string | undefined =>
    stage.inbox
      .all()
      .findLast(
        (one) => one.volunteerId === volunteerId && one.template === 'duty-reminder' && one.subjectId === assignmentId,
      )?.link

  return {
    counts,
    async checkIn(duties: readonly Duty[]): Promise<void> {
      const linked = duties.filter(byLink).filter(({ assignmentId, volunteerId }) => {
        const link = reminderOf(volunteerId, assignmentId)
        if (link) links.set(assignmentId, link)
        return link !== undefined
      })
      await each(linked, ({ assignmentId }) => submit(links.get(assignmentId)!, { step: 'check-in' }))
      const others = duties.filter(({ assignmentId }) => !links.has(assignmentId))
      await bulk('check-in', others)
      counts.byLink += linked.length
      counts.byOrganizer += others.length
    },
    async checkOut(duties: readonly Duty[]): Promise<void> {
      const [linked, others] = [true, false].map((want) =>
        duties.filter(({ assignmentId }) => links.has(assignmentId) === want),
      ) as [Duty[], Duty[]]
      await each(linked, ({ assignmentId }) => submit(links.get(assignmentId)!, { step: 'check-out' }))
      await bulk('check-out', others)
    },
  }
}
