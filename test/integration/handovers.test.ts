import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { streamHandovers } from '../../src/modules/handovers/handovers.repository.ts'
import type { HandoverLine } from '../../src/modules/handovers/handovers.types.ts'
import { handoverLine } from '../../src/modules/handovers/handovers.views.ts'
import { streamRows } from '../../src/platform/db/streams.ts'
import { download } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
let town: { id: string }
let gate: { id: string }
/** Three days of two shifts, one person each, at one post. */
const shifts: { id: string; volunteerId: string; shiftId: string; endsAt: Date }[] = []

// 2026-05-04 is a Monday; the clock shows 07:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:00:00Z' })
  at = duties(world)
  town = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Gate town' })).body
  gate = await at.post({ unitId: town.id, name: 'South gate' })
  for (const start of ['2026-05-04T08:00', '2026-05-04T16:00', '2026-05-05T00:00']) {
    const { id: volunteerId } = await at.person({ unitId: town.id })
    shifts.push(await at.duty({ volunteerId, postId: gate.id, start }))
  }
})
afterAll(() => world.close())

const act = (id: string, verb: string, body: object = {}) => world.must('POST', `/v1/assignments/${id}:${verb}`, body)
const list = async (query = '') => (await world.must('GET', `/v1/handovers?postId=${gate.id}${query}`)).body.items
const send = (path: string, fields: Record<string, string>) =>
  world.call('POST', path, undefined, {
    key: null,
    raw: { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() },
  })
const pathTo = (volunteerId: string) => {
  const told = world.messagesTo(volunteerId).filter((message) => message.template.startsWith('handover'))
  return new URL(told.at(-1)!.link!).pathname
}

test('a handover is opened before the shift ends; what is open is carried over until it is closed', async () => {
  await act(shifts[0]!.id, 'check-in')
  await world.advanceTo('2026-05-04T07:44:00Z')
  expect(await list()).toHaveLength(0)
  await world.advanceTo('2026-05-04T07:45:00Z')
  const [first] = await list()
  expect(first).toMatchObject({
    state: 'due',
    outgoingShiftId: shifts[0]!.shiftId,
    incomingShiftId: shifts[1]!.shiftId,
  })

  const path = pathTo(shifts[0]!.volunteerId)
  const wrong = await send(path, { step: 'save', version: '1', peopleIn: 'many', situation: 'kept text' })
  expect([wrong.status, wrong.text.includes('whole numbers'), wrong.text.includes('kept text')]).toEqual([
    409,
    true,
    true,
  ])
  const saved = await send(path, {
    step: 'save',
    version: '1',
    nil: 'yes',
    weather: 'rain',
    matter0: 'Order masks',
    owner0: 'Li',
    due0: '2026-05-06T12:00',
    matter1: 'Count the vests',
  })
  expect(saved.status).toBe(303)
  const behind = await send(path, { step: 'sign', version: '1', situation: 'second thought' })
  expect([behind.status, behind.text.includes('Somebody else has just changed it')]).toEqual([409, true])
  const [draft] = await list()
  expect(draft).toMatchObject({ nil: true, weather: 'rain', version: 2 })
  expect((await send(path, { step: 'sign', version: '2', nil: 'yes' })).status).toBe(303)
  await world.settled()
  const relief = pathTo(shifts[1]!.volunteerId)
  expect((await send(relief, { step: 'sign' })).status).toBe(303)
  expect((await send(relief, { step: 'sign' })).status).toBe(303)
  const [complete] = await list()
  expect(complete).toMatchObject({ state: 'complete', weather: null })
  expect(complete.matters.map((matter: { text: string }) => matter.text)).toEqual(['Order masks', 'Count the vests'])
  expect(complete.matters[0].dueAt).toBe('2026-05-06T04:00:00.000Z')
  expect((await at.auditOf(complete.id)).map((row) => row.action)).toEqual([
    'handover.opened',
    'handover.written',
    'handover.written',
    'handover.signed-outgoing',
    'handover.signed-incoming',
  ])

  await world.advanceTo('2026-05-04T07:58:00Z')
  await act(shifts[1]!.id, 'check-in')
  await world.advanceTo('2026-05-04T08:00:00Z')
  await act(shifts[0]!.id, 'check-out')
  await world.advanceTo('2026-05-04T15:50:00Z')
  expect(world.messages.filter((message) => message.template.startsWith('relief-missing'))).toHaveLength(0)
  const second = (await list('&state=due'))[0]
  expect(second.matters.map((matter: { text: string }) => matter.text)).toEqual(['Order masks', 'Count the vests'])
  const vests = second.matters[1].id
  expect(
    (await send(pathTo(shifts[1]!.volunteerId), { step: 'save', version: '1', situation: 'ok', done: vests })).status,
  ).toBe(303)
  const masks = second.matters[0].id
  const closed = await world.must('POST', `/v1/handover-matters/${masks}:close`, { note: 'delivered' })
  expect(closed.body).toMatchObject({ closedAt: expect.any(String), closingNote: 'delivered' })
  expect((await world.call('POST', `/v1/handover-matters/${masks}:close`, {})).body.code).toBe('already-closed')
})

