import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { absences } from '../../src/modules/volunteers/volunteers.tables.ts'
import { type SwapTown, swapTown } from '../support/swap-town.ts'
import { startWorld, type World } from '../support/world.ts'

/** The world begins on Monday 4 May 2026, 10:00 in Shanghai. */
const WEDNESDAY = '2026-05-06T08:00'
const FRIDAY = '2026-05-08T08:00'

let world: World
let town: SwapTown
let lin: string
let wang: string
let zhao: string

beforeEach(async () => {
  world = await startWorld()
  town = await swapTown(world)
  ;[lin, wang, zhao] = (await town.roster.people(3)) as [string, string, string]
  return () => world.close()
})

const db = () => world.house.services.foundations.db
const away = (volunteerId: string, from: string, to: string) =>
  db()
    .insert(absences)
    .values({
      volunteerId,
      kind: 'leave',
      startsAt: new Date(from),
      endsAt: new Date(to),
      createdAt: world.clock.now(),
    })
const auditOf = async (id: string) =>
  (
    await db().execute<{ action: string }>(sql`select action from audit_log where subject_id = ${id} order by at, id`)
  ).map((row) => row.action)

describe('give', () => {
  test('to one person, by their links alone: asked, taken, applied, and both are told', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    const room = await town.room(lin)
    expect(await room.page()).toContain('Your duties')
    const choice = await room.page(`?duty=${duty.id}`)
    expect(choice).toContain('Person 2')
    expect(choice).toContain('Person 1 stays responsible')
    const asked = await room.send({ step: 'give', assignmentId: duty.id, askedId: wang, note: 'I am at a wedding' })
    expect(asked.status).toBe(303)
    await world.settled()
    const [message] = world.messagesTo(wang)
    expect(message).toMatchObject({ template: 'swap-asked' })
    expect(message!.text).toContain('I am at a wedding')
    expect(message!.text).toContain('Person 1 stays responsible')

    const link = message!.link!
    for (const method of ['HEAD', 'GET', 'GET']) await fetch(link, { method })
    expect((await town.dutiesOf(lin)).map((row) => row.id)).toEqual([duty.id])
    const page = await (await fetch(link)).text()
    expect(page).toContain('Until the swap is in force, Person 1 stays responsible for this duty.')
    expect(Buffer.byteLength(page)).toBeLessThan(20_000)
    const [swap] = (await world.must('GET', '/v1/swaps')).body.items
    for (let presses = 0; presses < 2; presses += 1) {
      expect((await town.roster.answer(link, { step: 'accept', swapId: swap.id })).status).toBe(303)
    }
    await world.settled()

    expect(await town.dutiesOf(lin)).toEqual([])
    const [taken] = await town.dutiesOf(wang)
    expect(taken).toMatchObject({ slotId: duty.slotId, state: 'confirmed', source: 'swap', replacesId: duty.id })
    expect((await town.roster.assignment(duty.id)).state).toBe('replaced')
    expect(town.heard(lin)).toEqual(['swap-applied'])
    expect(world.messagesTo(lin)[0]!.text).toContain('Person 2 has taken your duty, you need not come')
    expect(town.heard(wang)).toEqual(['swap-asked', 'swap-applied'])
    const detail = await town.swap(swap.id)
    expect(detail).toMatchObject({ state: 'applied', takerId: wang, needsApproval: false })
    expect(detail.history.map((row: { action: string }) => row.action)).toEqual([
      'swap.opened',
      'swap.accepted',
      'swap.applied',
    ])
    expect(await auditOf(duty.id)).toEqual(['assignment.seated', 'assignment.replaced'])
    expect(await (await fetch(link)).text()).toContain('In force')
  })

  test('the rules are asked at request and at acceptance, and every one that fails is named', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    await town.duty(wang, '2026-05-06T12:00')
    await away(wang, '2026-05-06T00:00:00Z', '2026-05-06T02:00:00Z')
    const refused = await world.call('POST', '/v1/swaps', { kind: 'give', assignmentId: duty.id, askedId: wang })
    expect(refused.status).toBe(409)
    expect(refused.body.code).toBe('swap-breaks-rules')
    expect(refused.body.errors.map((error: { code: string }) => error.code).sort()).toEqual(['absence', 'no-overlap'])

    const swap = await town.ask({ kind: 'give', assignmentId: duty.id, askedId: zhao })
    await world.settled()
    await away(zhao, '2026-05-06T00:00:00Z', '2026-05-06T02:00:00Z')
    const link = world.messagesTo(zhao)[0]!.link!
    const answer = await town.roster.answer(link, { step: 'accept', swapId: swap.id })
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('The rules do not allow it now')
    expect(await town.swap(swap.id)).toMatchObject({
      state: 'open',
      answers: [{ volunteerId: zhao, answer: 'hindered', hindrances: [{ rule: 'absence' }] }],
    })
    expect((await town.dutiesOf(lin)).length).toBe(1)
  })

  test('everything wrong with a request is said at once', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    const unknown = '00000000-0000-7000-8000-000000000000'
    const names = await world.call('POST', '/v1/swaps', {
      kind: 'trade',
      assignmentId: unknown,
      askedId: unknown,
      returnId: unknown,
    })
    expect(names.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/body/assignmentId',
      '/body/returnId',
      '/body/askedId',
    ])
    const wrong = await world.call('POST', '/v1/swaps', {
      kind: 'give',
      assignmentId: duty.id,
      askedId: lin,
      part: { startsAt: '2026-05-06T00:00:00Z', endsAt: '2026-05-06T01:00:00Z' },
    })
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors.map((error: { code: string }) => error.code)).toEqual(['asks-oneself', 'part-unwanted'])
    await town.ask({ kind: 'give', assignmentId: duty.id })
    const again = await world.call('POST', '/v1/swaps', { kind: 'give', assignmentId: duty.id })
    expect([again.status, again.body.code]).toEqual([409, 'swap-pending'])
  })

  test('the person asked says no, the asker takes back: the duty stays where it is', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    const first = await town.ask({ kind: 'give', assignmentId: duty.id, askedId: wang })
    await world.settled()
    const toWang = world.messagesTo(wang)[0]!.link!
    expect((await town.roster.answer(toWang, { step: 'decline', swapId: first.id })).status).toBe(303)
    expect(await town.swap(first.id)).toMatchObject({ state: 'rejected', reason: 'the person asked cannot' })
    const second = await town.ask({ kind: 'give', assignmentId: duty.id, askedId: zhao })
    await world.settled()
    const room = await town.room(lin)
    expect((await room.send({ step: 'withdraw', swapId: second.id })).status).toBe(303)
    await world.settled()
    expect(town.heard(lin)).toEqual(['swap-over'])
    expect(town.heard(zhao)).toEqual(['swap-asked', 'swap-over'])
    expect(world.messagesTo(zhao)[1]!.text).toContain('The duty stays with Person 1.')
    const late = await town.roster.answer(world.messagesTo(zhao)[0]!.link!, { step: 'accept', swapId: second.id })
    expect(late.status).toBe(409)
    expect((await town.dutiesOf(lin)).map((row) => row.id)).toEqual([duty.id])
  })
})

