import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  ApiKey,
  ApiKeyList,
  ApiKeyPage,
  ApiKeyWithSecret,
  NewApiKey,
  NewUnit,
  Unit,
  UnitList,
  UnitPage,
  UnitPatch,
} from './organisation.schemas.ts'
import type { Organisation } from './organisation.service.ts'

export const organisationRoutes =
  (organisation: Organisation): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/units',
      {
        schema: {
          tags: ['units'],
          summary: 'List units',
          operationId: 'listUnits',
          querystring: UnitList,
          response: { 200: UnitPage, ...problems },
        },
      },
      (request) => organisation.listUnits(request.actor, request.query),
    )

    app.post(
      '/units',
      {
        schema: {
          tags: ['units'],
          summary: 'Add a unit to the tree',
          operationId: 'createUnit',
          body: NewUnit,
          response: { 201: Unit, ...problems },
        },
      },
      async (request, reply) => {
        const unit = await organisation.createUnit(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/units/${unit.id}`)
          .header('etag', etagOf(unit.version))
          .send(unit)
      },
    )

    app.get(
      '/units/:id',
      {
        schema: {
          tags: ['units'],
          summary: 'Read a unit',
          operationId: 'getUnit',
          params: IdParams,
          response: { 200: Unit, ...problems },
        },
      },
      async (request, reply) => {
        const unit = await organisation.showUnit(request.actor, request.params.id)
        return reply.header('etag', etagOf(unit.version)).send(unit)
      },
    )

    app.patch(
      '/units/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags: ['units'],
          summary: 'Change or move a unit (If-Match)',
          operationId: 'updateUnit',
          params: IdParams,
          body: UnitPatch,
          response: { 200: Unit, ...problems },
        },
      },
      async (request, reply) => {
        const unit = await organisation.updateUnit(
          request.actor,
          request.params.id,
          requiredVersion(request),
          request.body,
        )
        return reply.header('etag', etagOf(unit.version)).send(unit)
      },
    )

    app.get(
      '/api-keys',
      {
        config: { role: 'admin' },
        schema: {
          tags: ['api keys'],
          summary: 'List API keys',
          operationId: 'listApiKeys',
          querystring: ApiKeyList,
          response: { 200: ApiKeyPage, ...problems },
        },
      },
      (request) => organisation.listKeys(request.actor, request.query),
    )

    app.post(
      '/api-keys',
      {
        config: { role: 'admin' },
        schema: {
          tags: ['api keys'],
          summary: 'Make an API key; its secret is shown once',
          operationId: 'createApiKey',
          body: NewApiKey,
          response: { 201: ApiKeyWithSecret, ...problems },
        },
      },
      async (request, reply) => reply.code(201).send(await organisation.createKey(request.actor, request.body)),
    )

    app.post(
      action('/api-keys', 'revoke'),
      {
        config: { role: 'admin' },
        schema: {
          tags: ['api keys'],
          summary: 'Revoke an API key',
          operationId: 'revokeApiKey',
          params: IdParams,
          response: { 200: ApiKey, ...problems },
        },
      },
      (request) => organisation.revokeKey(request.actor, request.params.id),
    )
  }
