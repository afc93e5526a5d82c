import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { fileOf, problems } from '../../platform/http/schemas.ts'
import { ChartParams, ChartQuery, SummaryFileQuery, SummaryPage, SummaryQuery } from './summaries.schemas.ts'
import type { Summaries } from './summaries.service.ts'

const tags = ['summaries']
const SVG = 'image/svg+xml'
const TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jsonl: 'application/jsonl; charset=utf-8',
} as const

export const summariesRoutes =
  (summaries: Summaries): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/summaries',
      {
        schema: {
          tags,
          summary: 'Sum up hours, duties, declines, no-shows, late cancellations and the fair share',
          operationId: 'summarizeDuties',
          querystring: SummaryQuery,
          response: { 200: SummaryPage, ...problems },
        },
      },
      (request) => summaries.summarize(request.actor, request.query),
    )

    app.get(
      '/exports/summaries',
      {
        schema: {
          tags,
          summary: 'Export a summary as a file',
          operationId: 'exportSummary',
          querystring: SummaryFileQuery,
          response: {
            200: fileOf('CSV, XLSX or JSON Lines, by `format`', 'text/csv', TYPES.xlsx, 'application/jsonl'),
            ...problems,
          },
        },
      },
      async (request, reply) => {
        const { body, name, format } = await summaries.exportSummary(request.actor, request.query)
        return reply
          .type(TYPES[format])
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(body as never)
      },
    )

    app.get(
      '/summaries/charts/:by([^./]+).svg',
      {
        schema: {
          tags,
          summary: 'Draw one figure of a summary',
          operationId: 'drawSummary',
          params: ChartParams,
          querystring: ChartQuery,
          response: { 200: fileOf('SVG without styles and scripts', SVG), ...problems },
        },
      },
      async (request, reply) =>
        reply
          .type(SVG)
          .headers({ 'content-security-policy': "default-src 'none'", 'cache-control': 'private, no-cache' })
          .serializer((text: unknown) => String(text))
          .send(await summaries.draw(request.actor, request.params.by, request.query)),
    )
  }
