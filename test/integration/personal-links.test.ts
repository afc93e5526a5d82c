import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { contactPoints, volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { codes, codeTries } from '../../src/platform/auth/auth.tables.ts'
import { redeemCode } from '../../src/platform/auth/codes.ts'
import { keyFor } from '../../src/platform/auth/secret-key.ts'
import { type Peer, startPeer } from '../support/peer.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster
let gateway: Peer
let phones = 0

beforeAll(async () => {
  gateway = await startPeer(() => ({ body: { id: 'p' } }))
  world = await startWorld({
    settings: { SMS_URL: `${gateway.url}/send`, SMS_ADDRESS: 'v.example.cn', SMS_MAX_SEGMENTS: '1' },
  })
  roster = await plainRoster(world)
})
afterAll(async () => {
  await world.close()
  await gateway.stop()
})
const db = () => world.house.services.foundations.db
afterEach(async () => {
  gateway.calls.length = 0
  await db().delete(codeTries)
})

async function asked({ phone, locale = 'zh' }: { phone?: string; locale?: 'zh' | 'en' } = {}) {
  const [volunteerId] = await roster.people(1, { locale })
  if (phone)
    await db().insert(contactPoints).values({ volunteerId: volunteerId!, channel: 'sms', address: phone, position: 1 })
  phones += 1
  const { slotIds, postId } = await roster.shift({
    start: '2026-05-06T08:00',
    post: { name: `城东卡点${phones}` },
  })
  const [id] = await roster.publish([{ slotId: slotIds[0]!, volunteerId: volunteerId! }], [], phones)
  await world.settled()
  const { body } = await world.must('GET', `/v1/confirmation-requests?volunteerId=${volunteerId}`)
  return { volunteerId: volunteerId!, id: id!, requestId: body.items[0].id as string, postId }
}

function nextPhone(): string {
  phones += 1
  return `139000${String(10_000 + phones)}`
}

const linkTo = (volunteerId: string) => world.messagesTo(volunteerId).findLast((message) => message.link)!.link!
const stateOf = async (id: string) => (await roster.assignment(id)).state
const enter = (code: string, phone: string) =>
  fetch(`${world.url}/k`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ code, phone }) })
const actionsOf = async (id: string) =>
  (await db().select().from(auditLog).where(eq(auditLog.subjectId, id)).orderBy(auditLog.at, auditLog.id)).map(
    (row) => row.action,
  )

async function textFor(phone: string, locale: 'zh' | 'en' = 'zh') {
  const one = await asked({ phone, locale })
  const text: string = gateway.calls.findLast((call) => call.body.to === phone)!.body.text
  return { ...one, text, code: /[0-9A-HJKMNP-TV-Z]{8}/.exec(text)![0] }
}

