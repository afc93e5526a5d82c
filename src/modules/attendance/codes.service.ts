import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, linkHolder } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { findLink, mintLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { forgetFailures } from './attendance.jobs.ts'
import type { Step } from './attendance.judgement.ts'
import type { createLinks } from './attendance.links.ts'
import { attendanceProblems } from './attendance.problems.ts'
import { attendanceRepository } from './attendance.repository.ts'
import { type FaultCode, toMinute } from './attendance.rules.ts'
import { checkInDoors } from './attendance.tables.ts'
import { posterOf } from './codes.poster.ts'
import { codesRepository, type DoorRow } from './codes.repository.ts'
import {
  codeAt,
  doorKey,
  FAILURES_MS,
  failureKey,
  isCode,
  isDoorKey,
  isPhoneEnd,
  MOST_FAILURES,
  MOST_FAILURES_AT_POST,
  secretIn,
} from './codes.rules.ts'
import type { CheckInDoorList, NewCheckInDoor } from './codes.schemas.ts'
import { factsRepository } from './facts.repository.ts'

export const POST_PATH = '/p'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const HOUR = 3_600_000
/** A duty this far from now is not meant by somebody who stands at the post. */
const NEAR_MS = 24 * HOUR
const PAGE_OPEN_MS = 7 * 24 * HOUR

type Post = NonNullable<Awaited<ReturnType<ReturnType<typeof factsRepository>['findPost']>>>

/** What an address below '/p' leads to. */
export type Door =
  | { kind: 'display'; post: Place; code: string; validUntil: Date; url: string }
  | { kind: 'qr' | 'code'; post: Place }

interface Place {
  id: string
  name: string
  locale: Locale
  zone: string
}

/** What somebody enters at a post. */
export interface PostEntry {
  step: Step
  code: string
  /** A personal link, or its secret. */
  link: string
  personNumber: string
  phoneEnd: string
}

export type PostFault = 'wrong-code' | 'unknown-person' | 'too-many' | 'no-duty-here' | FaultCode

export type Codes = ReturnType<typeof createCodes>

/** Checking in at the post itself: by a code that a screen there shows, or by a printed QR that stands for it. */
export function createCodes(
  { db, clock }: Foundations,
  { links, address }: { links: ReturnType<typeof createLinks>; address: { readonly publicUrl: string } },
) {
  async function getPost(handle: Handle, actor: Actor, id: string): Promise<Post> {
    const found = await factsRepository(handle).findPost(id)
    assertCovers(actor, found?.unitPath, () => attendanceProblems.postUnknown(id))
    return found!
  }

  const urlOf = (path: string) => `${address.publicUrl}${POST_PATH}/${path}`

  const doorView = (door: DoorRow, secret: string) => ({
    id: door.id,
    postId: door.postId,
    kind: door.kind,
    url: door.revokedAt ? null : urlOf(doorKey(secret, door.id)),
    createdAt: door.createdAt.toISOString(),
    revokedAt: door.revokedAt?.toISOString() ?? null,
  })

  const shownCode = (post: { id: string; checkInSecret: string }, now: Date) => {
    const { code, validUntil } = codeAt(post.checkInSecret, now)
    return { code, validUntil, url: `${urlOf(post.id)}?code=${code}` }
  }

  async function getDoor(handle: Handle, actor: Actor, id: string) {
    const found = await codesRepository(handle).findDoor(id)
    assertCovers(actor, found?.unit.path, () => attendanceProblems.doorUnknown(id))
    return found!
  }

  const note = (tx: Tx, actor: Actor, action: string, door: DoorRow, unitId: string) =>
    audit(tx, actor, clock.now(), {
      action: `check-in-door.${action}`,
      subject: { type: 'check-in-door', id: door.id },
      unitId,
      facts: { postId: door.postId, kind: door.kind },
    })

  /** The post behind an address, its secret, and whether the address itself stands for a code. */
  async function doorBehind(handle: Handle, key: string) {
    if (UUID.test(key)) {
      const found = await factsRepository(handle).findPost(key)
      if (!found?.post.active) return undefined
      return { kind: 'code' as const, post: found.post, locale: found.locale, zone: found.zone }
    }
    const id = key.split('.')[0]!
    const found = UUID.test(id) ? await codesRepository(handle).findDoor(id) : undefined
    if (!found || found.door.revokedAt || !isDoorKey(found.post.checkInSecret, id, key)) return undefined
    return { kind: found.door.kind, post: found.post, locale: found.unit.locale, zone: found.unit.zone }
  }

  /** Who it is: by a personal link, or by person number and the end of a phone number. */
  async function identify(tx: Tx, postId: string, entry: PostEntry, now: Date): Promise<string | undefined> {
    if (entry.link) {
      const secret = secretIn(entry.link)
      const link = (await findLink(tx, secret, 'attendance', now)) ?? (await findLink(tx, secret, 'confirmation', now))
      return link?.volunteerId
    }
    const person = await codesRepository(tx).findPerson(postId, entry.personNumber.trim())
    return person && isPhoneEnd(person.phones, entry.phoneEnd) ? person.id : undefined
  }

  /** The duty that somebody at the post means: the one they stand, or the nearest they may begin. */
  async function dutyMeant(tx: Tx, volunteerId: string, postId: string, step: Step, now: Date) {
    const around = [new Date(now.getTime() - NEAR_MS), new Date(now.getTime() + NEAR_MS)] as const
    const near = await codesRepository(tx).dutiesAt(volunteerId, postId, ...around)
    const wanted = step === 'check-in' ? 'confirmed' : 'serving'
    const running = near.filter((duty) => duty.endsAt > now)
    const meant = near.find((duty) => duty.state === 'serving' && wanted === 'serving')
    const chosen = meant ?? running.find((duty) => duty.state === wanted) ?? running[0] ?? near.at(-1)
    return chosen && (await attendanceRepository(tx).findDuties([chosen.id]))[0]
  }

  async function isExhausted(
    tx: Tx,
    entry: PostEntry,
    keys: [person: string, post: string],
    now: Date,
  ): Promise<boolean> {
    const since = new Date(now.getTime() - FAILURES_MS)
    const repository = codesRepository(tx)
    const [ofPerson, atPost] = [
      await repository.failuresSince(keys[0], since),
      await repository.failuresSince(keys[1], since),
    ]
    return ofPerson >= MOST_FAILURES || (!entry.link && atPost >= MOST_FAILURES_AT_POST)
  }

  return {
    /** The code that a post shows now. */
    async currentCode(actor: Actor, postId: string) {
      const { post } = await getPost(db, actor, postId)
      const { validUntil, ...shown } = shownCode(post, clock.now())
      return { postId, ...shown, validUntil: validUntil.toISOString() }
    },

    /** Ends all codes, displays and printed codes of a post at once. */
    async renewCodes(actor: Actor, postId: string) {
      await db.transaction(async (tx) => {
        const { unitId } = await getPost(tx, actor, postId)
        await codesRepository(tx).renewSecret(postId, randomUUID())
        const subject = { type: 'post', id: postId }
        await audit(tx, actor, clock.now(), { action: 'post.check-in-codes-renewed', subject, unitId })
      })
      return this.currentCode(actor, postId)
    },

    createDoor: (actor: Actor, postId: string, { kind }: z.output<typeof NewCheckInDoor>) =>
      db.transaction(async (tx) => {
        const { post, unitId } = await getPost(tx, actor, postId)
        const row = { postId, kind, createdAt: clock.now(), createdBy: actor.id }
        const door = await codesRepository(tx).insertDoor(row)
        await note(tx, actor, 'created', door, unitId)
        return doorView(door, post.checkInSecret)
      }),

    async listDoors(actor: Actor, postId: string, query: z.output<typeof CheckInDoorList>) {
      const { post } = await getPost(db, actor, postId)
      const page = keyset(query, { createdAt: checkInDoors.createdAt }, checkInDoors.id)
      const rows = await codesRepository(db).listDoors([eq(checkInDoors.postId, postId)], page)
      return toPage(
        query,
        rows,
        (row) => row.createdAt,
        (row) => doorView(row, post.checkInSecret),
      )
    },

    revokeDoor: (actor: Actor, id: string) =>
      db.transaction(async (tx) => {
        const { door, post, unit } = await getDoor(tx, actor, id)
        const revoked = await codesRepository(tx).revokeDoor(id, clock.now())
        if (revoked) await note(tx, actor, 'revoked', revoked, unit.id)
        return doorView(revoked ?? door, post.checkInSecret)
      }),

    /** A page to hang up at the post. */
    async poster(actor: Actor, id: string): Promise<{ body: Readable; name: string }> {
      const { door, post, unit } = await getDoor(db, actor, id)
      if (door.kind !== 'qr') throw attendanceProblems.qrOnly()
      if (door.revokedAt) throw attendanceProblems.doorClosed()
      const url = urlOf(doorKey(post.checkInSecret, door.id))
      const body = posterOf({ postName: post.name, url, madeAt: door.createdAt, locale: unit.locale })
      return { body, name: `check-in-${door.id}.pdf` }
    },

    /** What an address below '/p' shows; undefined for unknown, revoked and renewed ones alike. Changes nothing. */
    async openDoor(key: string): Promise<Door | undefined> {
      const found = await doorBehind(db, key)
      if (!found) return undefined
      const { kind, locale, zone } = found
      const post = { id: found.post.id, name: found.post.name, locale, zone }
      return kind === 'display' ? { kind, post, ...shownCode(found.post, clock.now()) } : { kind, post }
    },

    /** Checks somebody in or out at a post. Answers with the address of their own page, or with what is wrong. */
    async enterAtPost(
      key: string,
      entry: PostEntry,
      requestId: string,
    ): Promise<{ secret: string } | { fault: PostFault } | undefined> {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const door = await doorBehind(tx, key)
        if (!door || door.kind === 'display') return undefined
        const who = entry.link ? `link:${entry.link}` : `number:${entry.personNumber.trim()}`
        const keys: [string, string] = [failureKey(door.post.id, who), failureKey(door.post.id, 'everybody')]
        if (await isExhausted(tx, entry, keys, now)) return { fault: 'too-many' as const }
        const refuse = async (fault: PostFault) => {
          await codesRepository(tx).noteFailures(keys, now)
          const soon = { payload: {}, key: 'all', dueAt: new Date(now.getTime() + HOUR) }
          await schedule(tx, forgetFailures, soon, now)
          return { fault }
        }
        if (door.kind === 'code' && !isCode(door.post.checkInSecret, entry.code, now)) return refuse('wrong-code')
        const volunteerId = await identify(tx, door.post.id, entry, now)
        if (!volunteerId) return refuse('unknown-person')
        const duty = await dutyMeant(tx, volunteerId, door.post.id, entry.step, now)
        if (!duty) return { fault: 'no-duty-here' as const }
        const expiresAt = new Date(duty.endsAt.getTime() + PAGE_OPEN_MS)
        const wanted = { purpose: 'attendance' as const, subjectId: duty.id, volunteerId, expiresAt }
        const secret = await mintLink(tx, wanted, now)
        const link = (await findLink(tx, secret, 'attendance', now))!
        const fact = { at: toMinute(now), source: 'code' as const }
        const actor = linkHolder(link.id, requestId)
        const fault = await links.comeOrGo(tx, actor, duty, entry.step, fact, now)
        return fault ? { fault: fault.code } : { secret }
      })
    },

    forgetFailures: async () => {
      await codesRepository(db).forgetFailures(new Date(clock.now().getTime() - HOUR))
    },
  }
}
