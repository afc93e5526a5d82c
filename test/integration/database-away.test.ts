import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Network, startProxy } from '../support/proxy.ts'
import { startWorld } from '../support/world.ts'

const READ_MS = 500
const SLACK_MS = 1_500
const BACK_MS = 15_000

async function startBehindProxy() {
  let proxy: Network | undefined
  const world = await startWorld({
    worker: false,
    settings: { DATABASE_READ_MS: String(READ_MS), DATABASE_WRITE_MS: '800' },
    network: async (url) => {
      proxy = await startProxy(url)
      return proxy.url
    },
  })
  onTestFinished(async () => {
    proxy!.thaw()
    await world.close()
    await proxy![Symbol.asyncDispose]()
  })
  return { world, proxy: proxy! }
}

test('while the database is silent requests get a problem in time, and the process says that it is not ready', async () => {
  const { world, proxy } = await startBehindProxy()
  const ask = () => world.call('GET', '/v1/units')
  const ready = async () => (await world.call('GET', '/readyz', undefined, { key: null })).status
  await Promise.all(Array.from({ length: 8 }, ask))
  expect(await ready()).toBe(200)

  proxy.freezeNew()
  for (let n = 0; n < 4; n += 1) {
    const begun = performance.now()
    const { status, headers, body } = await ask()
    expect(performance.now() - begun).toBeLessThan(READ_MS + SLACK_MS)
    expect([status, headers.get('content-type'), headers.get('retry-after')]).toEqual([
      503,
      'application/problem+json',
      '5',
    ])
    expect(body).toMatchObject({ status: 503, code: 'database-away' })
  }
  expect(await ready()).toBe(503)
  const page = await world.call('GET', `/c/${'x'.repeat(43)}`, undefined, { key: null })
  expect(page.status).toBe(503)

  proxy.thaw()
  const thawed = performance.now()
  while ((await ready()) !== 200) await sleep(50)
  expect((await ask()).status).toBe(200)
  expect(performance.now() - thawed).toBeLessThan(BACK_MS)
})
