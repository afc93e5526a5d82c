import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { mintCode } from '../../src/platform/auth/codes.ts'
import { keyFor } from '../../src/platform/auth/secret-key.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

const SCANNER = '203.0.113.7'
const HOME = '198.51.100.1'

/** People who are asked about a duty each, and whoever opens their links. */
async function duties(settings: Record<string, string>) {
  const world = await startWorld({ settings: { TRUST_PROXY: 'true', ...settings } })
  const roster = await plainRoster(world)
  const { db } = world.house.services.foundations
  let versions = 0

  async function asked() {
    versions += 1
    const [volunteerId] = (await roster.people(1)) as [string]
    const { slotIds } = await roster.shift({ start: '2026-05-08T08:00' })
    const [id] = (await roster.publish([{ slotId: slotIds[0]!, volunteerId }], [], versions)) as [string]
    await world.settled()
    return { volunteerId, id, link: world.messagesTo(volunteerId).at(-1)!.link! }
  }

  /** Opens the page and presses a button of it, as a program does that tries out what a mail leads to. */
  async function press(link: string, answer: string, ip: string) {
    const headers = { 'x-forwarded-for': ip }
    const page = await (await fetch(link, { headers })).text()
    const form = page.split('<form').find((part) => part.includes(`value="${answer}"`))!
    const fields = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
    const body = new URLSearchParams({ answer })
    for (const [, name, value] of fields) body.set(name!, value!)
    expect((await fetch(link, { method: 'POST', redirect: 'manual', headers, body })).status).toBe(303)
    await world.settled()
  }

  const requests = async (query: string) => (await world.must('GET', `/v1/confirmation-requests?${query}`)).body.items
  return {
    world,
    roster,
    asked,
    press,
    /** What the list of requests says of somebody's only duty. */
    dutyOf: async (volunteerId: string) => (await requests(`volunteerId=${volunteerId}`))[0].duties[0],
    listed: async (volunteerId: string) => (await requests(`volunteerId=${volunteerId}&conspicuous=true`)).length > 0,
    auditOf: (id: string) =>
      db.select().from(auditLog).where(eq(auditLog.subjectId, id)).orderBy(auditLog.at, auditLog.id),
  }
}
type Duties = Awaited<ReturnType<typeof duties>>

