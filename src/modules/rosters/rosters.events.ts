import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'
import { ASSIGNMENT_STATES } from './rosters.states.ts'

/** A version was published: these seats were given anew, those of the roster's slots are held by nobody. */
export const rosterPublished = defineEvent(
  'roster.published',
  z.object({
    rosterId: z.uuid(),
    versionNumber: z.int(),
    /** Assignments made by this version, all pending. */
    seatedIds: z.array(z.uuid()),
    openSlotIds: z.array(z.uuid()),
  }),
)

/** Assignments changed their state; all in one transaction, to the same state. */
export const assignmentsMoved = defineEvent(
  'assignment.moved',
  z.object({
    to: z.enum(ASSIGNMENT_STATES),
    moves: z.array(z.object({ assignmentId: z.uuid(), from: z.enum(ASSIGNMENT_STATES) })),
    /** Opens no gap: the seat has a new holder already, or is no longer needed. */
    seatSettled: z.boolean(),
  }),
)

/** A seat was given outside a publication: by cascade, by hand or by swap. */
export const assignmentSeated = defineEvent('assignment.seated', z.object({ assignmentId: z.uuid() }))

/** Shifts moved in time, or to another post, with their holders, who keep their seats; a yes to what it was is none to what it is. */
export const assignmentsRescheduled = defineEvent(
  'assignment.rescheduled',
  z.object({
    moves: z.array(
      z.object({
        assignmentId: z.uuid(),
        was: z.object({
          startLocal: z.string(),
          endLocal: z.string(),
          zone: z.string(),
          startsAt: z.date(),
          endsAt: z.date(),
          /** Where it was, when it is elsewhere now. */
          post: z.object({ id: z.uuid(), name: z.string(), address: z.string().nullable() }).optional(),
        }),
      }),
    ),
  }),
)
