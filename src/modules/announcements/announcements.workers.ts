import { bind } from '../../platform/queue/runner.ts'
import { chaseAnnouncement, expireAnnouncement } from './announcements.jobs.ts'
import type { Announcements } from './announcements.service.ts'

export const announcementsWorkers = (announcements: Announcements) => [
  bind(chaseAnnouncement, (payload) => announcements.chase(payload)),
  bind(expireAnnouncement, ({ announcementId }) => announcements.expire(announcementId)),
]
