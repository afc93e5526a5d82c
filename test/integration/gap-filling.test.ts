import { and, eq, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { cascades, gaps, offers } from '../../src/modules/gap-filling/gap-filling.tables.ts'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { unitResponsibles, units } from '../../src/modules/organisation/organisation.tables.ts'
import { assignments as assignmentsTable } from '../../src/modules/rosters/rosters.tables.ts'
import { absences } from '../../src/modules/volunteers/volunteers.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { backends, startWorld, type World } from '../support/world.ts'

/** The world begins on Monday 4 May 2026, 10:00 in Shanghai. */
const WEDNESDAY = '2026-05-06T08:00'

let world: World
let roster: PlainRoster

beforeEach(async () => {
  world = await startWorld()
  roster = await plainRoster(world)
  return () => world.close()
})

const db = () => world.house.services.foundations.db
const policy = (words: Record<string, number>) =>
  db().update(units).set({ policy: words }).where(eq(units.id, world.root.id))
const linkTo = (volunteerId: string, template = 'offer') =>
  world.messagesTo(volunteerId).findLast((message) => message.template === template)?.link
const heard = (volunteerId: string) => world.messagesTo(volunteerId).map((message) => message.template)
const theGap = async () => (await db().select().from(gaps))[0]!
const detail = async (id: string) => (await world.must('GET', `/v1/gaps/${id}`)).body
const offerStates = async () =>
  (await db().select().from(offers).orderBy(offers.rank)).map(({ volunteerId, state }) => [volunteerId, state])
const accept = (volunteerId: string) => roster.answer(linkTo(volunteerId)!, { answer: 'accept' })
const decline = (volunteerId: string) => roster.answer(linkTo(volunteerId)!, { answer: 'decline' })

/** Somebody has a duty and declines it. */
async function vacate(options: Partial<Parameters<PlainRoster['shift']>[0]> = {}) {
  const [volunteerId] = await roster.people(1)
  const shift = await roster.shift({ start: WEDNESDAY, ...options })
  const slotId = shift.slotIds[0]!
  const [assignmentId] = await roster.publish(
    [{ slotId, volunteerId: volunteerId! }],
    [],
    Math.floor(Math.random() * 1e6),
  )
  await world.settled()
  const { assignments } = world.house.services
  await roster.occasionally((occasion) => assignments.move(occasion, { ids: [assignmentId!], to: 'declined' }))
  await world.settled()
  const link = linkTo(volunteerId!, 'confirmation-request')!
  return { ...shift, slotId, volunteerId: volunteerId!, assignmentId: assignmentId!, link }
}

describe('asking the reserve', () => {
  test('a decline opens a gap, and the first echelon is asked, a wave at a time', async () => {
    const people = await roster.people(5)
    const [echelonId] = await roster.reserve([people])
    const { assignmentId } = await vacate()
    const gap = await theGap()
    expect(gap).toMatchObject({ cause: 'declined', state: 'open', vacatedId: assignmentId })
    const { cascades: searches } = await detail(gap.id)
    expect(searches).toMatchObject([{ state: 'open', wave: 1, history: [] }])
    const asked = searches[0].offers
    expect(asked.map((offer: { rank: number }) => offer.rank)).toEqual([1, 2, 3])
    expect(asked[0]).toMatchObject({ state: 'open', echelonId, wave: 1 })
    expect(asked[0].expiresAt).toBe(new Date(Date.parse(asked[0].askedAt) + 30 * 60_000).toISOString())
    expect(world.messages.filter((message) => message.template === 'offer')).toHaveLength(3)
    const told = world.messagesTo(asked[0].volunteerId)[0]!
    expect(told.text).toContain('Wed 6 May 08:00 to Thu 7 May 08:00 (24 h), Gate 1, guard')
    expect(told.link).toMatch(/\/o\/[\w-]{43}$/)
  })

  test('who declines is followed by the next at once', async () => {
    const people = await roster.people(5)
    await roster.reserve([people])
    await vacate()
    const [[first]] = (await offerStates()) as [[string]]
    await decline(first)
    await world.settled()
    const states = await offerStates()
    expect(states.map(([, state]) => state)).toEqual(['declined', 'open', 'open', 'open'])
    expect(await (await roster.page(linkTo(first)!)).text()).toContain('Noted that you cannot come')
  })

  test('an empty echelon is passed over at once, the next waits until the one before is used up', async () => {
    const [first, third] = [await roster.people(2), await roster.people(2)]
    const ids = await roster.reserve([first, [], third])
    await vacate()
    expect((await offerStates()).map(([id]) => id).sort()).toEqual([...first].sort())
    await decline(first[0]!)
    await world.settled()
    expect(await offerStates()).toHaveLength(2)
    await decline(first[1]!)
    await world.settled()
    expect(
      (await offerStates())
        .slice(2)
        .map(([id]) => id)
        .sort(),
    ).toEqual([...third].sort())
    const [cascade] = await db().select().from(cascades)
    expect(cascade!.history).toEqual([
      { echelonId: ids[0], asked: 2, because: 'all asked' },
      { echelonId: ids[1], asked: 0, because: 'empty' },
    ])
  })

  test('offers run out, and the next are asked', async () => {
    const people = await roster.people(4)
    await roster.reserve([people])
    await vacate()
    await world.advance({ minutes: 31 })
    const states = (await offerStates()).map(([, state]) => state)
    expect(states).toEqual(['expired', 'expired', 'expired', 'open'])
    const expired = (await offerStates())[0]![0]!
    expect((await accept(expired)).status).toBe(303)
    expect(await (await roster.page(linkTo(expired)!)).text()).toContain('The time to answer is over')
    expect((await theGap()).state).toBe('open')
  })

  test('those who carry less are asked first; absent, busy and unreachable people are not asked', async () => {
    const [away, busy, loaded, fresh, silent] = await roster.people(5)
    const [quiet] = await roster.people(1, { doNotContact: true })
    await roster.reserve([[away!, busy!, loaded!, fresh!, silent!, quiet!]])
    await policy({ waveSize: 2 })
    const before = await roster.shift({ start: '2026-05-09T08:00', length: 'PT8H' })
    const same = await roster.shift({ start: '2026-05-06T20:00', length: 'PT4H' })
    const [held] = await roster.publish([
      { slotId: before.slotIds[0]!, volunteerId: loaded! },
      { slotId: same.slotIds[0]!, volunteerId: busy! },
    ])
    expect(held).toBeDefined()
    const wednesday = { startsAt: new Date('2026-05-06T00:00:00Z'), endsAt: new Date('2026-05-06T03:00:00Z') }
    await db()
      .insert(absences)
      .values({ ...wednesday, volunteerId: away!, kind: 'leave', createdAt: world.clock.now() })
    const preview = async () => (await world.must('GET', `/v1/gaps/${(await theGap()).id}/candidates`)).body
    await vacate()
    expect((await offerStates()).map(([id]) => id).sort()).toEqual([fresh!, silent!].sort())
    const shown = await preview()
    expect(shown.wave).toMatchObject({ size: 2, broadcast: false })
    expect(shown.echelons).toMatchObject([
      { members: 6, asked: 2, passedOver: { absent: 1, 'on duty then': 1, 'do not contact': 1 } },
    ])
    expect(shown.echelons[0].candidates).toMatchObject([
      { volunteerId: loaded, rank: 1, loadMinutes: 480, failures: [] },
    ])
  })

  test('with little time left all are asked at once', async () => {
    const people = await roster.people(12)
    await roster.reserve([people.slice(0, 6), people.slice(6)])
    await roster.shift({ start: WEDNESDAY })
    await vacate({ start: '2026-05-04T11:00' })
    expect(await offerStates()).toHaveLength(12)
    const [first] = await db().select().from(offers)
    const lasts = first!.expiresAt.getTime() - first!.askedAt.getTime()
    expect(lasts).toBeGreaterThan(13 * 60_000)
    expect(lasts).toBeLessThanOrEqual(15 * 60_000)
  })

  test('what a version leaves open is looked for', async () => {
    const people = await roster.people(3)
    await roster.reserve([people])
    const { slotIds } = await roster.shift({ start: WEDNESDAY, seats: 2 })
    const [holder] = await roster.people(1)
    await roster.publish([{ slotId: slotIds[0]!, volunteerId: holder! }], [slotIds[1]!])
    await world.settled()
    expect(await theGap()).toMatchObject({ cause: 'unfilled', slotId: slotIds[1], vacatedId: null })
    expect(await offerStates()).toHaveLength(3)
  })

  test('an offer that cannot be delivered counts against nobody, and the next is asked', async () => {
    const people = await roster.people(4)
    await roster.reserve([people])
    await policy({ waveSize: 1 })
    const { services } = world.house
    await vacate()
    const [offer] = await db().select().from(offers)
    const [message] = await db().select().from(messages).where(eq(messages.subjectId, offer!.id))
    const payload = { messageId: message!.id, template: 'offer', subjectId: offer!.id }
    const tell = () => roster.occasionally((occasion) => services.gapFilling.onMessageFailed(payload, occasion))
    await Promise.all([tell(), tell(), tell()])
    await world.settled()
    expect((await offerStates()).map(([, state]) => state)).toEqual(['contact_error', 'open'])
  })
})

describe('what leaves a seat empty', () => {
  test.each(backends())(
    'silence: the deadline passes and the reserve is asked, without anybody (%s)',
    async (backend) => {
      await world.close()
      world = await startWorld({ backend })
      roster = await plainRoster(world)
      const people = await roster.people(2)
      await roster.reserve([people])
      const [silent] = await roster.people(1)
      const { slotIds } = await roster.shift({ start: WEDNESDAY })
      await roster.publish([{ slotId: slotIds[0]!, volunteerId: silent! }])
      await world.advanceTo('2026-05-05T02:01:00Z')
      expect(heard(silent!)).toEqual(['confirmation-request', 'confirmation-reminder', 'duties-lapsed'])
      expect(await theGap()).toMatchObject({ cause: 'lapsed', state: 'open' })
      await accept(people[1]!)
      await world.settled()
      expect(await theGap()).toMatchObject({ state: 'filled' })
      expect(heard(people[0]!)).toEqual(['offer', 'offer-filled'])
    },
  )

  test('an organizer who cancels a duty, unless the seat is settled; seated again, the gap is filled', async () => {
    const [first, second, third] = await roster.people(3)
    const { slotIds } = await roster.shift({ start: WEDNESDAY, seats: 2 })
    const ids = await roster.publish([
      { slotId: slotIds[0]!, volunteerId: first! },
      { slotId: slotIds[1]!, volunteerId: second! },
    ])
    const { assignments } = world.house.services
    await roster.occasionally(async (occasion) => {
      await assignments.move(occasion, { ids: [ids[0]!], to: 'cancelled' })
      await assignments.move(occasion, { ids: [ids[1]!], to: 'cancelled', seatSettled: true })
    })
    const opened = await db().select().from(gaps)
    expect(opened).toMatchObject([{ slotId: slotIds[0], cause: 'cancelled', state: 'open' }])
    const seat = { slotId: slotIds[0]!, volunteerId: third!, source: 'hand' as const, state: 'confirmed' as const }
    const row = await roster.occasionally((occasion) => assignments.seatOne(occasion, roster.rosterId, seat))
    expect(await theGap()).toMatchObject({ state: 'filled', filledById: row.id })
  })

  test('a new version that fills the seat ends the search', async () => {
    const people = await roster.people(3)
    await roster.reserve([people])
    const { slotId } = await vacate()
    const [other] = await roster.people(1)
    await roster.publish([{ slotId, volunteerId: other! }], [], 2)
    await world.settled()
    expect(await theGap()).toMatchObject({ state: 'filled' })
    expect((await offerStates()).map(([, state]) => state)).toEqual(['superseded', 'superseded', 'superseded'])
    for (const id of people) expect(heard(id)).toEqual(['offer', 'offer-filled'])
  })
})

describe('accepting', () => {
  test('gives the seat, thanks the winner with a way to check in, and tells the others', async () => {
    const people = await roster.people(3)
    await roster.reserve([people])
    const { assignmentId, slotId } = await vacate()
    const [winner, ...others] = people
    expect((await accept(winner!)).status).toBe(303)
    await world.settled()
    const gap = await theGap()
    expect(gap).toMatchObject({ state: 'filled', closedAt: expect.any(Date) })
    expect(await roster.assignment(gap.filledById!)).toMatchObject({
      slotId,
      volunteerId: winner,
      state: 'confirmed',
      source: 'cascade',
      replacesId: assignmentId,
    })
    expect(heard(winner!)).toEqual(['offer', 'offer-accepted'])
    expect(linkTo(winner!, 'offer-accepted')).toContain('/a/')
    for (const other of others) {
      expect(heard(other)).toEqual(['offer', 'offer-filled'])
      expect(await (await roster.page(linkTo(other)!)).text()).toContain('Already filled, thank you')
      expect((await accept(other)).status).toBe(303)
    }
    expect(await db().select().from(assignmentsTable).where(eq(assignmentsTable.slotId, slotId))).toHaveLength(2)
    const rows = await db().select().from(auditLog).where(eq(auditLog.subjectId, gap.id))
    expect(rows.map((row) => row.action)).toEqual(['gap.opened', 'gap.filled'])
    expect(rows[1]).toMatchObject({ door: 'link', unitId: world.root.id })
  })

  test('of 100 who accept at once one wins, and every other is told', async () => {
    const people = await roster.people(100)
    await roster.reserve([people])
    await policy({ waveSize: 100 })
    const { slotId } = await vacate()
    expect(await offerStates()).toHaveLength(100)
    const answers = await Promise.all(people.map(accept))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([303]))
    await world.settled()
    const count = Map.groupBy(await offerStates(), ([, state]) => state)
    expect([count.get('accepted')?.length, count.get('superseded')?.length]).toEqual([1, 99])
    const winner = count.get('accepted')![0]![0]!
    const live = await db()
      .select()
      .from(assignmentsTable)
      .where(and(eq(assignmentsTable.slotId, slotId), eq(assignmentsTable.state, 'confirmed')))
    expect(live).toMatchObject([{ volunteerId: winner }])
    for (const loser of people.filter((id) => id !== winner)) expect(heard(loser)).toEqual(['offer', 'offer-filled'])
    const accepted = await db().select().from(auditLog).where(eq(auditLog.action, 'offer.accepted'))
    expect(accepted).toHaveLength(1)
  })

  test('a late loser reads the kind page quickly', async () => {
    const people = await roster.people(3)
    await roster.reserve([people])
    await vacate()
    await accept(people[0]!)
    const from = performance.now()
    const answer = await accept(people[1]!)
    const page = await (await roster.page(new URL(answer.headers.get('location')!, world.url).href)).text()
    expect(page).toContain('Already filled')
    expect(performance.now() - from).toBeLessThan(500)
  })

  test('whoever took it can give it back until the cut-off, and somebody else is looked for', async () => {
    const people = await roster.people(2)
    await roster.reserve([people])
    await policy({ waveSize: 1 })
    await vacate()
    const [[first]] = (await offerStates()) as [[string]]
    await accept(first)
    await world.settled()
    const link = linkTo(first)!
    expect(await (await roster.page(link)).text()).toContain('This duty is yours')
    await roster.answer(link, { answer: 'withdraw' })
    await world.settled()
    expect(await (await roster.page(link)).text()).toContain('You have withdrawn')
    const all = await db().select().from(gaps).orderBy(gaps.openedAt)
    expect(all.map((gap) => [gap.cause, gap.state])).toEqual([
      ['declined', 'filled'],
      ['withdrawn', 'open'],
    ])
    const [other] = people.filter((id) => id !== first)
    expect(heard(other!)).toEqual(['offer'])
  })

  test('whoever is no longer eligible does not get the seat, and the search goes on', async () => {
    const people = await roster.people(2)
    await roster.reserve([people])
    await policy({ waveSize: 1 })
    await vacate()
    const [[first]] = (await offerStates()) as [[string]]
    const elsewhere = await roster.shift({ start: '2026-05-06T10:00', length: 'PT4H' })
    await roster.occasionally((occasion) =>
      world.house.services.assignments.seatOne(occasion, roster.rosterId, {
        slotId: elsewhere.slotIds[0]!,
        volunteerId: first,
        source: 'hand',
        state: 'confirmed',
      }),
    )
    expect((await accept(first)).status).toBe(303)
    await world.settled()
    expect((await offerStates()).map(([, state]) => state)).toEqual(['superseded', 'open'])
    const rows = await db().select().from(auditLog).where(eq(auditLog.action, 'offer.superseded'))
    expect(rows[0]!.reason).toContain('no longer eligible')
  })
})

