import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { exportsRoutes } from './exports.routes.ts'
import {
  Corrected,
  CorrectionList,
  CorrectionPage,
  LedgerCorrection,
  LedgerList,
  LedgerPage,
  NewCorrection,
  Rejection,
  SummaryList,
  SummaryPage,
} from './hours.schemas.ts'
import type { Hours } from './hours.service.ts'
import { periodsRoutes } from './periods.routes.ts'

export const hoursRoutes =
  (hours: Hours): FastifyPluginAsyncZod =>
  async (app) => {
    app.register(exportsRoutes(hours))
    app.register(periodsRoutes(hours))

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
          summary: 'Ask for a line to be taken back and another to stand in its place',
          description: 'The ledger changes when somebody else approves it.',
          operationId: 'correctLedgerLine',
          params: IdParams,
          body: NewCorrection,
          response: { 201: LedgerCorrection, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await hours.requestCorrection(request.actor, request.params.id, request.body)),
    )

    app.get(
      '/ledger-corrections',
      {
        schema: {
          tags: ['hours'],
          summary: 'List corrections of the ledger, those that wait among them',
          operationId: 'listLedgerCorrections',
          querystring: CorrectionList,
          response: { 200: CorrectionPage, ...problems },
        },
      },
      (request) => hours.listCorrections(request.actor, request.query),
    )

    app.post(
      action('/ledger-corrections', 'approve'),
      {
        schema: {
          tags: ['hours'],
          summary: 'Approve a correction that somebody else has asked for',
          description:
            'Writes a reversing line and a new one. A line already in a closed period is adjusted by the next close.',
          operationId: 'approveLedgerCorrection',
          params: IdParams,
          response: { 200: Corrected, ...problems },
        },
      },
      (request) => hours.approveCorrection(request.actor, request.params.id),
    )

    app.post(
      action('/ledger-corrections', 'reject'),
      {
        schema: {
          tags: ['hours'],
          summary: 'Reject a correction that somebody else has asked for',
          operationId: 'rejectLedgerCorrection',
          params: IdParams,
          body: Rejection,
          response: { 200: LedgerCorrection, ...problems },
        },
      },
      (request) => hours.rejectCorrection(request.actor, request.params.id, request.body.reason),
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
  }
