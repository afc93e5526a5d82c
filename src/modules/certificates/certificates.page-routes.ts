import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { sendPage } from '../../platform/http/public-page.ts'
import { unknownCodePage, verifyPage } from './certificates.pages.ts'
import type { Certificates } from './certificates.service.ts'

const Params = z.object({ code: z.string() })
const Query = z.object({ lang: z.enum(['zh', 'en']).optional().catch(undefined) })

/** Where anybody who holds a paper can check it, below '/verify'. */
export const certificatePages =
  (certificates: Certificates): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/:code', { schema: { hide: true, params: Params, querystring: Query } }, async (request, reply) => {
      const found = await certificates.verify(request.params.code)
      if (!found) return sendPage(reply, 404, unknownCodePage)
      return sendPage(reply, 200, verifyPage(found.row, request.query.lang ?? found.row.lang, found.now))
    })
  }
