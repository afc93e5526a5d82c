import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { readerOf } from '../../platform/http/reader.ts'
import { fileOf, IdParams, problems } from '../../platform/http/schemas.ts'
import {
  ColumnSet,
  ColumnSetParams,
  ColumnSets,
  ExportQuery,
  HoursExport,
  HoursExportList,
  HoursExportPage,
  NewColumnSet,
} from './hours.schemas.ts'
import type { Hours } from './hours.service.ts'

export const HoursFile = fileOf(
  'CSV (UTF-8 with byte order mark), XLSX or JSON Lines, by `format`',
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/jsonl',
)

const KINDS = [
  { kind: 'service-hours', operationId: 'exportServiceHours', summary: 'Export the hours volunteers have served' },
  { kind: 'duty-hours', operationId: 'exportDutyHours', summary: 'Export the duty hours of everybody else' },
] as const

const digestOf = (sha256: string) => `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`

type Sent = Awaited<ReturnType<Hours['exportHours']>>

/** Sends a file; its fingerprint goes before it when it is known by then, and after it otherwise. */
export function sendHours(reply: FastifyReply, { id, body, name, type, print }: Sent) {
  const known = print()
  reply.type(type).headers({
    'content-disposition': `attachment; filename="${name}"`,
    'export-id': id,
    link: `</v1/hours-exports/${id}>; rel="describedby"`,
    ...(known
      ? {
          'content-length': known.bytes,
          'content-digest': digestOf(known.sha256),
          'content-sha256': known.sha256,
        }
      : {}),
  })
  if (!known) reply.trailer('content-digest', async () => digestOf(print()?.sha256 ?? ''))
  return reply.send(body as never)
}

export const exportsRoutes =
  (hours: Hours): FastifyPluginAsyncZod =>
  async (app) => {
    for (const { kind, operationId, summary } of KINDS) {
      app.get(
        `/exports/${kind}`,
        {
          schema: {
            tags: ['hours'],
            summary: `${summary} as a file, streamed`,
            description:
              'The header `export-id` names the record of this file; there, and in the trailer `content-digest`, is its SHA-256 once it is complete.',
            operationId,
            querystring: ExportQuery,
            response: { 200: HoursFile, ...problems },
          },
        },
        async (request, reply) =>
          sendHours(reply, await hours.exportHours(request.actor, kind, request.query, readerOf(reply))),
      )
    }

    app.get(
      '/hours-exports',
      {
        schema: {
          tags: ['hours'],
          summary: 'List the files of hours that were made, with their SHA-256',
          operationId: 'listHoursExports',
          querystring: HoursExportList,
          response: { 200: HoursExportPage, ...problems },
        },
      },
      (request) => hours.listExports(request.actor, request.query),
    )

    app.get(
      '/hours-exports/:id',
      {
        schema: {
          tags: ['hours'],
          summary: 'Read the record of a file: who made it, of what, and its SHA-256',
          operationId: 'getHoursExport',
          params: IdParams,
          response: { 200: HoursExport, ...problems },
        },
      },
      (request) => hours.showExport(request.actor, request.params.id),
    )

    app.get(
      '/units/:id/export-columns',
      {
        schema: {
          tags: ['hours'],
          summary: 'List the sets of columns that exports of a unit may ask for',
          operationId: 'listExportColumns',
          params: IdParams,
          response: { 200: ColumnSets, ...problems },
        },
      },
      (request) => hours.listSets(request.actor, request.params.id),
    )

    app.put(
      '/units/:id/export-columns/:name',
      {
        schema: {
          tags: ['hours'],
          summary: 'Name a set of columns, for a unit and all below it',
          operationId: 'putExportColumns',
          params: ColumnSetParams,
          body: NewColumnSet,
          response: { 200: ColumnSet, ...problems },
        },
      },
      (request) => hours.putSet(request.actor, request.params.id, request.params.name, request.body.columns),
    )

    app.delete(
      '/units/:id/export-columns/:name',
      {
        schema: {
          tags: ['hours'],
          summary: 'Forget a set of columns',
          operationId: 'deleteExportColumns',
          params: ColumnSetParams,
          response: { 204: z.null().meta({ description: 'It is gone' }), ...problems },
        },
      },
      async (request, reply) => {
        await hours.removeSet(request.actor, request.params.id, request.params.name)
        return reply.code(204).send(null)
      },
    )
  }
