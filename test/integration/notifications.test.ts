import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allHandlers } from '../../src/background.ts'
import { emailChannel } from '../../src/modules/notifications/channels/email.ts'
import { logChannel } from '../../src/modules/notifications/channels/log.ts'
import { deliverMessage } from '../../src/modules/notifications/notifications.jobs.ts'
import { createNotifications } from '../../src/modules/notifications/notifications.service.ts'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import {
  type Channel,
  defineTemplate,
  type NewMessage,
  type SentMessage,
  type Templates,
} from '../../src/modules/notifications/notifications.types.ts'
import { unitResponsibles } from '../../src/modules/organisation/organisation.tables.ts'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { startNightWatch } from '../../src/platform/queue/night-watch.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { silentLog } from '../../src/platform/telemetry/log.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster
const leftOpen: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  world = await startWorld({ worker: false })
  roster = await plainRoster(world)
  return () => world.close()
})

afterEach(async () => {
  for (const close of leftOpen.splice(0).reverse()) await close()
})

const note = defineTemplate<{ word: string }>({
  load: async (_handle, message) => (message.params.gone ? undefined : { facts: { word: message.params.word ?? '-' } }),
  words: ({ word }) => ({ word }),
  texts: {
    zh: { subject: '通知', text: '{name}您好：{word}' },
    en: { subject: 'A note', text: 'Hello {name}: {word}' },
  },
})
const invitation = defineTemplate({
  load: async (_handle, message, now) => ({
    facts: {},
    link: {
      purpose: 'offer' as const,
      subjectId: message.subjectId,
      expiresAt: new Date(now.getTime() + 60_000),
      path: '/o',
    },
  }),
  words: () => ({}),
  texts: {
    zh: { subject: '请', text: '{link}' },
    en: { subject: 'Please & thanks', text: 'Hello {name},\n<open> {link}\nBye' },
  },
})

/** Notifications of our own with these channels, so that a test sees what is sent and says what comes back. */
function ownNotifications(extra: Channel[] = [], templates: Templates = { note, invitation }) {
  const heard: SentMessage[] = []
  const { foundations } = world.house.services
  const folder = mkdtempSync(join(tmpdir(), 'watchbill-messages-'))
  leftOpen.push(() => rm(folder, { recursive: true }))
  const file = join(folder, 'below', 'messages.jsonl')
  const log = logChannel({ file, clock: foundations.clock, onMessage: (message) => heard.push(message) })
  const service = createNotifications({
    ...foundations,
    channels: [log, ...extra],
    templates,
    address: { publicUrl: 'https://duty.example.org' },
    codeKey: randomBytes(32),
  })
  leftOpen.push(service.close)
  const send = async (message: Partial<NewMessage> & { volunteerId?: string; unitId?: string }) => {
    const purpose = newId()
    const subjectId = newId()
    await roster.occasionally((occasion) =>
      service.notify(occasion, [{ template: 'note', subjectId, purpose, params: { word: 'hi' }, ...message }]),
    )
    return rowWhere(purpose)
  }
  return { service, heard, file, send }
}

const db = () => world.house.services.foundations.db
async function rowWhere(purpose: string) {
  const [row] = await db().select().from(messages).where(eq(messages.purpose, purpose))
  return row!
}
async function rowOf(id: string) {
  const [row] = await db().select().from(messages).where(eq(messages.id, id))
  return row!
}
const person = async (options?: Parameters<PlainRoster['people']>[1]) => (await roster.people(1, options))[0]!

