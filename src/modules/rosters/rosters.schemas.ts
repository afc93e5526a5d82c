import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, LocalDate, Version } from '../../platform/http/schemas.ts'
import { localDaysBetween } from '../../time/zones.ts'
import { ROSTER_STATES, RUN_STATES } from './rosters.states.ts'

const LONGEST_PERIOD_DAYS = 93
/** What the random source of the engine starts from: exact in JSON. */
const Seed = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const Budget = z.int().min(50).max(600_000)

const runFields = {
  seed: Seed.default(1).meta({ description: 'Same facts, rules, seed and iterations: same roster' }),
  iterations: z.int().min(1).max(1_000_000_000).optional().meta({
    description: 'Steps of the search, in place of a time: the same facts, rules, seed and steps give the same roster',
  }),
  budgetMs: Budget.optional().meta({
    description: 'How long the engine may search; the setting of the service when left out',
  }),
}

const dates = ['from', 'to'] as const
const whenDates = {
  when: ({ value }: { value: unknown }) =>
    dates.every((key) => LocalDate.safeParse((value as Record<string, unknown> | null)?.[key]).success),
}

export const NewRoster = z
  .strictObject({
    unitId: Id,
    from: LocalDate.meta({ description: 'First local day; a shift belongs to the day it starts on' }),
    to: LocalDate.meta({ description: 'First day that no longer belongs to it' }),
    ...runFields,
  })
  .refine(({ from, to }) => from < to, {
    error: 'is not after from',
    path: ['to'],
    params: { code: 'period-upside-down' },
    ...whenDates,
  })
  .refine(({ from, to }) => localDaysBetween(from, to) <= LONGEST_PERIOD_DAYS, {
    error: `A roster has at most ${LONGEST_PERIOD_DAYS} days.`,
    path: ['to'],
    params: { code: 'period-too-long' },
    ...whenDates,
  })

export const Regenerate = z.strictObject(runFields)

const Numbers = z.record(z.string(), z.number())
export const Score = Numbers.meta({ id: 'Score', description: 'By level, the most important first; lower is better' })
const Text = z.object({ zh: z.string(), en: z.string() })

export const RuleFailure = z
  .object({
    ruleId: z.string(),
    rule: z.string(),
    strength: z.enum(['hard', 'soft']),
    overridable: z.boolean(),
    observed: z.union([z.number(), z.string()]),
    limit: z.union([z.number(), z.string()]),
    unit: z.string().optional(),
    slotIds: z.array(z.string()),
    text: Text,
  })
  .meta({ id: 'RuleFailure', description: 'One rule that does not hold, with what was seen and what is allowed' })

export const Breach = RuleFailure.extend({
  personIds: z.array(z.string()),
  cost: z.number(),
  level: z.string(),
}).meta({ id: 'Breach' })

export const OpenSlotReason = z
  .object({
    slotId: Id,
    open: z.int(),
    need: z.string(),
    considered: z.int(),
    eligible: z.int(),
    isPartial: z.boolean().optional().meta({
      description:
        'So many slots are open that all rules were asked of a few people only: eligible is at most that many',
    }),
    sampled: z.int().optional().meta({ description: 'How many people that were; nearest and unlocks are from them' }),
    eliminated: z.array(z.object({ ruleId: z.string(), rule: z.string(), count: z.int(), alone: z.int() })),
    nearest: z.array(z.object({ personId: z.string(), failures: z.array(RuleFailure) })),
    unlocks: z.array(
      z.object({
        kind: z.string(),
        personId: z.string(),
        ruleId: z.string(),
        slotId: z.string().optional(),
        ruleIds: z
          .array(z.string())
          .optional()
          .meta({ description: 'Every rule to be overridden, where it takes more than one' }),
        amount: z.number().optional().meta({ description: 'By how much a rule would have to give way' }),
        unit: z.string().optional(),
        text: Text,
      }),
    ),
    text: Text,
  })
  .meta({
    id: 'OpenSlotReason',
    description: 'Why a slot is open: who was ruled out by what, and what would unlock it',
  })

export const RunBound = z
  .object({
    level: z.string().meta({ description: 'Level of the score it is about' }),
    value: z.number().meta({ description: 'No roster costs less there, the levels before it being as they are' }),
    seats: z
      .object({ atLeast: z.int(), open: z.int() })
      .optional()
      .meta({ description: 'How many seats must stay open at least, and how many are' }),
    abovePercent: z.number().nullable().meta({
      description: 'How far above the best possible this roster is at most; 0: proved best, null: no percentage of 0',
    }),
    text: Text,
  })
  .meta({ id: 'RunBound', description: 'What is proven of how good the roster could be at best' })

const JusticeLine = z
  .object({
    ruleId: z.string(),
    personId: Id,
    measure: z.string().meta({ description: 'What is counted; loads are in minutes where it is time' }),
    load: z.number().meta({ description: 'Carried in from before, decayed, and planned' }),
    fairShare: z.number(),
    deviation: z.number().meta({ description: 'Below zero: less than the fair share' }),
    text: Text,
  })
  .meta({
    id: 'JusticeLine',
    description: 'How far a person is from the fair share: "2 nights above fair share (carries 3.6, due 1.6)"',
  })

const Loose = z.record(z.string(), z.unknown())

export const RunProgress = z
  .object({
    phase: z.string().optional(),
    share: z.number().optional(),
    iterations: z.number().optional(),
    score: Score.optional(),
    cancelRequested: z.boolean().optional(),
  })
  .meta({ id: 'RunProgress' })

export const RunSummary = z
  .object({
    id: Id,
    rosterId: Id,
    state: z.enum(RUN_STATES),
    seed: z.int(),
    budgetMs: z.int(),
    iterations: z.int().nullable(),
    progress: RunProgress.nullable(),
    error: z.string().nullable(),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'GenerationRunSummary' })

export const Run = RunSummary.extend({
  requestedBy: z.string(),
  outcome: z
    .object({
      score: Score,
      counts: Numbers,
      breaches: z.array(Breach),
      reasons: z.array(OpenSlotReason),
      conflicts: z.array(Loose),
      justice: z.array(JusticeLine),
      bound: RunBound.optional(),
      trace: z.array(Loose),
      rules: z.array(Loose),
      problemDigest: z.string(),
      iterations: z.number(),
      stopped: z.string(),
      engineMs: z.number(),
      savedMs: z.number(),
    })
    .nullable(),
}).meta({ id: 'GenerationRun' })

export const Roster = z
  .object({
    id: Id,
    unitId: Id,
    from: z.string(),
    to: z.string(),
    state: z.enum(ROSTER_STATES).meta({ description: 'State of the draft; what is in force shows publishedVersion' }),
    publishedVersion: z.int().meta({ description: '0 before the first publication' }),
    publishedAt: Instant.nullable(),
    counts: z.object({
      slots: z.int(),
      assigned: z.int(),
      openMandatory: z.int(),
      openDesired: z.int(),
    }),
    score: Score.nullable().meta({ description: 'Of the newest finished run' }),
    generationRun: RunSummary.nullable().meta({ description: 'The newest run' }),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'Roster' })

export const RosterList = z.strictObject({
  ...pageQuery(['from', 'createdAt']),
  unitId: Id.optional().meta({ description: 'Rosters of this unit and all below it' }),
  state: z.enum(ROSTER_STATES).optional(),
  day: LocalDate.optional().meta({ description: 'Rosters that plan this day' }),
})
export const RosterPage = pageOf(Roster)
