import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, PageLanguage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { callPage } from './call-outs.pages.ts'
import { PageAnswer } from './call-outs.schemas.ts'
import type { CallOuts } from './call-outs.service.ts'

const Params = z.object({ secret: z.string() })

/** Pages behind the links of calls, below '/e': the link is the key. GET shows and changes nothing; POST answers. */
export const callPages =
  (callOuts: CallOuts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: PageLanguage } },
      async ({ params: { secret }, query: { lang } }, reply) => {
        const page = await callOuts.openPage(secret)
        if (!page) return sendPage(reply, 404, deadLinkPage)
        return sendPage(reply, 200, callPage(page, lang ?? page.locale))
      },
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: PageLanguage } },
      async ({ params: { secret }, query: { lang }, body, id, url }, reply) => {
        const said = PageAnswer.safeParse(body)
        if (!said.success) {
          const page = await callOuts.openPage(secret)
          if (!page) return sendPage(reply, 404, deadLinkPage)
          return sendPage(reply, 400, callPage(page, lang ?? page.locale, true))
        }
        const live = await callOuts.answerPage(secret, said.data.answer, id)
        return live ? seeAgain(reply, url) : sendPage(reply, 404, deadLinkPage)
      },
    )
  }