describe('the open board', () => {
  test('shows a person what they may take and nothing else, gaps too', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    await town.duty(zhao, '2026-05-06T10:00')
    const swap = await town.ask({ kind: 'give', assignmentId: duty.id })
    const left = await town.duty(lin, FRIDAY)
    await world.must('POST', `/v1/assignments/${left.id}:cancel`, { reason: 'ill' })
    await world.settled()
    const board = async (id: string) => (await world.must('GET', `/v1/volunteers/${id}/swap-board`)).body
    expect((await board(wang)).swaps).toMatchObject([{ id: swap.id, kind: 'give' }])
    expect((await board(wang)).gaps).toMatchObject([{ slotId: left.slotId }])
    expect((await board(zhao)).swaps).toEqual([])
    expect((await board(lin)).swaps).toEqual([])

    await world.must('POST', '/v1/swap-links', { volunteerIds: [wang] })
    await world.settled()
    const link = world.messagesTo(wang)[0]!.link!
    const page = await (await fetch(link)).text()
    expect(page).toContain('Duties you can take')
    const [gap] = (await board(wang)).gaps
    expect((await town.roster.answer(link, { step: 'take-gap', gapId: gap.gapId })).status).toBe(303)
    expect((await town.roster.answer(link, { step: 'accept', swapId: swap.id })).status).toBe(303)
    await world.settled()
    expect((await town.dutiesOf(wang)).map((row) => row.slotId)).toEqual([duty.slotId, left.slotId])
    expect((await world.must('GET', `/v1/gaps/${gap.gapId}`)).body.state).toBe('filled')
    expect(town.heard(wang)).toEqual(expect.arrayContaining(['gap-taken', 'swap-applied']))
    const twice = await town.roster.answer(link, { step: 'take-gap', gapId: gap.gapId })
    expect(twice.status).toBe(409)
    expect(await twice.text()).toContain('Somebody else was faster')
  })

  test('a new link to it puts earlier ones out of use; another person’s swap cannot be reached by a link', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    const swap = await town.ask({ kind: 'give', assignmentId: duty.id, askedId: wang })
    for (let i = 0; i < 2; i += 1) {
      await world.must('POST', '/v1/swap-links', { volunteerIds: [zhao] })
      await world.advance({ minutes: 2 })
    }
    const [old, fresh] = world.messagesTo(zhao).map((message) => message.link!)
    expect((await fetch(old!)).status).toBe(404)
    expect((await fetch(fresh!)).status).toBe(200)
    for (const step of ['accept', 'withdraw', 'decline']) {
      expect((await town.roster.answer(fresh!, { step, swapId: swap.id })).status).toBeGreaterThanOrEqual(400)
    }
    expect((await town.roster.answer(fresh!, { step: 'dance' })).status).toBe(400)
    expect((await town.swap(swap.id)).state).toBe('open')
  })
})

