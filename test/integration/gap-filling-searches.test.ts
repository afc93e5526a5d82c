import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { echelonMembers, echelonSets, echelons } from '../../src/modules/echelons/echelons.tables.ts'
import { cascadeSkips, gaps, offers } from '../../src/modules/gap-filling/gap-filling.tables.ts'
import { unitResponsibles, units } from '../../src/modules/organisation/organisation.tables.ts'
import type { UnitPolicy } from '../../src/modules/organisation/organisation.types.ts'
import { absences } from '../../src/modules/volunteers/volunteers.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

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
const policy = (words: Partial<UnitPolicy>) =>
  db().update(units).set({ policy: words }).where(eq(units.id, world.root.id))
const linkTo = (volunteerId: string, template = 'offer') =>
  world.messagesTo(volunteerId).findLast((message) => message.template === template)!.link!
const heard = (volunteerId: string) => world.messagesTo(volunteerId).map((message) => message.template)
const answer = (volunteerId: string, said: string) => roster.answer(linkTo(volunteerId), { answer: said })
const pageOf = async (volunteerId: string) => (await roster.page(linkTo(volunteerId))).text()
const states = async () =>
  (await db().select().from(offers).orderBy(offers.askedAt, offers.rank)).map((one) => one.state)
const detail = async (id: string) => (await world.must('GET', `/v1/gaps/${id}`)).body
const act = (id: string, verb: string, body?: object) => world.must('POST', `/v1/gaps/${id}:${verb}`, body)

/** A published seat that nobody holds. */
async function openGap(start = WEDNESDAY, length = 'P1D') {
  const { slotIds, postId } = await roster.shift({ start, length })
  await roster.publish([], slotIds, Math.floor(Math.random() * 1e6))
  await world.settled()
  const [gap] = await db().select().from(gaps).where(eq(gaps.slotId, slotIds[0]!))
  return { id: gap!.id, slotId: slotIds[0]!, postId }
}

async function makeUnder(parentId: string, name: string, responsible?: string): Promise<string> {
  const unit = await world.must('POST', '/v1/units', {
    parentId,
    kind: 'level',
    name,
    ...(responsible ? { responsibles: [{ name: responsible }] } : {}),
  })
  return unit.body.id
}

