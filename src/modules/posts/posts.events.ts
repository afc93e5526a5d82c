import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** Name, address or role at a post are others now: whoever is to serve there was told otherwise. */
export const postChanged = defineEvent('post.changed', z.object({ postId: z.uuid() }))

/** Shifts that have holders, or had some, take place at other times or another post now. Whoever cannot follow refuses by a problem. */
export const shiftsMoved = defineEvent(
  'shift.moved',
  z.object({
    moves: z.array(
      z.object({
        shiftId: z.uuid(),
        was: z.object({
          startLocal: z.string(),
          endLocal: z.string(),
          zone: z.string(),
          startsAt: z.date(),
          endsAt: z.date(),
          /** Where it was, when it is elsewhere now. */
          post: z
            .object({ id: z.uuid(), name: z.string(), address: z.string().nullable(), unitPath: z.string() })
            .optional(),
        }),
      }),
    ),
    reason: z.string().nullable(),
    /** Hard rules set aside by name for the holders. */
    override: z.object({ rules: z.array(z.string()), reason: z.string() }).nullable(),
  }),
)

/** Shifts will not take place; nobody holds them. */
export const shiftsWithdrawn = defineEvent('shift.withdrawn', z.object({ shiftIds: z.array(z.uuid()) }))