describe('trade', () => {
  test('with one person: each takes the duty of the other, though they touch', async () => {
    const mine = await town.duty(lin, WEDNESDAY)
    const theirs = await town.duty(wang, '2026-05-06T12:00')
    const room = await town.room(lin)
    expect(await room.page(`?duty=${mine.id}`)).toContain('Person 2 Wed 6 May 12:00')
    expect((await room.send({ step: 'trade', assignmentId: mine.id, returnId: theirs.id })).status).toBe(303)
    await world.settled()
    const [swap] = (await world.must('GET', '/v1/swaps?state=open')).body.items
    expect(swap).toMatchObject({ kind: 'trade', askedId: wang, returnId: theirs.id })
    await town.roster.answer(world.messagesTo(wang)[0]!.link!, { step: 'accept', swapId: swap.id })
    expect((await town.dutiesOf(lin)).map((row) => row.slotId)).toEqual([theirs.slotId])
    expect((await town.dutiesOf(wang)).map((row) => row.slotId)).toEqual([mine.slotId])
  })

  test('on the board: whoever takes it says what they give, and the rules are asked for both', async () => {
    const mine = await town.duty(lin, WEDNESDAY)
    const theirs = await town.duty(wang, FRIDAY)
    const swap = await town.ask({ kind: 'trade', assignmentId: mine.id })
    const room = await town.room(wang)
    expect(await room.page()).toContain(`value="${theirs.id}"`)
    const without = await room.send({ step: 'accept', swapId: swap.id })
    expect(without.status).toBe(422)
    expect(await without.text()).toContain('Please choose which of your duties you give')
    await away(lin, '2026-05-08T00:00:00Z', '2026-05-08T02:00:00Z')
    const hindered = await world.call('POST', `/v1/swaps/${swap.id}:accept`, { volunteerId: wang, returnId: theirs.id })
    expect(hindered.body).toMatchObject({
      code: 'swap-breaks-rules',
      errors: [{ pointer: '/body/returnId', code: 'absence' }],
    })
    await db().delete(absences)
    expect((await room.send({ step: 'accept', swapId: swap.id, returnId: theirs.id })).status).toBe(303)
    expect((await town.dutiesOf(lin)).map((row) => row.slotId)).toEqual([theirs.slotId])
  })
})

