import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { CodeDesk } from '../auth/code-desk.ts'
import { CODE_PATH, codePage, deadLinkPage, PageLanguage, privacyPage, seeAgain, sendPage } from './public-page.ts'

const Entry = z.object({ code: z.string().max(200).catch(''), phone: z.string().max(200).catch('') })

/** The fixed address of text messages, and the notice on privacy. GET shows a form; a right code leads on. */
export const codePages =
  (desk: CodeDesk) =>
  async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    const hidden = { hide: true, querystring: PageLanguage }

    app.get(CODE_PATH, { schema: hidden }, async ({ query: { lang } }, reply) =>
      sendPage(reply, 200, codePage(lang ?? 'zh')),
    )

    app.post(CODE_PATH, { schema: hidden }, async ({ body, query: { lang }, ip }, reply) => {
      const entry = Entry.parse(body ?? {})
      const redeemed = await desk.enter({ ...entry, address: ip })
      if (redeemed.path) {
        return seeAgain(reply, `${redeemed.path}/${redeemed.secret}${lang && lang !== 'zh' ? `?lang=${lang}` : ''}`)
      }
      // Only how often this address has tried decides on 429, never what was typed.
      if (redeemed.limited) reply.header('retry-after', '60')
      return sendPage(reply, redeemed.limited ? 429 : 404, deadLinkPage)
    })

    app.get('/privacy', { schema: hidden }, async ({ query: { lang } }, reply) =>
      sendPage(reply, 200, privacyPage(lang ?? 'zh')),
    )
  }
