import type { Tongue } from '../../time/words.ts'
import bo from './bo.json' with { type: 'json' }

/** Languages people may choose. Chinese and English are complete; the others are data and may have holes. */
export const LOCALES = ['zh', 'en', 'bo'] as const
export type Locale = (typeof LOCALES)[number]

/** Texts of a room: words, or words by name. */
export interface Texts {
  [name: string]: string | Texts
}

/** What a translator has said so far; null waits for a translation. */
type Translated = { [name: string]: string | null | Translated }

/** The language in which dates and missing words are said. */
export const tongueOf = (locale: Locale): Tongue => (locale === 'en' ? 'en' : 'zh')

const isTree = (value: unknown): value is Texts => typeof value === 'object' && value !== null

function fill<T extends object>(whole: T, translated: Translated | undefined): T {
  const filled = Object.entries(whole).map(([name, own]) => {
    const said = translated?.[name]
    if (isTree(own)) return [name, fill(own, isTree(said) ? (said as Translated) : undefined)]
    return [name, typeof said === 'string' ? said : own]
  })
  return Object.fromEntries(filled) as T
}

const rooms = new Map<string, object>()

/** Chinese texts of every room that was asked for so far: what a translator has to translate. */
export const roomsToTranslate = (): ReadonlyMap<string, object> => rooms

/**
 * The texts of a room, by locale. Chinese and English stand beside the code that says them; other languages are data
 * (`bo.json`: room, then the same names), and what they lack is said in Chinese.
 */
export function catalogue<T extends object>(room: string, own: Record<Tongue, T>): Record<Locale, T> {
  rooms.set(room, own.zh)
  return { ...own, bo: fill(own.zh, (bo as unknown as Record<string, Translated>)[room]) }
}
