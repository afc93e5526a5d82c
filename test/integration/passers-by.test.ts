import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { confirmationRequests } from '../../src/modules/confirmations/confirmations.tables.ts'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { links } from '../../src/platform/auth/auth.tables.ts'
import { mintCode } from '../../src/platform/auth/codes.ts'
import { findLink, mintLink } from '../../src/platform/auth/links.ts'
import { keyFor } from '../../src/platform/auth/secret-key.ts'
import { hashSecret, newSecret } from '../../src/platform/auth/secrets.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

/** Pages behind a secret: where they are, and what a link to them is for. */
const PAGES = [
  ['/c', 'confirmation'],
  ['/o', 'offer'],
  ['/a', 'attendance'],
  ['/e', 'callout'],
  ['/d', 'standing'],
  ['/h', 'handover'],
  ['/n', 'announcement'],
  ['/r', 'report'],
  ['/s', 'swap'],
  ['/t', 'campaign'],
  ['/m', 'messages'],
] as const

const form = { method: 'POST', body: new URLSearchParams({ answer: 'confirm', code: 'ZZZZZZZZ', phone: '0000' }) }

describe('whoever holds no good link', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ worker: false, settings: { SUPPORT_PHONE: '010 5550100' } })
  })
  afterAll(() => world.close())

  /** Links that cannot be used, each for a reason of its own. */
  async function deadLinks(purpose: (typeof PAGES)[number][1]): Promise<string[]> {
    const now = world.clock.now()
    const hour = 3_600_000
    const later = new Date(now.getTime() + hour)
    const past = new Date(now.getTime() - hour)
    const other = purpose === 'offer' ? 'swap' : 'offer'
    const kinds = [
      { purpose, expiresAt: past },
      { purpose, expiresAt: later, revokedAt: now },
      { purpose: other, expiresAt: later },
      { purpose, expiresAt: later },
    ] as const
    const made = kinds.map((kind) => ({ ...kind, secret: newSecret() }))
    await world.house.services.foundations.db.insert(links).values(
      made.map(({ secret, ...row }) => ({
        ...row,
        tokenHash: hashSecret(secret),
        subjectId: newId(),
        volunteerId: newId(),
        createdAt: past,
      })),
    )
    return [newSecret(), 'unknown', ...made.map(({ secret }) => secret)]
  }

  const VARIABLE = ['date', 'keep-alive', 'connection']

  async function answerOf(path: string, init: RequestInit) {
    const answer = await fetch(world.url + path, { redirect: 'manual', ...init })
    const headers = [...answer.headers].filter(([name]) => !VARIABLE.includes(name))
    return { status: answer.status, headers, text: await answer.text() }
  }

  test.each(PAGES)('gets one and the same answer at %s, whatever is wrong with it', async (path, purpose) => {
    const expected = await answerOf('/c/unknown', {})
    expect(expected.status).toBe(404)
    for (const secret of await deadLinks(purpose)) {
      expect(await answerOf(`${path}/${secret}`, {}), secret).toEqual(expected)
      expect(await answerOf(`${path}/${secret}`, form), secret).toEqual(expected)
    }
  })

  test.each(PAGES)('with a short code is let in at %s as with a link', async (path, purpose) => {
    const { db } = world.house.services.foundations
    const [phone, now] = ['13900001234', world.clock.now()]
    const key = keyFor(Buffer.from('a secret for tests that is long enough'), 'codes')
    const [subjectId, volunteerId] = [newId(), newId()]
    const expiresAt = new Date(now.getTime() + 3_600_000)
    const code = await mintCode(db, { purpose, subjectId, volunteerId, expiresAt, path, phone, key }, now)
    const body = new URLSearchParams({ code, phone: '1234' })
    const entered = await fetch(`${world.url}/k`, { method: 'POST', redirect: 'manual', body })
    expect(entered.status).toBe(303)
    const [, page, secret] = /^(\/\w)\/([\w-]{43})$/.exec(entered.headers.get('location')!)!
    expect(page).toBe(path)
    expect(await findLink(db, secret!, purpose, now)).toMatchObject({ subjectId, volunteerId })
  })

  test('the same at the door of a post and for wrong codes, and is told whom to call', async () => {
    const expected = await answerOf('/c/unknown', {})
    expect(await answerOf(`/p/${newId()}`, {})).toEqual(expected)
    expect(await answerOf('/p/unknown', {})).toEqual(expected)
    expect(await answerOf('/k', form)).toEqual(expected)
    expect(expected.text).toContain('<a href="tel:0105550100">010 5550100</a>')
    expect((await answerOf('/k', {})).text).toContain('tel:0105550100')
    expect((await answerOf('/privacy', {})).text).not.toContain('href="tel:')
    expect(Buffer.byteLength(expected.text)).toBeLessThan(20_000)
  })
})

