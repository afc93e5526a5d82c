import { wallToInstant } from '../../src/time/zones.ts'
import { type Api, createApi, each } from '../demo/api.ts'
import type { Planned } from '../demo/stage.ts'
import type { Entry } from '../kit/diary.ts'
import { linkTo, submit } from '../kit/pages.ts'
import { FIGURES } from './figures.ts'
import type { College } from './setup.ts'

export interface Tally {
  wanted: number
  asked: number
  coming: number
  silent: number
  spare: number
  stillNeeded: number
}

/** Ids of the two call-outs, known once they were opened. */
export type CallOuts = Map<'flood' | 'village', string>

/** The flood squad called out by the sub-district, and volunteers wanted the same night in another village. */
export async function callEntries(
  stage: Planned,
  { units, groups, sets }: College,
  opened: CallOuts,
): Promise<Entry[]> {
  const { api, inbox, zone, time, clock, week, url } = stage
  const at = (local: string) => wallToInstant(local, zone, 'start')
  const order = { unitId: units.get('SUB'), role: 'organizer', name: '街道指挥部' }
  const { key } = await api.post<{ key: string }>('/v1/api-keys', order)
  const subDistrict = createApi(url, key)
  const dyke = await place('SUB', '北河堤')
  const village = await place('VIL', '东村采样点')
  const { id: crewId } = await api.post<{ id: string }>('/v1/crews', {
    unitId: units.get('COL'),
    name: '防汛抢险队',
    kind: 'flood squad',
    leadId: groups.squad[0],
    fromOn: week.fromOn,
    volunteerIds: groups.squad,
  })
  const flood = {
    postId: dyke,
    reason: '堤岸渗水',
    length: 'PT6H',
    from: [{ kind: 'crew', id: crewId }],
    answerMinutes: 30,
  }
  const night = {
    postId: village,
    reason: '东村夜间全员采样',
    people: FIGURES.wanted,
    startLocal: '2030-08-03T22:30',
    length: 'PT8H',
    from: [{ kind: 'set', id: sets.reserve }],
  }
  return [
    { at: at('2030-08-02T13:00'), act: () => call(subDistrict, 'flood', flood, FIGURES.floodSquad - 2, true) },
    { at: at('2030-08-02T19:00'), act: () => serve('flood', 'check-out') },
    { at: at('2030-08-03T20:00'), act: () => call(api, 'village', night, FIGURES.wanted + 4) },
    { at: at('2030-08-03T22:25'), act: () => serve('village', 'check-in') },
    { at: at('2030-08-04T06:30'), act: () => serve('village', 'check-out') },
  ]

  async function place(code: string, name: string): Promise<string> {
    return (await api.post<{ id: string }>('/v1/posts', { unitId: units.get(code), name, kind: 'emergency' })).id
  }

  /** So many of those who are called say that they come. Who is called at once checks in a little later. */
  async function call(
    caller: Api,
    which: 'flood' | 'village',
    body: object,
    willing: number,
    atOnce = false,
  ): Promise<void> {
    const made = await caller.post<{ id: string }>('/v1/call-outs', body, { idempotencyKey: `call-${which}` })
    opened.set(which, made.id)
    await time.settled()
    const asked = inbox.take('call-out')
    await each(asked.slice(0, willing), ({ link }) => submit(link!, { answer: 'coming' }))
    if (!atOnce) return
    await time.advanceTo(new Date(clock.now().getTime() + 20 * 60_000))
    await serve(which, 'check-in')
  }

  async function serve(which: 'flood' | 'village', step: 'check-in' | 'check-out'): Promise<void> {
    const calls = await api.all<{ volunteerId: string }>(`/v1/call-outs/${opened.get(which)}/calls?state=coming`)
    await each(calls, ({ volunteerId }) => submit(linkTo(stage, volunteerId, 'call-out-coming'), { step }))
  }
}

export const tallyOf = ({ api }: Planned, opened: CallOuts, which: 'flood' | 'village'): Promise<Tally> =>
  api.get<Tally>(`/v1/call-outs/${opened.get(which)}/tally`)
