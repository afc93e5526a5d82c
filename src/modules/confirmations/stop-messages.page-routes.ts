import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, PageLanguage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { stopPage } from './confirmations.pages.ts'
import { OneClick, StopAnswer } from './confirmations.schemas.ts'
import type { Confirmations } from './confirmations.service.ts'

const schema = { hide: true, params: z.object({ secret: z.string() }), querystring: PageLanguage }

/**
 * Where mail says that messages can be stopped, below '/m'. GET shows a page where the person chooses. POST takes what
 * the page sends, and the one click of mail programs (RFC 8058), which is answered without sending them elsewhere.
 */
export const stopPages =
  (confirmations: Confirmations): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/:secret', { schema }, async ({ params: { secret }, query: { lang } }, reply) => {
      const wishes = await confirmations.openStopping(secret)
      if (!wishes) return sendPage(reply, 404, deadLinkPage)
      return sendPage(reply, 200, stopPage(wishes.doNotContact, { locale: lang ?? wishes.locale }))
    })

    app.post('/:secret', { schema }, async ({ params: { secret }, query: { lang }, body, id, url }, reply) => {
      const [chosen, clicked] = [StopAnswer.safeParse(body), OneClick.safeParse(body)]
      const wanted = clicked.success || (chosen.success && chosen.data.answer === 'stop')
      const isUnderstood = clicked.success || chosen.success
      if (isUnderstood && !(await confirmations.stopByMail(secret, wanted, id)))
        return sendPage(reply, 404, deadLinkPage)
      if (chosen.success) return seeAgain(reply, url)
      const wishes = await confirmations.openStopping(secret)
      if (!wishes) return sendPage(reply, 404, deadLinkPage)
      const page = stopPage(wishes.doNotContact, { locale: lang ?? wishes.locale })
      return sendPage(reply, clicked.success ? 200 : 400, page)
    })
  }
