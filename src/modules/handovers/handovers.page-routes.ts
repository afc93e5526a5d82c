import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, PageLanguage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { stepIn } from './handovers.form.ts'
import { handoverPage } from './handovers.pages.ts'
import type { Handovers } from './handovers.service.ts'

const Params = z.object({ secret: z.string() })
const Sent = z.record(z.string(), z.union([z.string(), z.array(z.string())])).catch({})

/** Pages behind handover links, below '/h': the link is the key. GET shows and changes nothing; POST writes and signs. */
export const handoverPages =
  (handovers: Handovers): FastifyPluginAsyncZod =>
  async (app) => {
    const schema = { hide: true, params: Params, querystring: PageLanguage }

    app.get('/:secret', { schema }, async ({ params, query }, reply) => {
      const page = await handovers.openPage(params.secret)
      if (!page) return sendPage(reply, 404, deadLinkPage)
      return sendPage(reply, 200, handoverPage(page, query.lang ?? page.locale))
    })

    app.post('/:secret', { schema }, async ({ params: { secret }, query: { lang }, body, id, url }, reply) => {
      const page = await handovers.openPage(secret)
      if (!page) return sendPage(reply, 404, deadLinkPage)
      const sent = Sent.parse(body)
      const step = stepIn(sent, page)
      const locale = lang ?? page.locale
      if (!step) {
        const fault = { code: 'not-a-number' as const }
        return sendPage(reply, 409, handoverPage({ ...page, fault }, locale, sent))
      }
      const answered = await handovers.answerPage(secret, step, id)
      if (!answered) return sendPage(reply, 404, deadLinkPage)
      if (answered.fault) return sendPage(reply, 409, handoverPage(answered, locale, sent))
      return seeAgain(reply, url)
    })
  }