describe('the trail of a search', () => {
  test('keeps whoever was skipped, with the rule, and says how each offer went out', async () => {
    const [away, other] = await roster.people(2)
    const period = { startsAt: new Date('2026-05-05T00:00:00Z'), endsAt: new Date('2026-05-08T00:00:00Z') }
    await db()
      .insert(absences)
      .values({ ...period, volunteerId: away!, kind: 'sick', createdAt: world.clock.now() })
    const [first, second] = await roster.reserve([[away!], [other!]])
    const { id } = await openGap()
    const { cascades } = await detail(id)
    expect(cascades[0].skipped).toMatchObject([
      { volunteerId: away, echelonId: first, outcome: 'skipped:absent', wave: 1 },
    ])
    expect(cascades[0].history).toEqual([{ echelonId: first, asked: 0, because: 'nobody eligible (absent 1)' }])
    expect(cascades[0].offers).toMatchObject([
      { volunteerId: other, echelonId: second, channel: 'log', message: 'accepted' },
    ])
    expect(cascades[0].acceptance).toBeCloseTo(1 / 3)
    await world.house.services.gapFilling.advance(cascades[0].id)
    expect(await db().select().from(cascadeSkips)).toHaveLength(1)
  })

  test('few who come make a larger wave', async () => {
    const people = await roster.people(40)
    await roster.reserve([people])
    await policy({ waveSize: 2, waveMost: 5, broadcastBelowMinutes: 0 })
    const before = await openGap('2026-05-05T08:00')
    expect((await detail(before.id)).cascades[0].offers).toHaveLength(2)
    const refusals = people.slice(20).map((volunteerId, index) => ({
      id: newId(),
      cascadeId: '',
      gapId: before.id,
      slotId: before.slotId,
      volunteerId,
      wave: 99,
      rank: 1_000 + index,
      state: 'declined' as const,
      askedAt: world.clock.now(),
      expiresAt: world.clock.now(),
      releasedAt: world.clock.now(),
    }))
    const [{ id: cascadeId }] = (await detail(before.id)).cascades
    const many = Array.from({ length: 3 }, () => refusals.map((one) => ({ ...one, id: newId(), cascadeId }))).flat()
    await db().insert(offers).values(many)
    const next = await openGap('2026-05-09T08:00')
    expect((await detail(next.id)).cascades[0].offers).toHaveLength(5)
  })

  test('all at once means all, also when they are more than one step can ask', async () => {
    const people = await roster.people(620)
    await roster.reserve([people.slice(0, 300), people.slice(300)])
    await policy({ broadcastMost: null })
    await openGap('2026-05-04T11:00')
    const asked = await db().select({ id: offers.volunteerId }).from(offers)
    expect(new Set(asked.map((one) => one.id)).size).toBe(620)
  })

  test('with little time left all echelons are asked, thirty people at a time', async () => {
    const people = await roster.people(65)
    await roster.reserve([people.slice(0, 20), people.slice(20)])
    await openGap('2026-05-04T11:00')
    const asked = async () => (await states()).length
    expect(await states()).toEqual(Array(30).fill('open'))
    const [first, second] = await db().select().from(offers).orderBy(offers.rank)
    for (const { volunteerId } of [first!, second!]) await answer(volunteerId, 'decline')
    await world.settled()
    expect([await asked(), (await states()).filter((state) => state === 'open').length]).toEqual([32, 30])
    await world.advanceTo(new Date(first!.expiresAt.getTime() + 1_000))
    expect(await asked()).toBeGreaterThan(32)
    await world.advance({ minutes: 30 })
    expect(await asked()).toBe(65)
  })

  test('the like seats of one shift share those who can be asked at once, and all are filled', async () => {
    const people = await roster.people(24)
    await roster.reserve([people])
    const { slotIds } = await roster.shift({ start: '2026-05-04T11:00', seats: 8 })
    await roster.publish([], slotIds)
    await world.settled()
    const asked = Map.groupBy(await db().select().from(offers), (one) => one.slotId)
    expect([...asked.values()].map((some) => some.length)).toEqual(Array(8).fill(3))
    for (const some of asked.values()) await answer(some[0]!.volunteerId, 'accept')
    await world.settled()
    const left = await db().select().from(gaps).where(eq(gaps.state, 'open'))
    expect(left).toEqual([])
  })

  test('night holds a search back that has time, and not one that has none', async () => {
    const people = await roster.people(6)
    await roster.reserve([people.slice(0, 3)])
    await world.advanceTo('2026-05-04T15:00:00Z')
    const later = await openGap('2026-05-06T20:00', 'PT4H')
    expect(await states()).toEqual([])
    const preview = (await world.must('GET', `/v1/gaps/${later.id}/candidates`)).body
    expect(preview.wave.notBefore).toBe('2026-05-05T00:00:00.000Z')
    await openGap('2026-05-05T08:00', 'PT4H')
    expect(await states()).toEqual(['open', 'open', 'open'])
    await world.must('PATCH', `/v1/gaps/${later.id}`, { search: { urgent: true } })
    await world.advanceTo('2026-05-05T00:00:30Z')
    expect((await detail(later.id)).cascades[0].offers.length).toBeGreaterThan(0)
  })
})

