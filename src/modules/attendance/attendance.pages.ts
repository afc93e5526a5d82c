import { type Html, html } from '../../platform/http/html.ts'
import { languageSwitch, type PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { langOf, said, say } from '../../platform/texts/say.ts'
import { minutesBetween } from '../../time/intervals.ts'
import { discreetName, instantInWords, periodInWords } from '../../time/words.ts'
import { instantToWall } from '../../time/zones.ts'
import type { LinkedDuty } from './attendance.links.ts'
import type { DutyRow } from './attendance.repository.ts'
import { type LinkState, linkState, opensAt } from './attendance.rules.ts'
import { SEGMENT_KINDS } from './attendance.tables.ts'
import { TEXTS, type Texts } from './attendance.texts.ts'

type Shown = LinkState | 'waiting' | 'verified'

const LOOKS: Record<Shown, string> = {
  early: 'quiet',
  ready: 'open',
  present: 'yes',
  waiting: 'open',
  finished: 'yes',
  verified: 'yes',
  unconfirmed: 'open',
  noShow: 'no',
  missed: 'no',
  released: 'quiet',
}

/** Where there is something to dispute. */
const DISPUTED: Shown[] = ['present', 'finished', 'verified', 'noShow', 'missed']

function shownAs({ duty, policy, now }: LinkedDuty): Shown {
  const state = linkState(duty, policy, now)
  if (state === 'present' && duty.runsOn) return 'waiting'
  return state === 'finished' && duty.verifiedBy ? 'verified' : state
}

/** The page behind a check-in link: what the duty is, how it stands, and the steps that are possible now. */
export function dutyPage(linked: LinkedDuty, locale: Locale): PublicPage {
  const { duty, policy, fault } = linked
  const texts = TEXTS[locale]
  const shown = shownAs(linked)
  const words = (instant: Date | null) => (instant ? instantInWords(instant, duty.zone, tongueOf(locale)) : '')
  const standing = say(texts.states[shown], locale, {
    opens: words(opensAt(duty, policy)),
    checkedIn: words(duty.checkedInAt),
    checkedOut: words(duty.checkedOutAt),
    minutes: String(duty.checkedInAt && duty.checkedOutAt ? minutesBetween(duty.checkedInAt, duty.checkedOutAt) : 0),
  })
  const faults: Partial<Record<string, string>> = texts.faults
  return {
    lang: locale,
    title: texts.title,
    body: html`<main><h1>${said(texts.title, locale)}</h1><p>${say(texts.greeting, locale, { name: discreetName(duty.volunteerName) })}</p>
${fault && html`<p class="state no" role="alert">${said(faults[fault.code] ?? texts.fault, locale)}</p>`}
<p class="state ${LOOKS[shown]}" role="status">${standing}</p>
${shown === 'verified' && partsOf(linked, texts, locale)}
${correctionNews(linked, texts, locale)}
${facts(duty, texts, locale)}
${shown === 'ready' && checkInForm(texts, locale)}
${(shown === 'present' || shown === 'waiting') && html`${checkOutForm(texts, locale)}${kindForm(linked, texts, locale)}`}
${DISPUTED.includes(shown) && linked.correction?.state !== 'open' && disputeForm(linked, texts, locale)}
<nav>${languageSwitch(locale)}</nav></main>`,
  }
}

const checkInForm = (texts: Texts, locale: Locale): Html =>
  html`<form method="post" action="?lang=${locale}">
<button name="step" value="check-in">${said(texts.checkIn, locale)}</button></form>`

const checkOutForm = (texts: Texts, locale: Locale): Html =>
  html`<form method="post" action="?lang=${locale}">
<label class="tick"><input type="checkbox" name="stayOn" value="yes"> ${said(texts.stayOn, locale)}</label>
<button name="step" value="check-out">${said(texts.checkOut, locale)}</button></form>`

const kindForm = ({ kind }: LinkedDuty, texts: Texts, locale: Locale): Html => {
  const options = SEGMENT_KINDS.filter((one) => one !== kind).map(
    (one) => html`<option value="${one}"${langOf(texts.kinds[one], locale)}>${texts.kinds[one]}</option>`,
  )
  return html`<form method="post" action="?lang=${locale}"><p>${say(texts.countsAs, locale, { kind: texts.kinds[kind] })}</p>
<label>${said(texts.changeKind, locale)}<select name="kind">${options}</select></label>
<button class="second" name="step" value="switch">${said(texts.change, locale)}</button></form>`
}

const partsOf = ({ parts, duty }: LinkedDuty, texts: Texts, locale: Locale): Html | false =>
  parts.length > 1 &&
  html`<ul>${parts.map(
    ({ kind, startsAt, endsAt }) =>
      html`<li>${said(texts.kinds[kind], locale)}: ${instantInWords(startsAt, duty.zone, tongueOf(locale))}, ${say(
        texts.minutes,
        locale,
        {
          minutes: String(minutesBetween(startsAt, endsAt)),
        },
      )}</li>`,
  )}</ul>`

const correctionNews = ({ correction }: LinkedDuty, texts: Texts, locale: Locale): Html | undefined =>
  correction &&
  html`<p class="state quiet">${say(texts.corrections[correction.state], locale, { decision: correction.decision ?? '' })}</p>`

function disputeForm({ duty, refused }: LinkedDuty, texts: Texts, locale: Locale): Html {
  const wall = (instant: Date) => instantToWall(instant, duty.zone)
  const { cameAt, leftAt, reason } = refused?.entered ?? {
    cameAt: wall(duty.checkedInAt ?? duty.startsAt),
    leftAt: wall(duty.checkedOutAt ?? duty.endsAt),
    reason: '',
  }
  const known: Partial<Record<string, string>> = texts.disputeFaults
  const faults = refused?.faults.map(
    ({ code, detail }) => html`<p class="state no" role="alert">${said(known[code] ?? detail, locale)}</p>`,
  )
  return html`<details${refused && html` open`}><summary>${said(texts.dispute, locale)}</summary><p>${said(texts.disputeHint, locale)}</p>${faults}
<form method="post" action="?lang=${locale}">
<label>${said(texts.cameAt, locale)}<br><input type="datetime-local" name="cameAt" value="${cameAt}" required></label>
<label>${said(texts.leftAt, locale)}<br><input type="datetime-local" name="leftAt" value="${leftAt}" required></label>
<label>${said(texts.reason, locale)}<br><input name="reason" value="${reason}" maxlength="500" required></label>
<button class="second" name="step" value="dispute">${said(texts.ask, locale)}</button></form></details>`
}

const facts = (duty: DutyRow, texts: Texts, locale: Locale): Html =>
  html`<section><h2>${duty.postName}</h2>
<p>${periodInWords(duty, tongueOf(locale))} <small>${duty.zone}</small></p>
<p>${said(texts.role, locale)}: ${duty.role}</p>
${duty.postAddress && html`<p>${said(texts.at, locale)}: ${duty.postAddress}</p>`}
${duty.postPhone && html`<p>${said(texts.phone, locale)}: <a href="tel:${duty.postPhone}">${duty.postPhone}</a></p>`}</section>`
