import { z } from 'zod'
import { Id, Instant, Version } from '../../platform/http/schemas.ts'
import { ASSIGNMENT_STATES } from './rosters.states.ts'

export const Assignment = z
  .object({
    id: Id,
    rosterId: Id,
    shiftId: Id,
    slotId: Id,
    volunteerId: Id,
    displayName: z.string(),
    postId: Id,
    postName: z.string(),
    role: z.string(),
    state: z.enum(ASSIGNMENT_STATES),
    startLocal: z.string(),
    endLocal: z.string(),
    startsAt: Instant,
    endsAt: Instant,
    source: z.enum(['roster', 'hand', 'cascade', 'swap']),
    confirmBy: Instant.nullable(),
    decidedAt: Instant.nullable(),
    declineReason: z.string().nullable(),
    override: z.object({ rules: z.array(z.string()), reason: z.string(), by: z.string() }).nullable(),
    replacesId: Id.nullable(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'Assignment' })

export const Because = z.strictObject({ reason: z.string().trim().min(1).max(500) })
export const MaybeBecause = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() })
