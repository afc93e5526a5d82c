import { audit, type Change } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/db/ids.ts'
import { ProblemError } from '../../platform/http/problem.ts'
import type { News, Occasion } from '../../platform/queue/news.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import { checkedIn, checkedOut } from './attendance.events.ts'
import type { Policies } from './attendance.judgement.ts'
import { type AttendanceRow, attendanceRepository, type DutyRow, type Source } from './attendance.repository.ts'
import { earlyExitMinutes, isLate, isLateEntry, lateMinutes } from './attendance.rules.ts'
import { markAt, type Part, partsOf, type SegmentKind } from './segments.rules.ts'

/** What is said to have happened, and by whom. */
export interface Fact {
  at: Date
  source: Source
  reason?: string | undefined
  /** What a presence begins as; as planned when left out. */
  kind?: SegmentKind | undefined
  /** The parts of a presence that ends, when somebody states them. */
  parts?: Omit<Part, 'cause'>[] | undefined
  /** Whoever leaves could stay on for the next shift. */
  stayOn?: boolean | undefined
}

export type Records = ReturnType<typeof createRecords>

export const attendanceChange = (
  action: string,
  attendanceId: string,
  duty: Pick<DutyRow, 'id' | 'unitId'>,
  { reason, facts = {} }: { reason?: string | undefined; facts?: Record<string, unknown> } = {},
): Change => ({
  action,
  subject: { type: 'attendance', id: attendanceId },
  unitId: duty.unitId,
  reason,
  facts: { assignmentId: duty.id, ...facts },
})

