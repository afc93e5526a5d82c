/** Text that is already safe to put on a page. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeText = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!)

type Piece = Html | string | number | null | undefined | false | Piece[]

const render = (piece: Piece): string => {
  if (piece === null || piece === undefined || piece === false) return ''
  if (Array.isArray(piece)) return piece.map(render).join('')
  return piece instanceof Html ? piece.text : escapeText(String(piece))
}

/** Tagged template for pages: whatever is put in is escaped unless it is Html itself. */
export const html = (strings: TemplateStringsArray, ...pieces: Piece[]): Html =>
  new Html(strings.reduce((text, part, index) => text + render(pieces[index - 1]) + part))
