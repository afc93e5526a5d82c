import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChild } from '../support/child.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ worker: false })
})
afterAll(() => world.close())

const PROCESS_ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe']

/** Written out by hand: what a 24-hour post in Berlin has on both week-ends on which the clocks change. */
const BERLIN = [
  ['2026-03-27T09:00', '2026-03-27T08:00:00.000Z', '2026-03-28T08:00:00.000Z'],
  ['2026-03-28T09:00', '2026-03-28T08:00:00.000Z', '2026-03-29T07:00:00.000Z'],
  ['2026-03-29T09:00', '2026-03-29T07:00:00.000Z', '2026-03-30T07:00:00.000Z'],
  ['2026-10-24T09:00', '2026-10-24T07:00:00.000Z', '2026-10-25T08:00:00.000Z'],
  ['2026-10-25T09:00', '2026-10-25T08:00:00.000Z', '2026-10-26T08:00:00.000Z'],
]

async function postWithTemplate(name: string, zone: string, startTime: string, length: string) {
  const post = (await world.must('POST', '/v1/posts', { unitId: world.root.id, name, kind: 'checkpoint' })).body
  const template = {
    postId: post.id,
    name: 'daily',
    rule: 'FREQ=DAILY',
    startTime,
    length,
    zone,
    effectiveFrom: '2026-01-01',
  }
  return (await world.must('POST', '/v1/shift-templates', template)).body
}

async function occurrences(url: string, templateId: string, from: string, to: string) {
  const answer = await fetch(`${url}/v1/shift-templates/${templateId}/occurrences?from=${from}&to=${to}`, {
    headers: { authorization: `Bearer ${world.root.key}` },
  })
  expect(answer.status).toBe(200)
  const page = (await answer.json()) as { items: unknown }
  return page.items as { startLocal: string; startsAt: string; endsAt: string }[]
}

test('service processes in four time zones give a post the same shifts, to the minute, when the clocks change', async () => {
  const berlin = await postWithTemplate('Berlin bridge', 'Europe/Berlin', '09:00', 'P1D')
  const exact = await postWithTemplate('Berlin gate', 'Europe/Berlin', '09:00', 'PT24H')
  const island = await postWithTemplate('Lord Howe jetty', 'Australia/Lord_Howe', '08:00', 'P1D')
  for (const zone of PROCESS_ZONES) {
    await using service = startChild('src/server.ts', { DATABASE_URL: world.house.databaseUrl, TZ: zone })
    const [, url] = await service.says(/"url":"([^"]+)"/)
    const spring = await occurrences(url!, berlin.id, '2026-03-27', '2026-03-30')
    const autumn = await occurrences(url!, berlin.id, '2026-10-24', '2026-10-26')
    expect([...spring, ...autumn].map((one) => [one.startLocal, one.startsAt, one.endsAt])).toEqual(BERLIN)

    const [longDay] = await occurrences(url!, exact.id, '2026-10-24', '2026-10-25')
    expect(longDay).toMatchObject({ startsAt: '2026-10-24T07:00:00.000Z', endsAt: '2026-10-25T07:00:00.000Z' })

    const [halfHour] = await occurrences(url!, island.id, '2026-04-04', '2026-04-05')
    expect(halfHour).toMatchObject({ startsAt: '2026-04-03T21:00:00.000Z', endsAt: '2026-04-04T21:30:00.000Z' })
  }
})
