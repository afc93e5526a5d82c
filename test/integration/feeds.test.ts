import ICAL from 'ical.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AssignmentRow } from '../../src/modules/rosters/rosters.assignments.ts'
import { command } from '../../src/platform/auth/actor.ts'
import { download } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

beforeAll(async () => {
  world = await startWorld({ now: '2026-05-08T02:00:00Z', worker: false })
  at = duties(world)
})
afterAll(() => world.close())

const create = async (subject: 'volunteers' | 'posts', id: string) =>
  (await world.must('POST', `/v1/${subject}/${id}/calendar-feeds`)).body as {
    id: string
    url: string
    createdAt: string
  }
const get = (url: string, headers: Record<string, string> = {}) =>
  download(world, new URL(url).pathname, { key: null, headers })

/** Events as another program reads them, with nothing but the zones that the file itself brings. */
async function read(url: string) {
  const { bytes, status } = await get(url)
  expect(status, bytes.toString()).toBe(200)
  return new ICAL.Component(ICAL.parse(bytes.toString())).getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component)
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: String(component.getFirstPropertyValue('status')),
      summary: event.summary,
      start: new Date(event.startDate.toUnixTime() * 1000).toISOString(),
      end: new Date(event.endDate.toUnixTime() * 1000).toISOString(),
      text: component.toString(),
    }
  })
}

const move = (id: string, to: 'confirmed' | 'cancelled') => {
  const { db, clock } = world.house.services.foundations
  return db.transaction((tx) =>
    at.assignments.move({ tx, actor: command('test'), now: clock.now() }, { ids: [id], to, reason: 'test' }),
  )
}

describe('the calendar of a person', () => {
  test('has a duty as a question, then as an answer: the same event, ever higher', async () => {
    const person = await at.person({ displayName: '王小明', locale: 'zh' })
    const post = await at.post({ name: '城东卡点', address: '城东路1号，东门; 二楼', phone: '0571-1' })
    const duty = await at.duty({
      volunteerId: person.id,
      postId: post.id,
      start: '2026-05-11T08:00',
      length: 'P1D',
      role: '带班',
      state: 'pending',
    })
    const { url } = await create('volunteers', person.id)
    expect(url).toMatch(/\/feeds\/[\w-]{43}\.ics$/)
    const [asked] = await read(url)
    expect(asked).toMatchObject({
      uid: `duty-${duty.id}@watchbill`,
      sequence: 0,
      status: 'TENTATIVE',
      summary: '待确认 · 城东卡点 · 带班',
      start: '2026-05-11T00:00:00.000Z',
      end: '2026-05-12T00:00:00.000Z',
    })
    await move(duty.id, 'confirmed')
    const [answered] = await read(url)
    expect(answered).toMatchObject({ uid: asked!.uid, status: 'CONFIRMED', summary: '城东卡点 · 带班', sequence: 1 })
    await move(duty.id, 'cancelled')
    const [calledOff] = await read(url)
    expect(calledOff).toMatchObject({ uid: asked!.uid, status: 'CANCELLED', sequence: 2 })
    expect(calledOff!.text).toContain('TRANSP:TRANSPARENT')
  })

  test('keeps what was called off for 30 days, and reaches 30 days back and 180 ahead', async () => {
    const person = await at.person()
    const post = await at.post()
    const starts = ['2026-04-05', '2026-04-11', '2026-05-20', '2026-06-20', '2026-11-03', '2026-11-06']
    const made: AssignmentRow[] = []
    for (const day of starts) {
      made.push(await at.duty({ volunteerId: person.id, postId: post.id, start: `${day}T08:00` }))
    }
    const { url } = await create('volunteers', person.id)
    const days = async () => (await read(url)).map((event) => event.start.slice(0, 10))
    expect(await days()).toEqual(['2026-04-11', '2026-05-20', '2026-06-20', '2026-11-03'])

    await move(made[3]!.id, 'cancelled')
    const changed = (daysAgo: number) => world.house.database.sql`
      update assignments set updated_at = ${world.clock.now().toISOString()}::timestamptz - make_interval(days => ${daysAgo})
      where id = ${made[3]!.id}`
    await changed(29)
    expect((await read(url)).map((event) => event.status)).toEqual(['CONFIRMED', 'CONFIRMED', 'CANCELLED', 'CONFIRMED'])
    await changed(31)
    expect(await days()).toEqual(['2026-04-11', '2026-05-20', '2026-11-03'])
  })

  test('brings the rules of each zone, so that the night of the clocks has its right length', async () => {
    const person = await at.person()
    const post = await at.post()
    const zones = [
      ['Europe/Berlin', '2026-10-24T20:00', '2026-10-24T18:00:00.000Z', '2026-10-25T19:00:00.000Z'],
      ['Asia/Shanghai', '2026-07-01T20:00', '2026-07-01T12:00:00.000Z', '2026-07-02T12:00:00.000Z'],
    ] as const
    for (const [zone, start] of zones) {
      await at.duty({ volunteerId: person.id, postId: post.id, start, zone, length: 'P1D' })
    }
    const { url } = await create('volunteers', person.id)
    const events = await read(url)
    expect(events.map(({ start, end }) => [start, end])).toEqual([
      [zones[1][2], zones[1][3]],
      [zones[0][2], zones[0][3]],
    ])
    const text = (await get(url)).bytes.toString()
    expect(text.match(/^BEGIN:VTIMEZONE\r\nTZID:.*$/gm)).toHaveLength(2)
  })

  test('follows a change of the post with a higher sequence', async () => {
    const person = await at.person()
    const post = await at.post({ name: 'North gate' })
    await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-12T08:00' })
    const { url } = await create('volunteers', person.id)
    const [before] = await read(url)
    await world.must('PATCH', `/v1/posts/${post.id}`, { address: 'Elsewhere' }, { headers: { 'if-match': '"1"' } })
    const [after] = await read(url)
    expect(after!.uid).toBe(before!.uid)
    expect(after!.sequence).toBeGreaterThan(before!.sequence)
    expect(after!.text).toContain('LOCATION:Elsewhere')
  })
})

