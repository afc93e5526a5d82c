import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import type { CrewMemberRow, CrewRow } from './crews.repository.ts'

export const crewView = (crew: CrewRow, members: number) => ({
  id: crew.id,
  unitId: crew.unitId,
  name: crew.name,
  kind: crew.kind,
  leadId: crew.leadId,
  fromOn: crew.fromOn,
  toOn: crew.toOn,
  members,
  createdAt: crew.createdAt.toISOString(),
  updatedAt: crew.updatedAt.toISOString(),
  version: crew.version,
})

export const crewMemberView = ({
  member,
  ...person
}: {
  member: CrewMemberRow
  displayName: string
  personClass: (typeof PERSON_CLASSES)[number]
  grade: string | null
}) => ({
  id: member.id,
  crewId: member.crewId,
  volunteerId: member.volunteerId,
  ...person,
  fromOn: member.fromOn,
  toOn: member.toOn,
})