describe('short codes', () => {
  test('a Chinese text message has address and code in one segment, and no link', async () => {
    const { text, code } = await textFor(nextPhone())
    expect(text).toBe(`5月6日08:00起24小时城东卡点${phones}值班，5日10:00前请到v.example.cn输${code}答复`)
    expect(`【某某区志愿】${text}`.length).toBeLessThanOrEqual(70)
    expect(gateway.calls.at(-1)!.text).not.toMatch(/\/c\//)
  })

  test('are nowhere but in the message', async () => {
    const { code } = await textFor(nextPhone())
    const [row] = await world.house.database.sql`
      select (select json_agg(c)::text from codes c) || (select json_agg(m)::text from messages m)
        || (select json_agg(t)::text from tasks t) || (select json_agg(a)::text from audit_log a) as text`
    expect(row!.text).not.toContain(code)
  })

  test('typed as people type them lead to a page for a short time, where one can answer', async () => {
    const phone = nextPhone()
    const { id, code } = await textFor(phone)
    const asTyped = [
      code,
      code.toLowerCase(),
      `${code.slice(0, 4)}-${code.slice(4)}`,
      ` ${code.slice(0, 3)} ${code.slice(3)} `,
      code.replaceAll('0', 'O').replaceAll('1', 'l'),
      code.replaceAll('0', 'o').replaceAll('1', 'I'),
    ]
    let path = ''
    for (const typed of asTyped) {
      const answer = await enter(typed, typed === code ? phone : phone.slice(-4))
      expect(answer.status).toBe(303)
      path = answer.headers.get('location')!
      expect(path).toMatch(/^\/c\/[\w-]{43}$/)
    }
    expect(await stateOf(id)).toBe('pending')
    expect((await roster.answer(world.url + path, { answer: 'confirm', assignmentId: id })).status).toBe(303)
    expect(await stateOf(id)).toBe('confirmed')
    await world.advance({ minutes: 31 })
    expect((await roster.page(world.url + path)).status).toBe(404)
    expect((await enter(code, phone)).status).toBe(303)
  })

  test('the page to enter them is fixed, pasting and autofill work, and looking at it changes nothing', async () => {
    const page = await (await fetch(`${world.url}/k`)).text()
    expect(page).toContain('autocomplete="one-time-code"')
    expect(page).toContain('<html lang="zh">')
    expect((await fetch(`${world.url}/k`, { method: 'HEAD' })).status).toBe(200)
    expect(await (await fetch(`${world.url}/k?lang=en`)).text()).toContain('Last four digits')
    expect(await db().select().from(codeTries)).toEqual([])
  })

  test('unknown, misread, expired, revoked, used up, with the wrong phone: one and the same answer', async () => {
    const phone = nextPhone()
    const { code } = await textFor(phone)
    const dead = await (await fetch(`${world.url}/c/unknown`)).text()
    const answers = [
      await enter('ZZZZZZZZ', phone),
      await enter('', ''),
      await enter('U!', phone),
      await enter(code, '0000'),
    ]
    const set = (changes: Partial<typeof codes.$inferInsert>) => db().update(codes).set(changes)
    await set({ revokedAt: world.clock.now() })
    answers.push(await enter(code, phone))
    await set({ revokedAt: null, uses: 20 })
    answers.push(await enter(code, phone))
    await set({ uses: 0, expiresAt: world.clock.now() })
    answers.push(await enter(code, phone))
    for (const answer of answers) {
      expect(answer.status).toBe(404)
      expect(answer.headers.get('retry-after')).toBeNull()
      expect(await answer.text()).toBe(dead)
    }
  })

  const key = () => keyFor(Buffer.from('a secret for tests that is long enough'), 'codes')
  const tryAt = (code: string, phone: string, address: string) =>
    db().transaction((tx) => redeemCode(tx, { code, phone, address }, key(), world.clock.now()))

  test('of wrong ones an address has ten a minute; a right one is let in all the same', async () => {
    const phone = nextPhone()
    const { code } = await textFor(phone)
    for (let tries = 0; tries < 10; tries += 1) expect((await enter('ZZZZZZZZ', `000${tries}`)).status).toBe(404)
    const limited = await enter('ZZZZZZZZ', '0010')
    expect(limited.status).toBe(429)
    expect(await limited.text()).toBe(await (await fetch(`${world.url}/c/unknown`)).text())
    expect((await enter(code, phone)).status).toBe(303)
    await world.advance({ minutes: 1 })
    expect((await enter('ZZZZZZZZ', '0011')).status).toBe(404)
  })

  test('what one address tries keeps nobody else out', async () => {
    const phone = nextPhone()
    const { code } = await textFor(phone)
    for (let done = 0; done < 1_100; done += 20) {
      const guesses = Array.from({ length: 20 }, (_, index) =>
        tryAt('ZZZZZZZZ', String(9_999 - done - index), '10.7.7.7'),
      )
      await Promise.all(guesses)
    }
    expect(await tryAt('ZZZZZZZZ', '0001', '10.8.8.8')).toMatchObject({ limited: false, beyond: [] })
    expect((await enter(code, phone)).status).toBe(303)
  })

  test('guesses at one phone from many addresses are limited by the phone, and nobody else suffers', async () => {
    const [phone, other] = [nextPhone(), nextPhone()]
    const { code } = await textFor(phone)
    const beside = await textFor(other)
    for (let tries = 0; tries < 10; tries += 1) await tryAt('ZZZZZZZZ', phone, `10.0.0.${tries}`)
    expect(await tryAt(code, phone, '10.0.1.1')).toMatchObject({ limited: false, beyond: ['phone'] })
    expect((await enter(code, phone)).status).toBe(404)
    expect((await enter(beside.code, other)).status).toBe(303)
    await world.advance({ minutes: 61 })
    expect((await enter(code, phone)).status).toBe(303)
  })

  test('of fifty tries at the same moment from one address ten are looked at', async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, index) => tryAt('ZZZZZZZZ', String(1_000 + index), '10.9.9.9')),
    )
    expect(all.filter((one) => one.beyond!.length === 0)).toHaveLength(10)
  })

  test('guesses from a thousand addresses at a thousand phones hit nothing, and no link suffers from them', async () => {
    const phone = nextPhone()
    const { code } = await textFor(phone)
    const { volunteerId } = await asked()
    await world.advance({ minutes: 61 })
    for (let done = 0; done < 1_000; done += 20) {
      const guesses = Array.from({ length: 20 }, (_, index) => {
        const at = done + index
        return tryAt('ZZZZZZZZ', String(9_999 - at), `10.${at >> 8}.${at & 255}.1`)
      })
      for (const one of await Promise.all(guesses)) expect(one.beyond).toEqual([])
    }
    expect(await tryAt(code, phone, '10.200.0.1')).toMatchObject({ limited: false, beyond: ['all'] })
    expect((await enter(code, phone)).status).toBe(404)
    expect((await fetch(linkTo(volunteerId))).status).toBe(200)
    await world.advance({ minutes: 61 })
    expect((await enter(code, phone)).status).toBe(303)
  })

  test('a hundred people with right codes behind one address are all let in', async () => {
    const phone = nextPhone()
    const { code } = await textFor(phone)
    await db().update(codes).set({ uses: -100 })
    const all = await Promise.all(Array.from({ length: 100 }, () => enter(code, phone)))
    expect(new Set(all.map((one) => one.status))).toEqual(new Set([303]))
  })
})

