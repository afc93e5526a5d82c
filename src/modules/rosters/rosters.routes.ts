import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  FrozenVersion,
  Publication,
  Publish,
  RosterDiff,
  RosterVersions,
  VersionParams,
} from './publication.schemas.ts'
import { NewRoster, Regenerate, Roster, RosterList, RosterPage } from './rosters.schemas.ts'
import type { Rosters } from './rosters.service.ts'

const tags = ['rosters']

/** Where the run that was asked for can be followed. */
const monitor = (run: { id: string } | null) => (run ? `</v1/generation-runs/${run.id}>; rel="monitor"` : '')

export const rostersRoutes =
  (rosters: Rosters): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/rosters',
      {
        schema: {
          tags,
          summary: 'List rosters',
          operationId: 'listRosters',
          querystring: RosterList,
          response: { 200: RosterPage, ...problems },
        },
      },
      (request) => rosters.listRosters(request.actor, request.query),
    )

    app.post(
      '/rosters',
      {
        config: { idempotency: 'required' },
        schema: {
          tags,
          summary: 'Ask for the roster of a unit and a period (Idempotency-Key)',
          description: 'A worker makes it; follow the generation run that the answer and its Link header name.',
          operationId: 'createRoster',
          body: NewRoster,
          response: { 202: Roster, ...problems },
        },
      },
      async (request, reply) => {
        const roster = await rosters.createRoster(request.actor, request.body)
        return reply
          .code(202)
          .header('location', `/v1/rosters/${roster.id}`)
          .header('link', monitor(roster.generationRun))
          .header('etag', etagOf(roster.version))
          .send(roster)
      },
    )

    app.get(
      '/rosters/:id',
      {
        schema: {
          tags,
          summary: 'Read a roster: state, counts, score, newest generation run',
          operationId: 'getRoster',
          params: IdParams,
          response: { 200: Roster, ...problems },
        },
      },
      async (request, reply) => {
        const roster = await rosters.showRoster(request.actor, request.params.id)
        return reply.header('etag', etagOf(roster.version)).send(roster)
      },
    )

    app.post(
      action('/rosters', 'regenerate'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Plan anew around the pins; what is published changes as little as possible',
          operationId: 'regenerateRoster',
          params: IdParams,
          body: Regenerate,
          response: { 202: Roster, ...problems },
        },
      },
      async (request, reply) => {
        const roster = await rosters.regenerate(request.actor, request.params.id, request.body)
        return reply
          .code(202)
          .header('location', `/v1/rosters/${roster.id}`)
          .header('link', monitor(roster.generationRun))
          .header('etag', etagOf(roster.version))
          .send(roster)
      },
    )

    app.post(
      action('/rosters', 'discard'),
      {
        schema: {
          tags,
          summary: 'Throw the draft away; what was published stays',
          operationId: 'discardRoster',
          params: IdParams,
          response: { 200: Roster, ...problems },
        },
      },
      async (request, reply) => {
        const roster = await rosters.discard(request.actor, request.params.id)
        return reply.header('etag', etagOf(roster.version)).send(roster)
      },
    )

    app.get(
      '/rosters/:id/diff',
      {
        schema: {
          tags,
          summary: 'Compare the draft with what is live',
          operationId: 'diffRoster',
          params: IdParams,
          response: { 200: RosterDiff, ...problems },
        },
      },
      async (request, reply) => {
        const diff = await rosters.showDiff(request.actor, request.params.id)
        return reply.header('etag', etagOf(diff.version)).send(diff)
      },
    )

    app.post(
      action('/rosters', 'publish'),
      {
        config: { ifMatch: true, idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Publish the draft, or try how it would be (If-Match)',
          description: 'All or nothing, and only the difference: who keeps a duty hears nothing.',
          operationId: 'publishRoster',
          params: IdParams,
          body: Publish,
          response: { 200: Publication, ...problems },
        },
      },
      async (request, reply) => {
        const { actor, params, body } = request
        const answer = await rosters.publish(actor, params.id, requiredVersion(request), body)
        return reply.header('etag', etagOf(answer.rosterVersion)).send(answer)
      },
    )

    app.get(
      '/rosters/:id/versions',
      {
        schema: {
          tags,
          summary: 'List the published versions of a roster',
          operationId: 'listRosterVersions',
          params: IdParams,
          response: { 200: RosterVersions, ...problems },
        },
      },
      (request) => rosters.listVersions(request.actor, request.params.id),
    )

    app.get(
      '/rosters/:id/versions/:number',
      {
        schema: {
          tags,
          summary: 'Read a published version as it was frozen',
          operationId: 'getRosterVersion',
          params: VersionParams,
          response: { 200: FrozenVersion, ...problems },
        },
      },
      (request) => rosters.showVersion(request.actor, request.params.id, request.params.number),
    )
  }
