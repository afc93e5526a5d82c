import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Id, Instant, LocalDate, Zone } from '../../platform/http/schemas.ts'
import { Length, LocalDateTime } from '../../platform/http/time-schemas.ts'
import { nominalMinutes, parseLength } from '../../time/lengths.ts'
import { localDaysBetween } from '../../time/zones.ts'

const SHORTEST_MINUTES = 60
const LONGEST_DAYS = 366

export const NewPattern = z.strictObject({
  effectiveFrom: Day.meta({ description: 'Holds from the midnight of this day on, until the next pattern' }),
  anchorLocal: LocalDateTime.meta({ description: 'Local start of a turn of the first echelon in `order`' }),
  zone: Zone.optional().meta({ description: "The unit's when left out" }),
  period: Length.refine((text) => !parseLength(text).ok || nominalMinutes(text) >= SHORTEST_MINUTES, {
    error: 'A turn takes an hour or longer.',
    params: { code: 'period-too-short' },
  }).meta({ description: 'Length of one turn by the wall clock', example: 'P1D' }),
  order: z
    .array(Id)
    .min(1)
    .max(100)
    .meta({ description: 'Echelon ids in the order of their turns; one may come more than once' }),
})

export const Pattern = z
  .object({
    id: Id,
    setId: Id,
    effectiveFrom: LocalDate,
    anchorLocal: z.string(),
    zone: z.string(),
    period: z.string(),
    order: z.array(Id),
    createdAt: Instant,
  })
  .meta({ id: 'RotationPattern' })
export const PatternList = z.strictObject(pageQuery(['effectiveFrom']))
export const PatternPage = pageOf(Pattern)

export const TurnList = z
  .strictObject({
    from: Day,
    to: Day.meta({ description: `First day no longer asked for, at most ${LONGEST_DAYS} days later` }),
  })
  .check(({ value, issues }) => {
    const add = (code: string, message: string) =>
      issues.push({ code: 'custom', input: value.to, path: ['to'], message, params: { code } })
    if (value.to <= value.from) add('ends-before-start', 'does not come after from')
    else if (localDaysBetween(value.from, value.to) > LONGEST_DAYS) {
      add('window-too-long', `lies more than ${LONGEST_DAYS} days after from`)
    }
  })

export const Turns = z
  .object({
    items: z.array(
      z.object({
        startLocal: z.string(),
        endLocal: z.string(),
        zone: z.string(),
        startsAt: Instant,
        endsAt: Instant,
        echelonId: Id,
        echelonName: z.string(),
      }),
    ),
  })
  .meta({ id: 'Turns', description: 'Turns that touch the days asked for, in order' })
