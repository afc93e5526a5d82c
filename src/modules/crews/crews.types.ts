/** A crew as those who plan and call it out need it. */
export interface CrewAt {
  id: string
  unitId: string
  unitPath: string
  name: string
  leadId: string | null
}

/** Somebody's place in a crew, up to the day before `toOn`. */
export interface CrewPlace {
  crewId: string
  volunteerId: string
  fromOn: string
  toOn: string | null
}
