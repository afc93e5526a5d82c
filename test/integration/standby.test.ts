import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import ICAL from 'ical.js'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { download, squeezed } from '../support/downloads.ts'
import { popplerOrSkip } from '../support/poppler.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any
let post: Json
let roster: Json
/** Of Monday: who keeps watch, and who stays ready. */
let duties: { active: Json; standby: Json }

// Saturday 2 May 2026, 10:00 in Shanghai; the roster is of Monday and Tuesday.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-02T02:00:00Z' })
  const town = (await make('/v1/units', {
    parentId: world.root.id,
    kind: 'town',
    name: '城西镇',
    locale: 'zh',
  })) as Json
  for (const displayName of ['欧阳娜', '王喆', '赵一', '钱二']) {
    await make('/v1/volunteers', { unitId: town.id, displayName, personClass: 'volunteer' })
  }
  const requirements = [
    { role: 'guard', minimum: 1, desired: 1 },
    { role: 'flood squad', minimum: 1, desired: 1 },
  ]
  post = await make('/v1/posts', { unitId: town.id, name: '西门卡点', kind: 'checkpoint', requirements })
  const [guard, squad] = ['guard', 'flood squad'].map(
    (role) => post.requirements.find((one: Json) => one.role === role).id,
  )
  const template = { postId: post.id, rule: 'FREQ=DAILY', startTime: '08:00', length: 'PT12H' }
  const when = { ...template, effectiveFrom: '2026-05-04' }
  await make('/v1/shift-templates', { ...when, name: '白班', requirementIds: [guard] })
  await make('/v1/shift-templates', { ...when, name: '备勤', kind: 'standby', requirementIds: [squad] })
  const order = { unitId: town.id, from: '2026-05-04', to: '2026-05-06' }
  roster = await make('/v1/rosters', order, { 'idempotency-key': 'standby-week' })
  await planned(roster.generationRun.id)
  const { headers } = await world.must('GET', `/v1/rosters/${roster.id}`)
  await make(`/v1/rosters/${roster.id}:publish`, {}, { 'if-match': headers.get('etag')! })
  await world.settled()
  for (const { live } of await list(`/v1/rosters/${roster.id}/assignments`)) {
    await make(`/v1/assignments/${live.assignmentId}:confirm`, { reason: 'said so' })
  }
  const shifts = await list(`/v1/shifts?postId=${post.id}&from=2026-05-04&to=2026-05-05`)
  const holder = (kind: string) => shifts.find((one) => one.kind === kind).slots[0].holder
  duties = { active: holder('active'), standby: holder('standby') }
})
afterAll(() => world.close())

/** Waits until the engine is done with it. */
async function planned(runId: string) {
  for (let tries = 0; tries < 600; tries += 1) {
    await world.settled()
    const { state, finishedAt, error } = (await world.must('GET', `/v1/generation-runs/${runId}`)).body
    if (finishedAt) return expect([state, error]).toEqual(['done', null])
    await sleep(50)
  }
  throw new Error('The roster is not made.')
}
const make = async (path: string, body: object, headers: Record<string, string> = {}): Promise<Json> =>
  (await world.must('POST', path, body, { headers })).body
const list = async (path: string): Promise<Json[]> => (await world.must('GET', path)).body.items

test('what a template is stays as it was made, and its shifts are of the same kind', async () => {
  const templates = await list(`/v1/shift-templates?postId=${post.id}`)
  expect(templates.map((one) => [one.name, one.kind]).sort()).toEqual([
    ['备勤', 'standby'],
    ['白班', 'active'],
  ])
  const headers = { 'if-match': '"1"' }
  const changed = await world.call('PATCH', `/v1/shift-templates/${templates[0].id}`, { kind: 'active' }, { headers })
  expect(changed.status).toBe(400)
  const shifts = await list(`/v1/shifts?postId=${post.id}&from=2026-05-04&to=2026-05-06`)
  expect(shifts.map((one) => one.kind).sort()).toEqual(['active', 'active', 'standby', 'standby'])
})

test('a calendar shows it, and leaves the time free: the feed of the post, and the file behind the link', async () => {
  const asked = world.messagesTo(duties.standby.volunteerId).find((one) => one.template === 'confirmation-request')
  const own = await (await fetch(`${asked!.link}/duty.ics`)).text()
  expect(own.replace(/\r\n /g, '')).toMatch(
    /SUMMARY:备勤 · 西门卡点 · flood squad[\s\S]*CATEGORIES:备勤[\s\S]*TRANSP:TRANSPARENT/,
  )
  const { url } = await make(`/v1/posts/${post.id}/calendar-feeds`, {})
  const { bytes } = await download(world, new URL(url).pathname, { key: null })
  const events = new ICAL.Component(ICAL.parse(bytes.toString())).getAllSubcomponents('vevent')
  const shown = events.map((event) =>
    ['transp', 'categories', 'summary'].map((name) => String(event.getFirstPropertyValue(name))),
  )
  expect(new Set(shown.map((one) => one.join(' | ')))).toEqual(
    new Set(['OPAQUE | 值班 | 西门卡点 · guard', 'TRANSPARENT | 备勤 | 备勤 · 西门卡点 · flood squad']),
  )
  expect(shown).toHaveLength(4)
})

