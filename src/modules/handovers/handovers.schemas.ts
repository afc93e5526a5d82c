import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Moment, Version, Zone } from '../../platform/http/schemas.ts'
import { HANDOVER_STATES } from './handovers.tables.ts'

const Text = z.string().trim().min(1).max(2_000).nullable()
const Count = z.int().min(0).max(1_000_000).nullable()
const Short = z.string().trim().min(1).max(200)

const AbnormalEvent = z.strictObject({ text: z.string().trim().min(1).max(1_000), reportNumber: Short.optional() })
const SupplyCount = z.strictObject({
  name: Short,
  count: z.int().min(0).max(1_000_000),
  note: Short.optional(),
})

const contentFields = {
  supervisor: Short.nullable().meta({ description: 'Duty supervisor' }),
  situation: Text.meta({ description: 'What the next crew has to know' }),
  weather: Short.nullable(),
  peopleIn: Count,
  peopleOut: Count,
  vehiclesIn: Count,
  vehiclesOut: Count,
  abnormalEvents: z.array(AbnormalEvent).max(50),
  supplies: z.array(SupplyCount).max(50).meta({ description: 'Things counted' }),
  equipmentFaults: Text,
  instructions: Text.meta({ description: 'Instructions from above' }),
  nil: z.boolean().meta({ description: 'Nothing to report, said on purpose' }),
}

export const NewMatter = z.strictObject({
  text: z.string().trim().min(1).max(1_000),
  owner: Short.nullable().default(null),
  dueAt: Moment.nullable().default(null),
})

export const HandoverPatch = z.strictObject({
  ...z.strictObject(contentFields).partial().shape,
  newMatters: z.array(NewMatter).max(50).optional(),
  closedMatterIds: z.array(Id).max(200).optional(),
})

export const Signature = z.strictObject({
  side: z.enum(['outgoing', 'incoming']),
  volunteerId: Id.meta({ description: 'Who of the crew has signed, on paper or before the organizer' }),
  reason: z.string().trim().min(1).max(500),
  remark: Text.optional().meta({ description: 'Of the incoming crew' }),
})

export const MatterClosing = z.strictObject({ note: Short.optional() })

const CrewMember = z.object({
  assignmentId: Id,
  volunteerId: Id,
  name: z.string(),
  role: z.string(),
  state: z.string(),
  checkedInAt: Instant.nullable(),
  checkedOutAt: Instant.nullable(),
})

export const Matter = z
  .object({
    id: Id,
    text: z.string(),
    owner: z.string().nullable(),
    dueAt: Instant.nullable(),
    openedInId: Id.meta({ description: 'The handover in which it was opened' }),
    createdAt: Instant,
    closedAt: Instant.nullable(),
    closedBy: z.string().nullable(),
    closingNote: z.string().nullable(),
  })
  .meta({
    id: 'HandoverMatter',
    description: 'Something still to be done; stands in every handover until it is closed',
  })

const ShiftReport = z
  .object({
    id: Id.meta({ description: 'As in /v1/reports/{id}' }),
    name: z.record(z.string(), z.string()),
    dueAt: Instant,
    filedAt: Instant,
    number: z.int().meta({ description: 'Of the newest filing' }),
    nil: z.boolean(),
    readBy: z
      .array(z.object({ name: z.string(), number: z.int().meta({ description: 'Of the filing they have read' }) }))
      .meta({ description: 'Of the incoming crew' }),
  })
  .meta({ id: 'HandoverReport', description: 'Filed in the outgoing shift: about its post, or by its crew' })

export const Handover = z
  .object({
    id: Id,
    state: z.enum(HANDOVER_STATES),
    unitId: Id,
    unitName: z.string(),
    postId: Id,
    postName: z.string(),
    zone: Zone,
    outgoingShiftId: Id,
    incomingShiftId: Id,
    plannedAt: Instant,
    actualAt: Instant.nullable().meta({ description: 'When both had signed' }),
    outgoingCrew: z.array(CrewMember),
    incomingCrew: z.array(CrewMember),
    ...contentFields,
    matters: z.array(Matter).meta({ description: 'Open at that time, those carried over included' }),
    reports: z.array(ShiftReport).meta({ description: 'The signature of the incoming crew says that they were read' }),
    outgoingSignedBy: z.string().nullable(),
    outgoingSignedAt: Instant.nullable(),
    incomingSignedBy: z.string().nullable(),
    incomingSignedAt: Instant.nullable(),
    incomingRemark: z.string().nullable(),
    reliefMissingAt: Instant.nullable().meta({ description: 'When the alarm was given that nobody had come' }),
    reliefCameAt: Instant.nullable(),
    seenBy: z.array(z.object({ seenBy: z.string(), seenAt: Instant })),
    version: Version,
  })
  .meta({ id: 'Handover' })

export const HandoverList = z.strictObject({
  ...pageQuery(['plannedAt']),
  unitId: Id.optional().meta({ description: 'Posts of this unit and all below it' }),
  postId: Id.optional(),
  state: z.enum(HANDOVER_STATES).optional(),
  from: Moment.optional().meta({ description: 'Planned at or after' }),
  to: Moment.optional().meta({ description: 'Planned before' }),
})
export const HandoverPage = pageOf(Handover)
