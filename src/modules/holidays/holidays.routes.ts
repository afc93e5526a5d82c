import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { ProblemError } from '../../platform/http/problem.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  HolidayFile,
  HolidayImport,
  HolidayImportQuery,
  Holidays as HolidaysOfYear,
  HolidayYear,
  YearParams,
  YearQuery,
} from './holidays.schemas.ts'
import type { Holidays } from './holidays.service.ts'

const tags = ['holidays']

export const holidaysRoutes =
  (holidays: Holidays): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/units/:id/holidays',
      {
        schema: {
          tags,
          summary: 'Read the holidays and make-up working days of a year',
          operationId: 'getHolidays',
          params: IdParams,
          querystring: YearQuery,
          response: { 200: HolidaysOfYear, ...problems },
        },
      },
      (request) => holidays.showYear(request.actor, request.params.id, request.query.year),
    )

    app.put(
      '/units/:id/holidays/:year',
      {
        schema: {
          tags,
          summary: 'Say which days of a year are holidays or make-up working days, for a unit and all below it',
          description:
            'Takes the place of what the unit has said about the year. Hours booked before stay as they are.',
          operationId: 'putHolidays',
          params: YearParams,
          body: HolidayYear,
          response: { 200: HolidaysOfYear, ...problems },
        },
      },
      (request) => holidays.replaceYear(request.actor, request.params.id, request.params.year, request.body),
    )
  }

export const holidaysImportRoutes =
  (holidays: Holidays): FastifyPluginAsyncZod =>
  async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload))

    app.post(
      action('/units', 'import-holidays'),
      {
        schema: {
          tags,
          summary: 'Bring holidays in from a CSV file',
          description:
            'Columns: 日期/date, 类型/kind (节假日/holiday, 补班/make-up, 照常/ordinary), 名称/name. UTF-8 or GB 18030. ' +
            'Nothing is written unless `mode=commit` and no row is wrong; then the years in the file are replaced.',
          operationId: 'importHolidays',
          consumes: ['text/csv'],
          params: IdParams,
          querystring: HolidayImportQuery,
          body: HolidayFile,
          response: { 200: HolidayImport, ...problems },
        },
      },
      async (request, reply) => {
        const upload = request.body
        if (!(upload instanceof Readable)) throw new ProblemError(400, 'file-needed', 'Send the file as text/csv.')
        try {
          // Ending early must not close the connection: the answer still has to go out on it.
          const bytes = upload.iterator({ destroyOnReturn: false })
          return await holidays.importFile(request.actor, request.params.id, request.query, bytes)
        } finally {
          if (!upload.readableEnded) {
            reply.header('connection', 'close')
            upload.resume()
          }
        }
      },
    )
  }
