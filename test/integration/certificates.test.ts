import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { download, squeezed } from '../support/downloads.ts'
import { type Duties, duties } from '../support/duties.ts'
import { popplerOrSkip } from '../support/poppler.ts'
import { scannedFromPaper } from '../support/qr-scanner.ts'
import type { Answer, World } from '../support/world.ts'
import { startWorld } from '../support/world.ts'

let world: World
let at: Duties
let town: { id: string }
let gates: { id: string }[]

// Friday 8 May 2026, 19:00 in Shanghai.
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-08T11:00:00Z', worker: false })
  at = duties(world)
  const responsibles = [{ name: '陈主任', title: '主任', phone: '0571-8888' }]
  const wish = { parentId: world.root.id, kind: 'town', name: '城东镇志愿服务队', responsibles }
  town = (await world.must('POST', '/v1/units', wish)).body
  gates = [await at.post({ unitId: town.id, name: '东门' }), await at.post({ unitId: town.id, name: '西门' })]
})
afterAll(() => world.close())

/** A duty served from its start for some minutes. */
async function serve(volunteerId: string, postId: string, start: string, minutes: number) {
  const duty = await at.duty({ volunteerId, postId, start, length: 'PT8H' })
  const from = new Date(`${start}:00+08:00`)
  const act = (verb: string, instant: Date) =>
    world.must('POST', `/v1/assignments/${duty.id}:${verb}`, { at: instant.toISOString(), reason: 'paper list' })
  await act('check-in', from)
  await act('check-out', new Date(from.getTime() + minutes * 60_000))
  return duty
}

const MAY = { from: '2026-05-01', to: '2026-05-09' }
const issue = (volunteerId: string, body: object = MAY, key?: string): Promise<Answer> =>
  world.call('POST', `/v1/volunteers/${volunteerId}/certificates`, body, key ? { key } : {})
const pdfOf = async (id: string) => {
  const { bytes, status } = await download(world, `/v1/certificates/${id}.pdf`)
  expect(status, bytes.toString('latin1', 0, 300)).toBe(200)
  return bytes
}
const page = async (code: string, query = '') => {
  const { status, headers, bytes } = await download(world, `/verify/${code}${query}`, { key: null })
  return { status, headers, text: bytes.toString() }
}

async function volunteerWithHours() {
  const person = await at.person({
    unitId: town.id,
    displayName: '仉晓燕',
    personNumber: `ZY-${Math.trunc(performance.now() * 1000)}`,
  })
  await serve(person.id, gates[0]!.id, '2026-05-01T08:00', 125)
  await serve(person.id, gates[0]!.id, '2026-05-02T08:00', 60)
  await serve(person.id, gates[1]!.id, '2026-05-08T08:00', 100)
  return person
}

