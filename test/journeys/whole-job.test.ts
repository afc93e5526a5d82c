import { parse } from 'csv-parse/sync'
import { expect, inject, test } from 'vitest'
import { examine } from '../../src/platform/doctor/examine.ts'
import { meetStranger, type Stranger } from '../support/stranger.ts'
import { type BackendKind, startWorld, type World } from '../support/world.ts'

const kinds: BackendKind[] = inject('redisUrl') ? ['postgres', 'redis'] : ['postgres']

// biome-ignore lint/suspicious/noExplicitAny: answers were checked against the OpenAPI document before they come here
type Json = any

const answerLink = async (link: string, answer: Record<string, string>) => {
  const response = await fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(answer) })
  expect([303, 200]).toContain(response.status)
}

const people = (prefix: string, count: number, grade: string, bornIn: (index: number) => number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i + 1},${prefix} ${i + 1},staff,${grade},${bornIn(i)}-03-15`)

const FILE = [
  'person number,name,class,grade,birth date',
  ...people('Chief', 4, 'chief', () => 1980),
  ...people('Guard', 8, 'staff', () => 1985),
  ...people('Young', 4, 'staff', (i) => 1996 + i),
  ...people('Senior', 4, 'chief', (i) => 1970 + i),
].join('\n')

async function everybody(stranger: Stranger): Promise<Map<string, Json>> {
  const { body } = await stranger.must('listVolunteers', { query: { limit: 500 } })
  return new Map(body.items.map((one: Json) => [one.personNumber, one]))
}

async function buildTown(stranger: Stranger, unitId: string) {
  const make = async (operation: string, body: unknown, path?: Record<string, string>) =>
    (await stranger.must(operation, { body, ...(path ? { path } : {}) })).body
  const preview = await stranger.must('importVolunteers', { query: { unitId }, raw: { type: 'text/csv', body: FILE } })
  expect(preview.body.counts).toMatchObject({ rows: 20, created: 20, wrong: 0 })
  expect((await everybody(stranger)).size).toBe(0)
  await stranger.must('importVolunteers', { query: { unitId, mode: 'commit' }, raw: { type: 'text/csv', body: FILE } })
  const known = await everybody(stranger)

  const cadres = await make('createEchelonSet', {
    unitId,
    name: 'Cadres',
    kind: 'rotation',
    echelons: [{ name: 'A' }, { name: 'B' }],
  })
  const pool = [...known.values()].filter((one) => /^(Chief|Guard)/.test(one.personNumber)).map((one) => one.id)
  await make(
    'partitionEchelonSet',
    { by: 'grade', apply: true, pool: { volunteerIds: pool }, on: '2026-05-06' },
    { id: cadres.id },
  )
  await make(
    'addRotationPattern',
    {
      effectiveFrom: '2026-01-01',
      anchorLocal: '2026-05-11T08:00',
      period: 'P1D',
      order: cadres.echelons.map((one: Json) => one.id),
    },
    { id: cadres.id },
  )
  const reserve = await make('createEchelonSet', {
    unitId,
    name: 'Reserve',
    kind: 'reserve',
    echelons: [
      { name: 'To 35', rule: { age: { to: 35 } } },
      { name: '50 and older', rule: { age: { from: 50 } } },
    ],
  })
  const from = { echelonSetId: cadres.id, reserveSetIds: [reserve.id] }
  const post = await make('createPost', {
    unitId,
    name: 'Railway station',
    kind: 'checkpoint',
    requirements: [
      { role: 'lead', minimum: 1, desired: 1, grades: ['chief'], ...from },
      { role: 'guard', minimum: 2, desired: 2, grades: ['staff'], ...from },
    ],
  })
  await make('createShiftTemplate', {
    postId: post.id,
    name: 'Round the clock',
    rule: 'FREQ=DAILY',
    startTime: '08:00',
    length: 'P1D',
    effectiveFrom: '2026-05-01',
  })
  return { post, reserve, known }
}

async function makeAndPublish(stranger: Stranger, world: World, unitId: string) {
  const asked = await stranger.must('createRoster', {
    headers: { 'idempotency-key': 'week-20' },
    body: { unitId, from: '2026-05-11', to: '2026-05-14', seed: 7 },
  })
  const again = await stranger.must('createRoster', {
    headers: { 'idempotency-key': 'week-20' },
    body: { unitId, from: '2026-05-11', to: '2026-05-14', seed: 7 },
  })
  expect(again.body.id).toBe(asked.body.id)
  const runId = asked.body.generationRun.id as string
  await expect
    .poll(async () => (await stranger.must('getGenerationRun', { path: { id: runId } })).body.state, {
      timeout: 60_000,
    })
    .toBe('done')
  const drafted = await stranger.must('getRoster', { path: { id: asked.body.id } })
  expect(drafted.body.counts).toMatchObject({ slots: 9, assigned: 9, openMandatory: 0 })

  const etag = drafted.headers.get('etag')!
  const path = { id: asked.body.id as string }
  const dry = await stranger.must('publishRoster', { path, headers: { 'if-match': etag }, body: { dryRun: true } })
  expect(dry.body.dryRun).toBe(true)
  expect(world.messages).toEqual([])
  await stranger.must('publishRoster', { path, headers: { 'if-match': etag }, body: {} })
  expect((await stranger.ask('publishRoster', { path, headers: { 'if-match': etag }, body: {} })).status).toBe(412)
  return asked.body.id as string
}

/** The file of hours that is about these people, as the summaries of the document tell. */
const exportOf = (stranger: Stranger, about: string): string => {
  const found = [...stranger.operations].filter(
    ([, { path, spec }]) => path.startsWith('/v1/exports/') && spec.summary.includes(about),
  )
  expect(found.map(([id]) => id)).toHaveLength(1)
  return found[0]![0]
}

const linesOf = async (stranger: Stranger, id: string, query = {}) =>
  (await stranger.must('listRosterAssignments', { path: { id }, query: { limit: 500, ...query } })).body.items as Json[]

test.each(kinds)(
  'a stranger with the OpenAPI document runs a duty week from import to export (%s)',
  async (backend) => {
    await using world = await startWorld({ now: '2026-05-06T02:00:00Z', backend })
    const stranger = await meetStranger(world.url, world.root.key)
    const unit = (
      await stranger.must('createUnit', { body: { parentId: world.root.id, kind: 'township', name: 'River town' } })
    ).body
    const { known } = await buildTown(stranger, unit.id)
    const rosterId = await makeAndPublish(stranger, world, unit.id)
    await world.settled()

    // Each person on the roster has one message with one link, whatever the number of their duties.
    const asked = world.messages.filter((message) => message.link)
    expect(new Set(asked.map((message) => message.volunteerId)).size).toBe(asked.length)
    for (const { link } of asked) expect((await fetch(link!)).status).toBe(200)
    const [decliner, silent, ...others] = asked
    for (const { link } of others) await answerLink(link!, { answer: 'confirm' })
    await answerLink(decliner!.link!, { answer: 'decline' })

    // The reserve hears at once, by echelon; the first says no, the second yes.
    await world.settled()
    const offersOf = () => world.messages.filter((message) => message.link?.includes('/o/'))
    const declined = (await stranger.must('listGaps', { query: { rosterId, state: 'open' } })).body.items.length
    expect(declined).toBeGreaterThan(0)
    await answerLink(offersOf()[0]!.link!, { answer: 'decline' })
    await world.settled()

    // Silence means no: a reminder, then the seat goes to the reserve, which answers as it is asked.
    const helpful = new Set<string>()
    const answerOffers = async () => {
      await world.settled()
      for (const { link, messageId } of offersOf()) {
        if (helpful.has(messageId)) continue
        helpful.add(messageId)
        await answerLink(link!, { answer: 'accept' })
        await world.settled()
      }
    }
    await answerOffers()
    await world.advance({ hours: 24, minutes: 5 })
    expect(world.messagesTo(silent!.volunteerId).map((message) => message.template)).toContain('confirmation-reminder')
    for (let round = 0; round < 5; round += 1) {
      await answerOffers()
      await world.advance({ minutes: 40 })
    }
    expect((await stranger.must('listGaps', { query: { rosterId, state: 'open' } })).body.items).toEqual([])
    const seats = await linesOf(stranger, rosterId, { state: 'confirmed' })
    expect(seats).toHaveLength(9)

    // The duty: all but one of the first day come; who does not is replaced while the shift runs.
    await world.advanceTo('2026-05-11T00:00:00Z')
    const first = await linesOf(stranger, rosterId, { day: '2026-05-11', state: 'confirmed' })
    expect(first).toHaveLength(3)
    const [absent, ...present] = first
    await stranger.must('checkInMany', { body: { assignmentIds: present.map((line) => line.live.assignmentId) } })
    await world.advance({ minutes: 35 })
    await stranger.must('markNoShow', { path: { id: absent.live.assignmentId }, body: { reason: 'rang, no answer' } })
    for (let round = 0; round < 4; round += 1) {
      await answerOffers()
      await world.advance({ minutes: 10 })
    }
    const refilled = await linesOf(stranger, rosterId, { day: '2026-05-11' })
    const replacement = refilled.find((line) => line.slotId === absent.slotId)!
    expect(replacement.live.state).toBe('confirmed')
    expect(replacement.live.volunteerId).not.toBe(absent.live.volunteerId)
    await stranger.must('checkIn', { path: { id: replacement.live.assignmentId }, body: {} })

    for (const local of ['2026-05-12', '2026-05-13']) {
      await world.advanceTo(`${local}T00:00:00Z`)
      const shift = await linesOf(stranger, rosterId, { state: 'serving' })
      await stranger.must('checkOutMany', { body: { assignmentIds: shift.map((line) => line.live.assignmentId) } })
      const next = await linesOf(stranger, rosterId, { day: local, state: 'confirmed' })
      await stranger.must('checkInMany', { body: { assignmentIds: next.map((line) => line.live.assignmentId) } })
    }
    await world.advanceTo('2026-05-14T00:00:00Z')
    const last = await linesOf(stranger, rosterId, { state: 'serving' })
    await stranger.must('checkOutMany', { body: { assignmentIds: last.map((line) => line.live.assignmentId) } })

    // What was served stands in the ledger and in what HR is given: all of these people are staff, none a volunteer.
    const exported = async (operation: string) => {
      const csv = (await stranger.must(operation, { query: { unitId: unit.id, lang: 'en' } })).body as string
      expect(csv.startsWith('\uFEFF')).toBe(true)
      return parse(csv, { bom: true, columns: true }) as Record<string, string>[]
    }
    expect(await exported(exportOf(stranger, 'volunteers'))).toEqual([])
    const rows = await exported(exportOf(stranger, 'everybody else'))
    expect(rows).toHaveLength(9)
    const { body: ledger } = await stranger.must('listLedger', { query: { unitId: unit.id } })
    const minutes = ledger.items.reduce((sum: number, line: Json) => sum + line.minutes, 0)
    const column = Object.keys(rows[0]!).find((name) => /^minutes$/i.test(name))!
    expect(rows.reduce((sum, row) => sum + Number(row[column]), 0)).toBe(minutes)
    const late = ledger.items.find((line: Json) => line.assignmentId === replacement.live.assignmentId)
    expect(late.minutes).toBeLessThan(24 * 60)
    expect(minutes).toBe(8 * 24 * 60 + late.minutes)
    expect(known.size).toBe(20)

    await world.settled()
    expect((await examine(world.house.database.sql)).filter((finding) => finding.count > 0)).toEqual([])
  },
)
