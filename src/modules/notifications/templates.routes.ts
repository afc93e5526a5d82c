import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { Message } from './notifications.schemas.ts'
import {
  BuiltInTexts,
  MessageTemplate,
  MessageTemplateList,
  MessageTemplatePage,
  MessageTemplatePatch,
  NewMessageTemplate,
  Preview,
  PreviewRequest,
  TestMessage,
} from './templates.schemas.ts'
import type { MessageTemplates } from './templates.service.ts'

const tags = ['messages']
const path = '/message-templates'

export const messageTemplatesRoutes =
  (templates: MessageTemplates): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/built-in-message-texts',
      {
        schema: {
          tags,
          summary: 'List the messages there are, their built-in texts and what texts may name',
          operationId: 'listBuiltInMessageTexts',
          response: { 200: BuiltInTexts, ...problems },
        },
      },
      () => templates.listBuiltIn(),
    )

    app.get(
      path,
      {
        schema: {
          tags,
          summary: 'List texts that units say in place of the built-in ones',
          operationId: 'listMessageTemplates',
          querystring: MessageTemplateList,
          response: { 200: MessageTemplatePage, ...problems },
        },
      },
      (request) => templates.listTemplates(request.actor, request.query),
    )

    app.post(
      path,
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Say a message in words of your own, in this unit and below',
          operationId: 'createMessageTemplate',
          body: NewMessageTemplate,
          response: { 201: MessageTemplate, ...problems },
        },
      },
      async (request, reply) => {
        const made = await templates.createTemplate(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/message-templates/${made.id}`)
          .header('etag', etagOf(made.version))
          .send(made)
      },
    )

    app.get(
      `${path}/:id`,
      {
        schema: {
          tags,
          summary: 'Read a text',
          operationId: 'getMessageTemplate',
          params: IdParams,
          response: { 200: MessageTemplate, ...problems },
        },
      },
      async (request, reply) => {
        const found = await templates.showTemplate(request.actor, request.params.id)
        return reply.header('etag', etagOf(found.version)).send(found)
      },
    )

    app.patch(
      `${path}/:id`,
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Change a text',
          operationId: 'updateMessageTemplate',
          params: IdParams,
          body: MessageTemplatePatch,
          response: { 200: MessageTemplate, ...problems },
        },
      },
      async (request, reply) => {
        const version = requiredVersion(request)
        const changed = await templates.updateTemplate(request.actor, request.params.id, version, request.body)
        return reply.header('etag', etagOf(changed.version)).send(changed)
      },
    )

    app.delete(
      `${path}/:id`,
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Take a text back; the built-in one is said again',
          operationId: 'deleteMessageTemplate',
          params: IdParams,
          response: { 204: z.null(), ...problems },
        },
      },
      async (request, reply) => {
        await templates.deleteTemplate(request.actor, request.params.id, requiredVersion(request))
        return reply.code(204).send(null)
      },
    )

    app.post(
      '/message-previews',
      {
        schema: {
          tags,
          summary: 'Show a message in every language and for every kind of channel; sends and keeps nothing',
          operationId: 'previewMessage',
          body: PreviewRequest,
          response: { 200: Preview, ...problems },
        },
      },
      (request) => templates.preview(request.actor, request.body),
    )

    app.post(
      '/test-messages',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Send a message of examples, marked as a test, to an address of your choice',
          operationId: 'sendTestMessage',
          body: TestMessage,
          response: { 202: Message, ...problems },
        },
      },
      async (request, reply) => reply.code(202).send(await templates.sendTest(request.actor, request.body)),
    )
  }
