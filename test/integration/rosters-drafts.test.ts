import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildDutyTown, type DutyTown } from '../support/duty-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let town: DutyTown
let roster: { id: string; version: number }
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
  town = await buildDutyTown(world)
  roster = await town.makeRoster('2026-05-11', '2026-05-15')
})
afterAll(() => world.close())

interface Line {
  slotId: string
  localDay: string
  role: string
  seat: number
  startLocal: string
  postId: string
  mandatory: boolean
  draft: { volunteerId: string; pinned: boolean } | null
  live: { assignmentId: string; volunteerId: string; state: string } | null
}
const lines = (query = '', id = roster.id): Promise<Line[]> => town.assignmentsOf(id, query)
const put = (slotId: string, body: object, id = roster.id) =>
  world.call('PUT', `/v1/rosters/${id}/draft/${slotId}`, body)
const codesOf = (answer: { body: { errors: { code: string }[] } }) =>
  [...new Set(answer.body.errors.map((error) => error.code))].sort()

describe('an edit by hand', () => {
  test('answers with every hard rule it breaks, and changes nothing', async () => {
    const offTurn = town.shifts[1]!.staff[0]!
    const lead = (await lines('&day=2026-05-11')).find((line) => line.role === 'lead')!
    const answer = await put(lead.slotId, { volunteerId: offTurn })
    expect([answer.status, answer.body.code]).toEqual([422, 'assignment-breaks-rules'])
    expect(codesOf(answer)).toEqual(expect.arrayContaining(['echelon-on-turn', 'grade']))
    expect(answer.body.failures[0].text.zh).toBeTruthy()
    const after = (await lines('&day=2026-05-11')).find((line) => line.slotId === lead.slotId)!
    expect(after.draft).toEqual(lead.draft)
  })

  test('somebody who stands elsewhere at that time cannot be doubled', async () => {
    const monday = await lines('&day=2026-05-11')
    const [one, other] = monday.filter((line) => line.role === 'staff' && line.seat === 1)
    const answer = await put(one!.slotId, { volunteerId: other!.draft!.volunteerId })
    expect(codesOf(answer)).toContain('no-overlap')
  })

  test('a rule is set aside only by its name and with a reason, and the reason is on record', async () => {
    const slot = (await lines('&day=2026-05-12')).find((line) => line.role === 'lead')!
    const offTurn = town.shifts[0]!.chiefs[0]!
    const refused = await put(slot.slotId, { volunteerId: offTurn })
    const rules = codesOf(refused)
    expect(rules).toContain('echelon-on-turn')
    const half = await put(slot.slotId, { volunteerId: offTurn, override: { rules: ['grade'], reason: 'no matter' } })
    expect(codesOf(half)).toEqual(rules)
    const unknown = await put(slot.slotId, { volunteerId: offTurn, override: { rules: ['gravity'], reason: 'x' } })
    expect([unknown.status, codesOf(unknown)]).toEqual([400, ['rule-unknown']])
    const overlapping = (await lines(`&volunteerId=${offTurn}`)).filter((line) => line.draft)
    for (const line of overlapping) await world.must('DELETE', `/v1/rosters/${roster.id}/draft/${line.slotId}`)

    const done = await put(slot.slotId, { volunteerId: offTurn, override: { rules, reason: 'knows the place' } })
    expect(done.status).toBe(200)
    expect(done.body.line).toMatchObject({ volunteerId: offTurn, pinned: true, source: 'hand' })
    expect(done.body.overridden.map((one: { rule: string }) => one.rule)).toContain('echelon-on-turn')
    expect(done.body.breaches.filter((one: { strength: string }) => one.strength === 'hard')).toEqual([])
    const [row] = await world.house.database.sql<{ reason: string }[]>`
      select reason from audit_log where subject_id = ${slot.slotId} and action = 'draft-line.set' order by at desc limit 1`
    expect(row!.reason).toBe('knows the place')
    for (const line of overlapping) {
      if (line.slotId !== slot.slotId) await put(line.slotId, { volunteerId: line.draft!.volunteerId, pinned: false })
    }
  })

  test('every edit makes what others have read stale', async () => {
    const before = (await world.must('GET', `/v1/rosters/${roster.id}`)).body.version
    const slot = (await lines('&day=2026-05-13')).find((line) => line.role === 'staff')!
    const removed = await world.must('DELETE', `/v1/rosters/${roster.id}/draft/${slot.slotId}`)
    expect(removed.headers.get('etag')).toBe(`"${before + 1}"`)
    const open = [...removed.body.openMandatorySlotIds, ...removed.body.openDesiredSlotIds]
    expect(open).toContain(slot.slotId)
    const stale = await world.call(
      'POST',
      `/v1/rosters/${roster.id}:publish`,
      {},
      { headers: { 'if-match': `"${before}"` } },
    )
    expect([stale.status, stale.body.currentVersion]).toEqual([412, before + 1])
    expect((await world.call('DELETE', `/v1/rosters/${roster.id}/draft/${slot.slotId}`)).body.code).toBe(
      'draft-line-unknown',
    )
    expect((await put(slot.slotId, { volunteerId: slot.draft!.volunteerId, pinned: false })).status).toBe(200)
  })

  test('what is not of this roster, nobody’s or begun is refused by name', async () => {
    const slot = (await lines())[0]!
    const other = await buildDutyTown(world, { name: 'Foreign town', posts: 1, staff: 3, chiefs: 2 })
    const foreign = await other.makeRoster('2026-05-11', '2026-05-12')
    const [theirs] = await other.assignmentsOf(foreign.id)
    expect((await put(theirs.slotId, { volunteerId: town.reserve[0] })).body.code).toBe('slot-unknown')
    const key = await world.makeKey(town.unitId, 'organizer')
    const stranger = await world.call(
      'PUT',
      `/v1/rosters/${roster.id}/draft/${slot.slotId}`,
      { volunteerId: other.reserve[0] },
      { key },
    )
    expect([stranger.status, codesOf(stranger)]).toEqual([422, ['volunteer-unknown']])
  })
})

