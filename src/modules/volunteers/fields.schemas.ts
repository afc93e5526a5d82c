import { z } from 'zod'
import { Instant, LocalDate } from '../../platform/http/schemas.ts'

const EARLIEST = '1900-01-01'
const LATEST = '2200-01-01'

/** One line of text without control characters. */
export const Line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, { error: 'must not contain control characters' })

const isSane = (text: string) => text >= EARLIEST && text < LATEST
const insane = { error: `must lie between ${EARLIEST} and ${LATEST}`, params: { code: 'date-out-of-range' } }

/** A calendar date that a person of our time can mean. */
export const Day = LocalDate.refine(isSane, insane)
export const Moment = Instant.refine(isSane, insane)

/** A yes or no in a query. */
export const Flag = z.enum(['true', 'false']).transform((word) => word === 'true')
