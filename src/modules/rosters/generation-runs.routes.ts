import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { fileOf, IdParams, problems } from '../../platform/http/schemas.ts'
import type { RunNews } from './rosters.generation.ts'
import { Run } from './rosters.schemas.ts'
import type { Rosters } from './rosters.service.ts'

const tags = ['generation runs']

/** Server-sent events (WHATWG HTML, 9.2): a comment keeps the connection from being taken for dead. */
async function* toEventStream(news: AsyncIterable<RunNews>): AsyncGenerator<string> {
  for await (const one of news) {
    yield one.event === 'heartbeat' ? ': still here\n\n' : `event: ${one.event}\ndata: ${JSON.stringify(one.data)}\n\n`
  }
}

export const generationRunsRoutes =
  (rosters: Rosters): FastifyPluginAsyncZod =>
  async (app) => {
    const closing = new AbortController()
    app.addHook('preClose', async () => closing.abort())

    app.get(
      '/generation-runs/:id',
      {
        schema: {
          tags,
          summary: 'Read a generation run: progress, then score, breaches, reasons and trace',
          operationId: 'getGenerationRun',
          params: IdParams,
          response: { 200: Run, ...problems },
        },
      },
      (request) => rosters.showRun(request.actor, request.params.id),
    )

    app.get(
      '/generation-runs/:id/events',
      {
        schema: {
          tags,
          summary: 'Follow a generation run (server-sent events)',
          description: '`progress` events, then one `finished`; both carry the run. The stream ends by itself.',
          operationId: 'followGenerationRun',
          params: IdParams,
          response: { 200: fileOf('Server-sent events', 'text/event-stream'), ...problems },
        },
      },
      async (request, reply) => {
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const signal = AbortSignal.any([gone.signal, closing.signal])
        const news = await rosters.followRun(request.actor, request.params.id, signal)
        return reply
          .type('text/event-stream; charset=utf-8')
          .header('cache-control', 'no-store')
          .send(Readable.from(toEventStream(news)) as never)
      },
    )

    app.post(
      action('/generation-runs', 'cancel'),
      {
        schema: {
          tags,
          summary: 'Stop a generation run; one that has begun keeps its best roster so far',
          operationId: 'cancelGenerationRun',
          params: IdParams,
          response: { 202: Run, ...problems },
        },
      },
      async (request, reply) => reply.code(202).send(await rosters.cancelRun(request.actor, request.params.id)),
    )
  }
