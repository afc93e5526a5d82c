import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Line, Name, Version } from '../../platform/http/schemas.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import { ECHELON_KINDS } from './echelons.tables.ts'

const Age = z.int().min(0).max(150)

export const AgeBand = z
  .strictObject({ from: Age.optional(), to: Age.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    error: 'is below from: the age band is upside down',
    params: { code: 'age-band-upside-down' },
  })
  .refine(({ from, to }) => from !== undefined || to !== undefined, {
    error: 'needs from, to or both',
    params: { code: 'age-band-empty' },
  })
  .meta({ description: 'Whole years, both ends included', example: { from: 36, to: 50 } })

/** What people are, besides their age; each list means "one of". */
export const traits = {
  unitIds: z.array(Id).min(1).max(1_000).optional().meta({ description: 'Home unit is one of these or below it' }),
  grades: z.array(Line(60)).min(1).max(50).optional(),
  personClasses: z.array(z.enum(PERSON_CLASSES)).min(1).optional(),
  qualificationIds: z
    .array(Id)
    .min(1)
    .max(20)
    .optional()
    .meta({ description: 'Holds every one of these, valid on the day' }),
}

export const Rule = z
  .strictObject({ age: AgeBand.optional(), ...traits })
  .refine((rule) => Object.values(rule).some((part) => part !== undefined), {
    error: 'takes in everybody. Maybe name the unit in unitIds.',
    params: { code: 'rule-empty' },
  })
  .meta({
    id: 'MembershipRule',
    description: 'Who belongs to an echelon by what they are on the day of the duty. All given parts must hold.',
  })

const NewEchelon = z.strictObject({
  name: Name,
  rule: Rule.nullish().meta({ description: 'None: members by hand only' }),
})

const distinctNames = (echelons: { name: string }[]) =>
  new Set(echelons.map((one) => one.name)).size === echelons.length
const nameTwice = { error: 'gives two echelons the same name', params: { code: 'echelon-name-twice' } }
const inOrder = { description: 'In the order in which they are called' }

export const NewEchelonSet = z.strictObject({
  unitId: Id,
  name: Name,
  kind: z.enum(ECHELON_KINDS),
  echelons: z.array(NewEchelon).max(50).refine(distinctNames, nameTwice).default([]).meta(inOrder),
})

export const EchelonSetPatch = z
  .strictObject({
    name: Name,
    echelons: z
      .array(NewEchelon.extend({ id: Id.optional().meta({ description: 'Keeps this echelon; a new one without' }) }))
      .max(50)
      .refine(distinctNames, nameTwice)
      .refine(
        (echelons) => {
          const ids = echelons.flatMap((one) => one.id ?? [])
          return new Set(ids).size === ids.length
        },
        { error: 'names the same echelon twice', params: { code: 'echelon-twice' } },
      )
      .meta({ description: 'All echelons in their new order; those left out are removed' }),
  })
  .partial()

export const Echelon = z
  .object({ id: Id, position: z.int(), name: z.string(), rule: Rule.nullable() })
  .meta({ id: 'Echelon' })

export const EchelonSet = z
  .object({
    id: Id,
    unitId: Id,
    name: z.string(),
    kind: z.enum(ECHELON_KINDS),
    echelons: z.array(Echelon).meta(inOrder),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'EchelonSet' })

export const EchelonSetList = z.strictObject({
  ...pageQuery(['name', 'createdAt']),
  unitId: Id.optional().meta({ description: 'Sets of this unit and those below' }),
  kind: z.enum(ECHELON_KINDS).optional(),
})
export const EchelonSetPage = pageOf(EchelonSet)
