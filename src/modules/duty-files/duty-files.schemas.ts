import { z } from 'zod'
import { ExportGrounds, Flag, Id, LocalDate } from '../../platform/http/schemas.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

export const days = {
  from: LocalDate,
  to: LocalDate.meta({ description: 'First day that is no longer in' }),
  unitId: Id.optional().meta({ description: 'This unit and all below it' }),
}
export const file = {
  format: z.enum(['csv', 'xlsx', 'jsonl', 'pdf']).default('csv'),
  lang: z.enum(LOCALES).default('zh'),
  columns: z
    .string()
    .max(1_000)
    .optional()
    .meta({ description: 'Keys of columns in the wanted order; all when left out', example: 'post,planned,state' }),
  headers: z.enum(['words', 'keys']).default('words').meta({ description: 'keys: the same in every language' }),
  ...ExportGrounds,
}
export const inOrder = <T extends z.ZodType<{ from: string; to: string }>>(schema: T) =>
  schema.refine(({ from, to }) => from < to, {
    path: ['to'],
    error: '`to` is the first day that is no longer in, so it comes after `from`.',
    params: { code: 'to-not-after-from' },
  })

export const HandoverLogQuery = inOrder(z.strictObject({ ...days, ...file, postId: Id.optional() }))
export const ReportBoardQuery = inOrder(z.strictObject({ ...days, ...file, obligationId: Id.optional() }))
export const AttendanceFileQuery = inOrder(
  z.strictObject({ ...days, ...file, postId: Id.optional(), personClass: z.enum(PERSON_CLASSES).optional() }),
)
export const PeopleListQuery = z.strictObject({
  ...file,
  format: z.enum(['csv', 'xlsx', 'jsonl']).default('csv'),
  unitId: days.unitId,
  personClass: z.enum(PERSON_CLASSES).optional(),
  masked: Flag.default(true).meta({
    description: 'false shows whole phone numbers and addresses, and where people live; admins only, and on record',
  }),
})
