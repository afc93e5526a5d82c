import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  NewQualification,
  Qualification,
  QualificationList,
  QualificationPage,
  QualificationPatch,
} from './qualifications.schemas.ts'
import type { Volunteers } from './volunteers.service.ts'

const tags = ['qualifications']

export const qualificationRoutes =
  (volunteers: Volunteers): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/qualifications',
      {
        schema: {
          tags,
          summary: 'List the catalog of qualifications',
          operationId: 'listQualifications',
          querystring: QualificationList,
          response: { 200: QualificationPage, ...problems },
        },
      },
      (request) => volunteers.listQualifications(request.query),
    )

    app.post(
      '/qualifications',
      {
        config: { role: 'admin' },
        schema: {
          tags,
          summary: 'Add a qualification to the catalog',
          operationId: 'createQualification',
          body: NewQualification,
          response: { 201: Qualification, ...problems },
        },
      },
      async (request, reply) => {
        const qualification = await volunteers.createQualification(request.actor, request.body)
        return reply.code(201).header('location', `/v1/qualifications/${qualification.id}`).send(qualification)
      },
    )

    app.get(
      '/qualifications/:id',
      {
        schema: {
          tags,
          summary: 'Read a qualification',
          operationId: 'getQualification',
          params: IdParams,
          response: { 200: Qualification, ...problems },
        },
      },
      (request) => volunteers.showQualification(request.params.id),
    )

    app.patch(
      '/qualifications/:id',
      {
        config: { role: 'admin' },
        schema: {
          tags,
          summary: 'Change the name or kind of a qualification; its code stays',
          operationId: 'updateQualification',
          params: IdParams,
          body: QualificationPatch,
          response: { 200: Qualification, ...problems },
        },
      },
      (request) => volunteers.updateQualification(request.actor, request.params.id, request.body),
    )
  }
