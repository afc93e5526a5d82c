import { readdirSync, readFileSync } from 'node:fs'
import { type FontTables, readFontTables } from './font-tables.ts'
import { unwrapWoff } from './font-woff.ts'

export type Font = { name: string; program: Buffer; tables: FontTables }

/** `drawAs` is what to draw in its place: usually the character itself. Width in em. */
export type Glyph = { font: Font; drawAs: string; width: number }

const MAIN = new URL('./fonts/noto-sans-sc-chinese-simplified-400-normal.woff', import.meta.url)
const REST = new URL('./fonts/rest/', import.meta.url)

const mainFont = lazily(() => open(MAIN))

/** Rare characters, in many small files of the same typeface: read only when a text holds one. */
const rareFonts = lazily(() =>
  readdirSync(REST)
    .filter((name) => name.endsWith('.woff'))
    .sort()
    .map((name) => open(new URL(name, REST))),
)

/** Undefined for a character that no font here can draw. */
export function glyphOf(character: string): Glyph | undefined {
  const codePoint = character.codePointAt(0)!
  return glyphIn(mainFont(), codePoint) ?? rareGlyphs.get(codePoint) ?? findRareGlyph(codePoint)
}

/** The characters of the text that no font here can draw, each once; control and other invisible ones are not counted. */
export const missingCharacters = (text: string): string[] =>
  [...new Set(visible(text))].filter((character) => character !== '\n' && !glyphOf(character))

/**
 * The text without what leaves no mark on paper (control characters, joiners, half surrogate pairs), spaces all alike,
 * Latin letters in one piece with their accents. Line breaks stay, as \n.
 */
export const visible = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\t\u00a0\u2000-\u200a\u202f]/g, ' ')
    .replace(/(?!\n)[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/\p{Script=Latin}\p{Mn}+/gu, (letter) => letter.normalize('NFC'))

const rareGlyphs = new Map<number, Glyph>()

function findRareGlyph(codePoint: number): Glyph | undefined {
  for (const font of rareFonts()) {
    const glyph = glyphIn(font, codePoint)
    if (!glyph) continue
    rareGlyphs.set(codePoint, glyph)
    return glyph
  }
  return undefined
}

/** A glyph that serves several characters is named after one of them in a PDF, so always after the same. */
function glyphIn(font: Font, codePoint: number): Glyph | undefined {
  const glyph = font.tables.glyphs.get(codePoint)
  if (glyph === undefined) return undefined
  const drawAs = String.fromCodePoint(font.tables.firstCharacters.get(glyph)!)
  return { font, drawAs, width: font.tables.advanceOf(glyph) }
}

function open(file: URL): Font {
  const program = unwrapWoff(readFileSync(file))
  const name = file.pathname.split('/').at(-1)!.replace('.woff', '')
  return { name, program, tables: readFontTables(program) }
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
