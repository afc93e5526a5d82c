import { Html, html } from '../http/html.ts'
import type { Locale } from './catalogue.ts'

const isTibetan = (text: string) => /\p{Script=Tibetan}/u.test(text)
const isChinese = (text: string) => /\p{Script=Han}/u.test(text)

/** Whether a text on a page of this language is Chinese all the same, because nobody has translated it yet. */
const isBorrowed = (text: string, locale: Locale): boolean => locale === 'bo' && !isTibetan(text) && isChinese(text)

/** True when nothing of this is in Tibetan, so that a whole part of a page can own up at once. */
export const isUntranslated = (part: Html, locale: Locale): boolean => locale === 'bo' && !isTibetan(part.text)

/** Attribute that owns up to another language than the page's, for elements that take no others inside. */
export const langOf = (text: string, locale: Locale): Html | false => isBorrowed(text, locale) && html` lang="zh"`

/** A text for a page: marked where it is not in the language of the page. */
export const said = (text: string, locale: Locale): Html =>
  isBorrowed(text, locale) ? html`<span lang="zh">${text}</span>` : html`${text}`

/** A text with its '{placeholders}' filled in, each part marked for itself. What has no value stays as it is. */
export function say(text: string, locale: Locale, values: Record<string, string | Html | undefined>): Html {
  const parts = text.split(/\{(\w+)\}/)
  return new Html(
    parts
      .map((part, index) => {
        if (index % 2 === 0) return said(part, locale).text
        const value = values[part]
        if (value === undefined) return html`{${part}}`.text
        return (typeof value === 'string' ? said(value, locale) : value).text
      })
      .join(''),
  )
}
