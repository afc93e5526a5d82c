import { eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { shifts } from '../posts/posts.tables.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { createEntries } from './attendance.entries.ts'
import { readPolicies } from './attendance.judgement.ts'
import { createLinks } from './attendance.links.ts'
import { createRecords } from './attendance.records.ts'
import { attendanceRepository } from './attendance.repository.ts'
import { type AttendanceList, SHEET_STATES } from './attendance.schemas.ts'
import { attendances } from './attendance.tables.ts'
import { attendanceView } from './attendance.views.ts'
import { createWatch } from './attendance.watch.ts'
import { createCodes } from './codes.service.ts'
import { createCorrections } from './corrections.service.ts'
import { createFacts } from './facts.service.ts'

export type Attendance = ReturnType<typeof createAttendance>

export interface AttendanceDeps extends Foundations {
  organisation: Organisation
  assignments: Assignments
  notifications: Notifications
  address: { readonly publicUrl: string }
}

/**
 * What happened on duty, beside the plan. Promises: nobody is present at two posts at once, nobody leaves before coming,
 * every presence ends in complete segments that the ledger hears of, who does not come or does not leave is asked
 * after, and what is recorded is changed only by one person asking and another one agreeing.
 */
export function createAttendance(deps: AttendanceDeps) {
  const { db, news, organisation, assignments: writer, address } = deps
  const records = createRecords({ news, assignments: writer })
  const policiesOf = readPolicies(organisation)
  const entries = createEntries(deps, { records, policiesOf, assignments: writer, notifications: deps.notifications })
  const corrections = createCorrections(deps, deps)
  const links = createLinks(deps, { records, policiesOf, organisation, corrections })
  const codes = createCodes(deps, { links, address })

  /** Those of a shift who are on duty now. */
  const servingIn = async ({ tx }: Occasion, shiftId: string) =>
    (await attendanceRepository(tx).findDutiesOfShift(shiftId)).filter(
      (duty) => duty.state === 'serving' && duty.attendanceId !== null,
    )

  return {
    checkIn: entries.checkIn,
    checkOut: entries.checkOut,
    checkInMany: entries.checkInMany,
    checkOutMany: entries.checkOutMany,
    activate: entries.activate,
    verify: entries.verify,
    verifyMany: entries.verifyMany,
    noShow: entries.noShow,
    openLink: links.openLink,
    answerLink: links.answerLink,
    dispute: links.dispute,
    corrections,
    codes,
    ...createFacts(deps, { organisation }),
    ...createWatch(deps, { policiesOf, assignments: writer, notifications: deps.notifications }),
    forgetFailures: codes.forgetFailures,

    /** The time of a crew that is not relieved stands by itself from the planned end on. Answers how many they are. */
    async runOn(occasion: Occasion, shiftId: string, from: Date): Promise<number> {
      const crew = await servingIn(occasion, shiftId)
      await records.runOn(occasion, crew, from)
      return crew.length
    },

    /** Relief has come for a crew that was not relieved in time. */
    async relieve(occasion: Occasion, shiftId: string, when: { from: Date; at: Date }): Promise<void> {
      const crew = await servingIn(occasion, shiftId)
      await records.relieve(
        occasion,
        crew.filter((duty) => duty.runsOn),
        when,
      )
    },

    async list(actor: Actor, query: z.output<typeof AttendanceList>) {
      const { verified, stayOn, enteredLate } = query
      const conditions = [
        withinPath(actor.unitPath),
        query.state ? eq(assignments.state, query.state) : inArray(assignments.state, [...SHEET_STATES]),
        query.shiftId ? eq(assignments.shiftId, query.shiftId) : undefined,
        query.postId ? eq(shifts.postId, query.postId) : undefined,
        query.volunteerId ? eq(assignments.volunteerId, query.volunteerId) : undefined,
        query.day ? eq(shifts.localDay, query.day) : undefined,
        verified === undefined
          ? undefined
          : verified
            ? isNotNull(attendances.verifiedBy)
            : isNull(attendances.verifiedBy),
        enteredLate === undefined
          ? undefined
          : sql`coalesce(${attendances.enteredLateBy} <> '{}', false) = ${enteredLate}`,
        stayOn === undefined ? undefined : eq(attendances.stayOn, stayOn),
      ]
      const page = keyset(query, { startsAt: assignments.startsAt }, assignments.id)
      const repository = attendanceRepository(db)
      const rows = await repository.listDuties(conditions, page)
      const policies = await policiesOf(db, rows)
      const segments = await repository.segmentsOf(rows.flatMap((row) => row.attendanceId ?? []))
      const parts = Map.groupBy(segments, (part) => part.attendanceId)
      return toPage(
        query,
        rows,
        (row) => row.startsAt,
        (row) => attendanceView(row, policies(row), parts.get(row.attendanceId ?? '') ?? []),
      )
    },
  }
}
