import { z } from 'zod'
import { CONSPICUOUS } from '../../platform/auth/conspicuous.types.ts'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Flag, Id, Instant, LocalDate, Zone } from '../../platform/http/schemas.ts'
import { MESSAGE_STATES } from '../notifications/notifications.tables.ts'
import {
  CASCADE_STATES,
  ESCALATION_REASONS,
  ESCALATION_STATES,
  GAP_CAUSES,
  GAP_STATES,
  OFFER_STATES,
  REACTIONS,
} from './gap-filling.tables.ts'
import { OFFER_MODES } from './gap-filling.types.ts'
import { OFFER_ANSWERS } from './standings.rules.ts'

const Minutes = z.int().min(1).max(100_000)

const SearchWish = z
  .object({
    mode: z.enum(OFFER_MODES).optional(),
    waveSize: z.int().optional(),
    offerMinutes: z.int().optional(),
    collectMinutes: z.int().optional(),
    urgent: z.boolean().optional(),
    reserveSetIds: z.array(Id).optional(),
    echelonIds: z.array(Id).optional(),
    unitIds: z.array(Id).optional(),
    reason: z.string().optional(),
    by: z.string().optional(),
  })
  .meta({ description: "What was said about this search beside the unit's policy" })

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
    search: SearchWish,
  })
  .meta({ id: 'Gap', description: 'An unfilled seat of a published roster' })

export const GapList = z.strictObject({
  ...pageQuery(['openedAt']),
  rosterId: Id.optional(),
  state: z.enum(GAP_STATES).optional(),
  conspicuous: Flag.optional().meta({ description: 'With an answer that may be that of a mail scanner' }),
})
export const GapPage = pageOf(Gap)

const Offer = z.object({
  id: Id,
  volunteerId: Id,
  echelonId: Id.nullable(),
  unitId: Id.nullable().meta({ description: 'Asked as one of everybody of this unit' }),
  wave: z.int(),
  rank: z.int().meta({ description: 'Place in the order in which people were asked for this gap' }),
  state: z.enum(OFFER_STATES),
  askedAt: Instant,
  expiresAt: Instant,
  decidedAt: Instant.nullable(),
  willingAt: Instant.nullable().meta({ description: 'Has accepted where answers are collected, or too late' }),
  releasedAt: Instant.nullable().meta({ description: 'May be asked for this gap once more since then' }),
  conspicuous: z.enum(CONSPICUOUS).nullable().meta({
    description: 'The last answer came within a minute of the message, and may be that of a mail scanner',
  }),
  channel: z.string().nullable(),
  message: z.enum(MESSAGE_STATES).nullable().meta({ description: 'What became of the message' }),
})

const Skip = z.object({
  volunteerId: Id,
  echelonId: Id.nullable(),
  unitId: Id.nullable(),
  wave: z.int(),
  outcome: z.string().meta({ description: "'skipped:' and the rule that stood against it", example: 'skipped:absent' }),
  skippedAt: Instant,
})

const Escalation = z.object({
  id: Id,
  climb: z.int().meta({ description: 'A gap that gets worse after an answer is climbed for again' }),
  level: z.int(),
  unitId: Id,
  unitName: z.string(),
  reason: z.enum(ESCALATION_REASONS),
  state: z.enum(ESCALATION_STATES).meta({ description: 'passed: no reaction in time, the next level up was told' }),
  toldAt: Instant,
  reactBy: Instant,
  endedAt: Instant.nullable(),
  reaction: z.enum(REACTIONS).nullable(),
  reactedBy: z.string().nullable(),
  note: z.string().nullable(),
})

