import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, eq, inArray } from 'drizzle-orm'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { cascades, gaps, offers } from '../../src/modules/gap-filling/gap-filling.tables.ts'
import { assignments } from '../../src/modules/rosters/rosters.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { links } from '../../src/platform/auth/auth.tables.ts'
import { hashSecret } from '../../src/platform/auth/secrets.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { examine } from '../../src/platform/doctor/examine.ts'
import { startChild } from '../support/child.ts'
import { plainRoster } from '../support/plain-roster.ts'
import { createDatabase } from '../support/postgres.ts'
import { startWorld, type World } from '../support/world.ts'

const ROUNDS = 200
const CLAIMANTS = 50
/** Seats that are raced for side by side, so that no time goes by with waiting for one lock. */
const LANES = 2
const opened = /"url":"([^"]+)"/

const post = (url: string, answer: string) =>
  fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ answer }) })

/** Gaps for all of these seats, each offered to as many people of its own; returns the secrets of their links. */
async function offerToMany(world: World, slotIds: string[], people: string[], rosterId: string): Promise<string[][]> {
  const { db, clock } = world.house.services.foundations
  const now = clock.now()
  const expiresAt = new Date(now.getTime() + 3_600_000)
  const searches = slotIds.map((slotId) => ({ slotId, gapId: newId(), cascadeId: newId() }))
  const asked = searches.flatMap(({ slotId, gapId, cascadeId }, round) =>
    people.slice(round * CLAIMANTS, (round + 1) * CLAIMANTS).map((volunteerId, index) => ({
      ...{ id: newId(), slotId, gapId, cascadeId, volunteerId, wave: 1, rank: index + 1 },
      ...{ state: 'open' as const, askedAt: now, expiresAt },
    })),
  )
  const secrets = asked.map(() => randomBytes(32).toString('base64url'))
  await db.insert(gaps).values(
    searches.map(({ gapId, slotId }) => ({
      ...{ id: gapId, slotId, rosterId, cause: 'unfilled' as const },
      ...{ state: 'open' as const, openedAt: now },
    })),
  )
  await db.insert(cascades).values(
    searches.map(({ gapId, cascadeId }) => ({
      ...{ id: cascadeId, gapId, wave: 1 },
      ...{ state: 'open' as const, createdAt: now },
    })),
  )
  for (let at = 0; at < asked.length; at += 2_000) {
    const part = asked.slice(at, at + 2_000)
    await db.insert(offers).values(part)
    await db.insert(links).values(
      part.map((offer, index) => ({
        tokenHash: hashSecret(secrets[at + index]!),
        purpose: 'offer' as const,
        ...{ subjectId: offer.id, volunteerId: offer.volunteerId, createdAt: now, expiresAt },
      })),
    )
  }
  return slotIds.map((_, round) => secrets.slice(round * CLAIMANTS, (round + 1) * CLAIMANTS))
}

