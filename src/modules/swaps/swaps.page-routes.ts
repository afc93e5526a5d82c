import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { type PageOptions, swapPage } from './swaps.pages.ts'
import { PageStep } from './swaps.schemas.ts'
import type { Swaps } from './swaps.service.ts'

const Params = z.object({ secret: z.string() })
const Query = z.object({
  lang: z.enum(LOCALES).optional().catch(undefined),
  duty: z.uuid().optional().catch(undefined),
})
const Typed = z.record(z.string(), z.string()).catch({})

/** Pages behind swap links, below '/s': the link is the key. GET shows and changes nothing; POST does. */
export const swapPages =
  (swaps: Swaps): FastifyPluginAsyncZod =>
  async (app) => {
    const show = async (
      reply: FastifyReply,
      status: number,
      { secret, lang, duty }: { secret: string } & z.output<typeof Query>,
      options: PageOptions = {},
    ) => {
      const page = await swaps.openPage(secret, duty)
      if (!page) return sendPage(reply, 404, deadLinkPage)
      return sendPage(reply, status, swapPage(page, lang ?? page.locale, options))
    }

    app.get('/:secret', { schema: { hide: true, params: Params, querystring: Query } }, ({ params, query }, reply) =>
      show(reply, 200, { ...params, ...query }),
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Params, querystring: Query } },
      async ({ params: { secret }, query: { lang }, body, id, url }, reply) => {
        const step = PageStep.safeParse(body)
        const typed = Typed.parse(body)
        const at = { secret, lang, duty: typed.assignmentId }
        if (!step.success) return show(reply, 400, at, { refused: 'unclear', typed })
        const outcome = await swaps.answerPage(secret, step.data, id)
        if (!outcome) return sendPage(reply, 404, deadLinkPage)
        if (outcome.refused) return show(reply, outcome.refused.status, at, { refused: outcome.refused, typed })
        return seeAgain(reply, url)
      },
    )
  }
