import { fastifyFormbody } from '@fastify/formbody'
import fastifyHelmet from '@fastify/helmet'
import fastifyRateLimit from '@fastify/rate-limit'
import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { attendancePages } from './modules/attendance/attendance.page-routes.ts'
import { attendanceConstraints } from './modules/attendance/attendance.problems.ts'
import { attendanceRoutes } from './modules/attendance/attendance.routes.ts'
import { certificatePages } from './modules/certificates/certificates.page-routes.ts'
import { certificatesRoutes } from './modules/certificates/certificates.routes.ts'
import { confirmationPages } from './modules/confirmations/confirmations.page-routes.ts'
import { confirmationsRoutes } from './modules/confirmations/confirmations.routes.ts'
import { echelonsConstraints } from './modules/echelons/echelons.problems.ts'
import { echelonsRoutes } from './modules/echelons/echelons.routes.ts'
import { feedPages } from './modules/feeds/feeds.page-routes.ts'
import { feedsRoutes } from './modules/feeds/feeds.routes.ts'
import { offerPages } from './modules/gap-filling/gap-filling.page-routes.ts'
import { gapFillingConstraints } from './modules/gap-filling/gap-filling.problems.ts'
import { gapFillingRoutes } from './modules/gap-filling/gap-filling.routes.ts'
import { hoursConstraints } from './modules/hours/hours.problems.ts'
import { hoursRoutes } from './modules/hours/hours.routes.ts'
import { hoursChartsRoutes } from './modules/hours-charts/hours-charts.routes.ts'
import { notificationsRoutes } from './modules/notifications/notifications.routes.ts'
import { organisationConstraints } from './modules/organisation/organisation.problems.ts'
import { organisationRoutes } from './modules/organisation/organisation.routes.ts'
import { postsConstraints } from './modules/posts/posts.problems.ts'
import { postsRoutes } from './modules/posts/posts.routes.ts'
import { shiftTemplatesRoutes } from './modules/posts/shift-templates.routes.ts'
import { rosterFilesRoutes } from './modules/roster-files/roster-files.routes.ts'
import { draftsRoutes } from './modules/rosters/drafts.routes.ts'
import { generationRunsRoutes } from './modules/rosters/generation-runs.routes.ts'
import { rosterRulesRoutes } from './modules/rosters/roster-rules.routes.ts'
import { rostersConstraints } from './modules/rosters/rosters.problems.ts'
import { rostersRoutes } from './modules/rosters/rosters.routes.ts'
import { volunteersConstraints } from './modules/volunteers/volunteers.problems.ts'
import { volunteersRoutes } from './modules/volunteers/volunteers.routes.ts'
import { webhooksRoutes } from './modules/webhooks/webhooks.routes.ts'
import { authenticateByKey } from './platform/auth/authenticate.ts'
import type { Config } from './platform/config/config.ts'
import { documentHeaders } from './platform/http/document-headers.ts'
import { answerWithProblems } from './platform/http/errors.ts'
import { honourIdempotencyKeys } from './platform/http/idempotency.ts'
import { ProblemError } from './platform/http/problem.ts'
import { validateWholeRequests } from './platform/http/validation.ts'
import type { Services } from './services.ts'

export interface AppDeps {
  services: Services
  config: Pick<Config, 'http'>
  log: FastifyBaseLogger
  /** Says whether the process can do its work; a reason when not. */
  readiness(): Promise<string | undefined>
}

/** How long requests under way may take to end when the process stops. */
const LAST_WORDS_MS = 3_000

const tooManyRequests = (_request: unknown, { max, after }: { max: number; after: string }) =>
  new ProblemError(429, 'too-many-requests', `More than ${max} requests a minute. Try again in ${after}.`)

/** Table of contents of the HTTP side: who may enter where. */
export async function buildApp({ services, config, log, readiness }: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.http.trustProxy,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>()

  // Requests under way may end; a connection that only stays open must not keep the process from ending.
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), LAST_WORDS_MS).unref()
  })
  app.setSerializerCompiler(serializerCompiler)
  validateWholeRequests(app)
  answerWithProblems(app, {
    ...organisationConstraints,
    ...volunteersConstraints,
    ...echelonsConstraints,
    ...postsConstraints,
    ...rostersConstraints,
    ...gapFillingConstraints,
    ...attendanceConstraints,
    ...hoursConstraints,
  })
  await app.register(fastifyHelmet, { contentSecurityPolicy: false })
  await app.register(fastifyFormbody)
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Watchbill', version: '1', description: 'Volunteer and duty-rotation scheduling.' },
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(fastifySwaggerUi, { routePrefix: '/docs' })

  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'alive' }))
  app.get('/readyz', { schema: { hide: true } }, async () => {
    const reason = await readiness()
    if (reason) throw new ProblemError(503, 'not-ready', reason)
    return { status: 'ready' }
  })

  app.register(
    async function keyHolders(scope) {
      authenticateByKey(scope, services.organisation.findKeyHolder)
      await scope.register(fastifyRateLimit, {
        max: config.http.ratePerMinute,
        timeWindow: '1 minute',
        hook: 'preValidation',
        keyGenerator: (request) => request.actor.id,
        errorResponseBuilder: tooManyRequests,
      })
      honourIdempotencyKeys(scope, services.foundations.db, services.foundations.clock)
      documentHeaders(scope)
      scope.register(organisationRoutes(services.organisation))
      scope.register(notificationsRoutes(services.notifications))
      scope.register(confirmationsRoutes(services.confirmations))
      scope.register(volunteersRoutes(services.volunteers))
      scope.register(echelonsRoutes(services.echelons))
      scope.register(postsRoutes(services.posts))
      scope.register(shiftTemplatesRoutes(services.posts))
      scope.register(rosterRulesRoutes(services.rosterRules))
      scope.register(rostersRoutes(services.rosters))
      scope.register(draftsRoutes(services.rosters))
      scope.register(generationRunsRoutes(services.rosters))
      scope.register(gapFillingRoutes(services.gapFilling))
      scope.register(attendanceRoutes(services.attendance))
      scope.register(hoursRoutes(services.hours))
      scope.register(webhooksRoutes(services.webhooks))
      scope.register(hoursChartsRoutes(services.hoursCharts))
      scope.register(rosterFilesRoutes(services.rosterFiles))
      scope.register(feedsRoutes(services.feeds))
      scope.register(certificatesRoutes(services.certificates))
    },
    { prefix: '/v1' },
  )
  app.register(async function passersBy(scope) {
    await scope.register(fastifyRateLimit, {
      max: config.http.ratePerMinute,
      timeWindow: '1 minute',
      keyGenerator: (request) => request.ip,
      errorResponseBuilder: tooManyRequests,
    })
    scope.register(feedPages(services.feeds), { prefix: '/feeds' })
    scope.register(certificatePages(services.certificates), { prefix: '/verify' })
  })
  app.register(confirmationPages(services.confirmations), { prefix: '/c' })
  app.register(offerPages(services.gapFilling), { prefix: '/o' })
  app.register(attendancePages(services.attendance), { prefix: '/a' })
  return app
}
