import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant } from '../../platform/http/schemas.ts'
import { MESSAGE_STATES } from './notifications.tables.ts'

const State = z.enum(MESSAGE_STATES)

const Way = z
  .object({
    channel: z.string(),
    address: z.string().meta({ description: 'Masked' }),
    tries: z.int(),
    state: z.enum(['accepted', 'failed', 'unknown', 'later']),
    error: z.string().nullable(),
    since: Instant,
    at: Instant,
  })
  .meta({ id: 'MessageWay' })

export const Message = z
  .object({
    id: Id,
    volunteerId: Id.nullable(),
    unitId: Id.nullable().meta({ description: 'Set when it went to the responsible people of a unit' }),
    template: z.string(),
    subjectId: Id.meta({ description: 'What it is about: a request, an offer, an assignment, a gap' }),
    state: State,
    channel: z.string().nullable(),
    address: z.string().nullable().meta({ description: 'Masked' }),
    attempts: z.int(),
    ways: z.array(Way).meta({ description: 'Contact points that were tried, in order' }),
    error: z.string().nullable(),
    createdAt: Instant,
    sendAfter: Instant,
    sentAt: Instant.nullable(),
  })
  .meta({ id: 'Message' })

export const MessageList = z.strictObject({
  ...pageQuery(['createdAt']),
  volunteerId: Id.optional(),
  subjectId: Id.optional(),
  state: State.optional(),
  template: z.string().max(60).optional(),
})
export const MessagePage = pageOf(Message)
