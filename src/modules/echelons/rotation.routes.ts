import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import type { Echelons } from './echelons.service.ts'
import { NewPattern, Pattern, PatternList, PatternPage, TurnList, Turns } from './rotation.schemas.ts'

const tags = ['echelons']

export const rotationRoutes =
  (echelons: Echelons): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/echelon-sets/:id/rotation-patterns',
      {
        schema: {
          tags,
          summary: 'List the rotation patterns of a set',
          operationId: 'listRotationPatterns',
          params: IdParams,
          querystring: PatternList,
          response: { 200: PatternPage, ...problems },
        },
      },
      (request) => echelons.listPatterns(request.actor, request.params.id, request.query),
    )

    app.post(
      '/echelon-sets/:id/rotation-patterns',
      {
        schema: {
          tags,
          summary: 'Say which echelon relieves which, from a day on',
          operationId: 'addRotationPattern',
          params: IdParams,
          body: NewPattern,
          response: { 201: Pattern, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await echelons.addPattern(request.actor, request.params.id, request.body)),
    )

    app.get(
      '/echelon-sets/:id/turns',
      {
        schema: {
          tags,
          summary: 'Who is on turn, and when',
          operationId: 'listTurns',
          params: IdParams,
          querystring: TurnList,
          response: { 200: Turns, ...problems },
        },
      },
      (request) => echelons.listTurns(request.actor, request.params.id, request.query),
    )
  }
