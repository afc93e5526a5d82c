import { type Html, html } from '../../platform/http/html.ts'
import { languageSwitch, type PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { said, say } from '../../platform/texts/say.ts'
import { discreetName, instantInWords } from '../../time/words.ts'
import type { DutyGroup, PersonalPage } from './standing-duties.personal.ts'
import { TEXTS } from './standing-duties.texts.ts'
import type { VisitAt } from './visits.repository.ts'
import { VISIT_ANSWERS } from './visits.rules.ts'

const LOOKS = { due: 'open', done: 'yes', nothing: 'yes', problem: 'no', missing: 'no', cancelled: 'quiet' } as const

/** More would make the page too large for a weak connection; the count says how many there are. */
const MOST_SITES = 30

function groupBox({ subject, title, unitName, state, roles, sites, toOn }: DutyGroup, locale: Locale): Html {
  const texts = TEXTS[locale]
  const steps = state === 'proposed' ? (['accept', 'decline'] as const) : (['withdraw'] as const)
  const buttons = steps.map(
    (step) =>
      html`<button${step !== 'accept' && html` class="second"`} name="step" value="${step}">${said(texts[step], locale)}</button>`,
  )
  return html`<section><h2>${title}</h2>
<p><span class="state ${state === 'proposed' ? 'open' : 'yes'}">${say(texts[state], locale, { unit: unitName })}</span></p>
<p>${said(texts.role, locale)}: ${roles.join(', ')}${toOn && html`, ${say(texts.until, locale, { toOn })}`}</p>
${sites.length > 0 && html`<p>${say(texts.sites, locale, { count: String(sites.length) })}: ${sites.slice(0, MOST_SITES).join(' · ')}</p>`}
<form method="post" action="?lang=${locale}"><input type="hidden" name="subject" value="${subject}">${buttons}</form></section>`
}

function visitBox({ visit, postName, postAddress, zone }: VisitAt, locale: Locale): Html {
  const texts = TEXTS[locale]
  const dueAt = instantInWords(visit.dueAt, zone, tongueOf(locale))
  const buttons = VISIT_ANSWERS.map(
    (answer) =>
      html`<button${answer === 'problem' && html` class="second"`} name="answer" value="${answer}">${said(texts.answers[answer], locale)}</button>`,
  )
  return html`<section><h2>${postName}</h2>
<p>${postAddress && html`${postAddress}, `}${say(texts.due, locale, { dueAt })}</p>
<p><span class="state ${LOOKS[visit.state]}">${said(texts.states[visit.state], locale)}</span>${visit.note && html` ${visit.note}`}</p>
<form method="post" action="?lang=${locale}"><input type="hidden" name="step" value="visit"><input type="hidden" name="subject" value="${visit.id}">
<label>${said(texts.note, locale)}<input name="note" maxlength="1000" value="${visit.note ?? ''}"></label>
<label>${said(texts.minutes, locale)}<input name="minutes" inputmode="numeric" maxlength="4" value="${visit.minutes ?? ''}"></label>
${buttons}</form></section>`
}

/** All that one person keeps and the visits to be reported; `unclear` says that the form could not be understood. */
export function standingPage({ name, groups, visits }: PersonalPage, locale: Locale, unclear = false): PublicPage {
  const texts = TEXTS[locale]
  return {
    lang: locale,
    title: texts.title,
    body: html`<main><h1>${said(texts.title, locale)}</h1>
<p>${say(texts.hello, locale, { name: discreetName(name) })}</p>
${unclear && html`<p class="state no" role="alert">${said(texts.choose, locale)}</p>`}
${groups.length === 0 && html`<p>${said(texts.none, locale)}</p>`}
${groups.filter((group) => group.state === 'proposed').map((group) => groupBox(group, locale))}
${visits.map((visit) => visitBox(visit, locale))}
${groups.filter((group) => group.state === 'active').map((group) => groupBox(group, locale))}
<p><small>${said(texts.free, locale)}</small></p>
<nav>${languageSwitch(locale)}</nav></main>`,
  }
}
