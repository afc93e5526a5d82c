import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { units } from '../../src/modules/organisation/organisation.tables.ts'
import { volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties

// Monday 7 February 2022, 09:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2022-02-07T01:00:00Z' })
  at = duties(world)
})
afterAll(() => world.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

const must = async (path: string, body?: object): Promise<Json> =>
  (await world.must(body === undefined ? 'GET' : 'POST', path, body)).body
const unit = (name: string, more: object = {}): Promise<Json> =>
  must('/v1/units', { parentId: world.root.id, kind: 'office', name, ...more })
const people = async (count: number, unitId: string, more: object = {}) => {
  const { db, clock } = world.house.services.foundations
  const rows = Array.from({ length: count }, (_, i) => ({
    id: newId(),
    unitId,
    displayName: `Volunteer ${i + 1}`,
    sortName: `Volunteer ${String(i + 1).padStart(3, '0')}`,
    personClass: 'volunteer' as const,
    locale: 'en' as const,
    createdAt: clock.now(),
    updatedAt: clock.now(),
    ...more,
  }))
  await db.insert(volunteers).values(rows)
  return rows.map((row) => row.id)
}
const cadres = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    reference: `L${i + 1}`,
    name: `Cadre ${i + 1}`,
    phone: `1380000${String(i).padStart(4, '0')}`,
  }))
const progress = (id: string): Promise<Json> => must(`/v1/campaigns/${id}/progress`)
const linkOf = (volunteerId: string) => world.messagesTo(volunteerId).findLast((message) => message.link)!.link!
const open = async (link: string, query = '') => {
  const response = await fetch(`${link}${query}`)
  const text = await response.text()
  expect(Buffer.byteLength(text)).toBeLessThan(20_000)
  return {
    status: response.status,
    text,
    entries: [...text.matchAll(/name="entry" value="([^"]+)"/g)].map((one) => one[1]!),
  }
}
const send = async (link: string, fields: Record<string, string>, query = '') => {
  const response = await fetch(`${link}${query}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  })
  return { status: response.status, text: await response.text() }
}
/** Marks whatever a person's list of a round holds, page after page. */
const work = async (link: string, round: number, mark: (n: number) => string) => {
  let n = 0
  for (let page = 1; page < 20; page += 1) {
    const shown = await open(link, `?round=${round}&page=${page}`)
    for (const entry of shown.entries) {
      const sent = await send(link, { entry, do: mark(n), tries: '0' }, `?round=${round}&page=${page}`)
      expect(sent.status).toBe(303)
      n += 1
    }
    if (!shown.text.includes(`page=${page + 1}"`)) break
  }
  return n
}