describe('one person, many gaps', () => {
  test('nobody has two live offers, and the more critical gap has the first choice', async () => {
    const people = await roster.people(3)
    await roster.reserve([people])
    const shifts = [
      await roster.shift({ start: WEDNESDAY, mandatory: false, post: { priority: 1 } }),
      await roster.shift({ start: WEDNESDAY, post: { priority: 5 } }),
      await roster.shift({ start: WEDNESDAY, post: { priority: 2 } }),
    ]
    const openSlots = shifts.map((shift) => shift.slotIds[0]!)
    await roster.publish([], openSlots)
    await world.settled()
    const asked = await db().select().from(offers)
    expect(new Set(asked.map((offer) => offer.slotId))).toEqual(new Set([openSlots[2]]))
    expect(asked).toHaveLength(3)
    await accept(people[0]!)
    await world.settled()
    await world.advance({ minutes: 31 })
    const [urgent] = await db().select().from(gaps).where(eq(gaps.slotId, openSlots[2]!))
    expect(urgent!.state).toBe('filled')
    const second = await db().select().from(offers).where(eq(offers.slotId, openSlots[1]!))
    expect(second.map((offer) => offer.volunteerId).sort()).toEqual(people.slice(1).sort())
    const [early] = second
    expect(early!.askedAt.getTime()).toBeLessThan(world.clock.now().getTime() - 30 * 60_000)
    const last = await db().select().from(offers).where(eq(offers.slotId, openSlots[0]!))
    expect(last.map((offer) => offer.volunteerId).sort()).toEqual(people.slice(1).sort())
  })

  test('30 declines at once among 3,091 people of the reserve are searched within seconds', async () => {
    const people = await roster.people(3_091)
    await roster.reserve([people.slice(0, 1_000), people.slice(1_000, 2_100), people.slice(2_100)])
    const shift = await roster.shift({ start: WEDNESDAY, seats: 30 })
    const holders = await roster.people(30)
    const seats = shift.slotIds.map((slotId, index) => ({ slotId, volunteerId: holders[index]! }))
    const given = await roster.publish(seats)
    await world.settled()
    const from = performance.now()
    const { assignments } = world.house.services
    await Promise.all(
      given.map((id) => roster.occasionally((occasion) => assignments.move(occasion, { ids: [id], to: 'declined' }))),
    )
    await world.settled()
    const took = performance.now() - from
    const asked = await db().select().from(offers)
    expect(asked).toHaveLength(90)
    expect(new Set(asked.map((offer) => offer.volunteerId)).size).toBe(90)
    expect(world.messages.filter((message) => message.template === 'offer')).toHaveLength(90)
    // A few seconds on a quiet machine.
    expect(took).toBeLessThan(60_000)
  })
})

