import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SeatsTown, seatsTown } from '../support/seats-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
})
afterAll(() => world.close())

/** Amy at the north and Dan at the south have confirmed; only these two can stand in the south, and Dan falls ill. */
async function illTown(policy = {}): Promise<SeatsTown> {
  const town = await seatsTown(world, {
    people: { Amy: { languages: ['bo'] }, Cy: {}, Dan: { languages: ['bo'] } },
    posts: { north: {}, south: { requirement: { languages: ['bo'] } } },
    policy,
  })
  await town.put('north')
  await town.put('south')
  await town.put('north', 'Amy')
  await town.put('south', 'Dan')
  await town.publish()
  for (const post of ['north', 'south']) await town.act(post, 'confirm')
  await town.absent('Dan')
  return town
}

test('confirmed duty moves for a better roster while it is far away, and stays once it is near', async () => {
  const far = await illTown()
  const near = await illTown()
  await far.regenerate()
  expect(await far.drafted()).toEqual({ north: ['Cy'], south: ['Amy'] })

  await world.advanceTo('2026-05-10T03:00:00Z')
  await near.regenerate()
  expect(await near.drafted()).toEqual({ north: ['Amy'], south: [] })
  const run = (await world.must('GET', `/v1/units/${near.unitId}`)).body
  expect(run.effectivePolicy.freezeMinutes).toBe(1440)

  // By hand everything can be moved, and what is pinned holds against the freeze.
  await near.put('north')
  await near.put('south', 'Amy', true)
  await near.regenerate()
  expect(await near.drafted()).toEqual({ north: ['Cy'], south: ['Amy'] })
})

test('a unit decides how near that is; with 0 nothing is frozen before it begins', async () => {
  const short = await illTown({ freezeMinutes: 60 })
  const never = await illTown({ freezeMinutes: 0 })
  await short.regenerate()
  expect(await short.drafted()).toEqual({ north: ['Cy'], south: ['Amy'] })
  await world.advanceTo('2026-05-10T23:30:00Z')
  await never.regenerate()
  expect(await never.drafted()).toEqual({ north: ['Cy'], south: ['Amy'] })
})
