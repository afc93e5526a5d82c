import { z } from 'zod'
import { Flag, Id } from '../../platform/http/schemas.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import { days, file, inOrder } from './duty-files.schemas.ts'

const Month = z
  .string()
  .regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, { error: 'is not a month: YYYY-MM' })
  .meta({ description: 'Calendar month, YYYY-MM', example: '2030-01' })

export const CoverageQuery = inOrder(
  z.strictObject({
    ...days,
    ...file,
    columns: file.columns.meta({
      description: 'Keys of columns in the wanted order; all when left out',
      example: 'day,post,minimum,held,open',
    }),
    postId: Id.optional(),
  }),
)

export const MonthSheetQuery = z.strictObject({
  month: Month,
  ...file,
  columns: file.columns.meta({
    description: 'Keys of columns in the wanted order, `days` for all days of the month; all when left out',
    example: 'name,days,duties,minutes',
  }),
  unitId: Id.optional().meta({ description: 'Home unit: this one and all below it' }),
  personClass: z.enum(PERSON_CLASSES).optional(),
  everybody: Flag.default(false).meta({ description: 'true: also those who had no duty that month' }),
})
