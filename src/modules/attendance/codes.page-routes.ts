import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadLinkPage, seeAgain, sendPage } from '../../platform/http/public-page.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { ATTENDANCE_PATH } from './attendance.messages.ts'
import { displayPage, postPage } from './codes.pages.ts'
import type { Codes } from './codes.service.ts'

const Params = z.object({ door: z.string().max(100) })
const text = (max: number) => z.string().max(max).optional().catch(undefined)
const Query = z.object({ lang: z.enum(LOCALES).optional().catch(undefined), code: text(20) })
const Entry = z.object({
  step: z.enum(['check-in', 'check-out']).catch('check-in'),
  code: text(20),
  link: text(400),
  personNumber: text(60),
  phoneEnd: text(20),
})

/** Seconds after which a screen at a post looks for the next code. */
const REFRESH_SECONDS = 15

/** Pages at the posts, below '/p': a screen with codes, and the form that takes them. GET changes nothing. */
export const postPages =
  (codes: Codes): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/:door', { schema: { hide: true, params: Params, querystring: Query } }, async (request, reply) => {
      const door = await codes.openDoor(request.params.door)
      if (!door) return sendPage(reply, 404, deadLinkPage)
      const { code = '', lang = door.post.locale } = request.query
      if (door.kind !== 'display')
        return sendPage(reply, 200, postPage(door, lang, { code, link: '', personNumber: '' }))
      reply.header('refresh', String(REFRESH_SECONDS))
      return sendPage(reply, 200, displayPage(door, lang))
    })

    app.post(
      '/:door',
      { schema: { hide: true, params: Params, querystring: Query, body: Entry } },
      async (request, reply) => {
        const key = request.params.door
        const { step, code = '', link = '', personNumber = '', phoneEnd = '' } = request.body
        const entered = { code, link, personNumber }
        const outcome = await codes.enterAtPost(key, { step, ...entered, phoneEnd }, request.id)
        const door = outcome && (await codes.openDoor(key))
        if (!outcome || !door || door.kind === 'display') return sendPage(reply, 404, deadLinkPage)
        const lang = request.query.lang ?? door.post.locale
        if ('fault' in outcome) {
          const status = outcome.fault === 'too-many' ? 429 : 409
          return sendPage(reply, status, postPage(door, lang, entered, outcome.fault))
        }
        return seeAgain(reply, `${ATTENDANCE_PATH}/${outcome.secret}?lang=${lang}`)
      },
    )
  }
