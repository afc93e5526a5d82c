import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { fileOf, IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Corrected,
  ExportQuery,
  LedgerList,
  LedgerPage,
  NewCorrection,
  SummaryList,
  SummaryPage,
} from './hours.schemas.ts'
import type { Hours } from './hours.service.ts'

const File = fileOf(
  'CSV (UTF-8 with byte order mark) or XLSX, by `format`',
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
)

export const hoursRoutes =
  (hours: Hours): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/ledger',
      {
        schema: {
          tags: ['hours'],
          summary: 'List lines of the hours ledger',
          operationId: 'listLedger',
          querystring: LedgerList,
          response: { 200: LedgerPage, ...problems },
        },
      },
      (request) => hours.listLines(request.actor, request.query),
    )

    app.post(
      action('/ledger', 'correct'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['hours'],
          summary: 'Take a line back and put another in its place',
          operationId: 'correctLedgerLine',
          params: IdParams,
          body: NewCorrection,
          response: { 201: Corrected, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await hours.correct(request.actor, request.params.id, request.body)),
    )

    app.get(
      '/hours/summary',
      {
        schema: {
          tags: ['hours'],
          summary: 'Sum hours up by person, unit or post',
          operationId: 'summarizeHours',
          querystring: SummaryList,
          response: { 200: SummaryPage, ...problems },
        },
      },
      (request) => hours.summary(request.actor, request.query),
    )

    app.get(
      '/exports/service-hours',
      {
        schema: {
          tags: ['hours'],
          summary: 'Export served hours as a file, streamed',
          operationId: 'exportServiceHours',
          querystring: ExportQuery,
          response: { 200: File, ...problems },
        },
      },
      async (request, reply) => {
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const { body, name, type } = await hours.exportServiceHours(request.actor, request.query, gone.signal)
        return reply
          .type(type)
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(body as never)
      },
    )
  }
