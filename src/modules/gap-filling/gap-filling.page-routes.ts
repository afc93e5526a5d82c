import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, PageLanguage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { offerPage } from './gap-filling.pages.ts'
import { PageAnswer } from './gap-filling.schemas.ts'
import type { GapFilling } from './gap-filling.service.ts'

const Params = z.object({ secret: z.string() })

/** Pages behind the links of offers, below '/o': the link is the key. GET shows and changes nothing; POST answers. */
export const offerPages =
  (gapFilling: GapFilling): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: PageLanguage } },
      async ({ params: { secret }, query: { lang } }, reply) => {
        const page = await gapFilling.openPage(secret)
        if (!page) return sendPage(reply, 404, deadLinkPage)
        return sendPage(reply, 200, offerPage(page, lang ?? page.locale))
      },
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: PageLanguage } },
      async ({ params: { secret }, query: { lang }, body, id, ip, url }, reply) => {
        const said = PageAnswer.safeParse(body)
        if (!said.success) {
          const page = await gapFilling.openPage(secret)
          if (!page) return sendPage(reply, 404, deadLinkPage)
          return sendPage(reply, 400, offerPage(page, lang ?? page.locale, true))
        }
        const live = await gapFilling.answerPage(secret, said.data.answer, { requestId: id, ip })
        return live ? seeAgain(reply, url) : sendPage(reply, 404, deadLinkPage)
      },
    )
  }
