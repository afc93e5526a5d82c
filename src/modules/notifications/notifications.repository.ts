import { and, asc, desc, eq, gt, inArray, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { tongueOf } from '../../platform/texts/catalogue.ts'
import { unitResponsibles, units } from '../organisation/organisation.tables.ts'
import { contactPoints, volunteers } from '../volunteers/volunteers.tables.ts'
import { MOST_A_DAY } from './notifications.rules.ts'
import { channelPaces, messages } from './notifications.tables.ts'
import type { MessageRow, Pace } from './notifications.types.ts'

const CHUNK = 2_000

export interface Recipient {
  name: string
  locale: 'zh' | 'en'
  doNotContact: boolean
  /** Whose policy says when it may be disturbed. */
  unit: { path: string; zone: string }
  contacts: { channel: string; address: string; position: number }[]
}

export const notificationsRepository = (db: Handle) => ({
  /** Rows that are really new; those with a known purpose stay as they are. */
  async insertNew(rows: (typeof messages.$inferInsert)[]): Promise<MessageRow[]> {
    const inserted: MessageRow[] = []
    for (let at = 0; at < rows.length; at += CHUNK) {
      inserted.push(
        ...(await db
          .insert(messages)
          .values(rows.slice(at, at + CHUNK))
          .onConflictDoNothing()
          .returning()),
      )
    }
    return inserted
  },

  /** Takes the message for one attempt, until `leaseEnd`; also one whose sender has not come back in time. */
  async claim(id: string, now: Date, leaseEnd: Date): Promise<MessageRow | undefined> {
    const [row] = await db
      .update(messages)
      .set({ state: 'sending', attempts: sql`${messages.attempts} + 1`, sendAfter: leaseEnd })
      .where(and(eq(messages.id, id), inArray(messages.state, ['queued', 'sending']), lte(messages.sendAfter, now)))
      .returning()
    return row
  },

  async find(id: string): Promise<MessageRow | undefined> {
    const [row] = await db.select().from(messages).where(eq(messages.id, id))
    return row
  },

  /** Ends the attempt that claimed the message; nobody else's. */
  async release(
    { id, attempts }: Pick<MessageRow, 'id' | 'attempts'>,
    changes: Partial<typeof messages.$inferInsert>,
  ): Promise<MessageRow | undefined> {
    const [row] = await db
      .update(messages)
      .set(changes)
      .where(and(eq(messages.id, id), eq(messages.state, 'sending'), eq(messages.attempts, attempts)))
      .returning()
    return row
  },

  cancelQueued: (condition: SQL, reason: string): Promise<MessageRow[]> =>
    db
      .update(messages)
      .set({ state: 'cancelled', error: reason })
      .where(and(eq(messages.state, 'queued'), condition))
      .returning(),

  async recipientOf({ volunteerId, unitId }: Pick<MessageRow, 'volunteerId' | 'unitId'>): Promise<Recipient> {
    if (volunteerId) return recipientPerson(db, volunteerId)
    const [unit] = await db.select().from(units).where(eq(units.id, unitId!))
    const people = await db
      .select()
      .from(unitResponsibles)
      .where(eq(unitResponsibles.unitId, unitId!))
      .orderBy(asc(unitResponsibles.position))
    const contacts = people.flatMap(({ email, position }) =>
      email ? [{ channel: 'email', address: email, position }] : [],
    )
    const name = people[0]?.name ?? unit!.name
    return { name, locale: tongueOf(unit!.locale), doNotContact: false, unit: unit!, contacts }
  },

  /** Instants of what was sent to a person within a day, newest first; what is on its way counts as sent now. */
  async lastSent(message: MessageRow, now: Date): Promise<Date[]> {
    const { volunteerId, id } = message
    if (!volunteerId) return []
    // Two messages to one person look one after the other.
    await db.execute(sql`select pg_advisory_xact_lock(hashtext('watchbill.messages'), hashtext(${volunteerId}))`)
    const dayAgo = new Date(now.getTime() - 86_400_000)
    const onItsWay = and(eq(messages.state, 'sending'), gt(messages.sendAfter, now))
    const rows = await db
      .select({ sentAt: messages.sentAt })
      .from(messages)
      .where(
        and(
          eq(messages.volunteerId, volunteerId),
          ne(messages.id, id),
          ne(messages.channel, 'log'),
          or(gt(messages.sentAt, dayAgo), onItsWay),
        ),
      )
      .orderBy(desc(sql`coalesce(${messages.sentAt}, 'infinity')`))
      .limit(MOST_A_DAY)
    return rows.map((row) => row.sentAt ?? now)
  },

  /**
   * Takes the next place in the pace of a channel (a token bucket that remembers only when it will be full again) and
   * returns when that is: `now`, or later.
   */
  async reserve(channel: string, { perMinute, burst }: Pace, now: Date): Promise<Date> {
    const step = 60_000 / perMinute
    const at = sql`${now.toISOString()}::timestamptz`
    const one = sql`${step}::float8 * interval '1 millisecond'`
    const [row] = await db
      .insert(channelPaces)
      .values({ channel, freeAt: new Date(now.getTime() + step) })
      .onConflictDoUpdate({
        target: channelPaces.channel,
        set: { freeAt: sql`greatest(${channelPaces.freeAt}, ${at}) + ${one}` },
      })
      .returning()
    return new Date(Math.max(now.getTime(), Math.ceil(row!.freeAt.getTime() - burst * step)))
  },

  list: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ message: messages })
      .from(messages)
      .leftJoin(volunteers, eq(volunteers.id, messages.volunteerId))
      .innerJoin(units, eq(units.id, sql`coalesce(${messages.unitId}, ${volunteers.unitId})`))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),
})

async function recipientPerson(db: Handle, volunteerId: string): Promise<Recipient> {
  const [person] = await db
    .select({
      name: volunteers.displayName,
      locale: volunteers.locale,
      doNotContact: volunteers.doNotContact,
      unit: { path: units.path, zone: units.zone },
    })
    .from(volunteers)
    .innerJoin(units, eq(units.id, volunteers.unitId))
    .where(eq(volunteers.id, volunteerId))
  const contacts = await db
    .select({ channel: contactPoints.channel, address: contactPoints.address, position: contactPoints.position })
    .from(contactPoints)
    .where(eq(contactPoints.volunteerId, volunteerId))
  return { ...person!, locale: tongueOf(person!.locale), contacts }
}
