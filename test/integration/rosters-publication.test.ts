import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildDutyTown, type DutyTown } from '../support/duty-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
/** Two towns are enough: each test has days of its own. */
let town: DutyTown
let small: DutyTown
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
  town = await buildDutyTown(world, { name: 'Big town' })
  small = await buildDutyTown(world, { name: 'Small town', posts: 1 })
})
afterAll(() => world.close())

const publish = (id: string, version: number | undefined, body: object = {}) =>
  world.call('POST', `/v1/rosters/${id}:publish`, body, {
    headers: version === undefined ? {} : { 'if-match': `"${version}"` },
  })
const countRows = async () => {
  const [row] = await world.house.database.sql<Record<string, number>[]>`
    select (select count(*) from assignments)::int as assignments, (select count(*) from draft_assignments)::int as drafts,
      (select count(*) from audit_log)::int as audits, (select count(*) from messages)::int as messages,
      (select count(*) from roster_versions)::int as versions, (select sum(version) from rosters)::int as rosters`
  return row
}
const versionOf = async (id: string) => (await world.must('GET', `/v1/rosters/${id}`)).body.version

describe('publishing', () => {
  test('of twenty at once one wins, nineteen get 412, and each person hears once', async () => {
    const roster = await town.makeRoster('2026-05-11', '2026-05-18')
    const before = world.messages.length
    const answers = await Promise.all(Array.from({ length: 20 }, () => publish(roster.id, roster.version)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)])
    const winner = answers.find((answer) => answer.status === 200)!
    expect(winner.body).toMatchObject({ number: 1, dryRun: false, summary: { added: 42, removed: 0, kept: 0 } })
    const current = answers.filter((answer) => answer.status === 412).map((answer) => answer.body.currentVersion)
    expect(new Set(current)).toEqual(new Set([winner.body.rosterVersion]))
    expect(winner.headers.get('etag')).toBe(`"${winner.body.rosterVersion}"`)

    await world.settled()
    const heard = world.messages.slice(before).map((message) => message.volunteerId)
    const lines = await town.assignmentsOf(roster.id)
    expect(heard.sort()).toEqual([...new Set(lines.map((line) => line.live.volunteerId))].sort())
    expect(lines.every((line) => line.live.state === 'pending' && line.draft === null)).toBe(true)
    const [audited] = await world.house.database.sql<{ count: number }[]>`
      select count(*)::int as count from audit_log where subject_id = ${roster.id} and action = 'roster.published'`
    expect(audited!.count).toBe(1)
  })

  test('needs If-Match, and a dry run answers the same and changes nothing', async () => {
    const roster = await small.makeRoster('2026-05-18', '2026-05-21')
    expect((await publish(roster.id, undefined)).status).toBe(428)
    await world.settled()
    const before = await countRows()
    const dry = await publish(roster.id, roster.version, { dryRun: true })
    expect(await countRows()).toEqual(before)
    expect(dry.body).toMatchObject({ dryRun: true, rosterVersion: roster.version })
    const real = await publish(roster.id, roster.version)
    const { dryRun: _d, rosterVersion: _v, ...said } = dry.body
    const { dryRun: _r, rosterVersion: _w, ...done } = real.body
    expect(done).toEqual(said)
    const twice = await publish(roster.id, real.body.rosterVersion)
    expect([twice.status, twice.body.code]).toEqual([409, 'roster-state'])
  })

  test('the deadline to answer is the unit’s, and never after the cut-off', async () => {
    const roster = await small.makeRoster('2026-05-08', '2026-05-11')
    const now = world.clock.now().getTime()
    expect((await publish(roster.id, roster.version)).status).toBe(200)
    const lines = await small.assignmentsOf(roster.id)
    for (const { startsAt, live } of lines) {
      const expected = Math.min(now + 24 * 3_600_000, Date.parse(startsAt) - 2 * 3_600_000)
      expect(Math.abs(Date.parse(live.confirmBy) - expected)).toBeLessThan(120_000)
    }
    expect(new Set(lines.map((line) => line.live.confirmBy)).size).toBe(2)
  })

  test('mandatory gaps refuse it unless they are allowed', async () => {
    const town = await buildDutyTown(world, { name: 'Gap town', posts: 2, chiefs: 1 })
    const roster = await town.makeRoster('2026-05-11', '2026-05-12')
    const refused = await publish(roster.id, roster.version)
    expect([refused.status, refused.body.code]).toEqual([409, 'roster-has-gaps'])
    expect(refused.body.openMandatorySlotIds).toHaveLength(1)
    const allowed = await publish(roster.id, roster.version, { allowOpenMandatory: true, note: 'the rest by call' })
    expect(allowed.body.openMandatorySlotIds).toEqual(refused.body.openMandatorySlotIds)
  })

  test('hard rules are asked again at the last moment', async () => {
    const roster = await small.makeRoster('2026-05-25', '2026-05-27')
    const [line] = await small.assignmentsOf(roster.id)
    await world.must('POST', `/v1/volunteers/${line.draft.volunteerId}/absences`, {
      kind: 'sick',
      startsAt: line.startsAt,
      endsAt: line.endsAt,
    })
    const refused = await publish(roster.id, roster.version)
    expect([refused.status, refused.body.code]).toEqual([409, 'roster-breaks-rules'])
    expect(
      refused.body.breaches.map((one: { rule: string; personIds: string[] }) => [one.rule, one.personIds]),
    ).toEqual([['absence', [line.draft.volunteerId]]])
    expect((await small.assignmentsOf(roster.id)).every((one) => one.live === null)).toBe(true)
  })

  test('a change of hands between two like seats disturbs nobody', async () => {
    const roster = await small.makeRoster('2026-06-01', '2026-06-02')
    await publish(roster.id, roster.version)
    const [one, other] = (await small.assignmentsOf(roster.id)).filter((line) => line.role === 'staff')
    const url = `/v1/rosters/${roster.id}/draft`
    await world.must('PUT', `${url}/${one.slotId}`, { volunteerId: one.live.volunteerId })
    await world.must('DELETE', `${url}/${one.slotId}`)
    await world.must('DELETE', `${url}/${other.slotId}`)
    await world.must('PUT', `${url}/${one.slotId}`, { volunteerId: other.live.volunteerId })
    await world.must('PUT', `${url}/${other.slotId}`, { volunteerId: one.live.volunteerId })
    const diff = (await world.must('GET', `/v1/rosters/${roster.id}/diff`)).body
    expect(diff).toMatchObject({ added: [], removed: [], kept: 3, peopleAffected: [] })
  })

  test('versions are frozen: a later one changes nothing in an earlier one', async () => {
    const roster = await small.makeRoster('2026-06-08', '2026-06-10')
    await publish(roster.id, roster.version, { note: 'first' })
    const first = (await world.must('GET', `/v1/rosters/${roster.id}/versions/1`)).body
    expect(first).toMatchObject({ number: 1, note: 'first', summary: { added: 6, removed: 0, moved: 0, kept: 0 } })
    expect(first.lines).toHaveLength(6)
    const line = (await small.assignmentsOf(roster.id)).find((one) => one.role === 'staff' && one.seat === 2)
    await world.must('DELETE', `/v1/rosters/${roster.id}/draft/${line.slotId}`)
    const second = await publish(roster.id, await versionOf(roster.id))
    expect(second.body).toMatchObject({ number: 2, summary: { added: 0, removed: 1, moved: 0, kept: 5 } })
    expect((await world.must('GET', `/v1/rosters/${roster.id}/versions/1`)).body).toEqual(first)
    expect((await world.must('GET', `/v1/rosters/${roster.id}/versions/2`)).body.lines).toHaveLength(5)
    const numbers = (await world.must('GET', `/v1/rosters/${roster.id}/versions`)).body.items
    expect(numbers.map((one: { number: number }) => one.number)).toEqual([2, 1])
    expect((await world.call('GET', `/v1/rosters/${roster.id}/versions/9`)).body.code).toBe('roster-version-unknown')
  })
})

