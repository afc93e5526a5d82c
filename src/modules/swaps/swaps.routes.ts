import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  ApproveSwap,
  NewSwap,
  RejectSwap,
  SwapBoard,
  SwapDetail,
  SwapLinks,
  SwapLinksSent,
  SwapList,
  SwapPageOf,
  TakeSwap,
  WithdrawSwap,
} from './swaps.schemas.ts'
import type { Swaps } from './swaps.service.ts'

export const swapsRoutes =
  (swaps: Swaps): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/swaps',
      {
        schema: {
          tags: ['swaps'],
          summary: 'List duties that shall change hands, or have',
          operationId: 'listSwaps',
          querystring: SwapList,
          response: { 200: SwapPageOf, ...problems },
        },
      },
      (request) => swaps.listSwaps(request.actor, request.query),
    )

    app.post(
      '/swaps',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['swaps'],
          summary: 'Ask for a swap in the name of whoever holds the duty',
          operationId: 'createSwap',
          body: NewSwap,
          response: { 201: SwapDetail, ...problems },
        },
      },
      async (request, reply) => {
        const swap = await swaps.createSwap(request.actor, request.body)
        return reply.code(201).header('location', `/v1/swaps/${swap.id}`).send(swap)
      },
    )

    app.get(
      '/swaps/:id',
      {
        schema: {
          tags: ['swaps'],
          summary: 'Read a swap with all answers and its history',
          operationId: 'getSwap',
          params: IdParams,
          response: { 200: SwapDetail, ...problems },
        },
      },
      (request) => swaps.showSwap(request.actor, request.params.id),
    )

    app.post(
      action('/swaps', 'accept'),
      {
        schema: {
          tags: ['swaps'],
          summary: 'Write down that somebody takes it',
          operationId: 'acceptSwap',
          params: IdParams,
          body: TakeSwap,
          response: { 200: SwapDetail, ...problems },
        },
      },
      (request) => swaps.acceptSwap(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/swaps', 'approve'),
      {
        schema: {
          tags: ['swaps'],
          summary: 'Approve an accepted swap, which carries it out',
          operationId: 'approveSwap',
          params: IdParams,
          body: ApproveSwap,
          response: { 200: SwapDetail, ...problems },
        },
      },
      (request) => swaps.approveSwap(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/swaps', 'reject'),
      {
        schema: {
          tags: ['swaps'],
          summary: 'Reject a swap, with a reason that both are told',
          operationId: 'rejectSwap',
          params: IdParams,
          body: RejectSwap,
          response: { 200: SwapDetail, ...problems },
        },
      },
      (request) => swaps.rejectSwap(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/swaps', 'withdraw'),
      {
        schema: {
          tags: ['swaps'],
          summary: 'Withdraw a swap in the name of whoever asked',
          operationId: 'withdrawSwap',
          params: IdParams,
          body: WithdrawSwap,
          response: { 200: SwapDetail, ...problems },
        },
      },
      (request) => swaps.withdrawSwap(request.actor, request.params.id, request.body),
    )

    app.get(
      '/volunteers/:id/swap-board',
      {
        schema: {
          tags: ['swaps'],
          summary: 'What a person may take: swaps on the open board and open gaps',
          operationId: 'getSwapBoard',
          params: IdParams,
          response: { 200: SwapBoard, ...problems },
        },
      },
      (request) => swaps.showBoard(request.actor, request.params.id),
    )

    app.post(
      '/swap-links',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['swaps'],
          summary: 'Send people the link to their duties and the open board; earlier links stop working',
          operationId: 'sendSwapLinks',
          body: SwapLinks,
          response: { 202: SwapLinksSent, ...problems },
        },
      },
      async (request, reply) => reply.code(202).send(await swaps.sendLinks(request.actor, request.body)),
    )
  }
