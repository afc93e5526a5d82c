import { z } from 'zod'
import { CONSPICUOUS } from '../../platform/auth/conspicuous.types.ts'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Flag, Id, Instant, Line } from '../../platform/http/schemas.ts'
import { CONSENT_MODES } from '../organisation/organisation.types.ts'
import { ASSIGNMENT_STATES } from '../rosters/rosters.states.ts'

const State = z.enum(ASSIGNMENT_STATES)

/** What the holder of a confirmation link may do. */
export const PAGE_ACTIONS = ['confirm', 'decline', 'stay', 'stop', 'consent', 'attend'] as const
const Reason = z.string().trim().max(200)

export const ConfirmationRequest = z
  .object({
    id: Id,
    rosterId: Id,
    versionNumber: z.int(),
    mode: z
      .enum(CONSENT_MODES)
      .meta({ description: 'What silence means: lapse, consent, or word to those responsible' }),
    volunteerId: Id,
    confirmBy: Instant,
    remindedAt: Instant.nullable(),
    createdAt: Instant,
    supersededAt: Instant.nullable().meta({ description: 'Set when nothing of it is left to answer' }),
    sentAgainAt: Instant.nullable(),
    escalatedAt: Instant.nullable().meta({ description: 'When those responsible heard that it was not acknowledged' }),
    duties: z.array(
      z.object({
        assignmentId: Id,
        state: State,
        startsAt: Instant,
        endsAt: Instant,
        decidedAt: Instant.nullable(),
        declineReason: z.string().nullable(),
        receipt: z.string().nullable().meta({ description: 'Number that the person was given for the last decision' }),
        staysOn: z.boolean().meta({ description: 'Could stay on for the next shift; seen by organizers only' }),
        consentId: Id.nullable().meta({ description: 'Standing consent by which it was confirmed at once' }),
        conspicuous: z.enum(CONSPICUOUS).nullable().meta({
          description: 'The last decision came within a minute of the message, and may be that of a mail scanner',
        }),
      }),
    ),
  })
  .meta({ id: 'ConfirmationRequest', description: 'One question to one person about all duties a version gave them' })

export const ConfirmationRequestList = z.strictObject({
  ...pageQuery(['createdAt', 'confirmBy']),
  rosterId: Id.optional(),
  volunteerId: Id.optional(),
  receipt: z.string().max(20).optional(),
  staysOn: Flag.optional().meta({ description: 'Of somebody who could stay on for the next shift' }),
  conspicuous: Flag.optional().meta({ description: 'With a decision that may be that of a mail scanner' }),
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

const Reasoned = { reason: Reason.optional().meta({ description: 'For the audit log' }) }

export const SendAgain = z.strictObject(Reasoned)

const eitherOf = (one: { volunteerId?: string | undefined; requestId?: string | undefined }) =>
  (one.volunteerId === undefined) !== (one.requestId === undefined)
const needsEither = { error: 'name either volunteerId or requestId', path: ['volunteerId'] }

export const LinkScope = z
  .strictObject({
    volunteerId: Id.optional(),
    requestId: Id.optional(),
    live: Flag.optional().meta({ description: 'Only those that are still good' }),
  })
  .refine(eitherOf, needsEither)

export const RevokeLinks = z
  .strictObject({ volunteerId: Id.optional(), requestId: Id.optional(), ...Reasoned })
  .refine(eitherOf, needsEither)
export const RevokedLinks = z.object({ revoked: z.int() })

export const LinkEntry = z
  .object({
    id: Id,
    kind: z.enum(['link', 'code']),
    purpose: z.string(),
    subjectId: Id,
    volunteerId: Id,
    state: z.enum(['live', 'expired', 'revoked', 'replaced']),
    createdAt: Instant,
    expiresAt: Instant,
    lastUsedAt: Instant.nullable().meta({ description: 'Of codes: when it was last entered' }),
    codeId: Id.nullable().meta({ description: 'Code that this link was given for' }),
  })
  .meta({ id: 'PersonalLink', description: 'A way in that a person was sent; the secret itself is kept nowhere' })
export const LinkEntries = z.object({ items: z.array(LinkEntry) })

export const NewConsent = z
  .strictObject({
    volunteerId: Id,
    postId: Id.optional(),
    unitId: Id.optional().meta({ description: 'Every post of this unit and below' }),
    from: Day,
    to: Day.meta({ description: 'First day on which it no longer holds' }),
    word: Line(300).meta({ description: 'How and when the person has said so', example: 'by telephone, 4 May' }),
  })
  .refine((one) => (one.postId === undefined) !== (one.unitId === undefined), {
    error: 'name either postId or unitId',
    path: ['postId'],
  })

export const StandingConsent = z
  .object({
    id: Id,
    volunteerId: Id,
    postId: Id.nullable(),
    unitId: Id.nullable(),
    from: z.string(),
    to: z.string(),
    source: z.enum(['page', 'organizer']),
    word: z.string().nullable(),
    givenAt: Instant,
    revokedAt: Instant.nullable(),
  })
  .meta({ id: 'StandingConsent', description: 'A yes given beforehand to duties at a place, for some time' })
export const ConsentList = z.strictObject({
  ...pageQuery(['givenAt']),
  volunteerId: Id.optional(),
  postId: Id.optional(),
  unitId: Id.optional(),
  on: Day.optional().meta({ description: 'Only what holds on this day or later' }),
})
export const ConsentPage = pageOf(StandingConsent)
export const RevokeConsent = z.strictObject(Reasoned)

const Tick = z
  .literal('yes')
  .optional()
  .transform((tick) => tick === 'yes')

/** What the forms of the page send; `answer` is the button. */
export const PageAnswer = z.object({
  answer: z.enum(['confirm', 'decline']),
  /** 'all' means all that are open. */
  assignmentId: z.union([Id, z.literal('all')]).default('all'),
  seen: z.coerce.number().int().optional(),
  mark: z.string().max(20).optional(),
  /** Sent where the page offers the tick, whether it was ticked or not. */
  asksToStay: Tick,
  staysOn: Tick,
  reason: Reason.optional(),
})

/** Buttons of one duty that decide nothing. */
export const PageStepForm = z.object({ answer: z.enum(['stay', 'noStay', 'attend']), assignmentId: Id })

export const StopAnswer = z.object({ answer: z.enum(['stop', 'resume']) })

/** What a mail program sends on behalf of a reader who has pressed its button. */
export const OneClick = z.object({ 'List-Unsubscribe': z.literal('One-Click') })

export const ConsentAnswer = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('give'), place: z.union([Id, z.literal('unit')]), from: Day, to: Day }),
  z.object({ answer: z.literal('revoke'), consentId: Id }),
])