describe('the outbox', () => {
  test('a message whose transaction is rolled back was never written', async () => {
    const { service, send } = ownNotifications()
    const volunteerId = await person()
    const doomed = roster.occasionally(async (occasion) => {
      await service.notify(occasion, [{ volunteerId, template: 'note', subjectId: newId(), purpose: 'p' }])
      throw new Error('the plan fell through')
    })
    await expect(doomed).rejects.toThrow('fell through')
    expect(await db().select().from(messages)).toEqual([])
    expect(await db().select().from(tasks)).toEqual([])
    await send({ volunteerId })
    expect(await db().select().from(tasks)).toMatchObject([{ name: deliverMessage.name, state: 'waiting' }])
  })

  test('publishing writes messages with the seats, or neither', async () => {
    const people = await roster.people(3)
    const { slotIds } = await roster.shift({ start: '2026-05-06T08:00', seats: 3 })
    const seats = slotIds.map((slotId, index) => ({ slotId, volunteerId: people[index]! }))
    await expect(roster.publish([...seats, { slotId: slotIds[0]!, volunteerId: people[1]! }])).rejects.toThrow()
    expect(await db().select().from(messages)).toEqual([])
    await roster.publish(seats)
    const rows = await db().select().from(messages)
    expect(rows.map((row) => [row.template, row.state])).toEqual(Array(3).fill(['confirmation-request', 'queued']))
  })

  const workers = () => {
    const { services, databaseUrl } = world.house
    const watch = startNightWatch({
      db: services.foundations.db,
      clock: world.clock,
      log: silentLog,
      backend: { kind: 'postgres', url: databaseUrl },
      handlers: allHandlers(services),
      concurrency: 4,
      pollMs: 50,
      sweepMs: 100,
    })
    leftOpen.push(watch.close)
    return watch
  }
  const publishOne = async () => {
    const volunteerId = await person()
    const { slotIds } = await roster.shift({ start: '2026-05-06T08:00' })
    await roster.publish([{ slotId: slotIds[0]!, volunteerId }])
    return volunteerId
  }

  test('what was committed before a crash, and never handed to a queue, goes out', async () => {
    const volunteerId = await publishOne()
    expect(world.messages).toEqual([])
    await workers().settled()
    expect(world.messagesTo(volunteerId)).toHaveLength(1)
  })

  test('so does what was handed to a queue that has lost it, and what a dead process had begun', async () => {
    const [lost, begun] = [await publishOne(), await publishOne()]
    const [a, b] = await db().select().from(tasks).where(eq(tasks.name, deliverMessage.name))
    await db().update(tasks).set({ nudgedAt: world.clock.now(), nudges: 1 }).where(eq(tasks.id, a!.id))
    await db()
      .update(tasks)
      .set({
        state: 'running',
        attempts: 1,
        nudgedAt: world.clock.now(),
        lockedUntil: new Date(world.clock.now().getTime() + 60_000),
      })
      .where(eq(tasks.id, b!.id))
    world.clock.advance(61_000)
    await workers().settled()
    expect(world.messagesTo(lost)).toHaveLength(1)
    expect(world.messagesTo(begun)).toHaveLength(1)
  })
})

