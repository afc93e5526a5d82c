import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { eventStreams } from '../../platform/http/event-stream.ts'
import { action } from '../../platform/http/routes.ts'
import { fileOf, IdParams, problems } from '../../platform/http/schemas.ts'
import { Run } from './rosters.schemas.ts'
import type { Rosters } from './rosters.service.ts'

const tags = ['generation runs']

export const generationRunsRoutes =
  (rosters: Rosters): FastifyPluginAsyncZod =>
  async (app) => {
    const stream = eventStreams(app)

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
      (request, reply) =>
        stream(reply, (signal) => rosters.followRun(request.actor, request.params.id, signal)) as never,
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
