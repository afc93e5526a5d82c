import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { findings } from '../../platform/http/problem.ts'
import type { DutyCalendar } from '../../time/portions.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { readHolidays } from './holidays.import.ts'
import { holidaysRepository, type Span } from './holidays.repository.ts'
import { type CalendarPolicy, calendarOf, effectiveDays, type NamedDay } from './holidays.rules.ts'
import type { HolidayImportQuery, HolidayYear } from './holidays.schemas.ts'

export type Holidays = ReturnType<typeof createHolidays>

const spanOf = (year: number): Span => ({ from: `${year}-01-01`, to: `${year + 1}-01-01` })
const yearOf = ({ day }: NamedDay) => Number(day.slice(0, 4))

/**
 * Which days are holidays, and which days of a weekend are worked instead, by unit and year. Promises: a unit's table
 * holds for all below it unless one of them says otherwise, and nothing is ever derived from the weekday alone.
 */
export function createHolidays({ db, clock, organisation }: Foundations & { organisation: Organisation }) {
  async function show(handle: Handle, unit: { id: string; path: string }, year: number) {
    const days = await holidaysRepository(handle).daysAbove([unit.path], spanOf(year))
    const said = ({ day, kind, name }: NamedDay) => ({ day, kind, name })
    return {
      unitId: unit.id,
      year,
      own: days.filter((one) => one.unitId === unit.id).map(said),
      effective: effectiveDays(days, unit.path).map((one) => ({ ...said(one), unitId: one.unitId })),
    }
  }

  async function write(tx: Tx, actor: Actor, unitId: string, year: number, days: readonly NamedDay[]) {
    const now = clock.now()
    await holidaysRepository(tx).replace(unitId, spanOf(year), days, now)
    await audit(tx, actor, now, {
      action: 'holidays.replaced',
      subject: { type: 'unit', id: unitId },
      unitId,
      facts: { year, days: days.length },
    })
  }

  return {
    async showYear(actor: Actor, unitId: string, year: number) {
      return show(db, await organisation.getUnit(actor, unitId), year)
    },

    /** Puts a year's table in the place of the one before. Hours that are booked already stay as they are. */
    async replaceYear(actor: Actor, unitId: string, year: number, { days }: z.output<typeof HolidayYear>) {
      const found = findings()
      for (const [index, one] of days.entries()) {
        const pointer = `/body/days/${index}/day`
        if (yearOf(one) !== year) found.add(pointer, 'another-year', `${one.day} is not in ${year}.`)
        if (days.findIndex((other) => other.day === one.day) !== index)
          found.add(pointer, 'day-twice', `${one.day} stands in this list twice.`)
      }
      found.throwIfAny()
      return db.transaction(async (tx) => {
        const unit = await organisation.getUnit(actor, unitId, tx)
        await write(tx, actor, unitId, year, days)
        return show(tx, unit, year)
      })
    },

    /** Reads a file; writes the years it speaks of, all or nothing, when asked to and when no row is wrong. */
    async importFile(
      actor: Actor,
      unitId: string,
      { mode }: z.output<typeof HolidayImportQuery>,
      upload: AsyncIterable<Uint8Array>,
    ) {
      await organisation.getUnit(actor, unitId)
      const read = await readHolidays(upload)
      const years = [...new Set(read.days.map(yearOf))]
      const written = mode === 'commit' && read.problems.length === 0 && read.days.length > 0
      if (written) {
        await db.transaction(async (tx) => {
          for (const year of years) {
            const days = read.days.filter((one) => yearOf(one) === year)
            await write(tx, actor, unitId, year, days)
          }
        })
      }
      return { ...read, mode, years, written }
    },

    /** What night, weekend and holiday mean at each of these units, for the days of the span. */
    async calendarsAt(handle: Handle, policies: ReadonlyMap<string, CalendarPolicy>, span: Span) {
      const days = await holidaysRepository(handle).daysAbove([...policies.keys()], span)
      return new Map<string, DutyCalendar>(
        [...policies].map(([path, policy]) => [path, calendarOf(days, path, policy)]),
      )
    },
  }
}
