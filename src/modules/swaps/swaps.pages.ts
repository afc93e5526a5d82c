import { type Html, html } from '../../platform/http/html.ts'
import type { ProblemError } from '../../platform/http/problem.ts'
import type { PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { isUntranslated } from '../../platform/texts/say.ts'
import { discreetName, periodInWords, type Tongue } from '../../time/words.ts'
import type { SwapShown } from './swaps.board.ts'
import type { DutyRow, GapSeat } from './swaps.repository.ts'
import type { SwapPage } from './swaps.rooms.ts'
import type { SwapState } from './swaps.states.ts'
import { put, reasonInWords, type SwapTexts, TEXTS } from './swaps.texts.ts'
import type { Hindrance } from './swaps.types.ts'
import { partOfSeat, seatInWords } from './swaps.words.ts'

/** What was wrong with the last form: a problem of the service, or a form nobody understands. */
export type Refusal = ProblemError | 'unclear'

export interface PageOptions {
  refused?: Refusal | undefined
  /** What was typed into a form that was refused, so that nothing is lost. */
  typed?: Record<string, string> | undefined
}

interface Look {
  locale: Locale
  tongue: Tongue
  texts: SwapTexts
}

const LOOKS: Record<SwapState, 'open' | 'yes' | 'no' | 'quiet'> = {
  open: 'open',
  accepted: 'open',
  approved: 'open',
  applied: 'yes',
  rejected: 'no',
  expired: 'quiet',
  withdrawn: 'quiet',
}

const hidden = (fields: Record<string, string>): Html[] =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

const button = (step: string, label: string, second = false): Html =>
  html`<button${second && html` class="second"`} name="step" value="${step}">${label}</button>`

const form = ({ locale }: Look, fields: Record<string, string>, ...inside: (Html | Html[] | false)[]): Html =>
  html`<form method="post" action="?lang=${locale}">${hidden(fields)}${inside}</form>`

const failuresInWords = (hindrances: Pick<Hindrance, 'failure'>[], { tongue }: Look): Html[] =>
  hindrances.map(({ failure }) => html`<li>${failure.text[tongue]}</li>`)

function alertOf(refused: Refusal | undefined, look: Look): Html | false {
  const { texts } = look
  if (!refused) return false
  const say = (words: Html | string) => html`<div class="state no" role="alert">${words}</div>`
  if (refused === 'unclear') return say(texts.choose)
  const hindrances = refused.extra.hindrances as Hindrance[] | undefined
  if (hindrances) return say(html`${texts.hindered}<ul>${failuresInWords(hindrances, look)}</ul>`)
  const codes = refused.errors.length > 0 ? refused.errors.map((error) => error.code) : [refused.code]
  return say(html`${codes.map((code) => html`<p>${texts.faults[code] ?? texts.notPossible}</p>`)}`)
}

const seatCard = (
  seat: DutyRow | GapSeat,
  { texts, tongue }: Look,
): Html => html`<h2>${periodInWords(seat, tongue)}</h2>
<p>${texts.where}: ${seat.postName}${seat.postAddress && html`, ${seat.postAddress}`}</p>
<p>${texts.role}: ${seat.role}</p>`

function stateLine({ swap, askedName }: SwapShown, { texts, tongue }: Look): Html {
  const words =
    swap.state === 'open' && askedName ? put(texts.states.openToOne, { asked: askedName }) : texts.states[swap.state]
  const reason = swap.reason && html` (${reasonInWords(swap.reason, tongue)})`
  return html`<p><span class="state ${LOOKS[swap.state]}">${words}</span>${reason}</p>`
}

/** Who answers for the duty: in so many words, as long as the swap is not applied. */
function responsibleLine({ swap, deal }: SwapShown, { texts }: Look): Html | false {
  const holder = deal.duty.volunteerName
  if (swap.state === 'applied') return false
  const ended = ['rejected', 'expired', 'withdrawn'].includes(swap.state)
  return html`<p><strong>${put(ended ? texts.stillYours : texts.responsible, { holder })}</strong></p>`
}

const seatOption = (duty: DutyRow, { tongue }: Look, who = ''): Html =>
  html`<option value="${duty.id}">${who}${seatInWords(duty, tongue)}</option>`

function stepForm({ swap, steps, returns }: SwapShown, look: Look): Html | false {
  const { texts } = look
  if (steps.length === 0) return false
  const isTrade = swap.kind === 'trade'
  const choose =
    steps.includes('accept') &&
    isTrade &&
    swap.returnId === null &&
    html`<label>${texts.myReturn}<select name="returnId">${returns.map((duty) => seatOption(duty, look))}</select></label>`
  const declineWord = swap.state === 'accepted' ? texts.backOut : texts.decline
  const labels = { accept: isTrade ? texts.acceptTrade : texts.accept, decline: declineWord, withdraw: texts.withdraw }
  const buttons = steps.map((step) => button(step, labels[step], step !== 'accept'))
  return form(look, { swapId: swap.id }, choose, buttons)
}

function swapCard(shown: SwapShown, look: Look): Html {
  const { swap, deal, hindrances, takerName } = shown
  const { texts, tongue } = look
  return html`<section>
${seatCard(deal.part ? { ...deal.duty, ...partOfSeat(deal.duty, deal.part) } : deal.duty, look)}
${deal.part && html`<p>${texts.cover}: ${texts.part}</p>`}
${deal.returned && html`<p>${texts.inReturn}: ${seatInWords(deal.returned, tongue)}</p>`}
<p>${texts[swap.kind]}. ${texts.from}: ${deal.askerName}${takerName && html`. ${texts.to}: ${takerName}`}</p>
${swap.note && html`<p>${texts.note}: ${swap.note}</p>`}
${stateLine(shown, look)}
${responsibleLine(shown, look)}
${hindrances.length > 0 && html`<p>${texts.hindered}</p><ul>${failuresInWords(hindrances, look)}</ul>`}
${stepForm(shown, look)}
</section>`
}

const gapCard = (gap: GapSeat, look: Look): Html => html`<section>
${seatCard(gap, look)}
<p><span class="state quiet">${look.texts.gap}</span></p>
${form(look, { gapId: gap.gapId }, button('take-gap', look.texts.takeGap))}
</section>`

const dutyCard = (duty: DutyRow, pending: SwapShown | undefined, look: Look): Html =>
  pending
    ? swapCard(pending, look)
    : html`<section>
${seatCard(duty, look)}
<p><a href="?lang=${look.locale}&amp;duty=${duty.id}">${look.texts.handOn}</a></p>
</section>`

const cards = (title: string, list: Html[], none?: string): Html | false =>
  (list.length > 0 || none !== undefined) && html`<h1>${title}</h1>${list}${list.length === 0 && html`<p>${none}</p>`}`

function roomBody(page: Extract<SwapPage, { view: 'room' }>, look: Look): Html {
  const { texts } = look
  const me = page.person.id
  const own = page.swaps.filter(({ swap }) => swap.askerId === me)
  const toMe = page.swaps.filter(({ swap }) => swap.askedId === me && swap.state === 'open')
  const taken = page.swaps.filter(({ swap }) => swap.takerId === me)
  const offered = [
    ...page.board.swaps.map((one) => swapCard(one, look)),
    ...page.board.gaps.map((one) => gapCard(one, look)),
  ]
  return html`${cards(
    texts.toMe,
    toMe.map((one) => swapCard(one, look)),
  )}
${cards(
  texts.takenByMe,
  taken.map((one) => swapCard(one, look)),
)}
${cards(
  texts.mine,
  page.duties.map((duty) =>
    dutyCard(
      duty,
      own.find(({ swap }) => swap.assignmentId === duty.id),
      look,
    ),
  ),
  texts.noneMine,
)}
${cards(texts.board, offered, texts.noneOnBoard)}`
}

function dutyBody(page: Extract<SwapPage, { view: 'duty' }>, look: Look, typed: Record<string, string>): Html {
  const { texts } = look
  const { duty, people, trades } = page
  const fields = { assignmentId: duty.id }
  const moment = (name: string, label: string, otherwise: string) =>
    html`<label>${label}<input type="datetime-local" name="${name}" value="${typed[name] ?? otherwise}"></label>`
  return html`<h1>${texts.handOn}</h1>
<section>${seatCard(duty, look)}
<p><strong>${put(texts.responsible, { holder: duty.volunteerName })}</strong></p>
${form(
  look,
  fields,
  html`<label>${texts.who}<select name="askedId"><option value="">${texts.anybody}</option>${people.map(
    (one) => html`<option value="${one.id}"${one.id === typed.askedId && html` selected`}>${one.name}</option>`,
  )}</select></label>`,
  html`<label>${texts.note}<input name="note" maxlength="300" value="${typed.note ?? ''}"></label>`,
  button('give', texts.ask),
  moment('from', texts.partFrom, duty.startLocal),
  moment('to', texts.partTo, duty.endLocal),
  button('cover', texts.askCover, true),
)}</section>
<section>${form(
    look,
    fields,
    html`<label>${texts.tradeFor}<select name="returnId"><option value="">${texts.anybody}</option>${trades.map((one) =>
      seatOption(one, look, `${one.volunteerName} `),
    )}</select></label>`,
    button('trade', texts.askTrade, true),
  )}</section>
<p><a href="?lang=${look.locale}">${texts.back}</a></p>`
}

/** What a person has to do with swaps, and the forms for what they can do about it now. */
export function swapPage(page: SwapPage, locale: Locale, { refused, typed = {} }: PageOptions = {}): PublicPage {
  const tongue = tongueOf(locale)
  const texts = TEXTS[locale]
  const look = { locale, tongue, texts }
  const other = tongue === 'zh' ? 'en' : 'zh'
  const title = page.view === 'swap' ? texts.swapTitle : texts.title
  const { person } = page
  const body =
    page.view === 'swap'
      ? html`<h1>${title}</h1>${swapCard(page.shown, look)}`
      : page.view === 'duty'
        ? dutyBody(page, look, typed)
        : roomBody(page, look)
  const whole = html`<p>${put(texts.hello, { name: discreetName(person.name), unit: person.unitName })}</p>
${alertOf(refused, look)}
${body}
<p><small>${texts.free}</small></p>
<p><small>${put(texts.zone, { zone: person.zone })}</small></p>
<p><a href="?lang=${other}" lang="${other}" hreflang="${other}">${texts.other}</a></p>`
  // A page that nobody has translated yet owns up to the language it is in.
  return { lang: isUntranslated(whole, locale) ? 'zh' : locale, title, body: whole }
}
