import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, ExportGrounds, Id, Instant, LocalDate, Zone } from '../../platform/http/schemas.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { SEGMENT_KINDS } from '../attendance/attendance.tables.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import { CORRECTION_STATES, EXPORT_FORMATS, EXPORT_KINDS } from './hours.tables.ts'

export const LANGUAGES = LOCALES
export const VIEWS = ['lines', 'totals'] as const
export const GROUPS = ['person', 'unit', 'post'] as const

const filters = {
  from: LocalDate.optional().meta({ description: 'First local day of duty' }),
  to: LocalDate.optional().meta({ description: 'First local day that is no longer in' }),
  unitId: Id.optional().meta({ description: 'Home unit: this one and all below it' }),
  personClass: z.enum(PERSON_CLASSES).optional(),
  kind: z.enum(SEGMENT_KINDS).optional(),
  postId: Id.optional(),
  volunteerId: Id.optional(),
}

const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }) => !from || !to || from < to
const orderProblem = {
  path: ['to'],
  error: '`to` is the first day that is no longer in, so it comes after `from`.',
  params: { code: 'to-not-after-from' },
}

const fileFields = {
  format: z.enum(EXPORT_FORMATS).default('csv'),
  lang: z.enum(LANGUAGES).default('zh'),
  columns: z.string().min(1).max(1_000).optional().meta({
    description:
      'Keys of columns in the wanted order, separated by commas; or the name of a set: hr, short, or one of a unit',
  }),
  headers: z.enum(['words', 'keys']).default('words').meta({ description: 'keys: the same in every language' }),
  ...ExportGrounds,
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
    ...fileFields,
    view: z.enum(VIEWS).default('lines'),
  })
  .refine(inOrder, orderProblem)

const minutes = {
  minutes: z.int().meta({ description: 'Elapsed; below zero where a line is taken back' }),
  nominalMinutes: z.int().meta({ description: 'On the wall clock: a duty over a clock change is shorter or longer' }),
  creditedMinutes: z.int().meta({
    description: 'Elapsed or nominal by policy, less unpaid breaks, plus the least credit; travel counts nothing',
  }),
  nightMinutes: z.int(),
  weekendMinutes: z.int(),
  holidayMinutes: z.int(),
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
    breakMinutes: z.int().meta({ description: 'Unpaid, taken off what is credited' }),
    topUpMinutes: z.int().meta({ description: 'Added so that whoever is called out gets the least credit' }),
    correctsId: Id.nullable().meta({ description: 'The line this one stands in the place of' }),
    reversesId: Id.nullable().meta({ description: 'The line this one takes back' }),
    reversedById: Id.nullable().meta({ description: 'The line that has taken this one back' }),
    reason: z.string().nullable(),
    verifiedBy: z.string().nullable().meta({ description: 'Of the line, or else of the presence it comes from' }),
    verifiedByName: z.string().nullable(),
    verifiedAt: Instant.nullable(),
    recordedBy: z.string().meta({ description: 'By name: a key, or the person who has left by link or code' }),
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
export const LedgerCorrection = z
  .object({
    id: Id,
    lineId: Id,
    startsAt: Instant,
    endsAt: Instant,
    reason: z.string(),
    state: z.enum(CORRECTION_STATES),
    requestedBy: z.string(),
    requestedAt: Instant,
    decidedBy: z.string().nullable().meta({ description: 'Never who asked for it' }),
    decidedAt: Instant.nullable(),
    decisionReason: z.string().nullable(),
  })
  .meta({ id: 'LedgerCorrection' })
export const CorrectionList = z.strictObject({
  ...pageQuery(['requestedAt']),
  state: z.enum(CORRECTION_STATES).optional(),
  lineId: Id.optional(),
})
export const CorrectionPage = pageOf(LedgerCorrection)
export const Rejection = z.strictObject({ reason: z.string().trim().min(1).max(500) })
export const Corrected = z
  .object({ correction: LedgerCorrection, reversal: LedgerLine, line: LedgerLine })
  .meta({ id: 'LedgerCorrected', description: 'What took the line back, and what stands in its place' })

export const HoursSummary = z
  .object({
    id: Id,
    name: z.string(),
    duties: z.int().meta({ description: 'Assignments with lines' }),
    hours: z.string().meta({ description: 'From the summed minutes, two decimals' }),
    creditedHours: z.string(),
    ...minutes,
    standbyMinutes: z.int().meta({ description: 'Part of the elapsed minutes' }),
  })
  .meta({ id: 'HoursSummary' })
export const SummaryPage = pageOf(HoursSummary)

export const HoursExport = z
  .object({
    id: Id,
    unitId: Id.nullable(),
    kind: z.enum(EXPORT_KINDS),
    format: z.enum(EXPORT_FORMATS),
    query: z.record(z.string(), z.unknown()),
    periodId: Id.nullable(),
    fileName: z.string(),
    startedAt: Instant,
    startedBy: z.string(),
    finishedAt: Instant.nullable().meta({ description: 'null: it is being made, or its reader went away' }),
    bytes: z.int().nullable(),
    rows: z.int().nullable().meta({ description: 'Below the header, counted as it began' }),
    purpose: z.string().nullable(),
    recipient: z.string().nullable(),
    sha256: z.string().nullable().meta({ description: 'Of the whole file, hexadecimal' }),
  })
  .meta({ id: 'HoursExport' })
export const HoursExportList = z.strictObject({
  ...pageQuery(['-startedAt', 'startedAt']),
  periodId: Id.optional(),
  sha256: z.string().length(64).optional(),
})
export const HoursExportPage = pageOf(HoursExport)

export const ColumnSetParams = z.strictObject({ id: Id, name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/) })
export const NewColumnSet = z.strictObject({ columns: z.array(z.string()).min(1).max(60) })
export const ColumnSet = z
  .object({
    name: z.string(),
    unitId: Id.nullable().meta({ description: 'null: known everywhere' }),
    columns: z.array(z.string()),
  })
  .meta({ id: 'ExportColumns' })
