import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

export type EchelonKind = 'rotation' | 'reserve' | 'specialist'

/** Who belongs to an echelon by what they are. All given parts must hold; each list means "one of". */
export interface MembershipRule {
  /** Whole years, both ends included, on the day of the duty. */
  age?: { from?: number; to?: number }
  /** Home unit is one of these or below it. */
  unitIds?: string[]
  grades?: string[]
  personClasses?: (typeof PERSON_CLASSES)[number][]
  /** Holds every one of these, valid on the day. */
  qualificationIds?: string[]
}

/** That somebody belongs to an echelon, from a day until the day before another; null where it has no such end. */
export interface Membership {
  setId: string
  kind: EchelonKind
  echelonId: string
  position: number
  volunteerId: string
  fromOn: string | null
  toOn: string | null
  source: 'rule' | 'hand'
  /** The entry made by hand. */
  entryId: string | null
}
