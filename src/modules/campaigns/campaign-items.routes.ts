import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { ProblemError } from '../../platform/http/problem.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { ITEMS_DESCRIPTION } from './campaigns.columns.ts'
import { ItemFile, ItemImportQuery, ItemImportReport } from './campaigns.schemas.ts'
import type { Campaigns } from './campaigns.service.ts'

/** The list of a campaign as a file. */
export const campaignItemsRoutes =
  (campaigns: Campaigns): FastifyPluginAsyncZod =>
  async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload))

    app.post(
      action('/campaigns', 'import-items'),
      {
        schema: {
          tags: ['campaigns'],
          summary: 'Bring people or places in from a CSV file',
          description: ITEMS_DESCRIPTION,
          operationId: 'importCampaignItems',
          consumes: ['text/csv'],
          params: IdParams,
          querystring: ItemImportQuery,
          body: ItemFile,
          response: { 200: ItemImportReport, ...problems },
        },
      },
      async (request, reply) => {
        const upload = request.body
        if (!(upload instanceof Readable)) throw new ProblemError(400, 'file-needed', 'Send the file as text/csv.')
        try {
          // Ending early must not close the connection: the answer still has to go out on it.
          const bytes = upload.iterator({ destroyOnReturn: false })
          return await campaigns.importItems(request.actor, request.params.id, request.query, bytes)
        } finally {
          if (!upload.readableEnded) {
            reply.header('connection', 'close')
            upload.resume()
          }
        }
      },
    )
  }
