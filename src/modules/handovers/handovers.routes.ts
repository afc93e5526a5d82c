import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Handover,
  HandoverList,
  HandoverPage,
  HandoverPatch,
  Matter,
  MatterClosing,
  Signature,
} from './handovers.schemas.ts'
import type { Handovers } from './handovers.service.ts'

const tags = ['handovers']

export const handoversRoutes =
  (handovers: Handovers): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/handovers',
      {
        schema: {
          tags,
          summary: 'List handovers with everything written in them',
          operationId: 'listHandovers',
          querystring: HandoverList,
          response: { 200: HandoverPage, ...problems },
        },
      },
      (request) => handovers.list(request.actor, request.query),
    )

    app.get(
      '/handovers/:id',
      {
        schema: {
          tags,
          summary: 'One handover',
          operationId: 'getHandover',
          params: IdParams,
          response: { 200: Handover, ...problems },
        },
      },
      async (request, reply) => {
        const handover = await handovers.get(request.actor, request.params.id)
        return reply.header('etag', etagOf(handover.version)).send(handover)
      },
    )

    app.patch(
      '/handovers/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Write in a handover that the outgoing crew has not signed yet (If-Match)',
          operationId: 'changeHandover',
          params: IdParams,
          body: HandoverPatch,
          response: { 200: Handover, ...problems },
        },
      },
      async (request, reply) => {
        const version = requiredVersion(request)
        const handover = await handovers.change(request.actor, request.params.id, version, request.body)
        return reply.header('etag', etagOf(handover.version)).send(handover)
      },
    )

    app.post(
      action('/handovers', 'sign'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Enter a signature that somebody of the crew gave on paper',
          operationId: 'signHandover',
          params: IdParams,
          body: Signature,
          response: { 200: Handover, ...problems },
        },
      },
      (request) => handovers.sign(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/handovers', 'look'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Note that a supervisor has looked at it',
          operationId: 'lookAtHandover',
          params: IdParams,
          response: { 200: Handover, ...problems },
        },
      },
      (request) => handovers.look(request.actor, request.params.id),
    )

    app.post(
      action('/handover-matters', 'close'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Close an open matter of a post',
          operationId: 'closeHandoverMatter',
          params: IdParams,
          body: MatterClosing,
          response: { 200: Matter, ...problems },
        },
      },
      (request) => handovers.closeMatter(request.actor, request.params.id, request.body),
    )
  }
