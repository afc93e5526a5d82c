import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { Assignment, Because, MaybeBecause } from './assignments.schemas.ts'
import {
  CandidateQuery,
  Candidates,
  Draft,
  DraftAnswer,
  DraftEdit,
  RosterAssignmentList,
  RosterAssignmentPage,
  SlotParams,
} from './drafts.schemas.ts'
import type { Rosters } from './rosters.service.ts'

const tags = ['rosters']

export const draftsRoutes =
  (rosters: Rosters): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/rosters/:id/assignments',
      {
        schema: {
          tags,
          summary: 'List the slots of a roster with who stands there and who is drafted',
          operationId: 'listRosterAssignments',
          params: IdParams,
          querystring: RosterAssignmentList,
          response: { 200: RosterAssignmentPage, ...problems },
        },
      },
      (request) => rosters.listRosterAssignments(request.actor, request.params.id, request.query),
    )

    app.get(
      '/rosters/:id/draft',
      {
        schema: {
          tags,
          summary: 'Read the draft: lines, score, breaches, reasons of open slots',
          operationId: 'getDraft',
          params: IdParams,
          response: { 200: Draft, ...problems },
        },
      },
      async (request, reply) => {
        const draft = await rosters.showDraft(request.actor, request.params.id)
        return reply.header('etag', etagOf(draft.version)).send(draft)
      },
    )

    app.put(
      '/rosters/:id/draft/:slotId',
      {
        schema: {
          tags,
          summary: 'Seat somebody in the draft, pin, unpin; answers with all that breaks',
          operationId: 'setDraftLine',
          params: SlotParams,
          body: DraftEdit,
          response: { 200: DraftAnswer, ...problems },
        },
      },
      async (request, reply) => {
        const { id, slotId } = request.params
        const answer = await rosters.setLine(request.actor, id, slotId, request.body)
        return reply.header('etag', etagOf(answer.version)).send(answer)
      },
    )

    app.delete(
      '/rosters/:id/draft/:slotId',
      {
        schema: {
          tags,
          summary: 'Leave a slot of the draft open',
          operationId: 'removeDraftLine',
          params: SlotParams,
          response: { 200: DraftAnswer, ...problems },
        },
      },
      async (request, reply) => {
        const { id, slotId } = request.params
        const answer = await rosters.removeLine(request.actor, id, slotId)
        return reply.header('etag', etagOf(answer.version)).send(answer)
      },
    )

    app.get(
      '/slots/:id/candidates',
      {
        schema: {
          tags,
          summary: 'Who could take a slot, with every rule that fails',
          operationId: 'listCandidates',
          params: IdParams,
          querystring: CandidateQuery,
          response: { 200: Candidates, ...problems },
        },
      },
      (request) => rosters.listCandidates(request.actor, request.params.id, request.query),
    )

    app.get(
      '/assignments/:id',
      {
        schema: {
          tags,
          summary: 'Read an assignment',
          operationId: 'getAssignment',
          params: IdParams,
          response: { 200: Assignment, ...problems },
        },
      },
      async (request, reply) => {
        const assignment = await rosters.showAssignment(request.actor, request.params.id)
        return reply.header('etag', etagOf(assignment.version)).send(assignment)
      },
    )

    app.post(
      action('/assignments', 'cancel'),
      {
        schema: {
          tags,
          summary: 'Cancel an assignment; its seat becomes a gap',
          operationId: 'cancelAssignment',
          params: IdParams,
          body: Because,
          response: { 200: Assignment, ...problems },
        },
      },
      (request) => rosters.end(request.actor, request.params.id, 'cancel', request.body.reason),
    )

    app.post(
      action('/assignments', 'withdraw'),
      {
        schema: {
          tags,
          summary: 'Withdraw on behalf of the person; their seat becomes a gap',
          operationId: 'withdrawAssignment',
          params: IdParams,
          body: MaybeBecause,
          response: { 200: Assignment, ...problems },
        },
      },
      (request) => rosters.end(request.actor, request.params.id, 'withdraw', request.body.reason),
    )

    app.post(
      action('/assignments', 'excuse'),
      {
        schema: {
          tags,
          summary: 'Excuse somebody who had confirmed; their seat becomes a gap',
          operationId: 'excuseAssignment',
          params: IdParams,
          body: Because,
          response: { 200: Assignment, ...problems },
        },
      },
      (request) => rosters.end(request.actor, request.params.id, 'excuse', request.body.reason),
    )
  }