describe('sending again', () => {
  test('replaces what was sent before: the old link says so and does nothing, the new one works', async () => {
    const { volunteerId, id, requestId } = await asked()
    const old = linkTo(volunteerId)
    const sent = await world.must('POST', `/v1/confirmation-requests/${requestId}:send-again`, { reason: 'lost phone' })
    expect(sent.body.sentAgainAt).not.toBeNull()
    await world.settled()
    const fresh = linkTo(volunteerId)
    expect(fresh).not.toBe(old)
    const page = await (await roster.page(old)).text()
    expect(page).toContain('后来的一条消息取代了这个链接')
    expect(page).not.toContain('城东卡点')
    expect((await roster.answer(old, { answer: 'confirm', assignmentId: id })).status).not.toBe(500)
    expect((await roster.answer(`${old}/stop`, { answer: 'stop' })).status).not.toBe(500)
    expect(await stateOf(id)).toBe('pending')
    expect((await db().select().from(volunteers).where(eq(volunteers.id, volunteerId)))[0]!.doNotContact).toBe(false)
    expect((await fetch(`${old}/duty.ics`)).status).toBe(404)
    await roster.answer(fresh, { answer: 'confirm', assignmentId: id })
    expect(await stateOf(id)).toBe('confirmed')
    expect(await actionsOf(requestId)).toContain('confirmation-request.sent-again')
  })

  test('a message from before that has not gone out yet does not go out any more', async () => {
    const { volunteerId, requestId } = await asked()
    const { notifications } = world.house.services
    await roster.occasionally((occasion) =>
      notifications.notify(occasion, [
        {
          volunteerId,
          template: 'confirmation-reminder',
          subjectId: requestId,
          purpose: 'late',
          sendAfter: new Date(world.clock.now().getTime() + 60_000),
        },
      ]),
    )
    await world.must('POST', `/v1/confirmation-requests/${requestId}:send-again`, {})
    await world.advance({ minutes: 2 })
    const told = world.messagesTo(volunteerId).map((message) => message.template)
    expect(told).toEqual(['confirmation-request', 'confirmation-request'])
  })

  test('also puts codes out of use', async () => {
    const phone = nextPhone()
    const { code, requestId } = await textFor(phone)
    await world.must('POST', `/v1/confirmation-requests/${requestId}:send-again`, {})
    await world.advance({ minutes: 2 })
    expect((await enter(code, phone)).status).toBe(404)
    const newer = /[0-9A-HJKMNP-TV-Z]{8}/.exec(gateway.calls.at(-1)!.body.text)![0]
    expect((await enter(newer, phone)).status).toBe(303)
  })

  test('is refused where nothing waits, where the person wants no messages, and elsewhere', async () => {
    const { volunteerId, id, requestId } = await asked()
    const path = `/v1/confirmation-requests/${requestId}:send-again`
    const beside = await world.must('POST', '/v1/units', {
      parentId: world.root.id,
      kind: 'town',
      name: `Beside ${phones}`,
    })
    const key = await world.makeKey(beside.body.id, 'organizer')
    expect((await world.call('POST', path, {}, { key })).body.code).toBe('confirmation-request-unknown')
    await db().update(volunteers).set({ doNotContact: true }).where(eq(volunteers.id, volunteerId))
    expect((await world.call('POST', path, {})).body.code).toBe('do-not-contact')
    await db().update(volunteers).set({ doNotContact: false }).where(eq(volunteers.id, volunteerId))
    await world.must('POST', `/v1/assignments/${id}:decline`, {})
    expect((await world.call('POST', path, {})).body.code).toBe('nothing-to-ask')
  })
})

