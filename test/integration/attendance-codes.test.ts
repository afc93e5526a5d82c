import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { download, squeezed } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { popplerOrSkip } from '../support/poppler.ts'
import { scannedFromPaper } from '../support/qr-scanner.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let at: Duties
let post: { id: string }
let people = 0

// 2026-05-04 is a Monday; the clock shows 07:30 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-03T23:30:00Z' })
  at = duties(world)
  post = await at.post({ name: '城东卡点' })
})
afterAll(() => world.close())

const known = async (phone = '+86 139 0000 1234') => {
  people += 1
  const person = await at.person({ personNumber: `P-${people}`, displayName: '王小明' })
  await world.house.services.foundations.db
    .insert(contactPoints)
    .values({ volunteerId: person.id, channel: 'sms', address: phone, position: 1 })
  return { ...person, personNumber: `P-${people}` }
}
const pathOf = (url: string) => new URL(url).pathname + new URL(url).search
const open = (path: string) => world.call('GET', path, undefined, { key: null })
const send = (path: string, fields: Record<string, string>) =>
  world.call('POST', path, undefined, {
    key: null,
    raw: { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() },
  })
const codeNow = async () => (await world.must('GET', `/v1/posts/${post.id}/check-in-code`)).body
const door = async (kind: string) => (await world.must('POST', `/v1/posts/${post.id}/check-in-doors`, { kind })).body

test('the code of the minute checks in by number and phone, and leads to the own page', async () => {
  const person = await known()
  const duty = await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-04T08:00' })
  const { code, url, validUntil } = await codeNow()
  expect(Date.parse(validUntil)).toBeGreaterThan(world.clock.now().getTime())
  const page = await open(pathOf(url))
  expect([page.status, page.text.includes(`value="${code}"`), page.text.length < 20_000]).toEqual([200, true, true])
  const path = `/p/${post.id}`
  const wrong = await send(path, {
    step: 'check-in',
    code: '000000',
    personNumber: person.personNumber,
    phoneEnd: '1234',
  })
  expect([wrong.status, wrong.text.includes(person.personNumber)]).toEqual([409, true])
  const stranger = await send(path, { step: 'check-in', code, personNumber: person.personNumber, phoneEnd: '9999' })
  expect(stranger.status).toBe(409)
  expect(await at.stateOf(duty.id)).toBe('confirmed')
  const came = await send(path, { step: 'check-in', code, personNumber: person.personNumber, phoneEnd: '1234' })
  expect(came.status, came.text).toBe(303)
  expect(await at.stateOf(duty.id)).toBe('serving')
  const own = await open(came.headers.get('location')!)
  expect(own.text).toContain('value="check-out"')
  const [row] = await world.house.database.sql`select in_source from attendances where assignment_id = ${duty.id}`
  expect(row).toEqual({ in_source: 'code' })
  await world.advanceTo('2026-05-04T08:00:00Z')
  expect(
    (await send(path, { step: 'check-out', code, personNumber: person.personNumber, phoneEnd: '1234' })).status,
  ).toBe(409)
  const fresh = (await codeNow()).code
  const left = await send(path, { step: 'check-out', code: fresh, personNumber: person.personNumber, phoneEnd: '1234' })
  expect(left.status).toBe(303)
  expect(await at.stateOf(duty.id)).toBe('completed')
})

test('a printed code stands for the code until it is revoked; a personal link says who it is', async () => {
  const person = await known()
  const duty = await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-04T16:30' })
  const printed = await door('qr')
  const path = pathOf(printed.url)
  const page = await open(path)
  expect(page.text).not.toContain('name="code"')
  const link = await at.link(duty)
  const came = await send(path, { step: 'check-in', link: `http://somewhere${link}?lang=en` })
  expect(came.status, came.text).toBe(303)
  expect(await at.stateOf(duty.id)).toBe('serving')
  await world.must('POST', `/v1/check-in-doors/${printed.id}:revoke`)
  expect((await open(path)).status).toBe(404)
  expect((await send(path, { step: 'check-out', link })).status).toBe(404)
  expect((await world.call('GET', `/v1/check-in-doors/${printed.id}/poster`)).body.code).toBe('door-revoked')
  expect((await open(`${path}x`)).text).toBe((await open('/p/unknown')).text)
})

