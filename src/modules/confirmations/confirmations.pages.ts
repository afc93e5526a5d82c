import { type Html, html } from '../../platform/http/html.ts'
import { languageSwitch, type PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { langOf, said, say } from '../../platform/texts/say.ts'
import { minutesBetween } from '../../time/intervals.ts'
import { discreetName, instantInWords } from '../../time/words.ts'
import { dutySection, shownAs } from './confirmations.duty-section.ts'
import { answerForm } from './confirmations.forms.ts'
import type { PageDuty, ReplacedPage, RequestPage } from './confirmations.page.ts'
import { markOf } from './confirmations.rules.ts'
import { TEXTS } from './confirmations.texts.ts'

/** With more duties than this, each is said in fewer words, so that the page stays small. */
const DETAILS_UP_TO = 6

export interface Setting {
  /** Address of the page, '/c/…' with its secret. */
  at: string
  locale: Locale
  /** The last answer could not be understood. */
  unclear?: boolean
  /** Address of a map with {place} in it. */
  mapUrl?: string | undefined
  /** Reader inside WeChat, which cannot download. */
  inWeChat?: boolean
}

const contactLine = ({ contact }: RequestPage, locale: Locale): Html | undefined =>
  contact &&
  html`<p>${said(TEXTS[locale].contact, locale)}: ${said(contact.name, locale)}${
    contact.title && html` ${said(contact.title, locale)}`
  } <a href="tel:${contact.phone}">${contact.phone}</a></p>`

/** How long before a duty people are asked to be there. */
const earlyMinutes = ({ duties }: RequestPage): number =>
  duties[0] ? minutesBetween(duties[0].arriveBy, duties[0].startsAt) : 0

/** All that is open at once, where that is more than one duty. */
function answerAll(page: RequestPage, open: PageDuty[], locale: Locale): Html | false {
  if (open.length < 2) return false
  const texts = TEXTS[locale]
  const confirm = page.mode === 'acknowledged' ? texts.acknowledgeAll : texts.confirmAll
  return answerForm(
    locale,
    { assignmentId: 'all', mark: markOf(...open) },
    { confirm, decline: texts.declineAll },
    true,
  )
}

const ways = (page: RequestPage, { at, locale, inWeChat }: Setting): Html => {
  const texts = TEXTS[locale]
  const coming = page.duties.some((duty) => duty.state === 'pending' || duty.state === 'confirmed')
  const link = (path: string, text: string) => html`<a href="${path}?lang=${locale}">${said(text, locale)}</a>`
  return html`${coming && inWeChat && html`<p>${said(texts.inWeChat, locale)}</p>`}
<nav>${coming && link(`${at}/duty.ics`, texts.calendar)}${link(`${at}/standing`, texts.standing)}${link(`${at}/stop`, texts.stop)}${link('/privacy', texts.privacy)}${languageSwitch(locale)}</nav>`
}

/** The question and how it stands, in the order in which people need it. */
export function confirmationPage(page: RequestPage, setting: Setting): PublicPage {
  const { locale, unclear, mapUrl } = setting
  const texts = TEXTS[locale]
  const open = page.duties.filter((duty) => duty.state === 'pending')
  const waiting = open.length > 0 || page.duties.some((duty) => shownAs(duty) === 'changed')
  const confirmBy = instantInWords(page.confirmBy, page.zone, tongueOf(locale))
  const isShort = page.duties.length > DETAILS_UP_TO
  const contact = contactLine(page, locale)
  return {
    lang: locale,
    title: texts.title[page.mode],
    body: html`<main><p>${say(texts.hello, locale, { name: discreetName(page.name), unit: page.unitName })}</p>
<h1>${said(texts.title[page.mode], locale)}</h1>
${unclear && html`<p class="state no" role="alert">${said(texts.choose, locale)}</p>`}
${open.length === 0 && !waiting && html`<p>${said(texts.nothingOpen, locale)}</p>`}
${isShort && html`<p>${say(texts.early, locale, { minutes: String(earlyMinutes(page)) })}</p>${contact}`}
${open.length > 1 && html`<p>${say(texts.ask[page.mode], locale, { confirmBy })}</p>`}
${answerAll(page, open, locale)}
${page.duties.map((duty) => dutySection(duty, locale, { mode: page.mode, confirmBy, isShort, mapUrl, contact: isShort ? undefined : contact }))}
<p><small>${said(texts.free, locale)} ${say(texts.zone, locale, { zone: page.zone })}</small></p>
${ways(page, setting)}</main>`,
  }
}

/** What a link shows that a newer message replaced. */
export const replacedPage = (_page: ReplacedPage, locale: Locale): PublicPage => {
  const { replaced, privacy } = TEXTS[locale]
  return {
    lang: locale,
    title: replaced.title,
    body: html`<main><h1>${said(replaced.title, locale)}</h1><p>${said(replaced.text, locale)}</p>
<nav><a href="/privacy?lang=${locale}">${said(privacy, locale)}</a>${languageSwitch(locale)}</nav></main>`,
  }
}

/** Whether messages come, and the button that changes it; `at`: the page it was opened from. */
export function stopPage(doNotContact: boolean, { at, locale }: { at?: string; locale: Locale }): PublicPage {
  const { stopping, back } = TEXTS[locale]
  const text = doNotContact ? stopping.resume : stopping.stop
  return {
    lang: locale,
    title: stopping.title,
    body: html`<main><h1>${said(stopping.title, locale)}</h1>
<p>${said(doNotContact ? stopping.stopped : stopping.now, locale)}</p>
<form method="post"><button name="answer" value="${doNotContact ? 'resume' : 'stop'}"${langOf(text, locale)}>${text}</button></form>
<nav>${at !== undefined && html`<a href="${at}?lang=${locale}">${said(back, locale)}</a>`}${languageSwitch(locale)}</nav></main>`,
  }
}

export interface ConsentsPage {
  /** Posts of the request, for which somebody may agree beforehand. */
  posts: { id: string; name: string }[]
  unitName: string
  today: string
  held: { id: string; place: string; from: string; to: string }[]
}

/** What somebody has agreed to beforehand, and the form for more. */
export function consentsPage(page: ConsentsPage, { at, locale, unclear }: Setting): PublicPage {
  const { consenting: texts, back } = TEXTS[locale]
  const option = (value: string, name: string) => html`<option value="${value}"${langOf(name, locale)}>${name}</option>`
  return {
    lang: locale,
    title: texts.title,
    body: html`<main><h1>${said(texts.title, locale)}</h1><p>${said(texts.text, locale)}</p>
${unclear && html`<p class="state no" role="alert">${said(texts.wrong, locale)}</p>`}
${page.held.length === 0 && html`<p>${said(texts.none, locale)}</p>`}
${page.held.map(
  ({ id, place, from, to }) => html`<section><p>${say(texts.held, locale, { place, from, to })}</p>
<form method="post"><input type="hidden" name="consentId" value="${id}"><button class="second" name="answer" value="revoke"${langOf(texts.revoke, locale)}>${texts.revoke}</button></form></section>`,
)}
<form method="post">
<label>${said(texts.place, locale)}<select name="place">${page.posts.map((post) => option(post.id, post.name))}${option('unit', texts.whole.replace('{unit}', page.unitName))}</select></label>
<label>${said(texts.from, locale)}<input name="from" required value="${page.today}" inputmode="numeric" pattern="\\d{4}-\\d{2}-\\d{2}"></label>
<label>${said(texts.to, locale)}<input name="to" required inputmode="numeric" placeholder="${page.today}" pattern="\\d{4}-\\d{2}-\\d{2}"></label>
<button name="answer" value="give"${langOf(texts.give, locale)}>${texts.give}</button></form>
<nav><a href="${at}?lang=${locale}">${said(back, locale)}</a>${languageSwitch(locale)}</nav></main>`,
  }
}
