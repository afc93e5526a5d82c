import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { problems } from '../../platform/http/schemas.ts'
import { LatencyQuery, MessageLatency } from './message-latency.schemas.ts'
import type { MessageLatency as Latency } from './message-latency.service.ts'

export const messageLatencyRoutes =
  (latency: Latency): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/message-latency',
      {
        schema: {
          tags: ['messages'],
          summary: 'How long messages took from when they were wanted out until a channel took them, by unit',
          operationId: 'showMessageLatency',
          querystring: LatencyQuery,
          response: { 200: MessageLatency, ...problems },
        },
      },
      (request) => latency.showLatency(request.actor, request.query),
    )
  }
