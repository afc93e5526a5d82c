import { z } from 'zod'
import { Day, Id } from '../../platform/http/schemas.ts'
import { overlappingBands } from './echelons.rules.ts'
import { AgeBand, Echelon, traits } from './echelons.schemas.ts'

const Pool = z
  .strictObject({
    ...traits,
    volunteerIds: z.array(Id).min(1).max(20_000).optional().meta({ description: 'Exactly these people' }),
  })
  .meta({ description: "Who is to be split up; all parts must hold. Everybody of the set's unit when left out" })

const common = {
  apply: z.boolean().default(false).meta({ description: 'false shows what would happen and writes nothing' }),
  on: Day.optional().meta({ description: "First day of the new split; today in the unit's zone when left out" }),
  pool: Pool.default({}),
}

const ByAge = z
  .strictObject({
    by: z.literal('age'),
    ...common,
    bands: z
      .array(AgeBand)
      .min(1)
      .max(50)
      .refine((bands) => overlappingBands(bands).length === 0, {
        error: 'has bands that share an age',
        params: { code: 'age-bands-overlap' },
      })
      .meta({ description: 'One for each echelon of the set, in their order' }),
    as: z.enum(['rules', 'members']).default('rules').meta({
      description:
        '`rules`: people change echelon on their birthdays; `members`: as they are on the day `on`, by hand. Rules leave members by hand where they are.',
    }),
  })
  .refine((one) => one.as === 'members' || !one.pool.volunteerIds, {
    path: ['pool', 'volunteerIds'],
    error: 'cannot become a rule. Maybe "as": "members".',
    params: { code: 'ids-need-members' },
  })

const ByGrade = z.strictObject({
  by: z.literal('grade'),
  ...common,
  seed: z.int().min(0).default(1).meta({ description: 'Draws who has to move; the same seed draws the same' }),
})

export const PartitionRequest = z
  .discriminatedUnion('by', [ByAge, ByGrade])
  .meta({ description: 'by age: one band an echelon; by grade: an equal share of each grade for each echelon' })

const Count = z.int()
export const Partition = z
  .object({
    applied: z.boolean(),
    on: Day,
    people: Count.meta({ description: 'Size of the pool' }),
    echelons: z.array(
      Echelon.extend({
        before: Count,
        after: Count,
        grades: z.record(z.string(), Count).meta({ description: 'People of each grade afterwards; "" has no grade' }),
      }),
    ),
    moves: z
      .array(
        z.object({
          volunteerId: Id,
          displayName: z.string(),
          fromEchelonId: Id.nullable(),
          toEchelonId: Id.nullable(),
        }),
      )
      .meta({ description: 'The first 1,000' }),
    movesTotal: Count,
    unplaced: z
      .array(
        z.object({ volunteerId: Id, displayName: z.string(), reason: z.enum(['birth-date-unknown', 'outside-bands']) }),
      )
      .meta({ description: 'People of the pool who end up in no echelon; the first 1,000' }),
    unplacedTotal: Count,
  })
  .meta({ id: 'Partition' })