describe('delivery', () => {
  test('one purpose is told once, however often it is asked for', async () => {
    const { service, heard } = ownNotifications()
    const volunteerId = await person()
    for (let times = 0; times < 3; times += 1) {
      await roster.occasionally((occasion) =>
        service.notify(occasion, [{ volunteerId, template: 'note', subjectId: newId(), purpose: 'same' }]),
      )
    }
    const rows = await db().select().from(messages)
    expect(rows).toHaveLength(1)
    await service.deliver(rows[0]!.id)
    await service.deliver(rows[0]!.id)
    expect(heard).toHaveLength(1)
  })

  test('the handler run three times, two at a time, sends once', async () => {
    const { service, heard, send } = ownNotifications()
    const { id } = await send({ volunteerId: await person() })
    await Promise.all([service.deliver(id), service.deliver(id), service.deliver(id)])
    await service.deliver(id)
    expect(heard).toHaveLength(1)
    expect(await rowOf(id)).toMatchObject({ state: 'accepted', attempts: 1, channel: 'log', sentAt: expect.any(Date) })
    const audited = await db().select().from(auditLog).where(eq(auditLog.subjectId, id))
    expect(audited.map((row) => row.action)).toEqual(['message.queued', 'message.accepted'])
  })

  test('it waits for its time', async () => {
    const { service, heard, send } = ownNotifications()
    const sendAfter = new Date(world.clock.now().getTime() + 3_600_000)
    const { id } = await send({ volunteerId: await person(), sendAfter })
    await service.deliver(id)
    expect(heard).toEqual([])
    expect((await rowOf(id)).state).toBe('queued')
    world.clock.set(sendAfter)
    await service.deliver(id)
    expect(heard).toHaveLength(1)
  })

  test('what a dead sender had begun is sent when its time is over, and not before', async () => {
    const { service, heard, send } = ownNotifications()
    const { id } = await send({ volunteerId: await person() })
    const leaseEnd = new Date(world.clock.now().getTime() + 50_000)
    await db().update(messages).set({ state: 'sending', attempts: 1, sendAfter: leaseEnd }).where(eq(messages.id, id))
    await db().update(tasks).set({ state: 'running' }).where(eq(tasks.key, id))
    await service.deliver(id)
    expect(heard).toEqual([])
    const [again] = await db().select().from(tasks).where(eq(tasks.state, 'waiting'))
    expect(again).toMatchObject({ key: id, dueAt: leaseEnd })
    world.clock.set(leaseEnd)
    await service.deliver(id)
    expect(heard).toHaveLength(1)
    expect(await rowOf(id)).toMatchObject({ state: 'accepted', attempts: 2 })
  })

  test('what is no longer wanted is cancelled; who wants no messages gets none; what nobody can write fails', async () => {
    const { service, heard, send } = ownNotifications()
    const gone = await send({ volunteerId: await person(), params: { gone: 'yes' } })
    const quiet = await send({ volunteerId: await person({ doNotContact: true }) })
    const strange = await send({ volunteerId: await person(), template: 'no-such-template' })
    for (const { id } of [gone, quiet, strange]) await service.deliver(id)
    expect(heard).toEqual([])
    expect(await rowOf(gone.id)).toMatchObject({ state: 'cancelled', error: 'no longer wanted' })
    expect(await rowOf(quiet.id)).toMatchObject({ state: 'failed', error: 'do-not-contact' })
    expect(await rowOf(strange.id)).toMatchObject({ state: 'failed' })
  })

  test('a text that asks for what there is not is given up at the last try', async () => {
    const broken = defineTemplate({
      load: async () => ({ facts: {} }),
      words: () => ({}),
      texts: { zh: { subject: '?', text: '{nothing}' }, en: { subject: '?', text: '{nothing}' } },
    })
    const { service, send } = ownNotifications([], { broken })
    const { id } = await send({ volunteerId: await person(), template: 'broken' })
    await expect(service.deliver(id, 1)).rejects.toThrow('{nothing}')
    expect((await rowOf(id)).state).toBe('queued')
    await service.deliver(id, deliverMessage.attempts)
    expect(await rowOf(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('{nothing}') })
  })

  test('the log has one line a message, in the language of the person', async () => {
    const { service, heard, file, send } = ownNotifications()
    const [zh, en] = [await person({ locale: 'zh' }), await person()]
    for (const volunteerId of [zh, en]) await service.deliver((await send({ volunteerId })).id)
    const lines = (await readFile(file, 'utf8')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { volunteerId: zh, to: `volunteer/${zh}`, subject: '通知', text: 'Person 1您好：hi' },
      { volunteerId: en, to: `volunteer/${en}`, subject: 'A note', text: 'Hello Person 1: hi' },
    ])
    expect(heard).toHaveLength(2)
  })

  test('the responsible people of a unit are told as one, the first with an address', async () => {
    const mail = await mailServer()
    const { service, heard, send } = ownNotifications([mail.channel()])
    const bare = await send({ unitId: world.root.id })
    await service.deliver(bare.id)
    expect(heard).toMatchObject([{ volunteerId: '', to: `unit/${world.root.id}`, text: 'Hello Test city: hi' }])
    await db()
      .insert(unitResponsibles)
      .values([
        { unitId: world.root.id, position: 1, name: 'Ada' },
        { unitId: world.root.id, position: 2, name: 'Ben', email: 'ben@example.org' },
      ])
    await service.deliver((await send({ unitId: world.root.id })).id)
    expect(mail.received).toMatchObject([{ to: [{ address: 'ben@example.org' }] }])
  })
})

