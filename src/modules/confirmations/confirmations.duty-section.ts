import { type Html, html } from '../../platform/http/html.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { isUntranslated, said, say } from '../../platform/texts/say.ts'
import { minutesBetween } from '../../time/intervals.ts'
import { discreetName, instantInWords, periodInWords, wallInWords } from '../../time/words.ts'
import type { ConsentMode } from '../organisation/organisation.types.ts'
import { answerForm, stepForm } from './confirmations.forms.ts'
import type { PageDuty } from './confirmations.page.ts'
import { markOf } from './confirmations.rules.ts'
import { type Shown, TEXTS } from './confirmations.texts.ts'
import type { Told } from './confirmations.types.ts'

const LOOKS: Record<Shown, 'open' | 'yes' | 'no' | 'quiet'> = {
  pending: 'open',
  changed: 'open',
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

export const shownAs = (duty: PageDuty): Shown => {
  if (duty.state === 'declined' && !duty.seatFree) return 'declinedAndTaken'
  if (duty.changed && duty.choices.includes('confirm') && duty.state !== 'declined') return 'changed'
  return duty.state === 'confirmed' && duty.choices.length === 0 ? 'confirmedForGood' : duty.state
}

/** States in which its holder still has to know where to go. */
const AHEAD: PageDuty['state'][] = ['pending', 'confirmed', 'serving']
const AFTERWARDS: PageDuty['state'][] = ['serving', 'completed', 'no_show']

const toldInWords = (told: Told, locale: Locale): string => {
  const tongue = tongueOf(locale)
  const when = [wallInWords(told.startLocal, tongue), wallInWords(told.endLocal, tongue)].join(' – ')
  return [when, told.postName, told.postAddress, told.role].filter(Boolean).join(tongue === 'zh' ? '，' : ', ')
}

const change = (duty: PageDuty, locale: Locale): Html | false => {
  const { told } = duty
  if (!duty.changed || !told || !AHEAD.includes(duty.state)) return false
  const { changedFrom, changedTo } = TEXTS[locale]
  return html`<p>${said(changedFrom, locale)}: <del>${said(toldInWords(told, locale), locale)}</del></p>
<p>${said(changedTo, locale)}: ${said(toldInWords(duty, locale), locale)}</p>`
}

const mapLink = (address: string, mapUrl: string, locale: Locale): Html =>
  html` <a class="act" href="${mapUrl.replace('{place}', encodeURIComponent(address))}">${said(TEXTS[locale].map, locale)}</a>`

const where = (duty: PageDuty, locale: Locale, mapUrl: string | undefined): Html => {
  const texts = TEXTS[locale]
  const { postAddress: address, postPhone: phone, instructions } = duty
  return html`<p>${said(texts.where, locale)}: ${said(duty.postName, locale)}${address && html`, ${said(address, locale)}${mapUrl && mapLink(address, mapUrl, locale)}`}</p>
<p>${said(texts.role, locale)}: ${said(duty.role, locale)}</p>
${phone && html`<p>${said(texts.phone, locale)}: <a href="tel:${phone}">${phone}</a></p>`}
${instructions && html`<p>${said(texts.bring, locale)}: ${said(instructions, locale)}</p>`}`
}

const whereBriefly = ({ postName, postAddress, role }: PageDuty, locale: Locale): Html =>
  html`<p>${said([postName, postAddress, role].filter(Boolean).join(', '), locale)}</p>`

const MOST_PARTNERS = 6

const partners = ({ partners: others }: PageDuty, locale: Locale): Html | false => {
  const named = others.slice(0, MOST_PARTNERS).map(({ name, role }) => `${discreetName(name)} (${role})`)
  const more = others.length > MOST_PARTNERS ? `, +${others.length - MOST_PARTNERS}` : ''
  return (
    named.length > 0 && html`<p>${said(TEXTS[locale].partners, locale)}: ${said(named.join(', ') + more, locale)}</p>`
  )
}

/** What was recorded of it, once there is something: coming, going, and the time when somebody has verified it. */
const record = ({ presence, zone, state }: PageDuty, locale: Locale): Html | false => {
  if (!presence) return false
  const texts = TEXTS[locale]
  const words = (instant: Date) => instantInWords(instant, zone, tongueOf(locale))
  const { checkedInAt: from, checkedOutAt: to, verifiedAt } = presence
  if (!to) return html`<p>${say(texts.present, locale, { in: words(from) })}</p>`
  const minutes = String(minutesBetween(from, to))
  return html`<p>${say(texts.gone, locale, { in: words(from), out: words(to) })}</p>
<p>${verifiedAt ? say(texts.hours, locale, { minutes }) : said(texts.notVerified, locale)}</p>
${state === 'completed' && html`<p>${said(texts.dispute, locale)}</p>`}`
}

const choices = (duty: PageDuty, mode: ConsentMode, locale: Locale, withReason: boolean): Html | false => {
  if (duty.choices.length === 0) return false
  const texts = TEXTS[locale]
  const isNew = duty.state === 'pending' || shownAs(duty) === 'changed'
  const yes = mode === 'acknowledged' ? texts.acknowledge : texts.confirm
  const labels = {
    confirm: duty.choices.includes('confirm') ? (isNew ? yes : texts.takeBack) : undefined,
    decline: duty.choices.includes('decline') ? (isNew ? texts.decline : texts.changeToDecline) : undefined,
  }
  const fields = {
    assignmentId: duty.assignmentId,
    seen: duty.state === 'pending' ? undefined : duty.version,
    mark: markOf(duty),
  }
  return answerForm(locale, fields, labels, withReason, withReason && duty.state === 'pending')
}

const afterYes = (duty: PageDuty, locale: Locale): Html | false => {
  if (duty.state !== 'confirmed') return false
  const texts = TEXTS[locale]
  const cutOff = instantInWords(duty.cutOff, duty.zone, tongueOf(locale))
  return html`${duty.consentId && html`<p>${said(texts.byConsent, locale)}</p>`}${duty.staysOn && html`<p>${said(texts.stays, locale)}</p>`}
${duty.choices.length > 0 && html`<p>${say(texts.until, locale, { cutOff })}</p>`}`
}

const stayOn = ({ state, assignmentId, staysOn }: PageDuty, locale: Locale): Html | false =>
  state === 'confirmed' &&
  stepForm(locale, assignmentId, staysOn ? 'noStay' : 'stay', staysOn ? TEXTS[locale].noStay : TEXTS[locale].stay)

export interface SectionStyle {
  mode: ConsentMode
  /** Until when an answer is waited for, in words. */
  confirmBy: string
  /** One of many: in few words. */
  isShort: boolean
  contact: Html | undefined
  /** Address of a map with {place} in it. */
  mapUrl: string | undefined
}

function sectionIn(duty: PageDuty, locale: Locale, style: SectionStyle): Html {
  const { mode, isShort, contact, confirmBy } = style
  const texts = TEXTS[locale]
  const shown = shownAs(duty)
  const tongue = tongueOf(locale)
  const arriveBy = instantInWords(duty.arriveBy, duty.zone, tongue)
  const details = html`${AHEAD.includes(duty.state) && html`<p>${say(texts.arriveBy, locale, { at: arriveBy })}</p>`}
${where(duty, locale, style.mapUrl)}
${AHEAD.includes(duty.state) && partners(duty, locale)}${contact}
${duty.state === 'pending' && html`<p>${say(texts.ask[mode], locale, { confirmBy })}</p>`}`
  return html`<h2>${said(periodInWords(duty, tongue), locale)}</h2>
${change(duty, locale)}${isShort ? whereBriefly(duty, locale) : details}
<p><span class="state ${LOOKS[shown]}">${said(texts.states[shown], locale)}</span></p>
${duty.receipt && html`<p>${say(texts.receipt, locale, { receipt: duty.receipt })}</p>`}${record(duty, locale)}
${!isShort && afterYes(duty, locale)}
${choices(duty, mode, locale, !isShort)}${!isShort && stayOn(duty, locale)}${
  AFTERWARDS.includes(duty.state) && stepForm(locale, duty.assignmentId, 'attend', texts.attend)
}`
}

/** One duty: when, where, with whom, how it stands, and what can be done about it. */
export function dutySection(duty: PageDuty, locale: Locale, style: SectionStyle): Html {
  const body = sectionIn(duty, locale, style)
  return isUntranslated(body, locale)
    ? html`<section lang="zh">${sectionIn(duty, 'zh', style)}</section>`
    : html`<section>${body}</section>`
}
