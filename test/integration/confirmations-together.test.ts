import { eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { assignments } from '../../src/modules/rosters/rosters.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { links } from '../../src/platform/auth/auth.tables.ts'
import { hashSecret } from '../../src/platform/auth/secrets.ts'
import { plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

const PEOPLE = 60
let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

test('many who confirm at once: each in their own name, once, and a bad link among them spoils nothing', async () => {
  const { db, clock } = world.house.services.foundations
  const roster = await plainRoster(world)
  const people = await roster.people(PEOPLE)
  const { slotIds } = await roster.shift({ start: '2026-05-08T08:00', seats: PEOPLE })
  const ids = await roster.publish(people.map((volunteerId, n) => ({ volunteerId, slotId: slotIds[n]! })))
  await world.advance({ hours: 1 })
  const asked = people.map((id) => world.messagesTo(id).find((one) => one.template === 'confirmation-request')!.link!)
  const hashOf = (link: string) => hashSecret(link.split('/').at(-1)!)
  await db
    .update(links)
    .set({ revokedAt: clock.now() })
    .where(eq(links.tokenHash, hashOf(asked[0]!)))

  const all = [...asked, ...asked]
  const answers = await Promise.all(all.map((link) => roster.answer(link, { answer: 'confirm' })))
  expect(answers.filter((one) => one.status === 404)).toHaveLength(2)
  expect(answers.filter((one) => one.status === 303)).toHaveLength(2 * PEOPLE - 2)

  const rows = await db.select().from(assignments).where(inArray(assignments.id, ids))
  expect(rows.filter((row) => row.state === 'pending').map((row) => row.volunteerId)).toEqual([people[0]])
  expect(rows.filter((row) => row.state === 'confirmed' && row.version === 2)).toHaveLength(PEOPLE - 1)

  const audited = await db.select().from(auditLog).where(eq(auditLog.action, 'assignment.confirmed'))
  expect(audited).toHaveLength(PEOPLE - 1)
  expect(new Set(audited.map((row) => row.requestId)).size).toBe(PEOPLE - 1)
  const holders = await db
    .select({ id: links.id, volunteerId: links.volunteerId })
    .from(links)
    .where(
      inArray(
        links.id,
        audited.map((row) => row.actorId),
      ),
    )
  const holderOf = new Map(holders.map((link) => [link.id, link.volunteerId]))
  const holderOfDuty = new Map(rows.map((row) => [row.id, row.volunteerId]))
  for (const row of audited) expect(holderOf.get(row.actorId)).toBe(holderOfDuty.get(row.subjectId))

  await world.settled()
  const receipts = await db.select().from(messages).where(eq(messages.template, 'confirmation-receipt'))
  expect(new Set(receipts.map((row) => row.volunteerId)).size).toBe(PEOPLE - 1)
  expect(receipts).toHaveLength(PEOPLE - 1)
})
