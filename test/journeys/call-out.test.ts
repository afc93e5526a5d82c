import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { examine } from '../../src/platform/doctor/examine.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let keys = 0

beforeAll(async () => {
  // 21:00 on Saturday in Shanghai.
  world = await startWorld({ now: '2022-08-06T13:00:00Z' })
})
afterAll(() => world.close())

const post = async (path: string, body: object, key?: string) =>
  (await world.must('POST', path, body, key ? { key } : {})).body
const get = async (path: string) => (await world.must('GET', path)).body

const unit = async (name: string, parentId = world.root.id, more: object = {}): Promise<string> =>
  (await post('/v1/units', { parentId, kind: 'township', name, ...more })).id
const people = (unitId: string, name: string, count: number, more: object = {}): Promise<string[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const body = { unitId, displayName: `${name} ${i + 1}`, personClass: 'volunteer', ...more }
      return (await post('/v1/volunteers', body)).id as string
    }),
  )
const AT_THE_RIVER = { address: '1 River Lane', phone: '0851-654321', instructions: 'Boots and a torch' }
const place = async (unitId: string, name: string): Promise<string> =>
  (await post('/v1/posts', { unitId, name, kind: 'village', ...AT_THE_RIVER })).id

async function callOut(body: object, key?: string) {
  keys += 1
  const headers = { 'idempotency-key': `call-out ${keys}` }
  const answer = await world.must('POST', '/v1/call-outs', body, key ? { key, headers } : { headers })
  await world.settled()
  return answer.body
}

const linkTo = (volunteerId: string, template = 'call-out'): string =>
  world.messagesTo(volunteerId).findLast((message) => message.template === template)!.link!
const called = (ids: string[]) =>
  ids.filter((id) => world.messagesTo(id).some((message) => message.template === 'call-out'))
const say = (link: string, answer: string) =>
  fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ answer }) })
/** Presses a button on the page by which duties are begun and ended. */
const step = (volunteerId: string, name: string) =>
  fetch(linkTo(volunteerId, 'call-out-coming'), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ step: name }),
  })
const pageOf = async (link: string) => (await fetch(link)).text()

/** Follows the tally until it is as wanted; returns every tally told on the way. */
// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
async function follow(id: string, until: (tally: any) => boolean) {
  const response = await fetch(new URL(`/v1/call-outs/${id}/events`, world.url), {
    headers: { authorization: `Bearer ${world.root.key}` },
  })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const told: any[] = []
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const heard = (async () => {
    let text = ''
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return told
      text += value
      const parts = text.split('\n\n')
      text = parts.pop()!
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1]
        if (data) told.push(JSON.parse(data))
      }
      if (told.length > 0 && until(told.at(-1))) {
        await reader.cancel()
        return told
      }
    }
  })()
  return { heard }
}

