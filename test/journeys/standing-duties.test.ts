import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examine } from '../../src/platform/doctor/examine.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  // 07:00 on Monday in Shanghai.
  world = await startWorld({ now: '2022-03-13T23:00:00Z' })
})
afterAll(() => world.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any
const post = async (path: string, body: object): Promise<Json> => (await world.must('POST', path, body)).body
const get = async (path: string): Promise<Json> => (await world.must('GET', path)).body
const unit = async (name: string, parentId = world.root.id, more: object = {}): Promise<string> =>
  (await post('/v1/units', { parentId, kind: 'township', name, ...more })).id
const person = async (unitId: string, displayName: string, more: object = {}): Promise<string> =>
  (await post('/v1/volunteers', { unitId, displayName, personClass: 'volunteer', ...more })).id
const linkTo = (volunteerId: string): string => world.messagesTo(volunteerId).findLast((message) => message.link)!.link!
const send = (link: string, fields: Record<string, string>) =>
  fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) })
const pageOf = async (link: string) => (await fetch(link)).text()
const inLots = async <T, R>(items: T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> => {
  const made: R[] = []
  for (let at = 0; at < items.length; at += 12)
    made.push(...(await Promise.all(items.slice(at, at + 12).map((item, i) => work(item, at + i)))))
  return made
}

describe('103 liaisons for 146 companies and 18 building sites, a visit every day at 09:00', () => {
  let districtId: string
  let planId: string
  let liaisons: string[]
  let items: { postId: string; volunteerId: string; steps: number }[]
  const sitesOf = (volunteerId: string) => items.filter((item) => item.volunteerId === volunteerId)
  const owed = async (volunteerId: string, day = '2022-03-14') =>
    (await get(`/v1/visit-plans/${planId}/visits?day=${day}&volunteerId=${volunteerId}`)).items as Json[]

  beforeAll(async () => {
    districtId = await unit('District')
    await world.must(
      'PATCH',
      `/v1/units/${districtId}`,
      { responsibles: [{ name: 'Chief Wu' }] },
      { headers: { 'if-match': '"1"' } },
    )
    const streets = await Promise.all(['North', 'South', 'East', 'West'].map((name) => unit(name, districtId)))
    liaisons = await inLots(Array.from({ length: 103 }), (_, i) => person(streets[i % 4]!, `Liaison ${i + 1}`))
    await inLots(Array.from({ length: 164 }), (_, i) =>
      post('/v1/posts', {
        unitId: streets[i % 4]!,
        name: i < 146 ? `Company ${i + 1}` : `Building site ${i - 145}`,
        kind: i < 146 ? 'company' : 'building site',
      }),
    )
    const plan = await post('/v1/visit-plans', {
      unitId: districtId,
      name: 'One to one',
      startTime: '09:00',
      chaseAfterMinutes: 120,
      alarmAfterMinutes: 480,
      fromOn: '2022-03-14',
      toOn: '2022-03-28',
    })
    planId = plan.id
  })

  test('sites are divided evenly and near to home, and each liaison is asked once', async () => {
    const wish = { postKinds: ['company', 'building site'], volunteerIds: liaisons }
    const tried = await post(`/v1/visit-plans/${planId}:divide`, { ...wish, dryRun: true })
    expect(tried).toMatchObject({ sites: 164, people: 103, most: 2, least: 1, dryRun: true })
    expect((await get(`/v1/standing-duties?planId=${planId}`)).items).toEqual([])
    const divided = await post(`/v1/visit-plans/${planId}:divide`, wish)
    expect(divided.items).toEqual(tried.items)
    items = divided.items
    expect(new Set(items.map((item) => item.postId)).size).toBe(164)
    // Each street has 41 sites and 25 or 26 liaisons: nobody has to leave their own.
    expect(items.every((item) => item.steps === 0)).toBe(true)
    await world.settled()
    expect(world.messages.filter((message) => message.template === 'standing-duties')).toHaveLength(103)
    const states = (await get(`/v1/standing-duties?planId=${planId}&limit=500`)).items as Json[]
    expect(new Set(states.map((duty) => duty.state))).toEqual(new Set(['proposed']))
    expect(await post(`/v1/visit-plans/${planId}:divide`, wish)).toMatchObject({ sites: 0 })
  })

  test('nobody keeps a site without a yes; who declines is followed by the next best', async () => {
    const leaver = liaisons[0]!
    const link = linkTo(leaver)
    const before = await pageOf(link)
    expect(before).toContain('I take this on')
    expect(before.length).toBeLessThan(20_000)
    expect(await pageOf(link)).toBe(before)
    await send(link, { step: 'decline', subject: planId })
    expect(await pageOf(link)).toContain('You keep no standing duty')
    for (const { postId } of sitesOf(leaver)) {
      const live = (await get(`/v1/standing-duties?planId=${planId}&state=proposed&limit=500`)).items as Json[]
      const next = live.find((duty) => duty.postId === postId)
      expect(next.volunteerId).not.toBe(leaver)
    }
    await world.settled()
    const asked = (await get(`/v1/standing-duties?planId=${planId}&state=proposed&limit=500`)).items as Json[]
    expect(asked).toHaveLength(164)
    items = asked.map((duty) => ({ postId: duty.postId, volunteerId: duty.volunteerId, steps: 0 }))
    await inLots([...new Set(asked.map((duty) => duty.volunteerId))], (id) =>
      send(linkTo(id), { step: 'accept', subject: planId }),
    )
    expect((await get(`/v1/standing-duties?planId=${planId}&state=active&limit=500`)).items).toHaveLength(164)
  })

  test('visits of one hour at several sites are ticked on one page', async () => {
    expect(await get(`/v1/visit-plans/${planId}/day`)).toMatchObject({
      day: '2022-03-14',
      counts: { due: 164 },
      unkept: 0,
    })
    const double = liaisons.find((id) => sitesOf(id).length > 1)!
    const [first, second] = await owed(double)
    expect(first.dueAt).toBe(second.dueAt)
    const page = await pageOf(linkTo(double))
    expect(page).toContain(first.postName)
    expect(page).toContain(second.postName)
    await world.advanceTo('2022-03-14T01:10:00Z')
    const answer = await send(linkTo(double), {
      step: 'visit',
      subject: first.id,
      answer: 'nothing',
      note: '',
      minutes: '',
    })
    expect(answer.status).toBe(303)
    await send(linkTo(double), {
      step: 'visit',
      subject: second.id,
      answer: 'problem',
      note: 'No disinfectant left',
      minutes: '25',
    })
    await world.settled()
    expect((await owed(double)).map((visit) => [visit.state, visit.note, visit.minutes])).toEqual([
      ['nothing', null, null],
      ['problem', 'No disinfectant left', 25],
    ])
    const told = world.messages.filter((message) => message.template === 'visit-problem')
    expect(told.map((message) => message.text)).toEqual([expect.stringContaining('No disinfectant left')])
    const stranger = liaisons.find((id) => id !== double && sitesOf(id).length > 0)!
    await send(linkTo(stranger), { step: 'visit', subject: first.id, answer: 'problem' })
    expect((await owed(double))[0].state).toBe('nothing')
  })

  test('missing visits are chased, then told, and the next day begins anew', async () => {
    const diligent = [...new Set(items.map((item) => item.volunteerId))].slice(3)
    await inLots(diligent, async (id) => {
      for (const visit of await owed(id))
        if (visit.state === 'due') await send(linkTo(id), { step: 'visit', subject: visit.id, answer: 'done' })
    })
    const late = [...new Set(items.map((item) => item.volunteerId))]
      .slice(0, 3)
      .filter((id) => !world.messagesTo(id).some((message) => message.template === 'visit-problem'))
    await world.advanceTo('2022-03-14T03:05:00Z')
    const chased = world.messages.filter((message) => message.template === 'visits-missing')
    expect(chased.length).toBeGreaterThanOrEqual(1)
    expect(chased.every((message) => late.includes(message.volunteerId))).toBe(true)
    await world.advanceTo('2022-03-14T09:05:00Z')
    const alarms = world.messages.filter((message) => message.template === 'visits-alarm')
    expect(alarms).toHaveLength(1)
    const day = await get(`/v1/visit-plans/${planId}/day?day=2022-03-14`)
    expect(day.counts.due).toBe(0)
    expect(day.counts.missing).toBeGreaterThanOrEqual(1)
    expect(alarms[0]!.text).toContain(`${day.counts.missing} sites`)

    await world.advanceTo('2022-03-14T20:00:00Z')
    expect(await get(`/v1/visit-plans/${planId}/day`)).toMatchObject({ day: '2022-03-15', counts: { due: 164 } })
    await post(`/v1/visit-plans/${planId}:end`, { reason: 'The district is open again' })
    expect(await get(`/v1/visit-plans/${planId}/day`)).toMatchObject({
      counts: { due: 0, cancelled: 164 },
      unkept: 164,
    })
  })
})

describe('five-in-one teams', () => {
  let gridId: string
  let team: Json[]
  let caseId: string

  beforeAll(async () => {
    const street = await unit('River street', world.root.id, {
      policy: { confirmation: { staff: 'implied', police: 'acknowledged', medical: 'implied' } },
    })
    const community = await unit('River community', street)
    gridId = await unit('Grid 12', community)
    const far = await unit('Far street')
    const cast: [string, string, string, number][] = [
      ['Street cadre', 'staff', 'street cadre', 2],
      ['Community cadre', 'staff', 'community cadre', 2],
      ['Medic', 'medical', '', 2],
      ['Police', 'police', '', 2],
      ['Grid worker', 'volunteer', 'grid worker', 2],
    ]
    for (const [name, personClass, grade, count] of cast)
      for (let i = 1; i <= count; i++) {
        const home = i === 1 ? (name === 'Grid worker' ? gridId : community) : far
        await person(home, `${name} ${i}`, { personClass, ...(grade ? { grade } : {}) })
      }
  })

  test('a case gets a team by role: fewest duties, then nearest', async () => {
    const opened = await post('/v1/cases', { unitId: gridId, reference: 'HM-001', place: 'Building 3' })
    caseId = opened.id
    team = opened.team
    expect(Object.fromEntries(team.map((duty) => [duty.role, [duty.displayName, duty.state]]))).toEqual({
      'street cadre': ['Street cadre 1', 'active'],
      'community cadre': ['Community cadre 1', 'active'],
      'medical worker': ['Medic 1', 'active'],
      'police officer': ['Police 1', 'active'],
      // Nobody volunteers by force.
      'grid worker': ['Grid worker 1', 'proposed'],
    })
    expect(opened.openRoles).toEqual([])
    const next = await post('/v1/cases', { unitId: gridId, reference: 'HM-002' })
    expect(next.team.map((duty: Json) => duty.displayName).every((name: string) => name.endsWith(' 2'))).toBe(true)
    await post(`/v1/cases/${next.id}:close`, { reason: 'Test negative twice' })
  })

  test('members confirm; one is replaced and the rest stays', async () => {
    await world.settled()
    const grid = team.find((duty) => duty.role === 'grid worker')
    await send(linkTo(grid.volunteerId), { step: 'accept', subject: caseId })
    const medic = team.find((duty) => duty.role === 'medical worker')
    const replaced = await post(`/v1/standing-duties/${medic.id}:replace`, { reason: 'Sent to the hospital' })
    expect(replaced.ended).toMatchObject({ state: 'ended', reason: 'Sent to the hospital' })
    expect(replaced.next).toMatchObject({ role: 'medical worker', displayName: 'Medic 2', state: 'active' })
    const now = await get(`/v1/cases/${caseId}`)
    const live = (now.team as Json[]).filter((duty) => duty.state === 'active')
    expect(live).toHaveLength(5)
    for (const duty of team.filter((one) => one !== medic)) expect(live.map((one) => one.id)).toContain(duty.id)

    const last = await post(`/v1/standing-duties/${replaced.next.id}:replace`, { reason: 'Ill' })
    expect(last.next).toBeNull()
    expect((await get(`/v1/cases/${caseId}`)).openRoles).toEqual(['medical worker'])
  })

  test('the team ends with its case, the same day', async () => {
    const closed = await post(`/v1/cases/${caseId}:close`, { reason: 'Fourteen days are over' })
    expect(closed.state).toBe('closed')
    expect((closed.team as Json[]).every((duty) => duty.state === 'ended' && duty.toOn === closed.closedOn)).toBe(true)
    await world.settled()
    const grid = team.find((duty) => duty.role === 'grid worker')
    expect(world.messagesTo(grid.volunteerId).map((message) => message.template)).toContain('standing-duty-ended')
    expect((await world.call('POST', `/v1/cases/${caseId}:close`, { reason: 'again' })).body.code).toBe('case-closed')
  })
})

test('the doctor finds nothing', async () => {
  await world.settled()
  expect(await examine(world.house.database.sql, world.clock.now())).toEqual([])
})
