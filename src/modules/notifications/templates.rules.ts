import type { FieldError } from '../../platform/http/problem.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import type { Tongue } from '../../time/words.ts'
import type { messageTemplates, TEMPLATE_CHANNELS } from './notifications.tables.ts'
import type { Channel, MessageText, Template } from './notifications.types.ts'

export type TemplateChannel = (typeof TEMPLATE_CHANNELS)[number]
export type TemplateRow = typeof messageTemplates.$inferSelect

/** Words of a unit's own, with the path of the unit. */
export type OwnText = Pick<TemplateRow, 'id' | 'locale' | 'channel' | 'subject' | 'text' | 'version'> & { path: string }

export interface PickedText extends MessageText {
  /** The unit's own text; null for the built-in one. */
  id: string | null
  version: number
}

export const channelKind = ({ name, group }: Pick<Channel, 'name' | 'group'>): TemplateChannel =>
  group ? 'group' : (name as TemplateChannel)

export const testMark = (tongue: Tongue): string => (tongue === 'zh' ? '[试发] ' : '[Test] ')

const PLACEHOLDER = /\{([^{}]*)\}/g
export const placeholdersOf = (text: string): string[] => [...text.matchAll(PLACEHOLDER)].map((match) => match[1]!)

const builtInText = ({ texts }: Template, locale: Locale): MessageText => texts[locale] ?? texts.zh

/** Where a template has no short words: what it is about, and where the rest can be read. */
const IN_SHORT: Record<Locale, string> = {
  zh: '{subject} 请到{address}输{code}',
  en: '{subject}: {address}, code {code}',
  bo: '{subject} {address} {code}',
}

/** What a text message says; undefined where it says all there is to say, as there is no page to read it. */
export function shortOf({ short, texts }: Template, locale: Locale): string | undefined {
  if (short) return short[locale] ?? short.zh
  const { subject, text } = texts[locale] ?? texts.zh
  return placeholdersOf(text).includes('link') ? IN_SHORT[locale].replace('{subject}', () => subject) : undefined
}

/** The built-in words; a text message has shorter ones where there are some. */
export function builtIn(template: Template, locale: Locale, channel: TemplateChannel | null): MessageText {
  const { subject, text } = builtInText(template, locale)
  const short = channel === 'sms' ? shortOf(template, locale) : undefined
  return { subject, text: short ?? text }
}

/** A general text of a unit does not replace the short built-in one of text messages. */
const isFor = (own: OwnText, template: Template, channel: TemplateChannel): boolean =>
  own.channel === channel || (own.channel === null && !(channel === 'sms' && shortOf(template, own.locale)))

/**
 * Whose words are used: those of the nearest unit that has some, there the ones for this channel before the general ones;
 * else the built-in ones. A language without built-in words of its own takes a unit's Chinese ones.
 */
export function pickText(
  template: Template,
  own: OwnText[],
  { locale, channel, path }: { locale: Locale; channel: TemplateChannel; path: string },
): PickedText {
  const nearestFirst = (a: OwnText, b: OwnText) =>
    b.path.length - a.path.length || Number(b.channel !== null) - Number(a.channel !== null)
  const languages: Locale[] = locale === 'zh' || locale === 'en' ? [locale] : [locale, 'zh']
  for (const language of languages) {
    const [best] = own
      .filter((one) => one.locale === language && path.startsWith(one.path) && isFor(one, template, channel))
      .sort(nearestFirst)
    if (best) return { id: best.id, version: best.version, subject: best.subject, text: best.text }
  }
  return { id: null, version: 0, ...builtIn(template, locale, channel) }
}

/** What texts of this message may name: all that the built-in ones do. */
export function allowedIn(template: Template, channel: TemplateChannel | null): Set<string> {
  const texts = [template.texts.zh, template.texts.en].flatMap(({ subject, text }) => [subject, text])
  const shorts = template.short ? [template.short.zh, template.short.en] : []
  const names = new Set(['name', ...[...texts, ...shorts].flatMap(placeholdersOf)])
  const hasWayIn = ['link', 'code'].some((name) => names.has(name))
  for (const name of ['address', 'code']) {
    if (hasWayIn && (channel === 'sms' || channel === null)) names.add(name)
    else names.delete(name)
  }
  return names
}

/** Orders and threats have no place in what volunteers are told. */
const FORBIDDEN: Record<Tongue, readonly string[]> = {
  zh: ['强制', '必须', '命令', '惩罚', '处罚'],
  en: ['employee', 'penalty', 'you must', 'obliged to'],
}

const wordsAgainst = (text: string): string[] =>
  [...FORBIDDEN.zh, ...FORBIDDEN.en].filter((word) => text.toLowerCase().includes(word))

function wayInMissing(template: Template, text: string, channel: TemplateChannel | null): string | undefined {
  if (!placeholdersOf(template.texts.zh.text).includes('link')) return undefined
  const names = placeholdersOf(text)
  if (names.includes('link')) return undefined
  if (channel !== 'sms') return '{link}'
  return names.includes('code') ? undefined : '{link} or {code}'
}

/** Everything that is wrong with a text, each with its place. */
export function objectionsTo(
  template: Template,
  { subject, text, channel }: MessageText & { channel: TemplateChannel | null },
): FieldError[] {
  const allowed = allowedIn(template, channel)
  const inField = (field: 'subject' | 'text', words: string): FieldError[] => {
    const at = `/body/${field}`
    const rest = words.replace(PLACEHOLDER, '')
    return [
      ...[...new Set(placeholdersOf(words))]
        .filter((name) => !allowed.has(name) || (field === 'subject' && ['link', 'code', 'address'].includes(name)))
        .map((name) => ({
          pointer: at,
          code: 'placeholder-unknown',
          detail: `{${name}} is nothing that this ${field} can say. Maybe one of ${[...allowed].map((one) => `{${one}}`).join(', ')}.`,
        })),
      ...(/[{}]/.test(rest) ? [{ pointer: at, code: 'brace-open', detail: 'A brace has no counterpart.' }] : []),
      ...wordsAgainst(words).map((word) => ({
        pointer: at,
        code: 'word-forbidden',
        detail: `“${word}” is not said to volunteers: they are asked, never ordered.`,
      })),
    ]
  }
  const missing = wayInMissing(template, text, channel)
  return [
    ...inField('subject', subject),
    ...inField('text', text),
    ...(missing
      ? [{ pointer: '/body/text', code: 'placeholder-missing', detail: `Without ${missing} nobody could answer.` }]
      : []),
    ...(channel === 'sms' && /[【】]/.test(text)
      ? [
          {
            pointer: '/body/text',
            code: 'bracket-forbidden',
            detail: 'Gateways refuse 【 and 】 in a text: they mark the signature.',
          },
        ]
      : []),
  ]
}
