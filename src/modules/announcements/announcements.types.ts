import type { Locale } from '../../platform/texts/catalogue.ts'
import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

/** One language of an announcement. */
export interface Wording {
  title: string
  text: string
}

/** At least one language; who reads another one is shown the nearest. */
export type Wordings = Partial<Record<Locale, Wording>>

/** Where recipients come from. */
export type AudienceSource =
  | { kind: 'unit'; unitId: string }
  | { kind: 'echelon-set'; echelonSetId: string }
  | { kind: 'echelon'; echelonId: string }
  | { kind: 'crew'; crewId: string }
  | { kind: 'post-day'; postId: string; day: string }
  | { kind: 'shift'; shiftId: string }
  | { kind: 'people'; volunteerIds: string[] }

/** Everybody from any of the sources; of these only the given person classes, when some are given. */
export interface Audience {
  sources: AudienceSource[]
  personClasses?: (typeof PERSON_CLASSES)[number][] | undefined
}
