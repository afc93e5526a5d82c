import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant } from '../../platform/http/schemas.ts'

export const CalendarFeed = z
  .object({
    id: Id,
    volunteerId: Id.nullable(),
    postId: Id.nullable(),
    createdAt: Instant,
    revokedAt: Instant.nullable(),
    lastReadAt: Instant.nullable().meta({ description: 'When a calendar last asked, to within a minute' }),
  })
  .meta({ id: 'CalendarFeed' })

export const NewCalendarFeed = CalendarFeed.extend({
  url: z.url().meta({ description: 'The address to subscribe to. Shown once, now; whoever has it can read the feed' }),
}).meta({ id: 'NewCalendarFeed' })

export const CalendarFeedList = z.strictObject(pageQuery(['createdAt']))
export const CalendarFeedPage = pageOf(CalendarFeed)
