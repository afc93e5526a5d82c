import { addLocalDays, type LocalTime, wallToInstant } from '../../src/time/zones.ts'
import { each } from '../demo/api.ts'
import type { Planned } from '../demo/stage.ts'
import { type Progress, workThrough } from '../kit/campaigns.ts'
import type { Entry } from '../kit/diary.ts'
import { linkTo } from '../kit/pages.ts'
import { fictionalPhone, inventName } from '../scenario-a/names.ts'
import { FIGURES } from './figures.ts'
import type { Bureau } from './setup.ts'

interface Item {
  reference: string
  name?: string
  phone?: string
  address?: string
}

interface Round {
  opens: [day: number, time: LocalTime]
  closes: [day: number, time: LocalTime]
}

export interface Campaign {
  id: string
  items: number
  rounds: number
  /** What is done in which round, at which moment. */
  entries: Entry[]
}

/** Follow-up, phone rounds and disinfection: lists in which everybody and every place must be reached in each round. */
export async function startRounds(
  stage: Planned,
  bureau: Bureau,
): Promise<Record<'followUp' | 'calls' | 'rooms', Campaign>> {
  const { api, random, rootId, week, zone } = stage
  const at = ([day, time]: [number, LocalTime]) =>
    wallToInstant(`${addLocalDays(week.fromOn, day)}T${time}`, zone, 'start')
  const [callers, visitors, cleaners] = [
    bureau.staff.slice(0, 6),
    bureau.staff.slice(6, 10),
    bureau.staff.slice(10, 12),
  ]
  const person =
    (letter: string, block: number) =>
    (_: unknown, index: number): Item => ({
      reference: `${letter}${index + 1}`,
      name: inventName(random).displayName,
      phone: fictionalPhone(block * 100_000 + index),
    })

  return {
    followUp: await start(
      '返回人员跟踪',
      'follow-up',
      visitors,
      Array.from({ length: FIGURES.returned }, person('F', 31)),
      [{ opens: [0, '09:00'], closes: [1, '18:00'] }],
    ),
    calls: await start(
      '离退休干部电话走访',
      'phone',
      callers,
      Array.from({ length: FIGURES.retired }, person('L', 32)),
      [
        { opens: [0, '10:00'], closes: [1, '20:00'] },
        { opens: [2, '10:00'], closes: [3, '20:00'] },
      ],
    ),
    rooms: await start(
      '消毒',
      'disinfection',
      cleaners,
      FIGURES.places.map((address, index) => ({ reference: `P${index + 1}`, address })),
      rounds(),
    ),
  }

  /** Two a day from 7 February on. */
  function rounds(): Round[] {
    return Array.from({ length: FIGURES.disinfectionRounds }, (_, index): Round => {
      const day = Math.floor(index / 2)
      return index % 2 === 0
        ? { opens: [day, '09:00'], closes: [day, '12:00'] }
        : { opens: [day, '15:00'], closes: [day, '18:00'] }
    })
  }

  async function start(
    name: string,
    kind: string,
    volunteerIds: string[],
    items: Item[],
    list: Round[],
  ): Promise<Campaign> {
    const { id } = await api.post<{ id: string }>('/v1/campaigns', {
      unitId: rootId,
      name,
      kind,
      rounds: list.map(({ opens, closes }) => ({ opensAt: at(opens), deadline: at(closes) })),
    })
    await api.post(`/v1/campaigns/${id}/items`, { items })
    // One person, one entry: who is on the list already is not entered twice.
    const again = await api.post<{ added: number }>(`/v1/campaigns/${id}/items`, { items })
    if (again.added > 0) throw new Error(`${again.added} items stand in the list twice.`)
    await api.post(`/v1/campaigns/${id}:divide`, { volunteerIds, consent: 'implied' })
    const entries = list.map(({ opens: [day, time] }, index): Entry => {
      const later = `${String(Number(time.slice(0, 2)) + 1).padStart(2, '0')}:30`
      return { at: at([day, later]), act: () => workAll(volunteerIds, index + 1, kind) }
    })
    return { id, items: items.length, rounds: list.length, entries }
  }

  /** Everybody marks their list by link. On the phone the first of each list does not answer at once. */
  async function workAll(volunteerIds: string[], round: number, kind: string): Promise<void> {
    await each(volunteerIds, async (volunteerId) => {
      const link = linkTo(stage, volunteerId, 'campaign-given')
      if (kind === 'phone') await workThrough(link, round, (number) => (number === 0 ? 'not_reached' : undefined))
      await workThrough(link, round, () => 'reached')
    })
  }
}

export const progressOf = ({ api }: Planned, { id }: Campaign): Promise<Progress> =>
  api.get<Progress>(`/v1/campaigns/${id}/progress`)
