import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { findings } from '../../platform/http/problem.ts'
import { addLocalDays, instantToWall } from '../../time/zones.ts'
import { toMinute } from '../attendance/attendance.rules.ts'
import type { UnitRow } from '../organisation/organisation.repository.ts'
import { streamCoverage } from './coverage.stream.ts'
import { createOpening, type DutyFile } from './duty-files.opening.ts'
import { TEXTS as WORDS } from './duty-files.texts.ts'
import {
  coverageColumns,
  coverageRow,
  dayKeys,
  legendOf,
  monthColumns,
  monthRow,
  notesOf,
} from './duty-sheets.files.ts'
import type { CoverageQuery, MonthSheetQuery } from './duty-sheets.schemas.ts'
import { TEXTS } from './duty-sheets.texts.ts'
import type { CoverageRecord, MonthRecord } from './duty-sheets.types.ts'
import { streamMonth } from './month-sheet.stream.ts'

export type DutySheets = ReturnType<typeof createDutySheets>

type Looks = Pick<z.output<typeof CoverageQuery>, 'format' | 'lang'>

/** What was planned against what came about: post by post, and person by person. */
export function createDutySheets(foundations: Foundations) {
  const { clock } = foundations
  const opening = createOpening(foundations)

  const tellersOf = ({ format, lang }: Looks) => ({ lang, plain: format === 'jsonl' })

  /** What a sheet says of itself. */
  function about(unit: UnitRow | undefined, { lang }: Looks, fromOn: string, toOn: string, filter: object) {
    const zone = unit?.zone ?? 'UTC'
    const set = Object.entries(filter).filter(([, value]) => value !== undefined)
    return {
      unit: unit?.name ?? '',
      period: WORDS[lang].period(fromOn, addLocalDays(toOn, -1)),
      made: `${instantToWall(clock.now(), zone).replace('T', ' ')} ${zone}`,
      filter: set.map(([key, value]) => `${key}=${value}`).join(' '),
    }
  }

  return {
    /** Shift by shift: the seats that were wanted, held and staffed, and the minutes that nobody covered. */
    async openCoverage(actor: Actor, query: z.output<typeof CoverageQuery>, gone: AbortSignal): Promise<DutyFile> {
      const found = findings()
      const unit = await opening.findUnit(actor, query.unitId, found)
      const columns = coverageColumns({ ...query, columns: query.columns }, found)
      found.throwIfAny()
      const { from, to, postId, lang } = query
      const now = toMinute(clock.now())
      const unitPath = unit?.path ?? actor.unitPath
      const said = about(unit, query, from, to, { postId })
      const view: (line: CoverageRecord) => ReturnType<ReturnType<typeof coverageRow>> = coverageRow(tellersOf(query))
      const file = {
        name: `coverage_${from}_${to}`,
        title: TEXTS[lang].coverage.title,
        subtitle: `${said.unit} ${said.period}`,
        columns,
        source: streamCoverage({ actorPath: actor.unitPath, unitPath, fromOn: from, toOn: to, postId, now }),
        view,
        notes: notesOf(lang, 'coverage', said),
      }
      return opening.open(actor, { unit, form: query, query, action: 'coverage.exported' }, file, gone)
    },

    /** One line a person: a mark for each day of the month, and what the ledger has of it. */
    async openMonthSheet(actor: Actor, query: z.output<typeof MonthSheetQuery>, gone: AbortSignal): Promise<DutyFile> {
      const { month, personClass, everybody, lang } = query
      const fromOn = `${month}-01`
      const toOn = `${addLocalDays(fromOn, 31).slice(0, 7)}-01`
      const found = findings()
      const unit = await opening.findUnit(actor, query.unitId, found)
      const columns = monthColumns({ ...query, columns: query.columns }, dayKeys(fromOn, toOn), found)
      found.throwIfAny()
      const unitPath = unit?.path ?? actor.unitPath
      const scope = { actorPath: actor.unitPath, unitPath, fromOn, toOn, personClass, everybody, now: clock.now() }
      const said = about(unit, query, fromOn, toOn, { personClass, everybody })
      const view: (person: MonthRecord) => ReturnType<ReturnType<typeof monthRow>> = monthRow(
        tellersOf(query),
        query.format === 'pdf' ? '\n' : undefined,
      )
      const file = {
        name: `monthly-attendance_${month}`,
        title: TEXTS[lang].month.title,
        subtitle: `${said.unit} ${said.period}`,
        columns,
        source: streamMonth(scope),
        view,
        facts: [legendOf(lang)],
        notes: notesOf(lang, 'month', said),
      }
      return opening.open(actor, { unit, form: query, query, action: 'monthly-attendance.exported' }, file, gone)
    },
  }
}
