import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Moment, Zone } from '../../platform/http/schemas.ts'
import { SWAP_STATES } from './swaps.states.ts'
import { SWAP_ANSWERS } from './swaps.tables.ts'
import { SWAP_KINDS } from './swaps.types.ts'

const Note = z.string().trim().min(1).max(300)
const Reason = z.string().trim().min(1).max(500)
const Part = z.strictObject({ startsAt: Moment, endsAt: Moment })

export const NewSwap = z.strictObject({
  kind: z.enum(SWAP_KINDS),
  assignmentId: Id.meta({ description: 'The duty that shall change hands; its holder is the one who asks' }),
  askedId: Id.nullish().meta({ description: 'The one person who is asked; none puts it on the open board' }),
  returnId: Id.nullish().meta({ description: 'Of a trade with one person: the duty wanted in return' }),
  part: Part.nullish().meta({ description: 'Of a cover: it begins or ends with the duty' }),
  note: Note.nullish(),
})

export const TakeSwap = z.strictObject({
  volunteerId: Id.meta({ description: 'Who has said that they take it' }),
  returnId: Id.nullish().meta({ description: 'Of a trade: the duty they give in return' }),
})

export const ApproveSwap = z.strictObject({
  reason: Reason.optional(),
  override: z
    .strictObject({
      rules: z.array(z.string().min(1).max(100)).min(1).max(50),
      reason: z.string().trim().min(3).max(500),
    })
    .optional()
    .meta({ description: 'Hard rules set aside by name; only those that may be' }),
})
export const RejectSwap = z.strictObject({ reason: Reason })
export const WithdrawSwap = z.strictObject({ reason: Reason.optional() })

export const SwapDuty = z.object({
  assignmentId: Id,
  volunteerId: Id,
  displayName: z.string(),
  state: z.string(),
  postName: z.string(),
  role: z.string(),
  startsAt: Instant,
  endsAt: Instant,
  zone: Zone,
})

const SwapHindrance = z.object({
  volunteerId: Id,
  assignmentId: Id,
  rule: z.string(),
  detail: z.string(),
})

export const Swap = z
  .object({
    id: Id,
    kind: z.enum(SWAP_KINDS),
    state: z.enum(SWAP_STATES),
    assignmentId: Id,
    askerId: Id,
    askedId: Id.nullable().meta({ description: 'null: on the open board' }),
    takerId: Id.nullable(),
    returnId: Id.nullable(),
    part: z.object({ startsAt: Instant, endsAt: Instant }).nullable(),
    note: z.string().nullable(),
    needsApproval: z.boolean(),
    waitsUntil: Instant.meta({ description: 'When it runs out, as nobody takes or approves it' }),
    reason: z.string().nullable().meta({ description: 'Why it ended without being applied' }),
    createdAt: Instant,
    acceptedAt: Instant.nullable(),
    endedAt: Instant.nullable(),
    version: z.int(),
    duty: SwapDuty.meta({ description: 'As it stands now; until the swap is applied its holder is responsible' }),
    returned: SwapDuty.nullable(),
  })
  .meta({ id: 'Swap', description: 'A duty that shall change hands' })

export const SwapDetail = Swap.extend({
  answers: z.array(
    z.object({
      volunteerId: Id,
      answer: z.enum(SWAP_ANSWERS).meta({ description: 'hindered: wanted to, and rules stood in the way' }),
      answeredAt: Instant,
      hindrances: z.array(SwapHindrance),
    }),
  ),
  history: z.array(
    z.object({
      at: Instant,
      action: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      reason: z.string().nullable(),
      actor: z.object({ kind: z.string(), id: z.string(), door: z.string() }),
    }),
  ),
}).meta({ id: 'SwapDetail' })

export const SwapList = z.strictObject({
  ...pageQuery(['createdAt', 'waitsUntil']),
  state: z.enum(SWAP_STATES).optional(),
  kind: z.enum(SWAP_KINDS).optional(),
  rosterId: Id.optional(),
  unitId: Id.optional(),
  assignmentId: Id.optional(),
  volunteerId: Id.optional().meta({ description: 'Asks, is asked or takes' }),
})
export const SwapPageOf = pageOf(Swap)

export const SwapBoard = z
  .object({
    swaps: z.array(Swap.extend({ returns: z.array(SwapDuty).meta({ description: 'What they could give for it' }) })),
    gaps: z.array(
      z.object({
        gapId: Id,
        slotId: Id,
        postName: z.string(),
        role: z.string(),
        startsAt: Instant,
        endsAt: Instant,
        zone: Zone,
      }),
    ),
  })
  .meta({ id: 'SwapBoard', description: 'What a person may take: only what the rules allow' })

export const SwapLinks = z.strictObject({ volunteerIds: z.array(Id).min(1).max(1_000) })
export const SwapLinksSent = z.object({ sent: z.int() })

/** What the forms of the page send. */
export const PageStep = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('accept'),
    swapId: Id,
    returnId: Id.optional().or(z.literal('').transform(() => undefined)),
  }),
  z.object({ step: z.literal('decline'), swapId: Id }),
  z.object({ step: z.literal('withdraw'), swapId: Id }),
  z.object({ step: z.literal('take-gap'), gapId: Id }),
  z.object({
    step: z.enum(['give', 'cover']),
    assignmentId: Id,
    askedId: Id.optional().or(z.literal('').transform(() => undefined)),
    from: z.string().max(16).optional(),
    to: z.string().max(16).optional(),
    note: z.string().trim().max(300).optional(),
  }),
  z.object({
    step: z.literal('trade'),
    assignmentId: Id,
    returnId: Id.optional().or(z.literal('').transform(() => undefined)),
  }),
])