describe('the end of a search', () => {
  test('a decline taken back closes the gap, and those who were told of it are told so', async () => {
    const people = await roster.people(2)
    await roster.reserve([people])
    const { link, assignmentId } = await vacate()
    await roster.answer(link, { answer: 'confirm', assignmentId, seen: '2' })
    await world.settled()
    expect((await roster.assignment(assignmentId)).state).toBe('confirmed')
    expect((await theGap()).state).toBe('closed')
    expect((await offerStates()).map(([, state]) => state)).toEqual(['superseded', 'superseded'])
    for (const id of people) {
      expect(heard(id)).toEqual(['offer', 'offer-withdrawn'])
      expect(await (await roster.page(linkTo(id)!)).text()).toContain('no longer needed')
    }
  })

  test('taking a decline back and accepting at once: one of them has the seat', async () => {
    for (let round = 0; round < 8; round += 1) {
      const people = await roster.people(3)
      await roster.reserve([people])
      const { link, assignmentId, slotId } = await vacate({ start: `2026-05-${10 + round}T08:00` })
      const asked = await db().select().from(offers).where(eq(offers.slotId, slotId))
      const mine = asked.map((offer) => offer.volunteerId)
      const answers = await Promise.all([
        ...mine.map(accept),
        roster.answer(link, { answer: 'confirm', assignmentId, seen: '2' }),
      ])
      expect(answers.map((answer) => answer.status)).toEqual(Array(mine.length + 1).fill(303))
      const [{ count } = { count: 0 }] = await db()
        .select({ count: sql<number>`count(*)::int` })
        .from(assignmentsTable)
        .where(and(eq(assignmentsTable.slotId, slotId), eq(assignmentsTable.state, 'confirmed')))
      expect(count).toBe(1)
      const [gap] = await db().select().from(gaps).where(eq(gaps.slotId, slotId))
      expect(gap!.state).not.toBe('open')
      await world.settled()
    }
  })

  test('nobody left: the responsible people hear of it level by level, as long as it is open', async () => {
    await db().insert(unitResponsibles).values({ unitId: world.root.id, position: 1, name: 'Ada' })
    const people = await roster.people(1)
    const ids = await roster.reserve([people, []])
    await vacate()
    await decline(people[0]!)
    await world.settled()
    const gap = await theGap()
    expect(gap.state).toBe('open')
    const [search] = (await detail(gap.id)).cascades
    expect(search).toMatchObject({
      state: 'exhausted',
      history: [
        { echelonId: ids[0], asked: 1, because: 'all asked' },
        { echelonId: ids[1], asked: 0, because: 'empty' },
      ],
    })
    const told = world.messages.filter((message) => message.template === 'gap-exhausted')
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ to: `unit/${world.root.id}`, volunteerId: '' })
    expect(told[0]!.text).toContain('Hello Ada, this duty is still open and the whole reserve was asked (1 people)')
    expect(told[0]!.text).toContain('- Echelon 1: all asked')
    const listed = await world.must('GET', '/v1/messages?template=gap-exhausted')
    expect(listed.body.items).toMatchObject([{ unitId: world.root.id, volunteerId: null, subjectId: gap.id }])
  })

  test('started anew, only those are asked who were not asked yet', async () => {
    const [first, later] = [await roster.people(1), await roster.people(1)]
    await roster.reserve([first])
    await vacate()
    const { id } = await theGap()
    expect(await world.call('POST', `/v1/gaps/${id}:restart`)).toMatchObject({
      status: 409,
      body: { code: 'cascade-running' },
    })
    await decline(first[0]!)
    await world.settled()
    await db().execute(sql`update echelon_members set volunteer_id = ${later[0]!}`)
    await world.must('POST', `/v1/gaps/${id}:restart`)
    await world.settled()
    expect(await offerStates()).toEqual([
      [first[0], 'declined'],
      [later[0], 'open'],
    ])
    expect((await detail(id)).cascades.map((one: { state: string }) => one.state)).toEqual(['exhausted', 'open'])
  })

  test('a gap whose shift is over is closed, and a no-show is searched for while it lasts', async () => {
    const people = await roster.people(1)
    await roster.reserve([people])
    const [holder] = await roster.people(1)
    const { slotIds } = await roster.shift({ start: WEDNESDAY, length: 'PT4H' })
    const [assignmentId] = await roster.publish([{ slotId: slotIds[0]!, volunteerId: holder! }])
    await world.settled()
    await world.must('POST', `/v1/assignments/${assignmentId}:confirm`)
    await db()
      .update(units)
      .set({ policy: { noShow: 'auto' } })
      .where(eq(units.id, world.root.id))
    await world.advanceTo('2026-05-06T00:31:00Z')
    expect((await roster.assignment(assignmentId!)).state).toBe('no_show')
    expect(await theGap()).toMatchObject({ cause: 'no_show', state: 'open' })
    expect(heard(people[0]!)).toEqual(['offer'])
    await world.advanceTo('2026-05-06T04:00:30Z')
    expect((await theGap()).state).toBe('closed')
    await roster.occasionally((occasion) =>
      world.house.services.gapFilling.onAssignmentsMoved(
        { to: 'no_show', moves: [{ assignmentId: assignmentId!, from: 'confirmed' }], seatSettled: false },
        occasion,
      ),
    )
    expect(await db().select().from(gaps)).toHaveLength(1)
  })

  test('every task run three times, two at a time, has one effect', async () => {
    const people = await roster.people(6)
    await roster.reserve([people])
    await vacate()
    const { gapFilling } = world.house.services
    const [cascade] = await db().select().from(cascades)
    await Promise.all([1, 2, 3].map(() => gapFilling.advance(cascade!.id)))
    expect(await offerStates()).toHaveLength(3)
    const [offer] = await db().select().from(offers)
    await gapFilling.expireWave(cascade!.id, 1)
    expect((await offerStates()).every(([, state]) => state === 'open')).toBe(true)
    world.clock.set(offer!.expiresAt)
    await Promise.all([1, 2, 3].map(() => gapFilling.expireWave(cascade!.id, 1)))
    await Promise.all([1, 2].map(() => gapFilling.advance(cascade!.id)))
    await world.settled()
    const states = (await offerStates()).map(([, state]) => state)
    expect(states).toEqual(['expired', 'expired', 'expired', 'open', 'open', 'open'])
    const told = world.messages.filter((message) => message.template === 'offer')
    expect(new Set(told.map((message) => message.volunteerId)).size).toBe(6)
    expect(told).toHaveLength(6)
  })
})

