import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant } from '../../platform/http/schemas.ts'
import { ASSIGNMENT_STATES } from '../rosters/rosters.states.ts'

const State = z.enum(ASSIGNMENT_STATES)
const Reason = z.string().trim().max(200)

export const ConfirmationRequest = z
  .object({
    id: Id,
    rosterId: Id,
    versionNumber: z.int(),
    volunteerId: Id,
    confirmBy: Instant,
    remindedAt: Instant.nullable(),
    createdAt: Instant,
    supersededAt: Instant.nullable().meta({ description: 'Set when nothing of it is left to answer' }),
    duties: z.array(
      z.object({
        assignmentId: Id,
        state: State,
        startsAt: Instant,
        endsAt: Instant,
        decidedAt: Instant.nullable(),
        declineReason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ConfirmationRequest', description: 'One question to one person about all duties a version gave them' })

export const ConfirmationRequestList = z.strictObject({
  ...pageQuery(['createdAt', 'confirmBy']),
  rosterId: Id.optional(),
  volunteerId: Id.optional(),
  answer: State.optional().meta({ description: 'At least one of its duties is in this state' }),
})
export const ConfirmationRequestPage = pageOf(ConfirmationRequest)

export const ConfirmOnBehalf = z.strictObject({
  reason: Reason.optional().meta({ description: 'How the organizer knows, for the audit log' }),
})
export const DeclineOnBehalf = z.strictObject({
  reason: Reason.optional().meta({ description: 'Why, if the person has said so; none is needed' }),
})

export const AnsweredAssignment = z
  .object({
    id: Id,
    state: State,
    version: z.int(),
    decidedAt: Instant.nullable(),
    declineReason: z.string().nullable(),
  })
  .meta({ id: 'AnsweredAssignment' })

/** What the form of the page sends. */
export const PageAnswer = z.object({
  answer: z.enum(['confirm', 'decline']),
  /** 'all' means all that are open. */
  assignmentId: z.union([Id, z.literal('all')]).default('all'),
  seen: z.coerce.number().int().optional(),
  reason: Reason.optional(),
})
