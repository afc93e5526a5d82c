import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

/** One place in a team that looks after a case, and who may take it. */
export interface TeamRole {
  role: string
  /** One of these; empty: any. */
  personClasses: (typeof PERSON_CLASSES)[number][]
  grades: string[]
  /** Every one is needed. */
  qualificationIds: string[]
}
