import { parse } from 'csv-parse/sync'
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
const csv = async (path: string) => {
  const { status, bytes, headers } = await download(world, path)
  expect(status, bytes.toString()).toBe(200)
  return { bytes, headers, rows: parse(bytes, { bom: true, columns: true }) as Record<string, string>[] }
}

test('who vouched is in the files; a closed period keeps who had vouched at its close', async () => {
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
  const live = async () => vouched((await csv(`/v1/exports/service-hours?unitId=${unitId}&lang=en`)).rows)
  const sheet = async () =>
    vouched((await csv(`/v1/exports/attendance?unitId=${unitId}&from=2026-01-31&to=2026-02-01&lang=en`)).rows)
  expect(await live()).toEqual({ Ann: '', Ben: '' })
  await verify(ann.id)
  expect([await live(), await sheet()]).toEqual(Array(2).fill({ Ann: 'organizer key', Ben: '' }))

  world.clock.set(new Date('2026-02-01T02:00:00Z'))
  const period = (await world.must('POST', '/v1/hours-periods', { unitId, from: '2026-01-01', to: '2026-02-01' })).body
  const closed = (query = '') => csv(`/v1/hours-periods/${period.id}/export?lang=en${query}`)
  const atClose = await closed()
  expect(vouched(atClose.rows)).toEqual({ Ann: 'organizer key', Ben: '' })

  await verify(ben.id)
  expect([await live(), await sheet()]).toEqual(Array(2).fill({ Ann: 'organizer key', Ben: 'organizer key' }))
  const since = await closed()
  expect(since.bytes.equals(atClose.bytes)).toBe(true)
  expect(since.headers.get('content-sha256')).toBe(atClose.headers.get('content-sha256'))
  expect((await world.must('GET', `/v1/hours-periods/${period.id}`)).body.waiting).toBe(0)
  const closeAgain = () =>
    world.call('POST', `/v1/hours-periods/${period.id}:close`, {}, { headers: { 'if-match': '"1"' } })
  expect((await closeAgain()).body.code).toBe('nothing-to-close')

  const asked = await world.must('POST', `/v1/assignments/${ben.id}/corrections`, {
    kind: 'presence',
    checkedInAt: '2026-01-31T00:00:00Z',
    checkedOutAt: '2026-01-31T03:00:00Z',
    reason: 'left early',
  })
  const path = `/v1/attendance-corrections/${asked.body.id}:approve`
  await world.must('POST', path, { reason: 'agreed' }, { key: checker })
  expect((await closeAgain()).status).toBe(200)
  const difference = (await closed('&part=difference')).rows
  expect(difference.map((row) => [row.Correction, row.Minutes, row['Verified by']]).sort()).toEqual([
    ['Correction', '180', 'organizer key'],
    ['Reversal', '-240', 'organizer key'],
  ])
})
