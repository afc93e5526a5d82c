import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildDutyTown, type DutyTown } from '../support/duty-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let town: DutyTown
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-06T02:00:00Z' })
  town = await buildDutyTown(world, { posts: 3, staff: 10, chiefs: 5 })
})
afterAll(() => world.close())

test('the same facts, seed and number of steps give the same roster, however often it is made', async () => {
  const roster = await town.makeRoster('2026-05-11', '2026-05-18', { seed: 11, iterations: 3_000 })
  const draftOf = async () =>
    (await town.assignmentsOf(roster.id)).map((line) => [line.slotId, line.draft.volunteerId]).sort()
  const first = await draftOf()
  expect(first).toHaveLength(63)

  const again = async (seed: number) => {
    const asked = await world.must('POST', `/v1/rosters/${roster.id}:regenerate`, { seed, iterations: 3_000 })
    const run = await town.finished(asked.body.generationRun.id)
    expect(run).toMatchObject({ state: 'done', seed, iterations: 3_000 })
    return draftOf()
  }
  expect(await again(11)).toEqual(first)
  expect(await again(12)).not.toEqual(first)
  expect(await again(11)).toEqual(first)
})
