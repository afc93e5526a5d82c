import { z } from 'zod'
import { Id, Instant, Moment } from '../../platform/http/schemas.ts'

const LONGEST_DAYS = 366

export const LatencyQuery = z
  .strictObject({
    from: Moment,
    to: Moment.meta({ description: 'First instant that no longer belongs to it' }),
    unitId: Id.optional().meta({ description: 'This unit and all below it' }),
    channel: z.string().max(40).optional().meta({ description: 'Only what this channel was given last' }),
  })
  .refine(({ from, to }) => Date.parse(to) > Date.parse(from), {
    error: 'The period ends before it begins.',
    path: ['to'],
    params: { code: 'period-empty' },
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= LONGEST_DAYS * 86_400_000, {
    error: `At most ${LONGEST_DAYS} days at a time.`,
    path: ['to'],
    params: { code: 'period-too-long' },
  })

const Milliseconds = z.int().nullable().meta({ description: 'Milliseconds; null where nothing was taken' })

const figures = {
  due: z
    .int()
    .meta({ description: 'Messages that were wanted out in the period, but for tests and what was called off' }),
  taken: z.int().meta({ description: 'Those that a channel has taken; the times are theirs' }),
  waiting: z.int().meta({ description: 'Those that are still on their way' }),
  unknown: z.int().meta({ description: 'Those of which nobody knows whether a channel took them' }),
  failed: z.int().meta({ description: 'Those that no channel took' }),
  p50Ms: Milliseconds,
  p95Ms: Milliseconds,
  p99Ms: Milliseconds,
  maxMs: Milliseconds,
  overFiveMinutes: z.int().meta({ description: 'Taken after more than 5 minutes, or waiting for longer than that' }),
  shareOverFiveMinutes: z
    .number()
    .nullable()
    .meta({ description: 'Their share in those taken and waiting, from 0 to 1; null where there are none' }),
}

export const MessageLatency = z
  .object({
    from: Instant,
    to: Instant,
    total: z.object(figures),
    units: z.array(z.object({ unitId: Id, ...figures })).meta({
      description: 'By unit of the recipient; units without messages are left out',
    }),
  })
  .meta({ id: 'MessageLatency' })