describe('the organizer', () => {
  test('fills a gap by hand: as a request, or with the word of the person', async () => {
    const people = await roster.people(1)
    await roster.reserve([people])
    const [asked, agreed] = await roster.people(2)
    const first = await vacate()
    const filled = await world.must('POST', `/v1/gaps/${(await theGap()).id}:fill`, { volunteerId: asked })
    await world.settled()
    expect(filled.body).toMatchObject({ state: 'filled', cascades: [{ state: 'filled' }] })
    expect(await roster.assignment(filled.body.filledById)).toMatchObject({
      volunteerId: asked,
      state: 'pending',
      source: 'hand',
      replacesId: first.assignmentId,
    })
    expect(heard(asked!)).toEqual(['confirmation-request'])
    expect(heard(people[0]!)).toEqual(['offer', 'offer-filled'])
    await vacate({ start: '2026-05-10T08:00' })
    const [open] = await db().select().from(gaps).where(eq(gaps.state, 'open'))
    const sure = await world.must('POST', `/v1/gaps/${open!.id}:fill`, { volunteerId: agreed, agreed: true })
    expect((await roster.assignment(sure.body.filledById)).state).toBe('confirmed')
    expect(await world.call('POST', `/v1/gaps/${open!.id}:fill`, { volunteerId: agreed })).toMatchObject({
      status: 409,
      body: { code: 'gap-not-open', state: 'filled' },
    })
  })

  test('is told which rules stand against a person, all of them', async () => {
    const [away] = await roster.people(1)
    const window = { startsAt: new Date('2026-05-05T00:00:00Z'), endsAt: new Date('2026-05-08T00:00:00Z') }
    await db()
      .insert(absences)
      .values({ ...window, volunteerId: away!, kind: 'sick', createdAt: world.clock.now() })
    const { slotId } = await vacate()
    const { id } = await theGap()
    const refused = await world.call('POST', `/v1/gaps/${id}:fill`, { volunteerId: away })
    expect(refused).toMatchObject({ status: 409, body: { code: 'not-eligible' } })
    const failures: { rule: string; overridable: boolean }[] = refused.body.failures
    expect(failures).toMatchObject([{ rule: 'absence', overridable: true }])
    const override = { rules: ['absence'], reason: 'is back earlier' }
    const elsewhere = await roster.shift({ start: '2026-05-06T12:00', length: 'PT4H' })
    const [busy] = await roster.people(1)
    await roster.publish([{ slotId: elsewhere.slotIds[0]!, volunteerId: busy! }], [], 7)
    const never = { volunteerId: busy, override: { rules: ['no-overlap'], reason: 'can be at two places' } }
    expect(await world.call('POST', `/v1/gaps/${id}:fill`, never)).toMatchObject({
      status: 409,
      body: { code: 'not-eligible', failures: [{ rule: 'no-overlap', overridable: false }] },
    })
    const again = await world.must('POST', `/v1/gaps/${id}:fill`, { volunteerId: away, override })
    expect(await roster.assignment(again.body.filledById)).toMatchObject({
      slotId,
      override: { ...override, by: expect.stringMatching(/^apiKey:/) },
    })
    const nobody = await world.call('POST', `/v1/gaps/${id}:fill`, { volunteerId: id, extra: 1 })
    expect(nobody).toMatchObject({ status: 400, body: { errors: [{ pointer: '/body/extra' }] } })
  })

  test('sees gaps of the own units only', async () => {
    await vacate()
    const { id } = await theGap()
    const beside = await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Beside' })
    const key = await world.makeKey(beside.body.id, 'organizer')
    expect((await world.must('GET', '/v1/gaps', undefined, { key })).body.items).toEqual([])
    const answers = await Promise.all([
      world.call('GET', `/v1/gaps/${id}`, undefined, { key }),
      world.call('GET', `/v1/gaps/${id}/candidates`, undefined, { key }),
      world.call('POST', `/v1/gaps/${id}:fill`, { volunteerId: id }, { key }),
      world.call('POST', `/v1/gaps/${id}:restart`, undefined, { key }),
    ])
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { code: 'gap-unknown' } })
    const mine = await world.must('GET', `/v1/gaps?rosterId=${roster.rosterId}&state=open`)
    expect(mine.body.items).toMatchObject([
      { id, postName: 'Gate 1', role: 'guard', mandatory: true, day: '2026-05-06' },
    ])
  })
})