describe('8 volunteers wanted the same night in another village', () => {
  let villageId: string
  let homeId: string
  let postId: string
  let echelons: string[][]
  let id: string
  let coming: string[]

  beforeAll(async () => {
    villageId = await unit('East village', world.root.id, { policy: { quietFrom: '20:00', quietTo: '07:00' } })
    postId = await place(villageId, 'East village square')
    homeId = await unit('College')
    const home = homeId
    const set = await post('/v1/echelon-sets', {
      unitId: world.root.id,
      name: 'College reserve',
      kind: 'reserve',
      echelons: [{ name: 'First' }, { name: 'Second' }],
    })
    echelons = [await people(home, 'First', 14), await people(home, 'Second', 6)]
    for (const [i, ids] of echelons.entries())
      await post(`/v1/echelons/${set.echelons[i].id}/members`, { volunteerIds: ids, fromOn: '2022-01-01' })
    const opened = await callOut({
      postId,
      reason: 'Mass sampling in East village',
      people: 8,
      startLocal: '2022-08-06T22:30',
      length: 'PT8H',
      from: [{ kind: 'set', id: set.id }],
    })
    id = opened.id
  })

  test('everybody is asked at once at night, and looking at the page changes nothing', async () => {
    expect(called(echelons.flat())).toHaveLength(20)
    const before = await get(`/v1/call-outs/${id}/tally`)
    expect(before).toMatchObject({ wanted: 8, stillNeeded: 8, asked: 20, read: 0, coming: 0, silent: 20 })
    expect(await pageOf(linkTo(echelons[0]![0]!))).toContain('Bring and wear: Boots and a torch')
    for (const one of echelons[0]!) {
      expect(await pageOf(linkTo(one))).toContain('Mass sampling in East village')
      await fetch(linkTo(one), { method: 'HEAD' })
    }
    expect(await get(`/v1/call-outs/${id}/tally`)).toEqual(before)
  })

  test('the list says who has read it and who has not', async () => {
    const reader = echelons[0]![0]!
    expect((await say(linkTo(reader), 'read')).status).toBe(303)
    expect(await pageOf(linkTo(reader))).toContain('Noted that you have read this')
    const read = await get(`/v1/call-outs/${id}/calls?read=true`)
    expect(read.items.map((call: { volunteerId: string }) => call.volunteerId)).toEqual([reader])
    const unread = await get(`/v1/call-outs/${id}/calls?read=false`)
    expect(unread.items).toHaveLength(19)
  })

  test('of twelve who come at the same moment eight are taken, told live', async () => {
    const { heard } = await follow(id, (tally) => tally.stillNeeded === 0 && tally.spare + tally.coming >= 12)
    await say(linkTo(echelons[1]![0]!), 'not_coming')
    const eager = echelons[0]!.slice(0, 12)
    const answers = await Promise.all(eager.map((one) => say(linkTo(one), 'coming')))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([303]))
    const told = await heard
    expect(told[0]).toMatchObject({ coming: 0, read: 1 })
    expect(told.at(-1)).toMatchObject({ wanted: 8, stillNeeded: 0, coming: 8, spare: 4, notComing: 1, read: 13 })
    await world.settled()

    const calls = (await get(`/v1/call-outs/${id}/calls?state=coming`)).items
    coming = calls.map((call: { volunteerId: string }) => call.volunteerId)
    expect(coming).toHaveLength(8)
    const gaps = (await get('/v1/gaps?limit=100')).items
    expect(gaps.map((gap: { state: string }) => gap.state)).toEqual(Array(8).fill('filled'))
    const released = echelons[1]!.slice(1)
    for (const one of released)
      expect(world.messagesTo(one).map((message) => message.template)).toEqual(['call-out', 'call-out-filled'])
  })

  test('when one drops out, those who would have come are asked first', async () => {
    const spare = (await get(`/v1/call-outs/${id}/calls?state=spare`)).items[0].volunteerId as string
    const leaver = coming[0]!
    await say(linkTo(leaver), 'withdraw')
    await world.settled()
    expect(await get(`/v1/call-outs/${id}/tally`)).toMatchObject({ stillNeeded: 1, coming: 7 })
    expect(await pageOf(linkTo(leaver))).toContain('You have withdrawn')
    expect(called([spare])).toHaveLength(1)
    expect(world.messagesTo(spare).filter((message) => message.template === 'call-out')).toHaveLength(2)
    await say(linkTo(spare), 'coming')
    coming = [...coming.slice(1), spare]
    expect(await get(`/v1/call-outs/${id}/tally`)).toMatchObject({ stillNeeded: 0, coming: 8 })
    await world.settled()
  })

  test('a roster of the same days is not in the way, and counts these duties', async () => {
    const gate = await post('/v1/posts', {
      unitId: villageId,
      name: 'East gate',
      kind: 'checkpoint',
      requirements: [{ role: 'guard', minimum: 4, desired: 4, unitIds: [homeId] }],
    })
    await post('/v1/shift-templates', {
      postId: gate.id,
      name: 'Night',
      rule: 'FREQ=DAILY',
      startTime: '23:00',
      length: 'PT8H',
      effectiveFrom: '2022-08-01',
    })
    keys += 1
    const headers = { 'idempotency-key': `roster ${keys}` }
    const wish = { unitId: villageId, from: '2022-08-06', to: '2022-08-08', seed: 1, iterations: 500 }
    const roster = await world.must('POST', '/v1/rosters', wish, { headers })
    await vi.waitFor(async () => {
      expect((await get(`/v1/generation-runs/${roster.body.generationRun.id}`)).state).toBe('done')
    }, 20_000)
    const listed = (await get('/v1/rosters')).items
    expect(listed.map((one: { id: string }) => one.id)).toEqual([roster.body.id])

    const drafted = (await get(`/v1/rosters/${roster.body.id}/assignments`)).items
    expect(drafted).toHaveLength(8)
    const first = drafted.filter((one: { localDay: string }) => one.localDay === '2022-08-06')
    const guards = first.map((one: { draft: { volunteerId: string } }) => one.draft.volunteerId)
    expect(guards.filter((one: string) => coming.includes(one))).toEqual([])
    const candidates = (await get(`/v1/slots/${first[0].slotId}/candidates?limit=1000`)).items
    for (const one of candidates.filter(({ volunteerId }: { volunteerId: string }) => coming.includes(volunteerId)))
      expect(one.failures.map((failure: { rule: string }) => failure.rule)).toContain('no-overlap')

    const { version } = await get(`/v1/rosters/${roster.body.id}`)
    await world.must('POST', `/v1/rosters/${roster.body.id}:publish`, {}, { headers: { 'if-match': `"${version}"` } })
    expect(await get(`/v1/call-outs/${id}/tally`)).toMatchObject({ coming: 8 })
  })

  test('they check in and out by link, and their minutes enter the ledger', async () => {
    await world.advanceTo('2022-08-06T14:25:00Z')
    await Promise.all(coming.map((one) => step(one, 'check-in')))
    const shift = (await get(`/v1/shifts?postId=${postId}`)).items[0]
    expect(shift.extra).toBe(true)
    expect(shift.slots.map((slot: { holder: { state: string } }) => slot.holder.state)).toEqual(
      Array(8).fill('serving'),
    )
    await world.advanceTo('2022-08-06T22:30:00Z')
    expect((await get(`/v1/call-outs/${id}`)).state).toBe('ended')
    await Promise.all(coming.map((one) => step(one, 'check-out')))
    await world.settled()
    const served = (await get('/v1/ledger?limit=100')).items
    expect(new Set(served.map((line: { volunteerId: string }) => line.volunteerId))).toEqual(new Set(coming))
    expect(Math.min(...served.map((line: { minutes: number }) => line.minutes))).toBeGreaterThanOrEqual(480)
  })
})

