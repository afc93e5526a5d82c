import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { dutyPage, PAGE_POLICY, unknownPage } from './attendance.pages.ts'
import type { Attendance, LinkedDuty } from './attendance.service.ts'
import type { Locale } from './attendance.texts.ts'

const Secret = z.object({ secret: z.string() })
const Language = z.object({ lang: z.enum(['zh', 'en']).optional().catch(undefined) })
const Answer = z.object({ step: z.enum(['check-in', 'check-out']).optional().catch(undefined) })

/** Pages of check-in links; the secret in the address is the key. GET shows, POST does and goes back to GET. */
export const attendancePages =
  (attendance: Attendance): FastifyPluginAsyncZod =>
  async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'content-security-policy': PAGE_POLICY,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex',
      })
    })

    const answer = (reply: FastifyReply, linked: LinkedDuty | undefined, lang: Locale | undefined) => {
      reply.type('text/html; charset=utf-8')
      if (!linked) return reply.code(404).send(unknownPage())
      return reply.code(linked.fault ? 409 : 200).send(dutyPage(linked, lang ?? linked.duty.locale))
    }

    app.get('/:secret', { schema: { hide: true, params: Secret, querystring: Language } }, async (request, reply) =>
      answer(reply, await attendance.openLink(request.params.secret), request.query.lang),
    )

    app.post(
      '/:secret',
      { schema: { hide: true, params: Secret, querystring: Language, body: Answer } },
      async (request, reply) => {
        const { secret } = request.params
        const { step } = request.body
        const linked = step ? await attendance.answerLink(secret, step, request.id) : await attendance.openLink(secret)
        if (!linked || linked.fault) return answer(reply, linked, request.query.lang)
        return reply.redirect(request.url, 303)
      },
    )
  }
