import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { Task, TaskList, TaskPage } from './tasks.schemas.ts'
import type { Tasks } from './tasks.service.ts'

const tags = ['tasks']
const role = 'admin' as const

export const tasksRoutes =
  (tasks: Tasks): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/tasks',
      {
        config: { role },
        schema: {
          tags,
          summary: 'List what was given up, waits or is being done without a request; for admins of a root unit',
          operationId: 'listTasks',
          querystring: TaskList,
          response: { 200: TaskPage, ...problems },
        },
      },
      (request) => tasks.listTasks(request.actor, request.query),
    )

    app.post(
      action('/tasks', 'retry'),
      {
        config: { role },
        schema: {
          tags,
          summary: 'Try a dead task again, with all its attempts before it',
          operationId: 'retryTask',
          params: IdParams,
          response: { 200: Task, ...problems },
        },
      },
      (request) => tasks.retry(request.actor, request.params.id),
    )

    app.post(
      action('/tasks', 'drop'),
      {
        config: { role },
        schema: {
          tags,
          summary: 'Let a dead task go',
          operationId: 'dropTask',
          params: IdParams,
          response: { 200: Task, ...problems },
        },
      },
      (request) => tasks.drop(request.actor, request.params.id),
    )
  }
