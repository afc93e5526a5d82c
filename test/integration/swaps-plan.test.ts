import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildDutyTown, type DutyTown } from '../support/duty-town.ts'
import { type Answer, startWorld, type World } from '../support/world.ts'

let world: World
let town: DutyTown

beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
  town = await buildDutyTown(world, { posts: 1 })
})
afterAll(() => world.close())

type Line = Answer['body']
const versionOf = async (id: string) => (await world.must('GET', `/v1/rosters/${id}`)).body.version
const publish = async (id: string) =>
  world.call('POST', `/v1/rosters/${id}:publish`, {}, { headers: { 'if-match': `"${await versionOf(id)}"` } })
const liveOf = async (id: string): Promise<Line[]> =>
  (await town.assignmentsOf(id)).flatMap((line) => (line.live ? [{ ...line, ...line.live }] : []))
const regenerate = async (id: string) => {
  const answer = await world.must('POST', `/v1/rosters/${id}:regenerate`, {})
  const run = await town.finished(answer.body.generationRun?.id ?? answer.body.id)
  expect(run.state).toBe('done')
}

/** A published roster whose people have all confirmed. */
async function confirmed(from: string, to: string): Promise<{ id: string; lines: Line[] }> {
  const { id } = await town.makeRoster(from, to)
  expect((await publish(id)).status).toBe(200)
  for (const line of await liveOf(id)) await world.must('POST', `/v1/assignments/${line.assignmentId}:confirm`, {})
  return { id, lines: await liveOf(id) }
}

async function swap(body: object, volunteerId: string, returnId?: string) {
  const made = (await world.must('POST', '/v1/swaps', body)).body
  return (await world.must('POST', `/v1/swaps/${made.id}:accept`, { volunteerId, returnId })).body
}

describe('swaps and the plan', () => {
  test('what has changed hands stays so when the roster is generated and published anew', async () => {
    const { id, lines } = await confirmed('2026-05-11', '2026-05-14')
    const staff = lines.filter((line) => line.role === 'staff')
    const [given, covered] = [staff[0]!, staff.find((line) => line.localDay === '2026-05-12')!]
    const [first, second] = town.reserve as [string, string]
    expect((await swap({ kind: 'give', assignmentId: given.assignmentId }, first)).state).toBe('applied')
    const middle = new Date((Date.parse(covered.startsAt) + Date.parse(covered.endsAt)) / 2).toISOString()
    const part = { startsAt: middle, endsAt: covered.endsAt }
    expect((await swap({ kind: 'cover', assignmentId: covered.assignmentId, part }, second)).state).toBe('applied')

    const before = await liveOf(id)
    expect(before.length).toBe(lines.length + 1)
    const halves = before.filter(
      (line) => [second, covered.volunteerId].includes(line.volunteerId) && line.localDay === '2026-05-12',
    )
    expect(halves.map((line) => [line.startsAt, line.endsAt]).sort()).toEqual([
      [covered.startsAt, middle],
      [middle, covered.endsAt],
    ])
    await regenerate(id)
    const diff = (await world.must('GET', `/v1/rosters/${id}/diff`)).body
    expect(diff).toMatchObject({ added: [], removed: [] })
    const again = await publish(id)
    expect(again.status).toBe(200)
    expect(again.body.summary).toMatchObject({ added: 0, removed: 0, kept: before.length })
    const key = (line: Line) => `${line.slotId} ${line.volunteerId} ${line.state}`
    expect((await liveOf(id)).map(key).sort()).toEqual(before.map(key).sort())

    // The first version shows the whole duty as it was published then, the second the two parts.
    const linesOf = async (number: number): Promise<Line[]> =>
      (await world.must('GET', `/v1/rosters/${id}/versions/${number}`)).body.lines
    const asPublished = (await linesOf(1)).find((line) => line.assignmentId === covered.assignmentId)
    expect(asPublished).toMatchObject({ startsAt: covered.startsAt, endsAt: covered.endsAt, shiftId: covered.shiftId })
    expect((await linesOf(2)).find((line) => line.assignmentId === covered.assignmentId)).toMatchObject({
      endsAt: middle,
    })
    // Templates brought in step do not make the seat that was cut a second time.
    const slots = (await world.must('GET', '/v1/shifts?from=2026-05-12&to=2026-05-13')).body.items.flatMap(
      (shift: Line) => shift.slots,
    )
    expect(slots.length).toBe(4)
  })

  test('an accepted swap whose duty a new version takes away is rejected, and the version goes out', async () => {
    const { id, lines } = await confirmed('2026-05-18', '2026-05-20')
    const unit = (await world.must('GET', `/v1/units/${town.unitId}`)).body
    const policy = { ...unit.policy, swapApproval: 'organizer' }
    await world.must('PATCH', `/v1/units/${town.unitId}`, { policy }, { headers: { 'if-match': `"${unit.version}"` } })
    const line = lines.find((one) => one.role === 'staff')!
    const waiting = await swap({ kind: 'give', assignmentId: line.assignmentId }, town.reserve[2]!)
    expect(waiting.state).toBe('accepted')
    await world.must('DELETE', `/v1/rosters/${id}/draft/${line.slotId}`, undefined, {
      headers: { 'if-match': `"${await versionOf(id)}"` },
    })
    const answer = await world.call(
      'POST',
      `/v1/rosters/${id}:publish`,
      { allowOpenMandatory: true },
      {
        headers: { 'if-match': `"${await versionOf(id)}"` },
      },
    )
    expect(answer.status).toBe(200)
    const after = (await world.must('GET', `/v1/swaps/${waiting.id}`)).body
    expect(after).toMatchObject({ state: 'rejected', reason: 'the duty was taken from its holder' })
    expect((await world.call('POST', `/v1/swaps/${waiting.id}:approve`, {})).body.code).toBe('swap-state')
  })
})