/** The only writer of attendances, marks and segments but for corrections. Callers have locked the duties and judged. */
export function createRecords({ news, assignments }: { news: News; assignments: Assignments }) {
  const changeOf = (action: string, row: AttendanceRow, duty: DutyRow, { at, reason }: Fact, more = {}): Change =>
    attendanceChange(action, row.id, duty, { reason, facts: { at: at.toISOString(), ...more } })

  async function close(occasion: Occasion, duty: DutyRow, fact: Fact, policies: Policies): Promise<AttendanceRow> {
    const { tx, actor, now } = occasion
    const repository = attendanceRepository(tx)
    const id = duty.attendanceId!
    const enteredLateBy = [...new Set([...(duty.enteredLateBy ?? []), ...lateBy(occasion, duty, fact, policies)])]
    const vouches = fact.source === 'api' && !enteredLateBy.includes(actor.id)
    const row = await repository.closeAttendance(id, {
      checkedOutAt: fact.at,
      outSource: fact.source,
      earlyExitMinutes: earlyExitMinutes(duty, fact.at),
      stayOn: fact.stayOn ?? false,
      enteredLateBy,
      ...(vouches ? { verifiedBy: actor.id, verifiedAt: now } : {}),
    })
    assertAll(row ? [row] : [], [id])
    const marks = (await repository.marksOf([id])).get(id) ?? []
    const parts: (Omit<Part, 'cause'> & Partial<Part>)[] =
      fact.parts ?? partsOf({ startsAt: row!.checkedInAt, endsAt: fact.at }, marks)
    await repository.insertSegments(
      parts.map((part) => ({ ...part, id: newId(), attendanceId: id, source: fact.source })),
    )
    return row!
  }

  return {
    async arrive(occasion: Occasion, duties: DutyRow[], fact: Fact, policies: Policies) {
      const { tx, actor, now } = occasion
      const repository = attendanceRepository(tx)
      const ids = duties.map((duty) => duty.id)
      const moved = await assignments.move(occasion, { ids, from: ['confirmed'], to: 'serving', reason: fact.reason })
      assertAll(moved, ids)
      const rows = await repository.insertAttendances(
        duties.map((duty) => ({
          assignmentId: duty.id,
          checkedInAt: fact.at,
          inSource: fact.source,
          lateMinutes: lateMinutes(duty, fact.at),
          enteredLateBy: lateBy(occasion, duty, fact, policies),
        })),
      )
      const byId = new Map(duties.map((duty) => [duty.id, duty]))
      const kindOf = (row: AttendanceRow) => fact.kind ?? byId.get(row.assignmentId)!.plannedKind
      const marked = rows.filter((row) => kindOf(row) !== 'active')
      await repository.putMarks(marked.map((row) => ({ attendanceId: row.id, at: fact.at, kind: kindOf(row) })))
      const changes = rows.map((row) => {
        const duty = byId.get(row.assignmentId)!
        const kind = kindOf(row)
        const late = isLate(duty, fact.at, policies(duty))
        return changeOf('attendance.checked-in', row, duty, fact, { late, lateMinutes: row.lateMinutes, kind })
      })
      await audit(tx, actor, now, ...changes)
      await news.record(checkedIn, { attendanceIds: rows.map((row) => row.id) }, occasion)
    },

    /**
     * A check-out that an organizer enters in time also verifies the presence; who leaves by link vouches for nobody, nor
     * does who enters it late. Answers with the duties that are verified by it.
     */
    async leave(occasion: Occasion, duties: DutyRow[], fact: Fact, policies: Policies): Promise<DutyRow[]> {
      const { tx, actor, now } = occasion
      const closed: AttendanceRow[] = []
      for (const duty of duties) closed.push(await close(occasion, duty, fact, policies))
      const ids = duties.map((duty) => duty.id)
      const moved = await assignments.move(occasion, { ids, from: ['serving'], to: 'completed', reason: fact.reason })
      assertAll(moved, ids)
      const byId = new Map(duties.map((duty) => [duty.id, duty]))
      const changes = closed.map((row) =>
        changeOf('attendance.checked-out', row, byId.get(row.assignmentId)!, fact, {
          verified: row.verifiedBy !== null,
          earlyExitMinutes: row.earlyExitMinutes,
          ...(row.stayOn ? { stayOn: true } : {}),
        }),
      )
      await audit(tx, actor, now, ...changes)
      await news.record(checkedOut, { attendanceIds: closed.map((row) => row.id) }, occasion)
      return closed.filter((row) => row.verifiedBy !== null).map((row) => byId.get(row.assignmentId)!)
    },

    /** From now on the time counts as another kind, as when a standby is activated. */
    async mark(occasion: Occasion, duty: DutyRow, fact: Fact & { kind: SegmentKind }, policies: Policies) {
      const { tx, actor, now } = occasion
      const { at, kind, reason, source } = fact
      const repository = attendanceRepository(tx)
      await repository.putMarks([{ attendanceId: duty.attendanceId!, at, kind }])
      for (const by of lateBy(occasion, duty, fact, policies)) await repository.noteLateEntry(duty.attendanceId!, by)
      const facts = { at: at.toISOString(), kind, source }
      await audit(tx, actor, now, attendanceChange('attendance.marked', duty.attendanceId!, duty, { reason, facts }))
    },

    /** No relief came: from `from` on the time of these people stands by itself, whatever kind it is. */
    async runOn(occasion: Occasion, duties: DutyRow[], from: Date) {
      const { tx, actor, now } = occasion
      const repository = attendanceRepository(tx)
      const marks = await repository.marksOf(duties.map((duty) => duty.attendanceId!))
      const rows = duties.map((duty) => {
        const { kind } = markAt(marks.get(duty.attendanceId!) ?? [], from)
        return { attendanceId: duty.attendanceId!, at: from, kind, cause: 'relief-missing' as const }
      })
      await repository.putMarks(rows)
      const facts = { from: from.toISOString() }
      const changes = duties.map((duty) => attendanceChange('attendance.runs-on', duty.attendanceId!, duty, { facts }))
      await audit(tx, actor, now, ...changes)
    },

    /** Relief came after all: what follows is the handing over. Relief that had come in time leaves no trace. */
    async relieve(occasion: Occasion, duties: DutyRow[], { from, at }: { from: Date; at: Date }) {
      const { tx, actor, now } = occasion
      const repository = attendanceRepository(tx)
      const ids = duties.map((duty) => duty.attendanceId!)
      if (at <= from) await repository.dropMarks(ids, 'relief-missing')
      else {
        const handingOver = { at, kind: 'handover' as const, cause: 'relief-came' as const }
        await repository.putMarks(ids.map((attendanceId) => ({ attendanceId, ...handingOver })))
      }
      const facts = { at: at.toISOString() }
      const changes = duties.map((duty) => attendanceChange('attendance.relieved', duty.attendanceId!, duty, { facts }))
      await audit(tx, actor, now, ...changes)
    },
  }
}

/** The key that enters it so late that another one has to vouch for it. */
const lateBy = ({ actor, now }: Occasion, duty: DutyRow, { source }: Fact, policies: Policies): string[] =>
  source === 'api' && isLateEntry(duty, now, policies(duty)) ? [actor.id] : []

/** Nothing is half written: when one of them slipped away, the whole transaction goes back. */
function assertAll(done: unknown[], asked: unknown[]): void {
  if (done.length === asked.length) return
  throw new ProblemError(409, 'changed-meanwhile', 'A duty among these has changed meanwhile. Maybe read them again.')
}
