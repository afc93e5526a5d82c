import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { examine } from '../../src/platform/doctor/examine.ts'
import { type MovingTown, movingTown, type TownWish } from '../support/moving-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.messages.length = 0
})

const DAY = { from: '2026-05-11', to: '2026-05-12' }
const post = async (path: string, body: object) => (await world.must('POST', path, body)).body
const heard = (volunteerId: string) => world.messagesTo(volunteerId).map((message) => message.template)
const codes = (errors: { code: string }[]) => errors.map((one) => one.code)

let posted = 0
interface PostWish {
  unitId?: string
  requirements?: object[]
  active?: boolean
}
/** A post of the town that nobody plans yet. */
async function elsewhere(town: MovingTown, { unitId = town.unitId, requirements, ...more }: PostWish = {}) {
  posted += 1
  const guard = { role: 'guard', minimum: 1, desired: 1, maximum: 2 }
  const made = await post('/v1/posts', {
    unitId,
    name: `North bridge ${posted}`,
    kind: 'checkpoint',
    address: '2 Bridge Road',
    requirements: requirements ?? [guard],
    ...more,
  })
  return { id: made.id as string, name: made.name as string }
}
const town = (wish: TownWish = {}) => movingTown(world, { ...DAY, ...wish })
async function confirmed(it: MovingTown) {
  const [shift] = await it.planned()
  const { assignmentId, volunteerId } = shift.slots[0].holder
  await it.act(assignmentId, 'confirm')
  await world.settled()
  world.messages.length = 0
  return { shift, assignmentId, volunteerId }
}
const shiftsAt = async (postId: string) => (await world.must('GET', `/v1/shifts?postId=${postId}&limit=100`)).body.items
const healthy = async () => expect(await examine(world.house.database.sql, world.clock.now())).toEqual([])

describe('a shift goes to another post', () => {
  test('with its holder, who is told where it was and is and asked anew; webhooks hear of both posts', async () => {
    const it = await town({ people: 2 })
    const { shift, assignmentId, volunteerId } = await confirmed(it)
    const there = await elsewhere(it)
    const url = 'https://duty.example.org/hook'
    const hook = await post('/v1/webhooks', { unitId: it.unitId, url, events: ['assignment.rescheduled'] })

    const answer = await it.move(shift.id, { postId: there.id, reason: 'the gate is closed' })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({ id: shift.id, postId: there.id, startLocal: shift.startLocal })
    expect(answer.body.slots[0]).toMatchObject({
      role: 'guard',
      holder: { assignmentId, volunteerId, state: 'pending' },
    })
    await world.settled()
    expect(heard(volunteerId)).toEqual(['duties-changed'])
    const [told] = world.messagesTo(volunteerId)
    expect(told!.text).toContain(`It was: Mon 11 May 08:00`)
    expect(told!.text).toMatch(new RegExp(`It was: [^\\n]*${it.name} gate[^\\n]*\\n[^\\n]*It is: [^\\n]*${there.name}`))
    const page = await (await fetch(told!.link!)).text()
    expect(page).toContain(there.name)
    expect(await it.gaps()).toEqual([])

    const { items } = (await world.must('GET', `/v1/webhooks/${hook.id}/deliveries`)).body
    const times = { startsAt: '2026-05-11T00:00:00.000Z', endsAt: '2026-05-11T08:00:00.000Z' }
    expect(items.map((one: { data: object }) => one.data)).toEqual([
      {
        unitId: it.unitId,
        rosterId: it.rosterId,
        assignmentId,
        was: { postId: it.postId, ...times },
        postId: there.id,
        ...times,
      },
    ])
    await world.must('DELETE', `/v1/webhooks/${hook.id}`, undefined, { headers: { 'if-match': '"1"' } })
    const rows = await world.house.services.foundations.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.subjectId, shift.id))
    expect(rows.find((row) => row.action === 'shift.moved')!.facts).toMatchObject({
      from: { postId: it.postId },
      to: { postId: there.id },
    })

    // Reminded of the new post, and it counts there.
    await it.act(assignmentId, 'confirm')
    await world.settled()
    expect((await it.assignment(assignmentId)).state).toBe('confirmed')
    await healthy()
  })

  test('and its template makes no other in its place, until it is moved back', async () => {
    const it = await town()
    const { shift, volunteerId } = await confirmed(it)
    const there = await elsewhere(it)
    await it.move(shift.id, { postId: there.id })
    await it.changeTemplate({ name: 'By day' })
    await it.changeTemplate({ startTime: '09:00' })
    expect(await it.planned()).toEqual([])
    expect(await shiftsAt(there.id)).toMatchObject([{ id: shift.id, startLocal: '2026-05-11T08:00' }])
    const moved = await it.move(shift.id, { startLocal: '2026-05-11T10:00' })
    expect(moved.body).toMatchObject({ postId: there.id, startLocal: '2026-05-11T10:00' })
    const back = await it.move(shift.id, { postId: it.postId })
    expect(back.status, back.text).toBe(200)
    expect(await it.planned()).toMatchObject([{ id: shift.id, slots: [{ holder: { volunteerId } }] }])
    expect(await shiftsAt(there.id)).toEqual([])
    await world.settled()
    await healthy()
  })

  test('at another time in the same step', async () => {
    const it = await town()
    const { shift, volunteerId } = await confirmed(it)
    const there = await elsewhere(it)
    const answer = await it.move(shift.id, { postId: there.id, startLocal: '2026-05-11T12:00' })
    expect(answer.body).toMatchObject({
      postId: there.id,
      startLocal: '2026-05-11T12:00',
      endLocal: '2026-05-11T20:00',
    })
    await world.settled()
    expect(heard(volunteerId)).toEqual(['duties-changed'])
    expect(world.messagesTo(volunteerId)[0]!.text).toMatch(
      new RegExp(`It was: [^\\n]*08:00[^\\n]* gate[^\\n]*\\n[^\\n]*It is: [^\\n]*12:00[^\\n]*${there.name}`),
    )
    await healthy()
  })

  test('with an open seat, for which the reserve of the new post is asked', async () => {
    const it = await town({ people: 2, seats: 2, reserve: 1 })
    const [shift] = await it.planned()
    const [stays, goes] = shift.slots.map((slot: { holder: object }) => slot.holder)
    await it.act(goes.assignmentId, 'decline')
    await world.settled()
    expect(heard(it.reserveIds[0]!)).toEqual(['offer'])
    const fresh = (
      await post('/v1/volunteers', {
        unitId: it.unitId,
        displayName: `${it.name} fresh`,
        personClass: 'volunteer',
        locale: 'en',
      })
    ).id
    const set = await post('/v1/echelon-sets', {
      unitId: it.unitId,
      name: 'Bridge reserve',
      kind: 'reserve',
      echelons: [{ name: 'A' }],
    })
    await post(`/v1/echelons/${set.echelons[0].id}/members`, { volunteerIds: [fresh], fromOn: '2026-01-01' })
    const guard = { role: 'guard', minimum: 1, desired: 2, maximum: 2, reserveSetIds: [set.id] }
    const there = await elsewhere(it, { requirements: [guard] })
    world.messages.length = 0
    const answer = await it.move(shift.id, { postId: there.id })
    expect(answer.status, answer.text).toBe(200)
    await world.settled()
    expect(heard(it.reserveIds[0]!)).toEqual(['offer-withdrawn'])
    expect(heard(fresh)).toEqual(['offer'])
    expect(world.messagesTo(fresh)[0]!.text).toContain(there.name)
    expect(heard(stays.volunteerId)).toEqual(['duties-changed'])
    // Of two seats there one is mandatory, whichever of them was open.
    expect(answer.body.slots.map((slot: { mandatory: boolean }) => slot.mandatory)).toEqual([true, false])
    await healthy()
  })
})