async function mailServer(options: SMTPServerOptions = {}) {
  const received: Awaited<ReturnType<typeof PostalMime.parse>>[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        received.push(await PostalMime.parse(Buffer.concat(chunks)))
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as { port: number }
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  leftOpen.push(stop)
  const channel = (deadlineMs = 5_000) =>
    emailChannel({ url: `smtp://127.0.0.1:${port}`, from: 'duty@example.org', deadlineMs })
  return { received, channel, port, stop }
}

describe('mail', () => {
  const byMail = async (channel: Channel, message: Partial<NewMessage> = {}) => {
    const own = ownNotifications([channel])
    const row = await own.send({ volunteerId: await person({ email: () => 'ada@example.org' }), ...message })
    return { ...own, id: row.id }
  }

  test('goes to the first address, whole in text and in HTML, and can be recognised', async () => {
    const mail = await mailServer()
    const { service, id, heard } = await byMail(mail.channel(), { template: 'invitation' })
    await service.deliver(id)
    expect(heard).toEqual([])
    expect(mail.received).toHaveLength(1)
    const [got] = mail.received
    expect(got).toMatchObject({
      subject: 'Please & thanks',
      from: { address: 'duty@example.org' },
      to: [{ address: 'ada@example.org' }],
      messageId: `<${id}@example.org>`,
    })
    expect(got!.headers.find((header) => header.key === 'auto-submitted')?.value).toBe('auto-generated')
    const link = /https:\/\/duty\.example\.org\/o\/[\w-]{43}/.exec(got!.text!)![0]
    expect(got!.html).toContain(`<a href="${link}">${link}</a>`)
    expect(got!.html).toContain('&lt;open&gt;')
    expect(await rowOf(id)).toMatchObject({
      state: 'accepted',
      channel: 'email',
      providerId: expect.stringContaining('250'),
    })
  })

  test('goes out by the settings of the house, and the house can close', async () => {
    const mail = await mailServer()
    const settings = { SMTP_URL: `smtp://127.0.0.1:${mail.port}`, MAIL_FROM: 'office@example.org' }
    await using other = await startWorld({ settings })
    const { people, shift, publish } = await plainRoster(other)
    const [volunteerId] = await people(1, { email: () => 'ada@example.org', locale: 'zh' })
    const { slotIds } = await shift({ start: '2026-05-06T08:00' })
    await publish([{ slotId: slotIds[0]!, volunteerId: volunteerId! }])
    await other.settled()
    expect(mail.received).toMatchObject([{ subject: '请确认您的值班', from: { address: 'office@example.org' } }])
    expect(mail.received[0]!.text).toContain(`${other.url}/c/`)
    expect(other.messages).toEqual([])
  })

  test('that is refused for good fails, and is heard of', async () => {
    const mail = await mailServer({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such box'), { responseCode: 550 })),
    })
    const { service, id } = await byMail(mail.channel())
    await service.deliver(id)
    expect(await rowOf(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('550'), sentAt: null })
  })

  test('that is refused for now is sent later, once', async () => {
    let busy = true
    const mail = await mailServer({
      onRcptTo: (_address, _session, done) =>
        done(busy ? Object.assign(new Error('try later'), { responseCode: 451 }) : null),
    })
    const { service, id } = await byMail(mail.channel())
    await expect(service.deliver(id)).rejects.toThrow('451')
    expect(await rowOf(id)).toMatchObject({ state: 'queued', attempts: 1, error: expect.stringContaining('451') })
    busy = false
    await service.deliver(id, 2)
    expect(mail.received).toHaveLength(1)
    expect(await rowOf(id)).toMatchObject({ state: 'accepted', attempts: 2 })
  })

  test('to a server that is away waits, and fails only at the last try', async () => {
    const mail = await mailServer()
    const channel = mail.channel()
    await mail.stop()
    const { service, id } = await byMail(channel)
    await expect(service.deliver(id)).rejects.toThrow('ECONNREFUSED')
    expect((await rowOf(id)).state).toBe('queued')
    await service.deliver(id, deliverMessage.attempts)
    expect(await rowOf(id)).toMatchObject({ state: 'failed' })
  })

  test('whose reception nobody confirms is unknown, and is not sent again', async () => {
    let taken = 0
    const mail = await mailServer({
      onData(stream) {
        stream.resume()
        stream.on('end', () => {
          taken += 1
        })
      },
    })
    const { service, id } = await byMail(mail.channel(400))
    await service.deliver(id)
    expect(await rowOf(id)).toMatchObject({ state: 'unknown', sentAt: expect.any(Date) })
    await service.deliver(id)
    expect(taken).toBe(1)
  })

  test('whose server is cut off before the words were handed over waits', async () => {
    const mail = await mailServer({ onMailFrom: () => {} })
    const { service, id } = await byMail(mail.channel(400))
    await expect(service.deliver(id)).rejects.toThrow()
    expect((await rowOf(id)).state).toBe('queued')
  })

  test('never goes to an address that would say more than where', async () => {
    const mail = await mailServer()
    const own = ownNotifications([mail.channel()])
    const volunteerId = await person()
    await db()
      .insert(contactPoints)
      .values([
        { volunteerId, channel: 'email', address: 'a@example.org\r\nBcc: evil@example.org', position: 1 },
        { volunteerId, channel: 'email', address: 'a@example.org, evil@example.org', position: 2 },
        { volunteerId, channel: 'sms', address: '13800000000', position: 3 },
        { volunteerId, channel: 'email', address: 'right@example.org', position: 4 },
      ])
    await own.service.deliver((await own.send({ volunteerId })).id)
    expect(mail.received).toMatchObject([{ to: [{ address: 'right@example.org' }] }])
    expect(mail.received[0]!.bcc ?? []).toEqual([])
  })
})

describe('the list', () => {
  test('shows what became of messages, with masked addresses and no secrets, to those who may see them', async () => {
    const mail = await mailServer()
    const own = ownNotifications([mail.channel()])
    const volunteerId = await person({ email: () => 'ada@example.org' })
    const sent = await own.send({ volunteerId, template: 'invitation' })
    await own.service.deliver(sent.id)
    await own.send({ volunteerId: await person() })
    await own.send({ unitId: world.root.id })
    const all = await world.must('GET', '/v1/messages')
    expect(all.body.items).toHaveLength(3)
    const secret = /\/o\/([\w-]{43})/.exec(mail.received[0]!.text!)![1]!
    expect(all.text).not.toContain(secret)
    expect(all.text).not.toContain('ada@example.org')
    const mine = await world.must('GET', `/v1/messages?volunteerId=${volunteerId}&state=accepted&template=invitation`)
    expect(mine.body.items).toMatchObject([
      { id: sent.id, address: 'a***@example.org', channel: 'email', unitId: null },
    ])
    const first = await world.must('GET', '/v1/messages?limit=2&sort=-createdAt')
    const second = await world.must('GET', `/v1/messages?limit=2&sort=-createdAt&cursor=${first.body.nextCursor}`)
    const pages = [...first.body.items, ...second.body.items].map((item: { id: string }) => item.id)
    expect(new Set(pages).size).toBe(3)
    const beside = await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Beside' })
    const key = await world.makeKey(beside.body.id, 'viewer')
    expect((await world.must('GET', '/v1/messages', undefined, { key })).body.items).toEqual([])
    expect(await world.call('GET', '/v1/messages?state=lost&x=1')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/query/state' }, { pointer: '/query/x' }] },
    })
  })
})
