import { and, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { confirmationRequests } from '../../src/modules/confirmations/confirmations.tables.ts'
import { units } from '../../src/modules/organisation/organisation.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { links } from '../../src/platform/auth/auth.tables.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

/** Wednesday 6 May 2026, 08:00 in Shanghai; the world begins on Monday at 10:00. */
const WEDNESDAY = '2026-05-06T08:00'

let world: World
let roster: PlainRoster

beforeEach(async () => {
  world = await startWorld()
  roster = await plainRoster(world)
  return () => world.close()
})

const lastLink = (volunteerId: string) => world.messagesTo(volunteerId).findLast((message) => message.link)!.link!
const stateOf = async (id: string) => (await roster.assignment(id)).state
const audits = (id: string) =>
  world.house.services.foundations.db.select().from(auditLog).where(eq(auditLog.subjectId, id))

async function askOnePerson(shifts = 1, people: Parameters<PlainRoster['people']>[1] = {}) {
  const [volunteerId] = await roster.people(1, people)
  const seats = []
  for (let day = 0; day < shifts; day += 1) {
    const { slotIds } = await roster.shift({ start: `2026-05-${String(6 + 2 * day).padStart(2, '0')}T08:00` })
    seats.push({ slotId: slotIds[0]!, volunteerId: volunteerId! })
  }
  const ids = await roster.publish(seats)
  await world.settled()
  return { volunteerId: volunteerId!, ids, seats, link: lastLink(volunteerId!) }
}

describe('asking', () => {
  test('everybody hears once, in one message, of all their duties', async () => {
    const { volunteerId, link } = await askOnePerson(3)
    const heard = world.messagesTo(volunteerId)
    expect(heard.map((message) => message.template)).toEqual(['confirmation-request'])
    expect(heard[0]!.text).toContain('Wed 6 May 08:00 to Thu 7 May 08:00 (24 h), Gate 1, guard')
    expect(heard[0]!.text).toContain('Sun 10 May 08:00 to Mon 11 May 08:00 (24 h), Gate 3, guard')
    expect(heard[0]!.text).toContain('by Tue 5 May 10:00')
    expect(link).toMatch(/\/c\/[\w-]{43}$/)
  })

  test('in the language of the person', async () => {
    const { volunteerId, link } = await askOnePerson(1, { locale: 'zh' })
    expect(world.messagesTo(volunteerId)[0]!.text).toContain('5月6日(周三)08:00 至 5月7日(周四)08:00，共24小时')
    const page = await (await roster.page(link)).text()
    expect(page).toContain('<html lang="zh">')
    expect(page).toContain('确认参加')
    const english = await (await roster.page(`${link}?lang=en`)).text()
    expect(english).toContain('<html lang="en">')
  })

  test('the secret is nowhere but in the message', async () => {
    const { link } = await askOnePerson()
    const secret = link.split('/').at(-1)!
    const tables = await world.house.database.sql`
      select json_agg(t)::text as text from (select 1) x, lateral (
        select (select json_agg(m) from messages m) as a, (select json_agg(k) from tasks k) as b,
          (select json_agg(l) from links l) as c, (select json_agg(d) from audit_log d) as d) t`
    expect(tables[0]!.text).toContain('confirmation-request')
    expect(tables[0]!.text).not.toContain(secret)
  })

  test('those who lose and gain duties with one publication hear it in one message', async () => {
    const { volunteerId, ids } = await askOnePerson()
    const { slotIds } = await roster.shift({ start: '2026-05-09T08:00' })
    const { assignments, foundations } = world.house.services
    const { rosterPublished } = await import('../../src/modules/rosters/rosters.events.ts')
    await roster.occasionally(async (occasion) => {
      await assignments.move(occasion, { ids, to: 'cancelled', seatSettled: true })
      const [row] = await assignments.seat(occasion, roster.rosterId, [
        { slotId: slotIds[0]!, volunteerId, source: 'roster', state: 'pending' },
      ])
      const payload = { rosterId: roster.rosterId, versionNumber: 2, seatedIds: [row!.id], openSlotIds: [] }
      await foundations.news.record(rosterPublished, payload, occasion)
    })
    await world.settled()
    const heard = world.messagesTo(volunteerId)
    expect(heard).toHaveLength(2)
    expect(heard[1]!.text).toContain('Sat 9 May 08:00')
    expect(heard[1]!.text).toMatch(/No longer yours:\n- Wed 6 May 08:00/)
  })

  test('a seat given by hand after publication is asked about as well', async () => {
    const { volunteerId } = await askOnePerson()
    const { slotIds } = await roster.shift({ start: '2026-05-09T08:00' })
    const { assignments } = world.house.services
    await roster.occasionally((occasion) =>
      assignments.seatOne(occasion, roster.rosterId, {
        slotId: slotIds[0]!,
        volunteerId,
        source: 'hand',
        state: 'pending',
      }),
    )
    await world.settled()
    expect(world.messagesTo(volunteerId)).toHaveLength(2)
    expect(await (await roster.page(lastLink(volunteerId))).text()).toContain('Sat 9 May 08:00')
  })
})

describe('the page', () => {
  test('shows the duty, loads nothing, runs nothing and is forgotten by the way', async () => {
    const { link } = await askOnePerson(2)
    const response = await roster.page(link)
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-robots-tag')).toContain('noindex')
    expect(Buffer.byteLength(page)).toBeLessThan(20_000)
    // The way to the post is a link to follow, and nothing that the page itself asks for.
    const withoutWay = page.replace(/<a class="act" href="https:[^"]+"/g, '')
    expect(withoutWay).not.toBe(page)
    expect(withoutWay).not.toMatch(/<script|<img|<link|https?:/)
    expect(page).toContain('Please answer by Tue 5 May 10:00')
    expect(page).toContain('Gate 1, 1 Ring Road')
    expect(page).toContain('Test city · Hello Person 1.')
  })

  test('does not carry what organizers typed as markup', async () => {
    const [volunteerId] = await roster.people(1)
    const { slotIds } = await roster.shift({ start: WEDNESDAY, post: { name: '<script>alert(1)</script>' } })
    await roster.publish([{ slotId: slotIds[0]!, volunteerId: volunteerId! }])
    await world.settled()
    const page = await (await roster.page(lastLink(volunteerId!))).text()
    expect(page).toContain('&lt;script&gt;alert(1)')
    expect(page).not.toContain('<script')
  })

  test('unknown, malformed, expired and revoked links look the same, whatever is sent', async () => {
    const { link } = await askOnePerson()
    const { db } = world.house.services.foundations
    const [base, secret] = [link.slice(0, link.lastIndexOf('/')), link.split('/').at(-1)!]
    const unknown = await (await roster.page(`${base}/${'x'.repeat(43)}`)).text()
    const seen = [await roster.page(`${base}/short`), await roster.page(`${base}/%00%20'"`)]
    await db.update(links).set({ revokedAt: world.clock.now() })
    seen.push(await roster.page(`${base}/${secret}`), await roster.answer(link, { answer: 'confirm' }))
    await db.update(links).set({ revokedAt: null, expiresAt: world.clock.now() })
    seen.push(await roster.page(`${base}/${secret}`), await roster.answer(link, { answer: 'nonsense' }))
    for (const response of seen) {
      expect(response.status).toBe(404)
      expect(await response.text()).toBe(unknown)
    }
  })

  test('a link opens nothing but what it is for', async () => {
    const { link } = await askOnePerson()
    expect((await roster.page(link.replace('/c/', '/o/'))).status).toBe(404)
    expect((await roster.page(link.replace('/c/', '/a/'))).status).toBe(404)
  })
})

describe('answering', () => {
  test('confirms by a form, shows it, and writes one audit row; sent again it changes nothing', async () => {
    const { ids, link } = await askOnePerson()
    for (let times = 0; times < 3; times += 1) {
      const response = await roster.answer(link, { answer: 'confirm', assignmentId: ids[0]! })
      expect(response.status).toBe(303)
      expect(response.headers.get('location')).toBe(new URL(link).pathname)
    }
    expect(await roster.assignment(ids[0]!)).toMatchObject({ state: 'confirmed', version: 2 })
    const moves = (await audits(ids[0]!)).filter((row) => row.action === 'assignment.confirmed')
    expect(moves).toHaveLength(1)
    expect(moves[0]).toMatchObject({ door: 'link', actorKind: 'link', fromState: 'pending', toState: 'confirmed' })
    expect(await (await roster.page(link)).text()).toContain('✓ Confirmed')
  })

  test('declines one duty with a reason, and the others stay open', async () => {
    const { ids, link } = await askOnePerson(3)
    await roster.answer(link, { answer: 'decline', assignmentId: ids[1]!, reason: 'family' })
    expect(await Promise.all(ids.map(stateOf))).toEqual(['pending', 'declined', 'pending'])
    expect((await roster.assignment(ids[1]!)).declineReason).toBe('family')
    await roster.answer(link, { answer: 'confirm', assignmentId: 'all' })
    expect(await Promise.all(ids.map(stateOf))).toEqual(['confirmed', 'declined', 'confirmed'])
  })

  test('a declined duty needs no reason, and is a gap at once', async () => {
    const { ids, link } = await askOnePerson()
    await roster.answer(link, { answer: 'decline', assignmentId: ids[0]!, reason: '' })
    expect(await roster.assignment(ids[0]!)).toMatchObject({ state: 'declined', declineReason: null })
    const gaps = await world.must('GET', `/v1/gaps?rosterId=${roster.rosterId}`)
    expect(gaps.body.items).toMatchObject([{ cause: 'declined', state: 'open', vacatedId: ids[0] }])
  })

  test('what cannot be understood changes nothing and says so', async () => {
    const { ids, link } = await askOnePerson()
    for (const fields of [{}, { answer: 'perhaps' }, { answer: 'confirm', assignmentId: 'mine' }]) {
      const response = await roster.answer(link, fields as Record<string, string>)
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('answer with the buttons')
    }
    await roster.answer(link, { answer: 'confirm', assignmentId: '018f0000-0000-7000-8000-000000000000' })
    expect(await stateOf(ids[0]!)).toBe('pending')
  })

  test('an answer can be changed from the page as it is now, until the cut-off', async () => {
    const { ids, link } = await askOnePerson()
    await roster.answer(link, { answer: 'confirm', assignmentId: ids[0]!, seen: '1' })
    await roster.answer(link, { answer: 'decline', assignmentId: ids[0]!, seen: '1' })
    expect(await stateOf(ids[0]!)).toBe('confirmed')
    await roster.answer(link, { answer: 'decline', assignmentId: ids[0]!, seen: '2' })
    expect(await stateOf(ids[0]!)).toBe('declined')
    await roster.answer(link, { answer: 'confirm', assignmentId: ids[0]!, seen: '3' })
    expect(await stateOf(ids[0]!)).toBe('confirmed')
    await world.advanceTo('2026-05-05T22:01:00Z')
    const page = await (await roster.page(link)).text()
    expect(page).toContain('please tell the organizer')
    expect(page).not.toContain('value="decline"')
    await roster.answer(link, { answer: 'decline', assignmentId: ids[0]!, seen: '4' })
    expect(await stateOf(ids[0]!)).toBe('confirmed')
  })

  test('a decline is taken back only while the seat is free', async () => {
    const { ids, seats, link } = await askOnePerson()
    await roster.answer(link, { answer: 'decline', assignmentId: ids[0]!, seen: '1' })
    const [other] = await roster.people(1)
    await roster.occasionally((occasion) =>
      world.house.services.assignments.seatOne(occasion, roster.rosterId, {
        slotId: seats[0]!.slotId,
        volunteerId: other!,
        source: 'hand',
        state: 'confirmed',
      }),
    )
    expect(await (await roster.page(link)).text()).toContain('somebody has taken it')
    expect((await roster.answer(link, { answer: 'confirm', assignmentId: ids[0]!, seen: '2' })).status).toBe(303)
    expect(await stateOf(ids[0]!)).toBe('declined')
  })

  test.each([['without a version'], ['with the version of the page']])(
    'of 100 answers of both kinds at once, %s, one holds',
    async (kind) => {
      const { ids, link } = await askOnePerson()
      const seen: Record<string, string> = kind === 'without a version' ? {} : { seen: '1' }
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          roster.answer(link, { answer: index % 2 ? 'confirm' : 'decline', assignmentId: ids[0]!, ...seen }),
        ),
      )
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([303]))
      const after = await roster.assignment(ids[0]!)
      expect(after.version).toBe(2)
      const moves = (await audits(ids[0]!)).filter((row) => row.fromState)
      expect(moves).toHaveLength(1)
      expect(moves[0]!.toState).toBe(after.state)
    },
  )
})

