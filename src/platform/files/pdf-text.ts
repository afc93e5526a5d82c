import type PDFDocument from 'pdfkit'
import { type Font, glyphOf } from './font.ts'

export type TextStyle = { bold?: boolean; grey?: number }

type Doc = InstanceType<typeof PDFDocument>

/** What pdfkit knows of a font in a document; it has no public way to draw text anywhere but on the current page. */
type EmbeddedFont = { id: string; ref(): unknown; encode(text: string): [glyphs: string[], positions: unknown] }

const BLANK = '\u3000'
const BOX_GAP = 0.06
const CODE_SIZE = 0.36
const CODE_ROWS = [0.46, 0.08] as const
const BOLD_STROKE = 0.03

/** Draws text into one document: on its pages or on forms, with the part of each font that is used. */
export class PdfText {
  readonly #doc: Doc
  readonly #fonts = new Map<Font, EmbeddedFont>()
  readonly #codes = new Map<string, string>()

  constructor(doc: Doc) {
    this.#doc = doc
  }

  /**
   * Operators that draw one line of text, its baseline beginning at (x, y) measured from the top left, sizes in points,
   * and names of the fonts used for the resources of the page. What is drawn otherwise than written (a box with its code
   * stands for a character no font has) carries the character itself for those who search or copy.
   */
  draw(text: string, x: number, y: number, size: number, style: TextStyle = {}): { content: string; fonts: Fonts } {
    const fonts: Fonts = {}
    const parts: string[] = []
    let at = x
    for (const run of runsOf(text)) {
      const shown = run.font
        ? this.#show(fonts, run.font, run.drawAs, at, y, size)
        : this.#box(fonts, run.text, at, y, size)
      parts.push(run.drawAs === run.text ? shown : actualText(run.text, shown))
      at += run.width * size
    }
    const grey = (style.grey ?? 0).toFixed(2)
    const bold = style.bold ? `2 Tr ${round(size * BOLD_STROKE)} w ` : ''
    return { content: `q ${grey} g ${grey} G ${bold}${parts.join(' ')} Q`, fonts }
  }

  #show(fonts: Fonts, font: Font, text: string, x: number, y: number, size: number): string {
    const embedded = this.#embedded(font)
    fonts[embedded.id] = embedded.ref()
    const codes = [...text].map((character) => this.#code(embedded, character)).join('')
    return `BT /${embedded.id} ${round(size)} Tf 1 0 0 -1 ${round(x)} ${round(y)} Tm <${codes}> Tj ET`
  }

  /** The blanks around the digits tell a reader of text that all of this is one character as large as its neighbours. */
  #box(fonts: Fonts, character: string, x: number, y: number, size: number): string {
    const digits = glyphOf('0')!
    const code = codeOf(character)
    const half = code.length / 2
    const small = Math.min(CODE_SIZE, (1 - 3 * BOX_GAP) / half / digits.width) * size
    const left = x + (size - half * digits.width * small) / 2
    const [upper, lower] = [code.slice(0, half), code.slice(half)].map((part, row) =>
      this.#show(fonts, digits.font, part, left, y - CODE_ROWS[row]! * size, small),
    )
    const blank = this.#show(fonts, glyphOf(BLANK)!.font, BLANK, x, y, size)
    const [from, side] = [round(x + BOX_GAP * size), round((1 - 2 * BOX_GAP) * size)]
    const box = `q ${round(size * 0.04)} w ${from} ${round(y - 0.86 * size)} ${side} ${side} re S Q`
    return `${box} ${blank} ${upper} ${lower} ${blank}`
  }

  #embedded(font: Font): EmbeddedFont {
    let embedded = this.#fonts.get(font)
    if (!embedded) {
      this.#doc.registerFont(font.name, font.program)
      this.#doc.font(font.name)
      embedded = (this.#doc as unknown as { _font: EmbeddedFont })._font
      this.#fonts.set(font, embedded)
    }
    return embedded
  }

  #code(font: EmbeddedFont, character: string): string {
    const key = `${font.id}${character}`
    let code = this.#codes.get(key)
    if (code === undefined) {
      code = font.encode(character)[0].join('')
      this.#codes.set(key, code)
    }
    return code
  }
}

export type Fonts = Record<string, unknown>

/** Four hexadecimal digits, six beyond the basic plane. */
export function codeOf(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase()
  return code.padStart(code.length > 4 ? 6 : 4, '0')
}

type Run = { text: string; drawAs: string; width: number; font?: Font }

/** Characters drawn as they are, in the same font, go together; every other one is alone. */
function runsOf(text: string): Run[] {
  const runs: Run[] = []
  for (const character of text) {
    const glyph = glyphOf(character)
    const last = runs.at(-1)
    if (glyph && last?.font === glyph.font && last.text === last.drawAs && glyph.drawAs === character) {
      last.text += character
      last.drawAs += character
      last.width += glyph.width
    } else {
      runs.push({ text: character, drawAs: glyph?.drawAs ?? '', width: glyph?.width ?? 1, font: glyph?.font })
    }
  }
  return runs
}

/** ISO 32000-1, 14.9.4. */
function actualText(text: string, content: string): string {
  const codes = Buffer.from(text, 'utf16le').swap16().toString('hex')
  return `/Span <</ActualText <FEFF${codes}>>> BDC ${content} EMC`
}

const round = (value: number) => String(Math.round(value * 1000) / 1000)
