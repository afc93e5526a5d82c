import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { CandidateQuery, Candidates, FillGap, GapDetail, GapList, GapPage } from './gap-filling.schemas.ts'
import type { GapFilling } from './gap-filling.service.ts'

export const gapFillingRoutes =
  (gapFilling: GapFilling): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/gaps',
      {
        schema: {
          tags: ['gaps'],
          summary: 'List empty seats of published rosters',
          operationId: 'listGaps',
          querystring: GapList,
          response: { 200: GapPage, ...problems },
        },
      },
      (request) => gapFilling.listGaps(request.actor, request.query),
    )

    app.get(
      '/gaps/:id',
      {
        schema: {
          tags: ['gaps'],
          summary: 'Read a gap with everybody who was asked, in which order and why',
          operationId: 'getGap',
          params: IdParams,
          response: { 200: GapDetail, ...problems },
        },
      },
      (request) => gapFilling.showGap(request.actor, request.params.id),
    )

    app.get(
      '/gaps/:id/candidates',
      {
        schema: {
          tags: ['gaps'],
          summary: 'Preview who would be asked, in which order and why',
          operationId: 'previewGapCandidates',
          params: IdParams,
          querystring: CandidateQuery,
          response: { 200: Candidates, ...problems },
        },
      },
      (request) => gapFilling.previewCandidates(request.actor, request.params.id, request.query),
    )

    app.post(
      action('/gaps', 'fill'),
      {
        schema: {
          tags: ['gaps'],
          summary: 'Fill a gap by hand',
          operationId: 'fillGap',
          params: IdParams,
          body: FillGap,
          response: { 200: GapDetail, ...problems },
        },
      },
      (request) => gapFilling.fillGap(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/gaps', 'restart'),
      {
        schema: {
          tags: ['gaps'],
          summary: 'Ask those of the reserve who were not asked yet',
          operationId: 'restartGap',
          params: IdParams,
          response: { 200: GapDetail, ...problems },
        },
      },
      (request) => gapFilling.restart(request.actor, request.params.id),
    )
  }
