import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Figures } from '../../examples/demo/stage.ts'
import { play, setting } from '../../examples/scenario-d/play.ts'
import { examine } from '../../src/platform/doctor/examine.ts'
import { type PlayedWorld, startStage } from '../support/stage.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

describe('scenario D: a college in August', () => {
  let house: PlayedWorld
  let figures: Figures
  let postIds: Map<string, string>
  const get = async (path: string): Promise<Json> => (await house.world.must('GET', path)).body
  const shiftsAt = async (post: string): Promise<Json[]> =>
    (await get(`/v1/shifts?postId=${postIds.get(post)}&from=2030-08-01&to=2030-08-08&limit=100`)).items
  const messages = (template: string) => house.world.messages.filter((message) => message.template === template)

  beforeAll(async () => {
    house = await startStage(setting)
    figures = await play(house.stage)
    const posts = (await get('/v1/posts?limit=100')).items as Json[]
    postIds = new Map(posts.map((post) => [post.name, post.id]))
  })
  afterAll(() => house[Symbol.asyncDispose]())

  test('has the figures of its source', () => {
    expect(figures).toMatchObject({
      assignments: 7 * 4 + 3 * 42 + 2 * 15,
      filledFromReserve: 3,
      dutiesDuringLeave: 0,
      floodCalled: 22,
      floodComing: 20,
      villageWanted: 8,
      villageComing: 8,
      reportsUpward: 7,
      departmentReports: 26,
      departmentLate: 1,
      departmentMissing: 1,
      reminded: 5,
      recipients: 123,
      acknowledged: 122,
    })
    expect(figures.escalated).toBeGreaterThanOrEqual(1)
  })

  test('every day a leader and an officer for 24 hours, and one from each of two offices', async () => {
    const shifts = await shiftsAt('学院每日值班')
    const days = Map.groupBy(shifts, (shift) => shift.localDay)
    expect(days.size).toBe(7)
    for (const ofDay of days.values()) {
      const seats = ofDay.flatMap((shift) =>
        shift.slots.map((slot: Json) => [
          slot.role,
          (Date.parse(shift.endsAt) - Date.parse(shift.startsAt)) / 3_600_000,
          slot.holder.state,
        ]),
      )
      expect(seats.sort()).toEqual([
        ['值班员', 24, 'completed'],
        ['办公室值班', 9, 'completed'],
        ['带班领导', 24, 'completed'],
        ['总务处值班', 9, 'completed'],
      ])
    }
  })

  test('nobody has a duty while on leave, read person by person', async () => {
    const shifts = await shiftsAt('学院每日值班')
    const holders = new Set<string>(shifts.flatMap((shift) => shift.slots.map((slot: Json) => slot.holder.volunteerId)))
    for (const id of holders) {
      const [absence] = (await get(`/v1/volunteers/${id}/absences`)).items as Json[]
      const mine = shifts.filter((shift) => shift.slots.some((slot: Json) => slot.holder.volunteerId === id))
      for (const { startsAt, endsAt } of mine) {
        const apart =
          Date.parse(endsAt) <= Date.parse(absence.startsAt) || Date.parse(startsAt) >= Date.parse(absence.endsAt)
        expect(apart, `${id} ${startsAt}`).toBe(true)
      }
    }
  })

  test('42 people stand at the sampling points for three days, led by a vice president; 15 guard the building', async () => {
    const sampling = await shiftsAt('社区采样点')
    expect(sampling.map((shift) => [shift.startLocal, shift.endLocal, shift.slots.length])).toEqual([
      ['2030-08-04T08:00', '2030-08-04T22:00', 42],
      ['2030-08-05T08:00', '2030-08-05T22:00', 42],
      ['2030-08-06T08:00', '2030-08-06T22:00', 42],
    ])
    expect(sampling.map((shift) => shift.slots.filter((slot: Json) => slot.role === '带队副院长').length)).toEqual([
      1, 1, 1,
    ])
    const building = await shiftsAt('封控楼')
    expect(building.map((shift) => shift.localDay).sort()).toEqual([
      ...Array(3).fill('2030-08-06'),
      ...Array(3).fill('2030-08-07'),
    ])
    for (const shift of [...sampling, ...building])
      expect(new Set(shift.slots.map((slot: Json) => slot.holder.state))).toEqual(new Set(['completed']))
  })

  test('on the day with missing reports they were chased before the second deadline', async () => {
    const reports = (await get('/v1/reports?from=2030-08-02&to=2030-08-03&limit=100')).items as Json[]
    const states = reports.map((one) => [one.unitName, one.dueLocal.slice(11), one.state]).sort()
    expect(states).toEqual([
      ['保卫处', '16:30', 'filed_late'],
      ['后勤处', '16:30', 'missing'],
      ['学生处', '16:30', 'filed'],
      ['学院', '17:00', 'filed'],
      ['教务处', '16:30', 'filed'],
    ])
    const late = reports.find((one) => one.state === 'filed_late')
    const whole = reports.find((one) => one.unitName === '学院')
    expect(Date.parse(late.firstFiledAt)).toBeLessThan(Date.parse(whole.firstFiledAt))
    expect(Date.parse(whole.firstFiledAt)).toBeLessThan(Date.parse(whole.dueAt))
    const shown = await get(`/v1/reports/${whole.id}`)
    expect(shown.children.map((child: Json) => child.standing).sort()).toEqual([
      'filed',
      'filed',
      'filed_late',
      'missing',
    ])
    expect(shown.sums).toEqual({ present: 360 })
    expect(shown.receipts.map((one: Json) => one.readNewest)).toEqual([true])
    expect(messages('report-part-late').length).toBeGreaterThanOrEqual(1)
  })

  test('those who were called out served, and it counts', async () => {
    const calls = (await get('/v1/call-outs')).items as Json[]
    expect(calls.map((one) => [one.postName, one.wanted, one.state]).sort()).toEqual([
      ['东村采样点', 8, 'ended'],
      ['北河堤', 22, 'ended'],
    ])
    const minutes = async (post: string) => {
      const lines = (await get(`/v1/ledger?postId=${postIds.get(post)}&limit=500`)).items as Json[]
      return [new Set(lines.map((line) => line.volunteerId)).size, Math.min(...lines.map((line) => line.minutes))]
    }
    expect((await minutes('东村采样点'))[0]).toBe(8)
    expect((await minutes('北河堤'))[0]).toBe(20)
    expect((await minutes('东村采样点'))[1]).toBeGreaterThanOrEqual(480)
  })

  test('everybody acknowledged but one, and spot checks stand with what was found', async () => {
    const [announcement] = (await get('/v1/announcements')).items as Json[]
    const left = (await get(`/v1/announcements/${announcement.id}/recipients?acknowledged=false`)).items
    expect(left).toHaveLength(1)
    const inspections = (await get('/v1/inspections')).items as Json[]
    expect(
      inspections.map((one) => [one.postName, one.expected, one.present, one.findings.map((f: Json) => f.state)]),
    ).toEqual(
      expect.arrayContaining([
        ['学院每日值班', 4, 4, []],
        ['封控楼', 5, 4, ['settled']],
      ]),
    )
  })

  test('the files say the same', async () => {
    const file = (name: string) => readFile(join(house.stage.exportsDir, name))
    const rows = async (name: string) => (await file(name)).toString('utf8').trim().split('\n').length - 1
    const lines = (await get('/v1/ledger?from=2030-08-01&to=2030-08-08&limit=500')).items as Json[]
    expect((await rows('d-duty-hours.csv')) + (await rows('d-service-hours.csv'))).toBe(lines.length)
    expect((await file('d-roster.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('the doctor finds nothing', async () => {
    expect(await examine(house.world.house.database.sql, house.world.clock.now())).toEqual([])
  })
})
