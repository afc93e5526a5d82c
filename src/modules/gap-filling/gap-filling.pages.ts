import { type Html, html } from '../../platform/http/html.ts'
import type { PublicPage } from '../../platform/http/public-page.ts'
import { discreetName, instantInWords, periodInWords, type Tongue } from '../../time/words.ts'
import type { OfferPage } from './gap-filling.offers.ts'
import type { OfferAnswer, OfferStanding } from './gap-filling.rules.ts'
import { TEXTS } from './gap-filling.texts.ts'

const LOOKS: Record<OfferStanding, 'open' | 'yes' | 'no' | 'quiet'> = {
  open: 'open',
  yours: 'yes',
  yoursForGood: 'yes',
  'given-back': 'quiet',
  declined: 'no',
  expired: 'quiet',
  filled: 'quiet',
  closed: 'quiet',
}

const ANSWERS: Partial<Record<OfferStanding, OfferAnswer[]>> = { open: ['accept', 'decline'], yours: ['withdraw'] }

const put = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)

const form = (standing: OfferStanding, tongue: Tongue): Html | false => {
  const answers = ANSWERS[standing]
  if (!answers) return false
  const buttons = answers.map(
    (answer) =>
      html`<button${answer !== 'accept' && html` class="second"`} name="answer" value="${answer}">${TEXTS[tongue][answer]}</button>`,
  )
  return html`<form method="post" action="?lang=${tongue}">${buttons}</form>`
}

/** The offer and how it stands; `unclear` says that the last answer could not be understood. */
export function offerPage({ name, seat, expiresAt, standing }: OfferPage, tongue: Tongue, unclear = false): PublicPage {
  const texts = TEXTS[tongue]
  const other = tongue === 'zh' ? 'en' : 'zh'
  return {
    lang: tongue,
    title: texts.title,
    body: html`<h1>${texts.title}</h1>
<p>${put(texts.hello, { name: discreetName(name), unit: seat.unitName })}</p>
${unclear && html`<p class="state no" role="alert">${texts.choose}</p>`}
${standing === 'open' && html`<p>${put(texts.ask, { expiresAt: instantInWords(expiresAt, seat.zone, tongue) })}</p>`}
<section>
<h2>${periodInWords(seat, tongue)}</h2>
<p>${texts.where}: ${seat.postName}${seat.postAddress && html`, ${seat.postAddress}`}</p>
<p>${texts.role}: ${seat.role}</p>
${seat.postPhone && html`<p>${texts.phone}: <a href="tel:${seat.postPhone}">${seat.postPhone}</a></p>`}
<p><span class="state ${LOOKS[standing]}">${texts.standings[standing]}</span></p>
${form(standing, tongue)}
</section>
<p><small>${texts.free}</small></p>
<p><small>${put(texts.zone, { zone: seat.zone })}</small></p>
<p><a href="?lang=${other}" lang="${other}" hreflang="${other}">${texts.other}</a></p>`,
  }
}
