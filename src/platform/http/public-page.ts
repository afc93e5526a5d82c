import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { Html, html } from './html.ts'

/** A page that anybody who holds its link may open. */
export interface PublicPage {
  /** Language of the page as a whole, for `lang`. */
  lang: string
  title: string
  body: Html
}

const STYLE = `:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0 auto;padding:16px;max-width:640px;font:18px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#1f2328;background:#fff}
h1{font-size:24px;line-height:1.3;margin:8px 0}h2{font-size:20px;margin:0 0 4px}p{margin:4px 0}
section{border:1px solid #8c959f;border-radius:8px;padding:12px;margin:16px 0}
.state{display:inline-block;border-radius:6px;padding:2px 8px;font-weight:600}
.open{color:#6b4600;background:#fff4d6}.yes{color:#0b5a32;background:#e6f4ea}.no{color:#8a1c0e;background:#fdecea}.quiet{color:#3d444d;background:#f2f4f7}
form{display:flex;flex-wrap:wrap;gap:8px;margin-top:12px}
button{flex:1 1 45%;min-height:48px;font:inherit;font-size:20px;border-radius:8px;border:2px solid #0b6e3b;background:#0b6e3b;color:#fff}
button.second{background:#fff;color:#1f2328;border-color:#8c959f}
select{flex:1 1 100%;min-height:48px;font:inherit;border:1px solid #8c959f;border-radius:8px;background:#fff;color:#1f2328}
label{flex:1 1 100%;font-size:16px}a{color:#0b57d0}small{font-size:16px}`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** Nothing is loaded, nothing runs, nothing is kept by the way, and no search engine remembers it. */
const HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
}

const render = ({ lang, title, body }: PublicPage): string =>
  html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
${body}
</body>
</html>
`.text

export const sendPage = (reply: FastifyReply, status: number, page: PublicPage): FastifyReply =>
  reply
    .code(status)
    .headers(HEADERS)
    .type('text/html; charset=utf-8')
    .serializer((text: unknown) => String(text))
    .send(render(page))

/** After a form was sent: back to the page, which shows what holds now. */
export const seeAgain = (reply: FastifyReply, path: string): FastifyReply =>
  reply.headers(HEADERS).code(303).header('location', path).send()

/** One and the same answer for a link that is unknown, expired or revoked, in both languages. */
export const deadLinkPage: PublicPage = {
  lang: 'zh',
  title: '链接无效 · Link not valid',
  body: html`<h1>这个链接无效</h1>
<p>链接不完整、已过期或已被新的消息取代。请使用最近一条消息中的链接，或联系您的组织者。</p>
<div lang="en"><h1>This link is not valid</h1>
<p>It is incomplete, has expired or was replaced by a newer message. Please use the link in the latest message, or ask your organizer.</p></div>`,
}
