import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { ProblemError } from '../../platform/http/problem.ts'
import { problems } from '../../platform/http/schemas.ts'
import type { Volunteers } from './volunteers.service.ts'
import { IMPORT_DESCRIPTION } from './volunteers-import.columns.ts'
import { ImportBody, ImportQuery, ImportReport } from './volunteers-import.schemas.ts'

export const volunteersImportRoutes =
  (volunteers: Volunteers): FastifyPluginAsyncZod =>
  async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload))

    app.post(
      '/volunteers::import',
      {
        schema: {
          tags: ['volunteers'],
          summary: 'Bring volunteers in from a CSV file',
          description: IMPORT_DESCRIPTION,
          operationId: 'importVolunteers',
          consumes: ['text/csv'],
          querystring: ImportQuery,
          body: ImportBody,
          response: { 200: ImportReport, ...problems },
        },
      },
      async (request, reply) => {
        const upload = request.body
        if (!(upload instanceof Readable)) throw new ProblemError(400, 'file-needed', 'Send the file as text/csv.')
        try {
          // Ending early must not close the connection: the answer still has to go out on it.
          const bytes = upload.iterator({ destroyOnReturn: false })
          return await volunteers.importVolunteers(request.actor, request.query, bytes)
        } finally {
          if (!upload.readableEnded) {
            reply.header('connection', 'close')
            upload.resume()
          }
        }
      },
    )
  }
