import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import { barChart, lineChart } from '../../platform/files/chart.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Hours } from '../hours/hours.service.ts'
import { daysSpanned, everyDay, hoursOf, largest, type Sum } from './hours-charts.rules.ts'
import type { ChartBy, ChartQuery } from './hours-charts.schemas.ts'
import { TEXTS } from './hours-charts.texts.ts'

export type HoursCharts = ReturnType<typeof createHoursCharts>
type Query = z.output<typeof ChartQuery>

/** More bars or days than these are not read by anybody. */
const MOST_BARS = 20
const MOST_DAYS = 400
const PAGE = 500

/** Small pictures of what the ledger sums up to; the figures are those of the summary. */
export function createHoursCharts({ hours }: { hours: Hours }) {
  async function allSums(actor: Actor, by: Exclude<ChartBy, 'day'>, { lang: _, ...filter }: Query): Promise<Sum[]> {
    const sums: Sum[] = []
    let cursor: string | undefined
    do {
      const page = await hours.summary(actor, { ...filter, by, sort: 'name', limit: PAGE, cursor })
      sums.push(...page.items)
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    return sums
  }

  const frameOf = (by: ChartBy, { lang, from, to }: Query, sums: readonly { minutes: number }[]) => ({
    id: `hours-by-${by}`,
    title: TEXTS[lang].title[by],
    description: TEXTS[lang].description({
      shown: sums.length,
      hours: hoursOf(sums.reduce((all, one) => all + one.minutes, 0)).toFixed(2),
      from,
      to,
    }),
  })

  async function bars(actor: Actor, by: Exclude<ChartBy, 'day'>, query: Query): Promise<string> {
    const texts = TEXTS[query.lang]
    const sums = await allSums(actor, by, query)
    return barChart(
      frameOf(by, query, sums),
      [texts.daytime, texts.night],
      largest(sums, MOST_BARS, texts.others).map(({ name, minutes, nightMinutes }) => ({
        label: name,
        values: [hoursOf(minutes - nightMinutes), hoursOf(nightMinutes)],
      })),
    )
  }

  async function days(actor: Actor, { lang, ...filter }: Query): Promise<string> {
    const texts = TEXTS[lang]
    const sums = await hours.summaryByDay(actor, filter)
    if (daysSpanned(sums, filter.from, filter.to) > MOST_DAYS) {
      const found = findings()
      found.add('/query/from', 'period-too-long', `A chart shows ${MOST_DAYS} days at most. Maybe a shorter period?`)
      found.throwIfAny()
    }
    const all = everyDay(sums, filter.from, filter.to)
    return lineChart(
      frameOf('day', { lang, ...filter }, all),
      all.map(({ day }) => day.slice(5)),
      [
        { name: texts.served, values: all.map((one) => hoursOf(one.minutes)) },
        { name: texts.planned, values: all.map((one) => hoursOf(one.plannedMinutes)) },
      ],
    )
  }

  return {
    draw: (actor: Actor, by: ChartBy, query: Query): Promise<string> =>
      by === 'day' ? days(actor, query) : bars(actor, by, query),
  }
}
