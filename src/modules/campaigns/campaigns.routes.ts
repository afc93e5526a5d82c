import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { campaignItemsRoutes } from './campaign-items.routes.ts'
import { campaignWorkRoutes } from './campaign-work.routes.ts'
import {
  AddedItems,
  Campaign,
  CampaignList,
  CampaignPage,
  CampaignPatch,
  DestroyItems,
  ItemList,
  ItemPage,
  NewCampaign,
  NewItems,
  NewRound,
} from './campaigns.schemas.ts'
import type { Campaigns } from './campaigns.service.ts'

const tags = ['campaigns']

export const campaignsRoutes =
  (campaigns: Campaigns): FastifyPluginAsyncZod =>
  async (app) => {
    app.register(campaignItemsRoutes(campaigns))
    app.register(campaignWorkRoutes(campaigns))

    app.get(
      '/campaigns',
      {
        schema: {
          tags,
          summary: 'List campaigns',
          operationId: 'listCampaigns',
          querystring: CampaignList,
          response: { 200: CampaignPage, ...problems },
        },
      },
      (request) => campaigns.listCampaigns(request.actor, request.query),
    )

    app.post(
      '/campaigns',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Make a campaign with its rounds',
          operationId: 'createCampaign',
          body: NewCampaign,
          response: { 201: Campaign, ...problems },
        },
      },
      async (request, reply) => {
        const made = await campaigns.createCampaign(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/campaigns/${made.id}`)
          .header('etag', etagOf(made.version))
          .send(made)
      },
    )

    app.get(
      '/campaigns/:id',
      {
        schema: {
          tags,
          summary: 'Read a campaign',
          operationId: 'getCampaign',
          params: IdParams,
          response: { 200: Campaign, ...problems },
        },
      },
      async (request, reply) => {
        const found = await campaigns.showCampaign(request.actor, request.params.id)
        return reply.header('etag', etagOf(found.version)).send(found)
      },
    )

    app.patch(
      '/campaigns/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Change a campaign (If-Match)',
          operationId: 'updateCampaign',
          params: IdParams,
          body: CampaignPatch,
          response: { 200: Campaign, ...problems },
        },
      },
      async (request, reply) => {
        const { actor, params, body } = request
        const changed = await campaigns.updateCampaign(actor, params.id, requiredVersion(request), body)
        return reply.header('etag', etagOf(changed.version)).send(changed)
      },
    )

    app.post(
      action('/campaigns', 'add-round'),
      {
        schema: {
          tags,
          summary: 'Add a round over the same items',
          operationId: 'addCampaignRound',
          params: IdParams,
          body: NewRound,
          response: { 200: Campaign, ...problems },
        },
      },
      (request) => campaigns.addRound(request.actor, request.params.id, request.body),
    )

    app.get(
      '/campaigns/:id/items',
      {
        schema: {
          tags,
          summary: 'List the people and places of a campaign',
          operationId: 'listCampaignItems',
          params: IdParams,
          querystring: ItemList,
          response: { 200: ItemPage, ...problems },
        },
      },
      (request) => campaigns.listItems(request.actor, request.params.id, request.query),
    )

    app.post(
      '/campaigns/:id/items',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Add people or places to be reached',
          description: 'All or none. An item whose reference is known already is left alone.',
          operationId: 'addCampaignItems',
          params: IdParams,
          body: NewItems,
          response: { 200: AddedItems, ...problems },
        },
      },
      (request) => campaigns.addItems(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/campaigns', 'finish'),
      {
        schema: {
          tags,
          summary: 'Finish a campaign',
          operationId: 'finishCampaign',
          params: IdParams,
          response: { 200: Campaign, ...problems },
        },
      },
      (request) => campaigns.finish(request.actor, request.params.id),
    )

    app.post(
      action('/campaigns', 'destroy-items'),
      {
        schema: {
          tags,
          summary: 'Destroy the personal data of a finished campaign; the counts stay',
          operationId: 'destroyCampaignItems',
          params: IdParams,
          body: DestroyItems,
          response: { 200: Campaign, ...problems },
        },
      },
      (request) => campaigns.destroyItems(request.actor, request.params.id, request.body),
    )
  }
