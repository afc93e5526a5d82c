import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../support/world.ts'

let world: World
let unit: string

beforeAll(async () => {
  world = await startWorld({ worker: false })
  unit = world.root.id
  await world.must('POST', '/v1/qualifications', { code: 'first-aid', name: 'First aid' })
  await world.must('POST', '/v1/qualifications', { code: 'driver', name: 'Driver' })
})
afterAll(() => world.close())

const send = (csv: string | ReadableStream, { mode = 'preview', into = unit, key = world.root.key } = {}) =>
  world.call('POST', `/v1/volunteers:import?unitId=${into}&mode=${mode}`, undefined, {
    key,
    raw: { type: 'text/csv', body: csv },
  })
const listed = async (query = '') => (await world.must('GET', `/v1/volunteers?limit=500${query}`)).body.items

test('smoke', async () => {
  const answer = await send('工号,姓名,资质\nA1,张三,first-aid;driver@2025-01-01..2027-01-01\n', { mode: 'commit' })
  console.log(answer.text)
  expect(answer.status).toBe(200)
  expect(await listed()).toHaveLength(1)
})
