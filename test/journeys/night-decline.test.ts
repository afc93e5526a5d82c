import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startWorld, type World } from '../support/world.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely
type Json = any

const LEVELS = ['Township', 'Village', 'Group', 'Household']

/** A city with its leader and four levels below, each with somebody responsible; the checkpoint belongs to the lowest. */
async function buildChain(world: World) {
  const root = await world.must('GET', `/v1/units/${world.root.id}`)
  await world.must(
    'PATCH',
    `/v1/units/${world.root.id}`,
    {
      responsibles: [{ name: 'City leader' }],
      policy: { escalateAfterLapses: 3, escalateMinutes: 15, offerMinutes: 30, waveSize: 3, broadcastBelowMinutes: 60 },
    },
    { headers: { 'if-match': root.headers.get('etag')! } },
  )
  const unitIds = [world.root.id]
  for (const name of LEVELS) {
    const body = {
      parentId: unitIds.at(-1),
      kind: name.toLowerCase(),
      name,
      responsibles: [{ name: `Head of ${name}` }],
    }
    unitIds.push((await world.must('POST', '/v1/units', body)).body.id)
  }
  return unitIds
}

/** One seat for 24 hours from 08:00, kept by two people of the place in turn, and a reserve in three echelons by age. */
async function buildDuty(world: World, unitIds: string[]) {
  const household = unitIds.at(-1)!
  const make = async (path: string, body: object): Promise<Json> => (await world.must('POST', path, body)).body
  const person = async (displayName: string, unitId: string, birthOn: string, personClass = 'volunteer') =>
    (await make('/v1/volunteers', { unitId, displayName, personClass, birthOn })).id as string
  const watch = [await person('Watch 1', household, '1980-03-01'), await person('Watch 2', household, '1980-03-01')]
  const reserve: string[][] = [[], [], []]
  const sizes: [number, number][] = [
    [5, 1995],
    [10, 1980],
    [2, 1965],
  ]
  for (const [tier, [count, born]] of sizes.entries()) {
    for (let i = 0; i < count; i += 1) {
      reserve[tier]!.push(await person(`Reserve ${tier + 1}-${i + 1}`, world.root.id, `${born}-06-15`))
    }
  }
  const staff = await make('/v1/echelon-sets', {
    unitId: household,
    name: 'Watch',
    kind: 'specialist',
    echelons: [{ name: 'Watch' }],
  })
  await make(`/v1/echelons/${staff.echelons[0].id}/members`, { volunteerIds: watch, fromOn: '2026-01-01' })
  const called = await make('/v1/echelon-sets', {
    unitId: world.root.id,
    name: 'Reserve pool',
    kind: 'reserve',
    echelons: [{ name: 'To 35' }, { name: '36 to 50' }, { name: 'Over 50' }],
  })
  for (const [tier, echelon] of called.echelons.entries()) {
    await make(`/v1/echelons/${echelon.id}/members`, { volunteerIds: reserve[tier], fromOn: '2026-01-01' })
  }
  const post = await make('/v1/posts', {
    unitId: household,
    name: 'Toll station',
    kind: 'checkpoint',
    requirements: [{ role: 'guard', minimum: 1, desired: 1, echelonSetId: staff.id, reserveSetIds: [called.id] }],
  })
  await make('/v1/shift-templates', {
    postId: post.id,
    name: 'Round the clock',
    rule: 'FREQ=DAILY',
    startTime: '08:00',
    length: 'P1D',
    effectiveFrom: '2026-05-01',
  })
  return { household, reserve, echelons: called.echelons as Json[] }
}

async function publish(world: World, unitId: string) {
  const asked = await world.must(
    'POST',
    '/v1/rosters',
    { unitId, from: '2026-05-06', to: '2026-05-07' },
    { headers: { 'idempotency-key': 'night' } },
  )
  for (let tries = 0; tries < 200; tries += 1) {
    await world.settled()
    const run = (await world.must('GET', `/v1/generation-runs/${asked.body.generationRun.id}`)).body
    if (run.finishedAt) break
    await sleep(100)
  }
  const draft = await world.must('GET', `/v1/rosters/${asked.body.id}`)
  await world.must(
    'POST',
    `/v1/rosters/${asked.body.id}:publish`,
    {},
    { headers: { 'if-match': draft.headers.get('etag')! } },
  )
  await world.settled()
  return asked.body.id as string
}

const form = (link: string, fields: Record<string, string>) =>
  fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) })