describe('preview', () => {
  test('says who would be asked, in which order and why, for a gap and for a seat that is held', async () => {
    const [fresh, loaded, away, holder] = await roster.people(4)
    await roster.reserve([[loaded!, fresh!], [away!]])
    const before = await roster.shift({ start: '2026-05-05T08:00', length: 'PT8H' })
    const { slotIds } = await roster.shift({ start: WEDNESDAY })
    await db()
      .insert(absences)
      .values({
        volunteerId: away!,
        kind: 'leave',
        startsAt: new Date('2026-05-05T00:00:00Z'),
        endsAt: new Date('2026-05-09T00:00:00Z'),
        createdAt: world.clock.now(),
      })
    await roster.publish([
      { slotId: before.slotIds[0]!, volunteerId: loaded! },
      { slotId: slotIds[0]!, volunteerId: holder! },
    ])
    await world.settled()
    const asked = (await world.must('GET', `/v1/slots/${slotIds[0]}/search-preview`)).body
    expect(asked.eliminated).toEqual({ absent: 1 })
    expect(asked.echelons).toMatchObject([
      {
        name: 'Echelon 1',
        members: 2,
        candidates: [
          { volunteerId: fresh, rank: 1, loadMinutes: 0, restMinutes: null, distance: 0, wouldCome: false },
          { volunteerId: loaded, rank: 2, loadMinutes: 480, restMinutes: 16 * 60 },
        ],
      },
      { name: 'Echelon 2', members: 1, passedOver: { absent: 1 }, candidates: [] },
    ])
    expect(await db().select().from(offers)).toEqual([])
    expect((await world.call('GET', `/v1/slots/${newId()}/search-preview`)).status).toBe(404)
  })

  test('can look at everybody, so that the counts are complete', async () => {
    const people = await roster.people(12)
    await roster.reserve([people])
    const { id } = await openGap()
    const some = (await world.must('GET', `/v1/gaps/${id}/candidates?limit=2&all=true`)).body
    expect(some.echelons[0].candidates.map((one: { rank: number }) => one.rank)).toEqual([1, 2])
    expect(some.echelons[0]).toMatchObject({ members: 12, asked: 3 })
  })
})