describe('issuing', () => {
  test('sums up what the ledger has of a volunteer in the period, by post', async () => {
    const person = await volunteerWithHours()
    const { status, body, headers } = await issue(person.id)
    expect(status, JSON.stringify(body)).toBe(201)
    expect(headers.get('location')).toBe(`/v1/certificates/${body.id}`)
    expect(body).toMatchObject({
      kind: 'service',
      state: 'issued',
      noticeEndsOn: '2026-05-15',
      name: '仉晓燕',
      issuer: '城东镇志愿服务队',
      unitId: town.id,
      lang: 'zh',
      minutes: 285,
      hours: '4.75',
      duties: 3,
      posts: [
        { name: '东门', duties: 2, minutes: 185 },
        { name: '西门', duties: 1, minutes: 100 },
      ].sort((a, b) => (a.name < b.name ? -1 : 1)),
      revokedAt: null,
    })
    expect(body.number).toMatch(/^2026-\d{6}$/)
    expect(body.checkCode).toMatch(/^\w{4}-\w{4}-\w{4}$/)
    const summary = (await world.must('GET', `/v1/hours/summary?volunteerId=${person.id}`)).body.items[0]
    expect(summary.minutes).toBe(body.minutes)
    const short = (await issue(person.id, { from: '2026-05-02', to: '2026-05-08' })).body
    expect([short.minutes, short.duties]).toEqual([60, 1])
    expect((await at.auditOf(body.id)).map((row) => row.action)).toEqual(['certificate.issued'])
    expect((await world.must('GET', `/v1/certificates/${body.id}`)).body).toEqual(body)
    const listed = (await world.must('GET', `/v1/volunteers/${person.id}/certificates?sort=-issuedAt`)).body.items
    expect(listed).toEqual([short, body])
  })

  test('is drafted, issued, publicly noticed for a week and then noticed; a draft is nothing to be checked', async () => {
    const person = await volunteerWithHours()
    const draft = (await issue(person.id, { ...MAY, draft: true })).body
    expect(draft).toMatchObject({ state: 'drafted', noticeEndsOn: null })
    expect((await page(draft.checkCode)).status).toBe(404)
    const notices = async () =>
      (await world.must('GET', `/v1/units/${town.id}/certificate-notices`)).body.items.filter(
        (one: { id: string }) => one.id === draft.id,
      )
    expect(await notices()).toEqual([])
    const issued = (await world.must('POST', `/v1/certificates/${draft.id}:issue`)).body
    expect(issued).toMatchObject({ state: 'issued', number: draft.number, noticeEndsOn: '2026-05-15', minutes: 285 })
    expect((await world.call('POST', `/v1/certificates/${draft.id}:issue`)).body.code).toBe('certificate-issued')
    expect(await notices()).toMatchObject([{ name: '仉**', hours: '4.75', noticeEndsOn: '2026-05-15' }])
    expect((await page(draft.checkCode, '?lang=en')).text).toContain('under public notice until 2026-05-14')
    const now = world.clock.now()
    world.clock.set(new Date('2026-05-15T00:00:00Z'))
    expect((await world.must('GET', `/v1/certificates/${draft.id}`)).body.state).toBe('noticed')
    expect(await notices()).toEqual([])
    expect((await page(draft.checkCode, '?lang=zh')).text).toContain('公示期满')
    world.clock.set(now)
  })

  test('never counts duty of other classes, or travel, as volunteer service', async () => {
    const person = await at.person({ unitId: town.id })
    const post = await at.post({ unitId: town.id })
    const duty = await serve(person.id, post.id, '2026-05-03T08:00', 90)
    const { sql } = world.house.database
    await sql`insert into ledger (id, volunteer_id, unit_id, person_class, assignment_id, post_id, role, kind, local_day, zone,
        starts_at, ends_at, minutes, night_minutes, weekend_minutes, planned_minutes, entered_by, booked_at)
      select gen_random_uuid(), volunteer_id, unit_id, 'volunteer', assignment_id, post_id, role, 'travel', local_day, zone,
        ends_at, ends_at + interval '45 minutes', 45, 0, 0, 0, 'test', booked_at from ledger where assignment_id = ${duty.id}`
    await sql`update volunteers set person_class = 'police' where id = ${person.id}`
    await serve(person.id, post.id, '2026-05-04T08:00', 400)

    const statement = (await issue(person.id)).body
    expect([statement.kind, statement.minutes]).toEqual(['duty', 400])
    const service = (await issue(person.id, { ...MAY, kind: 'service' })).body
    expect([service.kind, service.minutes]).toEqual(['service', 90])
  })

  test('takes only what was booked under the issuer', async () => {
    const person = await at.person({ unitId: town.id })
    const post = await at.post()
    await serve(person.id, post.id, '2026-05-05T08:00', 30)
    const other = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: '城西' })).body
    await world.house.database.sql`update volunteers set unit_id = ${other.id} where id = ${person.id}`
    await serve(person.id, post.id, '2026-05-06T08:00', 50)
    expect((await issue(person.id)).body).toMatchObject({ minutes: 50, issuer: '城西' })
    expect((await issue(person.id, { ...MAY, issuerUnitId: world.root.id })).body).toMatchObject({
      minutes: 80,
      issuer: 'Test city',
    })
    const key = await world.makeKey(other.id, 'organizer')
    const refused = await issue(person.id, { ...MAY, issuerUnitId: world.root.id }, key)
    expect([refused.status, refused.body.errors[0].code]).toEqual([422, 'unit-unknown'])
  })

  test('names everything that is wrong, and certifies no empty and no future period', async () => {
    const person = await at.person({ unitId: town.id })
    const wrong = await issue(person.id, { from: '2026-05-09', to: '2026-05-09', lang: 'fr' })
    expect([wrong.status, wrong.body.errors.map((one: { code: string }) => one.code)]).toEqual([400, ['invalid-value']])
    const order = await issue(person.id, { from: '2026-05-09', to: '2026-05-09' })
    expect([order.status, order.body.errors[0].code]).toEqual([400, 'to-not-after-from'])
    const early = await issue(person.id, { from: '2026-05-01', to: '2026-05-10' })
    expect([early.status, early.body.errors.map((one: { code: string }) => one.code)]).toEqual([
      422,
      ['in-the-future', 'nothing-served'],
    ])
  })

  test('twenty at once have twenty numbers', async () => {
    const person = await volunteerWithHours()
    const made = await Promise.all(Array.from({ length: 20 }, () => issue(person.id)))
    const serials = made.map(({ body }) => Number(body.number.slice(5))).sort((a, b) => a - b)
    expect(serials).toEqual(Array.from({ length: 20 }, (_, index) => serials[0]! + index))
    expect(new Set(made.map(({ body }) => body.checkCode))).toHaveLength(20)
  })

  test('is for those only whose unit covers the person', async () => {
    const person = await volunteerWithHours()
    const { body } = await issue(person.id)
    const apart = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Apart' })).body
    const key = await world.makeKey(apart.id, 'admin')
    expect((await issue(person.id, MAY, key)).status).toBe(404)
    for (const path of [`/v1/certificates/${body.id}`, `/v1/certificates/${body.id}.pdf`]) {
      expect((await world.call('GET', path, undefined, { key })).status).toBe(404)
    }
    const revoked = await world.call('POST', `/v1/certificates/${body.id}:revoke`, { reason: 'x' }, { key })
    expect(revoked.status).toBe(404)
    const viewer = await world.makeKey(town.id, 'viewer')
    expect((await issue(person.id, MAY, viewer)).status).toBe(403)
    expect((await world.call('GET', `/v1/certificates/${body.id}`, undefined, { key: viewer })).status).toBe(200)
  })
})

