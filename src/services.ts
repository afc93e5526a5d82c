import { join } from 'node:path'
import { announcementTemplates } from './modules/announcements/announcements.messages.ts'
import { createAnnouncements } from './modules/announcements/announcements.service.ts'
import { attendanceTemplates } from './modules/attendance/attendance.messages.ts'
import { createAttendance } from './modules/attendance/attendance.service.ts'
import { callOutTemplates } from './modules/call-outs/call-outs.messages.ts'
import { createCallOuts } from './modules/call-outs/call-outs.service.ts'
import { campaignTemplates } from './modules/campaigns/campaigns.messages.ts'
import { createCampaigns } from './modules/campaigns/campaigns.service.ts'
import { createCertificates } from './modules/certificates/certificates.service.ts'
import { confirmationTemplates } from './modules/confirmations/confirmations.messages.ts'
import { createConfirmations } from './modules/confirmations/confirmations.service.ts'
import { createCrews } from './modules/crews/crews.service.ts'
import { dutyDaysTemplates } from './modules/duty-days/duty-days.messages.ts'
import { createDutyDays } from './modules/duty-days/duty-days.service.ts'
import { createDutyFiles } from './modules/duty-files/duty-files.service.ts'
import { createDutySheets } from './modules/duty-files/duty-sheets.service.ts'
import { dutyReportsTemplates } from './modules/duty-reports/duty-reports.messages.ts'
import { createDutyReports } from './modules/duty-reports/duty-reports.service.ts'
import { createEchelons } from './modules/echelons/echelons.service.ts'
import { createFeeds } from './modules/feeds/feeds.service.ts'
import { gapFillingTemplates } from './modules/gap-filling/gap-filling.messages.ts'
import { createGapFilling } from './modules/gap-filling/gap-filling.service.ts'
import { handoversTemplates } from './modules/handovers/handovers.messages.ts'
import { createHandovers } from './modules/handovers/handovers.service.ts'
import { createHolidays } from './modules/holidays/holidays.service.ts'
import { createHours } from './modules/hours/hours.service.ts'
import { createHoursCharts } from './modules/hours-charts/hours-charts.service.ts'
import { configuredChannels } from './modules/notifications/channels/configured.ts'
import { logChannel } from './modules/notifications/channels/log.ts'
import { createMessageLatency } from './modules/notifications/message-latency.service.ts'
import { createNotifications } from './modules/notifications/notifications.service.ts'
import type { SentMessage } from './modules/notifications/notifications.types.ts'
import { createMessageTemplates } from './modules/notifications/templates.service.ts'
import { createOrganisation } from './modules/organisation/organisation.service.ts'
import { createPosts } from './modules/posts/posts.service.ts'
import { createRosterFiles } from './modules/roster-files/roster-files.service.ts'
import { createRosterRules } from './modules/rosters/roster-rules.service.ts'
import { createAssignments } from './modules/rosters/rosters.assignments.ts'
import { createRosters } from './modules/rosters/rosters.service.ts'
import { standingDutiesTemplates } from './modules/standing-duties/standing-duties.messages.ts'
import { createStandingDuties } from './modules/standing-duties/standing-duties.service.ts'
import { createSummaries } from './modules/summaries/summaries.service.ts'
import { swapTemplates } from './modules/swaps/swaps.messages.ts'
import { createSwaps } from './modules/swaps/swaps.service.ts'
import { tasksTemplates } from './modules/tasks/tasks.messages.ts'
import { createTasks } from './modules/tasks/tasks.service.ts'
import { createVolunteers } from './modules/volunteers/volunteers.service.ts'
import { createWebhooks } from './modules/webhooks/webhooks.service.ts'
import { createCodeDesk } from './platform/auth/code-desk.ts'
import { answerJudge } from './platform/auth/conspicuous.ts'
import { keyFor } from './platform/auth/secret-key.ts'
import type { Config } from './platform/config/config.ts'
import type { Foundations } from './platform/context.ts'

export type { SentMessage }

export interface Surroundings {
  config: Config
  /** What keys are made from; see `keyFor`. */
  secretKey: Buffer
  /** Where people reach the service; known for certain once the API listens. */
  address: { readonly publicUrl: string }
  onMessage?: ((message: SentMessage) => void) | undefined
}

/** Where no gateway is set up, texts are written for one as the settings would have it. */
const MOST_SEGMENTS = 4

