import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Crew,
  CrewList,
  CrewMemberEnd,
  CrewMemberList,
  CrewMembers,
  CrewPage,
  CrewPatch,
  NewCrew,
  NewCrewMembers,
} from './crews.schemas.ts'
import type { Crews } from './crews.service.ts'

const tags = ['crews']

export const crewsRoutes =
  (crews: Crews): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/crews',
      {
        schema: {
          tags,
          summary: 'List crews',
          operationId: 'listCrews',
          querystring: CrewList,
          response: { 200: CrewPage, ...problems },
        },
      },
      (request) => crews.listCrews(request.actor, request.query),
    )

    app.post(
      '/crews',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Make a crew, with its members',
          operationId: 'createCrew',
          body: NewCrew,
          response: { 201: Crew, ...problems },
        },
      },
      async (request, reply) => {
        const crew = await crews.createCrew(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/crews/${crew.id}`)
          .header('etag', etagOf(crew.version))
          .send(crew)
      },
    )

    app.get(
      '/crews/:id',
      {
        schema: {
          tags,
          summary: 'Read a crew',
          operationId: 'getCrew',
          params: IdParams,
          response: { 200: Crew, ...problems },
        },
      },
      async (request, reply) => {
        const crew = await crews.showCrew(request.actor, request.params.id)
        return reply.header('etag', etagOf(crew.version)).send(crew)
      },
    )

    app.patch(
      '/crews/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Change a crew (If-Match)',
          operationId: 'updateCrew',
          params: IdParams,
          body: CrewPatch,
          response: { 200: Crew, ...problems },
        },
      },
      async (request, reply) => {
        const crew = await crews.updateCrew(request.actor, request.params.id, requiredVersion(request), request.body)
        return reply.header('etag', etagOf(crew.version)).send(crew)
      },
    )

    app.delete(
      '/crews/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Remove a crew that no post and no call-out names (If-Match)',
          operationId: 'deleteCrew',
          params: IdParams,
          response: { 204: z.null().meta({ description: 'It is gone' }), ...problems },
        },
      },
      async (request, reply) => {
        await crews.deleteCrew(request.actor, request.params.id, requiredVersion(request))
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/crews/:id/members',
      {
        schema: {
          tags,
          summary: 'List the members of a crew',
          operationId: 'listCrewMembers',
          params: IdParams,
          querystring: CrewMemberList,
          response: { 200: CrewMembers, ...problems },
        },
      },
      (request) => crews.listMembers(request.actor, request.params.id, request.query),
    )

    app.post(
      '/crews/:id/members',
      {
        schema: {
          tags,
          summary: 'Add members to a crew',
          operationId: 'addCrewMembers',
          params: IdParams,
          body: NewCrewMembers,
          response: { 201: CrewMembers, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await crews.addMembers(request.actor, request.params.id, request.body)),
    )

    app.delete(
      '/crew-members/:id',
      {
        schema: {
          tags,
          summary: 'End or remove a membership of a crew',
          operationId: 'endCrewMember',
          params: IdParams,
          querystring: CrewMemberEnd,
          response: { 204: z.null().meta({ description: 'It has ended' }), ...problems },
        },
      },
      async (request, reply) => {
        await crews.endMember(request.actor, request.params.id, request.query.on)
        return reply.code(204).send(null)
      },
    )
  }