describe('cover a part', () => {
  const ask = async (shift: { id: string }, startsAt: string, endsAt: string) =>
    town.ask({ kind: 'cover', assignmentId: shift.id, askedId: wang, part: { startsAt, endsAt } })
  const accept = (id: string) => world.must('POST', `/v1/swaps/${id}:accept`, { volunteerId: wang })

  test('cuts the seat in two, each held, protected, attended and counted as its own', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    const swap = await ask(duty, '2026-05-06T05:00:00Z', '2026-05-06T08:00:00Z')
    await accept(swap.id)
    const [kept] = await town.dutiesOf(lin)
    const [given] = await town.dutiesOf(wang)
    expect(kept).toMatchObject({ id: duty.id, slotId: duty.slotId, state: 'confirmed' })
    expect([kept!.startsAt, kept!.endsAt]).toEqual([new Date('2026-05-06T00:00:00Z'), new Date('2026-05-06T05:00:00Z')])
    expect([given!.startsAt, given!.endsAt]).toEqual([kept!.endsAt, new Date('2026-05-06T08:00:00Z')])
    expect(given).toMatchObject({ state: 'confirmed', source: 'swap', replacesId: duty.id })
    await world.settled()
    expect(world.messagesTo(lin).at(-1)!.text).toContain(
      'The rest stays yours: Wed 6 May 08:00 to Wed 6 May 13:00 (5 h)',
    )

    // The holder is free in the part they gave away, and nowhere else.
    const later = await town.duty(lin, '2026-05-06T13:30', { length: 'PT2H' })
    expect(later.state).toBe('confirmed')
    await expect(town.duty(lin, '2026-05-06T12:00', { length: 'PT2H' })).rejects.toThrow()
    await expect(town.duty(wang, '2026-05-06T15:00', { length: 'PT2H' })).rejects.toThrow()

    await world.advanceTo('2026-05-06T00:00:00Z')
    const step = (id: string, verb: string) => world.must('POST', `/v1/assignments/${id}:${verb}`, {})
    await step(kept!.id, 'check-in')
    await world.advanceTo('2026-05-06T05:00:00Z')
    await step(kept!.id, 'check-out')
    await step(given!.id, 'check-in')
    await world.advanceTo('2026-05-06T08:00:00Z')
    await step(given!.id, 'check-out')
    const lines = await db().execute<{ volunteer_id: string; minutes: number; planned_minutes: number }>(
      sql`select volunteer_id, minutes, planned_minutes from ledger order by starts_at`,
    )
    expect([...lines]).toEqual([
      { volunteer_id: lin, minutes: 300, planned_minutes: 300 },
      { volunteer_id: wang, minutes: 180, planned_minutes: 180 },
    ])
  })

  test('one who cannot stand the whole may stand the part; a part given back is a gap of that part', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    await away(wang, '2026-05-06T00:00:00Z', '2026-05-06T02:00:00Z')
    const swap = await ask(duty, '2026-05-06T04:00:00Z', '2026-05-06T08:00:00Z')
    await accept(swap.id)
    const [given] = await town.dutiesOf(wang)
    await world.must('POST', `/v1/assignments/${given!.id}:withdraw`, { reason: 'ill' })
    await world.settled()
    const [gap] = (await world.must('GET', '/v1/gaps?state=open')).body.items
    expect(gap).toMatchObject({ slotId: given!.slotId, startsAt: '2026-05-06T04:00:00.000Z' })
    expect((await town.dutiesOf(lin)).map((row) => row.id)).toEqual([duty.id])
  })

  test('a form that is refused keeps what was typed', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    const room = await town.room(lin)
    const fields = { step: 'cover', assignmentId: duty.id, from: '2026-05-06T09:00', to: '2026-05-06T11:00' }
    const refused = await room.send({ ...fields, note: 'dentist', askedId: '' })
    expect(refused.status).toBe(422)
    const page = await refused.text()
    expect(page).toContain('The part must begin or end with the duty')
    expect(page).toContain('value="2026-05-06T09:00"')
    expect(page).toContain('value="dentist"')
    expect((await room.send({ ...fields, from: '2026-05-06T08:00' })).status).toBe(303)
  })
})