describe('an assault team called whole by the command', () => {
  let crews: { id: string; leadId: string; members: string[] }[]

  beforeAll(async () => {
    const office = await unit('Commerce office')
    crews = []
    for (const name of ['Team 1', 'Team 2', 'Team 3']) {
      const members = await people(office, name, 6, { personClass: 'staff' })
      const crew = await post('/v1/crews', {
        unitId: office,
        name,
        kind: 'assault team',
        leadId: members[0],
        fromOn: '2022-01-01',
        volunteerIds: members,
      })
      expect(crew).toMatchObject({ members: 6, leadId: members[0] })
      crews.push({ id: crew.id, leadId: members[0]!, members })
    }
  })

  test('each answers for himself, the lead sees the tally, and the next team is called when too few come', async () => {
    const postId = await place(world.root.id, 'Railway station')
    const { id, wanted, tiers } = await callOut({
      postId,
      reason: 'Relief at the railway station',
      startLocal: '2022-08-07T12:00',
      length: 'PT12H',
      from: crews.map((crew) => ({ kind: 'crew', id: crew.id })),
      crewLeast: 4,
      answerMinutes: 20,
    })
    expect(wanted).toBe(6)
    expect(tiers.map((tier: { name: string }) => tier.name)).toEqual(['Team 1', 'Team 2', 'Team 3'])
    const [first, second, third] = crews as [(typeof crews)[0], (typeof crews)[0], (typeof crews)[0]]
    expect(called(first.members)).toHaveLength(6)
    expect(called([...second.members, ...third.members])).toEqual([])

    for (const one of first.members.slice(0, 3)) await say(linkTo(one), 'coming')
    await say(linkTo(first.members[3]!), 'not_coming')
    const lead = await pageOf(linkTo(first.leadId))
    expect(lead).toContain('Team 1 4: not coming')
    expect(lead).toContain('Team 1 5: no answer yet')
    expect(await pageOf(linkTo(first.members[1]!))).not.toContain('Team 1 4')
    await world.advance({ minutes: 21 })
    expect(called(second.members)).toHaveLength(6)

    for (const one of second.members.slice(0, 5)) await say(linkTo(one), 'coming')
    await world.advance({ minutes: 21 })
    const tally = await get(`/v1/call-outs/${id}/tally`)
    // All five of the second team come, although six seats with three of the first would have been filled before.
    expect(tally).toMatchObject({ wanted: 6, stillNeeded: 0, coming: 8, short: false })
    expect(tally.crews).toEqual([
      expect.objectContaining({ name: 'Team 1', asked: 6, coming: 3, notComing: 1, silent: 2 }),
      expect.objectContaining({ name: 'Team 2', asked: 6, coming: 5, silent: 1 }),
    ])
    expect(called(third.members)).toEqual([])
  })
})

