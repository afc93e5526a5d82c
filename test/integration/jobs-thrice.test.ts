import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allHandlers } from '../../src/background.ts'
import { shifts } from '../../src/modules/posts/posts.tables.ts'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { createRandom, shuffle } from '../../src/solver/random.ts'
import { type Peer, startPeer } from '../support/peer.ts'
import { plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

const MESSAGES_ARE_OUT = '2026-05-04T03:00:00Z'
const BEGIN_OF_DUTY = '2026-05-06T00:00:00Z'
const END = '2026-05-09T00:00:00Z'
/** Of somebody whose gateway never says what has arrived: what is urgent goes to the second after a while. */
const PHONES = ['13800000001', '13800000002']
let peer: Peer
beforeAll(async () => {
  peer = await startPeer(() => ({ body: {} }))
})
afterAll(() => peer.stop())

/** A plan for another unit, made by the engine. */
async function planElsewhere(world: World, post: (path: string, body: object) => Promise<{ id: string }>) {
  const unit = await post('/v1/units', { parentId: world.root.id, kind: 'office', name: 'Night desk' })
  for (const displayName of ['Ada', 'Ben', 'Cai'])
    await world.must('POST', '/v1/volunteers', { unitId: unit.id, displayName, personClass: 'volunteer' })
  const requirements = [{ role: 'guard', minimum: 1, desired: 1 }]
  const desk = await post('/v1/posts', { unitId: unit.id, name: 'Front door', kind: 'door', requirements })
  const night = { rule: 'FREQ=DAILY', startTime: '20:00', length: 'PT12H', effectiveFrom: '2026-05-04' }
  await post('/v1/shift-templates', { postId: desk.id, name: 'Night', ...night })
  await post('/v1/rosters', { unitId: unit.id, from: '2026-06-08', to: '2026-06-11' })
}

/** A few days in which much happens that nobody is there for. */
async function story(world: World): Promise<{ kept: string; keeper: string; ready: string; planId: string }> {
  const roster = await plainRoster(world)
  const post = async (path: string, body: object) =>
    (await world.must('POST', path, body, { headers: { 'idempotency-key': path } })).body
  const events = ['roster.published', 'assignment.moved', 'gap.opened', 'gap.exhausted', 'report.missing']
  await post('/v1/webhooks', { unitId: world.root.id, url: `${peer.url}/${world.root.id}`, events })
  await planElsewhere(world, post)
  const reserve = await roster.people(2)
  const phones = PHONES.map((address, position) => ({
    volunteerId: reserve[1]!,
    channel: 'sms' as const,
    address,
    position,
  }))
  await world.house.services.foundations.db.insert(contactPoints).values(phones)
  const echelonIds = await roster.reserve([[reserve[0]!], [reserve[1]!]])
  const [silent, comes] = await roster.people(2)
  const near = await roster.shift({ start: '2026-05-06T08:00', length: 'PT8H', seats: 2 })
  const [, kept] = await roster.publish([
    { slotId: near.slotIds[0]!, volunteerId: silent! },
    { slotId: near.slotIds[1]!, volunteerId: comes! },
  ])
  await post(`/v1/assignments/${kept}:confirm`, {})
  // A wrong code at the door of the post.
  await world.must('GET', `/v1/posts/${near.postId}/check-in-code`)
  const wrong = new URLSearchParams({ step: 'check-in', code: '000000', personNumber: 'P-1', phoneEnd: '1234' })
  await fetch(`${world.url}/p/${near.postId}`, { method: 'POST', redirect: 'manual', body: wrong })
  // Relief that never comes, at the same post.
  const relief = await roster.shift({ start: '2026-05-06T16:00', length: 'PT8H' })
  const { db } = world.house.services.foundations
  await db.update(shifts).set({ postId: near.postId }).where(eq(shifts.id, relief.shiftId))
  const [absent] = await roster.people(1)
  const [late] = await roster.publish([{ slotId: relief.slotIds[0]!, volunteerId: absent! }], [], 3)
  await post(`/v1/assignments/${late}:confirm`, {})
  // Somebody who asks another to take their duty, and hears nothing.
  const [giver, asked] = await roster.people(2)
  const later = await roster.shift({ start: '2026-05-08T20:00', length: 'PT8H' })
  const [given] = await roster.publish([{ slotId: later.slotIds[0]!, volunteerId: giver! }], [], 2)
  await post(`/v1/assignments/${given}:confirm`, {})
  await post('/v1/swaps', { kind: 'give', assignmentId: given, askedId: asked })
  // Somebody who says yes by their link.
  const [ready] = await roster.people(1)
  const far = await roster.shift({ start: '2026-05-20T08:00' })
  await roster.publish([{ slotId: far.slotIds[0]!, volunteerId: ready! }], [], 4)
  // Something to acknowledge, and a report, that nobody sees to.
  await post('/v1/announcements', {
    unitId: world.root.id,
    texts: { en: { title: 'Rain', text: 'Bring a coat.' } },
    audience: { sources: [{ kind: 'people', volunteerIds: reserve }] },
    expiresAt: '2026-05-08T00:00:00Z',
  })
  await post('/v1/report-obligations', {
    unitId: world.root.id,
    reporters: [{ volunteerId: silent }],
    name: { zh: '每日报告', en: 'Daily report' },
    rule: 'FREQ=DAILY',
    dueTime: '16:30',
    effectiveFrom: '2026-05-05',
    effectiveTo: '2026-05-07',
    schema: { type: 'object', properties: {} },
  })
  await post('/v1/call-outs', {
    postId: near.postId,
    reason: 'Flood',
    people: 1,
    startLocal: '2026-05-07T20:00',
    length: 'PT4H',
    from: [{ kind: 'echelon', id: echelonIds[0] }],
  })
  // A list of people to call, of whom nobody is reached, and sites that are visited by somebody who tells nothing.
  const [caller, keeper] = await roster.people(2)
  const campaign = await post('/v1/campaigns', {
    unitId: world.root.id,
    name: 'Calls',
    kind: 'phone',
    rounds: [{ deadline: '2026-05-06T10:00:00Z' }],
  })
  await post(`/v1/campaigns/${campaign.id}/items`, { items: [{ reference: 'L1', name: 'Wu', phone: '13800000001' }] })
  await post(`/v1/campaigns/${campaign.id}:divide`, { volunteerIds: [caller] })
  await post('/v1/posts', { unitId: world.root.id, name: 'Company 1', kind: 'company' })
  const plan = await post('/v1/visit-plans', {
    unitId: world.root.id,
    name: 'One to one',
    startTime: '09:00',
    chaseAfterMinutes: 120,
    alarmAfterMinutes: 480,
    fromOn: '2026-05-05',
    toOn: '2026-05-08',
  })
  await post(`/v1/visit-plans/${plan.id}:divide`, { postKinds: ['company'], volunteerIds: [keeper] })
  // Work that was given up, and nobody sees to it.
  const name = 'webhooks.deliver-event'
  const id = newId()
  const now = world.clock.now()
  const lost = { id, name, key: 'lost', queue: 'tasks', payload: {}, dueAt: now, createdAt: now, finishedAt: now }
  await db.insert(tasks).values({ ...lost, state: 'dead' })
  await roster.occasionally((occasion) =>
    world.house.services.tasks.onTaskDied({ taskId: id, name }, { ...occasion, now }),
  )
  return { kept: kept!, keeper: keeper!, ready: ready!, planId: plan.id }
}

type Task = typeof tasks.$inferSelect

/** Does these in this order, so many at a time. */
async function doAll(world: World, order: Task[], lanes: number): Promise<void> {
  const handlers = new Map(allHandlers(world.house.services).map((handler) => [handler.kind.name, handler]))
  const lane = async () => {
    for (let task = order.shift(); task; task = order.shift()) {
      const context = { taskId: task.id, attempt: 1, signal: new AbortController().signal }
      await handlers.get(task.name)!.run(task.payload, context)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** Does every task so often, copies mixed and two at a time, until the end of the story; answers with all it did. */
async function live(world: World, times: number, until: string, seen: Task[] = []): Promise<Task[]> {
  const { db } = world.house.services.foundations
  const { clock } = world
  const random = createRandom(times)
  for (let rounds = 0; rounds < 2_000; rounds += 1) {
    const due = await db
      .update(tasks)
      .set({ state: 'running', lockedUntil: new Date(clock.now().getTime() + 3_600_000) })
      .where(and(eq(tasks.state, 'waiting'), lte(tasks.dueAt, clock.now())))
      .returning()
    if (due.length === 0) {
      const [next] = await db.select().from(tasks).where(eq(tasks.state, 'waiting')).orderBy(asc(tasks.dueAt)).limit(1)
      if (!next || next.dueAt > new Date(until)) {
        clock.set(new Date(until))
        return seen
      }
      clock.set(next.dueAt)
      continue
    }
    seen.push(...due)
    const copies = Array.from({ length: times }, () => due).flat()
    await (times === 1 ? doAll(world, copies, 1) : doAll(world, shuffle(copies, random), 2))
    const ids = due.map((task) => task.id)
    await db
      .update(tasks)
      .set({ state: 'done' })
      .where(and(inArray(tasks.id, ids), eq(tasks.state, 'running')))
  }
  throw new Error('The story does not end.')
}

const COUNTED = {
  messages: sql`select template || ' ' || state || ' ' || coalesce(via, '') as what from messages`,
  audit: sql`select action || ' ' || coalesce(from_state, '') || '>' || coalesce(to_state, '') as what from audit_log`,
  assignments: sql`select state || ' ' || source as what from assignments`,
  offers: sql`select state as what from offers`,
  gaps: sql`select state as what from gaps`,
  visits: sql`select state as what from visits`,
  campaigns: sql`select state as what from campaign_tasks`,
  deliveries: sql`select event || ' ' || state as what from webhook_deliveries`,
  runs: sql`select state as what from generation_runs`,
  drafts: sql`select state || ' ' || count(d.*) as what from rosters r left join draft_assignments d on d.roster_id = r.id group by r.id`,
}

/** How everything stands, without the ids. */
async function ending(world: World, times: number) {
  const { db } = world.house.services.foundations
  const counted = Object.entries(COUNTED).map(async ([name, rows]) => {
    const counts = await db.execute(sql`select what, count(*)::int as n from (${rows}) t group by what order by what`)
    return [name, counts.map((row) => `${row.n} × ${row.what}`)]
  })
  const texts = peer.calls.filter((call) => call.path === `/texts${times}`).map((call) => call.body)
  const sends = Map.groupBy(
    [...world.messages.map((message) => message.messageId), ...texts.map(({ id, to }) => `${id} ${to}`)],
    String,
  )
  return {
    ...Object.fromEntries(await Promise.all(counted)),
    texts: texts.map(({ to, template }) => `${template} ${to}`).sort(),
    sent: world.messages.map((message) => message.template).sort(),
    sentTwice: [...sends.values()].filter((group) => group.length > 1).length,
    called: peer.calls
      .filter((call) => call.path === `/${world.root.id}`)
      .map((call) => call.body.type)
      .sort(),
  }
}

/** The whole story; somebody comes to their duty and never says that they leave. */
async function tell(world: World, times: number): Promise<Task[]> {
  const { kept, keeper, ready, planId } = await story(world)
  const seen = await live(world, times, MESSAGES_ARE_OUT)
  const press = (id: string, template: string, fields: Record<string, string>) => {
    const link = world.messagesTo(id).findLast((message) => message.template === template)!.link!
    return fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) })
  }
  await press(ready, 'confirmation-request', { answer: 'confirm' })
  await press(keeper, 'standing-duties', { step: 'accept', subject: planId })
  await live(world, times, BEGIN_OF_DUTY, seen)
  await world.must('POST', `/v1/assignments/${kept}:check-in`, {})
  return live(world, times, END, seen)
}

/** One more copy of every task, long after what came of it: as a job returns whose worker was taken for dead. */
async function comeBack(world: World, seen: Task[]): Promise<void> {
  await doAll(world, shuffle([...seen], createRandom(seen.length)), 2)
  await live(world, 1, END)
}

test('every job three times, in any order, two at a time, one of them at the very end: the same end, and one send', async () => {
  const settings = (times: number) => ({
    TRUSTED_HOSTS: '127.0.0.1',
    SMS_URL: `${peer.url}/texts${times}`,
    SMS_BODY: '{"id":"{id}","to":"{to}","text":"{text}","template":"{template}"}',
    SMS_RECEIPT_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  await using control = await startWorld({ worker: false, settings: settings(1) })
  const names = new Set((await tell(control, 1)).map((task) => task.name))
  const expected = await ending(control, 1)
  expect(expected.sentTwice).toBe(0)
  expect(expected.sent).toContain('tasks-dead')
  expect(expected.texts).toEqual(expect.arrayContaining(PHONES.map((phone) => `offer ${phone}`)))

  await using world = await startWorld({ worker: false, settings: settings(2) })
  const seen = await tell(world, 2)
  expect(await ending(world, 2)).toEqual(expected)
  await comeBack(world, seen)
  expect(await ending(world, 2)).toEqual(expected)

  const kinds = allHandlers(world.house.services).map((handler) => handler.kind.name)
  expect(kinds.filter((name) => !names.has(name))).toEqual([])
})
