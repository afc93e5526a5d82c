import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { checkedOut } from '../attendance/attendance.events.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { createExports } from './hours.exports.ts'
import { hoursProblems } from './hours.problems.ts'
import {
  groupColumns,
  hoursRepository,
  type LedgerRow,
  type LineRow,
  linesWhere,
  type NewLedgerRow,
} from './hours.repository.ts'
import { correctionFaults, measure, reversed } from './hours.rules.ts'
import type { ExportQuery, Filter, LedgerList, NewCorrection, SummaryList } from './hours.schemas.ts'
import { ledger } from './hours.tables.ts'
import { lineView, sumView } from './hours.views.ts'

export type Hours = ReturnType<typeof createHours>

/**
 * The ledger of served time. Promises: a segment is booked once, nothing is ever changed or removed, a correction is
 * a line that takes back and a line that stands, and every export shows exactly what the ledger sums up to.
 */
export function createHours({ db, sql, clock }: Foundations) {
  const exports = createExports({ db, sql })

  /** The condition a filter stands for; names every unit, post or person in it that the actor cannot see. */
  async function conditionOf(actor: Actor, filter: Filter) {
    const found = findings()
    const repository = hoursRepository(db)
    const unknown = (field: string, what: string, id: string) =>
      found.add(`/query/${field}`, `${what}-unknown`, `There is no ${what} ${id} that you may see.`)
    const unit = filter.unitId ? await organisationRepository(db).findUnit(filter.unitId) : undefined
    if (filter.unitId && !(unit && covers(actor, unit.path))) unknown('unitId', 'unit', filter.unitId)
    for (const kind of ['post', 'volunteer'] as const) {
      const id = filter[`${kind}Id`]
      if (id && !(await repository.isKnown(kind, id, actor.unitPath))) unknown(`${kind}Id`, kind, id)
    }
    found.throwIfAny()
    return linesWhere(actor.unitPath, filter, unit?.path)
  }

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

  async function show(handle: Handle, ids: string[]) {
    const rows = new Map((await hoursRepository(handle).findLines(ids)).map((row) => [row.line.id, lineView(row)]))
    return ids.map((id) => rows.get(id)!)
  }

  return {
    /** Reaction: books the segments of whoever went off duty. Called twice, it books nothing the second time. */
    async onCheckedOut({ attendanceIds }: z.output<typeof checkedOut.payload>, { tx, actor, now }: Occasion) {
      const repository = hoursRepository(tx)
      const planned = new Set<string>()
      const rows = (await repository.segmentsToBook(attendanceIds)).map((found): NewLedgerRow => {
        const { segment, nominalMinutes, ...facts } = found
        // The plan counts once, however many segments a presence has.
        const plannedMinutes = planned.has(facts.assignmentId) ? 0 : nominalMinutes
        planned.add(facts.assignmentId)
        return {
          ...facts,
          ...measure(segment, facts.zone),
          id: newId(),
          segmentId: segment.id,
          kind: segment.kind,
          startsAt: segment.startsAt,
          endsAt: segment.endsAt,
          plannedMinutes,
          enteredBy: actor.id,
          bookedAt: now,
        }
      })
      const booked = await repository.insertLines(rows)
      const changes = booked.map((line) => ({
        action: 'ledger.booked',
        subject: { type: 'ledger', id: line.id },
        unitId: line.unitId,
        facts: { assignmentId: line.assignmentId, minutes: line.minutes },
      }))
      await audit(tx, actor, now, ...changes)
    },

    /** Takes a line back and puts another in its place; whoever holds the key vouches for it. */
    async correct(actor: Actor, id: string, input: z.output<typeof NewCorrection>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const repository = hoursRepository(tx)
        const { line, dutyStartsAt, dutyEndsAt } = await lineToCorrect(tx, actor, id)
        const presence = { startsAt: new Date(input.startsAt), endsAt: new Date(input.endsAt) }
        const others = await repository.effectiveLines(line.volunteerId, id, presence.startsAt, presence.endsAt)
        const found = findings()
        const duty = { startsAt: dutyStartsAt, endsAt: dutyEndsAt }
        for (const fault of correctionFaults(presence, { line, duty, others, now })) {
          found.add(`/body/${fault.field}`, fault.code, fault.detail)
        }
        found.throwIfAny()
        const by = { reason: input.reason, verifiedBy: actor.id, enteredBy: actor.id, bookedAt: now }
        const back: LedgerRow = { ...reversed(line), ...by, id: newId(), reversesId: line.id }
        const stands: LedgerRow = {
          ...line,
          ...presence,
          ...measure(presence, line.zone),
          ...by,
          id: newId(),
          segmentId: null,
        }
        await tx.insert(ledger).values([back, stands])
        const subject = (one: LedgerRow) => ({ subject: { type: 'ledger', id: one.id }, unitId: one.unitId })
        const { reason } = input
        await audit(
          tx,
          actor,
          now,
          { action: 'ledger.reversed', ...subject(back), reason, facts: { reverses: id, minutes: back.minutes } },
          { action: 'ledger.corrected', ...subject(stands), reason, facts: { replaces: id, minutes: stands.minutes } },
        )
        const [reversal, corrected] = await show(tx, [back.id, stands.id])
        return { reversal: reversal!, line: corrected! }
      })
    },

    async listLines(actor: Actor, query: z.output<typeof LedgerList>) {
      const where = await conditionOf(actor, query)
      const rows = await hoursRepository(db).listLines(where, keyset(query, { localDay: ledger.localDay }, ledger.id))
      const withId = rows.map((row) => ({ ...row, id: row.line.id }))
      return toPage(query, withId, (row) => row.line.localDay, lineView)
    },

    async summary(actor: Actor, query: z.output<typeof SummaryList>) {
      const where = await conditionOf(actor, query)
      const { id, name } = groupColumns(query.by)
      const rows = await hoursRepository(db).listSums(query.by, where, keyset(query, { name }, id))
      return toPage(query, rows, (row) => row.sortKey, sumView)
    },

    /** Sums of each local day of duty that has lines, in order. */
    summaryByDay: async (actor: Actor, filter: Filter) =>
      hoursRepository(db).listDays(await conditionOf(actor, filter)),

    /** A file of the ledger as a stream, with its name; wrong filters are told before the first byte. `gone` stops it. */
    async exportServiceHours(actor: Actor, query: z.output<typeof ExportQuery>, gone: AbortSignal) {
      const where = await conditionOf(actor, query)
      await audit(db, actor, clock.now(), {
        action: 'hours.exported',
        subject: { type: 'api-key', id: actor.id },
        facts: { ...query },
      })
      return exports.open(where, query, clock.now(), gone)
    },
  }
}