test(`${CLAIMANTS} claimants, ${ROUNDS} rounds, two API processes: one winner each`, async () => {
  await using database = await createDatabase(inject('template'))
  const settings = { DATABASE_URL: database.url, RATE_LIMIT_PER_MINUTE: '1000000' }
  const now = new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString()
  await using world = await startWorld({ worker: false, now, settings })
  const { db } = world.house.services.foundations
  const dataDir = await mkdtemp(join(tmpdir(), 'watchbill-race-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const start = (name: string) =>
    startChild('src/server.ts', { ...settings, LOG_LEVEL: 'info', DATA_DIR: join(dataDir, name) })
  await using one = start('one')
  await using two = start('two')
  const urls = [(await one.says(opened))[1]!, (await two.says(opened))[1]!]

  const roster = await plainRoster(world)
  const people: string[] = []
  while (people.length < ROUNDS * CLAIMANTS) people.push(...(await roster.people(2_000)))
  const slotIds: string[] = []
  for (let day = 0; day < 20; day += 1) {
    const date = new Date(Date.parse(now) + (day + 3) * 86_400_000).toISOString().slice(0, 10)
    slotIds.push(...(await roster.shift({ start: `${date}T08:00`, length: 'PT8H', seats: ROUNDS / 20 })).slotIds)
  }
  const rounds = await offerToMany(world, slotIds, people, roster.rosterId)

  const waiting = [...rounds]
  const statuses = new Set<number>()
  const race = async () => {
    for (let secrets = waiting.pop(); secrets; secrets = waiting.pop()) {
      const claims = secrets.map((secret, index) => post(`${urls[index % 2]}/o/${secret}`, 'accept'))
      for (const answer of await Promise.all(claims)) statuses.add(answer.status)
    }
  }
  await Promise.all(Array.from({ length: LANES }, race))
  expect([...statuses]).toEqual([303])

  const seats = await db.select().from(assignments).where(inArray(assignments.slotId, slotIds))
  expect(seats).toHaveLength(ROUNDS)
  expect(new Set(seats.map((seat) => seat.slotId)).size).toBe(ROUNDS)
  const states = Map.groupBy(await db.select().from(offers), (offer) => offer.state)
  expect(states.get('accepted')).toHaveLength(ROUNDS)
  expect(states.get('superseded')).toHaveLength(ROUNDS * (CLAIMANTS - 1))
  const winners = new Map(seats.map((seat) => [seat.slotId, seat.volunteerId]))
  for (const offer of states.get('accepted')!) expect(winners.get(offer.slotId)).toBe(offer.volunteerId)
  expect(await db.select().from(gaps).where(eq(gaps.state, 'open'))).toEqual([])
  const said = await db.select().from(auditLog).where(eq(auditLog.action, 'offer.accepted'))
  expect(said).toHaveLength(ROUNDS)
}, 400_000)

describe('at the same moment', () => {
  test('acceptance, decline, expiry, the organizer who stops or hands the seat to somebody: one end, told once', async () => {
    await using world = await startWorld()
    const roster = await plainRoster(world)
    const { db } = world.house.services.foundations
    const { gapFilling } = world.house.services
    const reserve = await roster.people(12)
    await roster.reserve([reserve])
    for (let round = 0; round < 10; round += 1) {
      const { slotIds } = await roster.shift({ start: `2026-05-${10 + round}T08:00`, length: 'PT8H' })
      await roster.publish([], slotIds, round + 2)
      await world.settled()
      const [gap] = await db.select().from(gaps).where(eq(gaps.slotId, slotIds[0]!))
      const asked = await db
        .select()
        .from(offers)
        .where(and(eq(offers.gapId, gap!.id), eq(offers.state, 'open')))
      const linkOf = (id: string) => world.messagesTo(id).findLast((message) => message.template === 'offer')!.link!
      const [first, second] = asked.map((offer) => linkOf(offer.volunteerId))
      const [chosen] = await roster.people(1)
      world.clock.set(asked[0]!.expiresAt)
      const organizer =
        round % 2 === 0
          ? world.call('POST', `/v1/gaps/${gap!.id}:stop`, { reason: 'no longer needed' })
          : world.call('POST', `/v1/gaps/${gap!.id}:fill`, { volunteerId: chosen, agreed: true })
      const [done, ...answers] = await Promise.all([
        organizer,
        post(first!, 'accept'),
        post(first!, 'decline'),
        post(second!, 'decline'),
        post(second!, 'accept'),
        gapFilling.expireWave(asked[0]!.cascadeId, asked[0]!.wave),
        gapFilling.advance(asked[0]!.cascadeId),
      ])
      expect([200, 409]).toContain(done!.status)
      for (const answer of answers.slice(0, 4)) expect((answer as Response).status).toBe(303)
      await world.settled()

      const [after] = await db.select().from(gaps).where(eq(gaps.id, gap!.id))
      const live = await db
        .select()
        .from(assignments)
        .where(and(eq(assignments.slotId, slotIds[0]!), inArray(assignments.state, ['pending', 'confirmed'])))
      expect(live).toHaveLength(after!.state === 'filled' ? 1 : 0)
      if (round % 2 === 1) expect(after!.state).toBe('filled')
      const ends = await db
        .select()
        .from(auditLog)
        .where(
          and(
            eq(auditLog.subjectType, 'offer'),
            inArray(
              auditLog.subjectId,
              asked.map((offer) => offer.id),
            ),
          ),
        )
      for (const offer of asked)
        expect(ends.filter((row) => row.subjectId === offer.id && row.fromState === 'open')).toHaveLength(1)
      if (after!.state === 'open') {
        await world.call('POST', `/v1/gaps/${gap!.id}:stop`, { reason: 'end of the round' })
        await world.settled()
      }
      await world.advance({ minutes: 40 })
    }
    const closed = world.messages.filter((message) => ['offer-filled', 'offer-withdrawn'].includes(message.template))
    const perOffer = Map.groupBy(closed, (message) => message.messageId)
    expect([...perOffer.values()].every((some) => some.length === 1)).toBe(true)
    expect(await examine(world.house.database.sql, world.clock.now())).toEqual([])
  })
})
