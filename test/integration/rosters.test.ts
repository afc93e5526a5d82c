import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { worker } from '../../src/platform/auth/actor.ts'
import { buildDutyTown, type DutyTown } from '../support/duty-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let town: DutyTown
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
  town = await buildDutyTown(world)
})
afterAll(() => world.close())

const ask = (body: object, key: string, more: { key?: string } = {}) =>
  world.call('POST', '/v1/rosters', body, { ...more, headers: { 'idempotency-key': key } })
const errorsOf = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
  answer.body.errors.map((error) => [error.pointer, error.code]).sort()
const actionsOn = (id: string) =>
  world.house.database.sql<{ action: string; fromState: string | null; toState: string | null }[]>`
    select action, from_state as "fromState", to_state as "toState" from audit_log where subject_id = ${id} order by at, id`

describe('generation', () => {
  test('a week is planned by a worker, every mandatory seat filled by those whose turn it is', async () => {
    const roster = await town.makeRoster('2026-05-11', '2026-05-18', { seed: 7 })
    expect(roster).toMatchObject({
      state: 'draft',
      publishedVersion: 0,
      counts: { slots: 42, assigned: 42, openMandatory: 0, openDesired: 0 },
      generationRun: { state: 'done', seed: 7 },
    })
    expect(roster.score.hard).toBe(0)
    const lines = await town.assignmentsOf(roster.id)
    expect(lines).toHaveLength(42)
    for (const line of lines) {
      const day = Number(line.localDay.slice(8))
      const crew = town.shifts[(day - 11) % 2]!
      expect(line.role === 'lead' ? crew.chiefs : crew.staff).toContain(line.draft.volunteerId)
    }
    const monday = await town.assignmentsOf(roster.id, '&day=2026-05-11')
    expect(new Set(monday.map((line) => line.draft.volunteerId)).size).toBe(6)
    const person = lines[0].draft.volunteerId
    const own = await town.assignmentsOf(roster.id, `&volunteerId=${person}`)
    expect(own.every((line) => line.draft.volunteerId === person)).toBe(true)
    expect(await town.assignmentsOf(roster.id, '&state=open')).toEqual([])

    const { outcome } = (await world.must('GET', `/v1/generation-runs/${roster.generationRun.id}`)).body
    expect(outcome.counts).toMatchObject({ slots: 42, assigned: 42, people: 16 })
    expect(outcome.problemDigest).toMatch(/^[0-9a-f]{64}$/)
    expect((await actionsOn(roster.generationRun.id)).map((row) => [row.fromState, row.toState])).toEqual([
      [null, 'queued'],
      ['queued', 'running'],
      ['running', 'done'],
    ])
    expect((await actionsOn(roster.id)).map((row) => row.toState)).toEqual(['generating', 'draft'])
  })

  test('what nobody can do is explained slot by slot', async () => {
    const small = await buildDutyTown(world, { name: 'Short town', chiefs: 1, staff: 2 })
    const roster = await small.makeRoster('2026-05-11', '2026-05-12')
    expect(roster.counts).toMatchObject({ openMandatory: 1, openDesired: 2 })
    const draft = (await world.must('GET', `/v1/rosters/${roster.id}/draft`)).body
    const open = [...draft.openMandatorySlotIds, ...draft.openDesiredSlotIds].sort()
    expect(draft.reasons.map((one: { slotId: string }) => one.slotId).sort()).toEqual(open)
    const lead = draft.reasons.find((one: { slotId: string }) => one.slotId === draft.openMandatorySlotIds[0])
    expect(lead.eliminated.map((one: { rule: string }) => one.rule)).toContain('echelon-on-turn')
    expect(lead.text.en).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/)
  })

  test('the same facts make the same problem, and a run can be asked for again', async () => {
    const other = await buildDutyTown(world, { name: 'Same town' })
    const first = await other.makeRoster('2026-06-01', '2026-06-04')
    const answer = await world.must('POST', `/v1/rosters/${first.id}:regenerate`, { seed: 1 })
    expect(answer.status).toBe(202)
    const digests = await Promise.all(
      [first.generationRun.id, answer.body.generationRun.id].map(
        async (id) => (await other.finished(id)).outcome.problemDigest,
      ),
    )
    expect(digests[0]).toBe(digests[1])
  })

  test('every wrong field is named, and a period that is planned already', async () => {
    const wrong = await ask({ unitId: 'x', from: '2026-07-02', to: '2026-07-01', seed: -1, colour: 'red' }, 'w1')
    expect([wrong.status, errorsOf(wrong)]).toEqual([
      400,
      [
        ['/body/colour', 'field-unknown'],
        ['/body/seed', 'too-small'],
        ['/body/to', 'period-upside-down'],
        ['/body/unitId', 'invalid-format'],
      ],
    ])
    const keyless = await world.call('POST', '/v1/rosters', {
      unitId: town.unitId,
      from: '2026-07-01',
      to: '2026-07-02',
    })
    expect([keyless.status, keyless.body.code]).toEqual([400, 'idempotency-key-needed'])

    const below = (
      await world.must('POST', '/v1/units', { parentId: town.unitId, kind: 'village', name: 'Overlap village' })
    ).body.id
    await town.makeRoster('2026-07-06', '2026-07-08')
    for (const unitId of [town.unitId, below, world.root.id]) {
      const overlap = await ask({ unitId, from: '2026-07-07', to: '2026-07-10' }, `o ${unitId}`)
      expect([overlap.status, overlap.body.code]).toEqual([409, 'roster-period-overlaps'])
      expect(overlap.body.rosters[0]).toMatchObject({ unit: 'Duty town', from: '2026-07-06', to: '2026-07-08' })
    }
  })

  test('of ten wishes for one period at once one is granted, and a repeated wish is the same wish', async () => {
    const body = { unitId: town.unitId, from: '2026-08-03', to: '2026-08-04' }
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => ask(body, `race ${i}`)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, ...Array.from({ length: 9 }, () => 409)])
    const winner = answers.findIndex((answer) => answer.status === 202)
    expect(answers[winner]!.headers.get('location')).toBe(`/v1/rosters/${answers[winner]!.body.id}`)
    const again = await ask(body, `race ${winner}`)
    expect([again.status, again.body.id]).toEqual([202, answers[winner]!.body.id])
    await world.settled()
  })

  test('a discarded roster gives its days free', async () => {
    const roster = await town.makeRoster('2026-08-10', '2026-08-11')
    const discarded = await world.must('POST', `/v1/rosters/${roster.id}:discard`)
    expect(discarded.body.state).toBe('discarded')
    expect((await world.call('POST', `/v1/rosters/${roster.id}:regenerate`, {})).body.code).toBe('roster-state')
    expect((await town.makeRoster('2026-08-10', '2026-08-11')).id).not.toBe(roster.id)
  })
})

