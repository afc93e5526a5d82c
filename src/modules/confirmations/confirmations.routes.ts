import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  AnsweredAssignment,
  ConfirmationRequestList,
  ConfirmationRequestPage,
  ConfirmOnBehalf,
  DeclineOnBehalf,
} from './confirmations.schemas.ts'
import type { Confirmations } from './confirmations.service.ts'

export const confirmationsRoutes =
  (confirmations: Confirmations): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/confirmation-requests',
      {
        schema: {
          tags: ['confirmations'],
          summary: 'List who was asked and what they have answered',
          operationId: 'listConfirmationRequests',
          querystring: ConfirmationRequestList,
          response: { 200: ConfirmationRequestPage, ...problems },
        },
      },
      (request) => confirmations.listRequests(request.actor, request.query),
    )

    app.post(
      action('/assignments', 'confirm'),
      {
        schema: {
          tags: ['confirmations'],
          summary: 'Confirm on behalf of the person who has said so',
          operationId: 'confirmAssignment',
          params: IdParams,
          body: ConfirmOnBehalf,
          response: { 200: AnsweredAssignment, ...problems },
        },
      },
      (request) => confirmations.confirm(request.actor, request.params.id, request.body.reason),
    )

    app.post(
      action('/assignments', 'decline'),
      {
        schema: {
          tags: ['confirmations'],
          summary: 'Decline on behalf of the person who has said so',
          operationId: 'declineAssignment',
          params: IdParams,
          body: DeclineOnBehalf,
          response: { 200: AnsweredAssignment, ...problems },
        },
      },
      (request) => confirmations.decline(request.actor, request.params.id, request.body.reason),
    )
  }
