import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Duties, duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
let postId: string

// 2026-05-04 is a Monday; the clock shows 07:30 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:30:00Z' })
  at = duties(world)
  postId = (await at.post({ name: 'North gate' })).id
})
afterAll(() => world.close())

const heard = (volunteerId: string) =>
  world.messagesTo(volunteerId).filter((message) => message.template === 'hours-ready')

/** Comes and goes by link, so that nobody has vouched for it yet. */
async function serve(volunteerId: string, day: string) {
  const duty = await at.duty({ volunteerId, postId, start: `${day}T08:00`, length: 'PT8H' })
  const path = await at.link(duty)
  const step = async (name: string, instant: string) => {
    await world.advanceTo(instant)
    const raw = { type: 'application/x-www-form-urlencoded', body: `step=${name}` }
    expect((await world.call('POST', path, undefined, { key: null, raw })).status).toBe(303)
  }
  return {
    id: duty.id,
    come: () => step('check-in', `${day}T00:00:00Z`),
    go: () => step('check-out', `${day}T08:30:00Z`),
  }
}

test('whoever has served hears once that the hours are verified, and can say that they are wrong', async () => {
  const { id: volunteerId } = await at.person()
  const duty = await serve(volunteerId, '2026-05-04')
  await duty.come()
  await duty.go()
  await world.settled()
  expect(heard(volunteerId)).toEqual([])

  // Far later than the first link of the duty lasts.
  await world.advanceTo('2026-05-18T02:00:00Z')
  for (let count = 0; count < 2; count += 1) {
    await world.must('POST', `/v1/assignments/${duty.id}:verify`, {})
    await world.settled()
  }
  const [message, ...more] = heard(volunteerId)
  expect(more).toEqual([])
  expect(message!.text).toContain(
    '\n- Mon 4 May 08:00 to Mon 4 May 16:30, North gate, staff: 8 h 30 min\n\nYou can look at them here and',
  )
  expect(message!.text).not.toContain('first of these')
  const page = await (await fetch(message!.link!)).text()
  expect(page).toContain('510 minutes, verified')
  expect(page).toContain('value="dispute"')
  const body = new URLSearchParams({
    step: 'dispute',
    cameAt: '2026-05-04T07:30',
    leftAt: '2026-05-04T16:30',
    reason: 'I came earlier',
  })
  expect((await fetch(message!.link!, { method: 'POST', redirect: 'manual', body })).status).toBe(303)
})

test('whoever an organizer checks out hears at once, as that vouches for the hours', async () => {
  const { id: volunteerId } = await at.person()
  const duty = await serve(volunteerId, '2026-05-18')
  await world.advanceTo('2026-05-18T03:00:00Z')
  const entered = (verb: string, instant: string) =>
    world.must('POST', `/v1/assignments/${duty.id}:${verb}`, { at: instant, reason: 'paper list' })
  await entered('check-in', '2026-05-18T00:00:00Z')
  await world.settled()
  expect(heard(volunteerId)).toEqual([])
  await world.advanceTo('2026-05-18T09:00:00Z')
  await entered('check-out', '2026-05-18T08:15:00Z')
  await world.settled()
  expect(heard(volunteerId).map((message) => message.text)).toEqual([
    expect.stringContaining('- Mon 18 May 08:00 to Mon 18 May 16:15, North gate, staff: 8 h 15 min\n'),
  ])
  await world.must('POST', `/v1/assignments/${duty.id}:verify`, {})
  await world.settled()
  expect(heard(volunteerId)).toHaveLength(1)
})

test('what is verified together is told in one message to each, and only what is new', async () => {
  const both = (await at.person({ locale: 'zh' })).id
  const one = (await at.person()).id
  const served = []
  for (const [day, people] of [
    ['2026-05-19', [both, one]],
    ['2026-05-20', [both]],
    ['2026-05-21', [one]],
  ] as const) {
    const those = await Promise.all(people.map((volunteerId) => serve(volunteerId, day)))
    for (const duty of those) await duty.come()
    for (const duty of those) await duty.go()
    served.push(...those.map((duty) => duty.id))
  }
  const [first, other, second, last] = served as [string, string, string, string]
  await world.advanceTo('2026-05-22T02:00:00Z')
  const verify = async (assignmentIds: string[]) => {
    await world.must('POST', '/v1/attendances:bulk-verify', { assignmentIds })
    await world.settled()
  }
  await verify([second, first, other])
  const [message, ...more] = heard(both)
  expect(more).toEqual([])
  expect(message!.text).toMatch(/5月19日.*：8小时30分钟\n- 5月20日.*：8小时30分钟\n\n.*链接为其中第一次值班/)
  expect(heard(one)).toHaveLength(1)

  await verify([second, first, other, last])
  expect(heard(both)).toHaveLength(1)
  expect(heard(one)).toHaveLength(2)
  expect(heard(one)[1]!.text).toContain('Thu 21 May')
  expect(heard(one)[1]!.text).not.toContain('Tue 19 May')
})
