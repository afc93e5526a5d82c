import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { readerOf } from '../../platform/http/reader.ts'
import { fileOf, problems } from '../../platform/http/schemas.ts'
import type { DutyFile } from './duty-files.opening.ts'
import { AttendanceFileQuery, HandoverLogQuery, PeopleListQuery, ReportBoardQuery } from './duty-files.schemas.ts'
import type { DutyFiles } from './duty-files.service.ts'
import { TYPES } from './duty-files.types.ts'

const tags = ['files']

export const sendFile = (reply: FastifyReply, { body, name, type }: DutyFile) =>
  reply
    .type(type)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(body as never)

const JSONL = 'application/jsonl'
export const printable = fileOf(
  'CSV, XLSX, JSON Lines or PDF (A4 landscape), by `format`',
  ...['text/csv', TYPES.xlsx, JSONL, TYPES.pdf],
)

export const dutyFilesRoutes =
  (files: DutyFiles): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/exports/handovers',
      {
        schema: {
          tags,
          summary: 'Export the log of handovers',
          operationId: 'exportHandovers',
          querystring: HandoverLogQuery,
          response: { 200: printable, ...problems },
        },
      },
      async (request, reply) =>
        sendFile(reply, await files.openHandoverLog(request.actor, request.query, readerOf(reply))),
    )

    app.get(
      '/exports/reports',
      {
        schema: {
          tags,
          summary: 'Export the report board: what was filed, late, nil or missing',
          operationId: 'exportReports',
          querystring: ReportBoardQuery,
          response: { 200: printable, ...problems },
        },
      },
      async (request, reply) =>
        sendFile(reply, await files.openReportBoard(request.actor, request.query, readerOf(reply))),
    )

    app.get(
      '/exports/attendance',
      {
        schema: {
          tags,
          summary: 'Export the attendance sheet: plan and fact of every duty somebody was expected for',
          operationId: 'exportAttendance',
          querystring: AttendanceFileQuery,
          response: { 200: printable, ...problems },
        },
      },
      async (request, reply) =>
        sendFile(reply, await files.openAttendance(request.actor, request.query, readerOf(reply))),
    )

    app.get(
      '/exports/people',
      {
        schema: {
          tags,
          summary: 'Export the list of people, phone numbers and addresses masked',
          operationId: 'exportPeople',
          querystring: PeopleListQuery,
          response: { 200: fileOf('CSV, XLSX or JSON Lines, by `format`', 'text/csv', TYPES.xlsx, JSONL), ...problems },
        },
      },
      async (request, reply) =>
        sendFile(reply, await files.openPeopleList(request.actor, request.query, readerOf(reply))),
    )
  }