describe('time', () => {
  test('who is silent is reminded once, and what stays unanswered lapses at the deadline', async () => {
    const { volunteerId, ids, link } = await askOnePerson(2)
    await roster.answer(link, { answer: 'confirm', assignmentId: ids[0]! })
    await world.advanceTo('2026-05-05T01:59:00Z')
    expect(world.messagesTo(volunteerId).map((message) => message.template)).toEqual([
      'confirmation-request',
      'confirmation-receipt',
      'confirmation-reminder',
    ])
    expect(world.messagesTo(volunteerId)[2]!.text).not.toContain('Wed 6 May 08:00 to')
    expect(await stateOf(ids[1]!)).toBe('pending')
    await world.advanceTo('2026-05-05T02:01:00Z')
    expect(await Promise.all(ids.map(stateOf))).toEqual(['confirmed', 'lapsed'])
    expect(await (await roster.page(link)).text()).toContain('Passed to the reserve')
    await roster.answer(link, { answer: 'confirm', assignmentId: ids[1]! })
    expect(await stateOf(ids[1]!)).toBe('lapsed')
    expect(world.messagesTo(volunteerId).at(-1)!.template).toBe('duties-lapsed')
  })

  test('who has answered is neither reminded nor lapses', async () => {
    const { volunteerId, ids, link } = await askOnePerson()
    await roster.answer(link, { answer: 'confirm', assignmentId: ids[0]! })
    await world.advanceTo('2026-05-05T03:00:00Z')
    const told = world.messagesTo(volunteerId).map((message) => message.template)
    expect(told).toEqual(['confirmation-request', 'confirmation-receipt'])
    expect(await stateOf(ids[0]!)).toBe('confirmed')
  })

  test('who has confirmed is reminded before the duty, with a way to check in', async () => {
    const { volunteerId, ids, link } = await askOnePerson()
    await roster.answer(link, { answer: 'confirm', assignmentId: ids[0]! })
    await world.advanceTo('2026-05-05T09:59:00Z')
    expect(world.messagesTo(volunteerId).map((message) => message.template)).not.toContain('duty-reminder')
    await world.advanceTo('2026-05-05T10:05:00Z')
    expect(world.messagesTo(volunteerId).at(-1)!.template).toBe('duty-reminder')
    expect((await roster.page(lastLink(volunteerId))).status).toBe(200)
    expect(lastLink(volunteerId)).toContain('/a/')
  })

  test('reminder and lapse run three times, two at a time, do their work once', async () => {
    const { volunteerId, ids } = await askOnePerson()
    const { confirmations, foundations } = world.house.services
    const [request] = await foundations.db
      .select()
      .from(confirmationRequests)
      .where(eq(confirmationRequests.volunteerId, volunteerId))
    world.clock.set(new Date(request!.confirmBy.getTime() - 60_000))
    await Promise.all([1, 2, 3].map(() => confirmations.remind(request!.id)))
    await world.settled()
    await confirmations.lapse(request!.id)
    expect(await stateOf(ids[0]!)).toBe('pending')
    world.clock.set(request!.confirmBy)
    await Promise.all([1, 2, 3].map(() => confirmations.lapse(request!.id)))
    await world.settled()
    expect((await audits(ids[0]!)).filter((row) => row.toState === 'lapsed')).toHaveLength(1)
    const told = world.messagesTo(volunteerId).map((message) => message.template)
    expect(told.filter((name) => name === 'confirmation-reminder')).toHaveLength(1)
    expect(told.filter((name) => name === 'duties-lapsed')).toHaveLength(1)
  })
})