export const GapDetail = Gap.extend({
  cascades: z.array(
    z.object({
      id: Id,
      state: z.enum(CASCADE_STATES),
      wave: z.int(),
      createdAt: Instant,
      endedAt: Instant.nullable(),
      pausedAt: Instant.nullable().meta({ description: 'Nobody new is asked since then' }),
      acceptance: z.number().nullable().meta({ description: 'Share of those asked that was expected to come' }),
      history: z
        .array(z.object({ echelonId: Id.nullable(), unitId: Id.optional(), asked: z.int(), because: z.string() }))
        .meta({ description: 'Tiers passed over or used up, in order, with the reason' }),
      offers: z.array(Offer),
      skipped: z.array(Skip).meta({ description: 'People whose turn it was and who were not asked' }),
    }),
  ),
  escalations: z.array(Escalation).meta({ description: 'Who was told up the chain of responsibility, in order' }),
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

const Words = z.string().trim().min(1).max(500)
const Reason = z.string().trim().min(3).max(500)

export const PauseGap = z.strictObject({ reason: Reason.optional() })
export const StopGap = z.strictObject({ reason: Reason })

export const WidenGap = z
  .strictObject({
    reserveSetIds: z.array(Id).max(20).default([]),
    echelonIds: z.array(Id).max(20).default([]),
    unitIds: z.array(Id).max(20).default([]).meta({ description: 'Everybody of these units and below' }),
    waveSize: z.int().min(1).max(1_000).optional().meta({ description: 'From now on so many are asked together' }),
    reason: Reason.meta({ description: 'Why people are called to whom the seat is normally not given' }),
  })
  .refine(
    ({ reserveSetIds, echelonIds, unitIds, waveSize }) =>
      reserveSetIds.length + echelonIds.length + unitIds.length > 0 || waveSize !== undefined,
    { error: 'names nobody and nothing to widen by' },
  )

/** Policy for one gap; null gives a field back to the policy of the unit. */
export const SearchPatch = z
  .strictObject({
    mode: z.enum(OFFER_MODES).nullable(),
    waveSize: z.int().min(1).max(1_000).nullable(),
    offerMinutes: Minutes.nullable(),
    collectMinutes: Minutes.nullable(),
    urgent: z.boolean().nullable().meta({ description: 'true: people are asked in quiet hours too' }),
  })
  .partial()
export const GapPatch = z.strictObject({ search: SearchPatch })

export const AskAnew = z.strictObject({
  states: z
    .array(z.enum(['expired', 'contact_error', 'superseded', 'declined']))
    .min(1)
    .default(['expired', 'contact_error', 'superseded'])
    .meta({ description: 'What became of the offers of those who may be asked again; a no counts unless it is named' }),
})

export const Acknowledge = z.strictObject({
  by: Words.max(100).optional().meta({ description: 'Who sees to it; the API key when left out' }),
  note: Words.optional(),
})

export const CandidateQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(20),
  all: z
    .stringbool()
    .default(false)
    .meta({ description: 'Look at everybody, so that all counts by rule are complete' }),
})

export const Candidates = z
  .object({
    wave: z.object({
      mode: z.enum(OFFER_MODES),
      size: z.int().nullable().meta({ description: 'null: everybody, or everybody of the echelon' }),
      broadcast: z.boolean().meta({ description: 'So little time is left that all are asked at once' }),
      expiresAt: Instant,
      notBefore: Instant.nullable().meta({ description: 'Quiet hours end then, and there is time to wait' }),
    }),
    acceptance: z.number().meta({ description: 'Share of those asked that may be expected to come' }),
    eliminated: z
      .record(z.string(), z.int())
      .meta({ description: 'How many cannot be asked, by reason, in all tiers' }),
    echelons: z.array(
      z.object({
        echelonId: Id.nullable(),
        unitId: Id.nullable().meta({ description: 'Everybody of this unit' }),
        widened: z.boolean().meta({ description: 'Added to this search by an organizer' }),
        name: z.string(),
        members: z.int(),
        asked: z.int(),
        passedOver: z.record(z.string(), z.int()).meta({ description: 'How many cannot be asked, by reason' }),
        candidates: z.array(
          z.object({
            volunteerId: Id,
            rank: z.int().nullable().meta({ description: 'null: looked at, and not eligible' }),
            wouldCome: z.boolean().meta({ description: 'Has said so when another seat at that time was taken' }),
            loadMinutes: z.int().meta({ description: 'Of the last four weeks and those to come, for a full share' }),
            offers: z.int().meta({ description: 'Times asked in the last four weeks' }),
            lastEndedAt: Instant.nullable(),
            restMinutes: z
              .int()
              .nullable()
              .meta({ description: 'From the end of the last duty to the start of this one' }),
            distance: z.int().meta({ description: 'Steps between home and post in the tree of units' }),
            failures: z.array(z.string()).meta({ description: 'Hard rules that stand against it' }),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'GapCandidates', description: 'Who would be asked, in which order and why' })

/** What the form of the page sends. */
export const PageAnswer = z.object({ answer: z.enum(OFFER_ANSWERS) })
