import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

const payload = z.object({ assignmentId: z.uuid() })

/** Due when a confirmed duty has begun and nobody has come: the person is asked, and later the responsible people. */
export const askCheckIn = defineTask({ name: 'attendance.ask-check-in', payload })
export const tellCheckIn = defineTask({ name: 'attendance.tell-check-in', payload })

/** Due when a confirmed duty has waited for its holder as long as the unit's policy says. */
export const markNoShow = defineTask({ name: 'attendance.mark-no-show', payload })

/** Due when a duty is over and its holder has not checked out. */
export const askCheckOut = defineTask({ name: 'attendance.ask-check-out', payload })
export const tellCheckOut = defineTask({ name: 'attendance.tell-check-out', payload })

/** Entries older than this count for nothing and go. */
export const forgetFailures = defineTask({ name: 'attendance.forget-failures', payload: z.object({}) })
