import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, LocalDate, Zone } from '../../platform/http/schemas.ts'
import { CASCADE_STATES, GAP_CAUSES, GAP_STATES, OFFER_STATES } from './gap-filling.tables.ts'

export const Gap = z
  .object({
    id: Id,
    rosterId: Id,
    slotId: Id,
    vacatedId: Id.nullable().meta({ description: 'The assignment that left the seat empty' }),
    filledById: Id.nullable(),
    cause: z.enum(GAP_CAUSES),
    state: z.enum(GAP_STATES),
    openedAt: Instant,
    closedAt: Instant.nullable(),
    postName: z.string(),
    role: z.string(),
    mandatory: z.boolean(),
    day: LocalDate,
    startsAt: Instant,
    endsAt: Instant,
    zone: Zone,
  })
  .meta({ id: 'Gap', description: 'An unfilled seat of a published roster' })

export const GapList = z.strictObject({
  ...pageQuery(['openedAt']),
  rosterId: Id.optional(),
  state: z.enum(GAP_STATES).optional(),
})
export const GapPage = pageOf(Gap)

const Offer = z.object({
  id: Id,
  volunteerId: Id,
  echelonId: Id.nullable(),
  wave: z.int(),
  rank: z.int().meta({ description: 'Place in the order in which people were asked for this gap' }),
  state: z.enum(OFFER_STATES),
  askedAt: Instant,
  expiresAt: Instant,
  decidedAt: Instant.nullable(),
})

export const GapDetail = Gap.extend({
  cascades: z.array(
    z.object({
      id: Id,
      state: z.enum(CASCADE_STATES),
      wave: z.int(),
      createdAt: Instant,
      endedAt: Instant.nullable(),
      history: z
        .array(z.object({ echelonId: Id, asked: z.int(), because: z.string() }))
        .meta({ description: 'Echelons passed over or used up, in order, with the reason' }),
      offers: z.array(Offer),
    }),
  ),
}).meta({ id: 'GapDetail', description: 'A gap with everybody who was asked, in which order and what came of it' })

export const FillGap = z.strictObject({
  volunteerId: Id,
  agreed: z
    .boolean()
    .default(false)
    .meta({ description: 'The person has said yes already; otherwise the seat is theirs when they confirm' }),
  override: z
    .strictObject({
      rules: z.array(z.string().min(1).max(100)).min(1).max(50),
      reason: z.string().trim().min(3).max(500),
    })
    .optional()
    .meta({ description: 'Hard rules set aside by name; only those that may be' }),
})

export const CandidateQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(20) })

export const Candidates = z
  .object({
    wave: z.object({
      size: z.int(),
      broadcast: z.boolean().meta({ description: 'So little time is left that all are asked at once' }),
      expiresAt: Instant,
    }),
    echelons: z.array(
      z.object({
        echelonId: Id,
        name: z.string(),
        members: z.int(),
        asked: z.int(),
        passedOver: z.record(z.string(), z.int()).meta({ description: 'How many cannot be asked, by reason' }),
        candidates: z.array(
          z.object({
            volunteerId: Id,
            rank: z.int().nullable().meta({ description: 'null: looked at, and not eligible' }),
            loadMinutes: z.int().meta({ description: 'Of the last four weeks and those to come, for a full share' }),
            offers: z.int().meta({ description: 'Times asked in the last four weeks' }),
            lastEndedAt: Instant.nullable(),
            failures: z.array(z.string()).meta({ description: 'Hard rules that stand against it' }),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'GapCandidates', description: 'Who would be asked, in which order and why' })

/** What the form of the page sends. */
export const PageAnswer = z.object({ answer: z.enum(['accept', 'decline', 'withdraw']) })
