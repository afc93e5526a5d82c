import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, PageLanguage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { reportPage } from './duty-reports.pages.ts'
import { PageForm } from './duty-reports.schemas.ts'
import type { DutyReports } from './duty-reports.service.ts'

const Params = z.object({ secret: z.string() })

/** Pages behind the links of reports, below '/r': to file one, or to read one. GET shows and changes nothing. */
export const reportPages =
  (reports: DutyReports): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: PageLanguage } },
      async ({ params, query }, reply) => {
        const page = await reports.openLink(params.secret)
        if (!page) return sendPage(reply, 404, deadLinkPage)
        return sendPage(reply, 200, reportPage(page, query.lang ?? page.locale))
      },
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: PageLanguage, body: PageForm } },
      async ({ params, query, body, id, url }, reply) => {
        const outcome = await reports.answerLink(params.secret, body, id)
        if (!outcome) return sendPage(reply, 404, deadLinkPage)
        if ('again' in outcome) return seeAgain(reply, url)
        return sendPage(reply, outcome.status, reportPage(outcome.page, query.lang ?? outcome.page.locale))
      },
    )
  }
