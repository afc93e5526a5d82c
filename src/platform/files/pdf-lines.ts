import { glyphOf, visible } from './font.ts'

/** Width in em. */
export type Line = { text: string; width: number }

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u
const NOT_FIRST = /[\p{Pe}\p{Pf}!,.:;?%·•‧…—–、。〃々！％，．：；？·ー〜～]/u
const NOT_LAST = /[\p{Ps}\p{Pi}$¥￥№]/u

/** In em. A character that no font has takes one em, for the box that stands for it. */
export const widthOf = (text: string): number => [...text].reduce((sum, character) => sum + advance(character), 0)

/**
 * The text as lines of at most `width` em: broken at its line breaks, at spaces, and between characters where Chinese
 * breaks; inside a word only when it is wider than a line. A single character wider than that has its own line.
 */
export const wrap = (text: string, width: number): Line[] =>
  visible(text)
    .split('\n')
    .flatMap((paragraph) => wrapParagraph([...paragraph], width))

function wrapParagraph(characters: string[], width: number): Line[] {
  const lines: Line[] = []
  let start = 0
  while (start < characters.length) {
    const end = endOfLine(characters, start, width)
    lines.push(lineOf(characters.slice(start, end)))
    start = end
    while (characters[start] === ' ') start += 1
  }
  return lines.length > 0 ? lines : [{ text: '', width: 0 }]
}

function endOfLine(characters: string[], start: number, width: number): number {
  let used = 0
  let lastBreak = 0
  for (let index = start; index < characters.length; index += 1) {
    if (index > start && mayBreak(characters[index - 1]!, characters[index]!)) lastBreak = index
    used += advance(characters[index]!)
    if (used > width + 1e-9 && characters[index] !== ' ') return lastBreak || Math.max(index, start + 1)
  }
  return characters.length
}

function mayBreak(before: string, after: string): boolean {
  if (after === ' ') return false
  if (before === ' ') return true
  if (NOT_FIRST.test(after) || NOT_LAST.test(before)) return false
  return WIDE.test(before) || WIDE.test(after)
}

function lineOf(characters: string[]): Line {
  const text = characters.join('').trimEnd()
  return { text, width: widthOf(text) }
}

const advance = (character: string) => glyphOf(character)?.width ?? 1