export const ColumnSets = z.object({
  sets: z.array(ColumnSet),
  known: z.array(z.string()).meta({ description: 'Every column there is' }),
})

export const PeriodExportQuery = z
  .strictObject({
    ...fileFields,
    version: z.coerce.number().int().positive().optional().meta({ description: 'The newest when left out' }),
    part: z.enum(['whole', 'difference']).default('whole').meta({
      description: 'difference: what this version added to the one before it (or to `since`), and nothing else',
    }),
    since: z.coerce
      .number()
      .int()
      .min(0)
      .optional()
      .meta({ description: 'With `difference`: the version HR has already' }),
    personClass: z.enum(['volunteer', 'others']).optional().meta({
      description:
        'volunteer: service hours; others: duty hours; both when left out, and then `personClass` has to be among the columns',
    }),
  })
  .refine(({ part, since }) => part === 'difference' || since === undefined, {
    path: ['since'],
    error: '`since` belongs to `part=difference`.',
    params: { code: 'since-without-difference' },
  })

export const NewPeriod = z
  .strictObject({ unitId: Id, from: Day, to: Day, note: z.string().trim().min(1).max(500).optional() })
  .refine(inOrder, orderProblem)
export const ClosePeriod = z.strictObject({ note: z.string().trim().min(1).max(500).optional() })

const Close = z.object({
  version: z.int(),
  closedAt: Instant,
  closedBy: z.string(),
  note: z.string().nullable(),
  lines: z.int(),
  adjusting: z.int().meta({ description: 'Lines that came after their day had been closed' }),
  minutes: z.int(),
  creditedMinutes: z.int(),
  unverifiedLines: z.int().meta({ description: 'Left out, as nobody vouched for them' }),
  unverifiedMinutes: z.int(),
})
export const HoursPeriod = z
  .object({
    id: Id,
    unitId: Id,
    from: LocalDate,
    to: LocalDate,
    version: z.int(),
    closes: z.array(Close),
    waiting: z.int().meta({ description: 'Lines that came or were verified since; closing again takes them in' }),
    unverified: z.object({ lines: z.int(), minutes: z.int() }).meta({
      description: 'Not in any version, as nobody vouches for them; once somebody does they are waiting',
    }),
    onDuty: z.int().meta({ description: 'People whose duty of the period has not ended; their lines come later' }),
    withoutNumber: z.array(z.object({ volunteerId: Id, name: z.string() })).meta({
      description: 'People in it whose person number was not known when their lines were closed; 200 at most',
    }),
  })
  .meta({ id: 'HoursPeriod' })
export const PeriodList = z.strictObject({ ...pageQuery(['-fromOn', 'fromOn']), unitId: Id.optional() })
export const PeriodSummary = HoursPeriod.pick({ id: true, unitId: true, from: true, to: true, version: true }).meta({
  id: 'HoursPeriodSummary',
})
export const PeriodPage = pageOf(PeriodSummary)
