import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import PDFDocument from 'pdfkit'
import { missingCharacters } from './font.ts'
import { type Line, wrap } from './pdf-lines.ts'
import { codeOf, PdfText, type TextStyle } from './pdf-text.ts'

/** Millimetres in points. */
export const MM = 72 / 25.4
export const LINE_HEIGHT = 1.35

export type Align = 'left' | 'center' | 'right'

/** What a document says of its own accord. */
export type SheetWords = {
  /** At the foot of every page, such as "Version 3 · page 1 of 2". */
  page: (page: number, pages: number) => string
  /** Beside it, where a page shows the code of a character that no font here has. `codes`: 'U+4DAE U+3401'. */
  missing: (codes: string) => string
}

export type SheetOptions = {
  title: string
  /** BCP 47, such as zh-CN. */
  language: string
  /** The only date in the file, so that the same contents give the same bytes. */
  madeAt: Date
  orientation: 'portrait' | 'landscape'
  words: SheetWords
}

type Doc = InstanceType<typeof PDFDocument>
type Footer = { form: PDFKit.PDFKitReference; missing: Set<string> }

/** As pdfkit and printers have it, in points. */
const A4 = { width: 595.28, height: 841.89 }
const MARGIN = { x: 14 * MM, top: 13 * MM, bottom: 20 * MM }
const FOOTER_SIZE = 7.5
const FOOTER_CODES = 12
const BASELINE = 0.88

/**
 * The pages of one document, from top to bottom; positions and lengths in points from the top left. Each page leaves
 * as soon as it is full. Only its footer waits for the end, when the number of pages is known. `startPage` comes first.
 */
export class Sheet {
  readonly output = new PassThrough()
  readonly left = MARGIN.x
  readonly width: number
  readonly top = MARGIN.top
  readonly bottom: number
  y: number = MARGIN.top
  /** Where `y` begins on each page, below its head. */
  bodyTop: number = MARGIN.top
  /** Draws what stands at the top of every page, from `y` downwards. */
  head: () => void = () => {}
  readonly #doc: Doc
  readonly #text: PdfText
  readonly #words: SheetWords
  readonly #footers: Footer[] = []

  constructor({ title, language, madeAt, orientation, words }: SheetOptions) {
    this.#doc = new PDFDocument({
      size: 'A4',
      layout: orientation,
      margin: 0,
      autoFirstPage: false,
      pdfVersion: '1.7',
      lang: language,
      displayTitle: true,
      font: '',
      info: { Title: title, Producer: 'Watchbill', Creator: 'Watchbill', CreationDate: madeAt, ModDate: madeAt },
    })
    this.#text = new PdfText(this.#doc)
    this.#words = words
    this.#doc.pipe(this.output)
    const { width, height } = orientation === 'portrait' ? A4 : { width: A4.height, height: A4.width }
    this.width = width - 2 * MARGIN.x
    this.bottom = height - MARGIN.bottom
  }

  startPage(): void {
    this.#doc.addPage()
    const form = this.#doc.ref({ Type: 'XObject', Subtype: 'Form' }) as PDFKit.PDFKitReference
    this.#doc.page.xobjects.Footer = form
    this.#doc.addContent('/Footer Do')
    this.#footers.push({ form, missing: new Set() })
    this.y = MARGIN.top
    this.head()
    this.bodyTop = this.y
  }

  /** Does this height fit below `y`? */
  fits = (height: number): boolean => this.y + height <= this.bottom

  /** The pen for lines and areas; it belongs to the current page. */
  get pen(): Doc {
    return this.#doc
  }

  /** One line of visible text (see `wrap`), in a place of its own. */
  write(text: string, x: number, top: number, size: number, style?: TextStyle): void {
    const { content, fonts } = this.#text.draw(text, x, top + BASELINE * size, size, style)
    Object.assign(this.#doc.page.fonts, fonts)
    this.#doc.addContent(content)
    for (const character of missingCharacters(text)) this.#footers.at(-1)!.missing.add(character)
  }

  /** Lines below each other in a box of the given width; returns their height. */
  writeLines(lines: Line[], x: number, top: number, width: number, size: number, align: Align, style?: TextStyle) {
    for (const [index, line] of lines.entries()) {
      const room = width - line.width * size
      const indent = align === 'left' ? 0 : align === 'right' ? room : room / 2
      this.write(line.text, x + indent, top + (index + (LINE_HEIGHT - 1) / 2) * LINE_HEIGHT * size, size, style)
    }
    return lines.length * LINE_HEIGHT * size
  }

  /** A paragraph over the whole width, at `y`; `y` moves below it. A page that is full is followed by another. */
  paragraph(text: string, size: number, align: Align = 'left', style?: TextStyle): void {
    for (const line of wrap(text, this.width / size)) {
      if (!this.fits(LINE_HEIGHT * size)) this.startPage()
      this.y += this.writeLines([line], this.left, this.y, this.width, size, align, style)
    }
  }

  /** The file writer never waits for its reader, so we do. False when the reader is gone. */
  async readerKeepsUp(): Promise<boolean> {
    await breathe()
    const { output } = this
    if (output.writableNeedDrain && !output.destroyed)
      await Promise.race([once(output, 'drain'), once(output, 'close')])
    return !output.destroyed
  }

  finish(): void {
    for (const [index, footer] of this.#footers.entries()) this.#writeFooter(footer, index + 1)
    this.#doc.end()
  }

  #writeFooter({ form, missing }: Footer, page: number): void {
    const { width: pageWidth, height } = this.#doc.page
    const fonts = {}
    const put = (text: string, top: number, place: (room: number) => number) => {
      for (const [index, line] of wrap(text, this.width / FOOTER_SIZE).entries()) {
        const x = place(this.width - line.width * FOOTER_SIZE)
        const baseline = top + (index * LINE_HEIGHT + BASELINE) * FOOTER_SIZE
        const drawn = this.#text.draw(line.text, x, baseline, FOOTER_SIZE, { grey: 0.25 })
        Object.assign(fonts, drawn.fonts)
        form.write(drawn.content)
      }
    }
    const codes = [...missing].map((character) => `U+${codeOf(character).replace(/^0+(?=.{4})/, '')}`)
    if (codes.length > FOOTER_CODES) codes.splice(FOOTER_CODES, codes.length, '…')
    if (codes.length > 0) put(this.#words.missing(codes.join(' ')), this.bottom + 1.5 * MM, () => this.left)
    const line = this.#words.page(page, this.#footers.length)
    put(line, height - 8.5 * MM - FOOTER_SIZE, (room) => this.left + room / 2)
    Object.assign(form.data, { BBox: [0, 0, pageWidth, height], Resources: { Font: fonts } })
    form.end(undefined)
  }
}
