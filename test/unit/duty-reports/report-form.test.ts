import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FilingPage } from '../../../src/modules/duty-reports/duty-reports.links.ts'
import { reportPage } from '../../../src/modules/duty-reports/duty-reports.pages.ts'
import type { Content, ReportSchema } from '../../../src/modules/duty-reports/duty-reports.types.ts'
import { checkContent, schemaFault } from '../../../src/modules/duty-reports/report-check.ts'
import {
  contentOf,
  eventName,
  figureName,
  mostRows,
  readForm,
  rowsToShow,
  typedOf,
} from '../../../src/modules/duty-reports/report-form.rules.ts'
import { ReportSchemaInput } from '../../../src/modules/duty-reports/report-schema.schemas.ts'

const schema: ReportSchema = {
  type: 'object',
  properties: {
    people: { type: 'integer', minimum: 0, maximum: 500 },
    litres: { type: 'number' },
    calm: { type: 'boolean' },
    weather: { type: 'string', enum: ['fine', 'rain'] },
    words: { type: 'string', minLength: 2, maxLength: 10 },
    on: { type: 'string', format: 'date' },
    events: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: { what: { type: 'string' }, at: { type: 'string', format: 'time' } },
        required: ['what'],
      },
    },
  },
  required: ['people'],
}
const codes = (content: unknown) =>
  checkContent(schema, 'test', content).map((fault) => `${fault.pointer} ${fault.code}`)

/** The fields a browser would send for what a form shows. */
const sent = (typed: ReturnType<typeof typedOf>) => ({
  ...Object.fromEntries(Object.entries(typed.figures).map(([name, text]) => [figureName(name), text])),
  ...Object.fromEntries(
    Object.entries(typed.events).flatMap(([list, rows]) =>
      rows.flatMap((row, i) => Object.entries(row).map(([column, text]) => [eventName(list, i, column), text])),
    ),
  ),
})

test('a report put into a form and sent again is the same report', () => {
  const word = fc.stringMatching(/^[a-z]{2,9}$/)
  const content = fc.record(
    {
      people: fc.nat(500),
      litres: fc.integer({ min: -9999, max: 9999 }).map((n) => n / 100),
      calm: fc.boolean(),
      weather: fc.constantFrom('fine', 'rain'),
      words: word,
      on: fc.constant('2026-08-01'),
      events: fc.array(fc.record({ what: word, at: fc.constantFrom('00:00', '23:59') }, { requiredKeys: ['what'] }), {
        minLength: 1,
        maxLength: 9,
      }),
    },
    { requiredKeys: ['people'] },
  )
  fc.assert(
    fc.property(content, (given) => {
      const said = contentOf(schema, readForm(schema, sent(typedOf(schema, given as Content))))
      expect(said).toEqual(given)
      expect(codes(said)).toEqual([])
    }),
  )
})

test('whatever is typed is kept, and what cannot be read is named at its field', () => {
  const typed = readForm(schema, {
    'f.people': '12 or so',
    'f.litres': '１,２００.５',
    'f.calm': 'maybe',
    'f.on': '2026-02-30',
    'e.events.0.what': '',
    'e.events.2.at': '7 in the morning',
    'e.events.99.what': 'beyond',
    'f.other': 'not of this form',
  })
  expect(typed.figures.people).toBe('12 or so')
  expect(typed.events.events).toEqual([{ what: '', at: '7 in the morning' }])
  const said = contentOf(schema, typed)
  expect(said.litres).toBe(1200.5)
  expect(codes(said).sort()).toEqual([
    '/calm type',
    '/events/0/at format',
    '/events/0/what required',
    '/on format',
    '/people type',
  ])
  expect(codes(contentOf(schema, readForm(schema, { 'f.words': 'x', 'f.people': '501' }))).sort()).toEqual([
    '/people maximum',
    '/words minLength',
  ])
})

describe('schemas', () => {
  const codesOf = (given: unknown) => {
    const parsed = ReportSchemaInput.safeParse(given)
    return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('/'))
  }
  const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })

  test('what a form can be made from is taken, and ajv agrees', () => {
    expect(codesOf(schema)).toEqual([])
    expect(schemaFault(schema)).toBeUndefined()
    expect(codesOf(object({}))).toEqual([])
  })

  test.each([
    ['a reference', object({ a: { $ref: '#' } })],
    ['an object inside', object({ a: object({}) })],
    ['a pattern', object({ a: { type: 'string', pattern: '(a+)+$' } })],
    ['a list of lists', object({ a: { type: 'array', items: { type: 'array' } } })],
    ['a strange name', object({ '__proto__ x': { type: 'boolean' } })],
    ['a required field that is not there', object({ a: { type: 'boolean' } }, { required: ['b'] })],
    ['an empty choice', object({ a: { type: 'string', enum: [] } })],
    ['limits upside down', object({ a: { type: 'integer', minimum: 2, maximum: 1 } })],
    ['an open object', object({}, { additionalProperties: true })],
    [
      'too many fields',
      object(Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`f${i}`, { type: 'integer' }]))),
    ],
  ])('%s is refused', (_what, given) => {
    expect(codesOf(given).length).toBeGreaterThan(0)
  })
})

describe('pages', () => {
  const pageOf = (given: ReportSchema, typed = typedOf(given, {}), more?: string): FilingPage => ({
    kind: 'filing',
    facts: {
      report: { dueLocal: '2026-08-01T16:30', state: 'due', isNil: null, filings: 0 },
      obligation: { name: { zh: '每日报告' }, zone: 'Asia/Shanghai', schema: given },
      unitName: '城东街道办事处',
      postName: null,
    } as FilingPage['facts'],
    locale: 'zh',
    name: '王小明',
    children: [],
    last: undefined,
    typed,
    note: '',
    prefilled: false,
    faults: [],
    notice: undefined,
    more,
  })
  const sizeOf = (page: FilingPage) => Buffer.byteLength(reportPage(page, 'zh').body.text)

  test('the largest form stays below 20 kB, with rows added as well', () => {
    const title = { 'x-titles': { zh: '今日新增登记人数（人）' } }
    const figures = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`figure${i}`, { type: 'integer' as const, ...title }]),
    )
    expect(sizeOf(pageOf({ type: 'object', properties: figures }))).toBeLessThan(17_000)
    const columns = Object.fromEntries(
      Array.from({ length: 8 }, (_, i) => [`column${i}`, { type: 'string' as const, ...title }]),
    )
    const lists: ReportSchema = {
      type: 'object',
      properties: { events: { type: 'array', items: { type: 'object', properties: columns } } },
    }
    expect(ReportSchemaInput.safeParse(lists).success).toBe(true)
    const full = pageOf(lists, { figures: {}, events: { events: Array.from({ length: 6 }, () => ({})) } }, 'events')
    expect(mostRows(lists)).toBe(7)
    expect(sizeOf(full)).toBeLessThan(17_000)
  })

  test('rows that were filled in are all shown, however many', () => {
    expect([rowsToShow(0, 30), rowsToShow(3, 30), rowsToShow(3, 30, true), rowsToShow(9, 7)]).toEqual([3, 4, 6, 9])
  })

  test('what people typed cannot break out of the page', () => {
    const evil = '"><script>alert(1)</script>'
    const page = pageOf(schema, { figures: { words: evil }, events: {} })
    expect(reportPage({ ...page, note: evil }, 'zh').body.text).not.toContain('<script>')
  })
})
