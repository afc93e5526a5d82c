import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildDutyTown } from '../support/duty-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let town: { id: string }
let village: { id: string }
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
  const unit = async (parentId: string, name: string) =>
    (await world.must('POST', '/v1/units', { parentId, kind: 'township', name })).body
  town = await unit(world.root.id, 'Rule town')
  village = await unit(town.id, 'Rule village')
})
afterAll(() => world.close())

const state = async (body: object) => (await world.must('POST', '/v1/rules', body)).body
const rest = (hours: number) => ({ name: 'minimum-rest', params: { minutes: hours * 60 } })
const errorsOf = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
  answer.body.errors.map((error) => [error.pointer, error.code]).sort()
const effective = async (unitId: string, name: string) =>
  (await world.must('GET', `/v1/units/${unitId}/rules`)).body.items.filter(
    (rule: { name: string }) => rule.name === name,
  )

describe('stating a rule', () => {
  test('an unknown rule is named, with those that are known', async () => {
    const answer = await world.call('POST', '/v1/rules', { unitId: town.id, name: 'gravity', scope: { colour: 1 } })
    expect([answer.status, errorsOf(answer)]).toEqual([
      400,
      [
        ['/body/name', 'rule-unknown'],
        ['/body/scope/colour', 'field-unknown'],
      ],
    ])
    expect(answer.body.errors.find((error: { code: string }) => error.code === 'rule-unknown').detail).toContain(
      'minimum-rest',
    )
  })

  test('a rule that only problems made for the engine have a use for is refused', async () => {
    const refused = await world.call('POST', '/v1/rules', { unitId: town.id, name: 'cover', weight: 1 })
    expect([refused.status, errorsOf(refused)]).toEqual([400, [['/body/name', 'rule-for-engine-only']]])
    expect(refused.body.errors[0].detail).toContain('`desired`')
  })

  test('every wrong parameter is named by the schema of its rule', async () => {
    const wrong = await world.call('POST', '/v1/rules', {
      unitId: town.id,
      name: 'load-limit',
      params: { measure: 'miles', window: { per: 'rolling', days: 0 }, colour: 'red' },
    })
    expect(errorsOf(wrong).map(([pointer]) => pointer)).toEqual(
      expect.arrayContaining(['/body/params/colour', '/body/params/measure']),
    )
    const unbounded = await world.call('POST', '/v1/rules', {
      unitId: town.id,
      name: 'load-limit',
      params: { measure: 'minutes', window: { per: 'week' } },
    })
    expect(errorsOf(unbounded)).toEqual([['/body/params', 'bound-needed']])
    const hard = await world.call('POST', '/v1/rules', {
      unitId: town.id,
      name: 'fair-share',
      params: { measure: 'minutes', within: 'all' },
    })
    expect(errorsOf(hard)).toEqual([['/body/weight', 'weight-needed']])
    const foreign = await world.call('POST', '/v1/rules', {
      unitId: '01890000-0000-7000-8000-000000000000',
      ...rest(8),
    })
    expect([foreign.status, errorsOf(foreign)]).toEqual([422, [['/body/unitId', 'unit-unknown']]])
  })

  test('a change keeps to the schema of its rule, and needs If-Match', async () => {
    const rule = await state({ unitId: village.id, name: 'consecutive-weekends', params: { max: 2 } })
    const url = `/v1/rules/${rule.id}`
    expect((await world.call('PATCH', url, { weight: 5 })).status).toBe(428)
    const wrong = await world.call('PATCH', url, { params: { max: 'two' } }, { headers: { 'if-match': '"1"' } })
    expect([wrong.status, errorsOf(wrong)]).toEqual([422, [['/body/params/max', 'invalid-type']]])
    const changed = await world.must('PATCH', url, { weight: 5 }, { headers: { 'if-match': '"1"' } })
    expect([changed.body.weight, changed.headers.get('etag')]).toEqual([5, '"2"'])
    expect((await world.call('DELETE', url, undefined, { headers: { 'if-match': '"1"' } })).status).toBe(412)
    await world.must('DELETE', url, undefined, { headers: { 'if-match': '"2"' } })
    expect((await world.call('GET', url)).status).toBe(404)
  })
})

describe('rules in force', () => {
  test('are the defaults, replaced from the root down by what speaks about the same', async () => {
    expect(await effective(village.id, 'minimum-rest')).toMatchObject([
      { unitId: null, inherited: true, params: { minutes: 720 } },
    ])
    await state({ unitId: world.root.id, ...rest(10) })
    const own = await state({ unitId: town.id, ...rest(9) })
    expect(await effective(village.id, 'minimum-rest')).toMatchObject([
      { unitId: town.id, inherited: true, params: { minutes: 540 } },
    ])
    expect(await effective(world.root.id, 'minimum-rest')).toMatchObject([
      { inherited: false, params: { minutes: 600 } },
    ])
    await world.must('DELETE', `/v1/rules/${own.id}`, undefined, { headers: { 'if-match': '"1"' } })
    expect(await effective(village.id, 'minimum-rest')).toMatchObject([{ params: { minutes: 600 } }])
  })

  test('limits of different things stand beside each other; one that is not enabled takes an inherited one away', async () => {
    await state({ unitId: town.id, name: 'load-limit', params: { measure: 'nights', window: { per: 'week' }, max: 3 } })
    expect((await effective(village.id, 'load-limit')).length).toBe(2)
    await state({
      unitId: village.id,
      name: 'load-limit',
      params: { measure: 'minutes', window: { days: 7, per: 'rolling' }, max: 1 },
      enabled: false,
    })
    expect(await effective(village.id, 'load-limit')).toMatchObject([{ params: { measure: 'nights' } }])
    expect((await effective(town.id, 'load-limit')).length).toBe(2)
  })

  test('lists and rights keep to the subtree', async () => {
    const key = await world.makeKey(village.id, 'organizer')
    const above = (await world.must('GET', `/v1/rules?unitId=${town.id}`)).body.items
    expect(above.length).toBeGreaterThan(0)
    expect((await world.call('GET', `/v1/rules/${above[0].id}`, undefined, { key })).status).toBe(404)
    expect((await world.must('GET', `/v1/rules?unitId=${town.id}`, undefined, { key })).body.items).toEqual([])
    expect((await world.call('GET', `/v1/units/${town.id}/rules`, undefined, { key })).status).toBe(404)
    expect(
      (await world.must('GET', `/v1/units/${village.id}/rules`, undefined, { key })).body.items.length,
    ).toBeGreaterThan(20)
  })
})

test('the engine obeys what a unit says, also a limit for single people at single posts', async () => {
  const place = await buildDutyTown(world, { name: 'Obedient town', posts: 2 })
  const [barred] = place.shifts[0]!.staff
  await state({
    unitId: place.unitId,
    name: 'load-limit',
    params: { measure: 'shifts', window: { per: 'period' }, max: 0 },
    scope: { volunteerIds: [barred], postIds: [place.postIds[0]] },
  })
  const roster = await place.makeRoster('2026-05-11', '2026-05-21', { seed: 5 })
  const own = await place.assignmentsOf(roster.id, `&volunteerId=${barred}`)
  expect(own.length).toBeGreaterThan(0)
  expect(new Set(own.map((line) => line.postId))).toEqual(new Set([place.postIds[1]]))
  const run = await place.finished(roster.generationRun.id)
  expect(run.outcome.rules.map((rule: { rule: string }) => rule.rule)).toContain('echelon-on-turn')
})
