import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** Due when those who have not answered are reminded, or their responsible people told. */
export const chaseAnnouncement = defineTask({
  name: 'announcements.chase-announcement',
  payload: z.object({ announcementId: z.uuid(), revision: z.int(), step: z.int() }),
})
/** Due when an announcement no longer matters. */
export const expireAnnouncement = defineTask({
  name: 'announcements.expire-announcement',
  payload: z.object({ announcementId: z.uuid() }),
})
