import { mintCode } from '../../platform/auth/codes.ts'
import { mintLink, type NewLink } from '../../platform/auth/links.ts'
import type { Tx } from '../../platform/db/client.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { earlier } from '../../time/intervals.ts'
import type { Tongue } from '../../time/words.ts'
import type { Recipient } from './notifications.repository.ts'
import { fill } from './notifications.rules.ts'
import {
  type Channel,
  type Loaded,
  type MessageLink,
  type MessageRow,
  type Parcel,
  STOP_PATH,
  type Templates,
} from './notifications.types.ts'
import { templatesRepository } from './templates.repository.ts'
import { channelKind, pickText, testMark } from './templates.rules.ts'
import { EXAMPLE_CODE, exampleLink, examplesFor } from './templates.samples.ts'

export interface WritingDeps {
  templates: Templates
  address: { readonly publicUrl: string }
  /** The server's key for short codes. */
  codeKey: Buffer
}

/** A claimed message with what there is to say and to whom. */
export interface Draft {
  message: MessageRow
  loaded: Loaded<unknown>
  recipient: Recipient
  way: { channel: Channel; address: string }
  now: Date
}

/** Way in as texts name it: {link}, and where no personal link may go out {address} and {code}. */
interface WayIn {
  link?: string
  values: Record<string, string>
}

const STOP_LINK_MS = 60 * 24 * 60 * 60_000

const IN_PLACE_OF_LINK: Record<Tongue, (address: string, code: string) => string> = {
  zh: (address, code) => `${address} 输入代码 ${code}`,
  en: (address, code) => `${address} with the code ${code}`,
}

/** What a text message says where others have a link. */
export const codeValues = (address: string, code: string, locale: Locale): Record<string, string> => ({
  address,
  code,
  link: IN_PLACE_OF_LINK[tongueOf(locale)](address, code),
})

const linkFor = (message: MessageRow, wanted: MessageLink): NewLink => ({
  purpose: wanted.purpose,
  subjectId: wanted.subjectId,
  expiresAt: wanted.expiresAt,
  actions: wanted.actions ?? [],
  volunteerId: wanted.holderId ?? message.volunteerId!,
})

/** Puts a message into words for one channel: whose words, in which language, with which way in. */
export function createWriting({ templates, address, codeKey }: WritingDeps) {
  /** A personal link; where none may go out, a short code for the fixed address. */
  async function wayInto(tx: Tx, { message, loaded, way, recipient, now }: Draft): Promise<WayIn> {
    const wanted = loaded.link
    if (!wanted) return { values: {} }
    const fixed = way.channel.insteadOfLink?.()
    if (message.test) {
      const link = exampleLink(address.publicUrl)
      return fixed === undefined
        ? { link, values: { link } }
        : { values: codeValues(fixed, EXAMPLE_CODE, recipient.locale) }
    }
    if (fixed === undefined) {
      const link = `${address.publicUrl}${wanted.path}/${await mintLink(tx, linkFor(message, wanted), now)}`
      return { link, values: { link } }
    }
    const expiresAt = earlier(wanted.expiresAt, wanted.usefulUntil ?? wanted.expiresAt)
    const place = { expiresAt, path: wanted.path, phone: way.address, key: codeKey }
    const code = await mintCode(tx, { ...linkFor(message, wanted), ...place }, now)
    return { values: codeValues(fixed, code, recipient.locale) }
  }

  /** A way to stop messages, for mail that is not urgent; as long-lived as mail is kept where it can be seen. */
  async function stopLinkIn(tx: Tx, { message, way, now }: Draft): Promise<string | undefined> {
    const { volunteerId, template, test } = message
    if (way.channel.name !== 'email' || volunteerId === null || test || templates[template]!.urgent) return undefined
    const expiresAt = new Date(now.getTime() + STOP_LINK_MS)
    const secret = await mintLink(tx, { purpose: 'messages', subjectId: volunteerId, volunteerId, expiresAt }, now)
    return `${address.publicUrl}${STOP_PATH}/${secret}`
  }

  /** The message in words, and what its row remembers of them. */
  return async function write(tx: Tx, draft: Draft): Promise<{ parcel: Parcel; written: Partial<MessageRow> }> {
    const { message, loaded, recipient, way } = draft
    const { locale } = recipient
    const tongue = tongueOf(locale)
    const name = loaded.as ?? message.template
    const template = templates[name]!
    const { link, values: wayIn } = await wayInto(tx, draft)
    const own = await templatesRepository(tx).wordsFor(name, recipient.unit.path)
    const said = pickText(template, own, { locale, channel: channelKind(way.channel), path: recipient.unit.path })
    const words = message.test ? examplesFor(template, locale) : template.words(loaded.facts, tongue)
    const values = { ...words, name: recipient.name, ...wayIn }
    const stopLink = await stopLinkIn(tx, draft)
    const mark = message.test ? testMark(tongue) : ''
    return {
      parcel: {
        messageId: message.id,
        volunteerId: message.volunteerId,
        template: name,
        subjectId: message.subjectId,
        to: way.address,
        tongue,
        subject: mark + fill(said.subject, values),
        text: mark + fill(said.text, values),
        ...(link ? { link } : {}),
        ...(stopLink ? { stopLink } : {}),
      },
      written: { locale, templateId: said.id, templateVersion: said.version },
    }
  }
}
