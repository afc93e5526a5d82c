import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

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
