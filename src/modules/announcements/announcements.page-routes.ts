import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { LOCALES, type Locale } from '../../platform/texts/catalogue.ts'
import { announcementPage } from './announcements.pages.ts'
import { PageAnswer } from './announcements.schemas.ts'
import type { Announcements } from './announcements.service.ts'

const Params = z.object({ secret: z.string() })
const Query = z.object({ lang: z.enum(LOCALES).optional().catch(undefined) })

/** Pages behind the links of announcements, below '/n'. GET shows and is no answer; POST answers. */
export const announcementPages =
  (announcements: Announcements): FastifyPluginAsyncZod =>
  async (app) => {
    const show = async (
      reply: FastifyReply,
      status: number,
      secret: string,
      lang: Locale | undefined,
      said?: 'unclear' | 'stale',
    ) => {
      const page = await announcements.openPage(secret)
      if (!page) return sendPage(reply, 404, deadLinkPage)
      return sendPage(reply, status, announcementPage(page, lang ?? page.locale, said))
    }

    app.get(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: Query } },
      ({ params: { secret }, query: { lang } }, reply) => show(reply, 200, secret, lang),
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: Query } },
      async ({ params: { secret }, query: { lang }, body, id, url }, reply) => {
        const said = PageAnswer.safeParse(body)
        if (!said.success) return show(reply, 400, secret, lang, 'unclear')
        const outcome = await announcements.answerPage(secret, said.data.revision, id)
        if (!outcome) return sendPage(reply, 404, deadLinkPage)
        return outcome === 'stale' ? show(reply, 409, secret, lang, 'stale') : seeAgain(reply, url)
      },
    )
  }
