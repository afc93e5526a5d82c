import { z } from 'zod'
import { Flag, Id, LocalDate } from '../../platform/http/schemas.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

const days = {
  from: LocalDate,
  to: LocalDate.meta({ description: 'First day that is no longer in' }),
  unitId: Id.optional().meta({ description: 'This unit and all below it' }),
}
const file = {
  format: z.enum(['csv', 'xlsx', 'pdf']).default('csv'),
  lang: z.enum(LOCALES).default('zh'),
}
const inOrder = <T extends z.ZodType<{ from: string; to: string }>>(schema: T) =>
  schema.refine(({ from, to }) => from < to, {
    path: ['to'],
    error: '`to` is the first day that is no longer in, so it comes after `from`.',
    params: { code: 'to-not-after-from' },
  })

export const HandoverLogQuery = inOrder(z.strictObject({ ...days, ...file, postId: Id.optional() }))
export const ReportBoardQuery = inOrder(z.strictObject({ ...days, ...file, obligationId: Id.optional() }))
export const PeopleListQuery = z.strictObject({
  ...file,
  format: z.enum(['csv', 'xlsx']).default('csv'),
  unitId: days.unitId,
  personClass: z.enum(PERSON_CLASSES).optional(),
  masked: Flag.default(true).meta({
    description: 'false shows whole phone numbers and addresses; admins only, and on record',
  }),
})
