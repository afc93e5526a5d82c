import { type Html, html } from '../../platform/http/html.ts'
import type { PublicPage } from '../../platform/http/public-page.ts'
import { discreetName, instantInWords, periodInWords, type Tongue } from '../../time/words.ts'
import type { RequestPage } from './confirmations.service.ts'
import { type Shown, TEXTS } from './confirmations.texts.ts'

type Duty = RequestPage['duties'][number]

const LOOKS: Record<Shown, 'open' | 'yes' | 'no' | 'quiet'> = {
  pending: 'open',
  confirmed: 'yes',
  confirmedForGood: 'yes',
  declined: 'no',
  declinedAndTaken: 'quiet',
  lapsed: 'no',
  withdrawn: 'quiet',
  cancelled: 'quiet',
  replaced: 'quiet',
  serving: 'yes',
  completed: 'yes',
  no_show: 'no',
  excused: 'quiet',
}

const shownAs = (duty: Duty): Shown => {
  if (duty.state === 'declined' && !duty.seatFree) return 'declinedAndTaken'
  return duty.state === 'confirmed' && duty.choices.length === 0 ? 'confirmedForGood' : duty.state
}

const put = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)

const reasonField = (tongue: Tongue): Html => {
  const { reason, reasons } = TEXTS[tongue]
  const options = Object.entries(reasons).map(([value, label]) => html`<option value="${value}">${label}</option>`)
  return html`<label>${reason}<select name="reason"><option value=""></option>${options}</select></label>`
}

/** A page with more duties than this does without the choice of reasons, to stay small. */
const REASONS_UP_TO = 12

/** Buttons of one duty, or of all that are open. `seen` keeps a page that is out of date from changing an answer. */
const buttons = (
  tongue: Tongue,
  fields: { assignmentId: string; seen?: number },
  labels: { confirm?: string; decline?: string },
  withReason: boolean,
): Html => html`<form method="post" action="?lang=${tongue}">
<input type="hidden" name="assignmentId" value="${fields.assignmentId}">${
  fields.seen !== undefined && html`<input type="hidden" name="seen" value="${fields.seen}">`
}
${labels.confirm && html`<button name="answer" value="confirm">${labels.confirm}</button>`}
${labels.decline && html`<button class="second" name="answer" value="decline">${labels.decline}</button>${withReason && reasonField(tongue)}`}
</form>`

const choicesForm = (duty: Duty, tongue: Tongue, withReason: boolean): Html | false => {
  if (duty.choices.length === 0) return false
  const texts = TEXTS[tongue]
  const open = duty.state === 'pending'
  return buttons(
    tongue,
    { assignmentId: duty.assignmentId, seen: duty.version },
    {
      ...(duty.choices.includes('confirm') ? { confirm: open ? texts.confirm : texts.takeBack } : {}),
      ...(duty.choices.includes('decline') ? { decline: open ? texts.decline : texts.changeToDecline } : {}),
    },
    withReason,
  )
}

const section = (duty: Duty, tongue: Tongue, withReason: boolean): Html => {
  const texts = TEXTS[tongue]
  const shown = shownAs(duty)
  return html`<section>
<h2>${periodInWords(duty, tongue)}</h2>
<p>${texts.where}: ${duty.postName}${duty.postAddress && html`, ${duty.postAddress}`}</p>
<p>${texts.role}: ${duty.role}</p>
${duty.postPhone && html`<p>${texts.phone}: <a href="tel:${duty.postPhone}">${duty.postPhone}</a></p>`}
<p><span class="state ${LOOKS[shown]}">${texts.states[shown]}</span></p>
${choicesForm(duty, tongue, withReason)}
</section>`
}

/** The question and how it stands; `unclear` says that the last answer could not be understood. */
export function confirmationPage(page: RequestPage, tongue: Tongue, unclear = false): PublicPage {
  const texts = TEXTS[tongue]
  const open = page.duties.filter((duty) => duty.state === 'pending')
  const other = tongue === 'zh' ? 'en' : 'zh'
  const confirmBy = instantInWords(page.confirmBy, page.zone, tongue)
  return {
    lang: tongue,
    title: texts.title,
    body: html`<h1>${texts.title}</h1>
<p>${put(texts.hello, { name: discreetName(page.name), unit: page.unitName })}</p>
${unclear && html`<p class="state no" role="alert">${texts.choose}</p>`}
<p>${open.length > 0 ? put(texts.ask, { confirmBy }) : texts.nothingOpen}</p>
${open.length > 1 && buttons(tongue, { assignmentId: 'all' }, { confirm: texts.confirmAll, decline: texts.declineAll }, true)}
${page.duties.map((duty) => section(duty, tongue, page.duties.length <= REASONS_UP_TO))}
<p><small>${texts.free}</small></p>
<p><small>${put(texts.zone, { zone: page.zone })}</small></p>
<p><a href="?lang=${other}" lang="${other}" hreflang="${other}">${texts.other}</a></p>`,
  }
}
