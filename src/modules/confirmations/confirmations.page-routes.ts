import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { confirmationPage } from './confirmations.pages.ts'
import { PageAnswer } from './confirmations.schemas.ts'
import type { Confirmations } from './confirmations.service.ts'

const Params = z.object({ secret: z.string() })
const Query = z.object({ lang: z.enum(['zh', 'en']).optional().catch(undefined) })

/** Pages behind confirmation links, below '/c': the link is the key. GET shows and changes nothing; POST answers. */
export const confirmationPages =
  (confirmations: Confirmations): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: Query } },
      async ({ params: { secret }, query: { lang } }, reply) => {
        const page = await confirmations.openPage(secret)
        if (!page) return sendPage(reply, 404, deadLinkPage)
        return sendPage(reply, 200, confirmationPage(page, lang ?? page.locale))
      },
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: Query } },
      async ({ params: { secret }, query: { lang }, body, id, url }, reply) => {
        const answer = PageAnswer.safeParse(body)
        if (!answer.success) {
          const page = await confirmations.openPage(secret)
          if (!page) return sendPage(reply, 404, deadLinkPage)
          return sendPage(reply, 400, confirmationPage(page, lang ?? page.locale, true))
        }
        const { answer: choice, assignmentId, seen, reason } = answer.data
        const one = assignmentId === 'all' ? undefined : assignmentId
        const live = await confirmations.answerPage(secret, { choice, assignmentId: one, seen, reason }, id)
        if (!live) return sendPage(reply, 404, deadLinkPage)
        return seeAgain(reply, url)
      },
    )
  }
