import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Acknowledge,
  AnnouncementDetail,
  AnnouncementList,
  AnnouncementPage,
  AnnouncementPatch,
  AudiencePreview,
  AudiencePreviewed,
  NewAnnouncement,
  RecipientList,
  RecipientPage,
  Reminded,
  Stop,
} from './announcements.schemas.ts'
import type { Announcements } from './announcements.service.ts'

export const announcementsRoutes =
  (announcements: Announcements): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/announcements',
      {
        schema: {
          tags: ['announcements'],
          summary: 'List announcements',
          operationId: 'listAnnouncements',
          querystring: AnnouncementList,
          response: { 200: AnnouncementPage, ...problems },
        },
      },
      (request) => announcements.list(request.actor, request.query),
    )

    app.post(
      '/announcements',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['announcements'],
          summary: 'Announce something that each recipient has to acknowledge',
          operationId: 'createAnnouncement',
          body: NewAnnouncement,
          response: { 201: AnnouncementDetail, ...problems },
        },
      },
      async (request, reply) => {
        const made = await announcements.create(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/announcements/${made.id}`)
          .header('etag', etagOf(made.version))
          .send(made)
      },
    )

    app.post(
      '/announcement-audiences',
      {
        schema: {
          tags: ['announcements'],
          summary: 'Count whom an audience means; asks nobody',
          operationId: 'previewAudience',
          body: AudiencePreview,
          response: { 200: AudiencePreviewed, ...problems },
        },
      },
      (request) => announcements.preview(request.actor, request.body),
    )

    app.get(
      '/announcements/:id',
      {
        schema: {
          tags: ['announcements'],
          summary: 'Read an announcement with counts by unit and all its wordings',
          operationId: 'getAnnouncement',
          params: IdParams,
          response: { 200: AnnouncementDetail, ...problems },
        },
      },
      async (request, reply) => {
        const found = await announcements.show(request.actor, request.params.id)
        return reply.header('etag', etagOf(found.version)).send(found)
      },
    )

    app.patch(
      '/announcements/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags: ['announcements'],
          summary: 'Change wording or schedule (If-Match); a material wording is acknowledged anew',
          operationId: 'updateAnnouncement',
          params: IdParams,
          body: AnnouncementPatch,
          response: { 200: AnnouncementDetail, ...problems },
        },
      },
      async (request, reply) => {
        const version = requiredVersion(request)
        const changed = await announcements.change(request.actor, request.params.id, version, request.body)
        return reply.header('etag', etagOf(changed.version)).send(changed)
      },
    )

    app.get(
      '/announcements/:id/recipients',
      {
        schema: {
          tags: ['announcements'],
          summary: 'List who has acknowledged and who has not',
          operationId: 'listAnnouncementRecipients',
          params: IdParams,
          querystring: RecipientList,
          response: { 200: RecipientPage, ...problems },
        },
      },
      (request) => announcements.listRecipients(request.actor, request.params.id, request.query),
    )

    app.post(
      action('/announcements', 'acknowledge'),
      {
        schema: {
          tags: ['announcements'],
          summary: 'Write down that a recipient has read it',
          operationId: 'acknowledgeAnnouncement',
          params: IdParams,
          body: Acknowledge,
          response: { 200: AnnouncementDetail, ...problems },
        },
      },
      (request) => announcements.acknowledgeFor(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/announcements', 'remind'),
      {
        schema: {
          tags: ['announcements'],
          summary: 'Remind everybody who has not acknowledged, now',
          operationId: 'remindAnnouncement',
          params: IdParams,
          response: { 200: Reminded, ...problems },
        },
      },
      (request) => announcements.remindNow(request.actor, request.params.id),
    )

    app.post(
      action('/announcements', 'stop'),
      {
        schema: {
          tags: ['announcements'],
          summary: 'Stop an announcement: nobody is reminded any more',
          operationId: 'stopAnnouncement',
          params: IdParams,
          body: Stop,
          response: { 200: AnnouncementDetail, ...problems },
        },
      },
      (request) => announcements.stop(request.actor, request.params.id, request.body),
    )
  }