describe('the organizer', () => {
  test('pauses and goes on; live offers can be answered meanwhile', async () => {
    const people = await roster.people(5)
    await roster.reserve([people])
    await policy({ waveSize: 1 })
    const { id } = await openGap()
    await act(id, 'pause', { reason: 'wait for the leader' })
    const [first] = await db().select().from(offers)
    await answer(first!.volunteerId, 'decline')
    await world.settled()
    expect(await states()).toEqual(['declined'])
    expect((await detail(id)).cascades[0].pausedAt).not.toBeNull()
    await act(id, 'resume')
    await world.settled()
    expect(await states()).toEqual(['declined', 'open'])
    const said = await db().select().from(auditLog).where(eq(auditLog.subjectId, id))
    expect(said.map((row) => row.action)).toEqual(['gap.opened', 'gap.search-paused', 'gap.search-resumed'])
  })

  test('stops: those who were asked are told, the gap stays open, and it can be started again', async () => {
    const people = await roster.people(4)
    await roster.reserve([people])
    const { id } = await openGap()
    const stopped = await act(id, 'stop', { reason: 'covered by the police' })
    await world.settled()
    expect(stopped.body).toMatchObject({ state: 'open', cascades: [{ state: 'cancelled' }] })
    expect(await states()).toEqual(['superseded', 'superseded', 'superseded'])
    const [told] = await db().select().from(offers)
    expect(heard(told!.volunteerId)).toEqual(['offer', 'offer-withdrawn'])
    expect(await world.call('POST', `/v1/gaps/${id}:stop`, { reason: 'again' })).toMatchObject({
      status: 409,
      body: { code: 'cascade-not-running' },
    })
    await act(id, 'restart')
    await world.settled()
    expect(await states()).toEqual(['superseded', 'superseded', 'superseded', 'open'])
  })

  test('widens by sets, echelons and whole units, with a reason that the seat remembers', async () => {
    const [near, called, villager] = await roster.people(3)
    await roster.reserve([[near!]])
    const village = await makeUnder(world.root.id, 'Village')
    const [outsider] = await roster.people(1, { unitId: village })
    const stamps = { createdAt: world.clock.now(), updatedAt: world.clock.now() }
    const [setId, echelonId] = [newId(), newId()]
    await db()
      .insert(echelonSets)
      .values({ ...stamps, id: setId, unitId: world.root.id, name: 'Other', kind: 'reserve' })
    await db()
      .insert(echelons)
      .values({ id: echelonId, setId, position: 1, name: 'Others', createdAt: stamps.createdAt })
    await db()
      .insert(echelonMembers)
      .values({ setId, echelonId, volunteerId: called!, fromOn: '2026-01-01', createdAt: stamps.createdAt })
    const here = await makeUnder(world.root.id, 'Here')
    const { slotIds, postId } = await roster.shift({ start: WEDNESDAY })
    await world.house.database.sql`update posts set unit_id = ${here} where id = ${postId}`
    await roster.publish([], slotIds)
    await world.settled()
    const [{ id } = { id: '' }] = await db().select().from(gaps)
    await answer(near!, 'decline')
    await world.settled()
    expect((await detail(id)).cascades[0].state).toBe('exhausted')

    const nothing = await world.call('POST', `/v1/gaps/${id}:widen`, { reason: 'none' })
    expect(nothing.status).toBe(400)
    const wrong = await world.call('POST', `/v1/gaps/${id}:widen`, {
      echelonIds: [id],
      unitIds: [id],
      reason: 'try it',
    })
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/echelonIds/0' }, { pointer: '/body/unitIds/0' }] },
    })
    await act(id, 'widen', { echelonIds: [echelonId], unitIds: [village], reason: 'nobody is left' })
    await world.settled()
    expect(heard(called!)).toEqual(['offer'])
    await answer(called!, 'decline')
    await world.settled()
    expect(heard(outsider!)).toEqual(['offer'])
    expect(heard(villager!)).toEqual([])
    await answer(outsider!, 'accept')
    await world.settled()
    const filled = await detail(id)
    expect(filled.state).toBe('filled')
    expect(await roster.assignment(filled.filledById)).toMatchObject({
      volunteerId: outsider,
      override: { rules: ['echelon-on-turn'], reason: 'nobody is left', by: expect.stringMatching(/^apiKey:/) },
    })
    expect(filled.escalations).toMatchObject([{ reason: 'exhausted', state: 'answered', reaction: 'widened' }])
  })

  test('asks anew those who did not answer, and those who said no only when that is meant', async () => {
    const [silent, unwilling] = await roster.people(2)
    await roster.reserve([[silent!, unwilling!]])
    const { id } = await openGap()
    await answer(unwilling!, 'decline')
    await world.advance({ minutes: 31 })
    await act(id, 'ask-anew', {})
    await world.settled()
    expect(heard(silent!)).toEqual(['offer', 'offer'])
    expect(heard(unwilling!)).toEqual(['offer'])
    await act(id, 'ask-anew', { states: ['declined'] })
    await world.settled()
    expect(heard(unwilling!)).toEqual(['offer', 'offer'])
    await answer(unwilling!, 'accept')
    await world.settled()
    expect((await detail(id)).state).toBe('filled')
  })

  test('raises the size of the waves', async () => {
    const people = await roster.people(9)
    await roster.reserve([people])
    const { id } = await openGap()
    await act(id, 'widen', { waveSize: 7, reason: 'it is urgent' })
    await world.settled()
    expect(await states()).toHaveLength(7)
  })
})

