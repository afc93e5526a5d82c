import { sql as lock } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { worker } from '../../src/platform/auth/actor.ts'
import { type SwapTown, swapTown } from '../support/swap-town.ts'
import { type Answer, startWorld, type World } from '../support/world.ts'

const WEDNESDAY = '2026-05-06T08:00'

let world: World
let town: SwapTown

beforeEach(async () => {
  world = await startWorld({ worker: false })
  town = await swapTown(world)
  return () => world.close()
})

const sql = () => world.house.database.sql
const states = (answers: Answer[]) => answers.map((answer) => answer.status)

/** What must hold after anything: the database would refuse to hold it otherwise, and the doctor would find it. */
async function assertPromises() {
  const overlapping = await sql()`
    select a.id from assignments a join assignments b on b.volunteer_id = a.volunteer_id and b.id > a.id
      and a.starts_at < b.ends_at and b.starts_at < a.ends_at
    where a.state in ('pending', 'confirmed', 'serving', 'completed')
      and b.state in ('pending', 'confirmed', 'serving', 'completed')`
  const crowded = await sql()`
    select slot_id from assignments where state in ('pending', 'confirmed', 'serving', 'completed')
    group by slot_id having count(*) > 1`
  const strayed = await sql()`
    select a.id from assignments a join slots s on s.id = a.slot_id join shifts f on f.id = a.shift_id
    where a.state = 'confirmed'
      and (s.shift_id <> a.shift_id or f.starts_at <> a.starts_at or f.ends_at <> a.ends_at)`
  const unaudited = await sql()`
    select w.id from swaps w where (select count(*) from audit_log l where l.subject_id = w.id and l.to_state = w.state) <> 1`
  expect([overlapping.length, crowded.length, strayed.length, unaudited.length]).toEqual([0, 0, 0, 0])
}

describe('at the same moment', () => {
  test('fifty take one duty: one wins, the others are told', async () => {
    const [asker, ...takers] = await town.roster.people(51)
    const duty = await town.duty(asker!, WEDNESDAY)
    const swap = await town.ask({ kind: 'give', assignmentId: duty.id })
    const rooms = await Promise.all(takers.map((id) => town.room(id)))
    const answers = await Promise.all(rooms.map((room) => room.send({ step: 'accept', swapId: swap.id })))
    const codes = answers.map((answer) => answer.status).sort()
    expect([codes[0], codes[1], codes.length]).toEqual([303, 409, 50])
    expect(await answers.find((answer) => answer.status === 409)!.text()).toContain('not possible now')
    const { takerId, state } = await town.swap(swap.id)
    expect(state).toBe('applied')
    expect((await town.dutiesOf(takerId)).map((row) => row.slotId)).toEqual([duty.slotId])
    expect(await town.dutiesOf(asker!)).toEqual([])
    await assertPromises()
  })

  test('trades that cross over the same duties: each duty changes hands once', async () => {
    for (let round = 0; round < 2; round += 1) {
      const people = await town.roster.people(4)
      const duties = []
      for (const [index, id] of people.entries())
        duties.push(await town.duty(id, `2026-05-${10 + index + round * 4}T08:00`))
      const swaps = []
      for (const [index, duty] of duties.entries()) {
        const other = (index + 1) % 4
        swaps.push(
          await town.ask({ kind: 'trade', assignmentId: duty.id, askedId: people[other], returnId: duties[other]!.id }),
        )
      }
      const answers = await Promise.all(
        swaps.map((swap) => world.call('POST', `/v1/swaps/${swap.id}:accept`, { volunteerId: swap.askedId })),
      )
      expect(states(answers).every((status) => status === 200 || status === 409)).toBe(true)
      const after = await Promise.all(swaps.map((swap) => town.swap(swap.id)))
      const applied = after.filter((swap) => swap.state === 'applied')
      expect(applied.length).toBe(2)
      expect(after.every((swap) => ['applied', 'rejected'].includes(swap.state))).toBe(true)
      for (const id of people) expect((await town.dutiesOf(id)).length).toBe(1)
      await assertPromises()
    }
  })

  test('take, withdraw, expiry, approval and the end of the duty: one of them happens', async () => {
    await town.policy({ swapApproval: 'organizer' })
    for (let round = 0; round < 6; round += 1) {
      const [asker, taker] = (await town.roster.people(2)) as [string, string]
      const duty = await town.duty(asker, `2026-05-${10 + round}T08:00`)
      const swap = await town.ask({ kind: 'give', assignmentId: duty.id, askedId: taker })
      const path = `/v1/swaps/${swap.id}`
      if (round % 2 === 0) await world.must('POST', `${path}:accept`, { volunteerId: taker })
      const acts = [
        () => world.call('POST', `${path}:accept`, { volunteerId: taker }),
        () => world.call('POST', `${path}:approve`, {}),
        () => world.call('POST', `${path}:withdraw`, {}),
        () => world.call('POST', `${path}:reject`, { reason: 'no' }),
        () => world.call('POST', `/v1/assignments/${duty.id}:cancel`, { reason: 'no' }),
        () => world.house.services.swaps.expire(swap.id),
      ]
      const order = acts.map((_, index) => acts[(index + round) % acts.length]!)
      const done = await Promise.all(order.map((act) => act()))
      expect(done.every((answer) => !answer || [200, 409].includes(answer.status))).toBe(true)
      const { state } = await town.swap(swap.id)
      expect(['applied', 'rejected', 'withdrawn']).toContain(state)
      const holders = [...(await town.dutiesOf(asker)), ...(await town.dutiesOf(taker))]
      const { state: first } = await town.roster.assignment(duty.id)
      if (state === 'applied') expect(first).toBe('replaced')
      else expect(['confirmed', 'cancelled']).toContain(first)
      expect(holders.length).toBe(first === 'cancelled' ? 0 : 1)
      await assertPromises()
    }
  })

  test('a publication that takes the duty away, and the taker: one of them', async () => {
    for (let round = 0; round < 4; round += 1) {
      const [asker, taker] = (await town.roster.people(2)) as [string, string]
      const duty = await town.duty(asker, `2026-05-${10 + round}T08:00`)
      const swap = await town.ask({ kind: 'give', assignmentId: duty.id, askedId: taker })
      const { assignments } = world.house.services
      const publish = () =>
        town.roster.occasionally(async ({ tx, now }) => {
          // As publication does it: the roster is held first, then what is no longer planned goes.
          await tx.execute(lock`select id from rosters where id = ${town.roster.rosterId} for update`)
          const gone = { to: 'cancelled', reason: 'not in version 2', seatSettled: true } as const
          return assignments.move({ tx, actor: worker('test'), now }, { ...gone, ids: [duty.id] })
        })
      const take = () => world.call('POST', `/v1/swaps/${swap.id}:accept`, { volunteerId: taker })
      const [taken, moved] = await Promise.all([take(), publish()])
      const { state } = await town.swap(swap.id)
      if (moved.length === 1) expect([state, taken.status]).toEqual(['rejected', expect.toBeOneOf([409, 422])])
      else expect([state, taken.status]).toEqual(['applied', 200])
      expect((await town.dutiesOf(taker)).length).toBe(moved.length === 1 ? 0 : 1)
      await assertPromises()
    }
  })
})

