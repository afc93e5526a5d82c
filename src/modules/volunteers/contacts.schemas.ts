import { z } from 'zod'
import { Instant, Line } from '../../platform/http/schemas.ts'
import { CONTACT_CHANNELS } from './volunteers.tables.ts'

export const EmailAddress = z.email().max(254)

/** Digits as people write them; kept without blanks, brackets and hyphens. */
export const PhoneNumber = z
  .string()
  .trim()
  .max(40)
  .regex(/^\+?\d[\d ()-]{3,30}\d$/, { error: 'is not a phone number' })
  .transform((text) => text.replace(/[ ()-]/g, ''))

/** One user id; not a list and not '@all'. */
export const WeComUser = z.string().regex(/^[A-Za-z0-9][\w.@-]{0,63}$/, { error: 'is not a user id of WeChat Work' })

export const NewContact = z
  .discriminatedUnion('channel', [
    z.strictObject({ channel: z.literal('email'), address: EmailAddress }),
    z.strictObject({ channel: z.literal('sms'), address: PhoneNumber }),
    z.strictObject({ channel: z.literal('wecom'), address: WeComUser }),
    z.strictObject({ channel: z.literal('log'), address: Line(200) }),
  ])
  .meta({ description: 'A way to reach the person; `log` writes to the message log' })

export const NewContacts = z
  .array(NewContact)
  .max(10)
  .refine((contacts) => new Set(contacts.map((one) => `${one.channel} ${one.address}`)).size === contacts.length, {
    error: 'names the same contact twice',
    params: { code: 'contact-twice' },
  })
  .meta({ description: 'In the order in which they are tried; the list replaces the one before' })

export const Contact = z
  .object({ channel: z.enum(CONTACT_CHANNELS), address: z.string(), verifiedAt: Instant.nullable() })
  .meta({ id: 'Contact' })
