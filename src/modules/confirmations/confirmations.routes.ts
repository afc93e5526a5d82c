import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  AnsweredAssignment,
  ConfirmationRequest,
  ConfirmationRequestList,
  ConfirmationRequestPage,
  ConfirmOnBehalf,
  DeclineOnBehalf,
  LinkEntries,
  LinkScope,
  RevokedLinks,
  RevokeLinks,
  SendAgain,
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
      action('/confirmation-requests', 'send-again'),
      {
        schema: {
          tags: ['confirmations'],
          summary: 'Send the question once more; links and codes sent before are replaced',
          operationId: 'sendConfirmationRequestAgain',
          params: IdParams,
          body: SendAgain,
          response: { 200: ConfirmationRequest, ...problems },
        },
      },
      (request) => confirmations.sendAgain(request.actor, request.params.id, request.body.reason),
    )

    app.get(
      '/personal-links',
      {
        schema: {
          tags: ['confirmations'],
          summary: 'List links and short codes of a person or a request; secrets are kept nowhere',
          operationId: 'listPersonalLinks',
          querystring: LinkScope,
          response: { 200: LinkEntries, ...problems },
        },
      },
      (request) => confirmations.listLinks(request.actor, request.query),
    )

    app.post(
      '/personal-links::revoke',
      {
        schema: {
          tags: ['confirmations'],
          summary: 'Revoke all links and short codes of a person or a request',
          operationId: 'revokePersonalLinks',
          body: RevokeLinks,
          response: { 200: RevokedLinks, ...problems },
        },
      },
      ({ actor, body: { reason, ...scope } }) => confirmations.revokeLinks(actor, scope, reason),
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
