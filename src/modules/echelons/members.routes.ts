import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import type { Echelons } from './echelons.service.ts'
import { Entries, EntryEnd, EntryList, EntryPage, MemberList, MemberPage, NewEntries } from './members.schemas.ts'

const tags = ['echelons']

export const memberRoutes =
  (echelons: Echelons): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/echelons/:id/members',
      {
        schema: {
          tags,
          summary: 'List who belongs to an echelon on a day, by rule and by hand',
          operationId: 'listEchelonMembers',
          params: IdParams,
          querystring: MemberList,
          response: { 200: MemberPage, ...problems },
        },
      },
      (request) => echelons.listMembers(request.actor, request.params.id, request.query),
    )

    app.post(
      '/echelons/:id/members',
      {
        schema: {
          tags,
          summary: 'Add members by hand',
          operationId: 'addEchelonMembers',
          params: IdParams,
          body: NewEntries,
          response: { 201: Entries, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await echelons.addEntries(request.actor, request.params.id, request.body, false)),
    )

    app.get(
      '/echelons/:id/exclusions',
      {
        schema: {
          tags,
          summary: 'List people who are kept out although the rule would take them in',
          operationId: 'listEchelonExclusions',
          params: IdParams,
          querystring: EntryList,
          response: { 200: EntryPage, ...problems },
        },
      },
      (request) => echelons.listExclusions(request.actor, request.params.id, request.query),
    )

    app.post(
      '/echelons/:id/exclusions',
      {
        schema: {
          tags,
          summary: 'Keep people out although the rule would take them in',
          operationId: 'addEchelonExclusions',
          params: IdParams,
          body: NewEntries,
          response: { 201: Entries, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await echelons.addEntries(request.actor, request.params.id, request.body, true)),
    )

    app.delete(
      '/echelon-members/:id',
      {
        schema: {
          tags,
          summary: 'End or remove a membership by hand, or an exclusion',
          operationId: 'endEchelonMember',
          params: IdParams,
          querystring: EntryEnd,
          response: { 204: z.null().meta({ description: 'It has ended' }), ...problems },
        },
      },
      async (request, reply) => {
        await echelons.endEntry(request.actor, request.params.id, request.query.on)
        return reply.code(204).send(null)
      },
    )
  }
