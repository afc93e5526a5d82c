import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Absence,
  AbsenceList,
  AbsencePage,
  AbsenceParams,
  Availability,
  AvailabilityList,
  AvailabilityPage,
  AvailabilityParams,
  NewAbsence,
  NewAvailability,
} from './availability.schemas.ts'
import type { Volunteers } from './volunteers.service.ts'

const tags = ['volunteers']
const Gone = z.null().meta({ description: 'It is gone' })

export const availabilityRoutes =
  (volunteers: Volunteers): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/volunteers/:id/availabilities',
      {
        schema: {
          tags,
          summary: 'List when somebody can or wants to serve',
          operationId: 'listAvailabilities',
          params: IdParams,
          querystring: AvailabilityList,
          response: { 200: AvailabilityPage, ...problems },
        },
      },
      (request) => volunteers.listAvailabilities(request.actor, request.params.id, request.query),
    )

    app.post(
      '/volunteers/:id/availabilities',
      {
        schema: {
          tags,
          summary: 'Add a time, once or recurring, at which somebody can or wants to serve, or not',
          operationId: 'addAvailability',
          params: IdParams,
          body: NewAvailability,
          response: { 201: Availability, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await volunteers.addAvailability(request.actor, request.params.id, request.body)),
    )

    app.delete(
      '/volunteers/:id/availabilities/:availabilityId',
      {
        schema: {
          tags,
          summary: 'Remove an availability',
          operationId: 'removeAvailability',
          params: AvailabilityParams,
          response: { 204: Gone, ...problems },
        },
      },
      async (request, reply) => {
        await volunteers.removeAvailability(request.actor, request.params.id, request.params.availabilityId)
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/volunteers/:id/absences',
      {
        schema: {
          tags,
          summary: 'List absences',
          operationId: 'listAbsences',
          params: IdParams,
          querystring: AbsenceList,
          response: { 200: AbsencePage, ...problems },
        },
      },
      (request) => volunteers.listAbsences(request.actor, request.params.id, request.query),
    )

    app.post(
      '/volunteers/:id/absences',
      {
        schema: {
          tags,
          summary: 'Add an absence',
          operationId: 'addAbsence',
          params: IdParams,
          body: NewAbsence,
          response: { 201: Absence, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await volunteers.addAbsence(request.actor, request.params.id, request.body)),
    )

    app.delete(
      '/volunteers/:id/absences/:absenceId',
      {
        schema: {
          tags,
          summary: 'Remove an absence',
          operationId: 'removeAbsence',
          params: AbsenceParams,
          response: { 204: Gone, ...problems },
        },
      },
      async (request, reply) => {
        await volunteers.removeAbsence(request.actor, request.params.id, request.params.absenceId)
        return reply.code(204).send(null)
      },
    )
  }
