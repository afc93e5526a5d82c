import { z } from 'zod'
import { isZone } from '../../time/zones.ts'

export const Id = z.uuid().meta({ description: 'UUID' })
export const Instant = z.iso.datetime({ offset: true }).meta({ description: 'Instant with its offset (RFC 3339)' })
export const LocalDate = z.iso.date().meta({ description: 'Calendar date, YYYY-MM-DD' })
export const Zone = z
  .string()
  .max(60)
  .refine(isZone, { error: (issue) => `is not a time zone: ${issue.input}`, params: { code: 'zone-unknown' } })
  .meta({ description: 'IANA time zone', example: 'Asia/Shanghai' })

/** One line of text without control characters. */
export const Line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, { error: 'must not contain control characters' })
export const Name = Line(200)

const [EARLIEST, LATEST] = ['1900-01-01', '2200-01-01']
const isSane = (text: string) => text >= EARLIEST && text < LATEST
const insane = { error: `must lie between ${EARLIEST} and ${LATEST}`, params: { code: 'date-out-of-range' } }

/** A date and an instant that a person of our time can mean. */
export const Day = LocalDate.refine(isSane, insane)
export const Moment = Instant.refine(isSane, insane)

/** A yes or no in a query. */
export const Flag = z.enum(['true', 'false']).transform((word) => word === 'true')

export const Version = z.int().positive()

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
  })
  .loose()
  .meta({ id: 'Problem', description: 'RFC 9457 problem details; `errors` names every wrong field' })

/** The error answers every route may give. */
const problem = {
  description: 'What is wrong, and with which fields',
  content: { 'application/problem+json': { schema: Problem } },
}
export const problems = { '4xx': problem, '5xx': problem }

/** Answer that is a file or a stream of one of these media types. */
export const fileOf = (description: string, ...mediaTypes: string[]) => ({
  description,
  content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: z.string() }])),
})

export const IdParams = z.strictObject({ id: Id })

/** What a file is asked for with, to be kept on record. */
export const ExportGrounds = {
  purpose: z.string().trim().min(1).max(200).optional().meta({ description: 'What it is for; kept on record' }),
  recipient: z.string().trim().min(1).max(200).optional().meta({ description: 'Who gets it; kept on record' }),
}