test('from one address only so much that is personal to nobody is answered a minute', async () => {
  const most = 20
  await using world = await startWorld({ worker: false, settings: { RATE_LIMIT_PER_MINUTE: String(most) } })
  const spend = async (path: string, init: RequestInit, times: number) => {
    for (let tries = 0; tries < times; tries += 1) expect((await fetch(world.url + path, init)).status).not.toBe(429)
  }
  await spend('/privacy', {}, most)
  const doors = [...PAGES.map(([path]) => `${path}/x`), '/privacy', '/p/x', '/feeds/x.ics', '/verify/x']
  for (const path of doors) expect((await fetch(world.url + path)).status, path).toBe(429)
  expect((await fetch(`${world.url}/c/x`, form)).status).toBe(429)
  expect((await fetch(`${world.url}/k`)).status).toBe(200)
  // Gateways report on the messages of everybody, so they have more room.
  const report = { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } }
  await spend('/receipts/sms', report, 10 * most)
  for (const path of ['/receipts/sms', '/receipts/email']) {
    const answer = await fetch(world.url + path, report)
    expect(answer.status, path).toBe(429)
    expect(answer.headers.get('retry-after')).not.toBeNull()
  }
})

describe('behind one address', () => {
  const MOST = 20
  const PEOPLE = 500
  let world: World
  let pages: string[]
  let roster: PlainRoster
  beforeAll(async () => {
    world = await startWorld({ worker: false, settings: { RATE_LIMIT_PER_MINUTE: String(MOST) } })
    roster = await plainRoster(world)
    const people = await roster.people(PEOPLE)
    const slotIds: string[] = []
    while (slotIds.length < PEOPLE)
      slotIds.push(...(await roster.shift({ start: '2026-05-08T08:00', seats: 100 })).slotIds)
    await roster.publish(people.map((volunteerId, n) => ({ volunteerId, slotId: slotIds[n]! })))
    const { db, clock } = world.house.services.foundations
    const expiresAt = new Date(clock.now().getTime() + 86_400_000)
    const requests = await db.select().from(confirmationRequests)
    pages = await Promise.all(
      requests.map(async ({ id: subjectId, volunteerId }) => {
        const link = { purpose: 'confirmation', subjectId, volunteerId, expiresAt } as const
        return `${world.url}/c/${await mintLink(db, link, clock.now())}`
      }),
    )
  })
  afterAll(() => world.close())

  const post = async (page: string) => (await fetch(page, { ...form, redirect: 'manual' })).status
  const look = async (page: string) => (await fetch(page)).status

  test('five hundred people look and answer within a minute, and nobody is refused', async () => {
    expect(pages).toHaveLength(PEOPLE)
    const seen: number[][] = []
    for (let at = 0; at < PEOPLE; at += 50) {
      const some = pages.slice(at, at + 50)
      seen.push(...(await Promise.all(some.map(async (page) => [await look(page), await post(page)]))))
    }
    expect(seen.filter(([looked, answered]) => looked !== 200 || answered !== 303)).toEqual([])
  })

  test('one link is good for so much a minute, and more to look at than to press', async () => {
    await world.advance({ minutes: 1 })
    const [page, beside] = pages as [string, string]
    expect([await post(page), await post(page)]).toEqual([303, 429])
    for (let tries = 0; tries < MOST; tries += 1) expect(await look(page)).toBe(200)
    expect([await look(page), await look(beside)]).toEqual([429, 200])
    await world.advance({ minutes: 1 })
    expect([await look(page), await post(page)]).toEqual([200, 303])
  })

  test('five hundred people enter the codes of their text messages, some of them wrongly at first', async () => {
    const { db, clock } = world.house.services.foundations
    const [key, now] = [keyFor(Buffer.from('a secret for tests that is long enough'), 'codes'), world.clock.now()]
    const enter = async (code: string, phone: string) => {
      expect((await fetch(`${world.url}/k`)).status).toBe(200)
      const body = new URLSearchParams({ code, phone })
      return (await fetch(`${world.url}/k`, { method: 'POST', redirect: 'manual', body })).status
    }
    const all: number[] = []
    const inVain: number[] = []
    for (let person = 0; person < PEOPLE; person += 1) {
      const phone = `1390000${String(1_000 + person)}`
      const subject = { purpose: 'confirmation', subjectId: newId(), volunteerId: newId(), path: '/c' } as const
      const place = { phone, key, expiresAt: new Date(clock.now().getTime() + 3_600_000) }
      const code = await mintCode(db, { ...subject, ...place }, now)
      if (person % 25 === 0) inVain.push(await enter('ZZZZZZZZ', phone))
      all.push(await enter(code, phone))
    }
    expect(inVain.filter((status) => status === 429)).toHaveLength(10)
    expect(all.filter((status) => status !== 303)).toEqual([])
  })

  test('five hundred people check in at five posts, most of them wrongly at first', async () => {
    const { db } = world.house.services.foundations
    const { sql } = world.house.database
    const CREW = PEOPLE / 5
    const people = await roster.people(PEOPLE)
    const crews = []
    for (let at = 0; at < PEOPLE; at += CREW) {
      const { slotIds, postId } = await roster.shift({ start: '2026-05-04T10:30', seats: CREW })
      const members = people.slice(at, at + CREW).map((volunteerId, n) => ({ volunteerId, slotId: slotIds[n]! }))
      const { code } = (await world.must('GET', `/v1/posts/${postId}/check-in-code`)).body
      crews.push({ url: `${world.url}/p/${postId}`, code, members })
    }
    const seats = crews.flatMap((crew) => crew.members)
    const ids = await roster.publish(seats, [], 2)
    await sql`update assignments set state = 'confirmed' where id = any(${ids})`
    await sql`update volunteers set person_number = 'N-' || id where id = any(${people})`
    const phone = { channel: 'sms', address: '13900001234', position: 1 } as const
    await db.insert(contactPoints).values(people.map((volunteerId) => ({ ...phone, volunteerId })))
    const all: number[] = []
    for (const { url, code, members } of crews) {
      const enter = async (id: string, phoneEnd: string) => {
        expect((await fetch(url)).status).toBe(200)
        const body = new URLSearchParams({ step: 'check-in', code, personNumber: `N-${id}`, phoneEnd })
        return (await fetch(url, { method: 'POST', redirect: 'manual', body })).status
      }
      for (const [n, { volunteerId }] of members.entries()) {
        if (n % 3 > 0) expect(await enter(volunteerId, '0000')).toBe(409)
        all.push(await enter(volunteerId, '1234'))
      }
    }
    expect(all.filter((status) => status !== 303)).toEqual([])
    const [row] = await sql`select count(*)::int as came from assignments where state = 'serving'`
    expect(row).toEqual({ came: PEOPLE })
  })

  test('so many guesses are answered a minute, and whoever holds a good link does not suffer from more', async () => {
    await world.advance({ minutes: 1 })
    const guess = () => look(`${world.url}/c/${newSecret()}`)
    for (let tries = 0; tries < MOST; tries += 1) expect(await guess()).toBe(404)
    const refused = await fetch(`${world.url}/o/${newSecret()}`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    expect(await refused.json()).toMatchObject({ status: 429, code: 'too-many-requests' })
    expect([await guess(), await look(pages[0]!), await post(pages[0]!)]).toEqual([429, 200, 303])
    await world.advance({ minutes: 1 })
    expect(await guess()).toBe(404)
  })
})