describe('candidates', () => {
  test('are everybody the slot may be staffed from, with every failing rule, the eligible first', async () => {
    const slot = (await lines('&day=2026-05-14')).find((line) => line.role === 'staff')!
    const { body } = await world.must('GET', `/v1/slots/${slot.slotId}/candidates?limit=1000`)
    expect(body.considered).toBe(20)
    const failuresOf = new Map<string, string[]>(
      body.items.map((one: { volunteerId: string; failures: { rule: string }[] }) => [
        one.volunteerId,
        one.failures.map((failure) => failure.rule),
      ]),
    )
    expect(town.reserve.map((id) => failuresOf.get(id))).toEqual(town.reserve.map(() => []))
    expect(failuresOf.get(town.shifts[0]!.staff[0]!)).toContain('echelon-on-turn')
    expect(failuresOf.get(town.shifts[1]!.chiefs[0]!)).toContain('grade')
    const counts = body.items.map((one: { failures: unknown[] }) => one.failures.length)
    expect(counts).toEqual([...counts].sort((a: number, b: number) => a - b))
    const eligible = (await world.must('GET', `/v1/slots/${slot.slotId}/candidates?eligible=true`)).body
    expect(eligible.items).toHaveLength(body.eligible)
  })

  test('for a cascade, what is live counts, and drafts do not', async () => {
    const slot = (await lines('&day=2026-05-14')).find((line) => line.role === 'staff')!
    const { rosters, foundations } = world.house.services
    const mates = (await lines('&day=2026-05-14'))
      .filter((line) => line.role === 'staff')
      .map((line) => line.draft!.volunteerId)
    const answers = await rosters.candidatesFor(foundations.db, slot.slotId, [...mates, ...town.reserve])
    expect(answers.map((one) => one.failures.map((failure) => failure.rule))).toEqual(answers.map(() => []))
    expect(answers.map((one) => one.volunteerId).sort()).toEqual([...mates, ...town.reserve].sort())
  })
})