describe('a flood squad on stand-by, called by the sub-district', () => {
  test('all of it is called, whoever is silent is listed, and those responsible hear that people are missing', async () => {
    const district = await unit('River sub-district')
    await world.must(
      'PATCH',
      `/v1/units/${district}`,
      { responsibles: [{ name: 'Chief Lin' }] },
      {
        headers: { 'if-match': '"1"' },
      },
    )
    const college = await unit('River college', district)
    const squad = await people(college, 'Squad', 22)
    const crew = await post('/v1/crews', {
      unitId: college,
      name: 'Flood squad',
      kind: 'flood squad',
      fromOn: '2022-07-01',
      volunteerIds: squad,
    })
    const key = await world.makeKey(district, 'organizer')
    const postId = await place(district, 'North dyke')
    const opened = await callOut(
      {
        postId,
        reason: 'The dyke is leaking',
        length: 'PT6H',
        from: [{ kind: 'crew', id: crew.id }],
        answerMinutes: 15,
      },
      key,
    )
    expect(opened).toMatchObject({ wanted: 22, unitId: district })
    expect(called(squad)).toHaveLength(22)
    for (const one of squad.slice(0, 15)) await say(linkTo(one), 'coming')
    await world.advance({ minutes: 16 })
    const tally = await get(`/v1/call-outs/${opened.id}/tally`)
    expect(tally).toMatchObject({ coming: 15, stillNeeded: 7, silent: 7, short: true })
    const silent = (await get(`/v1/call-outs/${opened.id}/calls?state=silent`)).items
    expect(silent.map((call: { volunteerId: string }) => call.volunteerId).sort()).toEqual(squad.slice(15).sort())
    expect(world.messages.filter((message) => message.template === 'call-out-short')).toHaveLength(1)

    // Late help is help, and further people can be called.
    await say(linkTo(squad[20]!), 'coming')
    const helpers = await people(district, 'Helper', 9)
    await post(`/v1/call-outs/${opened.id}:more`, { from: [{ kind: 'unit', id: district }] }, key)
    await world.settled()
    expect(called(helpers)).toHaveLength(9)
    for (const one of helpers.slice(0, 6)) await say(linkTo(one), 'coming')
    await world.settled()
    expect(await get(`/v1/call-outs/${opened.id}/tally`)).toMatchObject({ coming: 22, stillNeeded: 0, short: false })

    const cancelled = await post(`/v1/call-outs/${opened.id}:cancel`, { reason: 'The dyke holds' }, key)
    expect(cancelled).toMatchObject({ state: 'cancelled', tally: { coming: 0 } })
    await world.settled()
    expect(await pageOf(linkTo(squad[0]!))).toMatch(/over|withdrawn/)
    const stranger = await world.makeKey(await unit('Elsewhere'), 'organizer')
    expect((await world.call('GET', `/v1/call-outs/${opened.id}`, undefined, { key: stranger })).status).toBe(404)
  })

  test('what is wrong is said all at once', async () => {
    const answer = await world.call(
      'POST',
      '/v1/call-outs',
      {
        postId: '00000000-0000-7000-8000-000000000000',
        reason: 'x',
        people: 3,
        startLocal: '2022-08-01T08:00',
        length: 'PT8H',
        from: [{ kind: 'crew', id: '00000000-0000-7000-8000-000000000001' }],
      },
      { headers: { 'idempotency-key': 'wrong' } },
    )
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((one: { code: string }) => one.code).sort()).toEqual([
      'call-out-over',
      'crew-unknown',
      'post-unknown',
    ])
  })
})

test('the doctor finds nothing', async () => {
  await world.settled()
  expect(await examine(world.house.database.sql, world.clock.now())).toEqual([])
})
