import { eq } from 'drizzle-orm'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callOutTemplates } from '../../src/modules/call-outs/call-outs.messages.ts'
import { emailChannel } from '../../src/modules/notifications/channels/email.ts'
import { volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { newSecret } from '../../src/platform/auth/secrets.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'
import { leaving, parcel } from '../unit/notifications/channels/parcel.ts'

type Mail = Awaited<ReturnType<typeof PostalMime.parse>>

const PUBLIC_URL = 'https://duty.example.org'
const received: Mail[] = []
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
})
let smtp: string
let world: World
let roster: PlainRoster
let versions = 0

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  smtp = `smtp://127.0.0.1:${(server.server.address() as { port: number }).port}`
  world = await startWorld({ settings: { SMTP_URL: smtp, MAIL_FROM: 'duty@example.org', PUBLIC_URL } })
  roster = await plainRoster(world)
})
afterAll(async () => {
  await world.close()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})
const db = () => world.house.services.foundations.db

const header = (mail: Mail, key: string) => mail.headers.find((one) => one.key === key)?.value
const mailsTo = (address: string) => received.filter((mail) => mail.to?.[0]?.address === address)
/** The address as this test reaches it. */
const here = (url: string) => url.replace(PUBLIC_URL, world.url)

/** Somebody who is asked about a duty by mail. */
async function asked() {
  versions += 1
  const email = `person${versions}@example.org`
  const [volunteerId] = (await roster.people(1, { email: () => email })) as [string]
  const { slotIds } = await roster.shift({ start: '2026-05-08T08:00' })
  const [id] = (await roster.publish([{ slotId: slotIds[0]!, volunteerId }], [], versions)) as [string]
  await world.settled()
  const [mail] = mailsTo(email)
  const [, stopLink] = /^<(.+)>$/.exec(header(mail!, 'list-unsubscribe')!)!
  return { volunteerId, id, email, mail: mail!, page: here(stopLink!) }
}
const wantsNone = async (volunteerId: string) =>
  (await db().select().from(volunteers).where(eq(volunteers.id, volunteerId)))[0]!.doNotContact
const post = (page: string, body: Record<string, string>) =>
  fetch(page, { method: 'POST', redirect: 'manual', body: new URLSearchParams(body) })
const changesOf = async (id: string) =>
  (await db().select().from(auditLog).where(eq(auditLog.subjectId, id)).orderBy(auditLog.at, auditLog.id)).filter(
    (row) => row.action.startsWith('volunteer.messages'),
  )

