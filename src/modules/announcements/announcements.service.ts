import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, worker } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings, stale } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import { localDay } from '../../time/zones.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { createAudiences, type MembershipBook } from './announcements.audience.ts'
import { createChasing } from './announcements.chasing.ts'
import { chaseAnnouncement, expireAnnouncement } from './announcements.jobs.ts'
import { announcementProblems } from './announcements.problems.ts'
import { createReading, type NoteAnswer } from './announcements.reading.ts'
import {
  type AnnouncementRow,
  announcementsRepository,
  type Found,
  hasAnswered,
  hasNot,
  messageState,
} from './announcements.repository.ts'
import type {
  Acknowledge,
  AnnouncementList,
  AnnouncementPatch,
  AudiencePreview,
  NewAnnouncement,
  RecipientList,
} from './announcements.schemas.ts'
import { announcements } from './announcements.tables.ts'
import type { Wordings } from './announcements.types.ts'
import { announcementDetailView, announcementView, recipientView } from './announcements.views.ts'

export type Announcements = ReturnType<typeof createAnnouncements>

export interface AnnouncementsDeps extends Foundations {
  organisation: Organisation
  notifications: Notifications
  echelons: MembershipBook
}

const toDate = (text: string | null | undefined): Date | null => (text ? new Date(text) : null)

/**
 * What everybody has to have read. Promises: who is asked is written down when it goes out, each hears of it once and
 * answers with one press, opening is no answer, those who do not answer are reminded and at last named to whoever is
 * responsible for them, and a wording that says something else is answered anew.
 */
