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
    deliveredAt: Instant.nullable().meta({
      description: 'When the channel, or an organizer, said that it has arrived',
    }),
    test: z.boolean().meta({ description: 'Sent by hand to try a text out' }),
    locale: z.string().nullable(),
    templateId: Id.nullable().meta({ description: "The unit's own text it was written with" }),
    templateVersion: z.int().nullable().meta({ description: '0: the built-in text' }),
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

export const Resolution = z.strictObject({
  outcome: z.enum(['arrived', 'not-arrived', 'send-again']).meta({
    description: '`send-again` takes the risk that it comes twice',
  }),
  reason: z.string().trim().min(1).max(300).optional(),
})

const OUR_ID = /^<?([0-9a-f-]{36})@[^<>\s]+>?$/i

/** What a channel reports of one message; field names that gateways and mail tools are used to. */
export const Receipt = z
  .looseObject({
    id: z.string().min(1).max(200).optional(),
    providerId: z.string().min(1).max(200).optional(),
    messageId: z.string().min(1).max(300).optional(),
    state: z.enum(['delivered', 'failed', 'bounced']),
    error: z.string().max(300).nullish(),
  })
  .transform(({ id, providerId, messageId, state, error }, context) => {
    const reference = id ?? providerId ?? (messageId && (OUR_ID.exec(messageId)?.[1] ?? messageId))
    if (reference === undefined) {
      context.addIssue({ code: 'custom', message: 'names no message: id, providerId or messageId' })
      return z.NEVER
    }
    return { reference, state: state === 'delivered' ? ('delivered' as const) : ('failed' as const), error }
  })
export const Receipts = z.union([z.array(Receipt).max(500), Receipt.transform((one) => [one])])