test('the calendar of a post has everybody’s duties and nobody’s name', async () => {
  const post = await at.post({ name: 'South gate' })
  const people = [
    await at.person({ displayName: '欧阳锋', personNumber: 'P-77001' }),
    await at.person({ displayName: 'Ada Lovelace' }),
  ]
  const made: AssignmentRow[] = []
  for (const person of people) {
    made.push(await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-12T08:00' }))
  }
  await at.duty({ volunteerId: people[0]!.id, postId: (await at.post()).id, start: '2026-05-14T08:00' })
  const { url } = await create('posts', post.id)
  const events = await read(url)
  expect(events.map((event) => event.uid).sort()).toEqual(made.map((duty) => `duty-${duty.id}@watchbill`).sort())
  const text = (await get(url)).bytes.toString()
  for (const secret of ['欧阳', 'Lovelace', 'Ada', 'P-77001', ...people.map((person) => person.id)]) {
    expect(text).not.toContain(secret)
  }
})

describe('the address', () => {
  test('answers with the type of calendars, and 304 until something changes', async () => {
    const person = await at.person()
    const post = await at.post()
    const duty = await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-12T08:00', state: 'pending' })
    const { url } = await create('volunteers', person.id)
    const first = await get(url)
    expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    expect(first.headers.get('cache-control')).toContain('private')
    const etag = first.headers.get('etag')!
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(url, { 'if-none-match': given })
      expect([given, again.status, again.bytes.length, again.headers.get('etag')]).toEqual([given, 304, 0, etag])
    }
    expect((await get(url, { 'if-none-match': '"other"' })).status).toBe(200)
    world.clock.set(new Date(world.clock.now().getTime() + 3_600_000))
    expect((await get(url, { 'if-none-match': etag })).status).toBe(304)
    await move(duty.id, 'confirmed')
    const changed = await get(url, { 'if-none-match': etag })
    expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false])
  })

  test('is stored nowhere, and a revoked one is answered like an unknown one', async () => {
    const person = await at.person()
    const one = await create('volunteers', person.id)
    const other = await create('volunteers', person.id)
    const secret = /feeds\/(.*)\.ics/.exec(one.url)![1]!
    const rows = await world.house.database.sql`select row_to_json(f)::text as row from calendar_feeds f`
    const log = await world.house.database.sql`select row_to_json(a)::text as row from audit_log a`
    expect([...rows, ...log].some(({ row }) => row.includes(secret))).toBe(false)

    expect((await get(one.url)).status).toBe(200)
    const revoked = (await world.must('POST', `/v1/calendar-feeds/${one.id}:revoke`)).body
    expect(revoked).toMatchObject({ id: one.id, revokedAt: expect.any(String) })
    expect((await world.must('POST', `/v1/calendar-feeds/${one.id}:revoke`)).body).toEqual(revoked)
    const plain = async (url: string) => {
      const { status, bytes } = await get(url)
      return [status, bytes.toString().replace(/req-\w+/, '')]
    }
    const unknown = await plain(one.url.replace(secret, 'A'.repeat(43)))
    expect(unknown[0]).toBe(404)
    expect(await plain(one.url)).toEqual(unknown)
    expect((await get(other.url)).status).toBe(200)
    const actions = (await at.auditOf(one.id)).map((row) => row.action)
    expect(actions).toEqual(['calendar-feed.created', 'calendar-feed.revoked'])
  })

  test('is listed without its secret, with when it was last read', async () => {
    const person = await at.person()
    const feed = await create('volunteers', person.id)
    const list = async () => (await world.must('GET', `/v1/volunteers/${person.id}/calendar-feeds`)).body.items
    expect(await list()).toEqual([
      {
        id: feed.id,
        volunteerId: person.id,
        postId: null,
        createdAt: feed.createdAt,
        revokedAt: null,
        lastReadAt: null,
      },
    ])
    const later = (seconds: number) => world.clock.set(new Date(world.clock.now().getTime() + seconds * 1000))
    const noted = async (): Promise<number> => {
      await get(feed.url)
      return Date.parse((await list())[0].lastReadAt)
    }
    const first = await noted()
    expect(first).toBeGreaterThanOrEqual(Date.parse(feed.createdAt))
    later(20)
    expect(await noted()).toBe(first)
    later(61)
    expect(await noted()).toBeGreaterThan(first + 60_000)
  })

  test('is made, listed and revoked only by those whose unit covers the person or the post', async () => {
    const unit = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Apart' })).body
    const key = await world.makeKey(unit.id, 'organizer')
    const person = await at.person()
    const post = await at.post()
    const feed = await create('posts', post.id)
    const refused = [
      ['POST', `/v1/volunteers/${person.id}/calendar-feeds`, 'volunteer-unknown'],
      ['GET', `/v1/posts/${post.id}/calendar-feeds`, 'post-unknown'],
      ['POST', `/v1/calendar-feeds/${feed.id}:revoke`, 'calendar-feed-unknown'],
    ] as const
    for (const [method, path, code] of refused) {
      const answer = await world.call(method, path, undefined, { key })
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, code])
    }
    const viewer = await world.makeKey(world.root.id, 'viewer')
    const asViewer = await world.call('POST', `/v1/posts/${post.id}/calendar-feeds`, undefined, { key: viewer })
    expect(asViewer.status).toBe(403)
    expect((await get(feed.url)).status).toBe(200)
  })
})

test('who asks too often is told to wait', async () => {
  await using small = await startWorld({ worker: false, settings: { RATE_LIMIT_PER_MINUTE: '20' } })
  const asked = Array.from({ length: 25 }, () => fetch(new URL(`/feeds/${'A'.repeat(43)}.ics`, small.url)))
  const statuses = (await Promise.all(asked)).map((answer) => answer.status)
  expect(statuses.filter((status) => status === 404)).toHaveLength(20)
  expect(statuses.filter((status) => status === 429)).toHaveLength(5)
})
