import type { Person } from '../../solver/index.ts'
import { type OpenDuty, partOf, servable } from '../../solver/shares.ts'
import type { Distance, Figures, Peers, ServedTime, Share, StandingPart } from './summaries.types.ts'

const rounded = (value: number) => Math.round(value * 10) / 10
/** Halves away from zero. */
const whole = (value: number) => Math.sign(value) * Math.round(Math.abs(value))

export interface Position extends Share {
  dutiesAbove: number
  nightsAbove: number
  weekendDutiesAbove: number
  holidayDutiesAbove: number
  shortNoticeAbove: number
  minutesAbove: number
}

/** How far somebody is from their share; to a tenth, minutes whole. */
export const positionOf = (figures: Pick<Figures, keyof Share>, share: Share): Position => ({
  duties: rounded(share.duties),
  nights: rounded(share.nights),
  weekendDuties: rounded(share.weekendDuties),
  holidayDuties: rounded(share.holidayDuties),
  shortNotice: rounded(share.shortNotice),
  minutes: Math.round(share.minutes),
  dutiesAbove: rounded(figures.duties - share.duties),
  nightsAbove: rounded(figures.nights - share.nights),
  weekendDutiesAbove: rounded(figures.weekendDuties - share.weekendDuties),
  holidayDutiesAbove: rounded(figures.holidayDuties - share.holidayDuties),
  shortNoticeAbove: rounded(figures.shortNotice - share.shortNotice),
  minutesAbove: Math.round(figures.minutes - share.minutes),
})

const peersKey = ({ unitId, personClass }: Peers) => `${unitId} ${personClass}`

/** For each of these people, of the minutes their peers served the part they could have served by what they offered. */
export function standingParts(
  people: (Peers & { id: string; availability: Person['availability'] })[],
  served: ServedTime[],
): StandingPart[] {
  const duties = Map.groupBy(
    served.map((one): OpenDuty & Peers => ({ ...one, weekday: 1, facts: {}, seats: 1 })),
    peersKey,
  )
  return people.map(({ id, availability, ...peers }) => {
    const all = duties.get(peersKey(peers)) ?? []
    return { volunteerId: id, part: partOf('minutes', servable({ availability }, all), all) ?? 1 }
  })
}

/**
 * What is said about it: whole nights, weekend and holiday duties, calls at short notice and hours. Duties are told where
 * these are even; nothing within half of one of the share.
 */
export function standing(position: Position): Distance[] {
  const distances: Distance[] = [
    { of: 'nights', above: whole(position.nightsAbove) },
    { of: 'weekendDuties', above: whole(position.weekendDutiesAbove) },
    { of: 'holidayDuties', above: whole(position.holidayDutiesAbove) },
    { of: 'shortNotice', above: whole(position.shortNoticeAbove) },
    { of: 'hours', above: whole(position.minutesAbove / 60) },
  ]
  const told = distances.filter(({ above }) => above !== 0)
  const duties = whole(position.dutiesAbove)
  return told.length === 0 && duties !== 0 ? [{ of: 'duties', above: duties }] : told
}