export function createAnnouncements(deps: AnnouncementsDeps) {
  const { db, clock, organisation } = deps
  const audiences = createAudiences(deps.echelons)
  const chasing = createChasing(deps)

  async function get(handle: Handle, actor: Actor, id: string): Promise<Found> {
    const found = await announcementsRepository(handle).find(id)
    assertCovers(actor, found?.unit.path, () => announcementProblems.announcementUnknown(id))
    return found!
  }

  async function show(handle: Handle, id: string) {
    const repository = announcementsRepository(handle)
    const found = (await repository.find(id))!
    return announcementDetailView(found, await repository.countsByUnit(id), await repository.revisionsOf(id))
  }

  const noted = ({ tx, actor, now }: Occasion, row: AnnouncementRow, verb: string, more: object = {}) =>
    audit(tx, actor, now, {
      action: `announcement.${verb}`,
      subject: { type: 'announcement', id: row.id },
      unitId: row.unitId,
      ...more,
    })

  async function startTimers(occasion: Occasion, row: AnnouncementRow): Promise<void> {
    const { tx, now } = occasion
    await cancelTasks(tx, chaseAnnouncement, [row.id], now)
    await chasing.scheduleNext(occasion, row)
    await cancelTasks(tx, expireAnnouncement, [row.id], now)
    const { expiresAt: dueAt } = row
    if (dueAt) await schedule(tx, expireAnnouncement, { payload: { announcementId: row.id }, key: row.id, dueAt }, now)
  }

  const checkExpiry = (expiresAt: string | null | undefined, now: Date, found: ReturnType<typeof findings>) => {
    if (expiresAt && new Date(expiresAt) <= now) {
      found.add('/body/expiresAt', 'in-the-past', 'An announcement cannot have ended before it goes out.')
    }
  }

  async function end(occasion: Occasion, row: AnnouncementRow, state: 'stopped' | 'expired', reason?: string) {
    const { tx, now } = occasion
    await announcementsRepository(tx).update(row.id, { state, endedAt: now, updatedAt: now })
    await cancelTasks(tx, chaseAnnouncement, [row.id], now)
    await cancelTasks(tx, expireAnnouncement, [row.id], now)
    await noted(occasion, row, state, { from: row.state, to: state, reason })
  }

  /** Held for a change by an organizer, and still going on. */
  async function holdActive(tx: Tx, actor: Actor, id: string): Promise<AnnouncementRow> {
    await get(tx, actor, id)
    const row = (await announcementsRepository(tx).lock(id))!
    if (row.state !== 'active') throw announcementProblems.over(row.state)
    return row
  }

  const acknowledge: NoteAnswer = async (occasion, row, { volunteerId, revision, reason }) => {
    const { tx, actor, now } = occasion
    const answer = { announcementId: row.id, volunteerId, revision, acknowledgedAt: now, door: actor.door }
    if (!(await announcementsRepository(tx).acknowledge(answer))) return
    await noted(occasion, row, 'acknowledged', { reason, facts: { volunteerId, revision } })
  }

  async function newWording(occasion: Occasion, row: AnnouncementRow, texts: Wordings, material: boolean) {
    const { tx, actor, now } = occasion
    const repository = announcementsRepository(tx)
    const revision = row.revision + 1
    const publishedBy = `${actor.kind}:${actor.id}`
    await repository.insertRevision({
      announcementId: row.id,
      revision,
      texts,
      material,
      publishedAt: now,
      publishedBy,
    })
    const after = await repository.update(row.id, {
      revision,
      ...(material ? { requiredRevision: revision, chased: 0 } : {}),
    })
    if (material) {
      await chasing.tell(occasion, after, 'announcement-changed', await repository.recipientIds(row.id), `${revision}`)
    }
    return after
  }

  return {
    ...createReading({ db, clock, acknowledge }),

    async create(actor: Actor, input: z.output<typeof NewAnnouncement>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const unit = await organisation.getUnit(actor, input.unitId, tx)
        const found = findings()
        await audiences.check(tx, actor, input.audience, found)
        checkExpiry(input.expiresAt, now, found)
        found.throwIfAny()
        const people = await audiences.resolve(tx, actor, input.audience, localDay(now, unit.zone))
        if (people.length === 0) throw announcementProblems.nobody()
        const repository = announcementsRepository(tx)
        const { texts, expiresAt, ...fields } = input
        const id = newId()
        const stamps = { createdAt: now, updatedAt: now, expiresAt: toDate(expiresAt) }
        const row = await repository.insert({ ...fields, ...stamps, id, state: 'active' })
        const publishedBy = `${actor.kind}:${actor.id}`
        const first = { announcementId: id, revision: 1, texts, material: true, publishedAt: now, publishedBy }
        await repository.insertRevision(first)
        await repository.insertRecipients(id, people)
        const occasion = { tx, actor, now }
        await noted(occasion, row, 'published', { to: 'active', facts: { recipients: people.length } })
        const ids = people.map((one) => one.volunteerId)
        await chasing.tell(occasion, row, 'announcement', ids, '1')
        await startTimers(occasion, row)
        return show(tx, id)
      })
    },

    /** Whom an audience means now; asks nobody. */
    async preview(actor: Actor, { audience }: z.output<typeof AudiencePreview>) {
      const found = findings()
      await audiences.check(db, actor, audience, found)
      found.throwIfAny()
      const people = await audiences.resolve(db, actor, audience, clock.now().toISOString().slice(0, 10))
      const counts = Map.groupBy(people, (one) => one.unitId)
      const units = await Promise.all([...counts.keys()].map((id) => organisation.getUnit(actor, id)))
      return {
        people: people.length,
        units: units.map(({ id, name }) => ({ unitId: id, unitName: name, people: counts.get(id)!.length })),
      }
    },

    async show(actor: Actor, id: string) {
      await get(db, actor, id)
      return show(db, id)
    },

    async list(actor: Actor, query: z.output<typeof AnnouncementList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await announcementsRepository(db).list(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.state ? eq(announcements.state, query.state) : undefined,
        ],
        keyset(query, { createdAt: announcements.createdAt }, announcements.id),
      )
      const byId = rows.map((row) => ({ ...row, id: row.announcement.id }))
      return toPage(query, byId, (row) => row.announcement.createdAt, announcementView)
    },

    /** Who has answered and who has not. */
    async listRecipients(actor: Actor, id: string, query: z.output<typeof RecipientList>) {
      await get(db, actor, id)
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await announcementsRepository(db).listRecipients(
        id,
        [
          under && withinPath(under.path),
          query.acknowledged === undefined ? undefined : query.acknowledged ? hasAnswered : hasNot,
          query.messageState ? sql`${messageState} = ${query.messageState}` : undefined,
        ],
        keyset(query, { name: volunteers.sortName }, volunteers.id),
      )
      return toPage(query, rows, (row) => row.sortName, recipientView)
    },

    /** A new wording, which is asked about anew when it says something else; and changes of the schedule. */
    async change(actor: Actor, id: string, version: number, patch: z.output<typeof AnnouncementPatch>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const before = await holdActive(tx, actor, id)
        if (before.version !== version) throw stale(before.version)
        const found = findings()
        checkExpiry(patch.expiresAt, now, found)
        found.throwIfAny()
        const { texts, material = false, expiresAt, ...fields } = patch
        const occasion = { tx, actor, now }
        const worded = texts ? await newWording(occasion, before, texts, material) : before
        const ends = expiresAt === undefined ? {} : { expiresAt: toDate(expiresAt) }
        const row = await announcementsRepository(tx).update(id, { ...fields, ...ends, updatedAt: now })
        await startTimers(occasion, row)
        await noted(occasion, worded, 'changed', { facts: { fields: Object.keys(patch), revision: worded.revision } })
        return show(tx, id)
      })
    },

    stop: (actor: Actor, id: string, { reason }: { reason?: string | undefined }) =>
      db.transaction(async (tx) => {
        const row = await holdActive(tx, actor, id)
        await end({ tx, actor, now: clock.now() }, row, 'stopped', reason)
        return show(tx, id)
      }),

    /** Reminds everybody who has not answered, now. */
    remindNow: (actor: Actor, id: string) =>
      db.transaction(async (tx) => {
        const occasion = { tx, actor, now: clock.now() }
        const row = await holdActive(tx, actor, id)
        const people = (await announcementsRepository(tx).missing(id)).map((one) => one.volunteerId)
        await chasing.tell(occasion, row, 'announcement-reminder', people, `by hand ${occasion.now.getTime()}`)
        await noted(occasion, row, 'chased', { facts: { people: people.length, revision: row.requiredRevision } })
        return { reminded: people.length }
      }),

    /** An organizer writes down that somebody has said that they have read it. */
    acknowledgeFor: (actor: Actor, id: string, { volunteerId, reason }: z.output<typeof Acknowledge>) =>
      db.transaction(async (tx) => {
        const row = await holdActive(tx, actor, id)
        if (!(await announcementsRepository(tx).recipient(id, volunteerId))) {
          throw announcementProblems.recipientUnknown(volunteerId)
        }
        const answer = { volunteerId, revision: row.revision, reason }
        await acknowledge({ tx, actor, now: clock.now() }, row, answer)
        return show(tx, id)
      }),

    async chase({ announcementId, revision, step }: z.output<typeof chaseAnnouncement.payload>): Promise<void> {
      await db.transaction(async (tx) => {
        const row = await announcementsRepository(tx).lock(announcementId)
        if (row?.state !== 'active' || row.requiredRevision !== revision) return
        await chasing.takeStep({ tx, actor: worker(chaseAnnouncement.name), now: clock.now() }, row, step)
      })
    },

    async expire(id: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const row = await announcementsRepository(tx).lock(id)
        if (row?.state !== 'active' || !row.expiresAt) return
        const occasion = { tx, actor: worker(expireAnnouncement.name), now }
        if (now < row.expiresAt) return startTimers(occasion, row)
        await end(occasion, row, 'expired')
      })
    },
  }
}
