import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import type { Attendance } from './attendance.service.ts'
import { AttendanceFindingPage, FindingList, PostPresence, PresenceQuery } from './facts.schemas.ts'

/** The records looked at as a whole. */
export const factsRoutes =
  (attendance: Attendance): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/attendance/findings',
      {
        schema: {
          tags: ['attendance'],
          summary: 'List duties whose record is not complete or cannot be right',
          operationId: 'listAttendanceFindings',
          querystring: FindingList,
          response: { 200: AttendanceFindingPage, ...problems },
        },
      },
      (request) => attendance.listFindings(request.actor, request.query),
    )

    app.get(
      '/posts/:id/presence',
      {
        schema: {
          tags: ['attendance'],
          summary: 'Who was at a post, minute by minute, and when nobody was',
          operationId: 'getPostPresence',
          params: IdParams,
          querystring: PresenceQuery,
          response: { 200: PostPresence, ...problems },
        },
      },
      (request) => attendance.presence(request.actor, request.params.id, request.query),
    )
  }
