import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Moment, Name, Version } from '../../platform/http/schemas.ts'
import { CAMPAIGN_STATES, ENTRY_STATES, TASK_STATES } from './campaigns.states.ts'

const Text = (max: number) => z.string().trim().min(1).max(max)

const RoundInput = z
  .strictObject({ opensAt: Moment.optional().meta({ description: 'Now when left out' }), deadline: Moment })
  .refine(({ opensAt, deadline }) => !opensAt || Date.parse(deadline) > Date.parse(opensAt), {
    path: ['deadline'],
    error: 'is not after opensAt',
    params: { code: 'round-upside-down' },
  })
export const NewRound = RoundInput

const fields = {
  name: Name,
  kind: Text(60).meta({ example: 'phone' }),
  instructions: Text(2000).nullable(),
  maxItemsPerPerson: z.int().min(1).max(5000).nullable(),
  chaseBeforeMinutes: z.array(z.int().min(1).max(43_200)).max(6),
}

export const NewCampaign = z.strictObject({
  unitId: Id,
  ...fields,
  instructions: fields.instructions.default(null),
  maxItemsPerPerson: fields.maxItemsPerPerson.default(null),
  chaseBeforeMinutes: fields.chaseBeforeMinutes.default([1440, 180]),
  rounds: z.array(RoundInput).min(1).max(50).meta({ description: 'Each item is to be reached once in each' }),
})
export const CampaignPatch = z.strictObject(fields).partial()

export const Campaign = z
  .object({
    id: Id,
    unitId: Id,
    name: z.string(),
    kind: z.string(),
    instructions: z.string().nullable(),
    state: z.enum(CAMPAIGN_STATES),
    maxItemsPerPerson: z.int().nullable(),
    chaseBeforeMinutes: z.array(z.int()),
    rounds: z.array(z.object({ id: Id, number: z.int(), opensAt: Instant, deadline: Instant })),
    createdAt: Instant,
    updatedAt: Instant,
    finishedAt: Instant.nullable(),
    destroyedAt: Instant.nullable(),
    version: Version,
  })
  .meta({ id: 'Campaign' })
export const CampaignList = z.strictObject({
  ...pageQuery(['createdAt', 'name']),
  unitId: Id.optional().meta({ description: 'Campaigns of this unit and all below it' }),
  state: z.enum(CAMPAIGN_STATES).optional(),
})
export const CampaignPage = pageOf(Campaign.omit({ rounds: true }).meta({ id: 'CampaignSummary' }))

const maybe = z.string().max(1000).nullish()
export const NewItems = z.strictObject({
  items: z
    .array(
      z.strictObject({
        reference: maybe,
        name: maybe,
        phone: maybe,
        address: maybe,
        unitId: Id.nullish(),
        unitCode: maybe,
        note: maybe,
      }),
    )
    .min(1)
    .max(5000),
})
export const AddedItems = z.object({ added: z.int(), unchanged: z.int() }).meta({ id: 'AddedItems' })

