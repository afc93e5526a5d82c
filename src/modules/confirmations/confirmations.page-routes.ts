import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, PageLanguage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { tongueOf } from '../../platform/texts/catalogue.ts'
import { calendarOf } from './confirmations.calendar.ts'
import { CONFIRMATION_PATH } from './confirmations.messages.ts'
import type { PageStep } from './confirmations.page.ts'
import { confirmationPage, consentsPage, replacedPage, type Setting, stopPage } from './confirmations.pages.ts'
import { ConsentAnswer, PageAnswer, PageStepForm, StopAnswer } from './confirmations.schemas.ts'
import type { Confirmations } from './confirmations.service.ts'

const Params = z.object({ secret: z.string() })
const schema = { hide: true, params: Params, querystring: PageLanguage }

type Query = z.output<typeof PageLanguage>
const inWeChat = (agent: string | undefined) => agent?.includes('MicroMessenger') ?? false

type Step = PageStep | { kind: 'attend'; assignmentId: string }

/** What the buttons that decide nothing ask for. */
function smallStepOf(body: unknown): Step | undefined {
  const small = PageStepForm.safeParse(body)
  if (!small.success) return undefined
  const { answer: step, assignmentId } = small.data
  if (step === 'attend') return { kind: 'attend', assignmentId }
  return { kind: 'stay', assignmentId, staysOn: step === 'stay' }
}

/** What the buttons of the page ask for; undefined when it cannot be understood. */
function stepOf(body: unknown): Step | undefined {
  const given = PageAnswer.safeParse(body)
  if (!given.success) return smallStepOf(body)
  const { answer: choice, assignmentId, seen, mark, reason, asksToStay, staysOn } = given.data
  const one = assignmentId === 'all' ? undefined : assignmentId
  return {
    kind: 'answer',
    answer: { choice, assignmentId: one, seen, mark, reason },
    staysOn: asksToStay ? staysOn : undefined,
  }
}

/** Pages behind confirmation links, below '/c': the link is the key. GET shows and changes nothing; POST answers. */
export const confirmationPages =
  (confirmations: Confirmations): FastifyPluginAsyncZod =>
  async (app) => {
    const dead = (reply: FastifyReply) => sendPage(reply, 404, deadLinkPage)
    const at = (secret: string) => `${CONFIRMATION_PATH}/${encodeURIComponent(secret)}`

    /** The page, or what stands in its place; `status` of a page that could not do what was asked. */
    async function show(reply: FastifyReply, secret: string, { lang }: Query, more: Partial<Setting>, status = 200) {
      const page = await confirmations.openPage(secret)
      if (!page) return dead(reply)
      const locale = lang ?? page.locale
      if ('replaced' in page) return sendPage(reply, 200, replacedPage(page, locale))
      return sendPage(reply, status, confirmationPage(page, { at: at(secret), locale, mapUrl: app.mapUrl, ...more }))
    }

    app.get('/:secret', { schema }, ({ params, query, headers }, reply) =>
      show(reply, params.secret, query, { inWeChat: inWeChat(headers['user-agent']) }),
    )

    app.post('/:secret', { schema }, async ({ params: { secret }, query, body, id, ip, url }, reply) => {
      const step = stepOf(body)
      if (!step) return show(reply, secret, query, { unclear: true }, 400)
      if (step.kind === 'attend') {
        const path = await confirmations.passToAttendance(secret, step.assignmentId, id)
        return path ? seeAgain(reply, path) : show(reply, secret, query, {})
      }
      const done = await confirmations.stepOnPage(secret, step, { requestId: id, ip })
      return done ? seeAgain(reply, url) : show(reply, secret, query, {})
    })

    app.get('/:secret/duty.ics', { schema }, async ({ params: { secret }, query: { lang } }, reply) => {
      const page = await confirmations.openPage(secret)
      if (!page || 'replaced' in page) return dead(reply)
      return reply
        .headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer' })
        .header('content-disposition', 'attachment; filename="duty.ics"')
        .type('text/calendar; charset=utf-8')
        .serializer((text: unknown) => String(text))
        .send(calendarOf(page, tongueOf(lang ?? page.locale)))
    })

    app.get('/:secret/stop', { schema }, async ({ params: { secret }, query: { lang } }, reply) => {
      const page = await confirmations.openPage(secret)
      if (!page) return dead(reply)
      if ('replaced' in page) return sendPage(reply, 200, replacedPage(page, lang ?? page.locale))
      return sendPage(reply, 200, stopPage(page.doNotContact, { at: at(secret), locale: lang ?? page.locale }))
    })

    app.post('/:secret/stop', { schema }, async ({ params: { secret }, body, id, ip, url }, reply) => {
      const answer = StopAnswer.safeParse(body)
      if (!answer.success) return seeAgain(reply, url)
      const step = { kind: 'stop' as const, stop: answer.data.answer === 'stop' }
      const done = await confirmations.stepOnPage(secret, step, { requestId: id, ip })
      return done ? seeAgain(reply, url) : show(reply, secret, {}, {})
    })

    async function showConsents(reply: FastifyReply, secret: string, { lang }: Query, unclear = false) {
      const page = await confirmations.openConsents(secret)
      if (!page) return show(reply, secret, { lang }, {})
      const setting = { at: at(secret), locale: lang ?? page.locale, unclear }
      return sendPage(reply, unclear ? 400 : 200, consentsPage(page, setting))
    }

    app.get('/:secret/standing', { schema }, ({ params, query }, reply) => showConsents(reply, params.secret, query))

    app.post('/:secret/standing', { schema }, async ({ params: { secret }, query, body, id, url }, reply) => {
      const answer = ConsentAnswer.safeParse(body)
      const done = answer.success && (await confirmations.consentByPage(secret, answer.data, id))
      return done ? seeAgain(reply, url) : showConsents(reply, secret, query, true)
    })
  }
