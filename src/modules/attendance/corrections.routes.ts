import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  AttendanceCorrection,
  AttendanceCorrectionList,
  AttendanceCorrectionPage,
  Decision,
  NewCorrection,
} from './corrections.schemas.ts'
import type { Corrections } from './corrections.service.ts'

const tags = ['attendance']
const DECISIONS = [
  { verb: 'approve', summary: 'Agree with a correction; it takes effect at once', operationId: 'approveCorrection' },
  { verb: 'reject', summary: 'Refuse a correction, with the reason', operationId: 'rejectCorrection' },
  { verb: 'withdraw', summary: 'Take back a correction one has asked for', operationId: 'withdrawCorrection' },
] as const

/** Changes of what is recorded: asked for by one, decided by another. */
export const correctionsRoutes =
  (corrections: Corrections): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/assignments/:id/corrections',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Ask for what is recorded of a duty to be corrected, or for a duty to be entered afterwards',
          description: 'Somebody else decides: POST /v1/attendance-corrections/{id}:approve or :reject.',
          operationId: 'requestCorrection',
          params: IdParams,
          body: NewCorrection,
          response: { 201: AttendanceCorrection, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await corrections.request(request.actor, request.params.id, request.body)),
    )

    app.get(
      '/attendance-corrections',
      {
        schema: {
          tags,
          summary: 'List corrections',
          operationId: 'listCorrections',
          querystring: AttendanceCorrectionList,
          response: { 200: AttendanceCorrectionPage, ...problems },
        },
      },
      (request) => corrections.list(request.actor, request.query),
    )

    app.get(
      '/attendance-corrections/:id',
      {
        schema: {
          tags,
          summary: 'One correction',
          operationId: 'getCorrection',
          params: IdParams,
          response: { 200: AttendanceCorrection, ...problems },
        },
      },
      (request) => corrections.get(request.actor, request.params.id),
    )

    for (const { verb, summary, operationId } of DECISIONS) {
      app.post(
        action('/attendance-corrections', verb),
        {
          config: { idempotency: 'optional' },
          schema: {
            tags,
            summary,
            operationId,
            params: IdParams,
            body: Decision,
            response: { 200: AttendanceCorrection, ...problems },
          },
        },
        (request) => corrections[verb](request.actor, request.params.id, request.body.reason),
      )
    }
  }
