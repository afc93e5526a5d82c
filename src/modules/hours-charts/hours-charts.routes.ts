import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { fileOf, problems } from '../../platform/http/schemas.ts'
import { ChartParams, ChartQuery } from './hours-charts.schemas.ts'
import type { HoursCharts } from './hours-charts.service.ts'

const SVG = 'image/svg+xml'

export const hoursChartsRoutes =
  (charts: HoursCharts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/hours/charts/:by([^./]+).svg',
      {
        schema: {
          tags: ['hours'],
          summary: 'Draw hours by person, unit, post or day',
          operationId: 'drawHours',
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
          .send(await charts.draw(request.actor, request.params.by, request.query)),
    )
  }