describe('a shift stays where it is', () => {
  test('when the other post wants nobody in a role that is held, or not so many; each seat is named', async () => {
    const it = await town({ people: 2, seats: 2 })
    const [shift] = await it.planned()
    const none = await elsewhere(it, { requirements: [{ role: 'driver', minimum: 1, desired: 1 }] })
    const refused = await it.move(shift.id, { postId: none.id })
    expect([refused.status, refused.body.code]).toEqual([422, 'seats-unfit'])
    expect(refused.body.errors).toEqual([
      { pointer: '/body/postId', code: 'role-unknown', detail: expect.stringContaining('seat 1') },
      { pointer: '/body/postId', code: 'role-unknown', detail: expect.stringContaining('seat 2') },
    ])
    const few = await elsewhere(it, { requirements: [{ role: 'guard', minimum: 1, desired: 1, maximum: 1 }] })
    const full = await it.move(shift.id, { postId: few.id })
    expect([full.status, codes(full.body.errors)]).toEqual([422, ['role-full']])
    expect((await it.planned())[0]).toMatchObject({ id: shift.id, postId: it.postId, slots: [{}, {}] })
    await world.settled()
    expect(world.messages.filter((one) => one.template === 'duties-changed')).toEqual([])
  })

  test('when its holder may not serve there; every rule is told', async () => {
    const it = await town()
    const [shift] = await it.planned()
    const { volunteerId } = shift.slots[0].holder
    const badge = await post('/v1/qualifications', { code: 'bridge', name: 'Bridge badge' })
    const guard = { role: 'guard', minimum: 1, desired: 1, qualificationIds: [badge.id], personClasses: ['staff'] }
    const there = await elsewhere(it, { requirements: [guard] })
    const refused = await it.move(shift.id, { postId: there.id })
    expect([refused.status, refused.body.code]).toEqual([422, 'holders-unfit'])
    expect(refused.body.misfits).toMatchObject([{ volunteerId }])
    expect(codes(refused.body.errors)).toEqual(expect.arrayContaining(['qualification', 'person-class']))
    expect(refused.body.errors.every((one: { pointer: string }) => one.pointer === '/body/postId')).toBe(true)
    expect((await it.planned()).map((one) => one.id)).toEqual([shift.id])
  })

  test('when the post belongs to another roster, is not in use, or may not be seen', async () => {
    const it = await town()
    const [shift] = await it.planned()
    const neighbour = await town()
    const other = await elsewhere(neighbour)
    const foreign = await it.move(shift.id, { postId: other.id })
    expect([foreign.status, codes(foreign.body.errors)]).toEqual([422, ['other-roster']])
    const idle = await elsewhere(it, { active: false })
    const unused = await it.move(shift.id, { postId: idle.id })
    expect([unused.status, codes(unused.body.errors)]).toEqual([422, ['post-inactive']])
    const key = await world.makeKey(it.unitId, 'organizer')
    const hidden = await world.call('POST', `/v1/shifts/${shift.id}:move`, { postId: other.id }, { key })
    expect([hidden.status, codes(hidden.body.errors)]).toEqual([422, ['post-unknown']])
    const same = await it.move(shift.id, { postId: it.postId })
    expect([same.status, same.body.postId]).toEqual([200, it.postId])
    const nothing = await it.move(shift.id, { reason: 'just so' })
    expect([nothing.status, codes(nothing.body.errors)]).toEqual([400, ['move-goes-nowhere']])
    await world.settled()
    expect(world.messages.filter((one) => one.template === 'duties-changed')).toEqual([])
    await healthy()
  })
})
