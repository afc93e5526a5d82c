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
import { announcementPages } from './modules/announcements/announcements.page-routes.ts'
import { announcementsRoutes } from './modules/announcements/announcements.routes.ts'
import { attendancePages } from './modules/attendance/attendance.page-routes.ts'
import { attendanceConstraints } from './modules/attendance/attendance.problems.ts'
import { attendanceRoutes } from './modules/attendance/attendance.routes.ts'
import { postPages } from './modules/attendance/codes.page-routes.ts'
import { codesRoutes } from './modules/attendance/codes.routes.ts'
import { correctionsRoutes } from './modules/attendance/corrections.routes.ts'
import { factsRoutes } from './modules/attendance/facts.routes.ts'
import { callPages } from './modules/call-outs/call-outs.page-routes.ts'
import { callOutsRoutes } from './modules/call-outs/call-outs.routes.ts'
import { campaignPages } from './modules/campaigns/campaigns.page-routes.ts'
import { campaignsConstraints } from './modules/campaigns/campaigns.problems.ts'
import { campaignsRoutes } from './modules/campaigns/campaigns.routes.ts'
import { certificatePages } from './modules/certificates/certificates.page-routes.ts'
import { certificatesRoutes } from './modules/certificates/certificates.routes.ts'
import { confirmationPages } from './modules/confirmations/confirmations.page-routes.ts'
import { confirmationsRoutes } from './modules/confirmations/confirmations.routes.ts'
import { standingConsentsRoutes } from './modules/confirmations/standing-consents.routes.ts'
import { stopPages } from './modules/confirmations/stop-messages.page-routes.ts'
import { crewsConstraints } from './modules/crews/crews.problems.ts'
import { crewsRoutes } from './modules/crews/crews.routes.ts'
import { dutyDaysRoutes } from './modules/duty-days/duty-days.routes.ts'
import { dutyFilesRoutes } from './modules/duty-files/duty-files.routes.ts'
import { dutySheetsRoutes } from './modules/duty-files/duty-sheets.routes.ts'
import { reportPages } from './modules/duty-reports/duty-reports.page-routes.ts'
import { dutyReportsConstraints } from './modules/duty-reports/duty-reports.problems.ts'
import { dutyReportsRoutes } from './modules/duty-reports/duty-reports.routes.ts'
import { echelonsConstraints } from './modules/echelons/echelons.problems.ts'
import { echelonsRoutes } from './modules/echelons/echelons.routes.ts'
import { feedPages } from './modules/feeds/feeds.page-routes.ts'
import { feedsRoutes } from './modules/feeds/feeds.routes.ts'
import { offerPages } from './modules/gap-filling/gap-filling.page-routes.ts'
import { gapFillingConstraints } from './modules/gap-filling/gap-filling.problems.ts'
import { gapFillingRoutes } from './modules/gap-filling/gap-filling.routes.ts'
import { handoverPages } from './modules/handovers/handovers.page-routes.ts'
import { handoversConstraints } from './modules/handovers/handovers.problems.ts'
import { handoversRoutes } from './modules/handovers/handovers.routes.ts'
import { holidaysImportRoutes, holidaysRoutes } from './modules/holidays/holidays.routes.ts'
import { hoursConstraints } from './modules/hours/hours.problems.ts'
import { hoursRoutes } from './modules/hours/hours.routes.ts'
import { hoursChartsRoutes } from './modules/hours-charts/hours-charts.routes.ts'
import { messageLatencyRoutes } from './modules/notifications/message-latency.routes.ts'
import { notificationsConstraints } from './modules/notifications/notifications.problems.ts'
import { receiptDoors } from './modules/notifications/notifications.receipt-routes.ts'
import { notificationsRoutes } from './modules/notifications/notifications.routes.ts'
import { STOP_PATH } from './modules/notifications/notifications.types.ts'
import { messageTemplatesRoutes } from './modules/notifications/templates.routes.ts'
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
import { standingPages } from './modules/standing-duties/standing-duties.page-routes.ts'
import { standingConstraints } from './modules/standing-duties/standing-duties.problems.ts'
import { standingDutiesRoutes } from './modules/standing-duties/standing-duties.routes.ts'
import { visitPlansRoutes } from './modules/standing-duties/visit-plans.routes.ts'
import { summariesRoutes } from './modules/summaries/summaries.routes.ts'
import { swapPages } from './modules/swaps/swaps.page-routes.ts'
import { swapsConstraints } from './modules/swaps/swaps.problems.ts'
import { swapsRoutes } from './modules/swaps/swaps.routes.ts'
import { tasksConstraints } from './modules/tasks/tasks.problems.ts'
import { tasksRoutes } from './modules/tasks/tasks.routes.ts'
import { volunteersConstraints } from './modules/volunteers/volunteers.problems.ts'
import { volunteersRoutes } from './modules/volunteers/volunteers.routes.ts'
import { webhooksRoutes } from './modules/webhooks/webhooks.routes.ts'
import { authenticateByKey } from './platform/auth/authenticate.ts'
import type { Config } from './platform/config/config.ts'
import { codePages } from './platform/http/code-pages.ts'
import { documentHeaders } from './platform/http/document-headers.ts'
import { answerWithProblems } from './platform/http/errors.ts'
import { honourIdempotencyKeys } from './platform/http/idempotency.ts'
import { ProblemError, tooManyRequests } from './platform/http/problem.ts'
import { limitBySecret, secretOf, sharedPageOf } from './platform/http/secret-limits.ts'
import { validateWholeRequests } from './platform/http/validation.ts'
import { limitWaits } from './platform/http/waits.ts'
import type { Services } from './services.ts'

