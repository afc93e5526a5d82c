import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Figures } from '../../examples/demo/stage.ts'
import { play, setting } from '../../examples/scenario-c/play.ts'
import { examine } from '../../src/platform/doctor/examine.ts'
import { type PlayedWorld, startStage } from '../support/stage.ts'

let played: PlayedWorld
let figures: Figures

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any
const all = (path: string): Promise<Json[]> => played.stage.api.all(path)

describe('scenario C: a pastoral county', () => {
  beforeAll(async () => {
    played = await startStage(setting)
    figures = await play(played.stage)
  }, 600_000)
  afterAll(() => played[Symbol.asyncDispose]())

  test('has the figures of its source', async () => {
    expect(figures).toMatchObject({
      ...{ crews: 16, crewMembers: 159, tasks: 5, cadres: 354, grids: 24, medical: 208, teams: 9 },
      ...{ stations: 8, obligations: 36, confirmed: 159, announced: 159, acknowledged: 156 },
    })
    const crews = await all('/v1/crews?kind=station%20crew')
    expect([crews.length, crews.reduce((sum, crew) => sum + crew.members, 0)]).toEqual([16, 159])
    expect(await all('/v1/crews?kind=team%20by%20origin')).toHaveLength(9)
    expect((await all('/v1/volunteers?personClass=secondedCadre')).length).toBe(354)
  })

  test('in every station shift one whole crew served, and the two of a station took turns', async () => {
    const shifts = (await all('/v1/shifts?from=2022-08-16&to=2022-08-18')).filter((one) =>
      one.startLocal.endsWith('08:00'),
    )
    const crews = await all('/v1/crews?kind=station%20crew')
    const membersOf = new Map<string, Set<string>>()
    for (const { id, name } of crews) {
      const { items } = await played.stage.api.get<Json>(`/v1/crews/${id}/members`)
      membersOf.set(name, new Set(items.map((one: Json) => one.volunteerId)))
    }
    const stations = shifts.filter((one) => one.slots.some((slot: Json) => slot.role === 'guard'))
    expect(stations).toHaveLength(16)
    let away = 0
    const served = stations.map((shift) => {
      const held = shift.slots.filter((slot: Json) => slot.role !== 'medical' && slot.holder)
      const people: string[] = held.map((slot: Json) => slot.holder.volunteerId)
      const [name, members] = [...membersOf].find(([, ids]) => people.filter((id) => ids.has(id)).length > 7)!
      away += [...members].filter((id) => !people.includes(id)).length
      expect(name.startsWith(shift.postName)).toBe(true)
      return name
    })
    expect(new Set(served).size).toBe(16)
    expect(away, 'only the one who was ill').toBe(1)
  })

  test('the reserve took the seat of the one who was ill', async () => {
    const gaps = (await all('/v1/gaps')).filter((gap) => gap.cause !== 'unfilled')
    expect(gaps.map((gap) => gap.state)).toEqual(['filled'])
    expect(figures.filledFromReserve).toBe(1)
    const [sick] = await all('/v1/confirmation-requests').then((list) =>
      list.flatMap((one) => one.duties).filter((duty) => duty.state === 'declined'),
    )
    expect(sick.declineReason).toBe('sick')
  })

  test('people read their own language, and Chinese where there is no Tibetan', async () => {
    const people = new Map((await all('/v1/volunteers')).map((person) => [person.id, person.locale]))
    const { messages } = played.world
    const requests = messages.filter((message) => message.template === 'confirmation-request')
    const isTibetan = (text: string) => /[\u0f00-\u0fff]/.test(text)
    expect(requests.length).toBeGreaterThan(500)
    for (const { volunteerId, text } of requests) expect(isTibetan(text)).toBe(people.get(volunteerId) === 'bo')
    expect(Number(figures.inTibetan)).toBeGreaterThan(200)
    expect(Number(figures.inChinese)).toBeGreaterThan(200)
    const borrowed = messages.find(
      (message) => message.template === 'duty-reminder' && people.get(message.volunteerId) === 'bo',
    )!
    expect([isTibetan(borrowed.text), borrowed.text.includes('您的值班快到了')]).toEqual([false, true])
  })

  test('crews hand over in writing and the post was never empty', async () => {
    const handovers = await all('/v1/handovers')
    expect(handovers).toHaveLength(8)
    for (const one of handovers) expect(one).toMatchObject({ state: 'complete', peopleIn: 42, vehiclesIn: 17 })
    const window = 'from=2022-08-16T00:00:00Z&to=2022-08-18T00:00:00Z'
    const presence = await played.stage.api.get<Json>(`/v1/posts/${handovers[0].postId}/presence?${window}`)
    expect(presence.gaps).toEqual([])
  })

  test('three daily reports stand on the board as filed, nil, late and missing', async () => {
    const rows = await all('/v1/report-board?from=2022-08-16&to=2022-08-18')
    const sum = (day: string) =>
      ['filed', 'nil', 'filedLate', 'missing', 'due', 'late'].map((name) =>
        rows.filter((row) => row.day === day).reduce((total, row) => total + row.counts[name], 0),
      )
    expect(sum('2022-08-16')).toEqual([31, 3, 1, 1, 0, 0])
    expect(sum('2022-08-17')).toEqual([32, 4, 0, 0, 0, 0])
    const [filed] = (await all('/v1/reports?state=filed')).filter((one) => one.nil === false)
    const report = await played.stage.api.get<Json>(`/v1/reports/${filed.id}`)
    expect(report.receipts).toHaveLength(3)
    expect(report.receipts.filter((one: Json) => one.readNewest)).toHaveLength(1)
  })

  test('duties became hours, and the files say so', async () => {
    const ledger = await all('/v1/ledger?from=2022-08-16&to=2022-08-19')
    expect(new Set(ledger.map((line) => line.assignmentId)).size).toBe(figures.served)
    const files = await readdir(played.stage.exportsDir)
    expect(files).toHaveLength(10)
    const handovers = await readFile(join(played.stage.exportsDir, 'c-handovers.csv'), 'utf8')
    expect(handovers.trim().split('\r\n')).toHaveLength(9)
    const pdf = await readFile(join(played.stage.exportsDir, 'c-stations.pdf'))
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('the doctor finds nothing', async () => {
    await played.world.settled()
    expect(await examine(played.world.house.database.sql, played.world.clock.now())).toEqual([])
  })
})
