import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Findings } from '../../platform/http/problem.ts'
import { LOCALES, type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { smsSegments } from './channels/sms-segments.ts'
import { notificationsProblems } from './notifications.problems.ts'
import { notificationsRepository } from './notifications.repository.ts'
import { fill } from './notifications.rules.ts'
import { TEMPLATE_CHANNELS } from './notifications.tables.ts'
import type { Channel, Template, Templates } from './notifications.types.ts'
import { codeValues } from './notifications.writing.ts'
import { templatesRepository } from './templates.repository.ts'
import { pickText, type TemplateChannel, type TemplateRow } from './templates.rules.ts'
import { EXAMPLE_CODE, exampleLink, examplesFor, longestFor } from './templates.samples.ts'
import type { PreviewRequest } from './templates.schemas.ts'

export interface PreviewsDeps extends Pick<Foundations, 'db' | 'clock'> {
  organisation: Organisation
  templates: Templates
  channels: Channel[]
  address: { readonly publicUrl: string }
  objections(words: Pick<TemplateRow, 'template' | 'locale' | 'channel' | 'subject' | 'text'>): Findings
}

/** Shows a message as it would be said, in every language and for every kind of channel. Sends and keeps nothing. */
export function createPreviews({ db, clock, organisation, templates, channels, address, objections }: PreviewsDeps) {
  const fixedAddress = () =>
    channels.find((channel) => channel.insteadOfLink)?.insteadOfLink?.() ?? `${address.publicUrl}/k`

  /** Nobody gets in by a preview: its link and its code are examples. */
  const wayIn = (channel: TemplateChannel, locale: Locale): Record<string, string> =>
    channel === 'sms' ? codeValues(fixedAddress(), EXAMPLE_CODE, locale) : { link: exampleLink(address.publicUrl) }

  /** Values by language: the facts of a message there is, or examples. */
  async function valuesOf(actor: Actor, name: string, template: Template, messageId: string | undefined) {
    if (messageId === undefined) return (locale: Locale) => examplesFor(template, locale)
    const repository = notificationsRepository(db)
    assertCovers(actor, await repository.placeOf(messageId), () => notificationsProblems.unknown(messageId))
    const message = (await repository.find(messageId))!
    const loaded = message.template === name ? await template.load(db, message, clock.now()) : undefined
    if (!loaded) throw notificationsProblems.nothingToSay()
    const recipient = await repository.recipientOf(message)
    const speaks = templates[loaded.as ?? name]!
    return (locale: Locale) => ({ ...speaks.words(loaded.facts, tongueOf(locale)), name: recipient.name })
  }

  return {
    async preview(actor: Actor, { unitId, template: name, messageId, draft }: z.output<typeof PreviewRequest>) {
      const unit = await organisation.getUnit(actor, unitId)
      const channel = draft?.channel ?? null
      const found = objections(
        draft
          ? { ...draft, template: name, channel }
          : { template: name, locale: 'zh', channel: null, subject: '', text: '{link}' },
      )
      const template = templates[name]
      if (!template) return found.throwIfAny() as never
      const own = await templatesRepository(db).wordsFor(name, unit.path)
      const draftText = draft && { ...draft, channel, id: 'draft', version: 0, path: unit.path }
      const texts = draftText
        ? [
            ...own.filter((one) => !(one.path === unit.path && one.locale === draft.locale && one.channel === channel)),
            draftText,
          ]
        : own
      const values = await valuesOf(actor, name, template, messageId)
      const items = LOCALES.flatMap((locale) =>
        TEMPLATE_CHANNELS.map((kind) => {
          const said = pickText(template, texts, { locale, channel: kind, path: unit.path })
          const isDraft = said.id === 'draft'
          const filled = (text: string, more: Record<string, string>) =>
            fill(text, { ...more, ...wayIn(kind, locale) }, 'keep')
          const text = filled(said.text, values(locale))
          const isSms = kind === 'sms'
          return {
            locale,
            channel: kind,
            subject: filled(said.subject, values(locale)),
            text,
            bytes: Buffer.byteLength(text),
            segments: isSms ? smsSegments(text) : null,
            longestSegments: isSms ? smsSegments(filled(said.text, longestFor(template, locale))) : null,
            templateId: isDraft ? null : said.id,
            templateVersion: isDraft ? null : said.version,
          }
        }),
      )
      return { template: name, items, findings: draft ? found.errors : [] }
    },
  }
}