describe('scenario B: two full rounds of calls to retired cadres', () => {
  let campaign: Json
  let callers: string[]
  let bureau: Json
  const links = new Map<string, string>()

  beforeAll(async () => {
    bureau = await unit('Retired cadres bureau', { responsibles: [{ name: 'First leader', email: 'f@example.org' }] })
    callers = await people(4, bureau.id)
    campaign = await must('/v1/campaigns', {
      unitId: bureau.id,
      name: 'Calls to retired cadres',
      kind: 'phone',
      instructions: 'Ask how they are.',
      rounds: [
        { deadline: '2022-02-09T10:00:00Z' },
        { opensAt: '2022-02-09T10:00:00Z', deadline: '2022-02-11T10:00:00Z' },
      ],
    })
  })

  test('a list comes in whole or not at all, and twice changes nothing', async () => {
    const items = cadres(30)
    const wrong = await world.call('POST', `/v1/campaigns/${campaign.id}/items`, {
      items: [items[0], { phone: 'none' }, { ...items[0] }],
    })
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors.map((one: Json) => `${one.pointer} ${one.code}`)).toEqual([
      '/body/items/1 nobody-to-reach',
      '/body/items/1/phone phone-wrong',
      '/body/items/2/reference reference-twice',
    ])
    expect((await progress(campaign.id)).items).toBe(0)
    expect(await must(`/v1/campaigns/${campaign.id}/items`, { items })).toEqual({ added: 30, unchanged: 0 })
    expect(await must(`/v1/campaigns/${campaign.id}/items`, { items })).toEqual({ added: 0, unchanged: 30 })
    expect(await progress(campaign.id)).toMatchObject({
      items: 30,
      total: 60,
      open: 60,
      undivided: 60,
      finishedPercent: 0,
    })
    const listed = (await must(`/v1/campaigns/${campaign.id}/items?limit=1`)).items[0]
    expect([listed.phone, listed.entries.length]).toEqual(['138****0000', 2])
  })

  test('it is divided evenly; nothing is theirs, or seen, before they accept', async () => {
    const wish = { volunteerIds: callers }
    const preview = await must(`/v1/campaigns/${campaign.id}:divide`, { ...wish, preview: true })
    expect(preview.people.map((one: Json) => one.items).sort()).toEqual([7, 7, 8, 8])
    expect((await progress(campaign.id)).undivided).toBe(60)
    expect(await must(`/v1/campaigns/${campaign.id}:divide`, wish)).toMatchObject({ preview: false, undivided: 0 })
    expect(await progress(campaign.id)).toMatchObject({ undivided: 0, awaitingConsent: 60, people: { asked: 4 } })
    await world.settled()
    for (const caller of callers) links.set(caller, linkOf(caller))
    const before = await open(links.get(callers[0]!)!)
    expect(before.text).toContain('I will do it')
    expect(before.text).not.toContain('13800')
    expect((await send(links.get(callers[0]!)!, { do: 'accept' })).status).toBe(303)
    const after = await open(links.get(callers[0]!)!)
    expect(after.text).toMatch(/href="tel:1380000\d{4}"/)
    expect(after.entries.length).toBeGreaterThanOrEqual(7)
  })

  test('who declines costs nothing: their items go to the others at once', async () => {
    for (const caller of callers.slice(1, 3)) await send(links.get(caller)!, { do: 'accept' })
    expect((await send(links.get(callers[3]!)!, { do: 'decline' })).status).toBe(303)
    const now = await progress(campaign.id)
    expect(now).toMatchObject({ undivided: 0, awaitingConsent: 0, people: { accepted: 3, declined: 1 } })
    const shares = (await must(`/v1/campaigns/${campaign.id}/progress/people?round=1`)).items
    expect(shares.map((one: Json) => one.total)).toEqual([10, 10, 10])
    expect((await open(links.get(callers[3]!)!)).text).toContain('do not take part')
    await world.settled()
    expect(world.messagesTo(callers[0]!).at(-1)!.template).toBe('campaign-more')
  })

  test('marks are kept item by item; a try is counted once, a mark can be taken back', async () => {
    const link = links.get(callers[0]!)!
    const [first] = (await open(link)).entries
    const missed = { entry: first!, do: 'not_reached', tries: '0', note: 'nobody answers' }
    expect([(await send(link, missed)).status, (await send(link, missed)).status]).toEqual([303, 303])
    expect((await open(link)).text).toContain('tried 1 times')
    await send(link, { entry: first!, do: 'not_reached', tries: '1' })
    await send(link, { entry: first!, do: 'reached', tries: '2' })
    await send(link, { entry: first!, do: 'open', tries: '2' })
    const marks = (await at.auditOf(first!)).map((row) => `${row.from_state} ${row.to_state}`)
    expect(marks).toEqual(['open not_reached', 'not_reached not_reached', 'not_reached reached', 'reached open'])
    const [other] = (await open(links.get(callers[1]!)!)).entries
    expect((await send(link, { entry: other!, do: 'reached' })).status, 'an item of somebody else').toBe(400)
    expect((await send(link, { entry: first!, do: 'whatever' })).status).toBe(400)
    const early = await send(link, { entry: (await open(link, '?round=2')).entries[0] ?? newId(), do: 'reached' })
    expect(early.status).toBe(400)
  })

  test('round one is worked off, what is left is chased, and the unit hears of it', async () => {
    for (const caller of callers.slice(0, 2)) {
      expect(await work(links.get(caller)!, 1, (n) => (n === 3 ? 'refused' : 'reached'))).toBe(10)
    }
    expect(await work(links.get(callers[2]!)!, 1, (n) => (n < 6 ? 'reached' : 'not_reached'))).toBe(10)
    const round = (await progress(campaign.id)).rounds[0]
    expect(round).toMatchObject({
      total: 30,
      reached: 24,
      refused: 2,
      not_reached: 4,
      finishedPercent: 86.6,
      overdue: 0,
    })
    expect((await must(`/v1/campaigns/${campaign.id}:chase`, {})).people).toBe(1)
    await world.advanceTo('2022-02-09T10:01:00Z')
    const chased = world.messages.filter((message) => message.template === 'campaign-chase')
    expect(new Set(chased.map((message) => message.volunteerId))).toEqual(new Set([callers[2]]))
    expect(chased.length).toBe(3)
    const told = world.messages.find((message) => message.template === 'campaign-overdue')!
    expect(told.text).toContain('4 are not finished')
    expect((await progress(campaign.id)).rounds[0].overdue).toBe(4)
  })

  test('an organizer marks for somebody and reassigns what one cannot finish', async () => {
    const items = (await must(`/v1/campaigns/${campaign.id}/items?volunteerId=${callers[2]}`)).items
    const undone = items.map((item: Json) => item.entries[0]).filter((entry: Json) => entry.state === 'not_reached')
    const marked = await must(`/v1/campaign-entries/${undone[0].id}:mark`, { state: 'reached', note: 'called in' })
    expect(marked).toMatchObject({ state: 'reached', tries: 1, round: 1 })
    const moved = await must(`/v1/campaigns/${campaign.id}:reassign`, { fromVolunteerId: callers[2] })
    expect(moved.undivided).toBe(0)
    expect(moved.people.reduce((sum: number, one: Json) => sum + one.items, 0)).toBe(10)
    expect((await progress(campaign.id)).people).toEqual({ asked: 0, accepted: 2, declined: 1, released: 1 })
    expect((await open(links.get(callers[2]!)!)).text).toContain('gone to others')
  })

  test('the second round is full; at the end names go and numbers stay', async () => {
    const left = await work(links.get(callers[0]!)!, 2, () => 'reached')
    expect(left + (await work(links.get(callers[1]!)!, 2, () => 'reached'))).toBe(30)
    for (const caller of callers.slice(0, 2)) await work(links.get(caller)!, 1, () => 'reached')
    const done = await progress(campaign.id)
    expect(done).toMatchObject({ finished: 60, finishedPercent: 100, overdue: 0 })
    const early = await world.call('POST', `/v1/campaigns/${campaign.id}:destroy-items`, { reason: 'it is over' })
    expect([early.status, early.body.code]).toEqual([409, 'campaign-state-wrong'])
    await must(`/v1/campaigns/${campaign.id}:finish`, {})
    await must(`/v1/campaigns/${campaign.id}:destroy-items`, { reason: 'the operation is closed' })
    const items = (await must(`/v1/campaigns/${campaign.id}/items`)).items
    expect(
      items.every((item: Json) => !item.name && !item.phone && !item.address && !item.reference && !item.note),
    ).toBe(true)
    expect(
      await world.house.database
        .sql`select 1 from campaign_entries where note is not null and campaign_id = ${campaign.id}`,
    ).toEqual([])
    expect(await progress(campaign.id)).toMatchObject({
      items: 30,
      reached: done.reached,
      refused: done.refused,
      finished: 60,
    })
    expect((await open(links.get(callers[0]!)!)).text).toContain('This campaign is over')
  })
})

