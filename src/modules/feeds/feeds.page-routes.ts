import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ProblemError } from '../../platform/http/problem.ts'
import type { Feeds } from './feeds.service.ts'

const Params = z.object({ secret: z.string() })

const knows = (given: string | undefined, etag: string) =>
  given?.split(',').some((one) => [etag, '*'].includes(one.trim().replace(/^W\//, ''))) ?? false

/** Calendars for programs that know nothing but their address, below '/feeds'. */
export const feedPages =
  (feeds: Feeds): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/:secret([^./]+).ics', { schema: { hide: true, params: Params } }, async (request, reply) => {
      const feed = await feeds.readFeed(request.params.secret)
      reply.headers({ 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer' })
      if (!feed) throw new ProblemError(404, 'calendar-feed-unknown', 'There is no calendar at this address.')
      reply.headers({ etag: feed.etag, 'cache-control': 'private, max-age=0, must-revalidate' })
      if (knows(request.headers['if-none-match'], feed.etag)) return reply.code(304).send()
      return reply
        .type('text/calendar; charset=utf-8')
        .serializer((text: unknown) => String(text))
        .send(feed.text)
    })
  }