describe('the organizer', () => {
  test('sees the links of a person and of a request, and revokes them', async () => {
    const { volunteerId, id, requestId } = await asked()
    const link = linkTo(volunteerId)
    const list = await world.must('GET', `/v1/personal-links?requestId=${requestId}`)
    expect(list.body.items).toMatchObject([{ kind: 'link', purpose: 'confirmation', state: 'live', volunteerId }])
    expect(list.text).not.toContain(link.split('/').at(-1))
    const none = await world.must('POST', '/v1/personal-links:revoke', { requestId: (await asked()).requestId })
    expect(none.body).toEqual({ revoked: 1 })
    const revoked = await world.must('POST', '/v1/personal-links:revoke', { volunteerId, reason: 'phone stolen' })
    expect(revoked.body).toEqual({ revoked: 1 })
    expect((await roster.page(link)).status).toBe(404)
    expect((await roster.answer(link, { answer: 'confirm', assignmentId: id })).status).toBe(404)
    const after = await world.must('GET', `/v1/personal-links?volunteerId=${volunteerId}`)
    expect(after.body.items[0].state).toBe('revoked')
    expect(await actionsOf(list.body.items[0].id)).toEqual(['link.revoked'])
    expect((await world.must('GET', `/v1/personal-links?volunteerId=${volunteerId}&live=true`)).body.items).toEqual([])
  })

  test('with a code go the links it was exchanged for', async () => {
    const phone = nextPhone()
    const { volunteerId, code } = await textFor(phone)
    const path = (await enter(code, phone)).headers.get('location')!
    await world.must('POST', '/v1/personal-links:revoke', { volunteerId })
    expect((await roster.page(world.url + path)).status).toBe(404)
    expect((await enter(code, phone)).status).toBe(404)
  })

  test('has to say whose', async () => {
    const both = await world.call('POST', '/v1/personal-links:revoke', {})
    expect(both).toMatchObject({ status: 400, body: { errors: [{ pointer: '/body/volunteerId' }] } })
  })
})