describe('the page', () => {
  test('looking changes nothing, dead links look alike, nonsense is asked again', async () => {
    const people = await roster.people(3)
    await roster.reserve([people])
    await vacate()
    const everything = () =>
      Promise.all(
        ['assignments', 'offers', 'gaps', 'cascades', 'messages', 'links', 'audit_log', 'tasks'].map(
          (name) => world.house.database.sql`select * from ${world.house.database.sql(name)} order by 1`,
        ),
      )
    const before = await everything()
    const link = linkTo(people[0]!)!
    for (let times = 0; times < 20; times += 1) {
      for (const method of ['HEAD', 'GET']) expect((await roster.page(link, { method })).status).toBe(200)
    }
    const page = await (await roster.page(`${link}?lang=zh`)).text()
    expect(page).toContain('我来值班')
    expect(Buffer.byteLength(page)).toBeLessThan(20_000)
    const nonsense = await roster.answer(link, { answer: 'perhaps' })
    expect([nonsense.status, (await nonsense.text()).includes('answer with the buttons')]).toEqual([400, true])
    expect(await everything()).toEqual(before)
    const dead = await roster.page(link.slice(0, -1))
    const other = await roster.page(link.replace('/o/', '/c/'))
    expect([dead.status, other.status]).toEqual([404, 404])
    expect(await dead.text()).toBe(await other.text())
  })
})
