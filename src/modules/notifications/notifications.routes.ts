import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { Message, MessageList, MessagePage, Resolution } from './notifications.schemas.ts'
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

    app.post(
      action('/messages', 'settle'),
      {
        schema: {
          tags: ['messages'],
          summary: 'Say what became of a message that nobody knows of: it arrived, it did not, or send it again',
          operationId: 'settleMessage',
          params: IdParams,
          body: Resolution,
          response: { 200: Message, ...problems },
        },
      },
      (request) => notifications.resolve(request.actor, request.params.id, request.body),
    )
  }
