import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Id, Instant, LocalDate } from '../../platform/http/schemas.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

export const NewEntries = z
  .strictObject({
    volunteerIds: z
      .array(Id)
      .min(1)
      .max(1_000)
      .refine((ids) => new Set(ids).size === ids.length, {
        error: 'names somebody twice',
        params: { code: 'volunteer-twice' },
      }),
    fromOn: Day,
    toOn: Day.nullish().meta({ description: 'First day on which it no longer holds; open when left out' }),
  })
  .refine(({ fromOn, toOn }) => !toOn || toOn > fromOn, {
    path: ['toOn'],
    error: 'does not come after fromOn',
    params: { code: 'ends-before-start' },
  })

export const Entry = z
  .object({
    id: Id,
    setId: Id,
    echelonId: Id,
    volunteerId: Id,
    fromOn: LocalDate,
    toOn: LocalDate.nullable(),
    excluded: z.boolean().meta({ description: 'Takes the person out, whom the rule would take in' }),
    createdAt: Instant,
  })
  .meta({ id: 'EchelonEntry', description: 'What was decided by hand about one person and one echelon' })
export const Entries = z.object({ items: z.array(Entry) })
export const EntryList = z.strictObject(pageQuery(['fromOn']))
export const EntryPage = pageOf(Entry)

export const EntryEnd = z.strictObject({
  on: Day.optional().meta({
    description: 'First day on which it no longer holds; as if it had never been when left out',
  }),
})

export const Member = z
  .object({
    volunteerId: Id,
    displayName: z.string(),
    personNumber: z.string().nullable(),
    personClass: z.enum(PERSON_CLASSES),
    grade: z.string().nullable(),
    unitId: Id,
    source: z.enum(['rule', 'hand']),
    entryId: Id.nullable().meta({ description: 'The entry made by hand, to be ended or removed' }),
    fromOn: LocalDate.nullable(),
    toOn: LocalDate.nullable(),
  })
  .meta({ id: 'EchelonMember' })
export const MemberList = z.strictObject({
  ...pageQuery(['name']),
  on: Day.optional().meta({ description: "Today in the zone of the set's unit when left out" }),
})
export const MemberPage = pageOf(Member)
