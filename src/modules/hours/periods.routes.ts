import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { readerOf } from '../../platform/http/reader.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { HoursFile, sendHours } from './exports.routes.ts'
import { ClosePeriod, HoursPeriod, NewPeriod, PeriodExportQuery, PeriodList, PeriodPage } from './hours.schemas.ts'
import type { Hours } from './hours.service.ts'

const tags = ['hours']

export const periodsRoutes =
  (hours: Hours): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/hours-periods',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Close a period of a unit: every line that somebody vouches for gets its number, in version 1',
          description:
            'Lines that come or are verified later for these days are taken in by closing again, or as adjusting lines by the close of the next period.',
          operationId: 'closeHoursPeriod',
          body: NewPeriod,
          response: { 201: HoursPeriod, ...problems },
        },
      },
      async (request, reply) => {
        const period = await hours.closeFirst(request.actor, request.body)
        return reply
          .code(201)
          .headers({ location: `/v1/hours-periods/${period.id}`, etag: etagOf(period.version) })
          .send(period)
      },
    )

    app.get(
      '/hours-periods',
      {
        schema: {
          tags,
          summary: 'List closed periods',
          operationId: 'listHoursPeriods',
          querystring: PeriodList,
          response: { 200: PeriodPage, ...problems },
        },
      },
      (request) => hours.listPeriods(request.actor, request.query),
    )

    app.get(
      '/hours-periods/:id',
      {
        schema: {
          tags,
          summary: 'Read a closed period, its versions, and what waits for the next one',
          operationId: 'getHoursPeriod',
          params: IdParams,
          response: { 200: HoursPeriod, ...problems },
        },
      },
      async (request, reply) => {
        const period = await hours.showPeriod(request.actor, request.params.id)
        return reply.header('etag', etagOf(period.version)).send(period)
      },
    )

    app.post(
      action('/hours-periods', 'close'),
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Close a period again: what came since becomes the next version (If-Match)',
          operationId: 'closeHoursPeriodAgain',
          params: IdParams,
          body: ClosePeriod,
          response: { 200: HoursPeriod, ...problems },
        },
      },
      async (request, reply) => {
        const { actor, params, body } = request
        const period = await hours.closeAgain(actor, params.id, requiredVersion(request), body.note)
        return reply.header('etag', etagOf(period.version)).send(period)
      },
    )

    app.get(
      '/hours-periods/:id/export',
      {
        schema: {
          tags,
          summary: 'Export a version of a closed period, or exactly what it added',
          description:
            'The same version gives the same bytes; the headers `content-sha256` and `content-digest` say which, so that a file is imported once.',
          operationId: 'exportHoursPeriod',
          params: IdParams,
          querystring: PeriodExportQuery,
          response: { 200: HoursFile, ...problems },
        },
      },
      async (request, reply) =>
        sendHours(reply, await hours.exportPeriod(request.actor, request.params.id, request.query, readerOf(reply))),
    )
  }
