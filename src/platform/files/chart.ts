import {
  type ChartFrame,
  colourOf,
  label,
  niceStep,
  picture,
  round,
  shortened,
  tag,
  textWidth,
  widthOf,
  xmlText,
} from './chart-svg.ts'

export type { ChartFrame } from './chart-svg.ts'

/** One value for each series, none below 0. */
export type Bar = { label: string; values: readonly number[] }

/** A missing value leaves a gap in the line. */
export type Line = { name: string; values: readonly (number | undefined)[] }

type Scale = { maximum: number; step: number; decimals: number }

const ROW = 24
const BAR = 16
const LEGEND_ROW = 20
const GAP = 8
const PLOT_HEIGHT = 200
const PALE = { stroke: 'currentColor', 'stroke-opacity': 0.15 }

/** Lying bars, one per label, with the value at their end; the stacked parts of a bar are the series. @throws RangeError */
export function barChart(frame: ChartFrame, series: readonly string[], bars: readonly Bar[]): string {
  assertValues(bars.flatMap((bar) => bar.values))
  const totals = bars.map((bar) => bar.values.reduce((sum, value) => sum + value, 0))
  const scale = scaleOf(Math.max(0, ...totals))
  const width = widthOf(frame)
  const left = Math.min(width / 3, Math.max(40, ...bars.map((bar) => textWidth(bar.label)))) + GAP
  const right = Math.max(24, ...totals.map((total) => textWidth(shown(total)))) + GAP
  const unit = (width - left - right) / scale.maximum
  const legend = legendOf(series, width)
  const bottom = legend.height + bars.length * ROW

  const rows = bars.map((bar, index) => {
    const middle = legend.height + index * ROW + ROW / 2
    const name = label(shortened(bar.label, left - GAP), left - GAP, middle + 4, { 'text-anchor': 'end' })
    const total = label(shown(totals[index]!), left + totals[index]! * unit + 4, middle + 4)
    return name + stack(bar, series, left, middle - BAR / 2, unit) + total
  })
  const ticks = ticksOf(scale).map((value) => {
    const x = round(left + value * unit)
    const text = label(value.toFixed(scale.decimals), x, bottom + 16, { 'text-anchor': 'middle' })
    return tag('path', { d: `M${x} ${legend.height}V${bottom}`, ...PALE }) + text
  })
  return picture(frame, bottom + 24, legend.content + ticks.join('') + rows.join(''))
}

/** Lines over a row of labels, such as days. All lines have a value, or none, for each label. @throws RangeError */
export function lineChart(frame: ChartFrame, labels: readonly string[], lines: readonly Line[]): string {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== undefined))
  assertValues(values)
  const scale = scaleOf(Math.max(0, ...values))
  const width = widthOf(frame)
  const left = textWidth(scale.maximum.toFixed(scale.decimals)) + GAP
  const names = lines.map((line) => line.name)
  const legend = legendOf(names, width)
  const top = legend.height + GAP
  const slot = (width - left - GAP) / Math.max(1, labels.length)
  const xOf = (index: number) => round(left + (index + 0.5) * slot)
  const yOf = (value: number) => round(top + PLOT_HEIGHT * (1 - value / scale.maximum))

  const ticks = ticksOf(scale).map((value) => {
    const text = label(value.toFixed(scale.decimals), left - 4, yOf(value) + 4, { 'text-anchor': 'end' })
    return tag('path', { d: `M${round(left)} ${yOf(value)}H${width - GAP}`, ...PALE }) + text
  })
  const drawn = lines.map((line, index) => drawLine(line, labels, colourOf(index), xOf, yOf))
  const content = ticks.join('') + dayLabels(labels, slot, xOf, top + PLOT_HEIGHT + 16) + drawn.join('')
  return picture(frame, top + PLOT_HEIGHT + 24, legend.content + content)
}

function stack(bar: Bar, series: readonly string[], left: number, y: number, unit: number): string {
  let x = left
  return bar.values
    .map((value, index) => {
      const length = value * unit
      const name =
        series.length > 1 ? `${bar.label}, ${series[index]}: ${shown(value)}` : `${bar.label}: ${shown(value)}`
      const place = { x: round(x), y, width: round(length), height: BAR, fill: colourOf(index) }
      x += length
      return value > 0 ? tag('rect', place, hint(name)) : ''
    })
    .join('')
}

function drawLine(
  line: Line,
  labels: readonly string[],
  colour: string,
  xOf: (index: number) => number,
  yOf: (value: number) => number,
): string {
  const points = line.values.map((value, index) =>
    value === undefined ? undefined : ([xOf(index), yOf(value)] as const),
  )
  const path = points
    .map((point, index) => (point ? `${points[index - 1] ? 'L' : 'M'}${point[0]} ${point[1]}` : ''))
    .join('')
  const dots = points.map((point, index) => {
    if (!point) return ''
    const name = hint(`${line.name}, ${labels[index]}: ${shown(line.values[index]!)}`)
    return tag('circle', { cx: point[0], cy: point[1], r: 3, fill: colour }, name)
  })
  return (path && tag('path', { d: path, fill: 'none', stroke: colour, 'stroke-width': 2 })) + dots.join('')
}

/** As many as there is room for, always the first. */
function dayLabels(labels: readonly string[], slot: number, xOf: (index: number) => number, y: number): string {
  const widest = Math.max(1, ...labels.map((text) => textWidth(text))) + GAP
  const every = Math.ceil(widest / slot)
  return labels
    .map((text, index) => (index % every === 0 ? label(text, xOf(index), y, { 'text-anchor': 'middle' }) : ''))
    .join('')
}

/** One series needs none. */
function legendOf(names: readonly string[], width: number): { content: string; height: number } {
  if (names.length < 2) return { content: '', height: 0 }
  let [x, y] = [0, 0]
  const parts = names.map((name, index) => {
    const text = shortened(name, width - 24)
    const room = textWidth(text) + 32
    if (x > 0 && x + room > width) {
      x = 0
      y += LEGEND_ROW
    }
    const part =
      tag('rect', { x, y: y + 3, width: 12, height: 12, fill: colourOf(index) }) + label(text, x + 18, y + 13)
    x += room
    return part
  })
  return { content: parts.join(''), height: y + LEGEND_ROW + 4 }
}

function scaleOf(highest: number): Scale {
  const step = niceStep(highest, 5)
  const maximum = Math.max(1, Math.ceil(highest / step - 1e-9)) * step
  return { step, maximum, decimals: Math.max(0, -Math.floor(Math.log10(step))) }
}

const ticksOf = ({ maximum, step }: Scale): number[] =>
  Array.from({ length: Math.round(maximum / step) + 1 }, (_, index) => index * step)

const hint = (text: string) => tag('title', {}, xmlText(text))
const shown = (value: number) => String(round(value))

function assertValues(values: readonly number[]): void {
  const wrong = values.find((value) => !(value >= 0 && Number.isFinite(value)))
  if (wrong !== undefined) throw new RangeError(`A chart shows numbers from 0 upwards, and ${wrong} is not one.`)
}
