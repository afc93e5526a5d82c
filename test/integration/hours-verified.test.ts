import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { download } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
let checker: string

// Saturday 31 January 2026, 07:30 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-01-30T23:30:00Z', worker: false })
  at = duties(world)
  checker = await world.makeKey(world.root.id, 'organizer')
})
afterAll(() => world.close())

const verify = (id: string) => world.must('POST', `/v1/assignments/${id}:verify`, {}, { key: checker })
const file = async (path: string) => {
  const { status, bytes, headers } = await download(world, path)
  expect(status, bytes.toString()).toBe(200)
  const isCsv = headers.get('content-type')!.startsWith('text/csv')
  const rows = isCsv ? (parse(bytes, { bom: true, columns: true }) as Record<string, string>[]) : []
  return { bytes, headers, rows }
}

test('who vouched is in the lists and files; what nobody vouched for is left out of a close until somebody does', async () => {
  const body = { parentId: world.root.id, kind: 'town', name: 'Vouched town' }
  const unitId = (await world.must('POST', '/v1/units', body)).body.id
  const postId = (await at.post({ unitId })).id
  const seated = async (displayName: string) => {
    const { id: volunteerId } = await at.person({ unitId, displayName })
    const duty = await at.duty({ volunteerId, postId, start: '2026-01-31T08:00', length: 'PT4H' })
    return { ...duty, path: await at.link(duty) }
  }
  const [ann, ben] = [await seated('Ann'), await seated('Ben')]
  const both = async (step: string, instant: string) => {
    world.clock.set(new Date(instant))
    for (const { path } of [ann, ben]) {
      const raw = { type: 'application/x-www-form-urlencoded', body: `step=${step}` }
      expect((await world.call('POST', path, undefined, { key: null, raw })).status).toBe(303)
    }
  }
  await both('check-in', '2026-01-31T00:00:00Z')
  await both('check-out', '2026-01-31T04:00:00Z')

  const vouched = (rows: Record<string, string>[]) =>
    Object.fromEntries(rows.map((row) => [row.Name, row['Verified by']]))
  const live = async () => vouched((await file(`/v1/exports/service-hours?unitId=${unitId}&lang=en`)).rows)
  const sheet = async () =>
    vouched((await file(`/v1/exports/attendance?unitId=${unitId}&from=2026-01-31&to=2026-02-01&lang=en`)).rows)
  expect(await live()).toEqual({ Ann: '', Ben: '' })
  const lineOf = async ({ volunteerId }: { volunteerId: string }) =>
    (await world.must('GET', `/v1/ledger?volunteerId=${volunteerId}`)).body.items[0]
  const unseen = { verifiedBy: null, verifiedByName: null, verifiedAt: null }
  expect(await lineOf(ann)).toMatchObject({ ...unseen, recordedBy: 'Ann' })
  await verify(ann.id)
  expect(await lineOf(ann)).toMatchObject({
    verifiedBy: expect.any(String),
    verifiedByName: 'organizer key',
    verifiedAt: expect.stringMatching(/^2026-01-31T04:00:/),
    recordedBy: 'Ann',
  })
  expect(await lineOf(ben)).toMatchObject(unseen)
  expect([await live(), await sheet()]).toEqual(Array(2).fill({ Ann: 'organizer key', Ben: '' }))

  world.clock.set(new Date('2026-02-01T02:00:00Z'))
  const period = (await world.must('POST', '/v1/hours-periods', { unitId, from: '2026-01-01', to: '2026-02-01' })).body
  const closed = (query = '') => file(`/v1/hours-periods/${period.id}/export?lang=en${query}`)
  expect(period).toMatchObject({ waiting: 0, unverified: { lines: 1, minutes: 240 } })
  expect(period.closes).toMatchObject([{ lines: 1, minutes: 240, unverifiedLines: 1, unverifiedMinutes: 240 }])
  const atClose = await closed()
  expect(vouched(atClose.rows)).toEqual({ Ann: 'organizer key' })
  const [, notes] = await readXlsx((await closed('&format=xlsx')).bytes)
  expect(notes!.data).toContainEqual(['Left out as not verified (lines, minutes)', '1, 240'])
  const closeAgain = (version: number) =>
    world.call('POST', `/v1/hours-periods/${period.id}:close`, {}, { headers: { 'if-match': `"${version}"` } })
  expect((await closeAgain(1)).body.code).toBe('nothing-to-close')

  await verify(ben.id)
  expect([await live(), await sheet()]).toEqual(Array(2).fill({ Ann: 'organizer key', Ben: 'organizer key' }))
  const since = await closed()
  expect(since.bytes.equals(atClose.bytes)).toBe(true)
  expect(since.headers.get('content-sha256')).toBe(atClose.headers.get('content-sha256'))
  expect((await world.must('GET', `/v1/hours-periods/${period.id}`)).body).toMatchObject({
    waiting: 1,
    unverified: { lines: 0, minutes: 0 },
  })
  const second = await closeAgain(1)
  expect(second.body.closes[1]).toMatchObject({ lines: 1, adjusting: 1, minutes: 240, unverifiedLines: 0 })
  const added = (await closed('&part=difference')).rows
  expect(added.map((row) => [row.Name, row.Adjusting, row.Minutes, row['Verified by']])).toEqual([
    ['Ben', 'Adjusting', '240', 'organizer key'],
  ])

  const asked = await world.must('POST', `/v1/assignments/${ben.id}/corrections`, {
    kind: 'presence',
    checkedInAt: '2026-01-31T00:00:00Z',
    checkedOutAt: '2026-01-31T03:00:00Z',
    reason: 'left early',
  })
  const path = `/v1/attendance-corrections/${asked.body.id}:approve`
  await world.must('POST', path, { reason: 'agreed' }, { key: checker })
  expect((await closeAgain(2)).status).toBe(200)
  const difference = (await closed('&part=difference')).rows
  expect(difference.map((row) => [row.Correction, row.Minutes, row['Verified by']]).sort()).toEqual([
    ['Correction', '180', 'organizer key'],
    ['Reversal', '-240', 'organizer key'],
  ])
})