test('the printed roster and the sheet to sign tell standby from duty', async (context) => {
  const { bytes } = await download(world, `/v1/rosters/${roster.id}/files?format=xlsx&lang=zh`)
  const [grid, people] = (await readXlsx(bytes)).map((one) => one.data as unknown[][])
  expect(grid!.slice(1).map((row) => row.slice(1, 3))).toEqual([
    ['西门卡点', '08:00–20:00'],
    ['西门卡点', '08:00–20:00（备勤）'],
  ])
  const kind = people![0]!.indexOf('类别')
  expect(people!.slice(1).map((row) => [row[4], row[kind]])).toEqual([
    ['guard', '值守'],
    ['flood squad', '备勤'],
    ['guard', '值守'],
    ['flood squad', '备勤'],
  ])
  const poppler = await popplerOrSkip(context)
  const pdf = await download(world, `/v1/rosters/${roster.id}/files?format=pdf&lang=en`)
  expect((await poppler.text(pdf.bytes)).join(' ').replace(/\s+/g, ' ')).toContain('(standby)')
  const shifts = await list(`/v1/shifts?postId=${post.id}&from=2026-05-04&to=2026-05-05`)
  const sheet = async (wanted: string) => {
    const { id } = shifts.find((one) => one.kind === wanted)
    const file = await download(world, `/v1/shifts/${id}/attendance-sheet?lang=zh`)
    return squeezed((await poppler.text(file.bytes)).join(''))
  }
  expect(await sheet('standby')).toContain('2026-05-0420:00（备勤）')
  expect(await sheet('active')).not.toContain('备勤')
})

test('whoever checks in is on standby until called, and the hours are apart', async () => {
  await world.advanceTo('2026-05-03T23:55:00Z')
  const assignmentIds = [duties.active.assignmentId, duties.standby.assignmentId]
  await make('/v1/attendances:bulk-check-in', { assignmentIds })
  await world.advanceTo('2026-05-04T04:00:00Z')
  await make(`/v1/assignments/${duties.standby.assignmentId}:activate`, {})
  await world.advanceTo('2026-05-04T06:00:00Z')
  await make(`/v1/assignments/${duties.standby.assignmentId}:activate`, { kind: 'standby' })
  await world.advanceTo('2026-05-04T12:05:00Z')
  await make('/v1/attendances:bulk-check-out', { assignmentIds })
  const lines = async (volunteerId: string) =>
    (await list(`/v1/ledger?volunteerId=${volunteerId}`))
      .sort((a, b) => a.startsAt.localeCompare(b.startsAt))
      .map(({ kind, minutes }) => [kind, minutes])
  expect(await lines(duties.active.volunteerId)).toEqual([['active', 730]])
  expect(await lines(duties.standby.volunteerId)).toEqual([
    ['standby', 245],
    ['active', 120],
    ['standby', 365],
  ])
})

test('the next day nobody is called: all of it is standby, nobody is relieved, and the post counts as empty', async () => {
  const shifts = await list(`/v1/shifts?postId=${post.id}&from=2026-05-05&to=2026-05-06`)
  const { holder } = shifts.find((one) => one.kind === 'standby').slots[0]
  await world.advanceTo('2026-05-05T00:00:00Z')
  await make(`/v1/assignments/${holder.assignmentId}:check-in`, {})
  const day = `/v1/duty-today?unitId=${post.unitId}&day=2026-05-05`
  expect((await list(day)).map((one) => one.kind).sort()).toEqual(['active', 'standby'])
  const seen = { postId: post.id, inspectedBy: '督查组' }
  const guard = shifts.find((one) => one.kind === 'active').slots[0].holder.volunteerId
  for (const present of [[guard], [guard, holder.volunteerId]]) {
    const look = await make('/v1/inspections', { ...seen, present })
    expect(look).toMatchObject({ result: 'in_order', expected: 1, findings: [] })
  }
  await world.advanceTo('2026-05-05T12:00:00Z')
  const window = 'from=2026-05-05T00:00:00Z&to=2026-05-05T12:00:00Z'
  const presence = async () => (await world.must('GET', `/v1/posts/${post.id}/presence?${window}`)).body.gaps
  const empty = [expect.objectContaining({ planned: true, minutes: 720 })]
  expect(await presence()).toEqual(empty)
  await make(`/v1/assignments/${holder.assignmentId}:check-out`, {})
  expect(await presence()).toEqual(empty)
  const [line, ...more] = (await list(`/v1/ledger?volunteerId=${holder.volunteerId}&from=2026-05-05`)) as Json[]
  expect([line.kind, line.minutes, more]).toEqual(['standby', 720, []])
  expect(await list(`/v1/handovers?postId=${post.id}`)).toEqual([])
  const { bytes } = await download(world, '/v1/exports/service-hours?view=totals&lang=en')
  const totals = parse(bytes, { bom: true, columns: true }) as Record<string, string>[]
  expect(totals.reduce((sum, row) => sum + Number(row['Standby minutes']), 0)).toBe(245 + 365 + 720)
})
