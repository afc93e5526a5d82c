import { html } from '../../platform/http/html.ts'
import type { PublicPage } from '../../platform/http/public-page.ts'
import { discreetName } from '../../time/words.ts'
import { addLocalDays, localDay } from '../../time/zones.ts'
import type { CertificateRow } from './certificates.repository.ts'
import { hoursText, numberText, stateOf } from './certificates.rules.ts'
import { TEXTS, type Texts } from './certificates.texts.ts'
import type { Language } from './certificates.types.ts'

/** Whether a paper is valid, and just enough to see that it is the same paper. */
export function verifyPage(row: CertificateRow, locale: Language, now: Date): PublicPage {
  const texts = TEXTS[locale]
  const { verify, facts } = texts
  const other = locale === 'zh' ? 'en' : 'zh'
  const lines: [string, string][] = [
    [verify.number, numberText(row.year, row.serial)],
    [verify.kind, texts.title[row.kind]],
    [facts.name, discreetName(row.facts.name)],
    [facts.hours, texts.hours(hoursText(row.facts.minutes))],
    [facts.period, texts.period(texts.day(row.fromOn), texts.day(addLocalDays(row.toOn, -1)))],
    [facts.issuer, row.facts.issuer],
    [facts.issuedOn, texts.day(row.facts.issuedOn)],
  ]
  const state = row.revokedAt
    ? html`<p class="state no" role="status">${verify.revoked(texts.day(localDay(row.revokedAt, row.facts.zone)))}</p>`
    : html`<p class="state yes" role="status">${verify.valid}${noticeOf(row, texts, now)}</p>`
  return {
    lang: locale,
    title: verify.title,
    body: html`<main><h1>${verify.title}</h1>
${state}
<section>${lines.map(([label, value]) => html`<p>${label}: ${value}</p>\n`)}</section>
<p>${verify.compare}</p>
<p><a href="?lang=${other}" hreflang="${other}">${verify.other}</a></p></main>`,
  }
}

/** Where its public notice stands; papers from before notices were kept say nothing. */
function noticeOf(row: CertificateRow, texts: Texts, now: Date): string {
  if (row.noticeEndsOn === null) return ''
  const lastDay = texts.day(addLocalDays(row.noticeEndsOn, -1))
  const isOver = stateOf(row, localDay(now, row.facts.zone)) === 'noticed'
  return ` ${isOver ? texts.verify.noticed(lastDay) : texts.verify.notice(lastDay)}`
}

/** One answer for every code that stands for nothing. */
export const unknownCodePage: PublicPage = {
  lang: 'zh',
  title: '未找到该证明 · No such certificate',
  body: html`<main><h1>未找到该证明</h1>
<p>没有与此校验码对应的证明。请核对纸质证明上的校验码，或联系出具单位。</p>
<div lang="en"><h1>No such certificate</h1>
<p>No certificate has this check code. Please compare it with the paper, or ask who issued it.</p></div></main>`,
}
