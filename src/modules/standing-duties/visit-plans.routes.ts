import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Divided,
  Division,
  Ending,
  NewDuty,
  NewVisitPlan,
  StandingDuty,
  Visit,
  VisitDay,
  VisitDayQuery,
  VisitList,
  VisitPage,
  VisitPlan,
  VisitPlanList,
  VisitPlanPage,
  VisitReport,
} from './standing-duties.schemas.ts'
import type { StandingDuties } from './standing-duties.service.ts'

const tags = ['standing duties']

export const visitPlansRoutes =
  (standingDuties: StandingDuties): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/visit-plans',
      {
        schema: {
          tags,
          summary: 'List visit plans',
          operationId: 'listVisitPlans',
          querystring: VisitPlanList,
          response: { 200: VisitPlanPage, ...problems },
        },
      },
      (request) => standingDuties.listPlans(request.actor, request.query),
    )

    app.post(
      '/visit-plans',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Make a plan of visits to sites',
          operationId: 'createVisitPlan',
          body: NewVisitPlan,
          response: { 201: VisitPlan, ...problems },
        },
      },
      async (request, reply) => reply.code(201).send(await standingDuties.createPlan(request.actor, request.body)),
    )

    app.get(
      '/visit-plans/:id',
      {
        schema: {
          tags,
          summary: 'Read a visit plan',
          operationId: 'getVisitPlan',
          params: IdParams,
          response: { 200: VisitPlan, ...problems },
        },
      },
      (request) => standingDuties.showPlan(request.actor, request.params.id),
    )

    app.post(
      action('/visit-plans', 'divide'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Divide sites among people, evenly and near to home, and ask them once',
          description: 'Sites that somebody keeps stay. Volunteers are asked for a yes for the whole period.',
          operationId: 'divideSites',
          params: IdParams,
          body: Division,
          response: { 200: Divided, ...problems },
        },
      },
      (request) => standingDuties.divideSites(request.actor, request.params.id, request.body),
    )

    app.post(
      '/visit-plans/:id/duties',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Give one site to somebody',
          operationId: 'giveSite',
          params: IdParams,
          body: NewDuty,
          response: { 201: StandingDuty, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await standingDuties.giveSite(request.actor, request.params.id, request.body)),
    )

    app.post(
      action('/visit-plans', 'end'),
      {
        schema: {
          tags,
          summary: 'End a visit plan with all its duties',
          operationId: 'endVisitPlan',
          params: IdParams,
          body: Ending,
          response: { 200: VisitPlan, ...problems },
        },
      },
      (request) => standingDuties.endPlan(request.actor, request.params.id, request.body),
    )

    app.get(
      '/visit-plans/:id/visits',
      {
        schema: {
          tags,
          summary: 'List visits with what was reported',
          operationId: 'listVisits',
          params: IdParams,
          querystring: VisitList,
          response: { 200: VisitPage, ...problems },
        },
      },
      (request) => standingDuties.listVisits(request.actor, request.params.id, request.query),
    )

    app.get(
      '/visit-plans/:id/day',
      {
        schema: {
          tags,
          summary: 'Read how the visits of a day stand',
          operationId: 'getVisitDay',
          params: IdParams,
          querystring: VisitDayQuery,
          response: { 200: VisitDay, ...problems },
        },
      },
      (request) => standingDuties.showDay(request.actor, request.params.id, request.query),
    )

    app.post(
      action('/visits', 'report'),
      {
        schema: {
          tags,
          summary: 'Write down what was reported of a visit',
          operationId: 'reportVisit',
          params: IdParams,
          body: VisitReport,
          response: { 200: Visit, ...problems },
        },
      },
      (request) => standingDuties.reportVisit(request.actor, request.params.id, request.body),
    )
  }