describe('regenerating', () => {
  test('leaves pins where they are, and moves what is no longer pinned', async () => {
    const slot = (await lines('&day=2026-05-14')).find((line) => line.role === 'lead')!
    const others = town.shifts[1]!.chiefs.filter((id) => id !== slot.draft!.volunteerId)
    let pinned = ''
    for (const id of others) {
      const answer = await put(slot.slotId, { volunteerId: id })
      if (answer.status === 200) pinned = id
      if (pinned) break
    }
    expect(pinned).not.toBe('')
    const again = await world.must('POST', `/v1/rosters/${roster.id}:regenerate`, { seed: 3 })
    expect((await town.finished(again.body.generationRun.id)).state).toBe('done')
    const after = (await lines()).find((line) => line.slotId === slot.slotId)!
    expect(after.draft).toMatchObject({ volunteerId: pinned, pinned: true })
    expect((await lines('&state=open')).length).toBe(0)
  })

  test('a published roster changes as little as possible, and its duties stay until the new version is published', async () => {
    const place = await buildDutyTown(world, { name: 'Replan town', posts: 2 })
    const first = await place.makeRoster('2026-05-11', '2026-05-15')
    const publish = (version: number) =>
      world.must('POST', `/v1/rosters/${first.id}:publish`, {}, { headers: { 'if-match': `"${version}"` } })
    await publish(first.version)
    const before = await lines('', first.id)
    const ill = before.find((line) => line.role === 'staff' && line.localDay === '2026-05-13')!
    await world.must('POST', `/v1/volunteers/${ill.live!.volunteerId}/absences`, {
      kind: 'sick',
      startsAt: '2026-05-12T00:00:00Z',
      endsAt: '2026-05-20T00:00:00Z',
    })
    const again = await world.must('POST', `/v1/rosters/${first.id}:regenerate`, {})
    expect((await place.finished(again.body.generationRun.id)).state).toBe('done')
    const diff = (await world.must('GET', `/v1/rosters/${first.id}/diff`)).body
    expect(diff.removed.map((one: { volunteerId: string }) => one.volunteerId)).toEqual([ill.live!.volunteerId])
    expect(diff.added).toHaveLength(1)
    expect(diff.peopleAffected).toHaveLength(2)
    expect(diff.kept).toBe(before.length - 1)
    const during = (await lines('', first.id)).find((line) => line.slotId === ill.slotId)!
    expect(during.live!.volunteerId).toBe(ill.live!.volunteerId)

    const version = (await world.must('GET', `/v1/rosters/${first.id}`)).body.version
    const second = await publish(version)
    expect(second.body).toMatchObject({ number: 2, summary: { added: 1, removed: 1, kept: before.length - 1 } })
    expect((await world.must('GET', `/v1/assignments/${ill.live!.assignmentId}`)).body.state).toBe('cancelled')
  })

  test('duties that have begun stay as they are and can no longer be edited', async () => {
    await using later = await startWorld({ now: '2026-05-07T02:00:00Z' })
    const place = await buildDutyTown(later, { name: 'Begun town', posts: 1 })
    const first = await place.makeRoster('2026-05-11', '2026-05-15')
    const headers = (version: number) => ({ headers: { 'if-match': `"${version}"` } })
    await later.must('PATCH', `/v1/units/${place.unitId}`, { policy: { noShowMinutes: 10_000 } }, headers(1))
    await later.must('POST', `/v1/rosters/${first.id}:publish`, {}, headers(first.version))
    const before: Line[] = await place.assignmentsOf(first.id)
    for (const line of before.filter((one) => one.localDay <= '2026-05-13')) {
      await later.must('POST', `/v1/assignments/${line.live!.assignmentId}:confirm`, {})
    }
    await later.advanceTo('2026-05-12T03:00:00Z')
    const begun = before.filter((one) => one.localDay <= '2026-05-12')
    const url = `/v1/rosters/${first.id}`
    const edit = await later.call('PUT', `${url}/draft/${begun[0]!.slotId}`, { volunteerId: place.reserve[0] })
    expect([edit.status, edit.body.code]).toEqual([409, 'shift-begun'])
    const again = await later.must('POST', `${url}:regenerate`, { seed: 9 })
    expect((await place.finished(again.body.generationRun.id)).state).toBe('done')
    const drafted: Line[] = await place.assignmentsOf(first.id)
    expect(
      drafted
        .filter((line) => line.draft)
        .map((line) => line.localDay)
        .sort()[0],
    ).toBe('2026-05-13')
    const version = (await later.must('GET', url)).body.version
    const second = await later.must('POST', `${url}:publish`, { allowOpenMandatory: true }, headers(version))
    expect(second.body.removed).toEqual([])
    const after: Line[] = await place.assignmentsOf(first.id)
    const liveOf = (all: Line[]) =>
      all.filter((one) => begun.some((was) => was.slotId === one.slotId)).map((one) => one.live?.assignmentId)
    expect(liveOf(after)).toEqual(liveOf(before))
  })

  test('an open draft follows when the published plan changes, and can be thrown away', async () => {
    const place = await buildDutyTown(world, { name: 'Follow town', posts: 1 })
    const first = await place.makeRoster('2026-05-11', '2026-05-13')
    await world.must('POST', `/v1/rosters/${first.id}:publish`, {}, { headers: { 'if-match': `"${first.version}"` } })
    const [one, other] = (await lines('', first.id)).filter(
      (line) => line.role === 'staff' && line.localDay === '2026-05-12',
    )
    expect((await put(one!.slotId, { volunteerId: one!.live!.volunteerId }, first.id)).status).toBe(200)
    const open = (await world.must('GET', `/v1/rosters/${first.id}`)).body
    expect(open).toMatchObject({ state: 'draft', publishedVersion: 1 })

    await world.must('POST', `/v1/assignments/${other!.live!.assignmentId}:withdraw`, { reason: 'ill' })
    const after = (await lines('', first.id)).find((line) => line.slotId === other!.slotId)!
    expect([after.live, after.draft]).toEqual([null, null])
    expect((await world.must('GET', `/v1/rosters/${first.id}`)).body.version).toBe(open.version + 1)
    const discarded = await world.must('POST', `/v1/rosters/${first.id}:discard`)
    expect(discarded.body).toMatchObject({ state: 'published', publishedVersion: 1 })
    expect((await world.call('POST', `/v1/rosters/${first.id}:discard`)).body.code).toBe('roster-state')
  })
})

test('a change of template reaches a draft with the next run', async () => {
  const place = await buildDutyTown(world, { name: 'Shrink town', posts: 1 })
  const first = await place.makeRoster('2026-05-11', '2026-05-13')
  const [postId] = place.postIds
  const post = (await world.must('GET', `/v1/posts/${postId}`)).body
  const requirements = post.requirements.map(({ id: _id, ...rest }: { id: string; role: string }) =>
    rest.role === 'staff' ? { ...rest, minimum: 1, desired: 1, maximum: 1 } : rest,
  )
  await world.must('PATCH', `/v1/posts/${postId}`, { requirements }, { headers: { 'if-match': '"1"' } })
  const again = await world.must('POST', `/v1/rosters/${first.id}:regenerate`, {})
  expect((await place.finished(again.body.generationRun.id)).state).toBe('done')
  const after = (await world.must('GET', `/v1/rosters/${first.id}`)).body
  expect(after.counts).toMatchObject({ slots: 4, assigned: 4 })
})
