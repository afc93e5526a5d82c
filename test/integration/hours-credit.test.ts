import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { download } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

// The day after clocks in Berlin were put back.
beforeAll(async () => {
  world = await startWorld({ now: '2026-10-26T02:00:00Z', worker: false })
  at = duties(world)
})
afterAll(() => world.close())

type Line = { startsAt: string; kind: string; minutes: number; creditedMinutes: number }

const POLICIES = ['elapsed', 'nominal'] as const
const NIGHT_OF_THE_CLOCKS = { start: '2026-10-24T20:00', length: 'P1D', zone: 'Europe/Berlin' }

/** A unit that credits in its own way, with a person and a post of its own. */
async function crediting(creditedBy: string) {
  const body = { parentId: world.root.id, kind: 'town', name: `By ${crypto.randomUUID()}`, policy: { creditedBy } }
  const unitId = (await world.must('POST', '/v1/units', body)).body.id as string
  return { unitId, volunteerId: (await at.person({ unitId })).id, postId: (await at.post({ unitId })).id }
}

async function served(duty: { id: string; startsAt: Date; endsAt: Date }, out: object = {}) {
  const entry = (instant: Date) => ({ at: instant.toISOString(), reason: 'paper list' })
  await world.must('POST', `/v1/assignments/${duty.id}:check-in`, entry(duty.startsAt))
  await world.must('POST', `/v1/assignments/${duty.id}:check-out`, { ...entry(duty.endsAt), ...out })
}
const linesOf = async (volunteerId: string) =>
  (await world.must('GET', `/v1/ledger?volunteerId=${volunteerId}`)).body.items
const csv = async (query: string) => {
  const { status, bytes } = await download(world, `/v1/exports/service-hours?lang=en&${query}`)
  expect(status, bytes.toString()).toBe(200)
  return parse(bytes, { bom: true, columns: true }) as Record<string, string>[]
}

describe.each(POLICIES)('where %s minutes count', (creditedBy) => {
  test('the 24 hours in which the clocks go back took 1500 minutes and are 1440 on the wall', async () => {
    const { unitId, ...who } = await crediting(creditedBy)
    await served(await at.duty({ ...who, ...NIGHT_OF_THE_CLOCKS }))
    const credited = creditedBy === 'nominal' ? 1440 : 1500
    const lines = await linesOf(who.volunteerId)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      minutes: 1500,
      nominalMinutes: 1440,
      plannedMinutes: 1440,
      creditedMinutes: credited,
    })
    const told = {
      Minutes: '1500',
      'Nominal minutes': '1440',
      'Planned minutes': '1440',
      'Credited minutes': String(credited),
      'Credited hours': (credited / 60).toFixed(2),
    }
    const rows = await csv(`unitId=${unitId}`)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ ...told, 'Actual start': '2026-10-24 20:00', 'Actual end': '2026-10-25 20:00' })
    expect(await csv(`unitId=${unitId}&view=totals`)).toMatchObject([told])
    const [sum] = (await world.must('GET', `/v1/summaries?unitId=${unitId}&from=2026-10-01&to=2026-11-01`)).body.items
    expect(sum).toMatchObject({ minutes: 1500, creditedMinutes: credited })
  })

  test('the way to the post is in the ledger and worth nothing', async () => {
    const { unitId, ...who } = await crediting(creditedBy)
    const duty = await at.duty({ ...who, ...NIGHT_OF_THE_CLOCKS })
    // Home and back over the hour that comes twice: an hour and a half by the clock on the wall.
    const left = new Date('2026-10-24T23:30:00Z')
    await served(duty, {
      segments: [
        { kind: 'active', startsAt: duty.startsAt, endsAt: left },
        { kind: 'travel', startsAt: left, endsAt: '2026-10-25T02:00:00Z' },
        { kind: 'active', startsAt: '2026-10-25T02:00:00Z', endsAt: duty.endsAt },
      ],
    })
    const lines = await linesOf(who.volunteerId)
    const worth = lines.map((line: Line) => [line.startsAt, line.kind, line.minutes, line.creditedMinutes])
    expect(worth.sort()).toEqual([
      ['2026-10-24T18:00:00.000Z', 'active', 330, 330],
      ['2026-10-24T23:30:00.000Z', 'travel', 150, 0],
      ['2026-10-25T02:00:00.000Z', 'active', 1020, 1020],
    ])
    const rows = (await csv(`unitId=${unitId}`)).map((row) => [
      row['Actual start'],
      row.Kind,
      row.Minutes,
      row['Nominal minutes'],
      row['Credited minutes'],
    ])
    expect(rows.sort()).toEqual([
      ['2026-10-24 20:00', 'Active', '330', '330', '330'],
      ['2026-10-25 01:30', 'Travel', '150', '90', '0'],
      ['2026-10-25 03:00', 'Active', '1020', '1020', '1020'],
    ])
    expect(await csv(`unitId=${unitId}&view=totals`)).toMatchObject([
      { Minutes: '1500', 'Nominal minutes': '1440', 'Credited minutes': '1350' },
    ])
  })
})
