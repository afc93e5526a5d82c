import { type Html, html } from '../../platform/http/html.ts'
import { languageSwitch, type PublicPage } from '../../platform/http/public-page.ts'
import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import { said, say } from '../../platform/texts/say.ts'
import { discreetName, instantInWords } from '../../time/words.ts'
import { COUNTS, LINES, NEW_EVENTS, NEW_MATTERS, PARAGRAPHS, type Sent, SUPPLIES } from './handovers.form.ts'
import { reportList } from './handovers.reports.ts'
import { isMissed, isWritable, reportsShown } from './handovers.rules.ts'
import type { LinkedHandover } from './handovers.service.ts'
import { TEXTS } from './handovers.texts.ts'
import type { CrewMember } from './handovers.types.ts'

interface View extends LinkedHandover {
  lang: Locale
  /** What was entered and could not be taken. */
  sent?: Sent | undefined
}

const LOOKS = { due: 'open', outgoing_signed: 'open', complete: 'yes', overdue: 'no', came: 'open' } as const

/** The page behind a handover link: the record, and what somebody of either crew may do with it now. */
export function handoverPage(page: LinkedHandover, lang: Locale, sent?: Sent): PublicPage {
  const view: View = { ...page, lang, sent }
  const texts = TEXTS[lang]
  const { handover, side, fault } = page
  const shown = shownState(handover)
  const faults: Partial<Record<string, string>> = texts.faults
  const planned = instantInWords(handover.plannedAt, handover.zone, tongueOf(lang))
  const writes = side === 'outgoing' && isWritable(handover)
  return {
    lang,
    title: `${texts.title} ${handover.postName}`,
    body: html`<main><h1>${said(texts.title, lang)} ${handover.postName}</h1>
<p>${say(texts.hello, lang, { name: discreetName(page.name) })}</p>
${fault && html`<p class="state no" role="alert">${said(faults[fault.code] ?? texts.fault, lang)}</p>`}
<p class="state ${LOOKS[shown]}" role="status">${said(texts.states[shown], lang)}</p>
<section><p>${say(texts.planned, lang, { planned })} <small>${handover.zone}</small></p>
<p>${said(texts.outgoing, lang)}: ${crew(handover.outgoingCrew, texts.nobody)}</p>
<p>${said(texts.incoming, lang)}: ${crew(handover.incomingCrew, texts.nobody)}</p>
${signatures(view)}</section>
${writes ? writingForm(view) : record(view)}
${side === 'incoming' && !handover.incomingSignedAt && takingOver(view)}
<nav>${languageSwitch(lang)}</nav></main>`,
  }
}

/** Two signatures do not make it good that nobody is there. */
const shownState = (handover: LinkedHandover['handover']): keyof typeof LOOKS => {
  if (isMissed(handover)) return 'overdue'
  return handover.state === 'overdue' ? 'came' : handover.state
}

const crew = (members: CrewMember[], nobody: string): string =>
  members.map((member) => `${discreetName(member.name)} (${member.role})`).join(', ') || nobody

function signatures({ handover, lang }: View): Html[] {
  const texts = TEXTS[lang]
  const signed = [
    [texts.outgoing, handover.outgoingSignedBy, handover.outgoingSignedAt],
    [texts.incoming, handover.incomingSignedBy, handover.incomingSignedAt],
  ] as const
  return signed.flatMap(([side, name, at]) => {
    if (!at) return []
    const when = instantInWords(at, handover.zone, tongueOf(lang))
    return html`<p>${say(texts.signedBy, lang, { side, name: discreetName(name ?? ''), at: when })}</p>`
  })
}

function takingOver({ handover, lang }: View): Html {
  const texts = TEXTS[lang]
  if (!handover.outgoingSignedAt) return html`<p>${said(texts.readOnly, lang)}</p>`
  return html`<form method="post" action="?lang=${lang}">
<input type="hidden" name="reports" value="${reportsShown(handover.reports)}">
<label>${said(texts.fields.remark, lang)}<br><textarea name="remark" rows="2" maxlength="2000"></textarea></label>
<button name="step" value="sign">${said(texts.signIncoming, lang)}</button></form>`
}