describe('mail that is not urgent', () => {
  test('says where messages can be stopped, by a link that is good for nothing else', async () => {
    const { mail, page, id } = await asked()
    expect(header(mail, 'list-unsubscribe')).toMatch(/^<https:\/\/duty\.example\.org\/m\/[\w-]{43}>$/)
    expect(header(mail, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    const secret = page.split('/').at(-1)!
    expect(mail.text).not.toContain(secret)
    expect((await fetch(`${world.url}/c/${secret}`)).status).toBe(404)
    expect((await post(`${world.url}/c/${secret}`, { answer: 'confirm' })).status).toBe(404)
    expect((await roster.assignment(id)).state).toBe('pending')
  })

  test('leads to a page where the person chooses; looking changes nothing', async () => {
    const { volunteerId, page, email } = await asked()
    for (const method of ['HEAD', 'GET', 'GET']) expect((await fetch(page, { method })).status).toBe(200)
    expect(await (await fetch(page)).text()).toMatch(/<form method="post"><button name="answer" value="stop"/)
    expect(await wantsNone(volunteerId)).toBe(false)
    expect((await post(page, { answer: 'nonsense' })).status).toBe(400)
    expect(await wantsNone(volunteerId)).toBe(false)

    expect((await post(page, { answer: 'stop' })).status).toBe(303)
    expect(await wantsNone(volunteerId)).toBe(true)
    expect(await (await fetch(page)).text()).toContain('value="resume"')
    const [mails, request] = [
      mailsTo(email).length,
      await world.must('GET', `/v1/confirmation-requests?volunteerId=${volunteerId}`),
    ]
    await world.house.services.confirmations.remind(request.body.items[0].id)
    await world.advance({ hours: 25 })
    expect(mailsTo(email)).toHaveLength(mails)

    expect((await post(page, { answer: 'resume' })).status).toBe(303)
    expect(await wantsNone(volunteerId)).toBe(false)
    expect((await changesOf(volunteerId)).map((row) => row.action)).toEqual([
      'volunteer.messages-stopped',
      'volunteer.messages-resumed',
    ])
  })

  test('is stopped by one click of the mail program, as the page would, and not sent elsewhere', async () => {
    const { volunteerId, page } = await asked()
    const click = () => post(page, { 'List-Unsubscribe': 'One-Click' })
    const [first, again] = [await click(), await click()]
    expect([first.status, first.headers.get('location'), again.status]).toEqual([200, null, 200])
    expect(await first.text()).toContain('value="resume"')
    expect(await wantsNone(volunteerId)).toBe(true)
    expect(await changesOf(volunteerId)).toMatchObject([{ action: 'volunteer.messages-stopped', door: 'link' }])
  })

  test('whose link is unknown, revoked or expired is stopped by nobody', async () => {
    const { volunteerId, page } = await asked()
    const click = (at: string) => post(at, { 'List-Unsubscribe': 'One-Click' })
    expect((await click(`${world.url}/m/${newSecret()}`)).status).toBe(404)
    await world.must('POST', '/v1/personal-links:revoke', { volunteerId })
    expect([(await click(page)).status, (await fetch(page)).status]).toEqual([404, 404])
    const late = await asked()
    world.clock.set(new Date(world.clock.now().getTime() + 61 * 86_400_000))
    expect((await click(late.page)).status).toBe(404)
    expect([await wantsNone(volunteerId), await wantsNone(late.volunteerId)]).toEqual([false, false])
  })
})

describe('no such button has', () => {
  test('mail that is urgent', async () => {
    world.clock.set(new Date('2026-05-06T02:00:00Z'))
    const { email, mail } = await asked()
    const link = here(/https:\/\/duty\.example\.org\/c\/[\w-]{43}/.exec(mail.text!)![0])
    expect((await post(link, { answer: 'confirm' })).status).toBe(303)
    await world.settled()
    const receipt = mailsTo(email).at(-1)!
    expect(receipt.text).toContain('receipt')
    expect([header(receipt, 'list-unsubscribe'), header(receipt, 'list-unsubscribe-post')]).toEqual([
      undefined,
      undefined,
    ])
  })

  test('a call-out', async () => {
    expect(Object.values(callOutTemplates).filter((template) => !template.urgent)).toEqual([])
    const email = 'called@example.org'
    await roster.people(1, { email: () => email })
    const { postId } = await roster.shift({ start: '2026-05-20T08:00' })
    const body = {
      postId,
      reason: 'Flood',
      people: 1,
      startLocal: '2026-05-06T12:00',
      length: 'PT4H',
      from: [{ kind: 'unit', id: world.root.id }],
    }
    await world.must('POST', '/v1/call-outs', body, { headers: { 'idempotency-key': 'flood' } })
    await world.advance({ minutes: 1 })
    const calls = received.filter((mail) => mail.text?.includes('Flood'))
    expect(calls.length).toBeGreaterThan(0)
    for (const call of calls) expect(header(call, 'list-unsubscribe')).toBeUndefined()
  })

  test('a mail program that would have to press it without https; the page is still named', async () => {
    const channel = emailChannel({ url: smtp, from: 'duty@example.org' })
    await channel.deliver(parcel({ to: 'plain@example.org', stopLink: 'http://127.0.0.1:3000/m/secret' }), leaving)
    await channel.close()
    const [mail] = mailsTo('plain@example.org')
    expect(header(mail!, 'list-unsubscribe')).toBe('<http://127.0.0.1:3000/m/secret>')
    expect(header(mail!, 'list-unsubscribe-post')).toBeUndefined()
  })
})
