import { type Html, html } from '../../platform/http/html.ts'
import { languageSwitch, type PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { said, say } from '../../platform/texts/say.ts'
import { discreetName, instantInWords } from '../../time/words.ts'
import type { TaskPage } from './campaigns.marking.ts'
import type { EntryState } from './campaigns.states.ts'
import { TEXTS } from './campaigns.texts.ts'

const LOOKS: Record<EntryState, string> = {
  open: 'open',
  reached: 'yes',
  not_reached: 'open',
  refused: 'quiet',
  problem: 'no',
}
const OFFERED: EntryState[] = ['reached', 'not_reached', 'refused', 'problem']

const query = (page: TaskPage, locale: Locale, number = page.page) =>
  `?lang=${locale}&round=${page.round.number}&page=${number}`

function itemPart({ entry, item, unitName }: TaskPage['entries'][number], page: TaskPage, locale: Locale): Html {
  const texts = TEXTS[locale]
  const dial = item.phone?.replace(/[^\d+]/g, '')
  const choices = OFFERED.filter((state) => state !== entry.state || state === 'not_reached')
  if (entry.state !== 'open') choices.push('open')
  return html`<section id="e${entry.id}"><h2>${item.name ?? item.address}</h2>
${item.name && item.address && html`<p>${item.address}</p>`}<p><small>${unitName}${item.reference && html` · ${item.reference}`}</small></p>
${item.phone && html`<p><a href="tel:${dial}">${said(texts.call, locale)} ${item.phone}</a></p>`}${item.note && html`<p>${item.note}</p>`}
<p><span class="state ${LOOKS[entry.state]}">${said(texts.states[entry.state], locale)}</span>${entry.tries > 0 && html` ${say(texts.tries, locale, { tries: String(entry.tries) })}`}</p>
${
  page.begun &&
  html`<form method="post" action="${query(page, locale)}"><input type="hidden" name="entry" value="${entry.id}"><input type="hidden" name="tries" value="${entry.tries}">
<label>${said(texts.note, locale)}<input name="note" value="${entry.note}" maxlength="500"></label>
${choices.map((state) => html`<button${(state !== 'reached' || entry.state !== 'open') && html` class="second"`} name="do" value="${state}">${said(texts.marks[state], locale)}</button>`)}</form>`
}</section>`
}

function askPart({ task, facts }: TaskPage, locale: Locale): Html {
  const texts = TEXTS[locale]
  if (facts.campaign.state !== 'running') return html`<p class="state quiet">${said(texts.over, locale)}</p>`
  if (task.state === 'declined') return html`<p class="state quiet">${said(texts.declined, locale)}</p>`
  if (task.state === 'released') return html`<p class="state quiet">${said(texts.released, locale)}</p>`
  const form = `?lang=${locale}`
  if (task.state === 'asked') {
    return html`<form method="post" action="${form}"><button name="do" value="accept">${said(texts.accept, locale)}</button>
<button class="second" name="do" value="decline">${said(texts.decline, locale)}</button></form><p><small>${said(texts.free, locale)}</small></p>`
  }
  return html`<form method="post" action="${form}"><button class="second" name="do" value="decline">${said(texts.stop, locale)}</button></form>
<p><small>${said(texts.stopHint, locale)}</small></p>`
}

function listPart(page: TaskPage, locale: Locale): Html {
  const texts = TEXTS[locale]
  const { round, rounds, facts, begun, entries, total, finished } = page
  const time = (instant: Date) => instantInWords(instant, facts.zone, tongueOf(locale))
  const turn = (number: number, text: string) =>
    html`<a href="${query(page, locale, number)}">${said(text, locale)}</a>`
  return html`${
    rounds.length > 1 &&
    html`<nav>${rounds.map((one) => html`<a href="?lang=${locale}&round=${one.number}"${one.id === round.id && html` aria-current="page"`}>${say(texts.round, locale, { number: String(one.number) })}</a>`)}</nav>`
  }
<h2>${say(texts.round, locale, { number: String(round.number) })}</h2>
<p>${say(texts.deadline, locale, { deadline: time(round.deadline) })}</p>
${!begun && html`<p class="state quiet">${say(texts.notBegun, locale, { opensAt: time(round.opensAt) })}</p>`}
<p>${total === 0 ? said(texts.nothing, locale) : say(texts.done, locale, { finished: String(finished), total: String(total) })}</p>
<p><small>${said(texts.privacy, locale)}</small></p>
${entries.map((one) => itemPart(one, page, locale))}
${
  page.pages > 1 &&
  html`<p>${say(texts.page, locale, { page: String(page.page), pages: String(page.pages) })}</p>
<nav>${page.page > 1 && turn(page.page - 1, texts.previous)}${page.page < page.pages && turn(page.page + 1, texts.next)}</nav>`
}`
}

/** A person's part in a campaign: the question first, the list only when they have said yes. */
export function taskPage(page: TaskPage, locale: Locale): PublicPage {
  const texts = TEXTS[locale]
  const { campaign, unitName } = page.facts
  const lists = page.task.state === 'accepted' && campaign.state === 'running'
  return {
    lang: locale,
    title: campaign.name,
    body: html`<main><h1>${campaign.name}</h1>
<p>${say(texts.hello, locale, { name: discreetName(page.person.name), unit: unitName })}</p>
${page.notice && html`<p class="state no" role="alert">${said(texts[page.notice], locale)}</p>`}
${campaign.instructions && html`<p>${campaign.instructions}</p>`}
${page.task.state === 'asked' && html`<p>${say(texts.ask, locale, { count: String(page.total) })}</p>`}
${lists && listPart(page, locale)}
${askPart(page, locale)}
<nav>${languageSwitch(locale)}</nav></main>`,
  }
}
