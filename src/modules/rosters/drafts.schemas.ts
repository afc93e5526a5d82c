import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, LocalDate, Version } from '../../platform/http/schemas.ts'
import { isRuleName } from './roster-rules.params.ts'
import { Breach, OpenSlotReason, RuleFailure, Score } from './rosters.schemas.ts'
import { ASSIGNMENT_STATES, ROSTER_STATES } from './rosters.states.ts'

const RuleWord = z
  .string()
  .refine(isRuleName, { error: (issue) => `is not a rule: ${issue.input}`, params: { code: 'rule-unknown' } })

export const DraftEdit = z.strictObject({
  volunteerId: Id,
  pinned: z.boolean().default(true).meta({ description: 'The engine must not move it' }),
  override: z
    .strictObject({ rules: z.array(RuleWord).min(1).max(40), reason: z.string().trim().min(1).max(500) })
    .optional()
    .meta({ description: 'Hard rules set aside for this person in this slot, by name' }),
})

const Override = z.object({ rules: z.array(z.string()), reason: z.string(), by: z.string() })

export const DraftLine = z
  .object({
    slotId: Id,
    volunteerId: Id,
    displayName: z.string(),
    pinned: z.boolean(),
    source: z.enum(['engine', 'hand']),
    override: Override.nullable(),
    why: z.record(z.string(), z.unknown()).nullable().meta({ description: 'Why this person, as the engine says' }),
  })
  .meta({ id: 'DraftLine' })

const judgement = {
  version: Version,
  score: Score,
  breaches: z.array(Breach),
  openMandatorySlotIds: z.array(Id),
  openDesiredSlotIds: z.array(Id),
}

export const Draft = z
  .object({
    rosterId: Id,
    state: z.enum(ROSTER_STATES),
    ...judgement,
    lines: z.array(DraftLine),
    reasons: z.array(OpenSlotReason).meta({ description: 'Of the newest run, for slots that are still open' }),
    generationRunId: Id.nullable(),
  })
  .meta({ id: 'Draft' })

export const DraftAnswer = z
  .object({
    ...judgement,
    line: DraftLine.nullable(),
    overridden: z.array(RuleFailure).meta({ description: 'Hard rules that fail and were set aside by name' }),
  })
  .meta({ id: 'DraftAnswer' })

export const SlotParams = z.strictObject({ id: Id, slotId: Id })

export const RosterAssignmentList = z.strictObject({
  ...pageQuery(['startsAt']),
  day: LocalDate.optional(),
  postId: Id.optional(),
  volunteerId: Id.optional(),
  state: z
    .enum([...ASSIGNMENT_STATES, 'open'])
    .optional()
    .meta({ description: 'State of who holds the slot; open: nobody' }),
})

export const RosterAssignment = z
  .object({
    slotId: Id,
    shiftId: Id,
    postId: Id,
    postName: z.string(),
    role: z.string(),
    seat: z.int(),
    mandatory: z.boolean(),
    localDay: z.string(),
    startLocal: z.string(),
    endLocal: z.string(),
    startsAt: Instant,
    endsAt: Instant,
    live: z
      .object({
        assignmentId: Id,
        volunteerId: Id,
        displayName: z.string(),
        state: z.enum(ASSIGNMENT_STATES),
        confirmBy: Instant.nullable(),
      })
      .nullable(),
    draft: z
      .object({ volunteerId: Id, displayName: z.string(), pinned: z.boolean(), source: z.enum(['engine', 'hand']) })
      .nullable()
      .meta({ description: 'Who the open draft puts there' }),
  })
  .meta({ id: 'RosterAssignment' })
export const RosterAssignmentPage = pageOf(RosterAssignment)

export const CandidateQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  eligible: z.stringbool().optional().meta({ description: 'true: only those who pass every hard rule' }),
})
export const Candidates = z
  .object({
    slotId: Id,
    considered: z.int(),
    eligible: z.int(),
    items: z.array(
      z.object({
        volunteerId: Id,
        displayName: z.string(),
        crews: z.array(z.string()).meta({ description: 'Names of the crews the person is in that day' }),
        failures: z.array(RuleFailure),
      }),
    ),
  })
  .meta({ id: 'Candidates', description: 'Eligible people first, then those with the fewest failing rules' })
