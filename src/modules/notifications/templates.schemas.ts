import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Line, Name, Version } from '../../platform/http/schemas.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { TEMPLATE_CHANNELS } from './notifications.tables.ts'

const Locale = z.enum(LOCALES)
const Channel = z.enum(TEMPLATE_CHANNELS)
const TemplateName = z
  .string()
  .min(1)
  .max(60)
  .meta({ description: 'Name of a message, as listed by the built-in texts' })
const Text = z.string().trim().min(1).max(2_000).meta({ description: '{placeholder} is filled in when it is sent' })
const Subject = Line(120)

export const NewMessageTemplate = z.strictObject({
  unitId: Id.meta({ description: 'Speaks so to the people of this unit and of all below it' }),
  template: TemplateName,
  locale: Locale,
  channel: Channel.nullish().meta({ description: 'null: every channel that has no text of its own' }),
  subject: Subject,
  text: Text,
})
export const MessageTemplatePatch = z.strictObject({ subject: Subject, text: Text }).partial()

export const MessageTemplate = z
  .object({
    id: Id,
    unitId: Id,
    template: z.string(),
    locale: Locale,
    channel: Channel.nullable(),
    subject: z.string(),
    text: z.string(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'MessageTemplate' })
export const MessageTemplateList = z.strictObject({
  ...pageQuery(['createdAt']),
  unitId: Id.optional(),
  template: TemplateName.optional(),
  locale: Locale.optional(),
})
export const MessageTemplatePage = pageOf(MessageTemplate)

export const BuiltInText = z
  .object({
    template: z.string(),
    locale: Locale,
    subject: z.string(),
    text: z.string(),
    short: z.string().nullable().meta({ description: 'What a text message says instead' }),
    placeholders: z.array(z.string()).meta({ description: 'What a text of your own may name' }),
    urgent: z.boolean(),
  })
  .meta({ id: 'BuiltInText' })
export const BuiltInTexts = z.object({ items: z.array(BuiltInText) })

export const PreviewRequest = z.strictObject({
  unitId: Id.meta({ description: 'Whose words: those of this unit, or of the nearest above it' }),
  template: TemplateName,
  messageId: Id.optional().meta({ description: 'Shown with the facts of this message; with examples when left out' }),
  draft: z
    .strictObject({
      locale: Locale,
      channel: Channel.nullish(),
      subject: z.string().max(120),
      text: z.string().max(2_000),
    })
    .optional()
    .meta({ description: 'A text that is not saved yet, tried in its place' }),
})

const Finding = z.object({ pointer: z.string(), code: z.string(), detail: z.string() })
export const Preview = z
  .object({
    template: z.string(),
    items: z.array(
      z.object({
        locale: Locale,
        channel: Channel,
        subject: z.string(),
        text: z.string(),
        bytes: z.int().meta({ description: 'Of the text, in UTF-8' }),
        segments: z.int().nullable().meta({ description: 'Text messages it becomes; null for other channels' }),
        longestSegments: z.int().nullable().meta({ description: 'The same with long but plausible values' }),
        templateId: Id.nullable().meta({ description: 'The text of a unit that was used; null for the built-in one' }),
        templateVersion: z.int().nullable().meta({ description: '0: built-in; null: the draft' }),
      }),
    ),
    findings: z.array(Finding).meta({ description: 'What stands against the draft' }),
  })
  .meta({ id: 'MessagePreview' })

export const TestMessage = z.strictObject({
  unitId: Id,
  template: TemplateName,
  locale: Locale,
  channel: z.string().min(1).max(40).meta({ description: 'A channel that the settings open', example: 'email' }),
  address: z.string().trim().min(1).max(254).optional().meta({ description: 'Left out for the robots of a group' }),
  name: Name.optional(),
})
