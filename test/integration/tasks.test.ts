import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { examine } from '../../src/platform/doctor/examine.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const db = () => world.house.services.foundations.db
const rowOf = async (id: string) => (await db().select().from(tasks).where(eq(tasks.id, id)))[0]!
const auditOf = async (id: string) =>
  (await db().select().from(auditLog).where(eq(auditLog.subjectId, id))).map((row) => ({
    action: row.action,
    from: row.fromState,
    to: row.toState,
  }))

/** A task that failed as often as it may; by itself it does nothing, as there is nothing to be done. */
async function dead(key: string = newId(), state: 'dead' | 'waiting' = 'dead'): Promise<string> {
  const id = newId()
  const now = world.clock.now()
  await db()
    .insert(tasks)
    .values({
      id,
      name: 'notifications.fall-back',
      key,
      queue: 'tasks',
      payload: { messageId: newId() },
      dueAt: state === 'dead' ? now : new Date(now.getTime() + 86_400_000),
      state,
      attempts: state === 'dead' ? 8 : 0,
      error: state === 'dead' ? 'the mast has fallen' : null,
      createdAt: now,
      finishedAt: state === 'dead' ? now : null,
    })
  return id
}
const listed = async () =>
  (await world.must('GET', '/v1/tasks?state=dead')).body.items.map((task: { id: string }) => task.id)

test('a dead task is listed with its reason, is tried again with all its attempts, and is dead no more', async () => {
  const id = await dead()
  const { items } = (await world.must('GET', '/v1/tasks?state=dead')).body
  expect(items).toMatchObject([
    { id, name: 'notifications.fall-back', state: 'dead', attempts: 8, error: 'the mast has fallen' },
  ])
  expect(items[0]).not.toHaveProperty('payload')
  expect((await examine(world.house.database.sql, world.clock.now())).map((one) => one.check)).toEqual([
    'no-dead-tasks',
  ])

  const { body } = await world.must('POST', `/v1/tasks/${id}:retry`)
  expect(body).toMatchObject({ id, state: 'waiting', attempts: 0, error: null, finishedAt: null })
  await world.settled()
  expect(await rowOf(id)).toMatchObject({ state: 'done', attempts: 1 })
  expect(await auditOf(id)).toEqual([{ action: 'task.retried', from: 'dead', to: 'waiting' }])
  expect(await listed()).toEqual([])
  expect(await examine(world.house.database.sql, world.clock.now())).toEqual([])
})

test('a dead task is dropped: never done, on record, and neither dropped nor retried twice', async () => {
  const id = await dead()
  expect((await world.must('POST', `/v1/tasks/${id}:drop`)).body).toMatchObject({ id, state: 'cancelled' })
  await world.settled()
  expect(await rowOf(id)).toMatchObject({ state: 'cancelled', attempts: 8, error: 'the mast has fallen' })
  expect(await auditOf(id)).toEqual([{ action: 'task.dropped', from: 'dead', to: 'cancelled' }])
  for (const verb of ['retry', 'drop']) {
    const answer = await world.call('POST', `/v1/tasks/${id}:${verb}`)
    expect([answer.status, answer.body.code]).toEqual([409, 'task-not-dead'])
  }
  expect(await auditOf(id)).toHaveLength(1)
})

test('what was asked for again meanwhile is not done twice', async () => {
  const key = newId()
  const [id, twin] = [await dead(key), await dead(key, 'waiting')]
  const answer = await world.call('POST', `/v1/tasks/${id}:retry`)
  expect([answer.status, answer.body.code]).toEqual([409, 'task-waits-already'])
  expect([(await rowOf(id)).state, (await rowOf(twin)).state]).toEqual(['dead', 'waiting'])
  expect(await auditOf(id)).toEqual([])
})

test('only an admin of a root unit sees and changes tasks', async () => {
  const id = await dead()
  const body = { parentId: world.root.id, kind: 'district', name: 'East' }
  const district = (await world.must('POST', '/v1/units', body)).body
  const keys = [
    [await world.makeKey(world.root.id, 'organizer'), 'role-too-low'],
    [await world.makeKey(district.id, 'admin'), 'root-needed'],
  ] as const
  for (const [key, code] of keys) {
    const answers = [
      await world.call('GET', '/v1/tasks', undefined, { key }),
      await world.call('POST', `/v1/tasks/${id}:retry`, undefined, { key }),
      await world.call('POST', `/v1/tasks/${id}:drop`, undefined, { key }),
    ]
    expect(answers.map((answer) => [answer.status, answer.body.code])).toEqual(Array(3).fill([403, code]))
  }
  expect(await rowOf(id)).toMatchObject({ state: 'dead' })
  const unknown = await world.call('POST', `/v1/tasks/${newId()}:retry`)
  expect([unknown.status, unknown.body.code]).toEqual([404, 'task-unknown'])
})
