import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Id, Instant, Line, LocalDate, Name, Version } from '../../platform/http/schemas.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

const open = { description: 'First day on which it no longer holds; open when left out' }
const order = {
  when: ({ value }: { value: unknown }) => z.object({ fromOn: Day, toOn: Day }).safeParse(value).success,
  path: ['toOn'],
  error: 'does not come after fromOn',
  params: { code: 'ends-before-start' },
}
const isInOrder = ({ fromOn, toOn }: { fromOn?: string | undefined; toOn?: string | null | undefined }) =>
  !fromOn || !toOn || toOn > fromOn

const People = z
  .array(Id)
  .max(500)
  .refine((ids) => new Set(ids).size === ids.length, {
    error: 'names somebody twice',
    params: { code: 'volunteer-twice' },
  })

const crewFields = {
  name: Name,
  kind: Line(60).meta({ example: 'assault team' }),
  leadId: Id.nullable().meta({ description: 'Who leads it; sees how the crew answers when it is called out' }),
  fromOn: Day,
  toOn: Day.nullable().meta(open),
}

export const NewCrew = z
  .strictObject({
    unitId: Id,
    ...crewFields,
    leadId: crewFields.leadId.default(null),
    toOn: crewFields.toOn.default(null),
    volunteerIds: People.default([]).meta({ description: 'Members from the first day on' }),
  })
  .refine(isInOrder, order)
export const CrewPatch = z.strictObject(crewFields).partial()

export const NewCrewMembers = z
  .strictObject({ volunteerIds: People.min(1), fromOn: Day, toOn: Day.nullish().meta(open) })
  .refine(isInOrder, order)
export const CrewMemberEnd = z.strictObject({
  on: Day.optional().meta({
    description: 'First day on which the person is no longer a member; as if never when left out',
  }),
})

export const Crew = z
  .object({
    id: Id,
    unitId: Id,
    name: z.string(),
    kind: z.string(),
    leadId: Id.nullable(),
    fromOn: LocalDate,
    toOn: LocalDate.nullable(),
    members: z.int().meta({ description: 'Members today' }),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'Crew', description: 'A fixed group that serves, rests and is called out together' })

export const CrewMember = z
  .object({
    id: Id,
    crewId: Id,
    volunteerId: Id,
    displayName: z.string(),
    personClass: z.enum(PERSON_CLASSES),
    grade: z.string().nullable(),
    fromOn: LocalDate,
    toOn: LocalDate.nullable(),
  })
  .meta({ id: 'CrewMember' })
export const CrewMembers = z.object({ items: z.array(CrewMember) })
export const CrewMemberList = z.strictObject({
  on: Day.optional().meta({ description: 'Members of that day; everybody, past and to come, when left out' }),
})

export const CrewList = z.strictObject({
  ...pageQuery(['name', 'createdAt']),
  unitId: Id.optional().meta({ description: 'Crews of this unit and all below it' }),
  kind: z.string().max(60).optional(),
  volunteerId: Id.optional().meta({ description: 'Crews this person is or was in' }),
})
export const CrewPage = pageOf(Crew)