/** Why the process cannot do its work; else how many tasks were given up, which does not keep it from that. */
export type Readiness = { reason: string } | { deadTasks: number }

export interface AppDeps {
  services: Services
  config: Pick<Config, 'http' | 'receiptSecrets' | 'smsReports' | 'databaseWaits'>
  log: FastifyBaseLogger
  readiness(): Promise<Readiness>
}

/** How long requests under way may take to end when the process stops. */
const LAST_WORDS_MS = 3_000

const beyondLimit = (_request: unknown, { max, after }: { max: number; after: string }) => tooManyRequests(max, after)

/** Table of contents of the HTTP side: who may enter where. */
export async function buildApp({ services, config, log, readiness }: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.http.trustProxy,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>()

  app.decorate('supportPhone', config.http.supportPhone)
  app.decorate('mapUrl', config.http.mapUrl)
  // Requests under way may end; a connection that only stays open must not keep the process from ending.
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), LAST_WORDS_MS).unref()
  })
  app.setSerializerCompiler(serializerCompiler)
  limitWaits(app, config.databaseWaits)
  validateWholeRequests(app)
  answerWithProblems(app, {
    ...organisationConstraints,
    ...notificationsConstraints,
    ...volunteersConstraints,
    ...crewsConstraints,
    ...standingConstraints,
    ...echelonsConstraints,
    ...postsConstraints,
    ...rostersConstraints,
    ...gapFillingConstraints,
    ...attendanceConstraints,
    ...handoversConstraints,
    ...hoursConstraints,
    ...swapsConstraints,
    ...dutyReportsConstraints,
    ...campaignsConstraints,
    ...tasksConstraints,
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
    const found = await readiness()
    if ('reason' in found) throw new ProblemError(503, 'not-ready', found.reason)
    return { status: 'ready', ...found }
  })

  app.register(
    async function keyHolders(scope) {
      authenticateByKey(scope, services.organisation.findKeyHolder)
      await scope.register(fastifyRateLimit, {
        max: config.http.ratePerMinute,
        timeWindow: '1 minute',
        hook: 'preValidation',
        keyGenerator: (request) => request.actor.id,
        errorResponseBuilder: beyondLimit,
      })
      honourIdempotencyKeys(scope, services.foundations.db, services.foundations.clock)
      documentHeaders(scope)
      scope.register(organisationRoutes(services.organisation))
      scope.register(notificationsRoutes(services.notifications))
      scope.register(messageLatencyRoutes(services.messageLatency))
      scope.register(messageTemplatesRoutes(services.messageTemplates))
      scope.register(confirmationsRoutes(services.confirmations))
      scope.register(standingConsentsRoutes(services.confirmations))
      scope.register(volunteersRoutes(services.volunteers))
      scope.register(echelonsRoutes(services.echelons))
      scope.register(crewsRoutes(services.crews))
      scope.register(visitPlansRoutes(services.standingDuties))
      scope.register(standingDutiesRoutes(services.standingDuties))
      scope.register(postsRoutes(services.posts))
      scope.register(shiftTemplatesRoutes(services.posts))
      scope.register(rosterRulesRoutes(services.rosterRules))
      scope.register(rostersRoutes(services.rosters))
      scope.register(draftsRoutes(services.rosters))
      scope.register(generationRunsRoutes(services.rosters))
      scope.register(gapFillingRoutes(services.gapFilling))
      scope.register(callOutsRoutes(services.callOuts))
      scope.register(attendanceRoutes(services.attendance))
      scope.register(correctionsRoutes(services.attendance.corrections))
      scope.register(codesRoutes(services.attendance.codes))
      scope.register(factsRoutes(services.attendance))
      scope.register(handoversRoutes(services.handovers))
      scope.register(holidaysRoutes(services.holidays))
      scope.register(holidaysImportRoutes(services.holidays))
      scope.register(hoursRoutes(services.hours))
      scope.register(swapsRoutes(services.swaps))
      scope.register(announcementsRoutes(services.announcements))
      scope.register(dutyReportsRoutes(services.dutyReports))
      scope.register(campaignsRoutes(services.campaigns))
      scope.register(dutyDaysRoutes(services.dutyDays))
      scope.register(webhooksRoutes(services.webhooks))
      scope.register(tasksRoutes(services.tasks))
      scope.register(hoursChartsRoutes(services.hoursCharts))
      scope.register(summariesRoutes(services.summaries))
      scope.register(rosterFilesRoutes(services.rosterFiles))
      scope.register(dutyFilesRoutes(services.dutyFiles))
      scope.register(dutySheetsRoutes(services.dutySheets))
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
      allowList: (request) => (secretOf(request) ?? sharedPageOf(request)) !== undefined,
      // A dead link answers like any other, whatever it looks like.
      addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
      errorResponseBuilder: beyondLimit,
    })
    limitBySecret(scope, { perMinute: config.http.ratePerMinute, clock: services.foundations.clock })
    scope.register(feedPages(services.feeds), { prefix: '/feeds' })
    scope.register(certificatePages(services.certificates), { prefix: '/verify' })
    scope.register(swapPages(services.swaps), { prefix: '/s' })
    scope.register(announcementPages(services.announcements), { prefix: '/n' })
    scope.register(codePages(services.codeDesk))
    scope.register(confirmationPages(services.confirmations), { prefix: '/c' })
    scope.register(stopPages(services.confirmations), { prefix: STOP_PATH })
    scope.register(offerPages(services.gapFilling), { prefix: '/o' })
    scope.register(callPages(services.callOuts), { prefix: '/e' })
    scope.register(standingPages(services.standingDuties), { prefix: '/d' })
    scope.register(attendancePages(services.attendance), { prefix: '/a' })
    scope.register(postPages(services.attendance.codes), { prefix: '/p' })
    scope.register(handoverPages(services.handovers), { prefix: '/h' })
    scope.register(reportPages(services.dutyReports), { prefix: '/r' })
    scope.register(campaignPages(services.campaigns), { prefix: '/t' })
  })
  app.register(async function gateways(scope) {
    await scope.register(fastifyRateLimit, {
      // One gateway reports on everybody's messages.
      max: config.http.ratePerMinute * 10,
      timeWindow: '1 minute',
      keyGenerator: (request) => request.ip,
      errorResponseBuilder: beyondLimit,
    })
    const { clock } = services.foundations
    const { receiptSecrets: secrets, smsReports } = config
    const door = { notifications: services.notifications, clock, secrets, smsReports }
    scope.register(receiptDoors(door), { prefix: '/receipts' })
  })
  return app
}
