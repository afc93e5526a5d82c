import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { ConsentList, ConsentPage, NewConsent, RevokeConsent, StandingConsent } from './confirmations.schemas.ts'
import type { Confirmations } from './confirmations.service.ts'

export const standingConsentsRoutes =
  (confirmations: Confirmations): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/standing-consents',
      {
        schema: {
          tags: ['confirmations'],
          summary: 'List consents that people have given beforehand',
          operationId: 'listStandingConsents',
          querystring: ConsentList,
          response: { 200: ConsentPage, ...problems },
        },
      },
      (request) => confirmations.listConsents(request.actor, request.query),
    )

    app.post(
      '/standing-consents',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['confirmations'],
          summary: 'Write down a consent that a person has given to duties at a place',
          operationId: 'createStandingConsent',
          body: NewConsent,
          response: { 201: StandingConsent, ...problems },
        },
      },
      async (request, reply) => reply.code(201).send(await confirmations.createConsent(request.actor, request.body)),
    )

    app.post(
      action('/standing-consents', 'revoke'),
      {
        schema: {
          tags: ['confirmations'],
          summary: 'Take a standing consent back, as the person has said',
          operationId: 'revokeStandingConsent',
          params: IdParams,
          body: RevokeConsent,
          response: { 200: StandingConsent, ...problems },
        },
      },
      (request) => confirmations.revokeConsent(request.actor, request.params.id, request.body.reason),
    )
  }
