/** What stands around every chart. */
export type ChartFrame = {
  /** Unique on the page; letters, digits and hyphens. */
  id: string
  title: string
  /** What the chart shows in a sentence or two, for those who do not see it. */
  description: string
  /** In pixels, at which letters have their natural size; the picture fits any place. */
  width?: number
}

export type Attributes = Record<string, string | number>

/** Told apart by most kinds of colour blindness (Okabe and Ito 2008). */
const COLOURS = ['#0072B2', '#E69F00', '#009E73', '#D55E00', '#56B4E9', '#CC79A7', '#B8A800', '#555555'] as const
/** What `round` still shows. */
const SMALLEST = 0.01
const DIGIT_WIDTH = 0.6

export const colourOf = (index: number): string => COLOURS[index % COLOURS.length]!

/** Text as XML carries it: marks escaped, what it cannot carry left out. */
export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot carry
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** `content` is markup already, unless it is a text made by `label`. */
export function tag(name: string, attributes: Attributes, content = ''): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(String(value))}"`)
  return `<${name}${pairs.join('')}${content ? `>${content}</${name}>` : '/>'}`
}

export const label = (text: string, x: number, y: number, attributes: Attributes = {}): string =>
  tag('text', { x: round(x), y: round(y), ...attributes }, xmlText(text) || ' ')

/** The whole picture: no styles and no scripts, so that it stands under any content security policy. */
export function picture(frame: ChartFrame, height: number, content: string): string {
  const width = widthOf(frame)
  const [titleId, descriptionId] = [`${frame.id}-title`, `${frame.id}-description`]
  return tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${round(height)}`,
      role: 'img',
      'aria-labelledby': `${titleId} ${descriptionId}`,
      'font-family': 'system-ui, sans-serif',
      'font-size': 12,
      fill: 'currentColor',
    },
    tag('title', { id: titleId }, xmlText(frame.title) || ' ') +
      tag('desc', { id: descriptionId }, xmlText(frame.description) || ' ') +
      content,
  )
}

export const widthOf = (frame: ChartFrame): number => frame.width ?? 640

/** About how wide it will be: fonts differ, and only room is at stake. Chinese letters are square. */
export const textWidth = (text: string, size = 12): number =>
  [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 1 : DIGIT_WIDTH), 0) * size

/** With an ellipsis where it would not fit. */
export function shortened(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  const characters = [...text]
  while (characters.length > 1 && textWidth(`${characters.join('')}…`) > width) characters.pop()
  return `${characters.join('')}…`
}

/** A round step so that about `count` of them reach `maximum`: 1, 2 or 5 times a power of ten. */
export function niceStep(maximum: number, count: number): number {
  if (!(maximum >= SMALLEST)) return 1
  const rough = maximum / count
  const power = 10 ** Math.floor(Math.log10(rough))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough - power * 1e-9)!
}

export const round = (value: number): number => Math.round(value * 100) / 100
