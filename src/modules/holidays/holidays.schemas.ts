import { z } from 'zod'
import { Day, Id, LocalDate, Name } from '../../platform/http/schemas.ts'
import { HOLIDAY_KINDS } from './holidays.tables.ts'

const Year = z.coerce.number().int().min(1900).max(2199)
const Kind = z.enum(HOLIDAY_KINDS).meta({
  description:
    'holiday: a public holiday; makeUp: a day of the weekend worked instead; ordinary: takes back what a unit above says',
})

export const YearParams = z.strictObject({ id: Id, year: Year })
export const YearQuery = z.strictObject({ year: Year })

export const HolidayYear = z.strictObject({
  days: z.array(z.strictObject({ day: Day, kind: Kind, name: Name })).max(366),
})

const Said = z.object({ day: LocalDate, kind: Kind, name: z.string() })
export const Holidays = z
  .object({
    unitId: Id,
    year: z.int(),
    own: z.array(Said).meta({ description: 'What this unit says itself' }),
    effective: z.array(Said.extend({ unitId: Id })).meta({ description: 'What holds here, and which unit says so' }),
  })
  .meta({ id: 'Holidays' })

/** Reaches the service as a stream, so there is nothing to check here. */
export const HolidayFile = z.unknown().meta({ type: 'string', description: 'The file' })

export const HolidayImportQuery = z.strictObject({
  mode: z.enum(['preview', 'commit']).default('preview'),
})
export const HolidayImport = z
  .object({
    mode: z.enum(['preview', 'commit']),
    encoding: z.string(),
    days: z.array(Said).meta({ description: 'What was read, in order' }),
    years: z.array(z.int()).meta({ description: 'Years that the file puts in the place of what the unit has said' }),
    problems: z.array(z.object({ row: z.int(), column: z.string().nullable(), code: z.string(), detail: z.string() })),
    written: z.boolean(),
  })
  .meta({ id: 'HolidayImport' })
