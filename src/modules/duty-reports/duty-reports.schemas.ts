import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Id, Instant, LocalDate, Name, Version, Zone } from '../../platform/http/schemas.ts'
import { RuleText } from '../../platform/http/time-schemas.ts'
import { neverHappens, parseRule, ruleOf } from '../../time/recurrence.ts'
import { addLocalDays, isLocalTime } from '../../time/zones.ts'
import { CONTACT_CHANNELS } from '../volunteers/volunteers.tables.ts'
import { REPORT_STATES } from './duty-reports.states.ts'
import { ReportSchemaInput, Worded } from './report-schema.schemas.ts'

const LocalTime = z
  .string()
  .refine(isLocalTime, { error: 'is not a time of day, written HH:mm', params: { code: 'time-wrong' } })
  .meta({ description: 'Wall time, HH:mm', example: '16:30' })

const Reporter = z.union([z.strictObject({ volunteerId: Id }), z.strictObject({ postId: Id, role: Name.optional() })])

export const Addressee = z.union([
  z.strictObject({ volunteerId: Id }),
  z.strictObject({ unitId: Id }),
  z.strictObject({
    name: Name,
    channel: z.enum(CONTACT_CHANNELS),
    address: Name,
    locale: z.enum(['zh', 'en']).optional(),
  }),
])
const onward = z.array(Addressee).max(20).optional()
const Receiver = z.union([
  Addressee.options[0].extend({ onward }),
  Addressee.options[1].extend({ onward }),
  Addressee.options[2].extend({ onward }),
])

const Minutes = (most: number) => z.int().min(1).max(most)
const DAY_MINUTES = 1440

const fields = {
  postId: Id.nullable().meta({ description: 'A post of the unit, when the report is about it alone' }),
  name: Worded,
  rule: RuleText,
  dueTime: LocalTime,
  zone: Zone,
  effectiveFrom: Day,
  effectiveTo: Day.nullable().meta({ description: 'First day no longer in force' }),
  reporters: z
    .array(Reporter)
    .min(1)
    .max(20)
    .meta({ description: 'People, or whoever is on duty at a post (in a role) when the report is due' }),
  receivers: z
    .array(Receiver)
    .max(20)
    .meta({ description: 'People, the responsible people of a unit, or a name with an address outside' }),
  schema: ReportSchemaInput,
  feedsId: Id.nullable().meta({ description: 'The obligation whose reports are made from those of this one' }),
  remindBeforeMinutes: z.array(Minutes(7 * DAY_MINUTES)).max(6),
  alarmEveryMinutes: Minutes(DAY_MINUTES),
  missingAfterMinutes: Minutes(7 * DAY_MINUTES).meta({ description: 'After the deadline; until then it is late' }),
}

interface InForce {
  effectiveFrom: string
  effectiveTo?: string | null | undefined
}
const upsideDown = {
  path: ['effectiveTo'],
  error: 'is not after effectiveFrom',
  params: { code: 'effective-upside-down' },
}
const neverDue = {
  path: ['rule'],
  error: 'The rule never happens while the obligation is in force.',
  params: { code: 'rule-never-happens' },
}
const isUpright = ({ effectiveFrom, effectiveTo }: InForce) => !effectiveTo || effectiveTo > effectiveFrom
const happens = ({ rule, dueTime, effectiveFrom, effectiveTo }: InForce & { rule: string; dueTime: string }) => {
  if (!parseRule(rule).ok || !isLocalTime(dueTime) || (effectiveTo && effectiveTo <= effectiveFrom)) return true
  const horizon = addLocalDays(effectiveFrom, 3660)
  const to = effectiveTo && effectiveTo < horizon ? effectiveTo : horizon
  return !neverHappens({ rule: ruleOf(rule), startTime: dueTime, effectiveFrom, effectiveTo: to }, effectiveFrom, to)
}

export const NewObligation = z
  .strictObject({
    unitId: Id.meta({ description: 'The unit or department that reports' }),
    ...fields,
    postId: fields.postId.default(null),
    zone: Zone.optional().meta({ description: "The unit's when left out" }),
    effectiveTo: fields.effectiveTo.default(null),
    receivers: fields.receivers.default([]),
    schema: ReportSchemaInput.default({ type: 'object', properties: {} }),
    feedsId: fields.feedsId.default(null),
    remindBeforeMinutes: fields.remindBeforeMinutes.default([60, 15]),
    alarmEveryMinutes: fields.alarmEveryMinutes.default(10),
    missingAfterMinutes: fields.missingAfterMinutes.default(30),
  })
  .refine(isUpright, upsideDown)
  .refine(happens, neverDue)

export const ObligationPatch = z.strictObject(fields).partial()

/** What is wrong with the parts of an obligation together, once each is sound by itself. */
export function obligationFindings(whole: InForce & { rule: string; dueTime: string }) {
  const found = !isUpright(whole) ? upsideDown : !happens(whole) ? neverDue : undefined
  return found ? [{ pointer: `/body/${found.path[0]}`, code: found.params.code, detail: found.error }] : []
}

