import { wallToInstant } from '../../src/time/zones.ts'
import type { Planned } from '../demo/stage.ts'
import type { Entry } from '../kit/diary.ts'
import type { Posts } from './posts.ts'
import type { College } from './setup.ts'

interface Today {
  items: { postId: string; running: boolean; seats: { holder: { volunteerId: string } | null }[] }[]
}

/** Who is really on duty: all of the duty room, and all but one in the closed building. */
export function spotCheckEntries({ api, zone }: Planned, { units }: College, posts: Posts): Entry[] {
  const at = (local: string) => wallToInstant(local, zone, 'start')
  return [
    { at: at('2030-08-05T15:00'), act: () => inspect(posts.dutyRoom, 0) },
    { at: at('2030-08-06T10:00'), act: () => inspect(posts.building, 1) },
  ]

  async function inspect(postId: string, missing: number): Promise<void> {
    const { items } = await api.get<Today>(`/v1/duty-today?unitId=${units.get('COL')}`)
    const there = items
      .filter((shift) => shift.postId === postId && shift.running)
      .flatMap(({ seats }) => seats.flatMap(({ holder }) => (holder ? [holder.volunteerId] : [])))
    const made = await api.post<{ findings: { id: string }[] }>('/v1/inspections', {
      postId,
      inspectedBy: '督查组',
      present: there.slice(missing),
    })
    for (const { id } of made.findings) {
      await api.post(`/v1/inspection-findings/${id}:settle`, { reason: '临时取餐，十分钟后返岗' })
    }
  }
}
