import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit, type Change } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { attendanceCorrected } from './attendance.events.ts'
import { attendanceProblems } from './attendance.problems.ts'
import { attendanceRepository, type DutyRow } from './attendance.repository.ts'
import { earlyExitMinutes, lateMinutes } from './attendance.rules.ts'
import { attendanceCorrections } from './attendance.tables.ts'
import type { ProposedPresence } from './attendance.types.ts'
import { type CorrectionRow, correctionsRepository } from './corrections.repository.ts'
import { type CorrectionFault, completed, correctionFaults, presenceOf, stateAfter } from './corrections.rules.ts'
import type { AttendanceCorrectionList, NewCorrection } from './corrections.schemas.ts'
import { correctionView } from './corrections.views.ts'
import { markAt } from './segments.rules.ts'

export type Corrections = ReturnType<typeof createCorrections>

/** The step that leads to a state, where more than one is needed. */
const WAY_TO: Partial<Record<AssignmentState, AssignmentState[]>> = { confirmed: ['serving'] }

/**
 * What is recorded of a duty, changed by request and review. Promises: whoever asks never decides, what counted before
 * stays readable, and the ledger hears of every change.
 */
export function createCorrections(
  { db, clock, news }: Foundations,
  { assignments: writer, notifications }: { assignments: Assignments; notifications: Notifications },
) {
  const changeOf = (action: string, row: CorrectionRow, unitId: string, from?: string, reason?: string): Change => ({
    action: `attendance-correction.${action}`,
    subject: { type: 'attendance-correction', id: row.id },
    unitId,
    ...(from ? { from } : {}),
    to: row.state,
    reason,
    facts: { assignmentId: row.assignmentId, kind: row.kind },
  })

  /** Makes the duty and its person wait for this transaction. */
  async function lockDuty(tx: Tx, assignmentId: string): Promise<DutyRow> {
    const repository = attendanceRepository(tx)
    const [seen] = await repository.findDuties([assignmentId])
    await repository.lock([seen!.volunteerId], [assignmentId])
    return (await repository.findDuties([assignmentId]))[0]!
  }

  async function faultsOf(
    tx: Tx,
    duty: DutyRow,
    { kind, proposed }: Pick<CorrectionRow, 'kind' | 'proposed'>,
    now: Date,
  ): Promise<CorrectionFault[]> {
    const since = proposed ? presenceOf(proposed).startsAt : duty.startsAt
    const presences = await attendanceRepository(tx).attendancesOf([duty.volunteerId], since)
    const others = presences
      .filter((one) => one.assignmentId !== duty.id)
      .map((one) => ({ startsAt: one.checkedInAt, endsAt: one.checkedOutAt ?? now, postName: one.postName }))
    return correctionFaults(duty, kind, proposed, { now, others })
  }

  /** What counts of a duty until now: its segments, or of a presence that lasts the marks. */
  async function knownParts(tx: Tx, { attendanceId, checkedInAt }: DutyRow) {
    if (!attendanceId || !checkedInAt) return []
    const repository = attendanceRepository(tx)
    const counting = await repository.segmentsOf([attendanceId])
    if (counting.length > 0) return counting
    const marks = (await repository.marksOf([attendanceId])).get(attendanceId) ?? []
    const since = marks.filter((mark) => mark.at > checkedInAt)
    return [{ at: checkedInAt, ...markAt(marks, checkedInAt) }, ...since].map(({ at, kind }) => ({
      startsAt: at,
      kind,
    }))
  }

  async function insert(
    occasion: Occasion,
    duty: DutyRow,
    wish: Pick<CorrectionRow, 'kind' | 'proposed' | 'reason' | 'requestedVia'>,
  ): Promise<CorrectionRow> {
    const { tx, actor, now } = occasion
    const row = await correctionsRepository(tx).insert({
      ...wish,
      id: newId(),
      assignmentId: duty.id,
      state: 'open',
      requestedBy: actor.id,
      createdAt: now,
    })
    await audit(tx, actor, now, changeOf('requested', row, duty.unitId, undefined, row.reason))
    await notifications.notify(occasion, [
      {
        unitId: duty.unitId,
        template: 'correction-requested',
        subjectId: row.id,
        purpose: `correction-requested:${row.id}`,
      },
    ])
    return row
  }

  async function recordPresence(occasion: Occasion, duty: DutyRow, row: CorrectionRow, proposed: ProposedPresence) {
    const { tx, actor, now } = occasion
    const repository = correctionsRepository(tx)
    const { startsAt, endsAt } = presenceOf(proposed)
    const attendanceId = await repository.putAttendance({
      assignmentId: duty.id,
      checkedInAt: startsAt,
      checkedOutAt: endsAt,
      inSource: 'correction',
      outSource: 'correction',
      lateMinutes: lateMinutes(duty, startsAt),
      earlyExitMinutes: earlyExitMinutes(duty, endsAt),
      verifiedBy: actor.id,
      verifiedAt: now,
      enteredLateBy: [],
    })
    await repository.replaceSegments(attendanceId, row.id, proposed.segments)
    return attendanceId
  }

  async function recordAbsence({ tx }: Occasion, duty: DutyRow, row: CorrectionRow) {
    const repository = correctionsRepository(tx)
    const attendanceId = await repository.voidAttendance(duty.id, row.id)
    await repository.replaceSegments(attendanceId, row.id, [])
    return attendanceId
  }

  async function apply(occasion: Occasion, duty: DutyRow, row: CorrectionRow): Promise<void> {
    const seatFree = await correctionsRepository(occasion.tx).isSeatFree(duty.id)
    const to = stateAfter(row.kind, duty.state, seatFree)
    if (to) {
      for (const step of [...(WAY_TO[duty.state] ?? []), to]) {
        await writer.move(occasion, { ids: [duty.id], to: step, reason: row.reason })
      }
    }
    if (row.kind === 'excuse') return
    const attendanceId = row.proposed
      ? await recordPresence(occasion, duty, row, row.proposed)
      : await recordAbsence(occasion, duty, row)
    await news.record(attendanceCorrected, { attendanceId, correctionId: row.id }, occasion)
  }

  async function getCorrection(handle: Handle, actor: Actor, id: string) {
    const found = await correctionsRepository(handle).findWithDuty(id)
    assertCovers(actor, found?.unitPath, () => attendanceProblems.correctionUnknown(id))
    return found!
  }

  const show = async (handle: Handle, id: string) =>
    correctionView((await correctionsRepository(handle).findWithDuty(id))!)

  const decide = (actor: Actor, id: string, state: 'approved' | 'rejected', decision: string) =>
    db.transaction(async (tx) => {
      const now = clock.now()
      const { correction } = await getCorrection(tx, actor, id)
      if (correction.requestedBy === actor.id) throw attendanceProblems.secondPersonNeeded()
      const duty = await lockDuty(tx, correction.assignmentId)
      const row = await correctionsRepository(tx).decide(id, {
        state,
        decision,
        decidedBy: actor.id,
        decidedAt: now,
      })
      if (!row) throw attendanceProblems.alreadyDecided()
      const occasion = { tx, actor, now }
      if (state === 'approved') {
        const faults = await faultsOf(tx, duty, row, now)
        if (faults.length > 0) throw attendanceProblems.noLongerFits(faults)
        await apply(occasion, duty, row)
      }
      await audit(tx, actor, now, changeOf(state, row, duty.unitId, 'open', decision))
      await notifications.notify(occasion, [
        {
          volunteerId: duty.volunteerId,
          template: 'correction-decided',
          subjectId: id,
          purpose: `correction-decided:${id}`,
        },
      ])
      return show(tx, id)
    })

  return {
    request: (actor: Actor, assignmentId: string, input: z.output<typeof NewCorrection>) =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const [seen] = await attendanceRepository(tx).findDuties([assignmentId])
        assertCovers(actor, seen?.unitPath, () => attendanceProblems.assignmentUnknown(assignmentId))
        const duty = await lockDuty(tx, assignmentId)
        const proposed =
          input.kind === 'presence' ? completed(input, await knownParts(tx, duty), duty.plannedKind) : null
        const wish = { kind: input.kind, proposed, reason: input.reason, requestedVia: 'api' as const }
        const found = findings()
        for (const { field, code, detail } of await faultsOf(tx, duty, wish, now)) {
          found.add(`/body/${field}`, code, detail)
        }
        found.throwIfAny()
        return show(tx, (await insert({ tx, actor, now }, duty, wish)).id)
      }),

    /** A person asks by personal link for other times; what speaks against it comes back and nothing is written. */
    async requestByLink(
      occasion: Occasion,
      assignmentId: string,
      times: Pick<ProposedPresence, 'checkedInAt' | 'checkedOutAt'>,
      reason: string,
    ): Promise<CorrectionFault[]> {
      const { tx, now } = occasion
      const duty = await lockDuty(tx, assignmentId)
      const proposed = completed(times, await knownParts(tx, duty), duty.plannedKind)
      const wish = { kind: 'presence' as const, proposed, reason, requestedVia: 'link' as const }
      const open = (await correctionsRepository(tx).newestOf(assignmentId))?.state === 'open'
      const faults = open
        ? [{ field: 'reason', code: 'correction-open', detail: 'A correction of this duty waits for review already.' }]
        : await faultsOf(tx, duty, wish, now)
      if (faults.length === 0) await insert(occasion, duty, wish)
      return faults
    },

    approve: (actor: Actor, id: string, reason: string) => decide(actor, id, 'approved', reason),
    reject: (actor: Actor, id: string, reason: string) => decide(actor, id, 'rejected', reason),

    /** Whoever asked takes it back. */
    withdraw: (actor: Actor, id: string, reason: string) =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const { correction } = await getCorrection(tx, actor, id)
        if (correction.requestedBy !== actor.id) throw attendanceProblems.notYours()
        const [duty] = await attendanceRepository(tx).findDuties([correction.assignmentId])
        const changes = { state: 'withdrawn' as const, decision: reason, decidedBy: actor.id, decidedAt: now }
        const row = await correctionsRepository(tx).decide(id, changes)
        if (!row) throw attendanceProblems.alreadyDecided()
        await audit(tx, actor, now, changeOf('withdrawn', row, duty!.unitId, 'open', reason))
        return show(tx, id)
      }),

    get: async (actor: Actor, id: string) => correctionView(await getCorrection(db, actor, id)),

    async list(actor: Actor, query: z.output<typeof AttendanceCorrectionList>) {
      const conditions = [
        withinPath(actor.unitPath),
        query.state ? eq(attendanceCorrections.state, query.state) : undefined,
        query.assignmentId ? eq(attendanceCorrections.assignmentId, query.assignmentId) : undefined,
        query.volunteerId ? eq(assignments.volunteerId, query.volunteerId) : undefined,
      ]
      const page = keyset(query, { createdAt: attendanceCorrections.createdAt }, attendanceCorrections.id)
      const rows = await correctionsRepository(db).list(conditions, page)
      const withId = rows.map((row) => ({ ...row, id: row.correction.id }))
      return toPage(query, withId, (row) => row.correction.createdAt, correctionView)
    },
  }
}