test('the poster names its post, and a camera finds on it the way to the check-in', async (context) => {
  const poppler = await popplerOrSkip(context)
  const printed = await door('qr')
  for (const [lang, title, how] of [
    ['zh', '值班签到 · 签退', '用手机扫描二维码，输入编号和手机号后四位。'],
    ['en', 'Check in and out', 'Scan the code with your phone, and enter your number'],
  ] as const) {
    await world.house.database.sql`update units set locale = ${lang} where id = ${world.root.id}`
    const poster = await download(world, `/v1/check-in-doors/${printed.id}/poster`)
    expect(poster.headers.get('content-type')).toBe('application/pdf')
    const pages = await poppler.text(poster.bytes)
    expect(pages).toHaveLength(1)
    for (const part of ['城东卡点', title, how, printed.url]) expect(squeezed(pages[0]!)).toContain(squeezed(part))
    const found = await scannedFromPaper(poppler, poster.bytes)
    expect(found).toBe(printed.url)
    expect((await open(pathOf(found!))).text).toContain('name="personNumber"')
    expect((await poppler.info(poster.bytes))['Page size']).toContain('595.28 x 841.89')
  }
})

test('a screen at the post shows the code without a key, and new codes end the old ones', async () => {
  const display = await door('display')
  const path = pathOf(display.url)
  const shown = await open(path)
  const { code } = await codeNow()
  expect(shown.text).toContain(`${code.slice(0, 3)} ${code.slice(3)}`)
  expect(shown.text).toContain('<svg')
  expect(shown.text).not.toContain('<script')
  expect(shown.text.length).toBeLessThan(20_000)
  expect(shown.headers.get('refresh')).toBe('15')
  expect((await send(path, { step: 'check-in' })).status).toBe(404)
  await world.must('POST', `/v1/posts/${post.id}:renew-check-in-codes`)
  expect((await open(path)).status).toBe(404)
  expect((await codeNow()).code).not.toBe(code)
  const viewer = await world.makeKey(world.root.id, 'viewer')
  expect((await world.call('GET', `/v1/posts/${post.id}/check-in-code`, undefined, { key: viewer })).status).toBe(403)
})

test('guessing comes to an end, and goes on a quarter of an hour later', async () => {
  const person = await known()
  await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-04T17:00' })
  const path = pathOf((await door('qr')).url)
  const guess = (phoneEnd: string) => send(path, { step: 'check-in', personNumber: person.personNumber, phoneEnd })
  const answers = []
  for (let count = 0; count < 10; count += 1) answers.push((await guess(`000${count}`)).status)
  expect(answers).toEqual([409, 409, 409, 409, 409, 409, 409, 409, 429, 429])
  expect((await guess('1234')).status).toBe(429)
  await world.advance({ minutes: 16 })
  expect((await guess('1234')).status).toBe(303)
})

test('whoever has no duty here, or not yet, reads so', async () => {
  const person = await known()
  const elsewhere = await at.post()
  await at.duty({ volunteerId: person.id, postId: elsewhere.id, start: '2026-05-04T17:00' })
  const path = pathOf((await door('qr')).url)
  const sent = { step: 'check-in', personNumber: person.personNumber, phoneEnd: '1234' }
  const none = await send(`${path}?lang=en`, sent)
  expect(none.text).toContain('no duty at this post')
  await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-05T08:00' })
  expect((await send(`${path}?lang=en`, sent)).text).toContain('not open yet')
})

test('when too much was guessed at a post, only personal links are taken there for a while', async () => {
  const person = await known()
  const duty = await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-04T19:00' })
  await world.advanceTo('2026-05-04T10:30:00Z')
  const path = pathOf((await door('qr')).url)
  const guess = (n: number) => send(path, { step: 'check-in', personNumber: `nobody ${n}`, phoneEnd: '1234' })
  for (let done = 0; done < 200; done += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => guess(done + n)))
    expect(answers.map((one) => one.status)).toEqual(Array(20).fill(409))
  }
  const own = { step: 'check-in', personNumber: person.personNumber, phoneEnd: '1234' }
  expect((await send(path, own)).status).toBe(429)
  expect((await send(path, { step: 'check-in', link: await at.link(duty) })).status).toBe(303)
  expect(await at.stateOf(duty.id)).toBe('serving')
})
