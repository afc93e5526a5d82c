import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, LocalDate } from '../../platform/http/schemas.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import { CHART_FIGURES, GROUPS, PERIODS } from './summaries.types.ts'

const filters = {
  from: LocalDate.meta({ description: 'First local day of duty' }),
  to: LocalDate.meta({ description: 'First local day that is no longer in' }),
  unitId: Id.optional().meta({ description: 'Home unit: this one and all below it' }),
  personClass: z.enum(PERSON_CLASSES).optional(),
  postId: Id.optional(),
  echelonSetId: Id.optional().meta({ description: 'With by=echelon: whose echelons' }),
  period: z.enum(PERIODS).default('month').meta({ description: 'With by=period' }),
}
const By = z.enum(GROUPS)

const checked = <T extends z.ZodType<{ from: string; to: string; by?: string; echelonSetId?: string | undefined }>>(
  schema: T,
) =>
  schema
    .refine(({ from, to }) => from < to, {
      path: ['to'],
      error: '`to` is the first day that is no longer in, so it comes after `from`.',
      params: { code: 'to-not-after-from' },
    })
    .refine(({ by, echelonSetId }) => by !== 'echelon' || echelonSetId !== undefined, {
      path: ['echelonSetId'],
      error: 'Say which echelon set.',
      params: { code: 'echelon-set-needed' },
    })

export const SummaryQuery = checked(z.strictObject({ ...pageQuery(['name']), ...filters, by: By.default('person') }))
export const SummaryFileQuery = checked(
  z.strictObject({
    ...filters,
    by: By.default('person'),
    format: z.enum(['csv', 'xlsx', 'jsonl']).default('csv'),
    lang: z.enum(LOCALES).default('zh'),
  }),
)
export const ChartParams = z.strictObject({ by: By })
export const ChartQuery = checked(
  z.strictObject({ ...filters, figure: z.enum(CHART_FIGURES).default('hours'), lang: z.enum(LOCALES).default('zh') }),
)

const FairShare = z
  .object({
    duties: z.number(),
    nights: z.number(),
    weekendDuties: z.number(),
    holidayDuties: z.number(),
    shortNotice: z.number(),
    minutes: z.number(),
    dutiesAbove: z.number().meta({ description: 'Below zero: fewer than the fair share' }),
    nightsAbove: z.number(),
    weekendDutiesAbove: z.number(),
    holidayDutiesAbove: z.number(),
    shortNoticeAbove: z.number(),
    minutesAbove: z.number(),
    text: z.string().meta({ example: '2 nights, 15 hours above fair share; 1 weekend duty below' }),
  })
  .meta({
    id: 'FairShare',
    description:
      'Share of what people of the same unit and class carried, by agreed share, time present and availability, and the distance from it',
  })

const Summary = z
  .object({
    id: z.string(),
    name: z.string(),
    duties: z.int(),
    nights: z.int().meta({ description: 'Duties with three hours of night or more' }),
    weekendDuties: z.int().meta({ description: 'Duties of which at least half lies in the weekend' }),
    holidayDuties: z.int().meta({ description: 'Duties that touch a holiday' }),
    shortNotice: z
      .int()
      .meta({ description: 'Duties called for or planned later than `lateCancellationMinutes` before the start' }),
    minutes: z.int(),
    creditedMinutes: z.int(),
    creditedHours: z.string(),
    standbyMinutes: z.int(),
    nightMinutes: z.int(),
    weekendMinutes: z.int(),
    holidayMinutes: z.int(),
    declines: z.int(),
    noShows: z.int(),
    lateCancellations: z.int(),
    calledOut: z.int().meta({ description: 'Duties taken over when a gap was filled or a call answered' }),
    fairShare: FairShare.nullable().meta({ description: 'Of people only' }),
  })
  .meta({ id: 'DutySummary' })
export const SummaryPage = pageOf(Summary)
