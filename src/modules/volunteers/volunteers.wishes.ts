import { and, eq, ne, sql } from 'drizzle-orm'
import { audit } from '../../platform/audit/audit.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { volunteers } from './volunteers.tables.ts'

/** What people decide for themselves; no organizer is asked. */
export const createWishes = () => ({
  /** Stops messages to a person, or lets them begin again. */
  async stopMessages({ tx, actor, now }: Occasion, volunteerId: string, stop: boolean): Promise<void> {
    const [row] = await tx
      .update(volunteers)
      .set({ doNotContact: stop, updatedAt: now, version: sql`${volunteers.version} + 1` })
      .where(and(eq(volunteers.id, volunteerId), ne(volunteers.doNotContact, stop)))
      .returning()
    if (!row) return
    await audit(tx, actor, now, {
      action: stop ? 'volunteer.messages-stopped' : 'volunteer.messages-resumed',
      subject: { type: 'volunteer', id: volunteerId },
      unitId: row.unitId,
    })
  },
})
