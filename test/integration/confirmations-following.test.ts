import { and, eq, inArray, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followUp } from '../../src/modules/confirmations/confirmations.jobs.ts'
import { confirmationItems, confirmationRequests } from '../../src/modules/confirmations/confirmations.tables.ts'
import { gaps } from '../../src/modules/gap-filling/gap-filling.tables.ts'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { webhookDeliveries } from '../../src/modules/webhooks/webhooks.tables.ts'
import { links as linksTable } from '../../src/platform/auth/auth.tables.ts'
import { mintLink } from '../../src/platform/auth/links.ts'
import { hashSecret } from '../../src/platform/auth/secrets.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { takeAlong } from '../../src/platform/queue/tasks.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster
beforeAll(async () => {
  world = await startWorld({ worker: false, settings: { TRUSTED_HOSTS: '127.0.0.1' } })
  roster = await plainRoster(world)
  const events = ['assignment.moved']
  const body = { unitId: world.root.id, url: 'http://127.0.0.1:9/hook', events }
  await world.must('POST', '/v1/webhooks', body, { headers: { 'idempotency-key': 'hook' } })
})
afterAll(() => world.close())

let version = 1

/** People who were asked for one shift, and the links of their messages; nothing is done in the background here. */
async function asked(count: number) {
  const { db, clock } = world.house.services.foundations
  const people = await roster.people(count)
  const { slotIds } = await roster.shift({ start: '2026-05-08T08:00', seats: count })
  version += 1
  const ids = await roster.publish(
    people.map((volunteerId, n) => ({ volunteerId, slotId: slotIds[n]! })),
    [],
    version,
  )
  const requests = await db.select().from(confirmationRequests).where(inArray(confirmationRequests.volunteerId, people))
  const links = await Promise.all(
    people.map(async (volunteerId) => {
      const subjectId = requests.find((one) => one.volunteerId === volunteerId)!.id
      const expiresAt = new Date('2026-06-01T00:00:00Z')
      const secret = await mintLink(db, { purpose: 'confirmation', subjectId, volunteerId, expiresAt }, clock.now())
      return `${world.url}/c/${secret}`
    }),
  )
  return { people, ids, links }
}

const notes = (ids: string[]) =>
  world.house.services.foundations.db
    .select()
    .from(confirmationItems)
    .where(inArray(confirmationItems.assignmentId, ids))

const messagesOf = (people: string[]) =>
  world.house.services.foundations.db
    .select()
    .from(messages)
    .where(and(inArray(messages.volunteerId, people), sql`${messages.template} <> 'confirmation-request'`))

/** Names of tasks that wait about these duties. */
async function waiting(ids: string[]): Promise<string[]> {
  const rows = await world.house.services.foundations.db
    .select({ name: tasks.name })
    .from(tasks)
    .where(and(inArray(tasks.key, ids), eq(tasks.state, 'waiting')))
  return rows.map((row) => row.name).sort()
}

/** What webhooks will be told of these duties, oldest first. */
async function told(ids: string[]): Promise<string[]> {
  const rows = await world.house.services.foundations.db
    .select()
    .from(webhookDeliveries)
    .orderBy(webhookDeliveries.createdAt, webhookDeliveries.id)
  return rows.flatMap(({ data }) => {
    const { to, moves } = data as { to: string; moves: { assignmentId: string; from: string }[] }
    return moves.filter((move) => ids.includes(move.assignmentId)).map((move) => `${move.from} ${to}`)
  })
}

const COMING = ['attendance.ask-check-in', 'attendance.mark-no-show', 'attendance.tell-check-in']