describe('beside the answer', () => {
  test('messages can be stopped and begin again, by the person alone', async () => {
    const { volunteerId } = await asked()
    const link = linkTo(volunteerId)
    const wants = async () =>
      (await db().select().from(volunteers).where(eq(volunteers.id, volunteerId)))[0]!.doNotContact
    await fetch(`${link}/stop`)
    expect(await wants()).toBe(false)
    expect((await roster.answer(`${link}/stop`, { answer: 'stop' })).status).toBe(303)
    expect(await wants()).toBe(true)
    expect(await (await fetch(`${link}/stop`)).text()).toContain('重新接收消息')
    await roster.answer(`${link}/stop`, { answer: 'resume' })
    expect(await wants()).toBe(false)
    expect(await actionsOf(volunteerId)).toEqual(['volunteer.messages-stopped', 'volunteer.messages-resumed'])
  })

  test('the duty goes into a calendar, and inside WeChat the page says how', async () => {
    const { volunteerId, id } = await asked()
    const link = linkTo(volunteerId)
    const file = await fetch(`${link}/duty.ics`)
    expect(file.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    const text = await file.text()
    expect(text).toContain(`UID:duty-${id}@watchbill`)
    expect(text).toContain('DTSTART;TZID=Asia/Shanghai:20260506T080000')
    expect(text).not.toContain(link.split('/').at(-1))
    expect(await (await roster.page(link, { headers: { 'user-agent': 'X MicroMessenger/8' } })).text()).toContain(
      '在浏览器打开',
    )
  })

  test('"I could stay on" is kept for organizers, and every answer has a receipt', async () => {
    const { volunteerId, id, requestId } = await asked()
    const link = linkTo(volunteerId)
    await roster.answer(link, { answer: 'confirm', assignmentId: id, asksToStay: 'yes', staysOn: 'yes' })
    await world.settled()
    const listed = await world.must('GET', `/v1/confirmation-requests?staysOn=true&volunteerId=${volunteerId}`)
    const [duty] = listed.body.items[0].duties
    expect(duty).toMatchObject({ staysOn: true, receipt: expect.stringMatching(/^[0-9A-Z]{8}$/) })
    const message = world.messagesTo(volunteerId).at(-1)!
    expect(message.template).toBe('confirmation-receipt')
    expect(message.text).toContain(`回执号${duty.receipt}`)
    expect(await (await roster.page(message.link!)).text()).toContain(duty.receipt)
    const byNumber = await world.must('GET', `/v1/confirmation-requests?receipt=${duty.receipt}`)
    expect(byNumber.body.items.map((one: { id: string }) => one.id)).toEqual([requestId])
    await roster.answer(message.link!, { answer: 'noStay', assignmentId: id })
    const again = await world.must('GET', `/v1/confirmation-requests?volunteerId=${volunteerId}`)
    expect(again.body.items[0].duties[0].staysOn).toBe(false)
    expect(await actionsOf(id)).toEqual([
      'assignment.seated',
      'assignment.confirmed',
      'assignment.stay-on-offered',
      'assignment.stay-on-taken-back',
    ])
  })

  test('leads on to checking in, by a button and not by looking', async () => {
    const { volunteerId, id } = await asked()
    await world.must('POST', `/v1/assignments/${id}:confirm`, {})
    const answer = await roster.answer(linkTo(volunteerId), { answer: 'attend', assignmentId: id })
    expect(answer.headers.get('location')).toMatch(/^\/a\/[\w-]{43}$/)
    expect((await fetch(world.url + answer.headers.get('location'))).status).toBe(200)
  })

  test('what has changed since is shown, and an answer to something else changes nothing', async () => {
    const { volunteerId, id, postId } = await asked()
    const link = linkTo(volunteerId)
    const before = await (await roster.page(link)).text()
    const mark = /name="mark" value="(\w+)"/.exec(before)![1]!
    await world.house.database.sql`update posts set address = '2 Ring Road' where id = ${postId}`
    await roster.answer(link, { answer: 'confirm', assignmentId: id, seen: '1', mark })
    expect(await stateOf(id)).toBe('pending')
    const page = await (await roster.page(link)).text()
    expect(page).toContain('值班有变更')
    expect(page).toMatch(/<del>[^<]*Ring Road/)
    expect(page).toContain('2 Ring Road')
    await roster.answer(link, { answer: 'confirm', assignmentId: id })
    expect(await stateOf(id)).toBe('confirmed')
    expect(await (await roster.page(link)).text()).not.toContain('值班有变更')
  })
})
