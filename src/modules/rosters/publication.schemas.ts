import { z } from 'zod'
import { Id, IdParams, Instant, Version } from '../../platform/http/schemas.ts'
import { ASSIGNMENT_STATES } from './rosters.states.ts'

export const Publish = z.strictObject({
  dryRun: z.boolean().default(false).meta({ description: 'Answer as if, and change nothing' }),
  note: z.string().trim().max(500).optional(),
  allowOpenMandatory: z.boolean().default(false),
})

const Seated = z.object({ slotId: Id, volunteerId: Id })
const Standing = Seated.extend({ assignmentId: Id, state: z.enum(ASSIGNMENT_STATES) })

const diffFields = {
  added: z.array(Seated),
  removed: z.array(Standing),
  moved: z.array(
    z.object({
      volunteerId: Id,
      fromSlotIds: z.array(Id),
      toSlotIds: z.array(Id),
    }),
  ),
  kept: z.int(),
  peopleAffected: z.array(Id),
  confirmedPeopleAffected: z.array(Id).meta({ description: 'People who lose a duty they had confirmed' }),
  openMandatorySlotIds: z.array(Id),
  openDesiredSlotIds: z.array(Id),
}

export const RosterDiff = z
  .object({ rosterId: Id, version: Version, ...diffFields })
  .meta({ id: 'RosterDiff', description: 'What publishing the draft would change' })

const Summary = z.object({ added: z.int(), removed: z.int(), moved: z.int(), kept: z.int() })

export const Publication = z
  .object({
    rosterId: Id,
    number: z.int().meta({ description: 'Number of the published version' }),
    dryRun: z.boolean(),
    rosterVersion: Version,
    summary: Summary,
    ...diffFields,
  })
  .meta({ id: 'Publication' })

export const RosterVersion = z
  .object({
    number: z.int(),
    publishedAt: Instant,
    publishedBy: z.string(),
    note: z.string().nullable(),
    summary: z.record(z.string(), z.number()),
  })
  .meta({ id: 'RosterVersion' })
export const RosterVersions = z.object({ items: z.array(RosterVersion) }).meta({ id: 'RosterVersions' })

export const FrozenVersion = RosterVersion.extend({
  lines: z.array(
    Seated.extend({
      assignmentId: Id,
      shiftId: Id,
      postId: Id,
      postName: z.string(),
      role: z.string(),
      startsAt: Instant,
      endsAt: Instant,
    }),
  ),
}).meta({ id: 'FrozenRosterVersion' })

export const VersionParams = IdParams.extend({ number: z.coerce.number().int().min(1) })
