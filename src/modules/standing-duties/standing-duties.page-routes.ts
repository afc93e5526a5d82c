import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, PageLanguage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { standingPage } from './standing-duties.pages.ts'
import { PageStep } from './standing-duties.schemas.ts'
import type { StandingDuties } from './standing-duties.service.ts'

const Params = z.object({ secret: z.string() })

/** Pages of those who keep standing duties, below '/d': the link is the key. GET shows and changes nothing. */
export const standingPages =
  (standingDuties: StandingDuties): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: PageLanguage } },
      async ({ params: { secret }, query: { lang } }, reply) => {
        const page = await standingDuties.openPage(secret)
        if (!page) return sendPage(reply, 404, deadLinkPage)
        return sendPage(reply, 200, standingPage(page, lang ?? page.locale))
      },
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: PageLanguage } },
      async ({ params: { secret }, query: { lang }, body, id, url }, reply) => {
        const step = PageStep.safeParse(body)
        if (!step.success) {
          const page = await standingDuties.openPage(secret)
          if (!page) return sendPage(reply, 404, deadLinkPage)
          return sendPage(reply, 400, standingPage(page, lang ?? page.locale, true))
        }
        const live = await standingDuties.answerPage(secret, step.data, id)
        return live ? seeAgain(reply, url) : sendPage(reply, 404, deadLinkPage)
      },
    )
  }