describe('where no networks are listed', () => {
  let town: Duties
  let world: World
  let roster: PlainRoster
  beforeAll(async () => {
    town = await duties({})
    world = town.world
    roster = town.roster
  })
  afterAll(() => world.close())

  test("a robot's yes is seen, and undone in one action", async () => {
    const { volunteerId, id, link } = await town.asked()
    await town.press(link, 'confirm', SCANNER)
    expect(await town.dutyOf(volunteerId)).toMatchObject({ state: 'confirmed', conspicuous: 'quick' })
    expect(await town.listed(volunteerId)).toBe(true)
    const confirmed = (await town.auditOf(id)).find((row) => row.action === 'assignment.confirmed')
    expect(confirmed).toMatchObject({ door: 'link', facts: { conspicuous: 'quick' } })

    await world.must('POST', `/v1/assignments/${id}:decline`, { reason: 'knows of nothing, by telephone' })
    expect(await town.dutyOf(volunteerId)).toMatchObject({ state: 'declined', conspicuous: null })
    expect(await town.listed(volunteerId)).toBe(false)
    const { body } = await world.must('GET', `/v1/gaps?rosterId=${roster.rosterId}&state=open`)
    expect(body.items.map((gap: { vacatedId: string }) => gap.vacatedId)).toContain(id)
  })

  test("a robot's no is seen, and undone in one action", async () => {
    const { volunteerId, id, link } = await town.asked()
    await town.press(link, 'decline', SCANNER)
    expect(await town.dutyOf(volunteerId)).toMatchObject({ state: 'declined', conspicuous: 'quick' })
    expect(await town.listed(volunteerId)).toBe(true)
    await world.must('POST', `/v1/assignments/${id}:confirm`, { reason: 'will come, by telephone' })
    expect(await town.dutyOf(volunteerId)).toMatchObject({ state: 'confirmed', conspicuous: null })
  })

  test('whoever has spoken with the person says so, and the answer stays', async () => {
    const { volunteerId, id, link } = await town.asked()
    await town.press(link, 'confirm', HOME)
    expect(await town.listed(volunteerId)).toBe(true)
    await world.must('POST', `/v1/assignments/${id}:confirm`, { reason: 'was it herself' })
    await world.must('POST', `/v1/assignments/${id}:confirm`, {})
    expect(await town.dutyOf(volunteerId)).toMatchObject({ state: 'confirmed', conspicuous: null })
    const told = (await town.auditOf(id)).filter((row) => row.action === 'assignment.answer-vouched-for')
    expect(told).toMatchObject([{ reason: 'was it herself', door: 'api' }])
  })

  test('who takes a minute is not conspicuous, and another answer later takes the mark away', async () => {
    const [slow, quick] = [await town.asked(), await town.asked()]
    await town.press(quick.link, 'confirm', HOME)
    await world.advance({ minutes: 1 })
    await town.press(slow.link, 'confirm', HOME)
    expect(await town.dutyOf(slow.volunteerId)).toMatchObject({ state: 'confirmed', conspicuous: null })
    expect(await town.dutyOf(quick.volunteerId)).toMatchObject({ conspicuous: 'quick' })
    await town.press(quick.link, 'decline', HOME)
    expect(await town.dutyOf(quick.volunteerId)).toMatchObject({ state: 'declined', conspicuous: null })
    const { body } = await world.must('GET', `/v1/confirmation-requests?conspicuous=false&limit=100`)
    expect(body.items.map((one: { volunteerId: string }) => one.volunteerId)).toContain(slow.volunteerId)
  })

  test('nobody types a code by program', async () => {
    const { volunteerId, link } = await town.asked()
    const { db } = world.house.services.foundations
    const [phone, now] = ['13900001234', world.clock.now()]
    const { body } = await world.must('GET', `/v1/confirmation-requests?volunteerId=${volunteerId}`)
    const subject = { purpose: 'confirmation', subjectId: body.items[0].id, volunteerId } as const
    const key = keyFor(Buffer.from('a secret for tests that is long enough'), 'codes')
    const place = { path: '/c', phone, key, expiresAt: new Date(now.getTime() + 3_600_000) }
    const code = await mintCode(db, { ...subject, ...place }, now)
    const entry = new URLSearchParams({ code, phone: '1234' })
    const entered = await fetch(`${world.url}/k`, { method: 'POST', redirect: 'manual', body: entry })
    await town.press(world.url + entered.headers.get('location'), 'confirm', HOME)
    expect(await town.dutyOf(volunteerId)).toMatchObject({ state: 'confirmed', conspicuous: null })
    expect(link).toContain('/c/')
  })

  test("a robot's acceptance of an offer is seen, and undone in one action", async () => {
    const people = await roster.people(2)
    await roster.reserve([people])
    const { slotIds } = await roster.shift({ start: '2026-05-09T08:00' })
    await roster.publish([], slotIds, 900)
    await world.settled()
    const gaps = async (query: string) =>
      (await world.must('GET', `/v1/gaps?rosterId=${roster.rosterId}&${query}`)).body
    const [gap] = (await gaps('state=open')).items.filter((one: { slotId: string }) => one.slotId === slotIds[0])
    const offersOf = async (): Promise<{ volunteerId: string; state: string; conspicuous: string | null }[]> => {
      const { body } = await world.must('GET', `/v1/gaps/${gap.id}`)
      return body.cascades.flatMap((one: { offers: [] }) => one.offers)
    }
    const [first] = await offersOf()
    const offered = world.messagesTo(first!.volunteerId).findLast((message) => message.template === 'offer')!
    await town.press(offered.link!, 'accept', SCANNER)
    const offer = (await offersOf()).find((one) => one.volunteerId === first!.volunteerId)
    expect(offer).toMatchObject({ state: 'accepted', conspicuous: 'quick' })
    const { items } = await gaps('conspicuous=true')
    expect(items.map((one: { id: string }) => one.id)).toEqual([gap.id])
    expect((await gaps('conspicuous=false')).items.map((one: { id: string }) => one.id)).not.toContain(gap.id)
    const duty = items[0].filledById
    await world.must('POST', `/v1/assignments/${duty}:decline`, { reason: 'knows of nothing' })
    expect((await roster.assignment(duty)).state).toBe('declined')
    const again = (await gaps('state=open')).items.map((one: { vacatedId: string }) => one.vacatedId)
    expect(again).toContain(duty)
  })
})

describe('where networks of mail scanners are listed', () => {
  let town: Duties
  beforeAll(async () => {
    town = await duties({ HOSTING_NETWORKS: '203.0.113.0/24' })
  })
  afterAll(() => town.world.close())

  test.each([
    ['confirm', SCANNER, 'hosting'],
    ['decline', SCANNER, 'hosting'],
    ['confirm', HOME, null],
    ['decline', HOME, null],
  ])('a quick %s from %s is marked %s', async (answer, ip, expected) => {
    const { volunteerId, link } = await town.asked()
    await town.press(link, answer, ip)
    expect((await town.dutyOf(volunteerId)).conspicuous).toBe(expected)
  })

  test('the address itself is kept nowhere', async () => {
    const { sql } = town.world.house.database
    const [row] = await sql`
      select (select json_agg(a)::text from audit_log a) || (select json_agg(i)::text from confirmation_items i)
        || (select json_agg(l)::text from links l) || (select json_agg(t)::text from tasks t) as text`
    expect(row!.text).toContain('"conspicuous":"hosting"')
    expect(row!.text).not.toContain(SCANNER)
    expect(row!.text).not.toContain(HOME)
  })
})
