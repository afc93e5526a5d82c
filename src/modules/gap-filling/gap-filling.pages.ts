import { type Html, html } from '../../platform/http/html.ts'
import { languageSwitch, type PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { said, say } from '../../platform/texts/say.ts'
import { discreetName, instantInWords, periodInWords } from '../../time/words.ts'
import type { OfferPage } from './gap-filling.offers.ts'
import { TEXTS } from './gap-filling.texts.ts'
import type { OfferMode } from './gap-filling.types.ts'
import { answersTo, type OfferAnswer, type OfferStanding } from './standings.rules.ts'

const LOOKS: Record<OfferStanding, 'open' | 'yes' | 'no' | 'quiet'> = {
  open: 'open',
  willing: 'yes',
  yours: 'yes',
  yoursForGood: 'yes',
  'given-back': 'quiet',
  declined: 'no',
  expired: 'quiet',
  filled: 'quiet',
  wouldCome: 'yes',
  closed: 'quiet',
}

const labelOf = (answer: OfferAnswer, mode: OfferMode, locale: Locale): string => {
  const { accept, wouldCome, ...others } = TEXTS[locale]
  if (answer === 'accept') return accept[mode]
  return answer === 'would-come' ? wouldCome : others[answer]
}

function form(standing: OfferStanding, mode: OfferMode, locale: Locale): Html | false {
  const answers = answersTo(standing)
  if (answers.length === 0) return false
  const buttons = answers.map(
    (answer) =>
      html`<button${answer !== 'accept' && html` class="second"`} name="answer" value="${answer}">${said(labelOf(answer, mode, locale), locale)}</button>`,
  )
  return html`<form method="post" action="?lang=${locale}">${buttons}</form>`
}

/** The offer and how it stands; `unclear` says that the last answer could not be understood. */
export function offerPage(
  { name, seat, expiresAt, mode, standing }: OfferPage,
  locale: Locale,
  unclear = false,
): PublicPage {
  const texts = TEXTS[locale]
  const tongue = tongueOf(locale)
  const until = { expiresAt: instantInWords(expiresAt, seat.zone, tongue) }
  const line = (label: string, value: string | Html) => html`<p>${said(label, locale)}: ${value}</p>`
  return {
    lang: locale,
    title: texts.title,
    body: html`<main><h1>${said(texts.title, locale)}</h1>
<p>${say(texts.hello, locale, { name: discreetName(name), unit: seat.unitName })}</p>
${unclear && html`<p class="state no" role="alert">${said(texts.choose, locale)}</p>`}
${standing === 'open' && html`<p>${say(texts.ask[mode], locale, until)}</p>`}
<section>
<h2>${said(periodInWords(seat, tongue), locale)}</h2>
${line(texts.where, html`${seat.postName}${seat.postAddress && html`, ${seat.postAddress}`}`)}
${line(texts.role, seat.role)}
${seat.postPhone && line(texts.phone, html`<a href="tel:${seat.postPhone}">${seat.postPhone}</a>`)}
${seat.instructions && line(texts.bring, seat.instructions)}
<p><span class="state ${LOOKS[standing]}">${said(texts.standings[standing], locale)}</span></p>
${standing === 'willing' && html`<p>${say(texts.award, locale, until)}</p>`}
${form(standing, mode, locale)}
</section>
<p><small>${said(texts.free, locale)}</small></p>
<p><small>${say(texts.zone, locale, { zone: seat.zone })}</small></p>
<nav>${languageSwitch(locale)}</nav></main>`,
  }
}
