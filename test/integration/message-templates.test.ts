import { eq } from 'drizzle-orm'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { smsSegments } from '../../src/modules/notifications/channels/sms-segments.ts'
import { messages, messageTemplates } from '../../src/modules/notifications/notifications.tables.ts'
import { contactPoints, volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { links } from '../../src/platform/auth/auth.tables.ts'
import { type Peer, startPeer } from '../support/peer.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster
let sms: Peer
let mail: { text: string[]; port: number; stop(): Promise<void> }
let office: string
const db = () => world.house.services.foundations.db

async function mailbox() {
  const text: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        text.push(Buffer.concat(chunks).toString())
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as { port: number }
  return { text, port, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

beforeAll(async () => {
  ;[sms, mail] = [await startPeer(() => ({ body: { id: 'p' } })), await mailbox()]
  world = await startWorld({
    settings: {
      SMS_URL: `${sms.url}/send`,
      SMS_ADDRESS: 'v.example.cn',
      SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    },
  })
  roster = await plainRoster(world)
  const unit = { parentId: world.root.id, kind: 'township', name: 'East' }
  office = (await world.must('POST', '/v1/units', unit)).body.id
})
afterAll(async () => {
  await world.close()
  await Promise.all([sms.stop(), mail.stop()])
})
beforeEach(async () => {
  await db().delete(messageTemplates)
  sms.calls.length = 0
  mail.text.length = 0
  world.messages.length = 0
})

const REQUEST = {
  template: 'confirmation-request',
  locale: 'en',
  subject: 'Your turn',
  text: 'Dear {name}, will you come?{duties}\n{link}',
}
const create = (body: object = {}) =>
  world.call('POST', '/v1/message-templates', { unitId: office, ...REQUEST, ...body })

describe('words of a unit’s own', () => {
  test('are said in it and below, in their language, until they are taken back; rows remember the version', async () => {
    const made = await create()
    expect(made).toMatchObject({ status: 201, body: { channel: null, version: 1 } })
    const { id } = made.body
    const ifMatch = { headers: { 'if-match': made.headers.get('etag')! } }
    const path = `/v1/message-templates/${id}`
    const changed = await world.must('PATCH', path, { subject: 'Your turn, please' }, ifMatch)
    expect(changed.body).toMatchObject({ version: 2, text: REQUEST.text })
    expect((await world.call('PATCH', path, { subject: 'x' }, ifMatch)).status).toBe(412)

    const ask = async (unitId: string, locale: 'en' | 'zh' = 'en') => {
      const [volunteerId] = await roster.people(1, { unitId, locale })
      const { slotIds } = await roster.shift({ start: '2026-05-20T08:00' })
      await roster.publish([{ slotId: slotIds[0]!, volunteerId: volunteerId! }])
      await world.settled()
      const [row] = await db().select().from(messages).where(eq(messages.volunteerId, volunteerId!))
      return { said: world.messagesTo(volunteerId!)[0]!, row: row! }
    }
    const own = await ask(office)
    expect(own.said).toMatchObject({
      subject: 'Your turn, please',
      text: expect.stringMatching(/^Dear Person 1, will/),
    })
    expect(own.row).toMatchObject({ templateId: id, templateVersion: 2, locale: 'en' })
    for (const other of [await ask(world.root.id), await ask(office, 'zh')]) {
      expect(other.said.subject).not.toContain('Your turn')
      expect(other.row).toMatchObject({ templateId: null, templateVersion: 0 })
    }
    const newer = { headers: { 'if-match': '"2"' } }
    expect((await world.call('DELETE', path, undefined, newer)).status).toBe(204)
    expect((await ask(office)).said.subject).not.toContain('Your turn')
    const audited = await db().select().from(auditLog).where(eq(auditLog.subjectId, id))
    expect(audited.map((row) => row.action)).toEqual([
      'message-template.created',
      'message-template.changed',
      'message-template.deleted',
    ])
    expect(audited[1]!.facts).toMatchObject({ version: 2, subject: 'Your turn, please', text: REQUEST.text })
  })

  test('are refused with everything that is wrong with them, in one answer', async () => {
    const bad = await create({
      subject: 'You must {link}',
      text: '{nmae}, 必须参加 {duties} or there will be a penalty {',
    })
    expect(bad.status).toBe(422)
    expect(
      bad.body.errors.map((one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`).sort(),
    ).toEqual([
      '/body/subject placeholder-unknown',
      '/body/subject word-forbidden',
      '/body/text brace-open',
      '/body/text placeholder-missing',
      '/body/text placeholder-unknown',
      '/body/text word-forbidden',
      '/body/text word-forbidden',
    ])
    expect((await create({ template: 'no-such' })).body.errors).toMatchObject([{ code: 'template-unknown' }])
    expect((await create({ locale: 'fr' })).status).toBe(400)
  })

  test('for text messages fit with long values, and have a way in', async () => {
    const long = `${'Please tell us whether you can come to this duty. '.repeat(14)}{link}`
    const answer = await create({ channel: 'sms', text: long })
    expect(answer.body.errors).toMatchObject([{ pointer: '/body/text', code: 'text-too-long' }])
    expect((await create({ channel: 'sms', text: '【East】Come? {duties}' })).body.errors).toMatchObject([
      { code: 'placeholder-missing' },
      { code: 'bracket-forbidden' },
    ])
    expect((await create({ channel: 'sms', text: 'Come? {first}. {address} {code}' })).status).toBe(201)
    expect((await create({ channel: 'email', text: 'Come? {duties} {address} {code} {link}' })).status).toBe(422)
  })

  test('are one for each unit, language and channel, and belong to the unit', async () => {
    const { body } = await create()
    expect((await create()).body.code).toBe('message-template-exists')
    expect((await create({ channel: 'email' })).status).toBe(201)
    const key = await world.makeKey(
      (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: `W ${body.id}` })).body.id,
      'organizer',
    )
    expect((await world.must('GET', '/v1/message-templates', undefined, { key })).body.items).toEqual([])
    expect((await world.call('GET', `/v1/message-templates/${body.id}`, undefined, { key })).status).toBe(404)
    expect(
      (await world.call('POST', '/v1/message-templates', { unitId: office, ...REQUEST, locale: 'zh' }, { key })).status,
    ).toBe(404)
    const viewer = await world.makeKey(office, 'viewer')
    expect((await world.call('DELETE', `/v1/message-templates/${body.id}`, undefined, { key: viewer })).status).toBe(
      403,
    )
    expect(
      (await world.must('GET', `/v1/message-templates?unitId=${office}&template=confirmation-request`)).body.items,
    ).toHaveLength(2)
  })
})

describe('previews', () => {
  const preview = async (body: object) =>
    (await world.must('POST', '/v1/message-previews', { unitId: office, ...body })).body

  test('of every message there is, in every language, say what a text message costs', async () => {
    const { items } = (await world.must('GET', '/v1/built-in-message-texts')).body
    const names = [...new Set<string>(items.map((one: { template: string }) => one.template))]
    expect(names.length).toBeGreaterThan(15)
    for (const template of names) {
      const { items: shown } = await preview({ template })
      expect(shown).toHaveLength(15)
      for (const one of shown) {
        expect(one.bytes).toBe(Buffer.byteLength(one.text))
        expect(one.text).not.toMatch(/\{\w+\}/)
        expect(one.text, template).not.toMatch(/‹\w+›/)
        expect(one.segments).toBe(one.channel === 'sms' ? smsSegments(one.text) : null)
      }
    }
  })

  test('with the facts of a real message, and without a way in', async () => {
    const [volunteerId] = await roster.people(1)
    const { slotIds } = await roster.shift({ start: '2026-05-21T08:00', post: { name: 'Old bridge' } })
    await roster.publish([{ slotId: slotIds[0]!, volunteerId: volunteerId! }], [], 5)
    await world.settled()
    const [message] = await db().select().from(messages).where(eq(messages.volunteerId, volunteerId!))
    const before = await db().select().from(links)
    const { items } = await preview({ template: 'confirmation-request', messageId: message!.id })
    const mailed = items.find(
      (one: { locale: string; channel: string }) => one.locale === 'en' && one.channel === 'email',
    )
    expect(mailed.text).toContain('Old bridge')
    expect(mailed.text).toContain('/c/EXAMPLE-')
    expect(await db().select().from(links)).toHaveLength(before.length)
    const key = await world.makeKey(office, 'organizer')
    const foreign = { unitId: office, template: 'confirmation-request', messageId: message!.id }
    expect((await world.call('POST', '/v1/message-previews', foreign, { key })).status).toBe(404)
  })

  test('of a draft show it and what stands against it, and save nothing', async () => {
    const draft = { locale: 'zh', subject: '请来', text: '{name}，必须来' }
    const { items, findings } = await preview({ template: 'confirmation-request', draft })
    expect(findings.map((one: { code: string }) => one.code).sort()).toEqual(['placeholder-missing', 'word-forbidden'])
    const shown = items.filter((one: { text: string }) => one.text.endsWith('，必须来'))
    expect(shown.map((one: { locale: string }) => one.locale)).toEqual(expect.arrayContaining(['zh', 'bo']))
    expect(await db().select().from(messageTemplates)).toEqual([])
  })
})

describe('test messages', () => {
  const send = (body: object) =>
    world.call('POST', '/v1/test-messages', {
      unitId: office,
      template: 'confirmation-request',
      locale: 'en',
      ...body,
    })

  test('go to the address given, at any hour, marked as what they are, and open nothing', async () => {
    await world.advanceTo('2026-05-05T18:00:00Z')
    const before = (await db().select().from(links)).length
    const byMail = await send({ channel: 'email', address: 'me@example.org', name: 'Ada' })
    expect(byMail).toMatchObject({ status: 202, body: { test: true, state: 'queued' } })
    await send({ channel: 'sms', address: '13800000007', locale: 'zh' })
    await world.settled()
    expect(mail.text).toHaveLength(1)
    expect(mail.text[0]).toContain('Subject: [Test] Please confirm your duty')
    expect(mail.text[0]).toContain('EXAMPLE-')
    expect(sms.calls).toHaveLength(1)
    expect(sms.calls[0]!.body.text).toMatch(/^\[试发\] .*v\.example\.cn.*K7QM2X9D/s)
    expect(await db().select().from(links)).toHaveLength(before)
    const audited = await db()
      .select()
      .from(auditLog)
      .where(eq(auditLog.subjectId, byMail.body.id))
      .orderBy(auditLog.id)
    expect(audited.map((row) => [row.action, row.door])).toEqual([
      ['message.test-queued', 'api'],
      ['message.accepted', 'worker'],
    ])
  })

  test('of every message there is can be sent', async () => {
    const { items } = (await world.must('GET', '/v1/built-in-message-texts')).body
    const names = [...new Set<string>(items.map((one: { template: string }) => one.template))]
    for (const template of names) await send({ template, channel: 'log', address: 'file' })
    await world.settled()
    expect(world.messages.map((message) => message.template).sort()).toEqual(names.sort())
  })

  test('go to nobody who wants none, and only where there is a way', async () => {
    const [volunteerId] = await roster.people(1)
    await db().update(volunteers).set({ doNotContact: true }).where(eq(volunteers.id, volunteerId!))
    await db()
      .insert(contactPoints)
      .values({ volunteerId: volunteerId!, channel: 'email', address: 'no@example.org', position: 1 })
    const codes = async (body: object) => (await send(body)).body.errors.map((one: { code: string }) => one.code)
    expect(await codes({ channel: 'email', address: 'no@example.org' })).toEqual(['do-not-contact'])
    expect(await codes({ channel: 'wecom', address: 'ada' })).toEqual(['channel-closed'])
    expect(await codes({ channel: 'email', address: 'a@b.c, d@e.f', template: 'x' })).toEqual([
      'template-unknown',
      'address-wrong',
    ])
    expect(await codes({ channel: 'sms' })).toEqual(['address-wrong'])
  })
})
