import { type Html, html } from '../../platform/http/html.ts'
import { languageSwitch, type PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { langOf, said, say } from '../../platform/texts/say.ts'
import { discreetName, instantInWords, wallInWords } from '../../time/words.ts'
import type { FilingPage, LinkedReport, ReadingPage } from './duty-reports.links.ts'
import { wordsIn } from './duty-reports.rules.ts'
import { isFiled } from './duty-reports.states.ts'
import { TEXTS } from './duty-reports.texts.ts'
import type { Content, ReportField, ReportSchema, ScalarField } from './duty-reports.types.ts'
import { standingOf } from './duty-reports.views.ts'
import type { ContentFault } from './report-check.ts'
import { eventName, figureName, mostRows, rowsToShow } from './report-form.rules.ts'
import { isEvents, MOST_ROWS } from './report-schema.schemas.ts'

const LOOKS = { due: 'open', filed: 'yes', nil: 'yes', late: 'no', filed_late: 'quiet', missing: 'no' } as const

const titleOf = (name: string, field: ReportField, locale: Locale) =>
  wordsIn(field['x-titles'], locale) ?? field.title ?? name
const timeIn = (instant: Date, zone: string, locale: Locale) => instantInWords(instant, zone, tongueOf(locale))

function faultText({ code, wanted }: ContentFault, locale: Locale): Html {
  const { faults, types } = TEXTS[locale]
  const text = Object.hasOwn(faults, code) ? faults[code as keyof typeof faults] : faults.other
  const asked = Object.hasOwn(types, wanted) ? types[wanted as keyof typeof types] : wanted
  return say(text, locale, { wanted: asked })
}

interface Input {
  name: string
  pointer: string
  field: ScalarField
  title: string
  required: boolean
  text: string
}

const option = (value: string, label: string, chosen: string, locale: Locale) =>
  html`<option value="${value}"${value === chosen && html` selected`}${langOf(label, locale)}>${label}</option>`

function control({ name, field, required, text, pointer }: Input, faulty: boolean, locale: Locale): Html {
  const marks = html`${required && html` aria-required="true"`}${faulty && html` aria-invalid="true" aria-describedby="x${pointer}"`}`
  const choices =
    field.type === 'boolean'
      ? [
          ['true', TEXTS[locale].yes],
          ['false', TEXTS[locale].no],
        ]
      : 'enum' in field && field.enum
        ? field.enum.map((word) => [word, wordsIn(field['x-enum-titles']?.[word], locale) ?? word])
        : undefined
  if (choices) {
    return html`<select name="${name}"${marks}>${option('', '', text, locale)}${choices.map(([value, label]) => option(value!, label!, text, locale))}</select>`
  }
  const mode = field.type === 'integer' ? 'numeric' : field.type === 'number' ? 'decimal' : false
  const format = 'format' in field && field.format
  return html`<input name="${name}" value="${text}"${mode && html` inputmode="${mode}"`}${format && html` type="${format}"`}${marks}>`
}

const labelled = (input: Input, faults: ContentFault[], locale: Locale): Html => {
  const own = faults.filter((fault) => fault.pointer === input.pointer)
  const hint = input.field.description
  return html`<label>${said(input.title, locale)}${input.required && html` *`}${hint && html` <small>${hint}</small>`}
${control(input, own.length > 0, locale)}</label>${own.map((fault) => html`<p class="state no" id="x${input.pointer}">${faultText(fault, locale)}</p>`)}`
}

function eventsPart(name: string, page: FilingPage, locale: Locale): Html {
  const { schema } = page.facts.obligation
  const field = schema.properties[name]
  if (!field || !isEvents(field)) return html``
  const filled = page.typed.events[name] ?? []
  const columns = Object.entries(field.items.properties)
  const required = field.items.required ?? []
  const most = Math.min(field.maxItems ?? MOST_ROWS, mostRows(schema))
  const rows = rowsToShow(filled.length, most, page.more === name)
  const own = page.faults.filter((fault) => fault.pointer === `/${name}`)
  return html`<fieldset><legend>${said(titleOf(name, field, locale), locale)}</legend>
${own.map((fault) => html`<p class="state no">${faultText(fault, locale)}</p>`)}${Array.from(
  { length: rows },
  (_, row) => html`<p>${say(TEXTS[locale].event, locale, { number: String(row + 1) })}</p>
${columns.map(([column, one]) =>
  labelled(
    {
      name: eventName(name, row, column),
      pointer: `/${name}/${row}/${column}`,
      field: one,
      title: titleOf(column, one, locale),
      required: required.includes(column),
      text: filled[row]?.[column] ?? '',
    },
    page.faults,
    locale,
  ),
)}`,
)}
${rows < most && html`<button class="second" name="do" value="more.${name}">${said(TEXTS[locale].more, locale)}</button>`}</fieldset>`
}

function fieldsOf(page: FilingPage, locale: Locale): Html[] {
  const { schema } = page.facts.obligation
  const required = schema.required ?? []
  return Object.entries(schema.properties).map(([name, field]) =>
    isEvents(field)
      ? eventsPart(name, page, locale)
      : labelled(
          {
            name: figureName(name),
            pointer: `/${name}`,
            field,
            title: titleOf(name, field, locale),
            required: required.includes(name),
            text: page.typed.figures[name] ?? '',
          },
          page.faults,
          locale,
        ),
  )
}

function partsOf({ children, facts }: FilingPage, locale: Locale): Html | false {
  if (children.length === 0) return false
  const texts = TEXTS[locale]
  const open = children.some((child) => !isFiled(child.report.state))
  return html`<section><h2>${said(texts.parts, locale)}</h2>
${children.map(({ report, name, unitName, postName }) => {
  const standing = standingOf(report)
  const due = timeIn(report.dueAt, facts.obligation.zone, locale)
  return html`<p>${unitName}${postName && html` · ${postName}`}: ${wordsIn(name, locale)} <small>${due}</small>
<span class="state ${LOOKS[standing]}">${said(texts.states[standing], locale)}</span></p>`
})}
${open && html`<form method="post" action="?lang=${locale}"><button class="second" name="do" value="chase">${said(texts.chase, locale)}</button></form>`}</section>`
}

const headOf = ({ facts }: LinkedReport, locale: Locale): Html => {
  const { report, obligation, unitName, postName } = facts
  const texts = TEXTS[locale]
  const standing = standingOf(report)
  return html`<h1>${wordsIn(obligation.name, locale)}</h1>
<p>${unitName}${postName && html` · ${postName}`}</p>
<p>${say(texts.due, locale, { due: wallInWords(report.dueLocal, tongueOf(locale)) })}
<span class="state ${LOOKS[standing]}">${said(texts.states[standing], locale)}</span></p>`
}

const footOf = ({ facts }: LinkedReport, locale: Locale): Html =>
  html`<p><small>${say(TEXTS[locale].zone, locale, { zone: facts.obligation.zone })}</small></p>
<nav>${languageSwitch(locale)}</nav>`

function noticesOf(page: FilingPage, locale: Locale): Html {
  const texts = TEXTS[locale]
  const { notice, faults, last, facts, prefilled } = page
  const count = String(faults.length)
  return html`${notice && html`<p class="state ${notice === 'chased' ? 'yes' : 'no'}" role="alert">${said(texts[notice], locale)}</p>`}
${faults.length > 0 && html`<p class="state no" role="alert">${say(texts.wrong, locale, { count })}</p>`}
${
  last &&
  html`<p class="state yes">${say(last.filing.isNil ? texts.nilThanks : texts.thanks, locale, {
    at: timeIn(last.filing.filedAt, facts.obligation.zone, locale),
    number: String(last.filing.number),
  })}</p><p>${said(texts.amendHint, locale)}</p>`
}
${prefilled && html`<p>${said(texts.sumsHint, locale)}</p>`}`
}

/** The form of a report, made from its schema; what was typed stays, and what is wrong stands beside its field. */
export function filingPage(page: FilingPage, locale: Locale): PublicPage {
  const texts = TEXTS[locale]
  const { report, obligation } = page.facts
  const number = html`<input type="hidden" name="number" value="${report.filings}">`
  return {
    lang: locale,
    title: wordsIn(obligation.name, locale) ?? '',
    body: html`<main>${headOf(page, locale)}
<p>${say(texts.hello, locale, { name: discreetName(page.name) })}</p>
${noticesOf(page, locale)}
${partsOf(page, locale)}
<section><p>${said(texts.nilHint, locale)}</p>
<form method="post" action="?lang=${locale}">${number}<button class="second" name="do" value="nil">${said(texts.nilButton, locale)}</button></form></section>
<form method="post" action="?lang=${locale}" novalidate>${number}
${fieldsOf(page, locale)}
<label>${said(texts.note, locale)}<input name="note" value="${page.note}" maxlength="1000"></label>
<button name="do" value="file">${said(page.last ? texts.amend : texts.file, locale)}</button></form>
${footOf(page, locale)}</main>`,
  }
}

const valueText = (field: ScalarField, value: unknown, locale: Locale): string => {
  if (value === undefined) return TEXTS[locale].reading.nothing
  if (typeof value === 'boolean') return value ? TEXTS[locale].yes : TEXTS[locale].no
  if ('enum' in field && field.enum) return wordsIn(field['x-enum-titles']?.[String(value)], locale) ?? String(value)
  return String(value)
}

/** A report in words, field by field in the order of its schema. */
function contentPart(schema: ReportSchema, content: Content, locale: Locale): Html[] {
  return Object.entries(schema.properties).map(([name, field]) => {
    const title = said(titleOf(name, field, locale), locale)
    const value = content[name]
    if (!isEvents(field)) return html`<p>${title}: <b>${valueText(field, value, locale)}</b></p>`
    const rows = Array.isArray(value) ? value : []
    const columns = Object.entries(field.items.properties)
    return html`<h2>${title}</h2>${rows.length === 0 && html`<p>${said(TEXTS[locale].reading.nothing, locale)}</p>`}
<ol>${rows.map((row) => html`<li>${columns.map(([column, one]) => html`${said(titleOf(column, one, locale), locale)}: ${valueText(one, row[column], locale)} `)}</li>`)}</ol>`
  })
}

/** A report as its readers see it, with the tick that it was read. */
export function readingPage({ facts, receipt, last, onward, ...page }: ReadingPage, locale: Locale): PublicPage {
  const texts = TEXTS[locale].reading
  const { obligation, report, unitName } = facts
  const { filing, by } = last
  const newest = receipt.readNumber !== null && receipt.readNumber >= report.filings
  const time = (instant: Date) => timeIn(instant, obligation.zone, locale)
  const waiting = onward.filter((one) => !one.sent).map((one) => one.name)
  const passed = onward.filter((one) => one.sent).map((one) => one.name)
  const linked = { facts, receipt, last, onward, ...page }
  return {
    lang: locale,
    title: wordsIn(obligation.name, locale) ?? '',
    body: html`<main>${headOf(linked, locale)}
<p>${say(texts.by, locale, { by: by ?? unitName, at: time(filing.filedAt) })}</p>
${filing.number > 1 && html`<p class="state open">${say(texts.version, locale, { number: String(filing.number) })}</p>`}
<section>${filing.content ? contentPart(obligation.schema, filing.content, locale) : html`<p><b>${said(texts.nil, locale)}</b></p>`}
${filing.note && html`<p>${said(TEXTS[locale].note, locale)}: ${filing.note}</p>`}</section>
${receipt.readAt && newest && html`<p class="state yes">${say(texts.readAt, locale, { at: time(receipt.readAt) })}</p>`}
${receipt.readAt && !newest && html`<p class="state open">${said(texts.readOld, locale)}</p>`}
<form method="post" action="?lang=${locale}"><input type="hidden" name="number" value="${report.filings}">
${!newest && html`<button name="do" value="read">${said(texts.read, locale)}</button>`}
${waiting.length > 0 && html`<button class="second" name="do" value="forward">${say(texts.forward, locale, { names: waiting.join(', ') })}</button>`}</form>
${passed.length > 0 && html`<p>${say(texts.forwarded, locale, { names: passed.join(', ') })}</p>`}
${footOf(linked, locale)}</main>`,
  }
}

export const reportPage = (page: LinkedReport, locale: Locale): PublicPage =>
  page.kind === 'filing' ? filingPage(page, locale) : readingPage(page, locale)