/** Pseudo-random numbers that a failure can be repeated with. */
const dice = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

describe('after any sequence of swaps', () => {
  test.each([1, 2])('nobody stands at two posts, and every seat has at most one holder (seed %i)', async (seed) => {
    const roll = dice(seed)
    const pick = <T>(list: T[]): T => list[Math.floor(roll() * list.length)]!
    const people = await town.roster.people(6)
    const slots = new Set<string>()
    for (const [index, id] of people.entries()) {
      for (const start of [6, 8, 10]) {
        const duty = await town.duty(
          id,
          `2026-05-${String(start + (index % 2)).padStart(2, '0')}T${8 + index}:00`
            .replace('T8', 'T08')
            .replace('T9', 'T09'),
        )
        slots.add(duty.slotId)
      }
    }
    const minutesHeld = async () => {
      const [row] = await sql()`
        select sum(extract(epoch from ends_at - starts_at) / 60)::int as minutes, count(distinct slot_id)::int as seats
        from assignments where state = 'confirmed'`
      return row!
    }
    const before = await minutesHeld()
    let applied = 0
    for (let step = 0; step < 22; step += 1) {
      const asker = pick(people)
      const own = await town.dutiesOf(asker)
      const duty = own.length > 0 ? pick(own) : undefined
      if (!duty) continue
      const kind = pick(['give', 'trade', 'cover'])
      const asked = pick([...people.filter((id) => id !== asker), undefined])
      const half = new Date((duty.startsAt.getTime() + duty.endsAt.getTime()) / 2)
      const part = pick([
        { startsAt: duty.startsAt.toISOString(), endsAt: half.toISOString() },
        { startsAt: half.toISOString(), endsAt: duty.endsAt.toISOString() },
      ])
      const body = { kind, assignmentId: duty.id, askedId: asked, ...(kind === 'cover' ? { part } : {}) }
      const made = await world.call('POST', '/v1/swaps', body)
      expect([201, 409, 422]).toContain(made.status)
      if (made.status !== 201) continue
      const takers = asked ? [asked] : people.filter((id) => id !== asker).slice(0, 3)
      const answers = await Promise.all(
        takers.map(async (volunteerId) => {
          const returns = kind === 'trade' ? await town.dutiesOf(volunteerId) : []
          const returnId = returns.length > 0 ? pick(returns).id : undefined
          return world.call('POST', `/v1/swaps/${made.body.id}:accept`, { volunteerId, returnId })
        }),
      )
      expect(states(answers).every((status) => [200, 409, 422].includes(status))).toBe(true)
      applied += states(answers).filter((status) => status === 200).length
      if (roll() < 0.5) await world.call('POST', `/v1/swaps/${made.body.id}:withdraw`, {})
    }
    await assertPromises()
    const after = await minutesHeld()
    expect(after.minutes).toBe(before.minutes)
    expect(after.seats).toBeGreaterThanOrEqual(before.seats)
    expect(applied).toBeGreaterThan(2)
  })
})
