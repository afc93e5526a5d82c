import type { Planned, Stage } from '../demo/stage.ts'
import { attendanceDesk } from './attendance.ts'
import type { Entry } from './diary.ts'
import { signShown } from './pages.ts'
import { type Duty, dutiesOf, shiftsOf } from './rosters.ts'

/**
 * At each change of shift those who come check in and those who leave check out: by the links in their reminders, or,
 * where `byLink` says so, noted by the organizer.
 */
export async function servingEntries(stage: Planned, unitId: string, byLink: (duty: Duty) => boolean = () => true) {
  const desk = attendanceDesk(stage, byLink)
  const planned = await shiftsOf(stage, unitId, stage.week)
  const moments = [...new Set(planned.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]))]
  const entries = moments.map(
    (moment): Entry => ({
      at: new Date(moment),
      async act() {
        const shifts = await shiftsOf(stage, unitId, stage.week)
        await desk.checkIn(dutiesOf(shifts.filter((shift) => shift.startsAt === moment)))
        await desk.checkOut(dutiesOf(shifts.filter((shift) => shift.endsAt === moment)))
      },
    }),
  )
  return { desk, shifts: planned, entries }
}

/** Whoever leads the crew that leaves signs that there is nothing to hand over. */
export async function signOutgoing({ inbox }: Stage): Promise<void> {
  for (const { link } of inbox.take('handover-due')) await signShown(link!, { nil: 'yes' })
}

/** One of the crew that comes has read the handover of the only post and signs for it. */
export async function signIncoming({ inbox }: Stage): Promise<void> {
  const [asked] = inbox.take('handover-to-sign')
  if (asked) await signShown(asked.link!)
}