describe('single assignments', () => {
  let lines: { slotId: string; role: string; seat: number; live: { assignmentId: string; volunteerId: string } }[]
  beforeAll(async () => {
    const roster = await small.makeRoster('2026-06-15', '2026-06-18')
    await publish(roster.id, roster.version)
    lines = await small.assignmentsOf(roster.id)
  })

  test('can be cancelled with a reason, once, and somebody of the reserve can take the seat', async () => {
    const line = lines.find((one) => one.role === 'staff')!
    const url = `/v1/assignments/${line.live.assignmentId}`
    expect((await world.call('POST', `${url}:cancel`, {})).status).toBe(400)
    const cancelled = await world.must('POST', `${url}:cancel`, { reason: 'road closed' })
    expect(cancelled.body).toMatchObject({ state: 'cancelled', volunteerId: line.live.volunteerId })
    const again = await world.call('POST', `${url}:cancel`, { reason: 'road closed' })
    expect([again.status, again.body.code]).toEqual([409, 'assignment-state'])
    const { rosters, foundations } = world.house.services
    const answers = await rosters.candidatesFor(foundations.db, line.slotId, small.reserve)
    expect(answers.map((one) => one.failures)).toEqual(small.reserve.map(() => []))
  })

  test('only somebody who had confirmed can be excused; whoever withdrew is not asked for that seat again', async () => {
    const line = lines.filter((one) => one.role === 'staff')[1]!
    const url = `/v1/assignments/${line.live.assignmentId}`
    const early = await world.call('POST', `${url}:excuse`, { reason: 'x' })
    expect([early.status, early.body.code, early.body.state]).toEqual([409, 'assignment-state', 'pending'])
    expect((await world.must('POST', `${url}:withdraw`, {})).body.state).toBe('withdrawn')
    const { rosters, foundations } = world.house.services
    const [verdict] = await rosters.candidatesFor(foundations.db, line.slotId, [line.live.volunteerId])
    expect(verdict!.failures.map((failure) => failure.rule)).toContain('excluded')
  })

  test('outside the subtree they look as if they did not exist', async () => {
    const other = await buildDutyTown(world, { name: 'Other town', posts: 1, staff: 2, chiefs: 1 })
    const key = await world.makeKey(other.unitId, 'organizer')
    const url = `/v1/assignments/${lines[0]!.live.assignmentId}`
    expect((await world.call('GET', url, undefined, { key })).status).toBe(404)
    expect((await world.call('POST', `${url}:cancel`, { reason: 'x' }, { key })).status).toBe(404)
  })
})