export const ITEM_MODES = ['preview', 'commit'] as const
export const ItemImportQuery = z.strictObject({ mode: z.enum(ITEM_MODES).default('preview') })
export const ItemFile = z.unknown().meta({ type: 'string', description: 'The file' })
export const ItemImportReport = z
  .object({
    mode: z.enum(ITEM_MODES),
    committed: z.boolean(),
    counts: z.object({ rows: z.int(), added: z.int(), unchanged: z.int(), wrong: z.int() }),
    errors: z
      .array(
        z.object({
          row: z.int().meta({ description: 'As a spreadsheet counts: the row of headers is 1' }),
          column: z.string().nullable(),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .meta({ description: 'The first 1,000' }),
    errorsTotal: z.int(),
  })
  .meta({ id: 'ItemImportReport' })

export const Item = z
  .object({
    id: Id,
    unitId: Id,
    unitName: z.string(),
    reference: z.string().nullable(),
    name: z.string().nullable(),
    phone: z.string().nullable().meta({ description: 'Masked: whoever has to call sees it whole, on their page' }),
    address: z.string().nullable(),
    note: z.string().nullable(),
    createdAt: Instant,
    entries: z.array(
      z.object({
        id: Id,
        round: z.int(),
        state: z.enum(ENTRY_STATES),
        tries: z.int(),
        note: z.string().nullable(),
        markedAt: Instant.nullable(),
        taskId: Id.nullable(),
        volunteerId: Id.nullable(),
        volunteerName: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'CampaignItem' })
export const ItemList = z.strictObject({
  ...pageQuery(['position']),
  unitId: Id.optional().meta({ description: 'Items of this unit and all below it' }),
  volunteerId: Id.optional().meta({ description: 'Items in the hands of this person' }),
})
export const ItemPage = pageOf(Item)

export const DivideCampaign = z
  .strictObject({
    volunteerIds: z.array(Id).min(1).max(5000).optional(),
    unitId: Id.optional().meta({ description: 'Everybody whose home unit is this one or below' }),
    by: z.enum(['load', 'grid']).default('load').meta({
      description: 'load: evenly, near their own unit; grid: people are sent to grids first, and every grid is covered',
    }),
    consent: z.enum(['asked', 'implied']).default('asked').meta({
      description: 'implied: people of other classes than volunteer need not accept; volunteers always do',
    }),
    preview: z.boolean().default(false).meta({ description: 'Only show the division' }),
  })
  .refine(({ volunteerIds, unitId }) => (volunteerIds === undefined) !== (unitId === undefined), {
    error: 'Name either volunteerIds or unitId.',
    params: { code: 'one-of-two' },
  })

export const ReassignItems = z.strictObject({
  fromVolunteerId: Id,
  toVolunteerIds: z
    .array(Id)
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'All others of the campaign when left out' }),
  itemIds: z.array(Id).min(1).max(5000).optional().meta({
    description: 'Only these; when left out, all that are not finished, and the person is released from the task',
  }),
})

export const DivisionOut = z
  .object({
    preview: z.boolean(),
    people: z.array(
      z.object({ volunteerId: Id, items: z.int(), near: z.int().meta({ description: 'In their own unit' }) }),
    ),
    undivided: z.int().meta({ description: 'Items that nobody has room for' }),
  })
  .meta({ id: 'CampaignDivision' })

export const TaskOut = z
  .object({
    id: Id,
    campaignId: Id,
    volunteerId: Id,
    volunteerName: z.string(),
    state: z.enum(TASK_STATES),
    askedAt: Instant,
    decidedAt: Instant.nullable(),
  })
  .meta({ id: 'CampaignTask' })
export const TaskList = z.strictObject({ ...pageQuery(['askedAt']), state: z.enum(TASK_STATES).optional() })
export const TaskPage = pageOf(TaskOut)

export const MarkEntry = z.strictObject({
  state: z.enum(ENTRY_STATES),
  note: Text(500).nullable().optional(),
})
export const Entry = z
  .object({
    id: Id,
    itemId: Id,
    round: z.int(),
    state: z.enum(ENTRY_STATES),
    tries: z.int(),
    note: z.string().nullable(),
    markedAt: Instant.nullable(),
  })
  .meta({ id: 'CampaignEntry' })

const counts = {
  total: z.int(),
  open: z.int(),
  reached: z.int(),
  not_reached: z.int(),
  refused: z.int(),
  problem: z.int(),
  finished: z.int().meta({ description: 'Reached or refused' }),
  finishedPercent: z.number(),
}
const more = {
  overdue: z.int().meta({ description: 'Not finished although the round is over' }),
  awaitingConsent: z.int().meta({ description: 'Not finished, with somebody who has not accepted yet' }),
  undivided: z.int().meta({ description: 'Not finished and in nobody’s hands' }),
}
export const Progress = z
  .object({
    items: z.int(),
    people: z.object({ asked: z.int(), accepted: z.int(), declined: z.int(), released: z.int() }),
    ...counts,
    ...more,
    rounds: z.array(z.object({ number: z.int(), deadline: Instant, ...counts, ...more })),
  })
  .meta({ id: 'CampaignProgress', description: 'Counts of entries: one for each item and round' })

export const ProgressList = z.strictObject({
  ...pageQuery(['name']),
  round: z.coerce.number().int().min(1).optional(),
})
export const ProgressPage = pageOf(
  z.object({ id: Id.meta({ description: 'The unit, or the person' }), name: z.string(), ...counts, overdue: z.int() }),
)

export const DestroyItems = z.strictObject({ reason: Text(500).min(3) })
export const Chased = z.object({ people: z.int() }).meta({ id: 'ChasedPeople' })

/** What the forms of the page send. */
export const PageForm = z.object({
  do: z
    .enum(['accept', 'decline', ...ENTRY_STATES])
    .optional()
    .catch(undefined),
  entry: z.uuid().optional().catch(undefined),
  tries: z.coerce.number().int().min(0).optional().catch(undefined),
  note: z.string().trim().max(500).optional().catch(undefined),
})
