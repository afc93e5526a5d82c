import { type Html, html } from '../../platform/http/html.ts'
import type { PublicPage } from '../../platform/http/public-page.ts'
import { minutesBetween } from '../../time/intervals.ts'
import { discreetName, instantInWords, periodInWords } from '../../time/words.ts'
import type { DutyRow } from './attendance.repository.ts'
import { type LinkState, linkState, opensAt } from './attendance.rules.ts'
import type { LinkedDuty } from './attendance.service.ts'
import { type Locale, TEXTS, type Texts } from './attendance.texts.ts'

const LOOKS: Record<LinkState, string> = {
  early: 'quiet',
  ready: 'open',
  present: 'yes',
  finished: 'yes',
  unconfirmed: 'open',
  noShow: 'no',
  missed: 'no',
  released: 'quiet',
}

const STEPS: Partial<Record<LinkState, 'check-in' | 'check-out'>> = { ready: 'check-in', present: 'check-out' }

/** The page behind a check-in link: what the duty is, how it stands, and the one step that is possible now. */
export function dutyPage({ duty, policy, now, fault }: LinkedDuty, locale: Locale): PublicPage {
  const texts = TEXTS[locale]
  const state = linkState(duty, policy, now)
  const words = (instant: Date | null) => (instant ? instantInWords(instant, duty.zone, locale) : '')
  const said = texts.states[state]({
    opens: words(opensAt(duty, policy)),
    checkedIn: words(duty.checkedInAt),
    checkedOut: words(duty.checkedOutAt),
    minutes: duty.checkedInAt && duty.checkedOutAt ? minutesBetween(duty.checkedInAt, duty.checkedOutAt) : 0,
  })
  const other = locale === 'zh' ? 'en' : 'zh'
  return {
    lang: locale,
    title: texts.title,
    body: html`<main><h1>${texts.title}</h1><p>${texts.greeting(discreetName(duty.volunteerName))}</p>
${fault && html`<p class="state no" role="alert">${texts.faults[fault.code] ?? texts.fault}</p>`}
<p class="state ${LOOKS[state]}" role="status">${said}</p>
${facts(duty, texts, locale)}
${button(STEPS[state], texts, locale)}
<p><a href="?lang=${other}" hreflang="${other}">${texts.other}</a></p></main>`,
  }
}

const button = (step: 'check-in' | 'check-out' | undefined, texts: Texts, locale: Locale): Html | undefined =>
  step &&
  html`<form method="post" action="?lang=${locale}">
<button name="step" value="${step}">${step === 'check-in' ? texts.checkIn : texts.checkOut}</button></form>`

const facts = (duty: DutyRow, texts: Texts, locale: Locale): Html =>
  html`<section><h2>${duty.postName}</h2>
<p>${periodInWords(duty, locale)} <small>${duty.zone}</small></p>
<p>${texts.role}: ${duty.role}</p>
${duty.postAddress && html`<p>${texts.at}: ${duty.postAddress}</p>`}
${duty.postPhone && html`<p>${texts.phone}: <a href="tel:${duty.postPhone}">${duty.postPhone}</a></p>`}</section>`
