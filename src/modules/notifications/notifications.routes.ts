import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { problems } from '../../platform/http/schemas.ts'
import { MessageList, MessagePage } from './notifications.schemas.ts'
import type { Notifications } from './notifications.service.ts'

export const notificationsRoutes =
  (notifications: Notifications): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/messages',
      {
        schema: {
          tags: ['messages'],
          summary: 'List messages and what became of them',
          operationId: 'listMessages',
          querystring: MessageList,
          response: { 200: MessagePage, ...problems },
        },
      },
      (request) => notifications.listMessages(request.actor, request.query),
    )
  }