describe('approval', () => {
  const setUp = async () => {
    await town.policy({ swapApproval: 'organizer', swapApprovalMinutes: 600 })
    const duty = await town.duty(lin, WEDNESDAY)
    const swap = await town.ask({ kind: 'give', assignmentId: duty.id, askedId: wang })
    const accepted = await world.must('POST', `/v1/swaps/${swap.id}:accept`, { volunteerId: wang })
    return { duty, swap, accepted: accepted.body }
  }

  test('until it comes the first holder stays; then both duties change', async () => {
    const { duty, swap, accepted } = await setUp()
    expect(accepted).toMatchObject({
      state: 'accepted',
      needsApproval: true,
      waitsUntil: expect.stringMatching(/^2026-05-04T12:00/),
    })
    await world.settled()
    expect((await town.dutiesOf(lin)).map((row) => row.id)).toEqual([duty.id])
    expect(world.messagesTo(lin)[0]!.text).toContain('Until then Person 1 stays responsible')
    expect(world.messages.some((message) => message.template === 'swap-to-approve')).toBe(true)
    const approved = await world.must('POST', `/v1/swaps/${swap.id}:approve`, { reason: 'fine' })
    expect(approved.body).toMatchObject({ state: 'applied', takerId: wang })
    expect(approved.body.history.map((row: { action: string }) => row.action).slice(1)).toEqual([
      'swap.accepted',
      'swap.approved',
      'swap.applied',
    ])
    expect((await world.call('POST', `/v1/swaps/${swap.id}:withdraw`, {})).status).toBe(409)
  })

  test('all is checked again: rules that fail by now are named, and may be set aside by name', async () => {
    const { swap } = await setUp()
    await away(wang, '2026-05-06T00:00:00Z', '2026-05-06T02:00:00Z')
    const refused = await world.call('POST', `/v1/swaps/${swap.id}:approve`, {})
    expect(refused.body).toMatchObject({ code: 'swap-breaks-rules', errors: [{ code: 'absence' }] })
    expect((await town.swap(swap.id)).state).toBe('accepted')
    const [hindrance] = refused.body.hindrances
    const override = { rules: ['absence'], reason: 'She comes back early' }
    const answer = await world.call('POST', `/v1/swaps/${swap.id}:approve`, { override })
    expect(answer.status).toBe(hindrance.failure.overridable ? 200 : 409)
  })

  test('none in time, or a word against it: it has ended, and the duty stays', async () => {
    const { swap } = await setUp()
    await world.advanceTo('2026-05-04T12:01:00Z')
    expect(await town.swap(swap.id)).toMatchObject({ state: 'expired', reason: 'no approval came in time' })
    const [kept] = await town.dutiesOf(lin)
    const next = await town.ask({ kind: 'give', assignmentId: kept!.id, askedId: wang })
    await world.must('POST', `/v1/swaps/${next.id}:accept`, { volunteerId: wang })
    await world.must('POST', `/v1/swaps/${next.id}:reject`, { reason: 'We need Lin there' })
    await world.settled()
    expect(world.messagesTo(wang).at(-1)!.text).toContain('We need Lin there')
    expect(await town.dutiesOf(wang)).toEqual([])
  })

  test('only of duties that are near, where the policy says so', async () => {
    await town.policy({ swapApproval: 'always-near-start', swapNearMinutes: 24 * 60 })
    const [near, far] = [await town.duty(lin, '2026-05-05T08:00'), await town.duty(lin, FRIDAY)]
    const states = []
    for (const duty of [near, far]) {
      const swap = await town.ask({ kind: 'give', assignmentId: duty.id, askedId: wang })
      states.push((await world.must('POST', `/v1/swaps/${swap.id}:accept`, { volunteerId: wang })).body.state)
    }
    expect(states).toEqual(['accepted', 'applied'])
  })
})

describe('time and the plan', () => {
  test('an open swap is reminded of by policy, and runs out when the duty begins', async () => {
    await town.policy({ swapRemindMinutes: [24 * 60, 60] })
    const [toOne, toAll] = [await town.duty(lin, WEDNESDAY), await town.duty(zhao, WEDNESDAY)]
    const swap = await town.ask({ kind: 'give', assignmentId: toOne.id, askedId: wang })
    await town.ask({ kind: 'give', assignmentId: toAll.id })
    await world.advanceTo('2026-05-06T00:00:00Z')
    const of = (id: string, template: string) => town.heard(id).filter((one) => one === template).length
    expect(of(wang, 'swap-reminder')).toBe(2)
    expect(of(zhao, 'swap-still-open')).toBe(2)
    expect(of(lin, 'swap-still-open')).toBe(0)
    expect(await town.swap(swap.id)).toMatchObject({
      state: 'expired',
      reason: 'nobody had taken it when the duty began',
    })
  })

  test('a swap whose duty moved away is rejected with the reason', async () => {
    await town.policy({ swapApproval: 'organizer' })
    const duty = await town.duty(lin, WEDNESDAY)
    const swap = await town.ask({ kind: 'give', assignmentId: duty.id, askedId: wang })
    await world.must('POST', `/v1/swaps/${swap.id}:accept`, { volunteerId: wang })
    await world.must('POST', `/v1/assignments/${duty.id}:cancel`, { reason: 'not needed' })
    expect(await town.swap(swap.id)).toMatchObject({
      state: 'rejected',
      reason: 'the duty was taken from its holder',
    })
    expect((await world.call('POST', `/v1/swaps/${swap.id}:approve`, {})).status).toBe(409)
  })

  test('organizers see the swaps of their own units only', async () => {
    const duty = await town.duty(lin, WEDNESDAY)
    const swap = await town.ask({ kind: 'give', assignmentId: duty.id })
    const other = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'township', name: 'Else' }))
      .body
    const key = await world.makeKey(other.id, 'organizer')
    expect((await world.call('GET', `/v1/swaps/${swap.id}`, undefined, { key })).status).toBe(404)
    expect((await world.call('GET', '/v1/swaps', undefined, { key })).body.items).toEqual([])
    expect((await world.call('POST', `/v1/swaps/${swap.id}:withdraw`, {}, { key })).status).toBe(404)
  })
})
