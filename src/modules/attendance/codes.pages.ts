import { qrMatrix, qrSvg } from '../../platform/files/qr.ts'
import { Html, html } from '../../platform/http/html.ts'
import { languageSwitch, type PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { said, say } from '../../platform/texts/say.ts'
import { instantInWords } from '../../time/words.ts'
import type { Door, PostFault } from './codes.service.ts'
import { TEXTS } from './codes.texts.ts'

/** What was entered, kept when something is wrong with it. */
export interface Entered {
  code: string
  link: string
  personNumber: string
}

const faultText = (faults: Record<string, string>, fault: PostFault, otherwise: string) => faults[fault] ?? otherwise

/** The screen at a post: the code of this minute, in digits and to be scanned. */
export function displayPage(door: Extract<Door, { kind: 'display' }>, lang: Locale): PublicPage {
  const texts = TEXTS[lang]
  const until = instantInWords(door.validUntil, door.post.zone, tongueOf(lang))
  const spaced = `${door.code.slice(0, 3)} ${door.code.slice(3)}`
  return {
    lang,
    title: `${texts.display} ${door.post.name}`,
    body: html`<main><h1>${door.post.name}</h1>
<section><h2>${said(texts.display, lang)}</h2><h1>${spaced}</h1><p>${say(texts.until, lang, { until })}</p></section>
${new Html(qrSvg(qrMatrix(door.url), texts.display))}
<p>${say(texts.scan, lang, { url: door.url.split('?')[0]! })}</p></main>`,
  }
}

/** Where people at a post check in and out. */
export function postPage(
  door: Exclude<Door, { kind: 'display' }>,
  lang: Locale,
  entered: Entered,
  fault?: PostFault,
): PublicPage {
  const texts = TEXTS[lang]
  const field = (name: string, label: string, value: string, more: Html | undefined = undefined) =>
    html`<label>${said(label, lang)}<br><input name="${name}" value="${value}"${more}></label>`
  return {
    lang,
    title: `${texts.title} ${door.post.name}`,
    body: html`<main><h1>${said(texts.title, lang)}</h1><h2>${door.post.name}</h2>
${fault && html`<p class="state no" role="alert">${said(faultText(texts.faults, fault, texts.fault), lang)}</p>`}
<form method="post" action="?lang=${lang}">
${
  door.kind === 'code' &&
  field('code', texts.code, entered.code, html` inputmode="numeric" autocomplete="one-time-code" maxlength="12"`)
}
<p>${said(texts.who, lang)}</p>
${field('personNumber', texts.number, entered.personNumber, html` maxlength="60"`)}
${field('phoneEnd', texts.phone, '', html` inputmode="numeric" maxlength="8"`)}
${field('link', texts.link, entered.link, html` maxlength="400"`)}
<button name="step" value="check-in">${said(texts.checkIn, lang)}</button>
<button class="second" name="step" value="check-out">${said(texts.checkOut, lang)}</button></form>
<nav>${languageSwitch(lang)}</nav></main>`,
  }
}
