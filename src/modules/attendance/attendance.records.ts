import { audit, type Change } from '../../platform/audit/audit.ts'
import { ProblemError } from '../../platform/http/problem.ts'
import type { News, Occasion } from '../../platform/queue/news.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import { checkedOut } from './attendance.events.ts'
import { type AttendanceRow, attendanceRepository, type DutyRow, type Source } from './attendance.repository.ts'
import { isLate, lateMinutes } from './attendance.rules.ts'

/** What is said to have happened, and by whom. */
export interface Fact {
  at: Date
  source: Source
  reason?: string | undefined
}

export type Records = ReturnType<typeof createRecords>

/** The only writer of attendances and segments. Callers have locked the duties and found nothing wrong with them. */
export function createRecords({ news, assignments }: { news: News; assignments: Assignments }) {
  const changeOf = (action: string, row: AttendanceRow, duty: DutyRow, { at, reason }: Fact, more = {}): Change => ({
    action,
    subject: { type: 'attendance', id: row.id },
    unitId: duty.unitId,
    reason,
    facts: { assignmentId: duty.id, at: at.toISOString(), ...more },
  })

  return {
    async arrive(occasion: Occasion, duties: DutyRow[], fact: Fact, policies: Map<string, UnitPolicy>) {
      const { tx, actor, now } = occasion
      const ids = duties.map((duty) => duty.id)
      const moved = await assignments.move(occasion, { ids, from: ['confirmed'], to: 'serving', reason: fact.reason })
      assertAll(moved, ids)
      const rows = await attendanceRepository(tx).insertAttendances(ids, fact.at, fact.source)
      const byId = new Map(duties.map((duty) => [duty.id, duty]))
      const changes = rows.map((row) => {
        const duty = byId.get(row.assignmentId)!
        const late = isLate(duty, fact.at, policies.get(duty.unitPath)!)
        return changeOf('attendance.checked-in', row, duty, fact, {
          late,
          lateMinutes: lateMinutes(duty, fact.at),
        })
      })
      await audit(tx, actor, now, ...changes)
    },

    /** A check-out that an organizer enters also verifies the presence; who leaves by link vouches for nobody. */
    async leave(occasion: Occasion, duties: DutyRow[], fact: Fact) {
      const { tx, actor, now } = occasion
      const repository = attendanceRepository(tx)
      const verified = fact.source === 'api'
      const closed = await repository.closeAttendances(
        duties.map((duty) => duty.attendanceId!),
        {
          checkedOutAt: fact.at,
          outSource: fact.source,
          verifiedBy: verified ? actor.id : null,
          verifiedAt: verified ? now : null,
        },
      )
      await repository.insertSegments(
        closed.map((row) => ({
          attendanceId: row.id,
          kind: 'active' as const,
          startsAt: row.checkedInAt,
          endsAt: fact.at,
          source: fact.source,
        })),
      )
      const ids = duties.map((duty) => duty.id)
      assertAll(closed, ids)
      const moved = await assignments.move(occasion, { ids, from: ['serving'], to: 'completed', reason: fact.reason })
      assertAll(moved, ids)
      const byId = new Map(duties.map((duty) => [duty.id, duty]))
      const changes = closed.map((row) =>
        changeOf('attendance.checked-out', row, byId.get(row.assignmentId)!, fact, { verified }),
      )
      await audit(tx, actor, now, ...changes)
      await news.record(checkedOut, { attendanceIds: closed.map((row) => row.id) }, occasion)
    },
  }
}

/** Nothing is half written: when one of them slipped away, the whole transaction goes back. */
function assertAll(done: unknown[], asked: unknown[]): void {
  if (done.length === asked.length) return
  throw new ProblemError(409, 'changed-meanwhile', 'A duty among these has changed meanwhile. Maybe read them again.')
}
