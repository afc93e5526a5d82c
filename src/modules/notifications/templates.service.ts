import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings, stale } from '../../platform/http/problem.ts'
import { LOCALES, type Locale } from '../../platform/texts/catalogue.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { smsSegments } from './channels/sms-segments.ts'
import { notificationsProblems } from './notifications.problems.ts'
import { notificationsRepository } from './notifications.repository.ts'
import { fill, isUsableAddress } from './notifications.rules.ts'
import type { Notifications } from './notifications.service.ts'
import { messageTemplates } from './notifications.tables.ts'
import type { Channel, NewMessage, Template, Templates } from './notifications.types.ts'
import { messageView, templateView } from './notifications.views.ts'
import { createPreviews } from './templates.previews.ts'
import { templatesRepository } from './templates.repository.ts'
import { allowedIn, builtIn, objectionsTo, shortOf, type TemplateChannel, type TemplateRow } from './templates.rules.ts'
import { longestFor } from './templates.samples.ts'
import type { MessageTemplateList, MessageTemplatePatch, NewMessageTemplate, TestMessage } from './templates.schemas.ts'

export type MessageTemplates = ReturnType<typeof createMessageTemplates>

export interface MessageTemplatesDeps extends Foundations {
  organisation: Organisation
  notifications: Notifications
  templates: Templates
  channels: Channel[]
  address: { readonly publicUrl: string }
  maxSegments: number
}

type Words = Pick<TemplateRow, 'template' | 'locale' | 'channel' | 'subject' | 'text'>

