import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { LOCALES, type Locale } from '../../platform/texts/catalogue.ts'
import { isLocalDateTime } from '../../time/zones.ts'
import type { LinkedDuty } from './attendance.links.ts'
import { dutyPage } from './attendance.pages.ts'
import type { Attendance } from './attendance.service.ts'
import { SEGMENT_KINDS } from './attendance.tables.ts'

const Secret = z.object({ secret: z.string() })
const Language = z.object({ lang: z.enum(LOCALES).optional().catch(undefined) })

const Answer = z.discriminatedUnion('step', [
  z.object({ step: z.literal('check-in') }),
  z.object({ step: z.literal('check-out'), stayOn: z.literal('yes').optional().catch(undefined) }),
  z.object({ step: z.literal('switch'), kind: z.enum(SEGMENT_KINDS) }),
])
/** What a browser sends of a moment, seconds or not. */
const Wall = z.string().transform((text) => text.slice(0, 16))
const Dispute = z.object({
  step: z.literal('dispute'),
  cameAt: Wall.catch(''),
  leftAt: Wall.catch(''),
  reason: z.string().trim().max(500).catch(''),
})

const show = (reply: FastifyReply, linked: LinkedDuty | undefined, lang: Locale | undefined) =>
  linked
    ? sendPage(reply, linked.fault || linked.refused ? 409 : 200, dutyPage(linked, lang ?? linked.duty.locale))
    : sendPage(reply, 404, deadLinkPage)

/** Pages of check-in links; the secret in the address is the key. GET shows, POST does and goes back to GET. */
export const attendancePages =
  (attendance: Attendance): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/:secret', { schema: { hide: true, params: Secret, querystring: Language } }, async (request, reply) =>
      show(reply, await attendance.openLink(request.params.secret), request.query.lang),
    )

    app.post('/:secret', { schema: { hide: true, params: Secret, querystring: Language } }, async (request, reply) => {
      const { secret } = request.params
      const linked = await answer(attendance, secret, request.body, request.id)
      if (!linked || linked.fault || linked.refused) return show(reply, linked, request.query.lang)
      return seeAgain(reply, request.url)
    })
  }

async function answer(attendance: Attendance, secret: string, body: unknown, requestId: string) {
  const step = Answer.safeParse(body)
  if (step.success) {
    const said = step.data
    const stayOn = said.step === 'check-out' && said.stayOn === 'yes'
    return attendance.answerLink(secret, said.step === 'check-out' ? { step: 'check-out', stayOn } : said, requestId)
  }
  const dispute = Dispute.safeParse(body)
  if (!dispute.success) return attendance.openLink(secret)
  const entered = dispute.data
  if (isLocalDateTime(entered.cameAt) && isLocalDateTime(entered.leftAt) && entered.reason) {
    return attendance.dispute(secret, entered, requestId)
  }
  const linked = await attendance.openLink(secret)
  const faults = [{ field: 'reason', code: 'field-missing', detail: '' }]
  return linked && { ...linked, refused: { entered, faults } }
}
