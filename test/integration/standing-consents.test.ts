import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { confirmationRequests } from '../../src/modules/confirmations/confirmations.tables.ts'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { units } from '../../src/modules/organisation/organisation.tables.ts'
import { volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster
let versions = 0

beforeEach(async () => {
  world = await startWorld()
  roster = await plainRoster(world)
  return () => world.close()
})
const db = () => world.house.services.foundations.db

type PersonClass = (typeof volunteers.$inferSelect)['personClass']

const start = (hour: number) => `2026-05-06T${String(hour).padStart(2, '0')}:00`

async function person(personClass: PersonClass = 'volunteer'): Promise<string> {
  const [id] = await roster.people(1)
  await db().update(volunteers).set({ personClass }).where(eq(volunteers.id, id!))
  return id!
}

async function publish(volunteerId: string, at = start(8)) {
  versions += 1
  const { slotIds, postId } = await roster.shift({ start: at })
  const give = () => roster.publish([{ slotId: slotIds[0]!, volunteerId }], [], versions)
  return { postId, give }
}

async function asked(personClass: PersonClass) {
  const volunteerId = await person(personClass)
  const { give } = await publish(volunteerId)
  const [id] = await give()
  await world.settled()
  return { volunteerId, id: id! }
}

const stateOf = async (id: string) => (await roster.assignment(id)).state
const auditsOf = (id: string) =>
  db().select().from(auditLog).where(eq(auditLog.subjectId, id)).orderBy(auditLog.at, auditLog.id)
const templatesTo = (id: string) => world.messagesTo(id).map((message) => message.template)
const lastLink = (id: string) => world.messagesTo(id).findLast((message) => message.link)!.link!

describe('what silence means', () => {
  const setPolicy = (confirmation: object) =>
    db().update(units).set({ policy: { confirmation } }).where(eq(units.id, world.root.id))

  test('is decided by a unit for each person class, but for volunteers it is always no', async () => {
    const unit = await world.must('GET', `/v1/units/${world.root.id}`)
    const wrong = await world.call(
      'PATCH',
      `/v1/units/${world.root.id}`,
      { policy: { confirmation: { volunteer: 'implied', staff: 'implied', police: 'perhaps' } } },
      { headers: { 'if-match': unit.headers.get('etag')! } },
    )
    expect(wrong.status).toBe(400)
    expect(wrong.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/body/policy/confirmation/volunteer',
      '/body/policy/confirmation/police',
    ])
    const right = await world.must(
      'PATCH',
      `/v1/units/${world.root.id}`,
      { policy: { confirmation: { staff: 'implied', police: 'acknowledged' } } },
      { headers: { 'if-match': unit.headers.get('etag')! } },
    )
    expect(right.body.effectivePolicy.confirmation).toEqual({
      volunteer: 'explicit',
      staff: 'implied',
      secondedCadre: 'explicit',
      police: 'acknowledged',
      medical: 'explicit',
    })
  })

  test('implied: confirmed at the deadline, and the audit log says by which policy', async () => {
    await setPolicy({ staff: 'implied' })
    const { volunteerId, id } = await asked('staff')
    expect(world.messagesTo(volunteerId)[0]!.text).toContain('Otherwise we count on you')
    expect(await (await roster.page(lastLink(volunteerId))).text()).toContain('Otherwise we count on you')
    expect(await stateOf(id)).toBe('pending')
    await world.advance({ hours: 25 })
    expect(await stateOf(id)).toBe('confirmed')
    const [row] = (await auditsOf(id)).filter((one) => one.toState === 'confirmed')
    expect(row!.reason).toBe(
      `no objection by the deadline; policy confirmation.staff of unit ${world.root.id} is implied`,
    )
    expect(templatesTo(volunteerId)).toContain('duties-implied')
  })

  test('implied is not for volunteers, even if the unit says so and though the question was put that way', async () => {
    await setPolicy({ volunteer: 'implied', staff: 'implied' })
    const volunteer = await asked('volunteer')
    const turned = await asked('staff')
    await db().update(volunteers).set({ personClass: 'volunteer' }).where(eq(volunteers.id, turned.volunteerId))
    await world.advance({ hours: 25 })
    expect(await stateOf(volunteer.id)).toBe('lapsed')
    expect(await stateOf(turned.id)).toBe('lapsed')
  })

  test('implied: whoever objects has declined', async () => {
    await setPolicy({ staff: 'implied' })
    const { volunteerId, id } = await asked('staff')
    await roster.answer(lastLink(volunteerId), { answer: 'decline', assignmentId: id })
    await world.advance({ hours: 25 })
    expect(await stateOf(id)).toBe('declined')
  })

  test('acknowledged: at the deadline those responsible hear of it, the seat stays, and reading counts later too', async () => {
    await setPolicy({ police: 'acknowledged' })
    const { volunteerId, id } = await asked('police')
    const link = lastLink(volunteerId)
    expect(await (await roster.page(link)).text()).toContain('I have read this')
    await world.advance({ hours: 25 })
    expect(await stateOf(id)).toBe('pending')
    expect(templatesTo(volunteerId)).toContain('confirmation-reminder')
    const [request] = await db()
      .select()
      .from(confirmationRequests)
      .where(eq(confirmationRequests.volunteerId, volunteerId))
    const told = await db().select().from(messages).where(eq(messages.subjectId, request!.id))
    expect(told.filter((one) => one.unitId).map((one) => one.template)).toEqual(['duties-unacknowledged'])
    expect(request!.escalatedAt).not.toBeNull()
    await world.house.services.confirmations.lapse(request!.id)
    const again = await db().select().from(messages).where(eq(messages.subjectId, request!.id))
    expect(again).toHaveLength(told.length)
    await roster.answer(link, { answer: 'confirm', assignmentId: id })
    expect(await stateOf(id)).toBe('confirmed')
  })
})