describe('rights', () => {
  test('a roster outside the subtree looks as if it did not exist; a viewer reads and changes nothing', async () => {
    const mine = await buildDutyTown(world, { name: 'Own town', posts: 1 })
    const roster = await mine.makeRoster('2026-11-02', '2026-11-03')
    const [slot] = await mine.assignmentsOf(roster.id)
    const stranger = await world.makeKey(town.unitId, 'organizer')
    const headers = { 'if-match': `"${roster.version}"` }
    const edit = { volunteerId: mine.shifts[0]!.chiefs[0] }
    const answers = await Promise.all([
      world.call('GET', `/v1/rosters/${roster.id}`, undefined, { key: stranger }),
      world.call('GET', `/v1/rosters/${roster.id}/draft`, undefined, { key: stranger }),
      world.call('GET', `/v1/rosters/${roster.id}/assignments`, undefined, { key: stranger }),
      world.call('GET', `/v1/rosters/${roster.id}/diff`, undefined, { key: stranger }),
      world.call('GET', `/v1/rosters/${roster.id}/versions`, undefined, { key: stranger }),
      world.call('GET', `/v1/generation-runs/${roster.generationRun.id}`, undefined, { key: stranger }),
      world.call('GET', `/v1/generation-runs/${roster.generationRun.id}/events`, undefined, { key: stranger }),
      world.call('GET', `/v1/slots/${slot.slotId}/candidates`, undefined, { key: stranger }),
      world.call('POST', `/v1/rosters/${roster.id}:publish`, {}, { key: stranger, headers }),
      world.call('POST', `/v1/rosters/${roster.id}:regenerate`, {}, { key: stranger }),
      world.call('POST', `/v1/rosters/${roster.id}:discard`, undefined, { key: stranger }),
      world.call('PUT', `/v1/rosters/${roster.id}/draft/${slot.slotId}`, edit, { key: stranger }),
    ])
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 404))
    expect(
      (await world.must('GET', '/v1/rosters', undefined, { key: stranger })).body.items.map(
        (one: { id: string }) => one.id,
      ),
    ).not.toContain(roster.id)

    const viewer = await world.makeKey(mine.unitId, 'viewer')
    expect((await world.must('GET', `/v1/rosters/${roster.id}`, undefined, { key: viewer })).body.id).toBe(roster.id)
    expect((await world.call('POST', `/v1/rosters/${roster.id}:publish`, {}, { key: viewer, headers })).status).toBe(
      403,
    )
    const foreign = await ask({ unitId: town.unitId, from: '2026-11-02', to: '2026-11-03' }, 'foreign', {
      key: await world.makeKey(mine.unitId, 'organizer'),
    })
    expect(errorsOf(foreign)).toEqual([['/body/unitId', 'unit-unknown']])
  })

  test('lists filter by unit, state and day', async () => {
    const listed = await buildDutyTown(world, { name: 'Listed town', posts: 1 })
    const first = await listed.makeRoster('2026-12-07', '2026-12-08')
    const second = await listed.makeRoster('2026-12-08', '2026-12-10')
    const idsOf = async (query: string) =>
      (await world.must('GET', `/v1/rosters?unitId=${listed.unitId}&${query}`)).body.items.map(
        (one: { id: string }) => one.id,
      )
    expect(await idsOf('')).toEqual([first.id, second.id])
    expect(await idsOf('day=2026-12-09')).toEqual([second.id])
    expect(await idsOf('state=published')).toEqual([])
    const page = (await world.must('GET', `/v1/rosters?unitId=${listed.unitId}&limit=1&sort=-from`)).body
    expect(page.items[0].id).toBe(second.id)
    expect(await idsOf(`limit=1&sort=-from&cursor=${page.nextCursor}`)).toEqual([first.id])
  })
})

test('shifts are made by the worker and nobody else', async () => {
  const [row] = await world.house.database.sql<{ actors: string[] }[]>`
    select array_agg(distinct actor_id) as actors from audit_log where action = 'shift.planned'`
  expect(row!.actors).toEqual([worker('rosters.generate').id])
})