export const Obligation = z
  .object({
    id: Id,
    unitId: Id,
    ...fields,
    name: z.record(z.string(), z.string()),
    rule: z.string(),
    dueTime: z.string(),
    zone: z.string(),
    effectiveFrom: LocalDate,
    effectiveTo: LocalDate.nullable(),
    reporters: z.array(z.record(z.string(), z.unknown())),
    receivers: z.array(z.record(z.string(), z.unknown())),
    schema: z.record(z.string(), z.unknown()),
    remindBeforeMinutes: z.array(z.int()),
    alarmEveryMinutes: z.int(),
    missingAfterMinutes: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'ReportObligation' })

export const ObligationList = z.strictObject({
  ...pageQuery(['createdAt']),
  unitId: Id.optional().meta({ description: 'Obligations of this unit and all below it' }),
})
export const ObligationPage = pageOf(Obligation)

/** What a cell of the board says of one report. */
export const STANDINGS = ['due', 'filed', 'nil', 'late', 'filed_late', 'missing'] as const

export const ReportSummary = z
  .object({
    id: Id,
    obligationId: Id,
    name: z.record(z.string(), z.string()),
    unitId: Id,
    unitName: z.string(),
    postName: z.string().nullable(),
    localDay: LocalDate,
    dueLocal: z.string(),
    zone: z.string(),
    dueAt: Instant,
    state: z.enum(REPORT_STATES),
    nil: z.boolean().nullable().meta({ description: 'null: nothing was filed' }),
    firstFiledAt: Instant.nullable(),
    lastFiledAt: Instant.nullable(),
    filings: z.int(),
    missingAt: Instant.nullable(),
    version: Version,
  })
  .meta({ id: 'DutyReportSummary' })

const Filing = z.object({
  number: z.int(),
  nil: z.boolean(),
  content: z.record(z.string(), z.unknown()).nullable(),
  note: z.string().nullable(),
  filedAt: Instant,
  filedBy: z.string(),
  volunteerId: Id.nullable(),
  volunteerName: z.string().nullable(),
})

export const Receipt = z
  .object({
    id: Id,
    receiver: z.record(z.string(), z.unknown()).meta({ description: 'Addresses outside are masked' }),
    forwardedById: Id.nullable(),
    sentNumber: z.int().meta({ description: 'Number of the newest filing this reader was sent' }),
    readAt: Instant.nullable(),
    readNumber: z.int().nullable(),
    readNewest: z.boolean(),
  })
  .meta({ id: 'ReportReceipt' })

export const Report = ReportSummary.extend({
  filed: z.array(Filing).meta({ description: 'Every version, oldest first' }),
  receipts: z.array(Receipt),
  children: z
    .array(
      z.object({
        reportId: Id,
        name: z.record(z.string(), z.string()),
        unitName: z.string(),
        postName: z.string().nullable(),
        dueAt: Instant,
        standing: z.enum(STANDINGS),
        content: z.record(z.string(), z.unknown()).nullable(),
      }),
    )
    .meta({ description: 'Reports that feed this one' }),
  sums: z.record(z.string(), z.number()).meta({ description: 'Figures of the children, added up' }),
}).meta({ id: 'DutyReport' })

export const ReportList = z.strictObject({
  ...pageQuery(['dueAt']),
  unitId: Id.optional().meta({ description: 'Reports of this unit and all below it' }),
  obligationId: Id.optional(),
  from: LocalDate.optional(),
  to: LocalDate.optional().meta({ description: 'First day no longer shown' }),
  state: z.enum(REPORT_STATES).optional(),
})
export const ReportPageOut = pageOf(ReportSummary)

export const FileReport = z
  .strictObject({
    nil: z.literal(true).optional().meta({ description: 'There is nothing to report: said, not left out' }),
    content: z.record(z.string(), z.unknown()).optional(),
    note: z.string().trim().min(1).max(1000).optional(),
  })
  .refine(({ nil, content }) => (nil === undefined) !== (content === undefined), {
    error: 'Say either nil or content.',
    params: { code: 'one-of-two' },
  })

export const ForwardReport = z.strictObject({ receivers: z.array(Addressee).min(1).max(20) })

const BoardCounts = z.object({
  due: z.int(),
  filed: z.int().meta({ description: 'In time, with content' }),
  nil: z.int().meta({ description: 'In time, as nil' }),
  late: z.int().meta({ description: 'Not filed, a little over time' }),
  filedLate: z.int(),
  missing: z.int(),
})

export const BoardQuery = z
  .strictObject({
    ...pageQuery(['day']),
    unitId: Id.optional().meta({ description: 'This unit and all below it' }),
    obligationId: Id.optional(),
    from: LocalDate,
    to: LocalDate.meta({ description: 'First day no longer shown' }),
  })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    error: 'is not after from',
    params: { code: 'window-upside-down' },
  })

export const Board = pageOf(
  z.object({
    unitId: Id,
    unitName: z.string(),
    day: LocalDate,
    counts: BoardCounts,
    reportIds: z.array(Id),
  }),
)
  .extend({ counts: BoardCounts.meta({ description: 'Of all cells, also those of other pages' }) })
  .meta({ id: 'ReportBoard', description: 'Filed, nil, late and missing by unit and day' })

/** What the forms of the page send besides the fields of the report. */
export const PageForm = z
  .object({
    do: z.string().max(60).catch(''),
    number: z.coerce.number().int().min(0).catch(-1),
    note: z.string().max(1000).catch(''),
  })
  .loose()
