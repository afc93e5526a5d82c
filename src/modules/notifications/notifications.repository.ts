import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lte, ne, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { insertMany } from '../../platform/db/bulk.ts'
import type { Handle } from '../../platform/db/client.ts'
import { isOneOf } from '../../platform/db/columns.ts'
import type { Keyset } from '../../platform/http/page.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { unitResponsibles, units } from '../organisation/organisation.tables.ts'
import { contactPoints, volunteers } from '../volunteers/volunteers.tables.ts'
import { MOST_A_DAY } from './notifications.rules.ts'
import { channelPaces, messageReceipts, messages } from './notifications.tables.ts'
import type { MessageRow, Pace, Way } from './notifications.types.ts'

const CHUNK = 2_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const isUuid = (text: string) => UUID.test(text)

export type ReceiptRow = typeof messageReceipts.$inferSelect

export interface Recipient {
  name: string
  locale: Locale
  doNotContact: boolean
  /** Whose policy says when it may be disturbed. */
  unit: { path: string; zone: string }
  contacts: { channel: string; address: string; position: number }[]
}

export const notificationsRepository = (db: Handle) => ({
  /** Rows that are really new; those with a known purpose stay as they are. */
  async insertNew(rows: (typeof messages.$inferInsert & { id: string })[]): Promise<MessageRow[]> {
    if (rows.length === 0) return []
    const blank = Object.fromEntries(rows.flatMap(Object.keys).map((column) => [column, null]))
    const whole = rows.map((row) => ({ ...blank, ...row }))
    await insertMany(db, messages, whole, sql`on conflict do nothing`)
    const ids = rows.map((row) => row.id)
    const written = await db.select().from(messages).where(isOneOf(messages.id, ids))
    const byId = new Map(written.map((row) => [row.id, row]))
    return ids.flatMap((id) => byId.get(id) ?? [])
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

  /** Only while this attempt is the one that holds the message. */
  async markHandedOver({ id, attempts }: MessageRow, now: Date): Promise<boolean> {
    const marked = await db
      .update(messages)
      .set({ handedOverAt: now })
      .where(and(eq(messages.id, id), eq(messages.state, 'sending'), eq(messages.attempts, attempts)))
      .returning({ id: messages.id })
    return marked.length > 0
  },

  async lock(id: string): Promise<MessageRow | undefined> {
    const [row] = await db.select().from(messages).where(eq(messages.id, id)).for('no key update')
    return row
  },

  /** Moves the message on from the state and the attempt it was seen in; undefined when somebody else has. */
  async release(
    { id, attempts, state }: Pick<MessageRow, 'id' | 'attempts' | 'state'>,
    changes: Partial<typeof messages.$inferInsert>,
  ): Promise<MessageRow | undefined> {
    const [row] = await db
      .update(messages)
      .set(changes)
      .where(and(eq(messages.id, id), eq(messages.state, state), eq(messages.attempts, attempts)))
      .returning()
    return row
  },

  /** Whoever waits for the message that a vendor knows by this id waits for each other. */
  lockReference: (channel: string, reference: string) =>
    db.execute(
      sql`select pg_advisory_xact_lock(hashtext('watchbill.receipts'), hashtext(${`${channel} ${reference}`}))`,
    ),

  /** Writes a receipt down; undefined when it was said before and has had its effect. */
  async insertReceipt(row: typeof messageReceipts.$inferInsert): Promise<ReceiptRow | undefined> {
    const { channel, reference, state } = row
    await db.insert(messageReceipts).values(row).onConflictDoNothing()
    const same = and(
      eq(messageReceipts.channel, channel),
      eq(messageReceipts.reference, reference),
      eq(messageReceipts.state, state),
      isNull(messageReceipts.appliedAt),
    )
    return (await db.select().from(messageReceipts).where(same))[0]
  },

  unread: (channel: string, references: string[]): Promise<ReceiptRow[]> =>
    db
      .select()
      .from(messageReceipts)
      .where(
        and(
          eq(messageReceipts.channel, channel),
          inArray(messageReceipts.reference, references),
          isNull(messageReceipts.appliedAt),
        ),
      )
      .orderBy(asc(messageReceipts.receivedAt), asc(messageReceipts.id)),

  markRead: (id: string, now: Date) =>
    db.update(messageReceipts).set({ appliedAt: now }).where(eq(messageReceipts.id, id)),

  /** The message that our id or the vendor's id means, locked. */
  async lockByReference(channel: string, reference: string): Promise<MessageRow | undefined> {
    const own = isUuid(reference) ? eq(messages.id, reference) : undefined
    const theirs = and(eq(messages.channel, channel), eq(messages.providerId, reference))
    const [row] = await db.select().from(messages).where(or(own, theirs)).limit(1).for('no key update')
    return row
  },

  cancelQueued: (condition: SQL, reason: string): Promise<MessageRow[]> =>
    db
      .update(messages)
      .set({ state: 'cancelled', error: reason })
      .where(and(eq(messages.state, 'queued'), condition))
      .returning(),

  /** Whoever writes to a unit on the same matter waits here for each other. */
  lockMatter: (unitId: string, key: string) =>
    db.execute(sql`select pg_advisory_xact_lock(hashtext('watchbill.matters'), hashtext(${`${unitId} ${key}`}))`),

  /** Takes back what waits on the same matter for the same people or units, except these messages themselves. */
  async cancelMerged(fresh: MessageRow[]): Promise<MessageRow[]> {
    const gone: MessageRow[] = []
    for (const group of Map.groupBy(fresh, (row) => `${row.via} ${row.mergeKey}`).values()) {
      const { mergeKey, via } = group[0]!
      const same = and(eq(messages.mergeKey, mergeKey!), via === null ? isNull(messages.via) : eq(messages.via, via))
      for (let at = 0; at < group.length; at += CHUNK) {
        const part = group.slice(at, at + CHUNK)
        const people = part.flatMap((row) => row.volunteerId ?? [])
        const unitIds = part.flatMap((row) => row.unitId ?? [])
        const others = notInArray(
          messages.id,
          part.map((row) => row.id),
        )
        const recipients = or(inArray(messages.volunteerId, people), inArray(messages.unitId, unitIds))
        const waiting = and(same, recipients, others)!
        gone.push(...(await this.cancelQueued(waiting, 'said by another message')))
      }
    }
    return gone
  },

  setMerged: async (
    id: string,
    changes: Pick<MessageRow, 'since' | 'sendAfter' | 'dueAt' | 'params'>,
  ): Promise<MessageRow> => (await db.update(messages).set(changes).where(eq(messages.id, id)).returning())[0]!,

  async unitPathsOf(volunteerIds: string[]): Promise<{ id: string; path: string }[]> {
    const found = []
    for (let at = 0; at < volunteerIds.length; at += CHUNK) {
      const part = inArray(volunteers.id, volunteerIds.slice(at, at + CHUNK))
      const people = db.select({ id: volunteers.id, path: units.path }).from(volunteers)
      found.push(...(await people.innerJoin(units, eq(units.id, volunteers.unitId)).where(part)))
    }
    return found
  },

  /** Path of the unit a message belongs to: its own, or that of its person. */
  async placeOf(id: string): Promise<string | undefined> {
    const [found] = await db
      .select({ path: units.path })
      .from(messages)
      .leftJoin(volunteers, eq(volunteers.id, messages.volunteerId))
      .innerJoin(units, eq(units.id, sql`coalesce(${messages.unitId}, ${volunteers.unitId})`))
      .where(eq(messages.id, id))
    return found?.path
  },

  async recipientOf(message: Pick<MessageRow, 'volunteerId' | 'unitId' | 'contact'>): Promise<Recipient> {
    const { volunteerId, unitId, contact } = message
    if (volunteerId) return recipientPerson(db, volunteerId)
    const [unit] = await db.select().from(units).where(eq(units.id, unitId!))
    if (contact) {
      const { name, locale = unit!.locale, channel, address } = contact
      return { name, locale, doNotContact: false, unit: unit!, contacts: [{ channel, address, position: 1 }] }
    }
    const people = await db
      .select()
      .from(unitResponsibles)
      .where(eq(unitResponsibles.unitId, unitId!))
      .orderBy(asc(unitResponsibles.position))
    const contacts = people.flatMap(({ email, position }) =>
      email ? [{ channel: 'email', address: email, position }] : [],
    )
    const name = people[0]?.name ?? unit!.name
    return { name, locale: unit!.locale, doNotContact: false, unit: unit!, contacts }
  },

  /** Contact points by which other messages on the same subject went to the same person. */
  waysOnSubject: ({ subjectId, volunteerId, template }: MessageRow): Promise<Pick<Way, 'channel' | 'address'>[]> =>
    db
      .selectDistinct({ channel: sql<string>`${messages.channel}`, address: sql<string>`${messages.address}` })
      .from(messages)
      .where(
        and(
          eq(messages.subjectId, subjectId),
          eq(messages.volunteerId, volunteerId!),
          ne(messages.template, template),
          isNotNull(messages.channel),
        ),
      ),

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
  return { ...person!, contacts }
}
