import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { download } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

// Saturday 1 August 2026, 08:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-08-01T00:00:00Z' })
  at = duties(world)
})
afterAll(() => world.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

const get = async (path: string): Promise<Json> => (await world.must('GET', path)).body
const department = async (name: string): Promise<{ id: string; volunteerId: string }> => {
  const body = { parentId: world.root.id, kind: 'department', name }
  const { id } = (await world.must('POST', '/v1/units', body)).body
  return { id, volunteerId: (await at.person({ unitId: id })).id }
}
const oblige = async (unitId: string, more: object): Promise<Json> => {
  const name = { zh: '日报', en: 'Report' }
  const times = { rule: 'FREQ=DAILY', dueTime: '16:30', effectiveFrom: '2026-08-01', effectiveTo: '2026-08-02' }
  return (await world.must('POST', '/v1/report-obligations', { unitId, name, ...times, ...more })).body
}
const reportsOf = async (obligationId: string): Promise<Json[]> =>
  (await get(`/v1/reports?obligationId=${obligationId}&limit=100`)).items
const boardOf = (unitId: string, obligationId = '') =>
  get(
    `/v1/report-board?from=2026-08-01&to=2026-08-02&unitId=${unitId}${obligationId && `&obligationId=${obligationId}`}`,
  )
const csv = async (unitId: string) => {
  const { status, bytes } = await download(
    world,
    `/v1/exports/reports?from=2026-08-01&to=2026-08-02&unitId=${unitId}&lang=en`,
  )
  expect(status, bytes.toString()).toBe(200)
  return parse(bytes, { bom: true, columns: true }) as Record<string, string>[]
}

describe('what a post has to report', () => {
  test('is asked of whoever is on duty there, and stands as that of the post in list, board and file', async () => {
    const { id: unitId, volunteerId } = await department('Gate department')
    const post = await at.post({ unitId, name: 'East gate' })
    await at.duty({ volunteerId, postId: post.id, start: '2026-08-01T08:00', length: 'PT12H' })
    const ofPost = await oblige(unitId, { postId: post.id, reporters: [{ postId: post.id }] })
    const ofUnit = await oblige(unitId, { reporters: [{ volunteerId: (await at.person({ unitId })).id }] })
    const listed = (await get(`/v1/report-obligations?unitId=${unitId}`)).items
    expect(listed.map((one: Json) => [one.id, one.postId])).toEqual([
      [ofPost.id, post.id],
      [ofUnit.id, null],
    ])
    const [[report], [other]] = [await reportsOf(ofPost.id), await reportsOf(ofUnit.id)]
    expect([report, other]).toMatchObject([
      { unitId, postName: 'East gate' },
      { unitId, postName: null },
    ])
    await world.advanceTo('2026-08-01T07:31:00Z')
    const reminders = world.messagesTo(volunteerId).filter((message) => message.template === 'report-reminder')
    expect(reminders).toHaveLength(1)
    const body = new URLSearchParams({ do: 'nil', number: '0' })
    expect((await fetch(reminders[0]!.link!, { method: 'POST', redirect: 'manual', body })).status).toBe(303)

    const board = await boardOf(unitId)
    expect(board.items).toMatchObject([
      { unitId, day: '2026-08-01', counts: { nil: 1, due: 1 }, reportIds: [report.id, other.id] },
    ])
    expect((await boardOf(unitId, ofPost.id)).counts).toMatchObject({ nil: 1, due: 0 })
    expect((await csv(unitId)).map((row) => [row.Post, row.State, row.Nil])).toEqual([
      ['East gate', 'Filed', 'Nil return'],
      ['', 'Due', ''],
    ])
  })
})

describe('between deadline and missing', () => {
  test('the board counts what is late apart from what was filed late, and later what is missing', async () => {
    const { id: unitId, volunteerId } = await department('Late department')
    const reporters = [{ volunteerId }]
    const [tardy, silent] = [await oblige(unitId, { reporters }), await oblige(unitId, { reporters })]
    const counts = async () => (await boardOf(unitId)).counts
    const none = { due: 0, filed: 0, nil: 0, late: 0, filedLate: 0, missing: 0 }
    await world.advanceTo('2026-08-01T08:29:00Z')
    expect(await counts()).toEqual({ ...none, due: 2 })
    await world.advanceTo('2026-08-01T08:40:00Z')
    expect(await counts()).toEqual({ ...none, late: 2 })
    const [report] = await reportsOf(tardy.id)
    const headers = { 'if-match': `"${report.version}"` }
    await world.must('POST', `/v1/reports/${report.id}:file`, { nil: true }, { headers })
    expect(await counts()).toEqual({ ...none, late: 1, filedLate: 1 })
    expect((await boardOf(unitId, silent.id)).counts).toEqual({ ...none, late: 1 })
    expect((await csv(unitId)).map((row) => row.State).sort()).toEqual(['Filed late', 'Late'])
    await world.advanceTo('2026-08-01T09:01:00Z')
    expect(await counts()).toEqual({ ...none, missing: 1, filedLate: 1 })
  })
})

test('a weekly or monthly rule makes one report for each of its days, and for no other day', async () => {
  await using calm = await startWorld({ now: '2026-08-01T00:00:00Z' })
  const unitId = calm.root.id
  const { id: volunteerId } = await duties(calm).person({ unitId })
  const due = [
    {
      times: { rule: 'FREQ=WEEKLY;BYDAY=MO,WE', effectiveTo: '2026-08-20' },
      days: ['2026-08-03', '2026-08-05', '2026-08-10', '2026-08-12', '2026-08-17', '2026-08-19'],
    },
    {
      times: { rule: 'FREQ=MONTHLY;BYMONTHDAY=-1', effectiveTo: '2026-10-12' },
      days: ['2026-08-31', '2026-09-30'],
    },
    {
      times: { rule: 'FREQ=MONTHLY;BYDAY=2FR', effectiveTo: '2026-10-12' },
      days: ['2026-08-14', '2026-09-11', '2026-10-09'],
    },
  ]
  const ids: string[] = []
  for (const { times } of due) {
    const body = { unitId, name: { en: 'Report' }, dueTime: '16:30', effectiveFrom: '2026-08-01', ...times }
    const more = { reporters: [{ volunteerId }], remindBeforeMinutes: [] }
    ids.push((await calm.must('POST', '/v1/report-obligations', { ...body, ...more })).body.id)
  }
  await calm.advanceTo('2026-10-12T09:00:00Z')
  for (const [index, { times, days }] of due.entries()) {
    const { items } = (await calm.must('GET', `/v1/reports?obligationId=${ids[index]}&limit=100`)).body
    expect(
      items.map((one: Json) => [one.dueLocal, one.dueAt, one.state]),
      times.rule,
    ).toEqual(days.map((day) => [`${day}T16:30`, `${day}T08:30:00.000Z`, 'missing']))
  }
})