describe('cancelled and replaced', () => {
  test('the person is told once, the page says so, and the request is over when nothing is left', async () => {
    const { volunteerId, ids, link } = await askOnePerson(2)
    const { assignments, foundations } = world.house.services
    await roster.occasionally(async (occasion) => {
      await assignments.move(occasion, { ids: [ids[0]!], to: 'cancelled', seatSettled: true })
      await assignments.move(occasion, { ids: [ids[1]!], to: 'replaced', seatSettled: true })
    })
    await world.settled()
    const told = world.messagesTo(volunteerId).filter((message) => message.template === 'duties-taken')
    expect(told).toHaveLength(1)
    expect(told[0]!.text).toContain('Wed 6 May')
    expect(told[0]!.text).toContain('Fri 8 May')
    const page = await (await roster.page(link)).text()
    expect(page).toContain('This duty is cancelled')
    expect(page).toContain('Somebody else stands this duty')
    expect(page).toContain('nothing you need to answer')
    const [request] = await foundations.db
      .select()
      .from(confirmationRequests)
      .where(and(eq(confirmationRequests.volunteerId, volunteerId)))
    expect(request!.supersededAt).toEqual(expect.any(Date))
    await world.advanceTo('2026-05-05T03:00:00Z')
    expect(world.messagesTo(volunteerId)).toHaveLength(2)
  })
})

