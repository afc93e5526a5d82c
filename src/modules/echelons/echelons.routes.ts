import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { EchelonSet, EchelonSetList, EchelonSetPage, EchelonSetPatch, NewEchelonSet } from './echelons.schemas.ts'
import type { Echelons } from './echelons.service.ts'
import { memberRoutes } from './members.routes.ts'
import { Partition, PartitionRequest } from './partition.schemas.ts'
import { rotationRoutes } from './rotation.routes.ts'

const tags = ['echelons']

export const echelonsRoutes =
  (echelons: Echelons): FastifyPluginAsyncZod =>
  async (app) => {
    app.register(memberRoutes(echelons))
    app.register(rotationRoutes(echelons))

    app.get(
      '/echelon-sets',
      {
        schema: {
          tags,
          summary: 'List echelon sets with their echelons',
          operationId: 'listEchelonSets',
          querystring: EchelonSetList,
          response: { 200: EchelonSetPage, ...problems },
        },
      },
      (request) => echelons.listSets(request.actor, request.query),
    )

    app.post(
      '/echelon-sets',
      {
        schema: {
          tags,
          summary: 'Add an echelon set with its echelons',
          operationId: 'createEchelonSet',
          body: NewEchelonSet,
          response: { 201: EchelonSet, ...problems },
        },
      },
      async (request, reply) => {
        const set = await echelons.createSet(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/echelon-sets/${set.id}`)
          .header('etag', etagOf(set.version))
          .send(set)
      },
    )

    app.get(
      '/echelon-sets/:id',
      {
        schema: {
          tags,
          summary: 'Read an echelon set',
          operationId: 'getEchelonSet',
          params: IdParams,
          response: { 200: EchelonSet, ...problems },
        },
      },
      async (request, reply) => {
        const set = await echelons.showSet(request.actor, request.params.id)
        return reply.header('etag', etagOf(set.version)).send(set)
      },
    )

    app.patch(
      '/echelon-sets/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Change an echelon set and its echelons (If-Match)',
          operationId: 'updateEchelonSet',
          params: IdParams,
          body: EchelonSetPatch,
          response: { 200: EchelonSet, ...problems },
        },
      },
      async (request, reply) => {
        const version = requiredVersion(request)
        const set = await echelons.updateSet(request.actor, request.params.id, version, request.body)
        return reply.header('etag', etagOf(set.version)).send(set)
      },
    )

    app.delete(
      '/echelon-sets/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Delete an echelon set that nothing draws on (If-Match)',
          operationId: 'deleteEchelonSet',
          params: IdParams,
          response: { 204: z.null().meta({ description: 'It is gone' }), ...problems },
        },
      },
      async (request, reply) => {
        await echelons.deleteSet(request.actor, request.params.id, requiredVersion(request))
        return reply.code(204).send(null)
      },
    )

    app.post(
      action('/echelon-sets', 'partition'),
      {
        schema: {
          tags,
          summary: 'Split people into the echelons of a set, by age or balanced by grade; shows only unless `apply`',
          operationId: 'partitionEchelonSet',
          params: IdParams,
          body: PartitionRequest,
          response: { 200: Partition, ...problems },
        },
      },
      (request) => echelons.partition(request.actor, request.params.id, request.body),
    )
  }