/** What is written, for whoever only reads. */
function record({ handover, lang }: View): Html {
  const texts = TEXTS[lang]
  const lines = [...PARAGRAPHS, ...LINES, ...COUNTS].flatMap((name) => {
    const value = handover[name]
    return value === null ? [] : html`<p>${said(texts.fields[name], lang)}: ${value}</p>`
  })
  const names: Partial<Record<string, string>> = texts.supply
  return html`<section>${handover.nil && html`<p>${said(texts.fields.nil, lang)}</p>`}${lines}
${handover.abnormalEvents.map((event) => html`<p>${said(texts.events, lang)}: ${event.text} ${event.reportNumber}</p>`)}
${handover.supplies.map(({ name, count }) => html`<p>${names[name] ?? name}: ${count}</p>`)}
${reportList(handover.reports, lang)}
${handover.matters.map((matter) => html`<p>${said(texts.matters, lang)}: ${matter.text} ${matter.owner}</p>`)}
${handover.incomingRemark && html`<p>${said(texts.fields.remark, lang)}: ${handover.incomingRemark}</p>`}</section>`
}

function writingForm(view: View): Html {
  const { handover, lang } = view
  const texts = TEXTS[lang]
  const value = valuesOf(view)
  const line = (name: string, label: string, attributes: Html | undefined = undefined) =>
    html`<label>${said(label, lang)}<br><input name="${name}" value="${value(name)}"${attributes}></label>`
  const number = (name: string, label: string) => line(name, label, html` inputmode="numeric" maxlength="6"`)
  const paragraph = (name: (typeof PARAGRAPHS)[number]) =>
    html`<label>${said(texts.fields[name], lang)}<br><textarea name="${name}" rows="3" maxlength="2000">${value(name)}</textarea></label>`
  const events = Array.from({ length: handover.abnormalEvents.length + NEW_EVENTS }, (_, index) => index)
  const matters = Array.from({ length: NEW_MATTERS }, (_, index) => index)
  return html`<form method="post" action="?lang=${lang}">
<input type="hidden" name="version" value="${handover.version}">
<label class="tick"><input type="checkbox" name="nil" value="yes"${value('nil') === 'yes' && html` checked`}> ${said(texts.fields.nil, lang)}</label>
${PARAGRAPHS.map(paragraph)}
${LINES.map((name) => line(name, texts.fields[name], html` maxlength="200"`))}
${COUNTS.map((name) => number(name, texts.fields[name]))}
<h2>${said(texts.supplies, lang)}</h2>${SUPPLIES.map((name) => number(`supply-${name}`, texts.supply[name]))}
<h2>${said(texts.events, lang)}</h2>${events.map((index) => [line(`event${index}`, texts.eventText), line(`report${index}`, texts.eventNumber)])}
<h2>${said(texts.matters, lang)}</h2>${openMatters(view)}
${matters.map((index) => [
  line(`matter${index}`, texts.newMatter),
  line(`owner${index}`, texts.owner),
  html`<label>${said(texts.dueAt, lang)}<br><input type="datetime-local" name="due${index}" value="${value(`due${index}`)}"></label>`,
])}
<button name="step" value="sign">${said(texts.signOutgoing, lang)}</button>
<button class="second" name="step" value="save">${said(texts.save, lang)}</button></form>`
}

function openMatters({ handover, lang, sent }: View): Html[] {
  const texts = TEXTS[lang]
  const done = [sent?.done ?? []].flat()
  return handover.matters
    .filter((matter) => matter.closedAt === null)
    .map(
      ({ id, text, owner, dueAt }) =>
        html`<label class="tick"><input type="checkbox" name="done" value="${id}"${done.includes(id) && html` checked`}> ${text} ${owner} ${dueAt && instantInWords(new Date(dueAt), handover.zone, tongueOf(lang))} (${said(texts.matterDone, lang)})</label>`,
    )
}

/** What a field shows: what was just entered, else what is written. */
function valuesOf({ handover, sent }: View): (name: string) => string {
  if (sent) return (name) => [sent[name] ?? ''].flat()[0]!
  const known: Record<string, string | number | null | undefined> = {
    nil: handover.nil ? 'yes' : '',
    ...Object.fromEntries([...PARAGRAPHS, ...LINES, ...COUNTS].map((name) => [name, handover[name]])),
    ...Object.fromEntries(handover.supplies.map(({ name, count }) => [`supply-${name}`, count])),
    ...Object.fromEntries(handover.abnormalEvents.map((event, index) => [`event${index}`, event.text])),
    ...Object.fromEntries(handover.abnormalEvents.map((event, index) => [`report${index}`, event.reportNumber])),
  }
  return (name) => String(known[name] ?? '')
}