test('a period of which nobody vouches for anything is not closed; a line that is taken back is closed with what takes it back', async () => {
  world.clock.set(new Date('2026-02-01T03:00:00Z'))
  const body = { parentId: world.root.id, kind: 'town', name: 'Unvouched town' }
  const unitId = (await world.must('POST', '/v1/units', body)).body.id
  const { id: volunteerId } = await at.person({ unitId })
  const { id: postId } = await at.post({ unitId })
  const duty = await at.duty({ volunteerId, postId, start: '2026-01-10T08:00', length: 'PT4H' })
  const enter = (verb: string, instant: string) =>
    world.must('POST', `/v1/assignments/${duty.id}:${verb}`, { at: instant, reason: 'paper list' })
  await enter('check-in', '2026-01-10T00:00:00Z')
  await enter('check-out', '2026-01-10T04:00:00Z')
  const january = { unitId, from: '2026-01-01', to: '2026-02-01' }
  const refused = await world.call('POST', '/v1/hours-periods', january)
  expect(refused).toMatchObject({ status: 409, body: { code: 'nothing-verified' } })
  expect(refused.body.detail).toContain('any of its lines yet (1)')
  const asked = await world.must('POST', `/v1/assignments/${duty.id}/corrections`, {
    kind: 'absence',
    reason: 'was ill that day',
  })
  const path = `/v1/attendance-corrections/${asked.body.id}:approve`
  await world.must('POST', path, { reason: 'agreed' }, { key: checker })
  const { closes, unverified } = (await world.must('POST', '/v1/hours-periods', january)).body
  expect(closes).toMatchObject([{ lines: 2, minutes: 0 }])
  expect(unverified).toEqual({ lines: 0, minutes: 0 })
})