test('an organizer writes and enters paper signatures, a supervisor looks, and what is signed stays', async () => {
  const [handover] = await list('&state=due')
  const patch = (version: number, body: object) =>
    world.call('PATCH', `/v1/handovers/${handover.id}`, body, { headers: { 'if-match': `"${version}"` } })
  expect((await patch(1, { weather: 'fog' })).status).toBe(412)
  const events = [{ text: 'A car without plates', reportNumber: 'R-7' }]
  const written = await patch(handover.version, { situation: 'busy', abnormalEvents: events, peopleIn: 12 })
  expect(written.body).toMatchObject({ situation: 'busy', abnormalEvents: events, peopleIn: 12 })
  expect((await patch(written.body.version, { peopleIn: -1, nil: 'no' })).body.errors).toHaveLength(2)

  const sign = (side: string, volunteerId: string) =>
    world.call('POST', `/v1/handovers/${handover.id}:sign`, { side, volunteerId, reason: 'signed on paper' })
  expect((await sign('incoming', shifts[2]!.volunteerId)).body.code).toBe('outgoing-first')
  expect((await sign('outgoing', shifts[2]!.volunteerId)).body.code).toBe('not-of-this-crew')
  expect((await sign('outgoing', shifts[1]!.volunteerId)).body.state).toBe('outgoing_signed')
  expect((await patch(written.body.version + 1, { weather: 'fog' })).body.code).toBe('signed-already')
  expect((await sign('incoming', shifts[2]!.volunteerId)).body.state).toBe('complete')
  expect((await sign('incoming', shifts[2]!.volunteerId)).body.code).toBe('signed-already')
  await world.must('POST', `/v1/handovers/${handover.id}:look`)
  const seen = (await world.must('POST', `/v1/handovers/${handover.id}:look`)).body
  expect(seen.seenBy).toHaveLength(1)

  const elsewhere = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Far' })).body
  const stranger = await world.makeKey(elsewhere.id, 'organizer')
  expect((await world.call('GET', `/v1/handovers/${handover.id}`, undefined, { key: stranger })).status).toBe(404)
})

test('the log comes as a stream, and the last shift has nobody to hand over to', async () => {
  await world.advanceTo('2026-05-04T16:00:00Z')
  const lines: HandoverLine[] = []
  const { db, sql } = world.house.services.foundations
  const query = streamHandovers(db, { actorPath: '/', postId: gate.id })
  const { signal } = new AbortController()
  for await (const line of streamRows(sql, query, handoverLine, signal)) lines.push(line)
  expect(lines[0]).toMatchObject({ plannedAt: new Date('2026-05-04T08:00:00Z'), actualAt: expect.any(Date) })
  expect(lines.map((line) => [line.postName, line.state, line.outgoingCrew.length, line.incomingCrew.length])).toEqual([
    ['South gate', 'complete', 1, 1],
    ['South gate', 'complete', 1, 1],
  ])
})

test('who has signed and is not at the post, or has left again, relieves nobody', async () => {
  const alarms = (template: string) => world.messages.filter((message) => message.template === template)
  await world.advanceTo('2026-05-04T16:05:00Z')
  expect(alarms('relief-missing')).toHaveLength(0)
  await world.advanceTo('2026-05-04T16:10:00Z')
  const [handover] = await list('&state=complete&sort=-plannedAt')
  expect(handover).toMatchObject({ outgoingShiftId: shifts[1]!.shiftId, incomingSignedAt: expect.any(String) })
  expect(handover.reliefMissingAt).toMatch(/^2026-05-04T16:10:/)
  expect(alarms('relief-missing').map((message) => message.volunteerId)).toEqual([shifts[2]!.volunteerId])
  expect(alarms('relief-missing-crew').map((message) => message.volunteerId)).toEqual([shifts[1]!.volunteerId])
  const page = await world.call('GET', pathTo(shifts[1]!.volunteerId), undefined, { key: null })
  expect(page.text).toContain('relief has not come')

  await world.advanceTo('2026-05-04T16:20:00Z')
  await act(shifts[2]!.id, 'check-in')
  await world.advanceTo('2026-05-04T16:25:00Z')
  const { segments } = (await act(shifts[1]!.id, 'check-out')).body
  expect(segments.map((part: { cause: string; minutes: number }) => [part.cause, part.minutes]).slice(1)).toEqual([
    ['relief-missing', 20],
    ['relief-came', 5],
  ])
  const came = (await world.must('GET', `/v1/handovers/${handover.id}`)).body
  expect(came).toMatchObject({ state: 'complete', reliefCameAt: '2026-05-04T16:20:00.000Z' })
  await world.advanceTo('2026-05-05T00:30:00Z')
  expect(await list()).toHaveLength(2)
})

