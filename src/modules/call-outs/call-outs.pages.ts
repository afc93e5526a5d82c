import { type Html, html } from '../../platform/http/html.ts'
import { languageSwitch, type PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { said, say } from '../../platform/texts/say.ts'
import { discreetName, instantInWords, periodInWords } from '../../time/words.ts'
import type { CallPage } from './call-outs.answers.ts'
import type { CallAnswer, CallStanding } from './call-outs.rules.ts'
import { TEXTS } from './call-outs.texts.ts'

const LOOKS: Record<CallStanding, 'open' | 'yes' | 'no' | 'quiet'> = {
  open: 'open',
  coming: 'yes',
  begun: 'yes',
  not_coming: 'no',
  withdrawn: 'quiet',
  enough: 'quiet',
  over: 'quiet',
  not_possible: 'quiet',
}

const form = (answers: CallAnswer[], locale: Locale): Html | false =>
  answers.length > 0 &&
  html`<form method="post" action="?lang=${locale}">${answers.map(
    (answer) =>
      html`<button${answer !== 'coming' && html` class="second"`} name="answer" value="${answer}">${said(TEXTS[locale][answer], locale)}</button>`,
  )}</form>`

const crewList = (crew: NonNullable<CallPage['crew']>, locale: Locale): Html => {
  const texts = TEXTS[locale]
  return html`<section><h2>${say(texts.crewTitle, locale, { name: crew.name })}</h2>
${crew.members.map(
  (one) =>
    html`<p>${one.name}: ${said(texts.members[one.state], locale)}${one.state === 'asked' && one.read && html` (${said(texts.hasRead, locale)})`}</p>`,
)}</section>`
}

/** The call and how it stands; `unclear` says that the last answer could not be understood. */
export function callPage(page: CallPage, locale: Locale, unclear = false): PublicPage {
  const texts = TEXTS[locale]
  const tongue = tongueOf(locale)
  const { callOut, shift, postName, postAddress, postPhone, instructions, unitName } = page.at
  const { standing } = page
  return {
    lang: locale,
    title: texts.title,
    body: html`<main><h1>${said(texts.title, locale)}</h1>
<p>${say(texts.hello, locale, { name: discreetName(page.name), unit: unitName })}</p>
${unclear && html`<p class="state no" role="alert">${said(texts.choose, locale)}</p>`}
${standing === 'open' && html`<p>${say(texts.ask, locale, { answerBy: instantInWords(page.answerBy, shift.zone, tongue) })}</p>`}
<section>
<h2>${periodInWords(shift, tongue)}</h2>
<p>${said(texts.about, locale)}: ${callOut.reason}</p>
<p>${said(texts.where, locale)}: ${postName}${postAddress && html`, ${postAddress}`}</p>
<p>${said(texts.role, locale)}: ${callOut.role}</p>
${postPhone && html`<p>${said(texts.phone, locale)}: <a href="tel:${postPhone}">${postPhone}</a></p>`}
${instructions && html`<p>${said(texts.bring, locale)}: ${instructions}</p>`}
${callOut.state === 'open' && html`<p>${say(texts.need, locale, { wanted: String(callOut.wanted), coming: String(page.coming) })}</p>`}
<p><span class="state ${LOOKS[standing]}">${said(texts.standings[standing], locale)}</span></p>
${standing === 'open' && page.read && html`<p><small>${said(texts.readNote, locale)}</small></p>`}
${form(page.answers, locale)}
</section>
${page.crew && crewList(page.crew, locale)}
<p><small>${said(texts.free, locale)}</small></p>
<p><small>${say(texts.zone, locale, { zone: shift.zone })}</small></p>
<nav>${languageSwitch(locale)}</nav></main>`,
  }
}
