import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import { type RosterAt, rostersRepository } from '../rosters/rosters.repository.ts'
import { attendanceSheetPdf } from './attendance-sheet.ts'
import { type PrintedRoster, rosterPdf, rosterXlsx } from './roster-files.documents.ts'
import { rosterFileProblems } from './roster-files.problems.ts'
import { rosterFilesRepository } from './roster-files.repository.ts'
import type { RosterFileQuery, SheetQuery } from './roster-files.schemas.ts'

export type RosterFiles = ReturnType<typeof createRosterFiles>
export interface SentFile {
  body: Readable
  name: string
  type: string
}

export const PDF = 'application/pdf'
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Rosters and lists on paper, for those who stand at a post without a screen. */
export function createRosterFiles({ db, clock }: Foundations) {
  const repository = rosterFilesRepository(db)

  async function readVersion(roster: RosterAt, number: number, now: Date): Promise<PrintedRoster> {
    const version = await rostersRepository(db).findVersion(roster.id, number)
    if (!version) throw rosterFileProblems.versionUnknown(roster.id, number)
    return { roster, version, seats: await repository.versionSeats(roster, version.id), now }
  }

  async function readDraft(roster: RosterAt, now: Date): Promise<PrintedRoster> {
    if (roster.state !== 'draft') throw rosterFileProblems.noDraft(roster.state)
    return { roster, version: undefined, seats: await repository.draftSeats(roster, now), now }
  }

  return {
    /** The duty roster as a file; what is wrong is told before the first byte. */
    async openRoster(actor: Actor, id: string, query: z.output<typeof RosterFileQuery>): Promise<SentFile> {
      const now = clock.now()
      const roster = await rostersRepository(db).findRoster(id)
      assertCovers(actor, roster?.unitPath, () => rosterFileProblems.rosterUnknown(id))
      const wanted = query.version ?? (roster!.publishedVersion || 'draft')
      const printed = await (wanted === 'draft' ? readDraft(roster!, now) : readVersion(roster!, wanted, now))
      await audit(db, actor, now, {
        action: 'roster.exported',
        subject: { type: 'roster', id },
        unitId: roster!.unitId,
        facts: { ...query, version: wanted, rows: printed.seats.length },
      })
      const mark = wanted === 'draft' ? 'DRAFT' : `v${wanted}`
      const name = `roster_${roster!.fromOn}_${roster!.toOn}_${mark}.${query.format}`
      return query.format === 'pdf'
        ? { body: rosterPdf(printed, query.lang), name, type: PDF }
        : { body: rosterXlsx(printed, query.lang), name, type: XLSX }
    },

    /** The list of one shift to sign by hand. */
    async openAttendanceSheet(actor: Actor, shiftId: string, query: z.output<typeof SheetQuery>): Promise<SentFile> {
      const now = clock.now()
      const found = await repository.findShift(shiftId)
      assertCovers(actor, found?.unitPath, () => rosterFileProblems.shiftUnknown(shiftId))
      const seats = await repository.shiftSeats(shiftId)
      await audit(db, actor, now, {
        action: 'shift.sheet-exported',
        subject: { type: 'shift', id: shiftId },
        unitId: found!.unitId,
      })
      const name = `attendance_${found!.shift.startLocal.replace(/[T:]/g, '-')}.pdf`
      return { body: attendanceSheetPdf(found!, seats, query.lang, now), name, type: PDF }
    },
  }
}
