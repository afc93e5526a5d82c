import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** People came on duty: their attendances are there. All in one transaction. */
export const checkedIn = defineEvent('attendance.checked-in', z.object({ attendanceIds: z.array(z.uuid()) }))

/** People went off duty: the segments of these attendances are complete. All in one transaction. */
export const checkedOut = defineEvent('attendance.checked-out', z.object({ attendanceIds: z.array(z.uuid()) }))

/**
 * A correction changed the segments of an attendance, also of one that had none. Those that no longer count name the
 * correction in `superseded_by_id`, those that count from now on in `correction_id`; either may be none.
 */
export const attendanceCorrected = defineEvent(
  'attendance.corrected',
  z.object({ attendanceId: z.uuid(), correctionId: z.uuid() }),
)
