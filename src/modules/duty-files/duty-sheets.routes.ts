import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { readerOf } from '../../platform/http/reader.ts'
import { problems } from '../../platform/http/schemas.ts'
import { printable, sendFile } from './duty-files.routes.ts'
import { CoverageQuery, MonthSheetQuery } from './duty-sheets.schemas.ts'
import type { DutySheets } from './duty-sheets.service.ts'

const tags = ['files']

export const dutySheetsRoutes =
  (sheets: DutySheets): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/exports/coverage',
      {
        schema: {
          tags,
          summary: 'Export the coverage of posts: seats wanted, held and staffed by shift, and minutes nobody covered',
          operationId: 'exportCoverage',
          querystring: CoverageQuery,
          response: { 200: printable, ...problems },
        },
      },
      async (request, reply) =>
        sendFile(reply, await sheets.openCoverage(request.actor, request.query, readerOf(reply))),
    )

    app.get(
      '/exports/monthly-attendance',
      {
        schema: {
          tags,
          summary: 'Export the attendance of a month: one row a person, a mark for each day, and totals',
          operationId: 'exportMonthlyAttendance',
          querystring: MonthSheetQuery,
          response: { 200: printable, ...problems },
        },
      },
      async (request, reply) =>
        sendFile(reply, await sheets.openMonthSheet(request.actor, request.query, readerOf(reply))),
    )
  }
