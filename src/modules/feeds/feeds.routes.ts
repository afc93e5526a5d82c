import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { CalendarFeed, CalendarFeedList, CalendarFeedPage, NewCalendarFeed } from './feeds.schemas.ts'
import type { Feeds } from './feeds.service.ts'

const tags = ['calendar feeds']
const SUBJECTS = [
  { subject: 'volunteer', collection: '/volunteers', name: 'Volunteer', whose: 'a person' },
  { subject: 'post', collection: '/posts', name: 'Post', whose: 'a post' },
] as const

export const feedsRoutes =
  (feeds: Feeds): FastifyPluginAsyncZod =>
  async (app) => {
    for (const { subject, collection, name, whose } of SUBJECTS) {
      app.post(
        `${collection}/:id/calendar-feeds`,
        {
          schema: {
            tags,
            summary: `Make a calendar address for the duties of ${whose}`,
            description: 'The answer is the only place where the address can be read.',
            operationId: `create${name}CalendarFeed`,
            params: IdParams,
            response: { 201: NewCalendarFeed, ...problems },
          },
        },
        async (request, reply) =>
          reply.code(201).send(await feeds.createFeed(request.actor, subject, request.params.id)),
      )

      app.get(
        `${collection}/:id/calendar-feeds`,
        {
          schema: {
            tags,
            summary: `List the calendar addresses of ${whose}, without their secrets`,
            operationId: `list${name}CalendarFeeds`,
            params: IdParams,
            querystring: CalendarFeedList,
            response: { 200: CalendarFeedPage, ...problems },
          },
        },
        (request) => feeds.listFeeds(request.actor, subject, request.params.id, request.query),
      )
    }

    app.post(
      action('/calendar-feeds', 'revoke'),
      {
        schema: {
          tags,
          summary: 'Revoke a calendar address',
          operationId: 'revokeCalendarFeed',
          params: IdParams,
          response: { 200: CalendarFeed, ...problems },
        },
      },
      (request) => feeds.revokeFeed(request.actor, request.params.id),
    )
  }
