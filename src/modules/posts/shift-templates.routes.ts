import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { Id, IdParams, problems } from '../../platform/http/schemas.ts'
import type { Posts } from './posts.service.ts'
import {
  ChangedShiftTemplate,
  NewShiftException,
  NewShiftTemplate,
  OccurrenceQuery,
  Occurrences,
  ShiftException,
  ShiftTemplate,
  ShiftTemplateList,
  ShiftTemplatePage,
  ShiftTemplatePatch,
} from './shift-templates.schemas.ts'

const tags = ['shift templates']
const ExceptionParams = IdParams.extend({ exceptionId: Id })

export const shiftTemplatesRoutes =
  (posts: Posts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/shift-templates',
      {
        schema: {
          tags,
          summary: 'List shift templates',
          operationId: 'listShiftTemplates',
          querystring: ShiftTemplateList,
          response: { 200: ShiftTemplatePage, ...problems },
        },
      },
      (request) => posts.listTemplates(request.actor, request.query),
    )

    app.post(
      '/shift-templates',
      {
        schema: {
          tags,
          summary: 'Make a shift template',
          operationId: 'createShiftTemplate',
          body: NewShiftTemplate,
          response: { 201: ShiftTemplate, ...problems },
        },
      },
      async (request, reply) => {
        const template = await posts.createTemplate(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/shift-templates/${template.id}`)
          .header('etag', etagOf(template.version))
          .send(template)
      },
    )

    app.get(
      '/shift-templates/:id',
      {
        schema: {
          tags,
          summary: 'Read a shift template with its exceptions',
          operationId: 'getShiftTemplate',
          params: IdParams,
          response: { 200: ShiftTemplate, ...problems },
        },
      },
      async (request, reply) => {
        const template = await posts.showTemplate(request.actor, request.params.id)
        return reply.header('etag', etagOf(template.version)).send(template)
      },
    )

    app.patch(
      '/shift-templates/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Change a shift template (If-Match)',
          description:
            'Shifts that have not begun follow, held ones with their holders; those that cannot are named in `leftovers`.',
          operationId: 'updateShiftTemplate',
          params: IdParams,
          body: ShiftTemplatePatch,
          response: { 200: ChangedShiftTemplate, ...problems },
        },
      },
      async (request, reply) => {
        const template = await posts.updateTemplate(
          request.actor,
          request.params.id,
          requiredVersion(request),
          request.body,
        )
        return reply.header('etag', etagOf(template.version)).send(template)
      },
    )

    app.delete(
      '/shift-templates/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Remove a shift template that made no shift yet (If-Match)',
          operationId: 'deleteShiftTemplate',
          params: IdParams,
          response: { 204: z.null(), ...problems },
        },
      },
      async (request, reply) => {
        await posts.deleteTemplate(request.actor, request.params.id, requiredVersion(request))
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/shift-templates/:id/occurrences',
      {
        schema: {
          tags,
          summary: 'Preview the occurrences of a template',
          operationId: 'previewOccurrences',
          params: IdParams,
          querystring: OccurrenceQuery,
          response: { 200: Occurrences, ...problems },
        },
      },
      (request) => posts.previewOccurrences(request.actor, request.params.id, request.query),
    )

    app.post(
      '/shift-templates/:id/exceptions',
      {
        schema: {
          tags,
          summary: 'Skip or move one occurrence',
          operationId: 'createShiftException',
          params: IdParams,
          body: NewShiftException,
          response: { 201: ShiftException, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await posts.createException(request.actor, request.params.id, request.body)),
    )

    app.delete(
      '/shift-templates/:id/exceptions/:exceptionId',
      {
        schema: {
          tags,
          summary: 'Let an occurrence follow its template again',
          operationId: 'deleteShiftException',
          params: ExceptionParams,
          response: { 204: z.null(), ...problems },
        },
      },
      async (request, reply) => {
        await posts.deleteException(request.actor, request.params.id, request.params.exceptionId)
        return reply.code(204).send(null)
      },
    )
  }
