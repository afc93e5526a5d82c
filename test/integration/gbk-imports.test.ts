import { afterAll, beforeAll, expect, test } from 'vitest'
import { gbk } from '../support/gbk.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ worker: false })
})
afterAll(() => world.close())

const NAMES = ['张三', '欧阳锋', '朱镕', '王喆', '闫闰土', '丁一']

/** Sends the bytes as a spreadsheet saved them. */
const upload = (path: string, bytes: Buffer) =>
  world.must('POST', path, undefined, { raw: { type: 'text/csv', body: new Blob([bytes]).stream() } })

test('people come in from a file in GBK with their names', async () => {
  const rows = NAMES.map((name, i) => `G${i},${name},工作人员`)
  const file = gbk(`工号,姓名,人员类别\r\n${rows.join('\r\n')}\r\n`)
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(file)).toThrow()
  const { body } = await upload(`/v1/volunteers:import?unitId=${world.root.id}&mode=commit`, file)
  expect(body).toMatchObject({ committed: true, counts: { created: NAMES.length, wrong: 0 } })
  const { items } = (await world.must('GET', '/v1/volunteers?limit=100')).body
  const found = items.map((one: { personNumber: string; displayName: string; personClass: string }) => [
    one.personNumber,
    one.displayName,
    one.personClass,
  ])
  expect(found.sort()).toEqual(NAMES.map((name, i) => [`G${i}`, name, 'staff']))
})

test('the list of a campaign comes in from a file in GBK with names, addresses and notes', async () => {
  const { id } = (
    await world.must('POST', '/v1/campaigns', {
      unitId: world.root.id,
      name: '返乡人员随访',
      kind: 'follow-up',
      rounds: [{ deadline: '2026-06-01T10:00:00Z' }],
    })
  ).body
  const rows = NAMES.map((name, i) => `L${i},${name},1390000000${i},"城东路${i}号，东门",独居`)
  const file = gbk(`编号,姓名,电话,地址,备注\r\n${rows.join('\r\n')}\r\n`)
  const { body } = await upload(`/v1/campaigns/${id}:import-items?mode=commit`, file)
  expect(body).toMatchObject({ committed: true, counts: { added: NAMES.length, wrong: 0 } })
  const { items } = (await world.must('GET', `/v1/campaigns/${id}/items?limit=100`)).body
  const found = items.map((one: { reference: string; name: string; address: string; note: string }) => [
    one.reference,
    one.name,
    one.address,
    one.note,
  ])
  expect(found.sort()).toEqual(NAMES.map((name, i) => [`L${i}`, name, `城东路${i}号，东门`, '独居']))
})
