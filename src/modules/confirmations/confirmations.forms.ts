import { type Html, html } from '../../platform/http/html.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { langOf, said } from '../../platform/texts/say.ts'
import { TEXTS } from './confirmations.texts.ts'

export interface AnswerFields {
  /** One duty, or 'all' that are open. */
  assignmentId: string
  /** Keep a page that is out of date from changing an answer. */
  seen?: number | undefined
  mark?: string
}

export interface AnswerLabels {
  confirm?: string | undefined
  decline?: string | undefined
}

const reasonField = (locale: Locale): Html => {
  const { reason, reasons } = TEXTS[locale]
  const options = Object.entries(reasons).map(
    ([value, label]) => html`<option value="${value}"${langOf(label, locale)}>${label}</option>`,
  )
  return html`<label>${said(reason, locale)}<select name="reason"><option value=""></option>${options}</select></label>`
}

export const stepButton = (value: string, label: string, locale: Locale, isSecond = false): Html =>
  html`<button${isSecond && html` class="second"`} name="answer" value="${value}"${langOf(label, locale)}>${label}</button>`

const hidden = (name: string, value: string | number | undefined): Html | false =>
  value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`

const stayTick = (locale: Locale): Html =>
  html`${hidden('asksToStay', 'yes')}<label class="tick"><input type="checkbox" name="staysOn" value="yes">${said(TEXTS[locale].stayTick, locale)}</label>`

/** Buttons of one duty, or of all that are open; two choices have the same size. */
export const answerForm = (
  locale: Locale,
  { assignmentId, seen, mark }: AnswerFields,
  labels: AnswerLabels,
  withReason: boolean,
  withTick = false,
): Html => html`<form method="post">${hidden('assignmentId', assignmentId)}${hidden('seen', seen)}${hidden('mark', mark)}${withTick && stayTick(locale)}
${labels.confirm && stepButton('confirm', labels.confirm, locale)}${labels.decline && stepButton('decline', labels.decline, locale, true)}${labels.decline && withReason && reasonField(locale)}
</form>`

/** One button for one duty. */
export const stepForm = (locale: Locale, assignmentId: string, value: string, label: string): Html =>
  html`<form method="post">${hidden('assignmentId', assignmentId)}${stepButton(value, label, locale, true)}</form>`