test('a yes stands at once, and what follows from it is done once, by however many', async () => {
  const { confirmations } = world.house.services
  const { people, ids, links } = await asked(12)
  const answers = await Promise.all(links.map((link) => roster.answer(link, { answer: 'confirm' })))
  expect(answers.map((one) => one.status)).toEqual(people.map(() => 303))

  const before = await notes(ids)
  expect(before.every((note) => note.followUpDue && note.receipt !== null)).toBe(true)
  const page = await (await roster.page(links[0]!)).text()
  expect(page).toContain(before.find((note) => note.assignmentId === ids[0])!.receipt!)
  expect(await messagesOf(people)).toEqual([])
  expect(await waiting(ids)).toEqual([])

  const halves = [ids.slice(0, 8), ids.slice(4)]
  await Promise.all([...halves, ...halves, ids].map((part) => confirmations.followUp(part)))
  expect((await notes(ids)).some((note) => note.followUpDue)).toBe(false)
  const sent = (await messagesOf(people)).map((message) => message.template).sort()
  expect(sent).toEqual(['confirmation-receipt', 'duty-reminder'].flatMap((name) => people.map(() => name)))
  expect(await waiting(ids)).toEqual(COMING.flatMap((name) => ids.map(() => name)))
  expect(await told(ids)).toEqual(ids.map(() => 'pending confirmed'))
})

test('whoever takes a yes back before anything has followed from it is heard in that order', async () => {
  const { confirmations, foundations } = world.house.services
  const { people, ids, links } = await asked(1)
  await roster.answer(links[0]!, { answer: 'confirm' })
  const first = (await notes(ids))[0]!.receipt!
  await roster.answer(links[0]!, { answer: 'decline', assignmentId: ids[0]!, seen: '2' })
  expect((await roster.assignment(ids[0]!)).state).toBe('declined')

  expect(await told(ids)).toEqual(['pending confirmed', 'confirmed declined'])
  const [note] = await notes(ids)
  expect(note).toMatchObject({ followUpDue: false })
  const receipts = (await messagesOf(people)).filter((one) => one.template === 'confirmation-receipt')
  expect(receipts.map((one) => one.params.receipt).sort()).toEqual([first, note!.receipt].sort())
  expect(await waiting(ids)).toEqual([])
  const opened = await foundations.db.select().from(gaps).where(eq(gaps.rosterId, roster.rosterId))
  expect(opened.map((gap) => gap.cause)).toEqual(['declined'])

  await confirmations.followUp(ids)
  expect(await told(ids)).toHaveLength(2)
  expect(await waiting(ids)).toEqual([])
})

test('a link that is revoked while its answer is being written confirms nothing', async () => {
  const { confirmations, foundations } = world.house.services
  const { ids, links } = await asked(1)
  const secret = links[0]!.split('/').at(-1)!
  const isWaiting = async () => {
    const rows = await foundations.db.execute(
      sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%update assignments set%'
        and datname = current_database()`,
    )
    return rows.length
  }
  const { fate } = await foundations.db.transaction(async (tx) => {
    await tx.execute(sql`select from assignments where id = ${ids[0]!} for update`)
    const answer = { choice: 'confirm' as const }
    const step = confirmations.stepOnPage(
      secret,
      { kind: 'answer', answer, staysOn: undefined },
      { requestId: 'race', ip: '127.0.0.1' },
    )
    // It has read that the link is good, and waits here.
    await expect.poll(isWaiting).toBe(1)
    await tx
      .update(linksTable)
      .set({ revokedAt: foundations.clock.now() })
      .where(eq(linksTable.tokenHash, hashSecret(secret)))
    return { fate: step }
  })
  expect(await fate).toBe(false)
  expect((await roster.assignment(ids[0]!)).state).toBe('pending')
  expect((await notes(ids))[0]).toMatchObject({ followUpDue: false, receipt: null })
})

test('whoever follows up takes along what waits for the same, and gives it back when that fails', async () => {
  const { db, clock } = world.house.services.foundations
  const { ids, links } = await asked(2)
  for (const link of links) await roster.answer(link, { answer: 'confirm' })
  const failed = db.transaction(async (tx) => {
    const along = await takeAlong(tx, followUp, 100, clock.now())
    expect(along.flatMap((one) => one.assignmentIds)).toEqual(expect.arrayContaining(ids))
    expect(await takeAlong(tx, followUp, 100, clock.now())).toEqual([])
    throw new Error('lost')
  })
  await expect(failed).rejects.toThrow('lost')
  await world.house.services.confirmations.followUp([])
  expect((await notes(ids)).some((note) => note.followUpDue)).toBe(false)
})
