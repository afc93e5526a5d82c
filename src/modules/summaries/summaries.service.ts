import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { barChart } from '../../platform/files/chart.ts'
import type { Column, Row } from '../../platform/files/columns.ts'
import { writeCsv } from '../../platform/files/csv-write.ts'
import { writeJsonLines } from '../../platform/files/jsonl-write.ts'
import { writeXlsx } from '../../platform/files/xlsx-write.ts'
import { type Keyset, keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { membershipsRepository } from '../echelons/memberships.repository.ts'
import { membershipsWithin } from '../echelons/memberships.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { DEFAULT_POLICY } from '../organisation/organisation.rules.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { factsOf } from '../volunteers/volunteers.facts.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { type Scope, summariesRepository } from './summaries.repository.ts'
import { positionOf, standing, standingParts } from './summaries.rules.ts'
import type { ChartQuery, SummaryFileQuery, SummaryQuery } from './summaries.schemas.ts'
import { TEXTS } from './summaries.texts.ts'
import type { Group, StandingPart, SummaryRow } from './summaries.types.ts'

export type Summaries = ReturnType<typeof createSummaries>

const PAGE = 500
const MOST_BARS = 20
const MINUTE_MS = 60_000
const unique = (ids: string[]) => [...new Set(ids)]
const hours = (minutes: number) => (minutes / 60).toFixed(2)
const NAMES = {
  person: { name: volunteers.sortName, id: volunteers.id },
  unit: { name: units.name, id: units.id },
  post: { name: posts.name, id: posts.id },
} as const

type Wanted = Pick<z.output<typeof SummaryQuery>, 'from' | 'to' | 'unitId' | 'personClass' | 'postId'>
type Grouping = Pick<z.output<typeof SummaryQuery>, 'by' | 'echelonSetId' | 'period'>

const TEXT_COLUMNS = ['name', 'fairShare', 'id']
const DISTANCES = [
  'nightsAbove',
  'weekendDutiesAbove',
  'holidayDutiesAbove',
  'shortNoticeAbove',
  'dutiesAbove',
] as const
const DECIMAL_COLUMNS = ['creditedHours', ...DISTANCES]
const ONLY_OF_PEOPLE: readonly string[] = [...DISTANCES, 'fairShare']

/** What people, units, echelons, posts and periods have to show: hours and duties, and what did not come about. */
export function createSummaries({ db, clock, organisation }: Foundations & { organisation: Organisation }) {
  const repository = summariesRepository(db)

  async function scopeOf(actor: Actor, wanted: Wanted): Promise<Scope> {
    const found = findings()
    const unit = wanted.unitId ? await organisationRepository(db).findUnit(wanted.unitId) : undefined
    if (wanted.unitId && !(unit && covers(actor, unit.path))) {
      found.add('/query/unitId', 'unit-unknown', `There is no unit ${wanted.unitId} that you may see.`)
    }
    found.throwIfAny()
    const unitPath = unit?.path ?? actor.unitPath
    const policy = unitPath === '/' ? DEFAULT_POLICY : await organisation.policyOf({ path: unitPath })
    const { from, to, personClass, postId } = wanted
    const { lateCancellationMinutes } = policy
    return { actorPath: actor.unitPath, unitPath, from, to, personClass, postId, lateCancellationMinutes }
  }

  async function echelons(actor: Actor, scope: Scope, setId: string): Promise<SummaryRow[]> {
    const [set] = await membershipsRepository(db).sets([setId])
    const found = findings()
    if (!set || !covers(actor, set.unitPath)) {
      found.add('/query/echelonSetId', 'echelon-set-unknown', `There is no echelon set ${setId} that you may see.`)
    }
    found.throwIfAny()
    const members = await membershipsWithin(db, [setId], scope.from, scope.to)
    return repository.byEchelon(
      scope,
      setId,
      members.map(({ echelonId, volunteerId, fromOn, toOn }) => ({
        echelonId,
        volunteerId,
        fromOn: fromOn ?? scope.from,
        toOn: toOn ?? scope.to,
      })),
    )
  }

  function view({ share, sortKey: _, ...row }: SummaryRow, lang: Locale) {
    const position = share && positionOf(row, share)
    const texts = TEXTS[lang]
    return {
      ...row,
      creditedHours: hours(row.creditedMinutes),
      fairShare: position ? { ...position, text: texts.standing(standing(position)) } : null,
    }
  }

  /** What people on a page, and those they are compared with, could have served by what they offered. */
  async function standingOn(scope: Scope, place: Keyset): Promise<StandingPart[]> {
    const people = await repository.withAvailability(scope, place)
    const served = people.length > 0 ? await repository.servedTimes(scope, unique(people.map((one) => one.unitId))) : []
    if (served.length === 0) return []
    const window = {
      from: new Date(served.reduce((first, { start }) => Math.min(first, start), Number.POSITIVE_INFINITY) * MINUTE_MS),
      to: new Date(served.reduce((last, { end }) => Math.max(last, end), 0) * MINUTE_MS),
    }
    const facts = await factsOf(
      db,
      people.map((one) => one.id),
      window,
    )
    const minute = (instant: Date) => instant.getTime() / MINUTE_MS
    const availabilityOf = (id: string) =>
      facts.get(id)!.availability.map(({ kind, startsAt, endsAt }) => ({
        ...{ kind, start: minute(startsAt), end: minute(endsAt) },
      }))
    return standingParts(
      people.map((one) => ({ ...one, availability: availabilityOf(one.id) })),
      served,
    )
  }

  /** Groups of which there are few come as one page. */
  async function page(
    actor: Actor,
    scope: Scope,
    { by, echelonSetId, period }: Grouping,
    request: { limit: number; cursor?: string | undefined; sort: string },
  ) {
    if (by === 'period') return { items: await repository.byPeriod(scope, period), nextCursor: null }
    if (by === 'echelon') return { items: await echelons(actor, scope, echelonSetId!), nextCursor: null }
    const { name, id } = NAMES[by]
    const place = keyset(request, { name }, id)
    const rows =
      by === 'person'
        ? await repository.byPerson(scope, place, await standingOn(scope, place))
        : await { unit: repository.byUnit, post: repository.byPost }[by](scope, place)
    return toPage(
      request,
      rows,
      (row) => row.sortKey,
      (row) => row,
    )
  }

  async function* all(actor: Actor, wanted: Wanted & Grouping): AsyncGenerator<SummaryRow> {
    const scope = await scopeOf(actor, wanted)
    let cursor: string | undefined
    do {
      const next = await page(actor, scope, wanted, { limit: PAGE, cursor, sort: 'name' })
      yield* next.items
      cursor = next.nextCursor ?? undefined
    } while (cursor)
  }

  const columnsOf = (by: Group, lang: Locale): Column[] =>
    Object.entries(TEXTS[lang].columns)
      .filter(([key]) => by === 'person' || !ONLY_OF_PEOPLE.includes(key))
      .map(([key, header]) => ({
        key,
        header: key === 'name' ? TEXTS[lang].groups[by] : header,
        type: TEXT_COLUMNS.includes(key) ? 'text' : DECIMAL_COLUMNS.includes(key) ? 'decimal' : 'integer',
      }))

  async function* fileRows(rows: AsyncIterable<SummaryRow>, lang: Locale): AsyncGenerator<Row> {
    for await (const row of rows) {
      const { fairShare, ...rest } = view(row, lang)
      const distances = Object.fromEntries(DISTANCES.map((key) => [key, fairShare?.[key]]))
      yield { ...rest, ...distances, fairShare: fairShare?.text }
    }
  }

  return {
    async summarize(actor: Actor, query: z.output<typeof SummaryQuery>) {
      const { items, nextCursor } = await page(actor, await scopeOf(actor, query), query, query)
      return { items: items.map((row) => view(row, 'en')), nextCursor }
    },

    async exportSummary(actor: Actor, query: z.output<typeof SummaryFileQuery>) {
      await scopeOf(actor, query)
      await audit(db, actor, clock.now(), {
        action: 'summary.exported',
        subject: { type: 'api-key', id: actor.id },
        facts: { ...query },
      })
      const { by, format, lang } = query
      const columns = columnsOf(by, lang)
      const rows = fileRows(all(actor, query), lang)
      const body = {
        csv: () => writeCsv(columns, rows),
        xlsx: () => writeXlsx(TEXTS[lang].sheet, columns, rows),
        jsonl: () => writeJsonLines(columns, rows),
      }[format]()
      return { body, name: `summary-by-${by}_${query.from}_${query.to}.${format}`, format }
    },

    async draw(actor: Actor, by: Group, query: z.output<typeof ChartQuery>): Promise<string> {
      const { lang, figure, from, to } = query
      const texts = TEXTS[lang]
      const figureOf = (row: SummaryRow) => (figure === 'hours' ? row.creditedMinutes / 60 : row[figure])
      const bars: { label: string; value: number }[] = []
      for await (const row of all(actor, { ...query, by }))
        bars.push({ label: row.name, value: Math.max(0, figureOf(row)) })
      const sorted = by === 'period' ? bars : bars.toSorted((a, b) => b.value - a.value)
      const shown = sorted.slice(0, MOST_BARS)
      const rest = sorted.slice(MOST_BARS)
      if (rest.length > 0) {
        shown.push({ label: texts.others(rest.length), value: rest.reduce((sum, one) => sum + one.value, 0) })
      }
      return barChart(
        {
          id: `${figure}-by-${by}`,
          title: texts.title(texts.groups[by], texts.figures[figure]),
          description: texts.description(bars.length, from, to),
        },
        [texts.figures[figure]],
        shown.map(({ label, value }) => ({ label, values: [value] })),
      )
    },
  }
}