describe('the paper', () => {
  test('says in Chinese what was certified, and its code leads to the page that verifies it', async (context) => {
    const poppler = await popplerOrSkip(context)
    const person = await volunteerWithHours()
    const { body } = await issue(person.id)
    const pdf = await pdfOf(body.id)
    const pages = await poppler.text(pdf)
    expect(pages).toHaveLength(2)
    const first = squeezed(pages[0]!)
    for (const part of [
      '志愿服务记录证明',
      `编号${body.number}`,
      '兹证明仉晓燕自2026年5月1日至2026年5月8日参加本单位组织的志愿服务3次，服务时间累计4.75小时。',
      person.personNumber!,
      '城东镇志愿服务队',
      '陈主任（主任）',
      '0571-8888',
      '2026年5月8日',
      '经办人',
      '（公章）',
      `校验码${body.checkCode}`,
    ]) {
      expect(first).toContain(squeezed(part))
    }
    expect(squeezed(pages[1]!)).toMatch(/东门23\.08/)
    expect(squeezed(pages[1]!)).toMatch(/西门11\.67/)
    expect(await scannedFromPaper(poppler, pdf)).toBe(body.verifyUrl)
    const opened = await fetch(body.verifyUrl)
    expect([opened.status, (await opened.text()).includes('该证明有效')]).toEqual([200, true])
  })

  test('names the document of its holder, masked unless they want it whole, and keeps no more of it than it prints', async (context) => {
    const poppler = await popplerOrSkip(context)
    const person = await volunteerWithHours()
    const number = '330106199001010018'
    const wrong = await issue(person.id, { ...MAY, document: { type: 'id-card', number: '330106199001010019' } })
    expect([wrong.status, wrong.body.errors]).toEqual([
      400,
      [expect.objectContaining({ pointer: '/body/document/number', code: 'id-number-wrong' })],
    ])
    const draft = await issue(person.id, { ...MAY, draft: true, document: { type: 'id-card', number } })
    const { body } = await world.must('POST', `/v1/certificates/${draft.body.id}:issue`)
    expect(body.document).toEqual({ type: 'id-card', number: '330***********0018' })
    const printed = squeezed((await poppler.text(await pdfOf(body.id)))[0]!)
    for (const part of ['证件类型居民身份证', '证件号码330***********0018']) expect(printed).toContain(part)
    expect((await page(body.checkCode)).text).not.toContain('0018')
    const kept = await world.house.database.sql`
      select row_to_json(c)::text as row from certificates c union all select row_to_json(a)::text from audit_log a
      union all select row_to_json(i)::text from idempotency_keys i`
    expect(kept.some(({ row }) => row.includes(number))).toBe(false)

    const passport = { type: 'passport', number: ' e１２３４５６７８ ', whole: true }
    const whole = (await issue(person.id, { ...MAY, lang: 'en', document: passport })).body
    expect(whole.document).toEqual({ type: 'passport', number: 'E12345678' })
    const english = (await poppler.text(await pdfOf(whole.id)))[0]!.replace(/\s+/g, ' ')
    expect(english).toContain('Identity document Passport')
    expect(english).toContain('E12345678')
    expect((await issue(person.id)).body.document).toBeNull()
  })

  test('comes in English too, and for duty it says that it is no volunteer service', async (context) => {
    const poppler = await popplerOrSkip(context)
    const person = await at.person({ unitId: town.id, displayName: 'Ada Lovelace', personClass: 'medical' })
    await serve(person.id, (await at.post({ name: 'East gate' })).id, '2026-05-07T08:00', 90)
    const { body } = await issue(person.id, { ...MAY, lang: 'en' })
    const text = (await poppler.text(await pdfOf(body.id))).join(' ').replace(/\s+/g, ' ')
    expect(text).toContain('Statement of Duty Hours')
    expect(text).toContain('Ada Lovelace was on duty with us from 2026-05-01 to 2026-05-08: 1 duty, 1.50 hours in all.')
    expect(text).toContain('These are not hours of volunteer service.')
    expect(text).not.toContain('Certificate of Volunteer Service')
  })

  test('is the same bytes for ever, whatever becomes of the person, the unit and the ledger', async () => {
    const person = await volunteerWithHours()
    const { body } = await issue(person.id)
    const before = await pdfOf(body.id)
    const { sql } = world.house.database
    const [line] = (await world.must('GET', `/v1/ledger?volunteerId=${person.id}`)).body.items
    const asked = await world.must('POST', `/v1/ledger/${line.id}:correct`, {
      startsAt: line.startsAt,
      endsAt: new Date(Date.parse(line.endsAt) - 600_000).toISOString(),
      reason: 'left early',
    })
    const key = await world.makeKey(world.root.id, 'organizer')
    await world.must('POST', `/v1/ledger-corrections/${asked.body.id}:approve`, undefined, { key })
    await sql`update volunteers set display_name = '改名' where id = ${person.id}`
    await sql`update posts set name = name || ' renamed' where name in ('东门', '西门')`
    await sql`update units set name = '改名镇' where id = ${town.id}`
    world.clock.set(new Date(world.clock.now().getTime() + 3_600_000))
    expect((await pdfOf(body.id)).equals(before)).toBe(true)
    expect((await world.must('GET', `/v1/certificates/${body.id}`)).body).toEqual(body)
    expect((await issue(person.id)).body).toMatchObject({ name: '改名', minutes: 275, issuer: '改名镇' })
    await sql`update units set name = '城东镇志愿服务队' where id = ${town.id}`
    await sql`update posts set name = replace(name, ' renamed', '')`
    await world.must('POST', `/v1/certificates/${body.id}:revoke`, { reason: 'hours were wrong' })
    expect((await pdfOf(body.id)).equals(before)).toBe(true)
  })
})

