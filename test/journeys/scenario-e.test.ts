import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Figures } from '../../examples/demo/stage.ts'
import { play, setting } from '../../examples/scenario-e/play.ts'
import { examine } from '../../src/platform/doctor/examine.ts'
import { type PlayedWorld, startStage } from '../support/stage.ts'

let played: PlayedWorld
let figures: Figures

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any
const all = (path: string): Promise<Json[]> => played.stage.api.all(path)
const get = (path: string): Promise<Json> => played.stage.api.get(path)

describe('scenario E: a district', () => {
  beforeAll(async () => {
    played = await startStage(setting)
    figures = await play(played.stage)
  }, 600_000)
  afterAll(() => played[Symbol.asyncDispose]())

  test('the motorway exit was manned round the clock, and handed over in writing', async () => {
    expect(figures).toMatchObject({ seats: 36, filledFromReserve: 1, checkedInByLink: 36, handovers: 5 })
    const [post] = await all('/v1/posts?kind=checkpoint')
    const window = 'from=2022-03-20T16:00:00Z&to=2022-03-22T16:00:00Z'
    expect((await get(`/v1/posts/${post.id}/presence?${window}`)).gaps).toEqual([])
    const present = await all(`/v1/attendances?postId=${post.id}`)
    expect(present).toHaveLength(36)
    for (const one of present) expect([one.state, one.inSource, one.outSource]).toEqual(['completed', 'link', 'link'])
    expect((await all('/v1/gaps')).map((gap) => gap.state)).toEqual(['filled'])
  })

  test('391 volunteers cover 74 grids, near their own', async () => {
    expect(figures).toMatchObject({ volunteers: 391, grids: 74, gridsCovered: 74, asked: 391, doors: 444 })
    expect(Number(figures.near) / Number(figures.doors)).toBeGreaterThan(0.9)
    const [campaign] = await all('/v1/campaigns')
    const progress = await get(`/v1/campaigns/${campaign.id}/progress`)
    expect(progress).toMatchObject({ items: 444, undivided: 0, finished: figures.doorsDone })
    expect(progress.people).toMatchObject({ accepted: 386, declined: 5 })
    expect(progress.finished).toBeGreaterThan(150)
    expect(Number(figures.chased)).toBeGreaterThan(100)
  })

  test('103 liaisons keep 146 companies and 18 building sites for the period', async () => {
    expect(figures).toMatchObject({ liaisons: 103, sites: 164 })
    expect([
      (await all('/v1/posts?kind=company')).length,
      (await all('/v1/posts?kind=building%20site')).length,
    ]).toEqual([146, 18])
    const [plan] = await all('/v1/visit-plans')
    const keepers = async (day: string) =>
      new Map((await all(`/v1/visit-plans/${plan.id}/visits?day=${day}`)).map((one) => [one.postId, one.volunteerId]))
    const [first, second] = [await keepers('2022-03-21'), await keepers('2022-03-22')]
    expect([first.size, new Set(first.values()).size]).toEqual([164, 103])
    expect(second).toEqual(first)
    const { counts } = await get(`/v1/visit-plans/${plan.id}/day?day=2022-03-21`)
    expect(counts).toMatchObject({ problem: 1, due: 0, missing: figures.visitsMissing })
    expect(counts.done + counts.problem + counts.missing).toBe(164)
    expect(counts.missing).toBeGreaterThanOrEqual(3)
    expect(played.stage.inbox.count('visits-alarm')).toBeGreaterThanOrEqual(1)
  })

  test('a team of five begins and ends with its case', async () => {
    expect(figures).toMatchObject({ cases: 19, teamPeople: 95, replaced: 1, closed: 1 })
    const [closed] = await all('/v1/cases?state=closed')
    const over = await get(`/v1/cases/${closed.id}`)
    expect(over.team.map((duty: Json) => [duty.state, duty.toOn])).toEqual(Array(5).fill(['ended', over.closedOn]))
    for (const { id, reference } of await all('/v1/cases?state=open')) {
      const { team, openRoles } = await get(`/v1/cases/${id}`)
      const live = team.filter((duty: Json) => duty.state === 'active')
      expect([live.length, new Set(live.map((duty: Json) => duty.role)).size, openRoles]).toEqual([5, 5, []])
      expect(team).toHaveLength(reference === 'HM-001' ? 6 : 5)
    }
  })

  test('the joint inspection group leaves a record of what it saw', async () => {
    const inspections = await all('/v1/inspections')
    expect(inspections).toHaveLength(2)
    const findings = inspections.flatMap((one) => one.findings)
    expect(findings).toEqual([expect.objectContaining({ kind: 'missing', state: 'settled' })])
    const seen = (await all('/v1/handovers')).filter((one) => one.seenBy.length > 0)
    expect(seen).toHaveLength(4)
  })

  test('the files hold what was done', async () => {
    expect(await readdir(played.stage.exportsDir)).toHaveLength(9)
    const lines = async (name: string) =>
      (await readFile(join(played.stage.exportsDir, name), 'utf8')).trim().split('\r\n').length - 1
    expect((await lines('e-service-hours.csv')) + (await lines('e-duty-hours.csv'))).toBe(36)
    expect(await lines('e-people.csv')).toBe(642)
    const posts = await all('/v1/summaries?from=2022-03-21&to=2022-03-23&by=post')
    expect(posts.map((one) => [one.duties, one.minutes > 36 * 470])).toEqual([[36, true]])
  })

  test('the doctor finds nothing', async () => {
    await played.world.settled()
    expect(await examine(played.world.house.database.sql, played.world.clock.now())).toEqual([])
  })
})