describe('collect, then award', () => {
  const collect = () => policy({ offerMode: 'collect', collectMinutes: 60 })

  test('the best-ranked who accepted by the deadline has the seat, the others are told and come first next time', async () => {
    const [first, second, third, fourth] = await roster.people(4)
    await collect()
    await roster.reserve([[first!, second!, third!, fourth!]])
    const gap = await openGap()
    const asked = await db().select().from(offers).orderBy(offers.rank)
    expect(asked).toHaveLength(4)
    const [best, better, late, silent] = asked.map((one) => one.volunteerId)
    expect(await pageOf(better!)).toContain('Then it is settled in order who comes')
    await answer(better!, 'accept')
    await answer(late!, 'accept')
    await world.settled()
    expect(await states()).toEqual(['open', 'open', 'open', 'open'])
    expect(await pageOf(better!)).toContain('Noted that you could come')
    expect(await pageOf(better!)).toContain('is settled at Mon 4 May 11:00')
    await answer(best!, 'decline')
    await world.advance({ minutes: 61 })
    expect(await states()).toEqual(['declined', 'accepted', 'superseded', 'expired'])
    const filled = await detail(gap.id)
    expect((await roster.assignment(filled.filledById)).volunteerId).toBe(better)
    expect(heard(better!)).toEqual(['offer', 'offer-noted', 'offer-accepted'])
    expect(heard(late!)).toEqual(['offer', 'offer-noted', 'offer-not-awarded'])
    expect(await pageOf(late!)).toContain('Noted that you would come')
    expect(await pageOf(silent!)).toContain('Already filled')
    await answer(silent!, 'would-come')
    expect(await pageOf(silent!)).toContain('Noted that you would come')

    await policy({ offerMode: 'first', waveSize: 2 })
    const next = await openGap()
    const again = (await detail(next.id)).cascades[0].offers.map((one: { volunteerId: string }) => one.volunteerId)
    expect(again.sort()).toEqual([late, silent].sort())
  })

  test('is awarded as soon as everybody has answered; a yes can be taken back until then', async () => {
    const people = await roster.people(3)
    await collect()
    await roster.reserve([people])
    const { id } = await openGap()
    const asked = (await db().select().from(offers).orderBy(offers.rank)).map((one) => one.volunteerId)
    for (const who of asked) await answer(who, 'accept')
    await answer(asked[0]!, 'decline')
    await world.settled()
    const filled = await detail(id)
    expect(filled.state).toBe('filled')
    expect([asked[0], asked[1]]).toContain((await roster.assignment(filled.filledById)).volunteerId)
  })

  test('nobody of an echelon: the next one; per gap it may be otherwise than in the unit', async () => {
    const [one, two] = [await roster.people(2), await roster.people(2)]
    await collect()
    await roster.reserve([one, two])
    const { id } = await openGap()
    await world.advance({ minutes: 61 })
    expect(await states()).toEqual(['expired', 'expired', 'open', 'open'])
    await answer(two[0]!, 'accept')
    await world.settled()
    expect((await detail(id)).state).toBe('open')
    await world.must('PATCH', `/v1/gaps/${id}`, { search: { mode: 'first' } })
    await world.settled()
    expect((await detail(id)).state).toBe('filled')
    const over = await world.call('PATCH', `/v1/gaps/${id}`, { search: { mode: null } })
    expect(over).toMatchObject({ status: 409, body: { code: 'gap-not-open' } })
  })

  test('somebody who is too late, while the seat is still empty, is asked again at once', async () => {
    const [late] = await roster.people(1)
    await roster.reserve([[late!]])
    const { id } = await openGap()
    await world.advance({ minutes: 31 })
    expect((await detail(id)).cascades[0].state).toBe('exhausted')
    await answer(late!, 'would-come')
    await world.settled()
    expect(heard(late!)).toEqual(['offer', 'offer'])
    await answer(late!, 'accept')
    await world.settled()
    expect((await detail(id)).state).toBe('filled')
  })
})

