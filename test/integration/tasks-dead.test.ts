import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { startChild } from '../support/child.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const db = () => world.house.services.foundations.db
const rowOf = async (id: string) => (await db().select().from(tasks).where(eq(tasks.id, id)))[0]!
const alarms = () => world.messages.filter((message) => message.template === 'tasks-dead')

/** A task with a payload that nobody can read, done at once. */
async function unreadable(name = 'notifications.fall-back'): Promise<string> {
  const id = newId()
  const now = world.clock.now()
  const row = { id, name, key: id, queue: 'tasks', payload: { messageId: 'none' }, dueAt: now, createdAt: now }
  await db().insert(tasks).values(row)
  await world.settled()
  return id
}

describe('dead tasks', () => {
  test('are told of once, all together, when nobody has seen to them for a quarter of an hour', async () => {
    const first = await unreadable()
    expect(await rowOf(first)).toMatchObject({
      state: 'dead',
      attempts: 1,
      error: expect.stringMatching(/notifications.fall-back[\s\S]*messageId/),
    })
    expect(await (await fetch(`${world.url}/readyz`)).json()).toEqual({ status: 'ready', deadTasks: 1 })
    await world.advance({ minutes: 10 })
    await unreadable('webhooks.deliver-event')
    await world.advance({ minutes: 4 })
    expect(alarms()).toEqual([])
    await world.advance({ minutes: 2 })
    expect(alarms()).toHaveLength(1)
    const [{ to, subject, text }] = alarms() as [(typeof world.messages)[number]]
    expect(to).toBe(`unit/${world.root.id}`)
    expect(subject).toBe('2 background tasks were given up')
    expect(text).toContain('the first at Mon 4 May 10:00')
    expect(text).toContain('- notifications.fall-back (1)\n- webhooks.deliver-event (1)')
    await world.advance({ hours: 30 })
    expect(alarms()).toHaveLength(1)

    // What dies after that is told of again, as nobody could know.
    await unreadable()
    await world.advance({ minutes: 16 })
    expect(alarms()).toHaveLength(2)
    expect(alarms()[1]!.subject).toBe('3 background tasks were given up')
  })

  test('are not told of when somebody has seen to them in time; each has its quarter of an hour', async () => {
    const early = await unreadable()
    await world.advance({ minutes: 10 })
    await unreadable()
    await world.must('POST', `/v1/tasks/${early}:drop`)
    await world.advance({ minutes: 10 })
    expect(alarms()).toEqual([])
    await world.advance({ minutes: 6 })
    expect(alarms().map((one) => one.subject)).toEqual(['1 background tasks were given up'])

    const late = await unreadable()
    await world.must('POST', `/v1/tasks/${late}:drop`)
    await world.advance({ hours: 1 })
    expect(alarms()).toHaveLength(1)
  })

  test('that were retried in vain are told of anew', async () => {
    const id = await unreadable()
    await world.advance({ minutes: 16 })
    await world.must('POST', `/v1/tasks/${id}:retry`)
    await world.advance({ minutes: 1 })
    expect(await rowOf(id)).toMatchObject({ state: 'dead', attempts: 1 })
    await world.advance({ minutes: 16 })
    expect(alarms()).toHaveLength(2)
  })
})

describe('the command', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watchbill-tasks-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
    const settings = { DATABASE_URL: world.house.databaseUrl, DATA_DIR: folder }
    await using child = startChild('src/commands/tasks.ts', settings, args)
    return { code: await child.exited, output: child.output() }
  }

  test('lists what is dead and why, drops and retries it, and says so in the audit log', async () => {
    const [one, two, three] = [await unreadable(), await unreadable(), await unreadable('webhooks.deliver-event')]
    const listed = await run('list')
    expect(listed).toMatchObject({ code: 0, output: expect.stringMatching(/^(.*\n){3}3 tasks.\n$/) })
    for (const id of [one, two, three]) expect(listed.output).toMatch(new RegExp(`${id}\\t.*\\t1 attempts\\t.*payload`))
    const some = await run('list', '--name', 'webhooks.deliver-event')
    expect([some.output.includes(three), some.output.includes(one)]).toEqual([true, false])

    expect(await run('drop', one)).toMatchObject({ code: 0, output: expect.stringContaining('cancelled') })
    expect((await rowOf(one)).state).toBe('cancelled')
    // The command acts by the clock of the machine, which is far ahead of this one.
    expect(await run('retry', '--all', '--name', 'webhooks.deliver-event')).toMatchObject({ code: 0 })
    expect(await rowOf(three)).toMatchObject({ state: 'waiting', attempts: 0, error: null })
    expect((await rowOf(two)).state).toBe('dead')
    const audited = await db().select().from(auditLog).where(eq(auditLog.subjectId, one))
    expect(audited.map((row) => [row.action, row.actorKind, row.actorId])).toEqual([
      ['task.dropped', 'command', 'tasks'],
    ])
  })

  test('goes on after what cannot be changed and ends with 1; what it does not understand it explains', async () => {
    const id = await unreadable()
    const unknown = newId()
    const answer = await run('drop', unknown, id)
    expect(answer).toMatchObject({ code: 1, output: expect.stringContaining(`There is no task ${unknown}`) })
    expect((await rowOf(id)).state).toBe('cancelled')
    for (const args of [
      [],
      ['bury'],
      ['drop'],
      ['retry', id, '--all'],
      ['list', '--state', 'lost'],
      ['list', '--loud'],
    ]) {
      expect(await run(...args)).toMatchObject({ code: 1, output: expect.stringContaining('npm run tasks -- list') })
    }
  })
})
