import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** People went off duty: the segments of these attendances are complete. All in one transaction. */
export const checkedOut = defineEvent('attendance.checked-out', z.object({ attendanceIds: z.array(z.uuid()) }))
