import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Figures } from '../../examples/demo/stage.ts'
import { play, setting } from '../../examples/scenario-b/play.ts'
import { examine } from '../../src/platform/doctor/examine.ts'
import { type PlayedWorld, startStage } from '../support/stage.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

describe('scenario B: a bureau with 24-hour duty and the zero report', () => {
  let house: PlayedWorld
  let figures: Figures
  const get = async (path: string): Promise<Json> => (await house.world.must('GET', path)).body

  beforeAll(async () => {
    house = await startStage(setting)
    figures = await play(house.stage)
  })
  afterAll(() => house[Symbol.asyncDispose]())

  test('has the figures of its source', () => {
    expect(figures).toMatchObject({
      assignments: 24,
      declined: 2,
      checkedInByLink: 24,
      handovers: 7,
      reportsNil: 1,
      reportsFiled: 1,
      reportsLate: 1,
      reportsMissing: 1,
      readReceipts: 9,
      followedUp: 67,
      calls: 80,
      disinfections: 30,
    })
    expect(figures.filledFromReserve).toBeGreaterThanOrEqual(2)
  })

  test('two shifts stood every day, each with one leader, and all of it is in the ledger', async () => {
    const shifts = (await get('/v1/shifts?from=2030-02-07&to=2030-02-11&limit=100')).items as Json[]
    expect(shifts.map((shift) => shift.slots.map((slot: Json) => [slot.role, slot.holder.state]).sort())).toEqual(
      Array.from({ length: 8 }, () => [
        ['值班员', 'completed'],
        ['值班员', 'completed'],
        ['带班领导', 'completed'],
      ]),
    )
    const lines = (await get('/v1/ledger?from=2030-02-07&to=2030-02-12&limit=500')).items as Json[]
    const standing = lines.filter((line) => line.plannedMinutes !== 0)
    expect(new Set(standing.map((line) => line.assignmentId)).size).toBe(24)
    const minutes = lines.reduce((sum, line) => sum + line.minutes, 0)
    expect(minutes).toBe(8 * 3 * 12 * 60)
    expect(lines.some((line) => line.personClass === 'volunteer')).toBe(true)
  })

  test('the zero reports stand as they were filed, and the missing one has alarmed the whole chain', async () => {
    const reports = (await get('/v1/reports?from=2030-02-07&to=2030-02-11')).items as Json[]
    expect(reports.map((one) => [one.localDay, one.state, one.nil])).toEqual([
      ['2030-02-07', 'filed', true],
      ['2030-02-08', 'filed', false],
      ['2030-02-09', 'filed_late', true],
      ['2030-02-10', 'missing', null],
    ])
    const second = await get(`/v1/reports/${reports[1].id}`)
    expect(second.filed[0].content).toEqual({ onDuty: 3, returned: 67, events: [{ what: '一名返回人员已登记' }] })
    const [named, takingOver] = [true, false].map((isNamed) =>
      second.receipts.filter((one: Json) => (one.receiver.name !== undefined) === isNamed),
    )
    expect(named.map((one: Json) => [one.receiver.name, one.readNewest]).sort()).toEqual([
      ['州卫生健康委', true],
      ['州指挥部', true],
      ['州纪委监委', true],
    ])
    expect(takingOver).toMatchObject([{ receiver: { volunteerId: expect.any(String) }, readNewest: true }])
    const units = (await get('/v1/units?limit=100')).items as Json[]
    const root = house.world.root.id
    const addresses = [...['ROOM', 'AREA1', 'DEP'].map((code) => units.find((unit) => unit.code === code).id), root]
    const alarms = house.world.messages.filter((message) => message.template === 'report-alarm')
    expect(alarms.slice(-4).map((message) => message.to)).toEqual(addresses.map((id) => `unit/${id}`))
  })

  test('everybody on the lists was reached in each round, each person with one entry', async () => {
    const campaigns = (await get('/v1/campaigns')).items as Json[]
    const [followUp, calls, rooms] = await Promise.all(
      ['follow-up', 'phone', 'disinfection'].map(async (kind) => {
        const { id } = campaigns.find((one) => one.kind === kind)
        return {
          progress: await get(`/v1/campaigns/${id}/progress`),
          items: await get(`/v1/campaigns/${id}/items?limit=100`),
        }
      }),
    )
    expect(followUp!.progress).toMatchObject({ items: 67, reached: 67, overdue: 0 })
    expect(followUp!.items.items).toHaveLength(67)
    expect(calls!.progress.rounds.map((round: Json) => [round.number, round.reached, round.total])).toEqual([
      [1, 40, 40],
      [2, 40, 40],
    ])
    const tries = calls!.items.items.flatMap((item: Json) => item.entries.map((entry: Json) => entry.tries))
    expect(tries.filter((one: number) => one > 0)).toHaveLength(12)
    expect(rooms!.progress.rounds.map((round: Json) => round.reached)).toEqual(Array(6).fill(5))
  })

  test('the files say the same', async () => {
    const csv = await readFile(join(house.stage.exportsDir, 'b-duty-hours.csv'), 'utf8')
    const service = await readFile(join(house.stage.exportsDir, 'b-service-hours.csv'), 'utf8')
    const rows = [csv, service].map((text) => text.trim().split('\n').length - 1)
    const lines = (await get('/v1/ledger?from=2030-02-07&to=2030-02-11&limit=500')).items as Json[]
    expect(rows[0]! + rows[1]!).toBe(lines.length)
    const pdf = await readFile(join(house.stage.exportsDir, 'b-reports.pdf'))
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('the doctor finds nothing', async () => {
    expect(await examine(house.world.house.database.sql, house.world.clock.now())).toEqual([])
  })
})