describe('the organizer', () => {
  test('sees the answers of a roster', async () => {
    const { volunteerId, ids, link } = await askOnePerson(2)
    await roster.answer(link, { answer: 'decline', assignmentId: ids[0]!, reason: 'work' })
    const { body } = await world.must('GET', `/v1/confirmation-requests?rosterId=${roster.rosterId}&answer=declined`)
    expect(body.items).toMatchObject([
      {
        volunteerId,
        versionNumber: 1,
        supersededAt: null,
        duties: [
          { assignmentId: ids[0], state: 'declined', declineReason: 'work' },
          { assignmentId: ids[1], state: 'pending', decidedAt: null },
        ],
      },
    ])
    const none = await world.must('GET', '/v1/confirmation-requests?answer=confirmed')
    expect(none.body.items).toEqual([])
  })

  test('answers on behalf, again and again with one effect, also after the cut-off', async () => {
    const { ids } = await askOnePerson()
    const path = `/v1/assignments/${ids[0]}`
    const [first, second] = [
      await world.must('POST', `${path}:confirm`, { reason: 'by phone' }),
      await world.must('POST', `${path}:confirm`, {}),
    ]
    expect(first.body).toMatchObject({ id: ids[0], state: 'confirmed', version: 2 })
    expect(second.body).toEqual(first.body)
    await world.advanceTo('2026-05-05T23:30:00Z')
    expect((await world.must('POST', `${path}:decline`, { reason: 'sick' })).body).toMatchObject({
      state: 'declined',
      declineReason: 'sick',
    })
    const rows = (await audits(ids[0]!)).filter((row) => row.door === 'api')
    expect(rows.map((row) => [row.action, row.reason])).toEqual([
      ['assignment.confirmed', 'by phone'],
      ['assignment.declined', 'sick'],
    ])
  })

  test('is refused what the state does not allow, and what lies elsewhere', async () => {
    const { ids } = await askOnePerson()
    await roster.occasionally((occasion) =>
      world.house.services.assignments.move(occasion, { ids, to: 'cancelled', seatSettled: true }),
    )
    const refused = await world.call('POST', `/v1/assignments/${ids[0]}:confirm`, {})
    expect(refused).toMatchObject({ status: 409, body: { code: 'assignment-not-answerable', state: 'cancelled' } })
    const beside = await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Beside' })
    const key = await world.makeKey(beside.body.id, 'organizer')
    for (const verb of ['confirm', 'decline']) {
      const answer = await world.call('POST', `/v1/assignments/${ids[0]}:${verb}`, {}, { key })
      expect(answer).toMatchObject({ status: 404, body: { code: 'assignment-unknown' } })
    }
    expect((await world.must('GET', '/v1/confirmation-requests', undefined, { key })).body.items).toEqual([])
    const viewer = await world.makeKey(world.root.id, 'viewer')
    expect((await world.call('POST', `/v1/assignments/${ids[0]}:confirm`, {}, { key: viewer })).status).toBe(403)
  })

  test('a unit decides on its own deadlines', async () => {
    const { db } = world.house.services.foundations
    await db
      .update(units)
      .set({ policy: { confirmWithinMinutes: 60 } })
      .where(eq(units.id, world.root.id))
    const { ids } = await askOnePerson()
    await world.advanceTo('2026-05-04T03:01:00Z')
    expect(await stateOf(ids[0]!)).toBe('lapsed')
  })
})
