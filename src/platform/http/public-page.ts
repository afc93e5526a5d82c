import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { LOCALES, type Locale } from '../texts/catalogue.ts'
import { langOf, said } from '../texts/say.ts'
import { Html, html } from './html.ts'
import { TEXTS } from './public-page.texts.ts'

/** A page that anybody who holds its link may open. */
export interface PublicPage {
  /** Language of the page as a whole, for `lang`. */
  lang: string
  title: string
  body: Html
  /** For people who are stuck: shows whom to call, where the settings name somebody. */
  stuck?: true
}

const STYLE = `:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0 auto;padding:16px;max-width:640px;font:18px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#1f2328;background:#fff;overflow-wrap:anywhere}
h1{font-size:24px;line-height:1.3;margin:8px 0}h2{font-size:20px;margin:0 0 4px}p{margin:4px 0}
section{border:1px solid #8c959f;border-radius:8px;padding:12px;margin:16px 0}
.state{display:inline-block;border-radius:6px;padding:2px 8px;font-weight:600}
.open{color:#6b4600;background:#fff4d6}.yes{color:#0b5a32;background:#e6f4ea}.no{color:#8a1c0e;background:#fdecea}.quiet{color:#3d444d;background:#f2f4f7}
form{display:flex;flex-wrap:wrap;gap:8px;margin-top:12px}
button{flex:1 1 45%;min-height:48px;font:inherit;font-size:20px;border-radius:8px;border:2px solid #0b6e3b;background:#0b6e3b;color:#fff}
button.second{background:#fff;color:#1f2328;border-color:#8c959f}
select,input:not([type]){flex:1 1 100%;width:100%;min-height:48px;padding:0 8px;font:inherit;border:1px solid #8c959f;border-radius:8px;background:#fff;color:#1f2328}
label{flex:1 1 100%;font-size:16px}.tick{display:flex;gap:8px;align-items:center;min-height:48px}.tick input{width:24px;height:24px;flex:none}
a{color:#0b57d0}a[href^="tel:"],nav a,.act{display:inline-flex;align-items:center;min-height:48px;min-width:48px}nav{display:flex;flex-wrap:wrap;gap:0 16px}
small{font-size:16px}del{color:#3d444d}`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** Nothing is loaded, nothing runs, nothing is kept by the way, and no search engine remembers it. */
const HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
}

const phoneOf = (phone: string): Html =>
  html`<p>${TEXTS.zh.support} <span lang="en">${TEXTS.en.support}</span>: <a href="tel:${phone.replaceAll(' ', '')}">${phone}</a></p>`

const render = ({ lang, title, body }: PublicPage, phone?: string): string =>
  html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title${langOf(title, lang as Locale)}>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
${body}
${phone !== undefined && phoneOf(phone)}</body>
</html>
`.text

export const sendPage = (reply: FastifyReply, status: number, page: PublicPage): FastifyReply =>
  reply
    .code(status)
    .headers(HEADERS)
    .type('text/html; charset=utf-8')
    .serializer((text: unknown) => String(text))
    .send(render(page, page.stuck ? reply.server.supportPhone : undefined))

declare module 'fastify' {
  interface FastifyInstance {
    /** Whom people may call who are stuck, as the settings say. */
    supportPhone: string | undefined
    /** Address of a map with {place} in it. */
    mapUrl: string | undefined
  }
}

/** After a form was sent: back to the page, which shows what holds now. */
export const seeAgain = (reply: FastifyReply, path: string): FastifyReply =>
  reply.headers(HEADERS).code(303).header('location', path).send()

/** The language a reader asks for in the address of a page; anything else counts as not asked. */
export const PageLanguage = z.object({ lang: z.enum(LOCALES).optional().catch(undefined) })

const NAMES: Record<Locale, string> = { zh: '中文', en: 'English', bo: 'བོད་ཡིག' }

/** Links to the same page in the other languages. */
export const languageSwitch = (locale: Locale): Html[] =>
  LOCALES.filter((other) => other !== locale).map(
    (other) => html`<a href="?lang=${other}" lang="${other}" hreflang="${other}">${NAMES[other]}</a>`,
  )

/** Address of the page that asks for the code of a text message. */
export const CODE_PATH = '/k'

const codeForm = (locale: Locale): Html => {
  const texts = TEXTS[locale]
  return html`<form method="post" action="${CODE_PATH}?lang=${locale}">
<label>${said(texts.code, locale)}<input name="code" required autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" maxlength="40"></label>
<label>${said(texts.phone, locale)}<input name="phone" required inputmode="numeric" autocomplete="off" maxlength="40"></label>
<button>${said(texts.open, locale)}</button></form>`
}

/** Asks for the code of a text message, and for the end of the phone number it was sent to. */
export const codePage = (locale: Locale): PublicPage => ({
  lang: locale,
  stuck: true,
  title: TEXTS[locale].title,
  body: html`<main><h1>${said(TEXTS[locale].title, locale)}</h1>
<p>${said(TEXTS[locale].hint, locale)}</p>
${codeForm(locale)}
<nav>${languageSwitch(locale)}<a href="/privacy?lang=${locale}">${said(TEXTS[locale].privacy, locale)}</a></nav></main>`,
})

/**
 * One and the same answer, in both languages, for links that are unknown, expired or revoked and for codes that are
 * wrong, expired, revoked or used up.
 */
export const deadLinkPage: PublicPage = {
  lang: 'zh',
  stuck: true,
  title: `${TEXTS.zh.dead} · ${TEXTS.en.dead}`,
  body: html`<main><h1>${TEXTS.zh.dead}</h1>
<p>${TEXTS.zh.deadHint}</p>
${codeForm('zh')}
<div lang="en"><h1>${TEXTS.en.dead}</h1>
<p>${TEXTS.en.deadHint}</p>
<nav><a href="${CODE_PATH}?lang=en">${TEXTS.en.title}</a></nav></div></main>`,
}

/** What is done with personal data, for everybody who is asked something. */
export const privacyPage = (locale: Locale): PublicPage => ({
  lang: locale,
  title: TEXTS[locale].privacy,
  body: html`<main><h1>${said(TEXTS[locale].privacy, locale)}</h1>
${Object.values(TEXTS[locale].notice).map((text) => html`<p>${said(text, locale)}</p>`)}
<nav>${languageSwitch(locale)}</nav></main>`,
})
