import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { movingTown } from '../support/moving-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
})
beforeEach(() => {
  world.messages.length = 0
})
afterAll(() => world.close())

const heard = (volunteerId: string) => world.messagesTo(volunteerId).map((message) => message.template)
const times = (items: { startLocal: string }[]) => items.map((one) => one.startLocal)

describe('a template with another start', () => {
  test('moves held shifts with their holders, withdraws the others, and leaves no gap beside them', async () => {
    const town = await movingTown(world, { people: 2, reserve: 1, from: '2026-06-15', to: '2026-06-18' })
    const before = await town.planned()
    const freed = before[2].slots[0].holder
    await town.act(freed.assignmentId, 'cancel')
    await world.settled()
    expect(await town.gaps()).toHaveLength(1)
    world.messages.length = 0

    const { leftovers } = await town.changeTemplate({ startTime: '09:00' })
    expect(leftovers).toEqual([])
    await world.settled()
    const after = await town.planned()
    expect(times(after)).toEqual(['2026-06-15T09:00', '2026-06-16T09:00', '2026-06-17T09:00'])
    expect(after.slice(0, 2).map((one) => [one.id, one.slots[0].holder.assignmentId])).toEqual(
      before.slice(0, 2).map((one) => [one.id, one.slots[0].holder.assignmentId]),
    )
    expect(after[2].slots[0].holder).toBeNull()
    expect((await town.shifts('&state=cancelled')).map((one) => one.id)).toEqual([before[2].id])
    expect(await town.gaps()).toEqual([])
    for (const volunteerId of new Set(before.slice(0, 2).map((one) => one.slots[0].holder.volunteerId))) {
      expect(heard(volunteerId)).toEqual(['duties-changed'])
    }

    // Planned anew: the held ones stay where they are now, and nothing is planned beside them.
    const run = (await world.must('POST', `/v1/rosters/${town.rosterId}:regenerate`, { seed: 2, iterations: 50 })).body
    await town.finished(run.generationRun.id)
    await town.publish()
    expect(times(await town.planned())).toEqual(times(after))
    expect(await town.gaps()).toEqual([])

    // Back again: each goes back, also where another shift had that start before.
    expect((await town.changeTemplate({ startTime: '08:00' })).leftovers).toEqual([])
    const back = await town.planned()
    expect(back.map((one) => one.id)).toEqual(after.map((one) => one.id))
    expect(times(back)).toEqual(times(before))
    expect(back.every((one) => one.slots[0].holder !== null)).toBe(true)
  })

  test('names as a conflict what has no one counterpart or whose holder cannot follow, and touches neither', async () => {
    const town = await movingTown(world, { from: '2026-06-22', to: '2026-06-23' })
    const [shift] = await town.planned()
    const { assignmentId, volunteerId } = shift.slots[0].holder
    await town.act(assignmentId, 'confirm')
    await world.settled()
    world.messages.length = 0
    const gone = await town.changeTemplate({ rule: 'FREQ=WEEKLY;BYDAY=TU' })
    expect(gone.leftovers).toEqual([{ shiftId: shift.id, originalStart: '2026-06-22T08:00', because: 'held' }])
    expect(await town.holder(shift.id)).toMatchObject({ volunteerId, state: 'confirmed' })

    const absences = `/v1/volunteers/${volunteerId}/absences`
    const absence = await world.must('POST', absences, {
      startsAt: '2026-06-22T09:00:00Z',
      endsAt: '2026-06-22T16:00:00Z',
      kind: 'leave',
    })
    const unfit = await town.changeTemplate({ rule: 'FREQ=DAILY', startTime: '14:00' })
    expect(unfit.leftovers).toMatchObject([{ shiftId: shift.id, because: 'unfit' }])
    expect(unfit.leftovers[0].detail).toContain(`${town.name} person 1`)
    expect(times(await town.planned())).toEqual(['2026-06-22T08:00'])
    expect(await town.holder(shift.id)).toMatchObject({ volunteerId, state: 'confirmed' })
    await world.settled()
    expect(heard(volunteerId)).toEqual([])

    // Once she can come, the organizer moves it to where the template has it, and it is the template's again.
    const move = { startLocal: '2026-06-22T14:00' }
    expect((await town.move(shift.id, move)).body.code).toBe('holders-unfit')
    await world.must('DELETE', `${absences}/${absence.body.id}`)
    expect((await town.move(shift.id, move)).body).toMatchObject({ id: shift.id, originalStart: '2026-06-22T14:00' })
    await world.settled()
    expect(heard(volunteerId)).toEqual(['duties-changed'])
    expect((await town.changeTemplate({ name: 'Afternoon' })).leftovers).toEqual([])
    expect(times(await town.planned())).toEqual(['2026-06-22T14:00'])
  })
})
