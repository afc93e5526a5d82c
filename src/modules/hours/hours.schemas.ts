import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, LocalDate, Zone } from '../../platform/http/schemas.ts'
import { SEGMENT_KINDS } from '../attendance/attendance.tables.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

export const LANGUAGES = ['zh', 'en'] as const
export const FORMATS = ['csv', 'xlsx'] as const
export const VIEWS = ['lines', 'totals'] as const
export const GROUPS = ['person', 'unit', 'post'] as const

const filters = {
  from: LocalDate.optional().meta({ description: 'First local day of duty' }),
  to: LocalDate.optional().meta({ description: 'First local day that is no longer in' }),
  unitId: Id.optional().meta({ description: 'Home unit: this one and all below it' }),
  personClass: z.enum(PERSON_CLASSES).optional(),
  postId: Id.optional(),
  volunteerId: Id.optional(),
}

const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }) => !from || !to || from < to
const orderProblem = {
  path: ['to'],
  error: '`to` is the first day that is no longer in, so it comes after `from`.',
  params: { code: 'to-not-after-from' },
}

export const Filter = z.strictObject(filters).refine(inOrder, orderProblem)
export type Filter = z.output<typeof Filter>

export const LedgerList = z.strictObject({ ...pageQuery(['localDay']), ...filters }).refine(inOrder, orderProblem)
export const SummaryList = z
  .strictObject({ ...pageQuery(['name']), ...filters, by: z.enum(GROUPS).default('person') })
  .refine(inOrder, orderProblem)
export const ExportQuery = z
  .strictObject({
    ...filters,
    format: z.enum(FORMATS).default('csv'),
    lang: z.enum(LANGUAGES).default('zh'),
    view: z.enum(VIEWS).default('lines'),
  })
  .refine(inOrder, orderProblem)

const minutes = {
  minutes: z.int().meta({ description: 'Elapsed; below zero where a line is taken back' }),
  nightMinutes: z.int(),
  weekendMinutes: z.int(),
  plannedMinutes: z.int().meta({ description: 'Length on paper: a day is 1440, whatever the clocks do' }),
}

export const LedgerLine = z
  .object({
    id: Id,
    entry: z.enum(['booking', 'reversal', 'correction']),
    volunteerId: Id,
    volunteerName: z.string(),
    personNumber: z.string().nullable(),
    unitId: Id,
    personClass: z.enum(PERSON_CLASSES),
    assignmentId: Id,
    segmentId: Id.nullable(),
    postId: Id,
    postName: z.string(),
    role: z.string(),
    kind: z.enum(SEGMENT_KINDS),
    localDay: LocalDate,
    zone: Zone,
    startsAt: Instant,
    endsAt: Instant,
    ...minutes,
    reversesId: Id.nullable().meta({ description: 'The line this one takes back' }),
    reversedById: Id.nullable().meta({ description: 'The line that has taken this one back' }),
    reason: z.string().nullable(),
    verifiedBy: z.string().nullable(),
    enteredBy: z.string(),
    bookedAt: Instant,
  })
  .meta({ id: 'LedgerLine' })
export const LedgerPage = pageOf(LedgerLine)

export const NewCorrection = z
  .strictObject({ startsAt: Instant, endsAt: Instant, reason: z.string().trim().min(1).max(500) })
  .refine(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(endsAt), {
    path: ['endsAt'],
    error: 'The end comes after the start.',
    params: { code: 'end-before-start' },
  })
export const Corrected = z
  .object({ reversal: LedgerLine, line: LedgerLine })
  .meta({ id: 'LedgerCorrection', description: 'What took the line back, and what stands in its place' })

export const HoursSummary = z
  .object({
    id: Id,
    name: z.string(),
    duties: z.int().meta({ description: 'Assignments with lines' }),
    hours: z.string().meta({ description: 'From the summed minutes, two decimals' }),
    ...minutes,
  })
  .meta({ id: 'HoursSummary' })
export const SummaryPage = pageOf(HoursSummary)
