import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { availabilityRoutes } from './availability.routes.ts'
import { qualificationRoutes } from './qualifications.routes.ts'
import { NewVolunteer, Volunteer, VolunteerList, VolunteerPage, VolunteerPatch } from './volunteers.schemas.ts'
import type { Volunteers } from './volunteers.service.ts'
import { volunteersImportRoutes } from './volunteers-import.routes.ts'

const tags = ['volunteers']

export const volunteersRoutes =
  (volunteers: Volunteers): FastifyPluginAsyncZod =>
  async (app) => {
    app.register(qualificationRoutes(volunteers))
    app.register(availabilityRoutes(volunteers))
    app.register(volunteersImportRoutes(volunteers))

    app.get(
      '/volunteers',
      {
        schema: {
          tags,
          summary: 'List volunteers',
          operationId: 'listVolunteers',
          querystring: VolunteerList,
          response: { 200: VolunteerPage, ...problems },
        },
      },
      (request) => volunteers.listVolunteers(request.actor, request.query),
    )

    app.post(
      '/volunteers',
      {
        schema: {
          tags,
          summary: 'Add a volunteer',
          operationId: 'createVolunteer',
          body: NewVolunteer,
          response: { 201: Volunteer, ...problems },
        },
      },
      async (request, reply) => {
        const volunteer = await volunteers.createVolunteer(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/volunteers/${volunteer.id}`)
          .header('etag', etagOf(volunteer.version))
          .send(volunteer)
      },
    )

    app.get(
      '/volunteers/:id',
      {
        schema: {
          tags,
          summary: 'Read a volunteer',
          operationId: 'getVolunteer',
          params: IdParams,
          response: { 200: Volunteer, ...problems },
        },
      },
      async (request, reply) => {
        const volunteer = await volunteers.showVolunteer(request.actor, request.params.id)
        return reply.header('etag', etagOf(volunteer.version)).send(volunteer)
      },
    )

    app.patch(
      '/volunteers/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Change a volunteer (If-Match)',
          operationId: 'updateVolunteer',
          params: IdParams,
          body: VolunteerPatch,
          response: { 200: Volunteer, ...problems },
        },
      },
      async (request, reply) => {
        const version = requiredVersion(request)
        const volunteer = await volunteers.updateVolunteer(request.actor, request.params.id, version, request.body)
        return reply.header('etag', etagOf(volunteer.version)).send(volunteer)
      },
    )
  }
