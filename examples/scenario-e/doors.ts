import { wallToInstant } from '../../src/time/zones.ts'
import { each } from '../demo/api.ts'
import type { Stage } from '../demo/stage.ts'
import { linkTo, openPage, submit, valuesOf } from '../kit/pages.ts'
import { csvOf, idsOf, type Register } from '../kit/people.ts'
import { type District, FIGURES, gridCodes } from './district.ts'

interface Progress {
  items: number
  finished: number
  finishedPercent: number
  undivided: number
  people: { asked: number; accepted: number; declined: number }
}

/** Some cannot come; their doors go to the others at once. */
const DECLINING = 5

const doorsFile = (): string =>
  csvOf([
    ['编号', '地址', '网格编码'],
    ...gridCodes.flatMap((code, grid) =>
      Array.from({ length: FIGURES.doors }, (_, door) => {
        return [`${code}-${door + 1}`, `网格${grid + 1}第${door + 1}户`, code]
      }),
    ),
  ])

/** 391 volunteers over 74 grids: every grid is covered, and people knock near their own grid. */
export function knockOnDoors(stage: Stage, { knockers }: District, register: Register) {
  const { report, api, rootId, time } = stage
  return report.step('Volunteers knock on doors in 74 grids', async ({ say, progress }) => {
    const deadline = wallToInstant('2022-03-21T20:00', stage.zone, 'start').toISOString()
    const { id } = await api.post<{ id: string }>('/v1/campaigns', {
      ...{ unitId: rootId, name: '入户排查', kind: 'doors', rounds: [{ deadline }] },
    })
    const file = { raw: { type: 'text/csv', body: doorsFile() } }
    await api.post(`/v1/campaigns/${id}:import-items?mode=commit`, undefined, file)
    const volunteerIds = idsOf(register, knockers)
    const wish = { volunteerIds, by: 'grid' }
    const { people } = await api.post<{ people: { volunteerId: string; items: number; near: number }[] }>(
      `/v1/campaigns/${id}:divide`,
      wish,
    )
    const doors = people.reduce((sum, one) => sum + one.items, 0)
    const near = people.reduce((sum, one) => sum + one.near, 0)
    await time.settled()
    const asked = people.filter((one) => one.items > 0).map((one) => one.volunteerId)
    const linkOf = (volunteerId: string) => linkTo(stage, volunteerId, 'campaign-asked')
    await each(asked, (one, index) => submit(linkOf(one), { do: index < DECLINING ? 'decline' : 'accept' }))
    await time.settled()
    let marked = 0
    const firstEvening = asked.slice(DECLINING).filter((_, index) => index % 2 === 0)
    await each(firstEvening, async (volunteerId) => {
      const link = linkOf(volunteerId)
      for (const entry of valuesOf(await openPage(link), 'entry')) {
        await submit(link, { entry, do: marked % 40 === 39 ? 'not_reached' : 'reached', tries: '0' })
        marked += 1
      }
      progress(marked / doors, 'doors')
    })
    const { people: chased } = await api.post<{ people: number }>(`/v1/campaigns/${id}:chase`)
    const stands = await api.get<Progress>(`/v1/campaigns/${id}/progress`)
    const items = await api.all<{ unitId: string; entries: { taskId: string | null }[] }>(`/v1/campaigns/${id}/items`)
    const inHands = items.filter(({ entries }) => entries.every((entry) => entry.taskId !== null))
    const gridsCovered = new Set(inHands.map((item) => item.unitId)).size
    say(`${near} of ${doors} doors are in the own grid of whoever knocks`)
    say(`${stands.people.accepted} people accepted, ${stands.people.declined} declined`)
    say(
      `${stands.finished} of ${stands.items} doors are done (${stands.finishedPercent} %) in the first evening; ${gridsCovered} grids are covered`,
    )
    say(`${chased} people who have doors left were reminded`)
    return {
      campaignId: id,
      doors,
      near,
      asked: asked.length,
      gridsCovered,
      doorsDone: stands.finished,
      chased,
    }
  })
}
