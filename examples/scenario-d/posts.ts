import type { Planned } from '../demo/stage.ts'
import { AFFAIRS, COMMUNITY, FIGURES, GUARD_FROM, LEADER, OFFICE, OFFICER, VICE_PRESIDENT } from './figures.ts'
import type { College } from './setup.ts'

export interface Posts {
  dutyRoom: string
  sampling: string
  building: string
}

const HOUR = 60

/** The duty of the day, the sampling points of the community and the closed building. */
export function enterPosts({ report, api, week }: Planned, { units, sets }: College): Promise<Posts> {
  const unitId = units.get('COL')!
  const reserveSetIds = [sets.reserve]
  return report.step('The duty of the day and the two community teams are entered', async ({ say }) => {
    const offices = { startTime: '08:30', length: 'PT9H' }
    const { post } = await api.post<{ post: { id: string } }>('/v1/duty-compositions', {
      unitId,
      name: '学院每日值班',
      effectiveFrom: week.fromOn,
      roles: [
        { role: LEADER, grades: ['leader'] },
        { role: OFFICER, grades: ['officer'] },
        { role: OFFICE, grades: ['clerk'], unitIds: [units.get('OFF')!], ...offices },
        { role: AFFAIRS, grades: ['clerk'], unitIds: [units.get('GEN')!], ...offices },
      ],
    })
    const led = FIGURES.community - 1
    const sampling = await enter('社区采样点', [
      { role: VICE_PRESIDENT, ...exactly(1), grades: ['vice president'], echelonSetId: sets.community },
      { role: '队员', ...exactly(led), grades: ['teacher'], echelonSetId: sets.community, reserveSetIds },
    ])
    await shift(sampling, '采样班', '08:00', 'PT14H', COMMUNITY.fromOn, COMMUNITY.toOn)
    // From 22:00 to 08:00 are ten hours.
    const long = [{ fromMinutes: 24 * HOUR, minutes: 24 * HOUR }]
    await api.post('/v1/rules', { unitId, name: 'minimum-rest', params: { minutes: 10 * HOUR, long } })
    const building = await enter('封控楼', [
      { role: '值守', ...exactly(FIGURES.guardsPerShift), echelonSetId: sets.guards, reserveSetIds },
    ])
    for (const [name, start] of [
      ['夜班', '00:00'],
      ['早班', '08:00'],
      ['中班', '16:00'],
    ]) {
      await shift(building, name!, start!, 'PT8H', GUARD_FROM)
    }
    say(`Every day a leader, an officer for 24 hours and one from each of two offices`)
    say(
      `${FIGURES.community} people at the sampling points for three days, ${FIGURES.guards} guard a building in three shifts`,
    )
    return { dutyRoom: post.id, sampling, building }
  })

  async function enter(name: string, requirements: object[]): Promise<string> {
    return (await api.post<{ id: string }>('/v1/posts', { unitId, name, kind: 'community', requirements })).id
  }

  function shift(postId: string, name: string, startTime: string, length: string, from: string, to?: string) {
    const span = { effectiveFrom: from, ...(to && { effectiveTo: to }) }
    return api.post('/v1/shift-templates', { postId, name, rule: 'FREQ=DAILY', startTime, length, ...span })
  }
}

const exactly = (count: number) => ({ minimum: count, desired: count })
