import { type Html, html } from '../../platform/http/html.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { said } from '../../platform/texts/say.ts'
import type { EventEntry, ReportField, Scalar, Worded } from '../duty-reports/duty-reports.types.ts'
import { TEXTS } from './handovers.texts.ts'
import type { ShiftReport } from './handovers.types.ts'

const SEPARATOR = '; '

/** What was reported in a shift, for those who take over: each report with what its newest filing says. */
export function reportList(reports: ShiftReport[], lang: Locale): Html | undefined {
  if (reports.length === 0) return undefined
  const texts = TEXTS[lang]
  const lines = reports.map(({ name, nil, ...report }) => {
    const content = nil ? said(texts.nilReport, lang) : contentInWords(report, lang)
    return html`<p>${wordsIn(name, lang)}: ${content}</p>`
  })
  return html`<h2>${said(texts.reports, lang)}</h2>${lines}`
}

const wordsIn = (words: Worded | undefined, lang: Locale): string | undefined =>
  words?.[lang] ?? words?.[tongueOf(lang)] ?? words?.zh ?? words?.en

const titleOf = (name: string, field: ReportField, lang: Locale) =>
  wordsIn(field['x-titles'], lang) ?? field.title ?? name

/** In the order of the schema, with its titles. */
function contentInWords({ content, schema }: Pick<ShiftReport, 'content' | 'schema'>, lang: Locale): string {
  return Object.entries(schema.properties)
    .filter(([name]) => content?.[name] !== undefined)
    .map(([name, field]) => `${titleOf(name, field, lang)}: ${valueInWords(content![name]!, field, lang)}`)
    .join(SEPARATOR)
}

function valueInWords(value: Scalar | EventEntry[], field: ReportField, lang: Locale): string {
  if (Array.isArray(value)) return value.map((entry) => Object.values(entry).join(' ')).join(', ')
  const titles = 'enum' in field ? field['x-enum-titles'] : undefined
  return wordsIn(titles?.[String(value)], lang) ?? String(value)
}
