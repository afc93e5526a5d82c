import { createHash } from 'node:crypto'
import { Html, html } from '../../platform/http/html.ts'
import { minutesBetween } from '../../time/intervals.ts'
import { instantToWall } from '../../time/zones.ts'
import type { DutyRow } from './attendance.repository.ts'
import { type Fault, type LinkState, linkState, opensAt } from './attendance.rules.ts'
import type { LinkedDuty } from './attendance.service.ts'
import { type Locale, TEXTS, type Texts } from './attendance.texts.ts'

const STYLE = `body{font:18px/1.5 system-ui,sans-serif;margin:0 auto;padding:16px;max-width:34rem;color:#1f2328}
h1{font-size:24px}dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px}dt{color:#59636e}dd{margin:0}
button{font-size:20px;min-height:48px;width:100%;border:0;border-radius:6px;background:#0b6e3b;color:#fff}
.state,.fault{padding:12px;border-radius:6px;background:#f2f4f7}.fault{background:#fdecea;color:#8a1c0e}
a{color:#0b57d0;display:inline-block;padding:8px 0}`

/** For the header Content-Security-Policy: this one style, forms to ourselves, nothing else. */
export const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  `form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

const frame = (locale: Locale, title: string, content: Html) =>
  html`<!doctype html>
<html lang="${locale === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${title}</title><style>${new Html(STYLE)}</style></head><body>${content}</body></html>`.toString()

const wall = (instant: Date | null, { zone }: Pick<DutyRow, 'zone'>) =>
  instant ? instantToWall(instant, zone).replace('T', ' ') : ''

const STEPS: Partial<Record<LinkState, 'check-in' | 'check-out'>> = { ready: 'check-in', present: 'check-out' }

/** The page behind a check-in link: what the duty is, how it stands, and the one step that is possible now. */
export function dutyPage({ duty, policy, now, fault }: LinkedDuty, locale: Locale): string {
  const texts = TEXTS[locale]
  const state = linkState(duty, policy, now)
  const said = texts.states[state]({
    opens: wall(opensAt(duty, policy), duty),
    checkedIn: wall(duty.checkedInAt, duty),
    checkedOut: wall(duty.checkedOutAt, duty),
    minutes: duty.checkedInAt && duty.checkedOutAt ? minutesBetween(duty.checkedInAt, duty.checkedOutAt) : 0,
  })
  const step = STEPS[state]
  const other = locale === 'zh' ? 'en' : 'zh'
  return frame(
    locale,
    texts.title,
    html`<main><h1>${texts.title}</h1><p>${texts.greeting(duty.volunteerName)}</p>
${fault && html`<p class="fault" role="alert">${faultText(texts, fault)}</p>`}
<p class="state" role="status">${said}</p>
${facts(duty, texts)}
${
  step &&
  html`<form method="post" action="?lang=${locale}"><button name="step" value="${step}">${
    step === 'check-in' ? texts.checkIn : texts.checkOut
  }</button></form>`
}
<p><a href="?lang=${other}" hreflang="${other}">${texts.other}</a></p></main>`,
  )
}

const faultText = (texts: Texts, fault: Fault) => texts.faults[fault.code] ?? texts.fault

const facts = (duty: DutyRow, texts: Texts) =>
  html`<dl><dt>${texts.at}</dt><dd>${duty.postName}${duty.postAddress && html`<br>${duty.postAddress}`}</dd>
<dt>${texts.role}</dt><dd>${duty.role}</dd>
<dt>${texts.from}</dt><dd>${duty.startLocal.replace('T', ' ')}</dd>
<dt>${texts.to}</dt><dd>${duty.endLocal.replace('T', ' ')} (${duty.zone})</dd>
${duty.postPhone && html`<dt>${texts.phone}</dt><dd><a href="tel:${duty.postPhone}">${duty.postPhone}</a></dd>`}</dl>`

/** The same page for links that are unknown, revoked or over, in both languages. */
export const unknownPage = (): string =>
  frame(
    'zh',
    TEXTS.zh.title,
    html`<main><h1>${TEXTS.zh.title}</h1><p>${TEXTS.zh.unknown}</p>
<p lang="en">${TEXTS.en.unknown}</p></main>`,
  )
