import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import type { Booking } from './hours.booking.ts'
import { hoursProblems } from './hours.problems.ts'
import { hoursRepository, type LineRow } from './hours.repository.ts'
import { correctionFaults } from './hours.rules.ts'
import type { CorrectionList, NewCorrection } from './hours.schemas.ts'
import { ledger, ledgerCorrections } from './hours.tables.ts'
import { correctionView, lineView } from './hours.views.ts'

/** Corrections of single lines by hand: one person asks with a reason, another one decides. */
export function createLedgerCorrections({ db, clock, booking }: Foundations & { booking: Booking }) {
  async function lineToCorrect(tx: Tx, actor: Actor, id: string): Promise<LineRow> {
    const repository = hoursRepository(tx)
    const seen = await repository.findLine(id)
    assertCovers(actor, seen?.unitPath, () => hoursProblems.lineUnknown(id))
    await repository.lockPerson(seen!.line.volunteerId)
    const row = (await repository.findLine(id))!
    if (row.line.reversesId) throw hoursProblems.lineIsReversal()
    if (row.reversedById) throw hoursProblems.alreadyCorrected(row.reversedById)
    return row
  }

  async function assertSensible(tx: Tx, row: LineRow, times: { startsAt: Date; endsAt: Date }, now: Date) {
    const { line, dutyStartsAt, dutyEndsAt } = row
    const others = await hoursRepository(tx).effectiveLines(line.volunteerId, line.id, times.startsAt, times.endsAt)
    const found = findings()
    const duty = { startsAt: dutyStartsAt, endsAt: dutyEndsAt }
    for (const fault of correctionFaults(times, { line, duty, others, now })) {
      found.add(`/body/${fault.field}`, fault.code, fault.detail)
    }
    found.throwIfAny()
  }

  async function getOpen(tx: Tx, actor: Actor, id: string) {
    const [seen] = await tx
      .select({ correction: ledgerCorrections, unitPath: units.path, unitId: units.id })
      .from(ledgerCorrections)
      .innerJoin(ledger, eq(ledger.id, ledgerCorrections.lineId))
      .innerJoin(units, eq(units.id, ledger.unitId))
      .where(eq(ledgerCorrections.id, id))
      .for('update', { of: ledgerCorrections })
    assertCovers(actor, seen?.unitPath, () => hoursProblems.correctionUnknown(id))
    const { correction } = seen!
    if (correction.state !== 'requested') throw hoursProblems.correctionDecided(correction.state)
    if (correction.requestedBy === actor.id) throw hoursProblems.secondPersonNeeded()
    return seen!
  }

  async function decide(tx: Tx, actor: Actor, id: string, state: 'approved' | 'rejected', reason: string | null) {
    const seen = await getOpen(tx, actor, id)
    const now = clock.now()
    const [row] = await tx
      .update(ledgerCorrections)
      .set({ state, decidedBy: actor.id, decidedAt: now, decisionReason: reason })
      .where(eq(ledgerCorrections.id, id))
      .returning()
    await audit(tx, actor, now, {
      action: `ledger-correction.${state}`,
      subject: { type: 'ledger-correction', id },
      unitId: seen.unitId,
      from: 'requested',
      to: state,
      ...(reason ? { reason } : {}),
    })
    return { correction: row!, now }
  }

  async function show(handle: Handle, ids: string[]) {
    const rows = new Map((await hoursRepository(handle).findLines(ids)).map((row) => [row.line.id, lineView(row)]))
    return ids.map((id) => rows.get(id)!)
  }

  return {
    /** Asks for a line to be taken back and another to stand in its place; the ledger does not change yet. */
    requestCorrection: (actor: Actor, lineId: string, input: z.output<typeof NewCorrection>) =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const row = await lineToCorrect(tx, actor, lineId)
        const times = { startsAt: new Date(input.startsAt), endsAt: new Date(input.endsAt) }
        await assertSensible(tx, row, times, now)
        const [correction] = await tx
          .insert(ledgerCorrections)
          .values({
            ...times,
            id: newId(),
            lineId,
            reason: input.reason,
            state: 'requested',
            requestedBy: actor.id,
            requestedAt: now,
          })
          .returning()
        await audit(tx, actor, now, {
          action: 'ledger-correction.requested',
          subject: { type: 'ledger-correction', id: correction!.id },
          unitId: row.line.unitId,
          to: 'requested',
          reason: input.reason,
          facts: { lineId },
        })
        return correctionView(correction!)
      }),

    /** By somebody else than who asked. Everything is looked at again, as time has passed. */
    approveCorrection: (actor: Actor, id: string) =>
      db.transaction(async (tx) => {
        const { correction, now } = await decide(tx, actor, id, 'approved', null)
        const row = await lineToCorrect(tx, actor, correction.lineId)
        await assertSensible(tx, row, correction, now)
        const by = { reason: correction.reason, enteredBy: correction.requestedBy, verifiedBy: actor.id }
        const times = { startsAt: correction.startsAt, endsAt: correction.endsAt }
        const { reversalId, lineId } = await booking.replace({ tx, actor, now }, row.line, times, by)
        const [reversal, line] = await show(tx, [reversalId, lineId])
        return { correction: correctionView(correction), reversal: reversal!, line: line! }
      }),

    rejectCorrection: (actor: Actor, id: string, reason: string) =>
      db.transaction(async (tx) => correctionView((await decide(tx, actor, id, 'rejected', reason)).correction)),

    async listCorrections(actor: Actor, query: z.output<typeof CorrectionList>) {
      const page = keyset(query, { requestedAt: ledgerCorrections.requestedAt }, ledgerCorrections.id)
      const rows = await db
        .select({ correction: ledgerCorrections })
        .from(ledgerCorrections)
        .innerJoin(ledger, eq(ledger.id, ledgerCorrections.lineId))
        .innerJoin(units, eq(units.id, ledger.unitId))
        .where(
          and(
            withinPath(actor.unitPath),
            query.state ? eq(ledgerCorrections.state, query.state) : undefined,
            query.lineId ? eq(ledgerCorrections.lineId, query.lineId) : undefined,
            page.after,
          ),
        )
        .orderBy(...page.orderBy)
        .limit(page.limit)
      const corrections = rows.map((row) => row.correction)
      return toPage(query, corrections, (row) => row.requestedAt, correctionView)
    },
  }
}
