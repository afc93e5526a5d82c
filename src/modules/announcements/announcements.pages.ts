import { type Html, html } from '../../platform/http/html.ts'
import type { PublicPage } from '../../platform/http/public-page.ts'
import { LOCALES, type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { said, say } from '../../platform/texts/say.ts'
import { discreetName, instantInWords } from '../../time/words.ts'
import type { AnnouncementPageFacts } from './announcements.reading.ts'
import { wordingFor } from './announcements.rules.ts'
import { TEXTS } from './announcements.texts.ts'

const LOOKS = { open: 'open', changed: 'open', acknowledged: 'yes', over: 'quiet' } as const

const paragraphs = (text: string): Html[] => text.split(/\n+/).map((line) => html`<p>${line}</p>`)

/** The announcement as it reads now and how it stands; `refused` tells what was wrong with the last answer. */
export function announcementPage(
  page: AnnouncementPageFacts,
  locale: Locale,
  refused?: 'unclear' | 'stale',
): PublicPage {
  const texts = TEXTS[locale]
  const tongue = tongueOf(locale)
  const { locale: written, wording } = wordingFor(page.texts, locale)
  const inZone = (instant: Date) => instantInWords(instant, page.unit.zone, tongue)
  const at = page.acknowledgedAt ? inZone(page.acknowledgedAt) : ''
  const waits = page.standing === 'open' || page.standing === 'changed'
  const others = LOCALES.filter((one) => one !== locale && (page.texts[one] || one !== 'bo'))
  return {
    lang: locale,
    title: wording.title,
    body: html`<p>${say(texts.hello, locale, { name: discreetName(page.name), unit: page.unit.name })}</p>
${refused && html`<p class="state no" role="alert">${said(refused === 'stale' ? texts.stale : texts.choose, locale)}</p>`}
<section lang="${written}"><h1>${wording.title}</h1>
${paragraphs(wording.text)}</section>
<p><small>${say(texts.published, locale, { publishedAt: inZone(page.publishedAt) })}</small></p>
<p><span class="state ${LOOKS[page.standing]}">${say(texts.standings[page.standing], locale, { at })}</span></p>
${
  waits &&
  html`<p>${said(texts.ask, locale)}</p>
<form method="post" action="?lang=${locale}"><input type="hidden" name="revision" value="${page.revision}">
<button name="answer" value="acknowledge">${said(texts.acknowledge, locale)}</button></form>`
}
<p>${others.map((one) => html`<a href="?lang=${one}" lang="${one}" hreflang="${one}">${texts.languages[one]}</a> `)}</p>`,
  }
}