describe('standing consent', () => {
  const write = (body: object) => world.call('POST', '/v1/standing-consents', body)
  const period = { from: '2026-05-01', to: '2026-06-01', word: 'by telephone, 4 May' }

  test('confirms at once, is named in the audit log, and the person is told and may say no', async () => {
    const volunteerId = await person()
    const { postId, give } = await publish(volunteerId)
    const consent = await write({ volunteerId, postId, ...period })
    expect(consent).toMatchObject({ status: 201, body: { source: 'organizer', word: period.word, revokedAt: null } })
    const [id] = await give()
    await world.settled()
    expect(await stateOf(id!)).toBe('confirmed')
    const [row] = (await auditsOf(id!)).filter((one) => one.toState === 'confirmed')
    expect(row!.reason).toBe(`standing consent ${consent.body.id}`)
    expect(templatesTo(volunteerId)[0]).toBe('confirmation-request')
    expect(world.messagesTo(volunteerId)[0]!.text).toContain('as you agreed beforehand')
    const link = lastLink(volunteerId)
    const page = await (await roster.page(link)).text()
    expect(page).toContain('Confirmed at once, as you agreed beforehand')
    const { version } = await roster.assignment(id!)
    await roster.answer(link, { answer: 'decline', assignmentId: id!, seen: String(version) })
    expect(await stateOf(id!)).toBe('declined')
  })

  test.each([
    ['another post', { elsewhere: true }],
    ['another time', { from: '2026-05-07', to: '2026-06-01' }],
    ['a day that no longer belongs to it', { from: '2026-05-01', to: '2026-05-06' }],
  ])(
    'does not speak of %s',
    async (_name, { elsewhere, ...days }: { elsewhere?: boolean; from?: string; to?: string }) => {
      const volunteerId = await person()
      const { postId, give } = await publish(volunteerId)
      const other = elsewhere ? (await publish(volunteerId)).postId : postId
      expect((await write({ volunteerId, postId: other, ...period, ...days })).status).toBe(201)
      const [id] = await give()
      expect(await stateOf(id!)).toBe('pending')
    },
  )

  test('for all posts of a unit, until it is revoked', async () => {
    const volunteerId = await person()
    const consent = await write({ volunteerId, unitId: world.root.id, ...period })
    const first = await publish(volunteerId, start(8))
    const [one] = await first.give()
    expect(await stateOf(one!)).toBe('confirmed')
    const revoked = await world.must('POST', `/v1/standing-consents/${consent.body.id}:revoke`, {
      reason: 'changed job',
    })
    expect(revoked.body.revokedAt).not.toBeNull()
    const second = await publish(volunteerId, '2026-05-08T08:00')
    const [two] = await second.give()
    expect(await stateOf(two!)).toBe('pending')
    expect((await auditsOf(consent.body.id)).map((row) => row.action)).toEqual([
      'standing-consent.given',
      'standing-consent.revoked',
    ])
    const list = await world.must('GET', `/v1/standing-consents?volunteerId=${volunteerId}`)
    expect(list.body.items).toHaveLength(1)
    expect(
      (await world.must('GET', `/v1/standing-consents?volunteerId=${volunteerId}&on=2026-05-06`)).body.items,
    ).toEqual([])
  })

  test('is given and taken back by the person on the page', async () => {
    const volunteerId = await person()
    const { postId, give } = await publish(volunteerId)
    await give()
    await world.settled()
    const page = `${lastLink(volunteerId)}/standing`
    const bad = await roster.answer(page, { answer: 'give', place: postId, from: '2026-05-06', to: '2026-05-01' })
    expect(bad.status).toBe(400)
    expect(await bad.text()).toContain('the end must come after the beginning')
    const stranger = await roster.answer(page, {
      answer: 'give',
      place: world.root.id,
      from: '2026-05-06',
      to: '2026-06-01',
    })
    expect(stranger.status).toBe(400)
    expect(
      (await roster.answer(page, { answer: 'give', place: postId, from: '2026-05-06', to: '2026-06-01' })).status,
    ).toBe(303)
    const [consent] = (await world.must('GET', `/v1/standing-consents?volunteerId=${volunteerId}`)).body.items
    expect(consent).toMatchObject({ postId, source: 'page', word: null })
    expect(await (await fetch(page)).text()).toContain(consent.id)
    await roster.answer(page, { answer: 'revoke', consentId: consent.id })
    expect(await (await fetch(page)).text()).not.toContain(consent.id)
  })

  test('all that is wrong is named at once, and nobody reaches beyond their unit', async () => {
    const nobody = '018f0000-0000-7000-8000-000000000000'
    const wrong = await write({ volunteerId: nobody, postId: nobody, from: '2026-05-02', to: '2026-05-01', word: 'x' })
    expect(wrong.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/body/volunteerId',
      '/body/postId',
      '/body/to',
    ])
    expect((await write({ volunteerId: nobody, ...period })).body.errors[0].pointer).toBe('/body/postId')
    const volunteerId = await person()
    const consent = await write({ volunteerId, unitId: world.root.id, ...period })
    const beside = await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Beside' })
    const key = await world.makeKey(beside.body.id, 'organizer')
    const path = `/v1/standing-consents/${consent.body.id}:revoke`
    expect((await world.call('POST', path, {}, { key })).body.code).toBe('standing-consent-unknown')
    expect((await world.must('GET', '/v1/standing-consents', undefined, { key })).body.items).toEqual([])
  })
})
