import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, PageLanguage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { taskPage } from './campaigns.pages.ts'
import { PageForm } from './campaigns.schemas.ts'
import type { Campaigns } from './campaigns.service.ts'

const Params = z.object({ secret: z.string() })
const Place = z.coerce.number().int().min(1).max(10_000).optional().catch(undefined)
const Query = PageLanguage.extend({ round: Place, page: Place })

/** Pages behind the links of campaigns, below '/t'. GET shows and changes nothing; POST marks, accepts or declines. */
export const campaignPages =
  (campaigns: Campaigns): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: Query } },
      async ({ params, query }, reply) => {
        const page = await campaigns.openLink(params.secret, query)
        if (!page) return sendPage(reply, 404, deadLinkPage)
        return sendPage(reply, 200, taskPage(page, query.lang ?? page.person.locale))
      },
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: Query, body: PageForm } },
      async ({ params, query, body, id, url }, reply) => {
        const outcome = await campaigns.answerLink(params.secret, query, body, id)
        if (!outcome) return sendPage(reply, 404, deadLinkPage)
        if ('again' in outcome) return seeAgain(reply, url)
        return sendPage(reply, outcome.status, taskPage(outcome.page, query.lang ?? outcome.page.person.locale))
      },
    )
  }
