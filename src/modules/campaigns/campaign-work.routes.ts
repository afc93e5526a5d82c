import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Chased,
  DivideCampaign,
  DivisionOut,
  Entry,
  MarkEntry,
  Progress,
  ProgressList,
  ProgressPage,
  ReassignItems,
  TaskList,
  TaskOut,
  TaskPage,
} from './campaigns.schemas.ts'
import type { Campaigns } from './campaigns.service.ts'

const tags = ['campaigns']

export const campaignWorkRoutes =
  (campaigns: Campaigns): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      action('/campaigns', 'divide'),
      {
        schema: {
          tags,
          summary: 'Divide what is in nobody’s hands among volunteers',
          description: 'Volunteers are asked first; the items are theirs when they accept.',
          operationId: 'divideCampaign',
          params: IdParams,
          body: DivideCampaign,
          response: { 200: DivisionOut, ...problems },
        },
      },
      (request) => campaigns.divide(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/campaigns', 'reassign'),
      {
        schema: {
          tags,
          summary: 'Put what somebody has not finished into other hands',
          operationId: 'reassignCampaignItems',
          params: IdParams,
          body: ReassignItems,
          response: { 200: DivisionOut, ...problems },
        },
      },
      (request) => campaigns.reassign(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/campaigns', 'chase'),
      {
        schema: {
          tags,
          summary: 'Remind everybody who has something left to do',
          operationId: 'chaseCampaign',
          params: IdParams,
          response: { 200: Chased, ...problems },
        },
      },
      (request) => campaigns.chase(request.actor, request.params.id),
    )

    app.get(
      '/campaigns/:id/tasks',
      {
        schema: {
          tags,
          summary: 'List who takes part and what they have answered',
          operationId: 'listCampaignTasks',
          params: IdParams,
          querystring: TaskList,
          response: { 200: TaskPage, ...problems },
        },
      },
      (request) => campaigns.listTasks(request.actor, request.params.id, request.query),
    )

    app.post(
      action('/campaign-tasks', 'accept'),
      {
        schema: {
          tags,
          summary: 'Note that somebody has accepted by phone',
          operationId: 'acceptCampaignTask',
          params: IdParams,
          response: { 200: TaskOut, ...problems },
        },
      },
      (request) => campaigns.decideTask(request.actor, request.params.id, 'accepted'),
    )

    app.post(
      action('/campaign-tasks', 'decline'),
      {
        schema: {
          tags,
          summary: 'Note that somebody has declined by phone',
          operationId: 'declineCampaignTask',
          params: IdParams,
          response: { 200: TaskOut, ...problems },
        },
      },
      (request) => campaigns.decideTask(request.actor, request.params.id, 'declined'),
    )

    app.post(
      action('/campaign-entries', 'mark'),
      {
        schema: {
          tags,
          summary: 'Say what became of an item in a round',
          operationId: 'markCampaignEntry',
          params: IdParams,
          body: MarkEntry,
          response: { 200: Entry, ...problems },
        },
      },
      (request) => campaigns.markEntry(request.actor, request.params.id, request.body),
    )

    app.get(
      '/campaigns/:id/progress',
      {
        schema: {
          tags,
          summary: 'Read how far a campaign has come',
          operationId: 'getCampaignProgress',
          params: IdParams,
          response: { 200: Progress, ...problems },
        },
      },
      (request) => campaigns.progress(request.actor, request.params.id),
    )

    app.get(
      '/campaigns/:id/progress/units',
      {
        schema: {
          tags,
          summary: 'Read how far a campaign has come by unit',
          operationId: 'listCampaignProgressByUnit',
          params: IdParams,
          querystring: ProgressList,
          response: { 200: ProgressPage, ...problems },
        },
      },
      (request) => campaigns.progressByUnit(request.actor, request.params.id, request.query),
    )

    app.get(
      '/campaigns/:id/progress/people',
      {
        schema: {
          tags,
          summary: 'Read how far a campaign has come by person',
          operationId: 'listCampaignProgressByPerson',
          params: IdParams,
          querystring: ProgressList,
          response: { 200: ProgressPage, ...problems },
        },
      },
      (request) => campaigns.progressByPerson(request.actor, request.params.id, request.query),
    )
  }
