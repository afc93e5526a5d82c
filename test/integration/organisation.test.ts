import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const newUnit = async (parentId: string, name: string, more = {}) =>
  (await world.must('POST', '/v1/units', { parentId, kind: 'township', name, ...more })).body

describe('units', () => {
  test('a child takes zone, language and policy from above and may differ field by field', async () => {
    const town = await newUnit(world.root.id, 'Town A', { policy: { offerMinutes: 10 } })
    const village = await newUnit(town.id, 'Village A', { policy: { waveSize: 7 } })
    expect(village).toMatchObject({
      zone: 'Asia/Shanghai',
      locale: 'en',
      effectivePolicy: { offerMinutes: 10, waveSize: 7, freezeMinutes: 1440 },
    })
  })

  test('every wrong field is named in one answer, and nothing is written', async () => {
    const before = (await world.must('GET', '/v1/units')).body.items.length
    const answer = await world.call('POST', '/v1/units', {
      parentId: 'x',
      zone: 'Mars/Base',
      colour: 'red',
      policy: { offerShare: 2 },
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(
      answer.body.errors.map((error: { pointer: string; code: string }) => [error.pointer, error.code]).sort(),
    ).toEqual([
      ['/body/colour', 'field-unknown'],
      ['/body/kind', 'invalid-type'],
      ['/body/name', 'invalid-type'],
      ['/body/parentId', 'invalid-format'],
      ['/body/policy/offerShare', 'too-big'],
      ['/body/zone', 'zone-unknown'],
    ])
    expect((await world.must('GET', '/v1/units')).body.items.length).toBe(before)
  })

  test('a unit cannot be moved below itself, and a move carries everything below along', async () => {
    const a = await newUnit(world.root.id, 'Branch')
    const b = await newUnit(a.id, 'Twig')
    const c = await newUnit(b.id, 'Leaf')
    const other = await newUnit(world.root.id, 'Other branch')
    const circle = await world.call(
      'PATCH',
      `/v1/units/${a.id}`,
      { parentId: c.id },
      { headers: { 'if-match': '"1"' } },
    )
    expect(circle.status).toBe(422)
    expect(circle.body.errors[0]).toMatchObject({ pointer: '/body/parentId', code: 'unit-tree-cyclic' })

    await world.must('PATCH', `/v1/units/${b.id}`, { parentId: other.id }, { headers: { 'if-match': '"1"' } })
    const below = (await world.must('GET', `/v1/units?under=${other.id}`)).body.items.map(
      (unit: { name: string }) => unit.name,
    )
    expect(below.sort()).toEqual(['Leaf', 'Other branch', 'Twig'])
  })

  test('two crossing moves at once do not close a circle', async () => {
    const left = await newUnit(world.root.id, 'Left')
    const right = await newUnit(world.root.id, 'Right')
    const answers = await Promise.all([
      world.call('PATCH', `/v1/units/${left.id}`, { parentId: right.id }, { headers: { 'if-match': '"1"' } }),
      world.call('PATCH', `/v1/units/${right.id}`, { parentId: left.id }, { headers: { 'if-match': '"1"' } }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422])
  })

  test('a change needs If-Match: 428 without, 412 when stale', async () => {
    const unit = await newUnit(world.root.id, 'Guarded')
    expect((await world.call('PATCH', `/v1/units/${unit.id}`, { name: 'X' })).status).toBe(428)
    const stale = await world.call('PATCH', `/v1/units/${unit.id}`, { name: 'X' }, { headers: { 'if-match': '"9"' } })
    expect(stale.status).toBe(412)
    expect(stale.body.currentVersion).toBe(1)
  })

  test('pages begin after the last row seen, whatever was added meanwhile', async () => {
    const parent = await newUnit(world.root.id, 'Pages')
    for (const name of ['d', 'b', 'f']) await newUnit(parent.id, name)
    const first = (await world.must('GET', `/v1/units?parentId=${parent.id}&limit=2`)).body
    expect(first.items.map((unit: { name: string }) => unit.name)).toEqual(['b', 'd'])
    await newUnit(parent.id, 'a')
    await newUnit(parent.id, 'e')
    const second = (await world.must('GET', `/v1/units?parentId=${parent.id}&limit=2&cursor=${first.nextCursor}`)).body
    expect(second.items.map((unit: { name: string }) => unit.name)).toEqual(['e', 'f'])
    expect(second.nextCursor).toBeNull()
    const wrong = await world.call('GET', `/v1/units?parentId=${parent.id}&sort=-name&cursor=${first.nextCursor}`)
    expect(wrong).toMatchObject({ status: 400, body: { code: 'cursor-wrong' } })
  })
})

describe('API keys', () => {
  test('a key sees its unit and what lies below; the rest looks unknown', async () => {
    const mine = await newUnit(world.root.id, 'Mine')
    const theirs = await newUnit(world.root.id, 'Theirs')
    const key = await world.makeKey(mine.id, 'organizer')
    expect((await world.call('GET', `/v1/units/${mine.id}`, undefined, { key })).status).toBe(200)
    expect((await world.call('GET', `/v1/units/${theirs.id}`, undefined, { key })).status).toBe(404)
    expect((await world.call('GET', `/v1/units/${world.root.id}`, undefined, { key })).status).toBe(404)
    const seen = (await world.must('GET', '/v1/units', undefined, { key })).body.items
    expect(seen.map((unit: { name: string }) => unit.name)).toEqual(['Mine'])
  })

  test('viewers do not write and organizers do not hand out keys', async () => {
    const viewer = await world.makeKey(world.root.id, 'viewer')
    const organizer = await world.makeKey(world.root.id, 'organizer')
    const unit = { parentId: world.root.id, kind: 'township', name: 'By viewer' }
    expect((await world.call('POST', '/v1/units', unit, { key: viewer })).status).toBe(403)
    const wish = { unitId: world.root.id, role: 'admin', name: 'mine' }
    expect((await world.call('POST', '/v1/api-keys', wish, { key: organizer })).status).toBe(403)
  })

  test('unknown, revoked and missing keys are refused alike', async () => {
    const made = (
      await world.must('POST', '/v1/api-keys', { unitId: world.root.id, role: 'viewer', name: 'short-lived' })
    ).body
    expect((await world.call('GET', '/v1/units', undefined, { key: made.key })).status).toBe(200)
    await world.must('POST', `/v1/api-keys/${made.id}:revoke`)
    const bodies = []
    for (const key of [made.key, `wb_${'x'.repeat(43)}`, null]) {
      const answer = await world.call('GET', '/v1/units', undefined, { key })
      expect(answer.status).toBe(401)
      bodies.push(answer.body.detail)
    }
    expect(new Set(bodies).size).toBe(1)
  })

  test('the last admin key of a tree cannot be revoked', async () => {
    const keys = (await world.must('GET', '/v1/api-keys')).body.items
    const admins = keys.filter(
      (key: { role: string; revokedAt: string | null }) => key.role === 'admin' && !key.revokedAt,
    )
    expect(admins).toHaveLength(1)
    expect((await world.call('POST', `/v1/api-keys/${admins[0].id}:revoke`)).body.code).toBe('last-admin-key')
  })

  test('a secret is nowhere in the database', async () => {
    const made = (await world.must('POST', '/v1/api-keys', { unitId: world.root.id, role: 'viewer', name: 'secret' }))
      .body
    const [row] = await world.house.database.sql`
      select (select count(*) from api_keys k where k::text like ${`%${made.key}%`})
        + (select count(*) from audit_log a where a::text like ${`%${made.key}%`}) as found`
    expect(Number(row!.found)).toBe(0)
  })
})
