import { join } from 'node:path'
import { createAttendance } from './modules/attendance/attendance.service.ts'
import { createCertificates } from './modules/certificates/certificates.service.ts'
import { confirmationTemplates } from './modules/confirmations/confirmations.messages.ts'
import { createConfirmations } from './modules/confirmations/confirmations.service.ts'
import { createEchelons } from './modules/echelons/echelons.service.ts'
import { createFeeds } from './modules/feeds/feeds.service.ts'
import { gapFillingTemplates } from './modules/gap-filling/gap-filling.messages.ts'
import { createGapFilling } from './modules/gap-filling/gap-filling.service.ts'
import { createHours } from './modules/hours/hours.service.ts'
import { createHoursCharts } from './modules/hours-charts/hours-charts.service.ts'
import { configuredChannels } from './modules/notifications/channels/configured.ts'
import { logChannel } from './modules/notifications/channels/log.ts'
import { createNotifications } from './modules/notifications/notifications.service.ts'
import type { SentMessage } from './modules/notifications/notifications.types.ts'
import { createOrganisation } from './modules/organisation/organisation.service.ts'
import { createPosts } from './modules/posts/posts.service.ts'
import { createRosterFiles } from './modules/roster-files/roster-files.service.ts'
import { createRosterRules } from './modules/rosters/roster-rules.service.ts'
import { createAssignments } from './modules/rosters/rosters.assignments.ts'
import { createRosters } from './modules/rosters/rosters.service.ts'
import { createVolunteers } from './modules/volunteers/volunteers.service.ts'
import { createWebhooks } from './modules/webhooks/webhooks.service.ts'
import type { Config } from './platform/config/config.ts'
import type { Foundations } from './platform/context.ts'

export type { SentMessage }

export interface Surroundings {
  config: Config
  /** Where people reach the service; known for certain once the API listens. */
  address: { readonly publicUrl: string }
  onMessage?: ((message: SentMessage) => void) | undefined
}

/** Wiring in reading order: a module may call what stands above it. */
export function wire(foundations: Foundations, { config, address, onMessage }: Surroundings) {
  const organisation = createOrganisation(foundations)
  const volunteers = createVolunteers(foundations)
  const log = logChannel({ file: join(config.dataDir, 'messages.jsonl'), clock: foundations.clock, onMessage })
  const notifications = createNotifications({
    ...foundations,
    channels: [log, ...configuredChannels({ config, clock: foundations.clock, address })],
    templates: { ...confirmationTemplates, ...gapFillingTemplates },
    address,
  })
  const echelons = createEchelons({ ...foundations, organisation })
  const posts = createPosts({ ...foundations, organisation })
  const assignments = createAssignments(foundations.news)
  const rosterRules = createRosterRules({ ...foundations, organisation })
  const rosters = createRosters({
    ...foundations,
    organisation,
    volunteers,
    echelons,
    posts,
    assignments,
    engine: config.engine,
  })
  const confirmations = createConfirmations({ ...foundations, organisation, notifications, assignments })
  const gapFilling = createGapFilling({
    ...foundations,
    organisation,
    volunteers,
    notifications,
    echelons,
    rosters,
    assignments,
  })
  const attendance = createAttendance({ ...foundations, organisation, assignments })
  const hours = createHours(foundations)
  const webhooks = createWebhooks({ ...foundations, organisation, trustedHosts: config.trustedHosts })
  const hoursCharts = createHoursCharts({ hours })
  const rosterFiles = createRosterFiles(foundations)
  const feeds = createFeeds({ ...foundations, address })
  const certificates = createCertificates({ ...foundations, address })
  return {
    foundations,
    organisation,
    volunteers,
    echelons,
    posts,
    notifications,
    assignments,
    rosterRules,
    rosters,
    confirmations,
    gapFilling,
    attendance,
    hours,
    webhooks,
    hoursCharts,
    rosterFiles,
    feeds,
    certificates,
  }
}

export type Services = ReturnType<typeof wire>