/** Texts of messages as data: what a unit says in its own words, shown beforehand and tried out. */
export function createMessageTemplates(deps: MessageTemplatesDeps) {
  const { db, clock, organisation, notifications, templates, channels, maxSegments } = deps
  const repository = templatesRepository(db)

  const reachesPhones = (template: Template, channel: TemplateChannel | null) =>
    channel === 'sms' || (channel === null && !shortOf(template, 'zh'))

  /** Everything that is wrong with the words, in one answer. */
  function objections(words: Words) {
    const found = findings()
    const template = templates[words.template]
    if (!template) {
      found.add('/body/template', 'template-unknown', `There is no message ${words.template}.`)
      return found
    }
    found.errors.push(...objectionsTo(template, words))
    const segments = smsSegments(fill(words.text, longestFor(template, words.locale), 'keep'))
    if (reachesPhones(template, words.channel) && segments > maxSegments) {
      const detail = `As a text message it may take ${segments} SMS; at most ${maxSegments} are allowed. Maybe give text messages a shorter text of their own.`
      found.add('/body/text', 'text-too-long', detail)
    }
    return found
  }

  const previews = createPreviews({ ...deps, objections })

  async function get(handle: Handle, actor: Actor, id: string): Promise<TemplateRow> {
    const found = await templatesRepository(handle).find(id)
    assertCovers(actor, found?.unitPath, () => notificationsProblems.templateUnknown(id))
    return found!.row
  }

  /** The words themselves are kept in the audit log, so that what a version said can always be found. */
  const change = (row: TemplateRow, verb: string) => ({
    action: `message-template.${verb}`,
    subject: { type: 'message-template', id: row.id },
    unitId: row.unitId,
    facts: { ...wordsOf(row), version: row.version },
  })
  const wordsOf = ({ template, locale, channel, subject, text }: TemplateRow): Words => ({
    template,
    locale,
    channel,
    subject,
    text,
  })

  async function checkTest({ channel: name, address, template }: z.output<typeof TestMessage>): Promise<Channel> {
    const found = findings()
    const channel = channels.find((one) => one.name === name)
    if (!templates[template]) found.add('/body/template', 'template-unknown', `There is no message ${template}.`)
    if (!channel) {
      const open = channels.map((one) => one.name).join(', ')
      found.add('/body/channel', 'channel-closed', `The settings do not open ${name}. Maybe one of ${open}.`)
    } else if (channel.group ? address !== undefined : !address || !isUsableAddress(name, address)) {
      const detail = channel.group
        ? 'The robot of a group has no address.'
        : `This is no address that ${name} can reach.`
      found.add('/body/address', 'address-wrong', detail)
    } else if (address && (await repository.wantsNoMessages(name, address))) {
      found.add('/body/address', 'do-not-contact', 'Somebody with this address wants no messages.')
    }
    found.throwIfAny()
    return channel!
  }

  return {
    preview: previews.preview,

    listBuiltIn: () => ({
      items: Object.entries(templates).flatMap(([name, template]) =>
        LOCALES.map((locale: Locale) => ({
          template: name,
          locale,
          ...builtIn(template, locale, null),
          short: shortOf(template, locale) ?? null,
          placeholders: [...allowedIn(template, null)].sort(),
          urgent: template.urgent ?? false,
        })),
      ),
    }),

    async createTemplate(actor: Actor, { channel = null, ...input }: z.output<typeof NewMessageTemplate>) {
      objections({ ...input, channel }).throwIfAny()
      return db.transaction(async (tx) => {
        const unit = await organisation.getUnit(actor, input.unitId, tx)
        const now = clock.now()
        const row = { ...input, channel, id: newId(), unitId: unit.id, createdAt: now, updatedAt: now }
        const made = await templatesRepository(tx).insert(row)
        await audit(tx, actor, now, change(made, 'created'))
        return templateView(made)
      })
    },

    showTemplate: async (actor: Actor, id: string) => templateView(await get(db, actor, id)),

    async listTemplates(actor: Actor, query: z.output<typeof MessageTemplateList>) {
      const conditions = [
        withinPath(actor.unitPath),
        query.unitId ? eq(messageTemplates.unitId, query.unitId) : undefined,
        query.template ? eq(messageTemplates.template, query.template) : undefined,
        query.locale ? eq(messageTemplates.locale, query.locale) : undefined,
      ]
      const page = keyset(query, { createdAt: messageTemplates.createdAt }, messageTemplates.id)
      const rows = await repository.list([and(...conditions)], page)
      return toPage(
        query,
        rows.map(({ row }) => row),
        (row: TemplateRow) => row.createdAt,
        templateView,
      )
    },

    async updateTemplate(actor: Actor, id: string, version: number, patch: z.output<typeof MessageTemplatePatch>) {
      return db.transaction(async (tx) => {
        const before = await get(tx, actor, id)
        objections({ ...before, ...patch }).throwIfAny()
        const now = clock.now()
        const after = await templatesRepository(tx).update(id, version, { ...patch, updatedAt: now })
        if (!after) throw stale(before.version)
        await audit(tx, actor, now, change(after, 'changed'))
        return templateView(after)
      })
    },

    /** The built-in text, or that of a unit above, is said again. */
    async deleteTemplate(actor: Actor, id: string, version: number): Promise<void> {
      await db.transaction(async (tx) => {
        const before = await get(tx, actor, id)
        if (!(await templatesRepository(tx).remove(id, version))) throw stale(before.version)
        await audit(tx, actor, clock.now(), change(before, 'deleted'))
      })
    },

    /** Sends a message of examples, marked as a test, to an address of the organizer's choice. */
    async sendTest(actor: Actor, input: z.output<typeof TestMessage>) {
      const { unitId, template, locale, channel: name, address } = input
      const channel = await checkTest(input)
      return db.transaction(async (tx) => {
        const unit = await organisation.getUnit(actor, unitId, tx)
        const subjectId = newId()
        const to: Partial<NewMessage & { via: string }> = channel.group
          ? { via: channel.name }
          : { contact: { name: input.name ?? unit.name, channel: name, address: address!, locale } }
        const test = { unitId: unit.id, template, subjectId, purpose: `test:${subjectId}`, ...to }
        const id = await notifications.notifyTest({ tx, actor, now: clock.now() }, test)
        return messageView((await notificationsRepository(tx).find(id))!)
      })
    },
  }
}