describe('scenario B: 67 returned persons followed up, six rounds of disinfection', () => {
  test('with too little room the rest stays and is named; implied consent is not for volunteers', async () => {
    const office = await unit('Follow-up office', { responsibles: [{ name: 'Deputy', email: 'd@example.org' }] })
    const [staff, volunteer] = [await people(2, office.id, { personClass: 'staff' }), await people(1, office.id)]
    const campaign = await must('/v1/campaigns', {
      unitId: office.id,
      name: 'Returned persons',
      kind: 'follow-up',
      maxItemsPerPerson: 25,
      rounds: [{ deadline: '2022-02-20T10:00:00Z' }],
    })
    const header = '编号,姓名,电话,备注\n'
    const rows = Array.from({ length: 67 }, (_, i) => `H${i + 1},返乡${i + 1},139000${String(i).padStart(5, '0')},`)
    const load = (mode: string, body: string) =>
      world.must('POST', `/v1/campaigns/${campaign.id}:import-items?mode=${mode}`, undefined, {
        raw: { type: 'text/csv', body },
      })
    const wrong = await load('commit', `${header}${rows[0]}\nX,,,\n${rows[0]}`)
    expect(wrong.body).toMatchObject({ committed: false, counts: { rows: 3, wrong: 2 } })
    expect(wrong.body.errors.map((one: Json) => `${one.row} ${one.code}`)).toEqual([
      '3 nobody-to-reach',
      '4 reference-twice',
    ])
    expect((await load('preview', header + rows.join('\n'))).body).toMatchObject({
      committed: false,
      counts: { added: 67 },
    })
    expect((await load('commit', header + rows.join('\n'))).body).toMatchObject({
      committed: true,
      counts: { added: 67 },
    })

    const divided = await must(`/v1/campaigns/${campaign.id}:divide`, { unitId: office.id, consent: 'implied' })
    expect(divided.people.map((one: Json) => one.items).sort()).toEqual([22, 22, 23])
    expect((await progress(campaign.id)).people).toMatchObject({ accepted: 2, asked: 1 })
    await world.settled()
    expect(world.messagesTo(staff[0]!).at(-1)!.template).toBe('campaign-given')
    const link = linkOf(volunteer[0]!)
    await send(link, { do: 'decline' })
    await world.settled()
    const after = await progress(campaign.id)
    expect(after.undivided).toBe(17)
    const told = world.messages.find((message) => message.template === 'campaign-undivided')!
    expect(told.text).toContain('17')
    const stranger = await world.makeKey((await unit('Elsewhere')).id, 'organizer')
    const hidden = await world.call('GET', `/v1/campaigns/${campaign.id}/items`, undefined, { key: stranger })
    expect([hidden.status, hidden.body.code]).toEqual([404, 'campaign-unknown'])
    expect((await open(`${world.url}/t/${'x'.repeat(43)}`)).status).toBe(404)
  })

  test('rounds can be added as they come, each with whoever has the place', async () => {
    const house = await unit('House')
    const cleaners = await people(2, house.id, { personClass: 'staff' })
    const campaign = await must('/v1/campaigns', {
      unitId: house.id,
      name: 'Disinfection',
      kind: 'disinfection',
      rounds: [{ deadline: '2022-02-15T10:00:00Z' }],
    })
    await must(`/v1/campaigns/${campaign.id}/items`, {
      items: Array.from({ length: 6 }, (_, i) => ({ address: `Building ${i + 1}` })),
    })
    await must(`/v1/campaigns/${campaign.id}:divide`, { volunteerIds: cleaners, consent: 'implied' })
    for (let round = 2; round <= 6; round += 1) {
      await must(`/v1/campaigns/${campaign.id}:add-round`, {
        opensAt: `2022-02-${13 + 2 * round}T00:00:00Z`,
        deadline: `2022-02-${14 + 2 * round}T00:00:00Z`,
      })
    }
    const now = await progress(campaign.id)
    expect(now).toMatchObject({ items: 6, total: 36, undivided: 0 })
    expect(now.rounds.map((round: Json) => round.total)).toEqual([6, 6, 6, 6, 6, 6])
    const past = await world.call('POST', `/v1/campaigns/${campaign.id}:add-round`, {
      deadline: '2022-02-01T00:00:00Z',
    })
    expect([past.status, past.body.errors[0].code]).toEqual([422, 'deadline-past'])
  })
})

