import ICAL from 'ical.js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { download } from '../support/downloads.ts'
import { type MovingTown, movingTown } from '../support/moving-town.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ now: '2026-05-07T02:00:00Z' })
})
beforeEach(() => {
  world.messages.length = 0
})
afterAll(() => world.close())

const heard = (volunteerId: string) => world.messagesTo(volunteerId).map((message) => message.template)
const audited = async (id: string): Promise<string[]> => {
  const rows = await world.house.database.sql<{ action: string }[]>`
    select action from audit_log where subject_id = ${id} order by at, id`
  return rows.map((row) => row.action)
}
const times = (items: { startLocal: string }[]) => items.map((one) => one.startLocal)
const exceptions = (town: MovingTown) => `/v1/shift-templates/${town.templateId}/exceptions`
const confirmed = async (town: MovingTown) => {
  const [shift] = await town.planned()
  const { assignmentId, volunteerId } = shift.slots[0].holder
  await town.act(assignmentId, 'confirm')
  await world.settled()
  world.messages.length = 0
  return { shift, assignmentId, volunteerId }
}

describe('a shift that nobody holds any more', () => {
  test('is moved, skipped and put back although it was assigned once', async () => {
    const town = await movingTown(world, { reserve: 1 })
    const [shift] = await town.planned()
    const skip = { originalStart: '2026-05-11T08:00', kind: 'skip' }
    const refused = await world.call('POST', exceptions(town), skip)
    expect([refused.status, refused.body.code]).toEqual([409, 'shift-held'])

    await town.act(shift.slots[0].holder.assignmentId, 'cancel')
    await world.settled()
    expect(await town.gaps()).toHaveLength(1)
    expect(heard(town.reserveIds[0]!)).toEqual(['offer'])

    expect((await town.move(shift.id, { startLocal: '2026-05-11T10:00' })).status).toBe(200)
    await world.settled()
    expect(times(await town.planned())).toEqual(['2026-05-11T10:00'])
    // The search for the old time is over, and the one for the new time asks again.
    expect((await town.gaps('closed')).length).toBe(1)
    expect(await town.gaps()).toHaveLength(1)
    expect(heard(town.reserveIds[0]!)).toEqual(['offer', 'offer-withdrawn', 'offer'])

    const [exception] = (await world.must('GET', `/v1/shift-templates/${town.templateId}`)).body.exceptions
    await world.must('DELETE', `${exceptions(town)}/${exception.id}`)
    expect(times(await town.planned())).toEqual(['2026-05-11T08:00'])
    await world.must('POST', exceptions(town), skip)
    await world.settled()
    expect(await town.planned()).toEqual([])
    expect(await town.gaps()).toEqual([])
  })
})

