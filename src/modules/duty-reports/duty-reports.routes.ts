import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Board,
  BoardQuery,
  FileReport,
  ForwardReport,
  NewObligation,
  Obligation,
  ObligationList,
  ObligationPage,
  ObligationPatch,
  Report,
  ReportList,
  ReportPageOut,
} from './duty-reports.schemas.ts'
import type { DutyReports } from './duty-reports.service.ts'

const tags = ['duty reports']

export const dutyReportsRoutes =
  (reports: DutyReports): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/report-obligations',
      {
        schema: {
          tags,
          summary: 'List what has to be reported',
          operationId: 'listReportObligations',
          querystring: ObligationList,
          response: { 200: ObligationPage, ...problems },
        },
      },
      (request) => reports.listObligations(request.actor, request.query),
    )

    app.post(
      '/report-obligations',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Oblige a unit or post to report by fixed times',
          operationId: 'createReportObligation',
          body: NewObligation,
          response: { 201: Obligation, ...problems },
        },
      },
      async (request, reply) => {
        const made = await reports.createObligation(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/report-obligations/${made.id}`)
          .header('etag', etagOf(made.version))
          .send(made)
      },
    )

    app.get(
      '/report-obligations/:id',
      {
        schema: {
          tags,
          summary: 'Read an obligation to report',
          operationId: 'getReportObligation',
          params: IdParams,
          response: { 200: Obligation, ...problems },
        },
      },
      async (request, reply) => {
        const found = await reports.showObligation(request.actor, request.params.id)
        return reply.header('etag', etagOf(found.version)).send(found)
      },
    )

    app.patch(
      '/report-obligations/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Change an obligation to report (If-Match)',
          description: 'Deadlines to come follow; those that passed, or for which something was filed, stay.',
          operationId: 'updateReportObligation',
          params: IdParams,
          body: ObligationPatch,
          response: { 200: Obligation, ...problems },
        },
      },
      async (request, reply) => {
        const { actor, params, body } = request
        const changed = await reports.updateObligation(actor, params.id, requiredVersion(request), body)
        return reply.header('etag', etagOf(changed.version)).send(changed)
      },
    )

    app.get(
      '/reports',
      {
        schema: {
          tags,
          summary: 'List reports that are or were due',
          operationId: 'listReports',
          querystring: ReportList,
          response: { 200: ReportPageOut, ...problems },
        },
      },
      (request) => reports.listReports(request.actor, request.query),
    )

    app.get(
      '/report-board',
      {
        schema: {
          tags,
          summary: 'Count filed, nil, late and missing reports by unit and day',
          operationId: 'getReportBoard',
          querystring: BoardQuery,
          response: { 200: Board, ...problems },
        },
      },
      (request) => reports.board(request.actor, request.query),
    )

    app.get(
      '/reports/:id',
      {
        schema: {
          tags,
          summary: 'Read a report with every version, its readers and its parts',
          operationId: 'getReport',
          params: IdParams,
          response: { 200: Report, ...problems },
        },
      },
      async (request, reply) => {
        const report = await reports.showReport(request.actor, request.params.id)
        return reply.header('etag', etagOf(report.version)).send(report)
      },
    )

    app.post(
      action('/reports', 'file'),
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'File a report, as nil or with content, or amend it (If-Match)',
          operationId: 'fileReport',
          params: IdParams,
          body: FileReport,
          response: { 200: Report, ...problems },
        },
      },
      async (request, reply) => {
        const { actor, params, body } = request
        const report = await reports.fileReport(actor, params.id, requiredVersion(request), body)
        return reply.header('etag', etagOf(report.version)).send(report)
      },
    )

    app.post(
      action('/reports', 'forward'),
      {
        schema: {
          tags,
          summary: 'Send a filed report to more readers',
          operationId: 'forwardReport',
          params: IdParams,
          body: ForwardReport,
          response: { 200: Report, ...problems },
        },
      },
      (request) => reports.forwardReport(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/reports', 'chase'),
      {
        schema: {
          tags,
          summary: 'Remind those who have not filed this report or its parts',
          operationId: 'chaseReport',
          params: IdParams,
          response: { 200: Report, ...problems },
        },
      },
      (request) => reports.chaseReport(request.actor, request.params.id),
    )
  }
