import type { Location } from '../types.ts'
import type { PairRule } from './rule.ts'

const EARTH_RADIUS_KM = 6371.0088

/** Great-circle distance in kilometres, by the haversine formula. */
export function kilometresBetween(a: Location, b: Location): number {
  const radians = Math.PI / 180
  const north = Math.sin(((b.latitude - a.latitude) * radians) / 2) ** 2
  const east = Math.sin(((b.longitude - a.longitude) * radians) / 2) ** 2
  const chord = north + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * east
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/** One point for each started kilometre beyond the limit. */
export const distance: PairRule<'distance'> = {
  name: 'distance',
  on: 'pair',
  looksAt: 'slot',
  asks: { zh: '住处与岗位的距离不超过上限', en: 'Lives near enough to the post' },
  overridable: true,
  level: 'wishes',
  unit: 'kilometres',
  compile: (model, { params }) => ({
    concerns: (person) => model.people[person]!.home != null,
    visit(person, slot, report) {
      const home = model.people[person]!.home
      const place = model.shifts[model.shiftOfSlot[slot]!]!.location
      if (!home || !place) return
      const kilometres = kilometresBetween(home, place)
      if (kilometres <= params.maxKilometres) return
      report(Math.ceil(kilometres - params.maxKilometres), Math.round(kilometres * 10) / 10, params.maxKilometres)
    },
  }),
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 距岗位 ${observed} 公里（上限 ${limit} 公里）`,
    en: `${who} lives ${observed} km from the post (limit ${limit} km)`,
  }),
}