/** Wiring in reading order: a module may call what stands above it. */
export function wire(foundations: Foundations, { config, secretKey, address, onMessage }: Surroundings) {
  const organisation = createOrganisation(foundations)
  const holidays = createHolidays({ ...foundations, organisation })
  const volunteers = createVolunteers(foundations)
  const log = logChannel({ file: join(config.dataDir, 'messages.jsonl'), clock: foundations.clock, onMessage })
  const channels = [log, ...configuredChannels({ config, clock: foundations.clock, address })]
  const templates = {
    ...attendanceTemplates,
    ...handoversTemplates,
    ...confirmationTemplates,
    ...gapFillingTemplates,
    ...callOutTemplates,
    ...standingDutiesTemplates,
    ...dutyReportsTemplates,
    ...campaignTemplates,
    ...dutyDaysTemplates,
    ...swapTemplates,
    ...announcementTemplates,
    ...tasksTemplates,
  }
  const codeKey = keyFor(secretKey, 'codes')
  const notifications = createNotifications({ ...foundations, channels, templates, address, codeKey })
  const messageLatency = createMessageLatency({ ...foundations, organisation })
  const messageTemplates = createMessageTemplates({
    ...foundations,
    organisation,
    notifications,
    templates,
    channels,
    address,
    maxSegments: config.channels.sms?.maxSegments ?? MOST_SEGMENTS,
  })
  const echelons = createEchelons({ ...foundations, organisation })
  const crews = createCrews({ ...foundations, organisation })
  const standingDuties = createStandingDuties({ ...foundations, organisation, notifications })
  const posts = createPosts({ ...foundations, organisation })
  const assignments = createAssignments(foundations.news)
  const rosterRules = createRosterRules({ ...foundations, organisation })
  const rosters = createRosters({
    ...foundations,
    organisation,
    volunteers,
    echelons,
    crews,
    posts,
    assignments,
    engine: config.engine,
  })
  const judgeAnswer = answerJudge(config.http.hostingNetworks)
  const confirmations = createConfirmations({
    ...foundations,
    organisation,
    volunteers,
    notifications,
    assignments,
    judgeAnswer,
  })
  const gapFilling = createGapFilling({
    ...foundations,
    organisation,
    volunteers,
    notifications,
    echelons,
    rosters,
    assignments,
    judgeAnswer,
  })
  const callOuts = createCallOuts({
    ...foundations,
    organisation,
    notifications,
    echelons,
    crews,
    rosters,
    assignments,
    gapFilling,
  })
  const attendance = createAttendance({ ...foundations, organisation, assignments, notifications, address })
  const handovers = createHandovers({ ...foundations, organisation, notifications, attendance })
  const announcements = createAnnouncements({ ...foundations, organisation, notifications, echelons })
  const swaps = createSwaps({
    ...foundations,
    organisation,
    volunteers,
    notifications,
    posts,
    rosters,
    assignments,
  })
  const hours = createHours({ ...foundations, organisation, holidays })
  const dutyReports = createDutyReports({ ...foundations, organisation, notifications })
  const campaigns = createCampaigns({ ...foundations, organisation, notifications })
  const dutyDays = createDutyDays({ ...foundations, organisation, posts, notifications })
  const webhooks = createWebhooks({ ...foundations, organisation, trustedHosts: config.trustedHosts, secretKey })
  const tasks = createTasks({ ...foundations, organisation, notifications })
  const hoursCharts = createHoursCharts({ hours })
  const summaries = createSummaries({ ...foundations, organisation })
  const rosterFiles = createRosterFiles(foundations)
  const dutyFiles = createDutyFiles(foundations)
  const dutySheets = createDutySheets(foundations)
  const feeds = createFeeds({ ...foundations, address })
  const certificates = createCertificates({ ...foundations, organisation, address })
  return {
    foundations,
    codeDesk: createCodeDesk(foundations, keyFor(secretKey, 'codes')),
    organisation,
    holidays,
    volunteers,
    echelons,
    crews,
    standingDuties,
    posts,
    notifications,
    messageLatency,
    messageTemplates,
    assignments,
    rosterRules,
    rosters,
    confirmations,
    gapFilling,
    callOuts,
    attendance,
    handovers,
    swaps,
    announcements,
    hours,
    dutyReports,
    campaigns,
    dutyDays,
    webhooks,
    tasks,
    hoursCharts,
    summaries,
    rosterFiles,
    dutyFiles,
    dutySheets,
    feeds,
    certificates,
  }
}

export type Services = ReturnType<typeof wire>
