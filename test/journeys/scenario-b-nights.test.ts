import { describe, expect, test } from 'vitest'
import { LEADER } from '../../examples/scenario-b/figures.ts'
import { play, setting } from '../../examples/scenario-b/play.ts'
import { examine } from '../../src/platform/doctor/examine.ts'
import { startStage } from '../support/stage.ts'

const LEADERS = 2

describe('scenario B with two leaders only', () => {
  test.each([2, 3])('from seed %i goes as it should for whoever has one night after the other', async (seed) => {
    await using house = await startStage(setting, seed)
    const figures = await play(house.stage, LEADERS)
    expect(figures).toMatchObject({ assignments: 24, declined: 2, checkedInByLink: 24, handovers: 7 })
    const { items } = (await house.world.must('GET', '/v1/shifts?from=2030-02-07&to=2030-02-11&limit=100')).body
    const led = items.map(
      (shift: { startLocal: string; slots: { role: string; holder: { volunteerId: string } }[] }) => ({
        isNight: shift.startLocal.endsWith('20:00'),
        leader: shift.slots.find(({ role }) => role === LEADER)!.holder.volunteerId,
      }),
    )
    const nights = led.filter((one: { isNight: boolean }) => one.isNight)
    expect(nights).toHaveLength(4)
    expect(new Set(nights.map((one: { leader: string }) => one.leader)).size, 'one leads every night').toBe(1)
    expect(await examine(house.world.house.database.sql, house.world.clock.now())).toEqual([])
  })
})