describe('up the chain of responsibility', () => {
  /** The post of plain rosters lies in the root; it is moved to the lowest level. */
  async function chain() {
    const county = await makeUnder(world.root.id, 'County', 'Cara')
    const village = await makeUnder(county, 'Village', 'Vera')
    await db().insert(unitResponsibles).values({ unitId: world.root.id, position: 1, name: 'Rita' })
    return { county, village }
  }
  const told = () =>
    world.messages.filter((message) => message.template.startsWith('gap-')).map(({ to, template }) => [to, template])

  async function gapAt(unitId: string) {
    const { slotIds, postId } = await roster.shift({ start: WEDNESDAY })
    await world.house.database.sql`update posts set unit_id = ${unitId} where id = ${postId}`
    await roster.publish([], slotIds)
    await world.settled()
    const [gap] = await db().select().from(gaps)
    return gap!.id
  }

  test('level by level, each with its time; at the top it ends', async () => {
    const { county, village } = await chain()
    await policy({ escalateMinutes: 20 })
    const id = await gapAt(village)
    expect(told()).toEqual([[`unit/${village}`, 'gap-exhausted']])
    await world.advance({ minutes: 21 })
    expect(world.messages.at(-1)!.text).toContain('Village has not seen to it.')
    await world.advance({ minutes: 60 })
    expect(told()).toEqual([
      [`unit/${village}`, 'gap-exhausted'],
      [`unit/${county}`, 'gap-exhausted'],
      [`unit/${world.root.id}`, 'gap-exhausted'],
    ])
    const { escalations } = await detail(id)
    expect(escalations.map((one: { state: string; level: number }) => [one.level, one.state])).toEqual([
      [1, 'passed'],
      [2, 'passed'],
      [3, 'passed'],
    ])
    await act(id, 'acknowledge', { by: 'Rita', note: 'I send somebody' })
    expect((await detail(id)).escalations.at(-1)).toMatchObject({ state: 'answered', reactedBy: 'Rita' })
  })

  test('somebody who sees to it stops the climb', async () => {
    const { village, county } = await chain()
    const id = await gapAt(village)
    await world.advance({ minutes: 31 })
    await act(id, 'acknowledge', { by: 'Cara' })
    await world.advance({ hours: 5 })
    expect(told().map(([to]) => to)).toEqual([`unit/${village}`, `unit/${county}`])
    expect((await detail(id)).escalations).toMatchObject([
      { unitId: village, state: 'passed' },
      { unitId: county, unitName: 'County', state: 'answered', reaction: 'acknowledged', reactedBy: 'Cara' },
    ])
  })

  test('after so many lapses it begins while the search goes on, and ends with the gap', async () => {
    const { village } = await chain()
    await policy({ escalateAfterLapses: 3 })
    const people = await roster.people(5)
    await roster.reserve([people])
    const id = await gapAt(village)
    await world.advance({ minutes: 31 })
    expect(told()).toEqual([[`unit/${village}`, 'gap-at-risk']])
    expect(world.messages.find((message) => message.template === 'gap-at-risk')!.text).toContain(
      '3 people did not answer',
    )
    expect((await detail(id)).cascades[0].state).toBe('open')
    const live = await db().select().from(offers).where(eq(offers.state, 'open'))
    await answer(live[0]!.volunteerId, 'accept')
    await world.advance({ hours: 3 })
    expect(told()).toHaveLength(1)
    expect((await detail(id)).escalations).toMatchObject([{ reason: 'lapses', state: 'closed' }])
  })

  test('asked one after the other, it begins with the third lapse and not before', async () => {
    const { village, county } = await chain()
    await policy({ escalateAfterLapses: 3, waveSize: 1, waveMost: 1, offerMinutes: 30, escalateMinutes: 20 })
    await roster.reserve([await roster.people(5)])
    const id = await gapAt(village)
    for (const lapses of [1, 2]) {
      await world.advance({ minutes: 31 })
      expect(await states()).toEqual([...Array(lapses).fill('expired'), 'open'])
      expect(told()).toEqual([])
    }
    await world.advance({ minutes: 31 })
    expect(await states()).toEqual(['expired', 'expired', 'expired', 'open'])
    expect(told()).toEqual([[`unit/${village}`, 'gap-at-risk']])
    expect((await detail(id)).escalations).toMatchObject([{ level: 1, unitId: village, state: 'told' }])
    await world.advance({ minutes: 20 })
    expect(told().map(([to]) => to)).toEqual([`unit/${village}`, `unit/${county}`])
  })

  test('every climb three times, two at a time: each level once', async () => {
    const { village } = await chain()
    const id = await gapAt(village)
    const [step] = (await detail(id)).escalations
    const { gapFilling } = world.house.services
    await gapFilling.climb(step.id)
    expect((await detail(id)).escalations).toHaveLength(1)
    world.clock.set(new Date(step.reactBy))
    await Promise.all([1, 2, 3].map(() => gapFilling.climb(step.id)))
    await world.settled()
    expect((await detail(id)).escalations).toHaveLength(2)
    expect(told()).toHaveLength(2)
  })
})
