import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from '../../src/platform/auth/actor.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

// 2026-05-04 is a Monday; the clock shows 07:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:00:00Z' })
  at = duties(world)
})
afterAll(() => world.close())

const create = async (path: string, body: object) => (await world.must('POST', path, body)).body

/** A duty at 08:00 of a template whose no-show is asked for after so many minutes; null: as the unit's policy says. */
async function expected(noShowMinutes: number | null, policy: object = {}) {
  const { id: unitId } = await create('/v1/units', {
    parentId: world.root.id,
    kind: 'town',
    name: `Town ${crypto.randomUUID()}`,
    policy,
  })
  const { id: postId } = await at.post({ unitId })
  const template = await create('/v1/shift-templates', {
    postId,
    name: 'Morning',
    rule: 'FREQ=DAILY',
    startTime: '08:00',
    length: 'PT4H',
    effectiveFrom: '2026-01-01',
    noShowMinutes,
  })
  expect(template.noShowMinutes).toBe(noShowMinutes)
  const { id: volunteerId } = await at.person({ unitId })
  const duty = await at.duty({ volunteerId, postId, start: '2026-05-04T08:00', length: 'PT4H', state: 'pending' })
  const { sql } = world.house.database
  await sql`update shifts set template_id = ${template.id} where id = ${duty.shiftId}`
  const { db, clock } = world.house.services.foundations
  await db.transaction((tx) =>
    at.assignments.move(
      { tx, actor: command('test'), now: clock.now() },
      { ids: [duty.id], to: 'confirmed', reason: 'said yes' },
    ),
  )
  return { id: duty.id, unitId }
}
const toldUnit = (unitId: string) =>
  world.messages.filter((one) => one.to === `unit/${unitId}`).map((one) => one.template)

test('a template decides after how many minutes a no-show is asked about, or said by the policy', async () => {
  const strict = await expected(5)
  const usual = await expected(null)
  const auto = await expected(5, { noShow: 'auto' })
  await world.advanceTo('2026-05-04T00:04:30Z')
  expect([strict, usual, auto].map((one) => toldUnit(one.unitId))).toEqual([[], [], []])
  await world.advanceTo('2026-05-04T00:05:30Z')
  expect(toldUnit(strict.unitId)).toEqual(['no-show-question'])
  expect(await at.stateOf(strict.id)).toBe('confirmed')
  expect(await at.stateOf(auto.id)).toBe('no_show')
  const [said] = (await at.auditOf(auto.id)).filter((row) => row.to_state === 'no_show')
  expect(said!.reason).toContain('within 5 minutes')
  await world.advanceTo('2026-05-04T00:29:30Z')
  expect(toldUnit(usual.unitId)).toEqual(['check-in-missing-unit'])
  await world.advanceTo('2026-05-04T00:30:30Z')
  expect(toldUnit(usual.unitId)).toEqual(['check-in-missing-unit', 'no-show-question'])
})
