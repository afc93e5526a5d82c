import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { tongueOf } from '../../platform/texts/catalogue.ts'
import { dutyPage } from './attendance.pages.ts'
import type { Attendance, LinkedDuty } from './attendance.service.ts'
import type { Locale } from './attendance.texts.ts'

const Secret = z.object({ secret: z.string() })
const Language = z.object({ lang: z.enum(['zh', 'en']).optional().catch(undefined) })
const Answer = z.object({ step: z.enum(['check-in', 'check-out']).optional().catch(undefined) })

const show = (reply: FastifyReply, linked: LinkedDuty | undefined, lang: Locale | undefined) =>
  linked
    ? sendPage(reply, linked.fault ? 409 : 200, dutyPage(linked, lang ?? tongueOf(linked.duty.locale)))
    : sendPage(reply, 404, deadLinkPage)

/** Pages of check-in links; the secret in the address is the key. GET shows, POST does and goes back to GET. */
export const attendancePages =
  (attendance: Attendance): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/:secret', { schema: { hide: true, params: Secret, querystring: Language } }, async (request, reply) =>
      show(reply, await attendance.openLink(request.params.secret), request.query.lang),
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Secret, querystring: Language, body: Answer } },
      async (request, reply) => {
        const { secret } = request.params
        const { step } = request.body
        const linked = step ? await attendance.answerLink(secret, step, request.id) : await attendance.openLink(secret)
        if (!linked || linked.fault) return show(reply, linked, request.query.lang)
        return seeAgain(reply, request.url)
      },
    )
  }
