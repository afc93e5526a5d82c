import { z } from 'zod'
import { Filter, GROUPS, LANGUAGES } from '../hours/hours.schemas.ts'

export const ChartParams = z.strictObject({ by: z.enum([...GROUPS, 'day']) })
export type ChartBy = z.output<typeof ChartParams>['by']

export const ChartQuery = Filter.safeExtend({ lang: z.enum(LANGUAGES).default('zh') })
