import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  CaseDetail,
  CaseList,
  CasePage,
  DutyList,
  DutyPage,
  Ending,
  NewCase,
  Replaced,
  Replacement,
  StandingDuty,
} from './standing-duties.schemas.ts'
import type { StandingDuties } from './standing-duties.service.ts'

const tags = ['standing duties']

export const standingDutiesRoutes =
  (standingDuties: StandingDuties): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/standing-duties',
      {
        schema: {
          tags,
          summary: 'List standing duties',
          operationId: 'listStandingDuties',
          querystring: DutyList,
          response: { 200: DutyPage, ...problems },
        },
      },
      (request) => standingDuties.listDuties(request.actor, request.query),
    )

    app.post(
      action('/standing-duties', 'end'),
      {
        schema: {
          tags,
          summary: 'End a standing duty',
          operationId: 'endStandingDuty',
          params: IdParams,
          body: Ending,
          response: { 200: StandingDuty, ...problems },
        },
      },
      (request) => standingDuties.endDuty(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/standing-duties', 'replace'),
      {
        schema: {
          tags,
          summary: 'Let somebody else take a standing duty over; the rest of the team stays',
          operationId: 'replaceStandingDuty',
          params: IdParams,
          body: Replacement,
          response: { 200: Replaced, ...problems },
        },
      },
      (request) => standingDuties.replace(request.actor, request.params.id, request.body),
    )

    app.get(
      '/cases',
      {
        schema: {
          tags,
          summary: 'List cases',
          operationId: 'listCases',
          querystring: CaseList,
          response: { 200: CasePage, ...problems },
        },
      },
      (request) => standingDuties.listCases(request.actor, request.query),
    )

    app.post(
      '/cases',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Open a case and ask a team for it',
          description: 'For each role whoever fits with the fewest standing duties, among equals the nearest.',
          operationId: 'openCase',
          body: NewCase,
          response: { 201: CaseDetail, ...problems },
        },
      },
      async (request, reply) => reply.code(201).send(await standingDuties.openCase(request.actor, request.body)),
    )

    app.get(
      '/cases/:id',
      {
        schema: {
          tags,
          summary: 'Read a case with its team',
          operationId: 'getCase',
          params: IdParams,
          response: { 200: CaseDetail, ...problems },
        },
      },
      (request) => standingDuties.showCase(request.actor, request.params.id),
    )

    app.post(
      action('/cases', 'close'),
      {
        schema: {
          tags,
          summary: 'Close a case; the duties of its team end the same day',
          operationId: 'closeCase',
          params: IdParams,
          body: Ending,
          response: { 200: CaseDetail, ...problems },
        },
      },
      (request) => standingDuties.closeCase(request.actor, request.params.id, request.body),
    )
  }