describe('the page that verifies', () => {
  test('shows what is needed to compare and no more, without scripts', async () => {
    const person = await volunteerWithHours()
    const { body } = await issue(person.id)
    const { status, headers, text } = await page(body.checkCode)
    expect(status).toBe(200)
    for (const part of [
      '该证明有效',
      body.number,
      '仉**',
      '4.75小时',
      '2026年5月1日至2026年5月8日',
      '城东镇志愿服务队',
    ]) {
      expect(text).toContain(part)
    }
    for (const hidden of ['晓燕', person.personNumber!, person.id, body.id, '东门', '陈主任', '<script']) {
      expect(text).not.toContain(hidden)
    }
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-robots-tag')).toContain('noindex')
    const english = await page(body.checkCode.toLowerCase().replaceAll('-', ''), '?lang=en')
    expect(english.text).toContain('This certificate is valid.')
    expect(english.text).toContain('<html lang="en">')
  })

  test('tells a revoked paper from a valid one; it is revoked once, with a reason that stays inside', async () => {
    const person = await volunteerWithHours()
    const { body } = await issue(person.id)
    const bare = await world.call('POST', `/v1/certificates/${body.id}:revoke`, {})
    expect([bare.status, bare.body.errors[0].pointer]).toEqual([400, '/body/reason'])
    const reason = 'hours were counted twice'
    const revoked = (await world.must('POST', `/v1/certificates/${body.id}:revoke`, { reason })).body
    expect(revoked).toMatchObject({ state: 'revoked', revokedReason: reason, minutes: body.minutes })
    const again = await world.call('POST', `/v1/certificates/${body.id}:revoke`, { reason })
    expect([again.status, again.body.code]).toEqual([409, 'certificate-revoked'])
    const { status, text } = await page(body.checkCode)
    expect(status).toBe(200)
    expect(text).toMatch(/该证明已于2026年5月[89]日撤销，不再有效/)
    expect(text).not.toContain('该证明有效')
    expect(text).not.toContain(reason)
    expect((await at.auditOf(body.id)).map((row) => [row.action, row.reason])).toEqual([
      ['certificate.issued', null],
      ['certificate.revoked', reason],
    ])
  })

  test('answers every code that stands for nothing in the same way', async () => {
    const answers = await Promise.all(
      ['K7QM-2X9D-04TZ', 'nonsense', 'UUUU-UUUU-UUUU', "' or 1=1 --"].map((code) => page(encodeURIComponent(code))),
    )
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404])
    expect(new Set(answers.map((answer) => answer.text))).toHaveLength(1)
    expect(answers[0]!.text).toContain('No such certificate')
  })

  test('escapes names', async () => {
    const person = await at.person({ unitId: town.id, displayName: '<b>x</b>' })
    await serve(person.id, (await at.post()).id, '2026-05-06T08:00', 90)
    const { body } = await issue(person.id)
    expect((await page(body.checkCode)).text).not.toContain('<b>')
  })
})
