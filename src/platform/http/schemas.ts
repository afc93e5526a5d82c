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
export const Name = z.string().trim().min(1).max(200)
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
export const problems = { '4xx': Problem, '5xx': Problem }

export const IdParams = z.strictObject({ id: Id })