test('what was reported in the shift is read with the handover, and the signature is the receipt', async () => {
  const post = await at.post({ unitId: town.id, name: 'North gate' })
  const [outgoing, incoming] = [await at.person({ unitId: town.id }), await at.person({ unitId: town.id })]
  const first = await at.duty({ volunteerId: outgoing.id, postId: post.id, start: '2026-05-05T09:00', length: 'PT4H' })
  await at.duty({ volunteerId: incoming.id, postId: post.id, start: '2026-05-05T13:00', length: 'PT4H' })
  const schema = {
    type: 'object',
    properties: { cars: { type: 'integer', 'x-titles': { zh: '车辆数', en: 'Cars' } } },
    required: ['cars'],
  }
  const oblige = async (name: string, dueTime: string) =>
    (
      await world.must('POST', '/v1/report-obligations', {
        unitId: town.id,
        postId: post.id,
        name: { zh: name, en: name },
        rule: 'FREQ=DAILY',
        dueTime,
        effectiveFrom: '2026-05-05',
        effectiveTo: '2026-05-06',
        reporters: [{ volunteerId: outgoing.id }],
        schema,
      })
    ).body.id as string
  const [noon, silent, evening] = [
    await oblige('Noon report', '12:00'),
    await oblige('Unfiled report', '12:30'),
    await oblige('Evening report', '16:00'),
  ]
  const reportOf = async (obligationId: string) =>
    (await world.must('GET', `/v1/reports?obligationId=${obligationId}`)).body.items[0]
  const file = async (obligationId: string, body: object) => {
    const { id, version } = await reportOf(obligationId)
    await world.must('POST', `/v1/reports/${id}:file`, body, { headers: { 'if-match': `"${version}"` } })
    return id as string
  }
  await world.advanceTo('2026-05-05T01:00:00Z')
  await act(first.id, 'check-in')
  const reportId = await file(noon, { content: { cars: 17 } })
  await file(evening, { content: { cars: 99 } })
  await world.advanceTo('2026-05-05T04:46:00Z')
  const [handover] = (await world.must('GET', `/v1/handovers?postId=${post.id}`)).body.items
  expect(handover.reports).toMatchObject([{ id: reportId, number: 1, nil: false, dueAt: '2026-05-05T04:00:00.000Z' }])
  expect((await send(pathTo(outgoing.id), { step: 'sign', version: '1', nil: 'yes' })).status).toBe(303)
  await world.settled()
  const path = pathTo(incoming.id)
  const page = (await world.call('GET', path, undefined, { key: null })).text
  for (const words of ['Noon report', 'Cars: 17', `${reportId}/1`]) expect(page).toContain(words)
  for (const words of ['Unfiled report', 'Evening report']) expect(page).not.toContain(words)
  expect((await world.must('GET', `/v1/reports/${reportId}`)).body.receipts).toEqual([])

  await file(noon, { content: { cars: 18 } })
  const unread = await send(path, { step: 'sign', reports: `${reportId}/1` })
  expect([unread.status, unread.text.includes('Cars: 18')]).toEqual([409, true])
  expect((await send(path, { step: 'sign', reports: `${reportId}/2` })).status).toBe(303)
  const { receipts } = (await world.must('GET', `/v1/reports/${reportId}`)).body
  expect(receipts).toMatchObject([
    { receiver: { volunteerId: incoming.id }, readNumber: 2, readNewest: true, readAt: expect.any(String) },
  ])
  expect((await at.auditOf(reportId)).at(-1)).toMatchObject({
    action: 'report.read',
    facts: { number: 2, handoverId: handover.id },
  })
  expect((await world.must('GET', `/v1/reports/${(await reportOf(silent)).id}`)).body.receipts).toEqual([])

  const log = `/v1/exports/handovers?unitId=${town.id}&postId=${post.id}&from=2026-05-05&to=2026-05-06&lang=en`
  const inFile = async () => {
    const { bytes } = await download(world, `${log}&columns=reportCount,reports,reportsReadBy`)
    return (parse(bytes, { bom: true }) as string[][])[1]
  }
  const { displayName } = incoming
  expect(await inFile()).toEqual(['1', 'Noon report #2', `Noon report: ${displayName}`])
  await file(noon, { nil: true })
  expect(await inFile()).toEqual(['1', 'Noon report #3 (Nil return)', `Noon report: ${displayName} #2`])
  const [sheet] = await readXlsx((await download(world, `${log}&format=xlsx`)).bytes)
  const [header, row] = sheet!.data
  const cell = (name: string) => row![header!.indexOf(name)]
  expect([cell('Reports handed over'), cell('Names of reports')]).toEqual([1, 'Noon report #3 (Nil return)'])
  const elsewhere = await download(world, `${log.replace(post.id, gate.id)}&format=jsonl`)
  const [other] = elsewhere.bytes.toString().split('\n')
  expect(JSON.parse(other!)).toMatchObject({ reportCount: 0 })
})

test('dead links answer like unknown ones', async () => {
  const unknown = await world.call('GET', `/h/${'x'.repeat(43)}`, undefined, { key: null })
  expect(unknown.status).toBe(404)
  const path = pathTo(shifts[0]!.volunteerId)
  await world.house.database.sql`update links set revoked_at = now() where purpose = 'handover'`
  expect((await world.call('GET', path, undefined, { key: null })).text).toBe(unknown.text)
})
