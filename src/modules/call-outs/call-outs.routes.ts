import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf } from '../../platform/http/etag.ts'
import { eventStreams } from '../../platform/http/event-stream.ts'
import { action } from '../../platform/http/routes.ts'
import { fileOf, IdParams, problems } from '../../platform/http/schemas.ts'
import {
  CallList,
  CallOutDetail,
  CallOutList,
  CallOutPage,
  CallOutReason,
  CallPage,
  CallTally,
  MorePeople,
  NewCallOut,
} from './call-outs.schemas.ts'
import type { CallOuts } from './call-outs.service.ts'

const tags = ['call-outs']

export const callOutsRoutes =
  (callOuts: CallOuts): FastifyPluginAsyncZod =>
  async (app) => {
    const stream = eventStreams(app)

    app.get(
      '/call-outs',
      {
        schema: {
          tags,
          summary: 'List call-outs',
          operationId: 'listCallOuts',
          querystring: CallOutList,
          response: { 200: CallOutPage, ...problems },
        },
      },
      (request) => callOuts.listCallOuts(request.actor, request.query),
    )

    app.post(
      '/call-outs',
      {
        config: { idempotency: 'required' },
        schema: {
          tags,
          summary: 'Call people out: so many, somewhere, from a time on (Idempotency-Key)',
          description: 'An extra shift beside every plan; people are asked at once, whatever the hour.',
          operationId: 'openCallOut',
          body: NewCallOut,
          response: { 201: CallOutDetail, ...problems },
        },
      },
      async (request, reply) => {
        const callOut = await callOuts.openCallOut(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/call-outs/${callOut.id}`)
          .header('etag', etagOf(callOut.version))
          .send(callOut)
      },
    )

    app.get(
      '/call-outs/:id',
      {
        schema: {
          tags,
          summary: 'Read a call-out with its tally',
          operationId: 'getCallOut',
          params: IdParams,
          response: { 200: CallOutDetail, ...problems },
        },
      },
      (request) => callOuts.showCallOut(request.actor, request.params.id),
    )

    app.get(
      '/call-outs/:id/calls',
      {
        schema: {
          tags,
          summary: 'List everybody called: who has read it, who comes, who has said nothing',
          operationId: 'listCalls',
          params: IdParams,
          querystring: CallList,
          response: { 200: CallPage, ...problems },
        },
      },
      (request) => callOuts.listCalls(request.actor, request.params.id, request.query),
    )

    app.get(
      '/call-outs/:id/tally',
      {
        schema: {
          tags,
          summary: 'Read the tally of a call-out',
          operationId: 'getCallTally',
          params: IdParams,
          response: { 200: CallTally, ...problems },
        },
      },
      (request) => callOuts.showTally(request.actor, request.params.id),
    )

    app.get(
      '/call-outs/:id/events',
      {
        schema: {
          tags,
          summary: 'Follow the tally of a call-out (server-sent events)',
          description: '`tally` events whenever it changes, then one `finished`. The stream ends by itself.',
          operationId: 'followCallTally',
          params: IdParams,
          response: { 200: fileOf('Server-sent events', 'text/event-stream'), ...problems },
        },
      },
      (request, reply) =>
        stream(reply, (signal) => callOuts.followTally(request.actor, request.params.id, signal)) as never,
    )

    app.post(
      action('/call-outs', 'more'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Want more people, call from further places, or both',
          operationId: 'widenCallOut',
          params: IdParams,
          body: MorePeople,
          response: { 200: CallOutDetail, ...problems },
        },
      },
      (request) => callOuts.wantMore(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/call-outs', 'end'),
      {
        schema: {
          tags,
          summary: 'Call nobody else; who comes keeps the duty',
          operationId: 'endCallOut',
          params: IdParams,
          body: CallOutReason,
          response: { 200: CallOutDetail, ...problems },
        },
      },
      (request) => callOuts.end(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/call-outs', 'cancel'),
      {
        schema: {
          tags,
          summary: 'Call all of it off; those who were coming are told',
          operationId: 'cancelCallOut',
          params: IdParams,
          body: CallOutReason,
          response: { 200: CallOutDetail, ...problems },
        },
      },
      (request) => callOuts.cancel(request.actor, request.params.id, request.body),
    )
  }
