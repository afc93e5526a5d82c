import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { expect, onTestFinished, test } from 'vitest'
import { newId } from '../../src/platform/db/ids.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { type Network, startProxy } from '../support/proxy.ts'
import { backends, startWorld } from '../support/world.ts'

/** The limit of the small steps with tasks, a look after it, and the time in which the queue has its chance first. */
const DONE_WITHIN_MS = 45_000

// Nobody asks anything of the API: the worker finds out by itself.
for (const backend of backends()) {
  test(`all connections of a worker die silently (queue in ${backend}): it goes on`, async ({ annotate }) => {
    let proxy: Network | undefined
    const world = await startWorld({
      backend,
      network: async (url) => {
        proxy = await startProxy(url)
        return proxy.url
      },
    })
    onTestFinished(async () => {
      await world.close()
      await proxy![Symbol.asyncDispose]()
    })
    await world.settled()
    proxy!.freeze()
    const frozen = performance.now()

    const beside = postgres(world.house.databaseUrl, { max: 1, onnotice: () => {} })
    onTestFinished(() => beside.end())
    const id = newId()
    const now = world.clock.now()
    const due = { id, name: 'nobody.knows', key: id, queue: 'tasks', payload: {}, dueAt: now, createdAt: now }
    await drizzle(beside).insert(tasks).values(due)
    // Nobody knows how to do it, which is found out as soon as somebody takes it up.
    const state = async () => (await beside`select state from tasks where id = ${id}`)[0]!.state
    await expect.poll(state, { timeout: 2 * DONE_WITHIN_MS, interval: 200 }).toBe('dead')
    const doneMs = Math.round(performance.now() - frozen)
    await annotate(`went on after ${doneMs} ms`)
    expect(doneMs).toBeLessThan(DONE_WITHIN_MS)
  })
}
