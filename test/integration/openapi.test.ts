import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { meetStranger, type Stranger } from '../support/stranger.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let stranger: Stranger
beforeAll(async () => {
  world = await startWorld({ worker: false })
  stranger = await meetStranger(world.url, world.root.key)
})
afterAll(() => world.close())

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(stranger.document))
  expect(result.errors ?? []).toEqual([])
  expect(stranger.document.openapi).toMatch(/^3\.1\./)
})

test('every operation has its own name, a summary, a tag, and says how it fails', () => {
  const all = Object.entries<Record<string, Record<string, unknown>>>(stranger.document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, spec]) => ({ at: `${method} ${path}`, spec })),
  )
  expect(all.length).toBeGreaterThan(40)
  const poor = all.filter(({ spec }) => !spec.operationId || !spec.summary || !Array.isArray(spec.tags))
  expect(poor.map(({ at }) => at)).toEqual([])
  expect(stranger.operations.size).toBe(all.length)
  const silent = all.filter(({ spec }) => !Object.keys(spec.responses as object).includes('4XX'))
  expect(silent.map(({ at }) => at)).toEqual([])
})

test('nothing under /v1 opens without a key', async () => {
  for (const { method, path } of stranger.operations.values()) {
    if (!path.startsWith('/v1')) continue
    const address = new URL(path.replaceAll(/\{\w+\}/g, '01a20224-3eb9-7f93-8629-9c2b7e62ab97'), world.url)
    const response = await fetch(address, { method: method.toUpperCase() })
    expect([path, response.status]).toEqual([path, 401])
  }
})

test('an id that does not exist is 404 or 4xx, never 5xx, on every route', async () => {
  for (const [id, { method, path }] of stranger.operations) {
    if (!path.startsWith('/v1') || !path.includes('{')) continue
    const address = new URL(path.replaceAll(/\{\w+\}/g, '01a20224-3eb9-7f93-8629-9c2b7e62ab97'), world.url)
    const response = await fetch(address, {
      method: method.toUpperCase(),
      headers: { authorization: `Bearer ${world.root.key}`, 'if-match': '"1"', 'idempotency-key': id },
    })
    expect([id, response.status >= 400 && response.status < 500]).toEqual([id, true])
    expect(response.headers.get('content-type')).toContain('application/problem+json')
  }
})