test('a decline at night fills from echelon 1, then 2; the third lapse escalates along the four levels', async () => {
  await using world = await startWorld()
  const unitIds = await buildChain(world)
  const { household, reserve, echelons } = await buildDuty(world, unitIds)
  const rosterId = await publish(world, household)
  const linkTo = (id: string, template: string) =>
    world.messagesTo(id).findLast((message) => message.template === template)!.link!
  const seats = async () =>
    ((await world.must('GET', `/v1/rosters/${rosterId}/assignments`)).body.items as Json[]).map((one) => one.live)
  const [duty] = await seats()
  await form(linkTo(duty.volunteerId, 'confirmation-request'), { answer: 'confirm' })
  await world.settled()
  expect(await seats()).toMatchObject([{ state: 'confirmed' }])

  // 01:00 at the post, seven hours before the shift begins.
  await world.advanceTo('2026-05-05T17:00:00Z')
  const page = await (await fetch(linkTo(duty.volunteerId, 'confirmation-request'))).text()
  const seen = /name="seen" value="(\d+)"/.exec(page)![1]!
  await form(linkTo(duty.volunteerId, 'confirmation-request'), {
    answer: 'decline',
    assignmentId: duty.assignmentId,
    seen,
  })
  await world.settled()
  const [gap] = (await world.must('GET', `/v1/gaps?rosterId=${rosterId}`)).body.items as Json[]
  expect(gap).toMatchObject({ cause: 'declined', state: 'open', postName: 'Toll station' })
  const detail = async (): Promise<Json> => (await world.must('GET', `/v1/gaps/${gap.id}`)).body
  const asked = async (echelon: number) =>
    ((await detail()).cascades[0].offers as Json[]).filter((offer) => offer.echelonId === echelons[echelon].id)
  const chain = async () => ((await detail()).escalations as Json[]).map((step) => [step.unitName, step.state])

  const first = await asked(0)
  expect(first).toHaveLength(3)
  for (const offer of first) expect(reserve[0]).toContain(offer.volunteerId)
  expect(await asked(1)).toEqual([])
  await form(linkTo(first[0].volunteerId, 'offer'), { answer: 'decline' })
  await form(linkTo(first[1].volunteerId, 'offer'), { answer: 'decline' })
  await world.settled()
  expect(await asked(0)).toHaveLength(5)
  expect(await chain()).toEqual([])

  // 01:30: the three of echelon 1 who said nothing have lapsed; echelon 2 is asked, and the chain begins to be climbed.
  await world.advanceTo('2026-05-05T17:32:00Z')
  expect((await asked(0)).filter((offer) => offer.state === 'expired')).toHaveLength(3)
  expect((await asked(1)).filter((offer) => offer.state === 'open').length).toBeGreaterThanOrEqual(3)
  expect(await asked(2)).toEqual([])
  expect(await chain()).toEqual([['Household', 'told']])
  const told = () => world.messages.filter((message) => message.template === 'gap-at-risk').map((message) => message.to)
  expect(told()).toEqual([`unit/${household}`])

  // Level by level, a quarter of an hour each, while the search goes on.
  await world.advanceTo('2026-05-05T18:33:00Z')
  expect(await chain()).toEqual([
    ['Household', 'passed'],
    ['Group', 'passed'],
    ['Village', 'passed'],
    ['Township', 'passed'],
    ['Test city', 'told'],
  ])
  expect(told()).toEqual([...unitIds].reverse().map((id) => `unit/${id}`))
  const leader = world.messages.findLast((message) => message.template === 'gap-at-risk')!
  expect(leader.text).toContain('Hello City leader')
  expect(leader.text).toContain('Township has not seen to it.')

  const live = (await asked(1)).filter((offer) => offer.state === 'open')
  const winner = live[0].volunteerId as string
  await form(linkTo(winner, 'offer'), { answer: 'accept' })
  await world.settled()
  const filled = await detail()
  expect(filled.state).toBe('filled')
  expect(filled.cascades[0].history).toMatchObject([{ echelonId: echelons[0].id, asked: 5, because: 'all asked' }])
  expect((await chain()).at(-1)).toEqual(['Test city', 'closed'])
  expect(await asked(2)).toEqual([])
  expect(reserve[1]).toContain(winner)
  for (const offer of live.slice(1)) {
    expect(world.messagesTo(offer.volunteerId).map((message) => message.template)).toEqual(['offer', 'offer-filled'])
  }
  expect(await seats()).toMatchObject([{ volunteerId: winner, state: 'confirmed' }])
  await world.advance({ hours: 2 })
  expect(told()).toHaveLength(5)
})
