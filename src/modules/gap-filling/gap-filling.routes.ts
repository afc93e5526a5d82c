import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Acknowledge,
  AskAnew,
  CandidateQuery,
  Candidates,
  FillGap,
  GapDetail,
  GapList,
  GapPage,
  GapPatch,
  PauseGap,
  StopGap,
  WidenGap,
} from './gap-filling.schemas.ts'
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
      (request) => gapFilling.previewGap(request.actor, request.params.id, request.query),
    )

    app.get(
      '/slots/:id/search-preview',
      {
        schema: {
          tags: ['gaps'],
          summary: 'Preview who would be asked if this seat were empty, in which order and why',
          operationId: 'previewSlotSearch',
          params: IdParams,
          querystring: CandidateQuery,
          response: { 200: Candidates, ...problems },
        },
      },
      (request) => gapFilling.previewSlot(request.actor, request.params.id, request.query),
    )

    app.patch(
      '/gaps/:id',
      {
        schema: {
          tags: ['gaps'],
          summary: "Set how this gap is searched for, beside the unit's policy",
          operationId: 'patchGap',
          params: IdParams,
          body: GapPatch,
          response: { 200: GapDetail, ...problems },
        },
      },
      async ({ actor, params, body }) => {
        await gapFilling.setSearch(actor, params.id, body.search)
        return gapFilling.showGap(actor, params.id)
      },
    )

    app.post(
      action('/gaps', 'fill'),
      {
        schema: {
          tags: ['gaps'],
          summary: 'Hand a gap to a person',
          operationId: 'fillGap',
          params: IdParams,
          body: FillGap,
          response: { 200: GapDetail, ...problems },
        },
      },
      async ({ actor, params, body }) => {
        await gapFilling.fillGap(actor, params.id, body)
        return gapFilling.showGap(actor, params.id)
      },
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
      async ({ actor, params }) => {
        await gapFilling.restart(actor, params.id)
        return gapFilling.showGap(actor, params.id)
      },
    )

    app.post(
      action('/gaps', 'pause'),
      {
        schema: {
          tags: ['gaps'],
          summary: 'Ask nobody new for the time being',
          operationId: 'pauseGap',
          params: IdParams,
          body: PauseGap,
          response: { 200: GapDetail, ...problems },
        },
      },
      async ({ actor, params, body }) => {
        await gapFilling.pause(actor, params.id, body)
        return gapFilling.showGap(actor, params.id)
      },
    )

    app.post(
      action('/gaps', 'resume'),
      {
        schema: {
          tags: ['gaps'],
          summary: 'Go on with a paused search',
          operationId: 'resumeGap',
          params: IdParams,
          response: { 200: GapDetail, ...problems },
        },
      },
      async ({ actor, params }) => {
        await gapFilling.resume(actor, params.id)
        return gapFilling.showGap(actor, params.id)
      },
    )

    app.post(
      action('/gaps', 'stop'),
      {
        schema: {
          tags: ['gaps'],
          summary: 'End the search; the gap stays open',
          operationId: 'stopGap',
          params: IdParams,
          body: StopGap,
          response: { 200: GapDetail, ...problems },
        },
      },
      async ({ actor, params, body }) => {
        await gapFilling.stop(actor, params.id, body)
        return gapFilling.showGap(actor, params.id)
      },
    )

    app.post(
      action('/gaps', 'widen'),
      {
        schema: {
          tags: ['gaps'],
          summary: 'Call more people, or more at once',
          operationId: 'widenGap',
          params: IdParams,
          body: WidenGap,
          response: { 200: GapDetail, ...problems },
        },
      },
      async ({ actor, params, body }) => {
        await gapFilling.widen(actor, params.id, body)
        return gapFilling.showGap(actor, params.id)
      },
    )

    app.post(
      action('/gaps', 'ask-anew'),
      {
        schema: {
          tags: ['gaps'],
          summary: 'Ask those once more who were asked already',
          operationId: 'askGapAnew',
          params: IdParams,
          body: AskAnew,
          response: { 200: GapDetail, ...problems },
        },
      },
      async ({ actor, params, body }) => {
        await gapFilling.askAnew(actor, params.id, body)
        return gapFilling.showGap(actor, params.id)
      },
    )

    app.post(
      action('/gaps', 'acknowledge'),
      {
        schema: {
          tags: ['gaps'],
          summary: 'See to a gap as somebody responsible; nobody further up is told',
          operationId: 'acknowledgeGap',
          params: IdParams,
          body: Acknowledge,
          response: { 200: GapDetail, ...problems },
        },
      },
      async ({ actor, params, body }) => {
        await gapFilling.acknowledge(actor, params.id, body)
        return gapFilling.showGap(actor, params.id)
      },
    )
  }