describe('a shift that somebody holds', () => {
  test('moves with its holder, who is told old and new in one message and asked anew', async () => {
    const town = await movingTown(world, { people: 3 })
    const { shift, assignmentId, volunteerId } = await confirmed(town)
    const feed = (await world.must('POST', `/v1/volunteers/${volunteerId}/calendar-feeds`)).body
    const event = async () => {
      const { bytes } = await download(world, new URL(feed.url).pathname, { key: null })
      const [one] = new ICAL.Component(ICAL.parse(bytes.toString())).getAllSubcomponents('vevent')
      return new ICAL.Event(one!)
    }
    const before = await event()

    const answer = await town.move(shift.id, { startLocal: '2026-05-11T10:00', reason: 'the market opens later' })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({ id: shift.id, startLocal: '2026-05-11T10:00', endLocal: '2026-05-11T18:00' })
    expect(answer.body.slots[0].holder).toMatchObject({ assignmentId, volunteerId, state: 'pending' })
    expect(await town.assignment(assignmentId)).toMatchObject({
      startsAt: '2026-05-11T02:00:00.000Z',
      endsAt: '2026-05-11T10:00:00.000Z',
      state: 'pending',
      decidedAt: null,
    })
    await world.settled()
    expect(world.messages.map((one) => [one.volunteerId, one.template])).toEqual([[volunteerId, 'duties-changed']])
    const { text, link } = world.messages[0]!
    expect(text).toMatch(/It was: Mon 11 May 08:00 – .*16:00.*\n.*It is: Mon 11 May 10:00 – .*18:00/)
    expect(await town.gaps()).toEqual([])

    const after = await event()
    expect([after.uid, after.startDate.hour]).toEqual([before.uid, 10])
    expect(after.sequence).toBeGreaterThan(before.sequence)
    expect(await audited(shift.id)).toContain('shift.moved')
    expect((await audited(assignmentId)).slice(-2)).toEqual(['assignment.rescheduled', 'assignment.pending'])

    const page = await (await fetch(link!)).text()
    expect(page).toContain('10:00')
    await fetch(link!, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ answer: 'confirm', assignmentId }),
    })
    await world.settled()
    expect((await town.assignment(assignmentId)).state).toBe('confirmed')

    // Reminded the evening before, and missed a little after the new time.
    await world.advanceTo('2026-05-10T11:00:00Z')
    expect(heard(volunteerId).filter((one) => one === 'duty-reminder')).toHaveLength(1)
    expect(world.messagesTo(volunteerId).at(-1)!.text).toContain('10:00')
    await world.advanceTo('2026-05-11T01:59:00Z')
    expect(heard(volunteerId)).not.toContain('check-in-missing')
    await world.advanceTo('2026-05-11T02:10:30Z')
    expect(heard(volunteerId)).toContain('check-in-missing')

    const begun = await town.move(shift.id, { startLocal: '2026-05-11T12:00' })
    expect([begun.status, begun.body.code]).toEqual([409, 'shift-begun'])
  })

  test('is reminded of once, at the new time, where the reminder of the old one waits', async () => {
    const town = await movingTown(world, { people: 3, from: '2026-05-20', to: '2026-05-23' })
    const { shift, assignmentId, volunteerId } = await confirmed(town)
    const moved = await town.move(shift.id, { startLocal: '2026-05-22T20:00' })
    expect(moved.status, moved.text).toBe(200)
    await world.settled()
    await town.act(assignmentId, 'confirm')
    await world.advanceTo('2026-05-20T15:00:00Z')
    const texts = world.messagesTo(volunteerId).filter((one) => one.template === 'duty-reminder')
    expect(texts.filter((one) => one.text.includes('20 May'))).toEqual([])
  })

  test('opens a gap only when a holder declines, and then asks the reserve', async () => {
    const town = await movingTown(world, { reserve: 1, from: '2026-05-25', to: '2026-05-26' })
    const { shift, assignmentId } = await confirmed(town)
    // In the morning, as nobody is asked at night about what is days away.
    await world.advanceTo('2026-05-22T02:00:00Z')
    await town.move(shift.id, { startLocal: '2026-05-25T12:00' })
    await world.settled()
    expect([await town.gaps(), heard(town.reserveIds[0]!)]).toEqual([[], []])
    await town.act(assignmentId, 'decline')
    await world.settled()
    expect(await town.gaps()).toHaveLength(1)
    expect(heard(town.reserveIds[0]!)).toEqual(['offer'])
    expect(world.messagesTo(town.reserveIds[0]!)[0]!.text).toContain('12:00')
  })

  test('that is answered by silence lapses for a volunteer and stands where objection is asked for', async () => {
    const policy = { confirmWithinMinutes: 60, confirmation: { staff: 'implied' } }
    const days = { from: '2026-05-27', to: '2026-05-28', policy }
    const [asked, implied] = [await movingTown(world, days), await movingTown(world, { ...days, personClass: 'staff' })]
    for (const town of [asked, implied]) {
      const { shift } = await confirmed(town)
      await town.move(shift.id, { startLocal: '2026-05-27T12:00' })
    }
    await world.advance({ minutes: 61 })
    const stateOf = async (town: MovingTown) =>
      (await town.shifts()).flatMap((one) => one.slots[0].holder?.state ?? 'nobody')
    expect(await stateOf(asked)).toEqual(['nobody'])
    expect(await stateOf(implied)).toEqual(['confirmed'])
  })

  test('stays where it is when a hard rule keeps somebody from following, each of them named', async () => {
    const town = await movingTown(world, {
      ...{ from: '2026-06-01', to: '2026-06-03' },
      rules: { 'minimum-rest': { minutes: 600 } },
    })
    const [first] = await town.planned()
    const { assignmentId, volunteerId } = first.slots[0].holder
    const late = { startLocal: '2026-06-01T20:00' }
    const tired = await town.move(first.id, late)
    expect([tired.status, tired.body.code]).toEqual([422, 'holders-unfit'])
    expect(tired.body.errors).toEqual([
      { pointer: '/body/startLocal', code: 'minimum-rest', detail: expect.stringContaining(`${town.name} person 1`) },
    ])
    expect(tired.body.misfits).toMatchObject([{ assignmentId, volunteerId, failures: [{ rule: 'minimum-rest' }] }])
    const twice = await town.move(first.id, { startLocal: '2026-06-02T10:00' })
    expect(twice.body.errors.map((one: { code: string }) => one.code)).toContain('no-overlap')
    expect(times(await town.planned())).toEqual(['2026-06-01T08:00', '2026-06-02T08:00'])
    const outside = await town.move(first.id, { startLocal: '2026-06-03T08:00' })
    expect(outside.body.errors).toMatchObject([{ pointer: '/body/startLocal', code: 'outside-roster' }])
    const past = await town.move(first.id, { startLocal: '2026-05-01T08:00' })
    expect(past.body.errors).toMatchObject([{ pointer: '/body/startLocal', code: 'start-passed' }])

    const override = { rules: ['minimum-rest'], reason: 'agreed with her on the telephone' }
    expect((await town.move(first.id, { ...late, override })).status).toBe(200)
    expect((await town.assignment(assignmentId)).override).toMatchObject(override)
  })

  test('is asked whether everybody is still qualified then', async () => {
    const town = await movingTown(world, { from: '2026-06-04', to: '2026-06-06', validTo: '2026-06-05' })
    const [first, second] = await town.planned()
    expect([first.slots[0].holder !== null, second.slots[0].holder]).toEqual([true, null])
    const { status, body } = await town.move(first.id, { startLocal: '2026-06-05T18:00' })
    expect([status, body.errors.map((one: { code: string }) => one.code)]).toEqual([422, ['qualification']])
    expect((await town.move(first.id, { startLocal: '2026-06-04T12:00' })).status).toBe(200)
  })

  test('that was not yet told of is asked about once, at its new time', async () => {
    const policy = { mergeMinutes: 5 }
    const town = await movingTown(world, { from: '2026-06-11', to: '2026-06-12', policy })
    const [shift] = await town.planned()
    const { volunteerId } = shift.slots[0].holder
    expect(heard(volunteerId)).toEqual([])
    await town.move(shift.id, { startLocal: '2026-06-11T10:00' })
    await world.advance({ minutes: 16 })
    expect(heard(volunteerId)).toEqual(['confirmation-request'])
    expect(world.messagesTo(volunteerId)[0]!.text).toContain('Thu 11 Jun 10:00')
  })

  test('takes along a seat of it that is open, for which the search begins anew', async () => {
    const town = await movingTown(world, { people: 2, seats: 2, reserve: 1, from: '2026-06-12', to: '2026-06-13' })
    const [shift] = await town.planned()
    const [stays, goes] = shift.slots.map((slot: { holder: object }) => slot.holder)
    await town.act(goes.assignmentId, 'decline')
    await world.settled()
    const [gap] = await town.gaps()
    await town.move(shift.id, { startLocal: '2026-06-12T11:00' })
    await world.settled()
    const [anew] = await town.gaps()
    expect(anew).toMatchObject({ slotId: gap.slotId, startsAt: '2026-06-12T03:00:00.000Z' })
    expect(anew.id).not.toBe(gap.id)
    expect(heard(town.reserveIds[0]!)).toEqual(['offer', 'offer-withdrawn', 'offer'])
    expect(heard(goes.volunteerId)).not.toContain('duties-changed')
    expect(heard(stays.volunteerId)).toContain('duties-changed')
  })

  test('moves again in one request, and back by deleting the exception', async () => {
    const town = await movingTown(world, { from: '2026-06-08', to: '2026-06-09' })
    const { shift, volunteerId } = await confirmed(town)
    for (const startLocal of ['2026-06-08T10:00', '2026-06-08T11:00']) {
      await town.move(shift.id, { startLocal })
      await world.advance({ minutes: 20 })
    }
    const longer = await town.move(shift.id, { length: 'PT9H' })
    expect(longer.body).toMatchObject({ startLocal: '2026-06-08T11:00', endLocal: '2026-06-08T20:00' })
    await world.advance({ minutes: 20 })
    const texts = () => world.messagesTo(volunteerId).filter((one) => one.template === 'duties-changed')
    expect(texts()).toHaveLength(3)
    expect(texts()[1]!.text).toMatch(/It was: Mon 8 Jun 10:00 .*\n.*It is: Mon 8 Jun 11:00/)
    const { exceptions: made } = (await world.must('GET', `/v1/shift-templates/${town.templateId}`)).body
    expect(made).toMatchObject([{ kind: 'move', originalStart: '2026-06-08T08:00', startLocal: '2026-06-08T11:00' }])
    await world.must('DELETE', `${exceptions(town)}/${made[0].id}`)
    await world.advance({ minutes: 20 })
    expect(times(await town.planned())).toEqual(['2026-06-08T08:00'])
    expect(texts()[3]!.text).toMatch(/It was: Mon 8 Jun 11:00 .*\n.*It is: Mon 8 Jun 08:00/)
  })

  test('tells webhooks of each holder, confirmed or not, when it was and when it is', async () => {
    const town = await movingTown(world, { people: 2, seats: 2, from: '2026-06-15', to: '2026-06-16' })
    const [shift] = await town.planned()
    const holderIds: string[] = shift.slots.map(
      (slot: { holder: { assignmentId: string } }) => slot.holder.assignmentId,
    )
    await town.act(holderIds[0]!, 'confirm')
    await world.settled()
    const url = 'https://duty.example.org/hook'
    const events = ['assignment.rescheduled']
    const { id } = (await world.must('POST', '/v1/webhooks', { unitId: town.unitId, url, events })).body
    await town.move(shift.id, { startLocal: '2026-06-15T10:00', length: 'PT9H' })
    const { items } = (await world.must('GET', `/v1/webhooks/${id}/deliveries`)).body
    const data = holderIds.map((assignmentId) => ({
      unitId: town.unitId,
      rosterId: town.rosterId,
      assignmentId,
      was: { startsAt: '2026-06-15T00:00:00.000Z', endsAt: '2026-06-15T08:00:00.000Z' },
      startsAt: '2026-06-15T02:00:00.000Z',
      endsAt: '2026-06-15T11:00:00.000Z',
    }))
    expect(items.map((one: { event: string }) => one.event)).toEqual([...events, ...events])
    expect(items.map((one: { data: object }) => one.data)).toEqual(expect.arrayContaining(data))
    await world.must('DELETE', `/v1/webhooks/${id}`, undefined, { headers: { 'if-match': '"1"' } })
  })

  test('is refused to those who may not see it, and a second one at once changes nothing twice', async () => {
    const town = await movingTown(world, { from: '2026-06-10', to: '2026-06-11' })
    const { shift, assignmentId } = await confirmed(town)
    const other = (await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: 'Elsewhere' }))
      .body
    const key = await world.makeKey(other.id, 'admin')
    const body = { startLocal: '2026-06-10T10:00' }
    const stranger = await world.call('POST', `/v1/shifts/${shift.id}:move`, body, { key })
    expect([stranger.status, stranger.body.code]).toEqual([404, 'shift-unknown'])
    const answers = await Promise.all([1, 2, 3, 4].map(() => town.move(shift.id, body)))
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 200])
    expect((await audited(assignmentId)).filter((one) => one === 'assignment.rescheduled')).toHaveLength(1)
  })
})
