import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  DeliveryList,
  DeliveryPage,
  NewWebhook,
  Webhook,
  WebhookDelivery,
  WebhookList,
  WebhookPage,
  WebhookPatch,
  WebhookWithSecret,
} from './webhooks.schemas.ts'
import type { Webhooks } from './webhooks.service.ts'

const tags = ['webhooks']
const role = 'admin' as const

/** Where other systems are told what happens; for admins, as an address may be anybody's. */
export const webhooksRoutes =
  (webhooks: Webhooks): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/webhooks',
      {
        config: { role },
        schema: {
          tags,
          summary: 'List webhooks',
          operationId: 'listWebhooks',
          querystring: WebhookList,
          response: { 200: WebhookPage, ...problems },
        },
      },
      (request) => webhooks.listWebhooks(request.actor, request.query),
    )

    app.post(
      '/webhooks',
      {
        config: { role },
        schema: {
          tags,
          summary: 'Have an address told of events; its signing secret is shown once',
          operationId: 'createWebhook',
          body: NewWebhook,
          response: { 201: WebhookWithSecret, ...problems },
        },
      },
      async (request, reply) => {
        const webhook = await webhooks.createWebhook(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/webhooks/${webhook.id}`)
          .header('etag', etagOf(webhook.version))
          .send(webhook)
      },
    )

    app.get(
      '/webhooks/:id',
      {
        config: { role },
        schema: {
          tags,
          summary: 'Read a webhook',
          operationId: 'getWebhook',
          params: IdParams,
          response: { 200: Webhook, ...problems },
        },
      },
      async (request, reply) => {
        const webhook = await webhooks.showWebhook(request.actor, request.params.id)
        return reply.header('etag', etagOf(webhook.version)).send(webhook)
      },
    )

    app.patch(
      '/webhooks/:id',
      {
        config: { role, ifMatch: true },
        schema: {
          tags,
          summary: 'Change a webhook, or switch it on and off (If-Match)',
          operationId: 'updateWebhook',
          params: IdParams,
          body: WebhookPatch,
          response: { 200: Webhook, ...problems },
        },
      },
      async (request, reply) => {
        const { actor, params, body } = request
        const webhook = await webhooks.updateWebhook(actor, params.id, requiredVersion(request), body)
        return reply.header('etag', etagOf(webhook.version)).send(webhook)
      },
    )

    app.delete(
      '/webhooks/:id',
      {
        config: { role, ifMatch: true },
        schema: {
          tags,
          summary: 'Remove a webhook with its deliveries (If-Match)',
          operationId: 'deleteWebhook',
          params: IdParams,
          response: { 204: z.null(), ...problems },
        },
      },
      async (request, reply) => {
        await webhooks.deleteWebhook(request.actor, request.params.id, requiredVersion(request))
        return reply.code(204).send(null)
      },
    )

    app.post(
      action('/webhooks', 'rotate-secret'),
      {
        config: { role },
        schema: {
          tags,
          summary: 'Make a new signing secret; the one before signs as well for a day',
          operationId: 'rotateWebhookSecret',
          params: IdParams,
          response: { 200: WebhookWithSecret, ...problems },
        },
      },
      async (request, reply) => {
        const webhook = await webhooks.rotateSecret(request.actor, request.params.id)
        return reply.header('etag', etagOf(webhook.version)).send(webhook)
      },
    )

    app.get(
      '/webhooks/:id/deliveries',
      {
        config: { role },
        schema: {
          tags,
          summary: 'What a webhook was told, and what came of it',
          operationId: 'listWebhookDeliveries',
          params: IdParams,
          querystring: DeliveryList,
          response: { 200: DeliveryPage, ...problems },
        },
      },
      (request) => webhooks.listDeliveries(request.actor, request.params.id, request.query),
    )

    app.post(
      action('/webhook-deliveries', 'replay'),
      {
        config: { role },
        schema: {
          tags,
          summary: 'Send an ended delivery again, under the same webhook-id',
          operationId: 'replayWebhookDelivery',
          params: IdParams,
          response: { 200: WebhookDelivery, ...problems },
        },
      },
      (request) => webhooks.replayDelivery(request.actor, request.params.id),
    )
  }
