import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { fileOf, IdParams, problems } from '../../platform/http/schemas.ts'
import { CheckInCode, CheckInDoor, CheckInDoorList, CheckInDoorPage, NewCheckInDoor } from './codes.schemas.ts'
import type { Codes } from './codes.service.ts'

const tags = ['attendance']
const PDF = 'application/pdf'

/** Codes shown at posts, screens that show them and printed codes that stand for one. */
export const codesRoutes =
  (codes: Codes): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/posts/:id/check-in-code',
      {
        config: { role: 'organizer' },
        schema: {
          tags,
          summary: 'The code that a post shows this minute',
          operationId: 'getCheckInCode',
          params: IdParams,
          response: { 200: CheckInCode, ...problems },
        },
      },
      (request) => codes.currentCode(request.actor, request.params.id),
    )

    app.post(
      action('/posts', 'renew-check-in-codes'),
      {
        schema: {
          tags,
          summary: 'End all codes, displays and printed codes of a post at once',
          operationId: 'renewCheckInCodes',
          params: IdParams,
          response: { 200: CheckInCode, ...problems },
        },
      },
      (request) => codes.renewCodes(request.actor, request.params.id),
    )

    app.post(
      '/posts/:id/check-in-doors',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Make the address of a screen that shows the codes, or a code to be printed',
          operationId: 'createCheckInDoor',
          params: IdParams,
          body: NewCheckInDoor,
          response: { 201: CheckInDoor, ...problems },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await codes.createDoor(request.actor, request.params.id, request.body)),
    )

    app.get(
      '/posts/:id/check-in-doors',
      {
        config: { role: 'organizer' },
        schema: {
          tags,
          summary: 'List the screens and printed codes of a post',
          operationId: 'listCheckInDoors',
          params: IdParams,
          querystring: CheckInDoorList,
          response: { 200: CheckInDoorPage, ...problems },
        },
      },
      (request) => codes.listDoors(request.actor, request.params.id, request.query),
    )

    app.get(
      '/check-in-doors/:id/poster',
      {
        config: { role: 'organizer' },
        schema: {
          tags,
          summary: 'A page with the QR code, to hang up at the post',
          operationId: 'printCheckInDoor',
          params: IdParams,
          response: { 200: fileOf('PDF, A4', PDF), ...problems },
        },
      },
      async (request, reply) => {
        const { body, name } = await codes.poster(request.actor, request.params.id)
        return reply
          .type(PDF)
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(body as never)
      },
    )

    app.post(
      action('/check-in-doors', 'revoke'),
      {
        schema: {
          tags,
          summary: 'Close a screen or a printed code',
          operationId: 'revokeCheckInDoor',
          params: IdParams,
          response: { 200: CheckInDoor, ...problems },
        },
      },
      (request) => codes.revokeDoor(request.actor, request.params.id),
    )
  }
