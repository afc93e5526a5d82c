import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { fileOf, IdParams, problems } from '../../platform/http/schemas.ts'
import { RosterFileQuery, SheetQuery } from './roster-files.schemas.ts'
import { PDF, type RosterFiles, type SentFile, XLSX } from './roster-files.service.ts'

const sendFile = (reply: FastifyReply, { body, name, type }: SentFile) =>
  reply
    .type(type)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(body as never)

export const rosterFilesRoutes =
  (files: RosterFiles): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/rosters/:id/files',
      {
        schema: {
          tags: ['rosters'],
          summary: 'Print a roster: a published version, or the draft marked as one',
          operationId: 'printRoster',
          params: IdParams,
          querystring: RosterFileQuery,
          response: { 200: fileOf('PDF (A4 landscape) or XLSX, by `format`', PDF, XLSX), ...problems },
        },
      },
      async (request, reply) =>
        sendFile(reply, await files.openRoster(request.actor, request.params.id, request.query)),
    )

    app.get(
      '/shifts/:id/attendance-sheet',
      {
        schema: {
          tags: ['attendance'],
          summary: 'Print the list of a shift to sign in and out by hand',
          operationId: 'printAttendanceSheet',
          params: IdParams,
          querystring: SheetQuery,
          response: { 200: fileOf('PDF, A4 landscape', PDF), ...problems },
        },
      },
      async (request, reply) =>
        sendFile(reply, await files.openAttendanceSheet(request.actor, request.params.id, request.query)),
    )
  }