describe('scenario E: 391 volunteers knock on doors in 74 grids', () => {
  test('every grid is covered and people work near their own', async () => {
    const { db, clock } = world.house.services.foundations
    const district = await unit('District')
    const stamps = { createdAt: clock.now(), updatedAt: clock.now() }
    const streets = Array.from({ length: 6 }, (_, i) => ({
      id: newId(),
      name: `Street ${i}`,
      parent: null as string | null,
    }))
    const grids = Array.from({ length: 74 }, (_, i) => ({ id: newId(), name: `Grid ${i}`, parent: streets[i % 6]!.id }))
    const [root] = await world.house.database.sql`select path from units where id = ${district.id}`
    await db.insert(units).values(
      [...streets, ...grids].map(({ id, name, parent }) => ({
        ...stamps,
        id,
        parentId: parent ?? district.id,
        path: `${root!.path}${parent ? `${parent}/` : ''}${id}/`,
        kind: 'grid',
        name,
        code: name.replace(' ', '-'),
        zone: 'Asia/Shanghai',
        locale: 'zh' as const,
      })),
    )
    const homes = Array.from({ length: 391 }, (_, i) => (i % 7 === 0 ? streets[i % 6]!.id : grids[(i * 5) % 74]!.id))
    await db.insert(volunteers).values(
      homes.map((unitId, i) => ({
        ...stamps,
        unitId,
        displayName: `Volunteer ${i}`,
        sortName: `Volunteer ${i}`,
        personClass: 'volunteer' as const,
        locale: 'zh' as const,
      })),
    )
    const campaign = await must('/v1/campaigns', {
      unitId: district.id,
      name: 'Door to door',
      kind: 'visit',
      rounds: [{ deadline: '2022-02-28T10:00:00Z' }],
    })
    const doors = grids.flatMap((grid, i) =>
      Array.from({ length: 8 + (i % 5) }, (_, n) => `${grid.name} door ${n},${grid.name.replace(' ', '-')}`),
    )
    const csv = `address,grid\n${doors.join('\n')}`
    const loaded = await world.must('POST', `/v1/campaigns/${campaign.id}:import-items?mode=commit`, undefined, {
      raw: { type: 'text/csv', body: csv },
    })
    expect(loaded.body.counts.added).toBe(doors.length)
    const divided = await must(`/v1/campaigns/${campaign.id}:divide`, {
      unitId: district.id,
      by: 'grid',
      preview: true,
    })
    expect(divided.people).toHaveLength(391)
    expect(divided.undivided).toBe(0)
    await must(`/v1/campaigns/${campaign.id}:divide`, { unitId: district.id, by: 'grid' })
    const covered = await world.house.database.sql`
      select i.unit_id, count(distinct t.volunteer_id)::int as people from campaign_entries e
      join campaign_items i on i.id = e.item_id join campaign_tasks t on t.id = e.task_id
      where e.campaign_id = ${campaign.id} group by 1`
    expect(covered).toHaveLength(74)
    expect(Math.min(...covered.map((row) => row.people))).toBeGreaterThanOrEqual(1)
    const [spread] = await world.house.database.sql`
      select max(n)::int as most from (select t.volunteer_id, count(distinct i.unit_id) as n from campaign_entries e
        join campaign_items i on i.id = e.item_id join campaign_tasks t on t.id = e.task_id
        where e.campaign_id = ${campaign.id} group by 1) as grids`
    expect(spread!.most, 'grids of one person').toBe(1)
    const near = divided.people.filter((one: Json) => one.near > 0).length
    expect(near).toBeGreaterThan(195)
    const byGrid = await must(`/v1/campaigns/${campaign.id}/progress/units?limit=500`)
    expect(byGrid.items).toHaveLength(74)
    expect(byGrid.items.reduce((sum: number, one: Json) => sum + one.total, 0)).toBe(doors.length)
  })
})
