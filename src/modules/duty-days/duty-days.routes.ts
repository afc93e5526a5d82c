import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  AppliedPreset,
  ApplyPreset,
  Composition,
  Inspection,
  InspectionFinding,
  InspectionList,
  InspectionPage,
  NewComposition,
  NewInspection,
  Presets,
  SettleFinding,
  Today,
  TodayQuery,
} from './duty-days.schemas.ts'
import type { DutyDays } from './duty-days.service.ts'

export const dutyDaysRoutes =
  (days: DutyDays): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/duty-compositions',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['posts'],
          summary: 'Make a post, its roles and their shift templates in one call',
          description: 'For the duty of every day: a leader, an officer for 24 hours, one from each office.',
          operationId: 'createDutyComposition',
          body: NewComposition,
          response: { 201: Composition, ...problems },
        },
      },
      async (request, reply) => {
        const made = await days.createComposition(request.actor, request.body)
        return reply.code(201).header('location', `/v1/posts/${made.post.id}`).send(made)
      },
    )

    app.get(
      '/shift-presets',
      {
        schema: {
          tags: ['posts'],
          summary: 'List shift patterns that are ready to use',
          operationId: 'listShiftPresets',
          response: { 200: Presets, ...problems },
        },
      },
      () => days.listPresets(),
    )

    app.post(
      action('/posts', 'apply-preset'),
      {
        schema: {
          tags: ['posts'],
          summary: 'Give a post the shift templates of a preset',
          operationId: 'applyShiftPreset',
          params: IdParams,
          body: ApplyPreset,
          response: { 200: AppliedPreset, ...problems },
        },
      },
      (request) => days.applyPreset(request.actor, request.params.id, request.body),
    )

    app.get(
      '/duty-today',
      {
        schema: {
          tags: ['duty days'],
          summary: 'See who is on duty on a day',
          operationId: 'getDutyToday',
          querystring: TodayQuery,
          response: { 200: Today, ...problems },
        },
      },
      (request) => days.dutyToday(request.actor, request.query),
    )

    app.get(
      '/inspections',
      {
        schema: {
          tags: ['duty days'],
          summary: 'List spot checks with their findings',
          operationId: 'listInspections',
          querystring: InspectionList,
          response: { 200: InspectionPage, ...problems },
        },
      },
      (request) => days.listInspections(request.actor, request.query),
    )

    app.post(
      '/inspections',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['duty days'],
          summary: 'Record a spot check of who was really on duty',
          operationId: 'recordInspection',
          body: NewInspection,
          response: { 201: Inspection, ...problems },
        },
      },
      async (request, reply) => {
        const made = await days.recordInspection(request.actor, request.body)
        return reply.code(201).header('location', `/v1/inspections/${made.id}`).send(made)
      },
    )

    app.get(
      '/inspections/:id',
      {
        schema: {
          tags: ['duty days'],
          summary: 'Read a spot check',
          operationId: 'getInspection',
          params: IdParams,
          response: { 200: Inspection, ...problems },
        },
      },
      (request) => days.showInspection(request.actor, request.params.id),
    )

    app.post(
      action('/inspection-findings', 'settle'),
      {
        schema: {
          tags: ['duty days'],
          summary: 'Settle a finding of a spot check',
          operationId: 'settleInspectionFinding',
          params: IdParams,
          body: SettleFinding,
          response: { 200: InspectionFinding, ...problems },
        },
      },
      (request) => days.settleFinding(request.actor, request.params.id, request.body),
    )
  }
