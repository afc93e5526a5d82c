import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { expect, test } from 'vitest'
import { barChart, type ChartFrame, lineChart } from '../../../src/platform/files/chart.ts'

type Element = { name: string; attributes: Record<string, string>; text: string }

const frame: ChartFrame = { id: 'hours', title: '服务时长', description: 'Hours by person, May 2026' }

/** As an XML parser reads it; it throws at whatever is not well-formed. */
function elements(svg: string): Element[] {
  const found: Element[] = []
  const open: Element[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: '' }
    found.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    if (open.length > 0) open.at(-1)!.text += text
  })
  parser.on('closetag', () => open.pop())
  parser.write(svg).close()
  return found
}

const named = (svg: string, name: string) => elements(svg).filter((element) => element.name === name)
const number = (element: Element, attribute: string) => Number(element.attributes[attribute])

test('it says in words what it shows', () => {
  const svg = barChart(frame, ['h'], [{ label: '王明', values: [3] }])
  const [root, title, description] = elements(svg)
  expect(root!.attributes).toMatchObject({ role: 'img', 'aria-labelledby': 'hours-title hours-description' })
  expect([title!.attributes.id, title!.text]).toEqual(['hours-title', '服务时长'])
  expect([description!.attributes.id, description!.text]).toEqual(['hours-description', 'Hours by person, May 2026'])
})

test('bars are as long as their values, and the parts of a stack follow each other', () => {
  const bars = [
    { label: 'A', values: [10, 20, 0] },
    { label: 'B', values: [5, 0, 2.5] },
  ]
  const parts = named(barChart(frame, ['x', 'y', 'z'], bars), 'rect').filter((part) => part.attributes.height === '16')
  expect(parts).toHaveLength(4)
  const [first, second, third, fourth] = parts as [Element, Element, Element, Element]
  expect(number(second, 'width') / number(first, 'width')).toBeCloseTo(2, 2)
  expect(number(second, 'x')).toBeCloseTo(number(first, 'x') + number(first, 'width'), 1)
  expect(number(third, 'x')).toBe(number(first, 'x'))
  expect(number(fourth, 'width') / number(first, 'width')).toBeCloseTo(0.25, 2)
  expect(number(first, 'y')).toBe(number(second, 'y'))
  expect(number(third, 'y')).toBeGreaterThan(number(first, 'y'))
  expect(new Set(parts.map((part) => part.attributes.fill)).size).toBe(3)
  expect(third.attributes.fill).toBe(first.attributes.fill)
})

test('each part tells its numbers, each bar its sum, the legend the series', () => {
  const svg = barChart(frame, ['一梯队', '二梯队'], [{ label: '王明', values: [1.5, 2.25] }])
  expect(named(svg, 'title').map(({ text }) => text)).toEqual(['服务时长', '王明, 一梯队: 1.5', '王明, 二梯队: 2.25'])
  const texts = named(svg, 'text').map(({ text }) => text)
  expect(texts).toEqual(expect.arrayContaining(['王明', '3.75', '一梯队', '二梯队', '0', '4']))
  const single = barChart(frame, ['一梯队'], [{ label: '王明', values: [1.5] }])
  expect(named(single, 'text').map(({ text }) => text)).not.toContain('一梯队')
})

test('a line rises with its values and breaks where there are none', () => {
  const svg = lineChart(frame, ['1', '2', '3', '4', '5'], [{ name: '缺口', values: [0, 10, undefined, 5, 5] }])
  const path = named(svg, 'path').find((element) => element.attributes.fill === 'none')!
  const points = [...path.attributes.d!.matchAll(/([ML])([\d.]+) ([\d.]+)/g)]
  expect(points.map(([, kind]) => kind).join('')).toBe('MLML')
  const [first, second, third, fourth] = points.map(([, , x, y]) => [Number(x), Number(y)] as const)
  expect(first![1]).toBeGreaterThan(second![1])
  expect(third![1]).toBeCloseTo((first![1] + second![1]) / 2, 1)
  expect(third![1]).toBe(fourth![1])
  expect(fourth![0] - third![0]).toBeCloseTo(second![0] - first![0], 1)
  expect(named(svg, 'circle')).toHaveLength(4)
})

test('labels of many days do not overlap', () => {
  const days = Array.from({ length: 62 }, (_, index) => `2026-05-${index}`)
  const svg = lineChart(frame, days, [{ name: 'n', values: days.map(() => 1) }])
  const xs = named(svg, 'text')
    .filter(({ text }) => text.startsWith('2026'))
    .map((element) => number(element, 'x'))
  expect(xs.length).toBeGreaterThan(3)
  for (const [index, x] of xs.slice(1).entries()) expect(x - xs[index]!).toBeGreaterThan(70)
})

test('nothing at all is a chart too', () => {
  expect(named(barChart(frame, ['h'], []), 'text').map(({ text }) => text)).toEqual(['0', '1'])
  expect(named(lineChart(frame, [], []), 'circle')).toEqual([])
})

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('</title><script>alert(1)</script>', '"&<>\'', ']]>'),
)
const value = fc.double({ min: 0, max: 1e6, noNaN: true })

test('any names and numbers give well-formed XML within the picture, without scripts or styles', () => {
  const bars = fc.array(fc.record({ label: text, values: fc.tuple(value, value) }), { maxLength: 5 })
  fc.assert(
    fc.property(text, text, bars, (title, description, found) => {
      const labels = found.map(({ label }) => label)
      const lines = [{ name: title, values: found.map(({ values }) => values[0]) }]
      for (const svg of [
        barChart({ id: 'a', title, description }, [title, description], found),
        lineChart({ id: 'b', title, description }, labels, lines),
      ]) {
        const all = elements(svg)
        expect(
          all.map(({ name }) => name).filter((name) => !/^(svg|title|desc|rect|text|path|circle)$/.test(name)),
        ).toEqual([])
        expect(Object.keys(Object.assign({}, ...all.map(({ attributes }) => attributes)))).not.toContain('style')
        for (const rect of all.filter(({ name }) => name === 'rect')) {
          expect(number(rect, 'x') + number(rect, 'width')).toBeLessThanOrEqual(640)
        }
        expect(svg).not.toMatch(/NaN|Infinity|undefined/)
      }
    }),
  )
})

test('numbers below zero are refused', () => {
  expect(() => barChart(frame, ['h'], [{ label: 'a', values: [-1] }])).toThrow(RangeError)
  expect(() => lineChart(frame, ['1'], [{ name: 'a', values: [Number.NaN] }])).toThrow(RangeError)
})
