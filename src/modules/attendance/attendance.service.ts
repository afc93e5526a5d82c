import { eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { type Actor, covers, linkHolder } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { findLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import { shifts } from '../posts/posts.tables.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { judge, type Policies, readPolicies, type Step } from './attendance.judgement.ts'
import { attendanceProblems } from './attendance.problems.ts'
import { createRecords, type Fact } from './attendance.records.ts'
import { attendanceRepository, type DutyRow } from './attendance.repository.ts'
import { type Fault, toMinute } from './attendance.rules.ts'
import {
  type AttendanceList,
  type BulkEntry,
  type Entry,
  type NoShowEntry,
  SHEET_STATES,
} from './attendance.schemas.ts'
import { attendanceView } from './attendance.views.ts'
import { createNoShowWatch } from './attendance.watch.ts'

export type Attendance = ReturnType<typeof createAttendance>

/** What the holder of a link sees. */
export interface LinkedDuty {
  duty: DutyRow
  policy: UnitPolicy
  now: Date
  /** Why the last step was not possible. */
  fault?: Fault
}

/**
 * What happened on duty, beside the plan. Promises: nobody is present at two posts at once, nobody leaves before coming,
 * every presence ends in complete segments that the ledger hears of, and who does not come is missed in time.
 */
export function createAttendance(deps: Foundations & { organisation: Organisation; assignments: Assignments }) {
  const { db, clock, news, organisation, assignments: writer } = deps
  const records = createRecords({ news, assignments: writer })
  const policiesOf = readPolicies(organisation)

  async function show(handle: Handle, ids: string[]) {
    const duties = await attendanceRepository(handle).findDuties(ids)
    const policies = await policiesOf(handle, duties)
    return duties.map((duty) => attendanceView(duty, policies.get(duty.unitPath)!))
  }

  const write = (occasion: Occasion, step: Step, duties: DutyRow[], fact: Fact, policies: Policies) =>
    step === 'check-in' ? records.arrive(occasion, duties, fact, policies) : records.leave(occasion, duties, fact)

  async function getDuty(handle: Handle, actor: Actor, id: string): Promise<DutyRow> {
    const [duty] = await attendanceRepository(handle).findDuties([id])
    assertCovers(actor, duty?.unitPath, () => attendanceProblems.assignmentUnknown(id))
    return duty!
  }

  const entered = (input: { at?: string | undefined; reason?: string | undefined }, now: Date): Fact => ({
    at: toMinute(input.at ? new Date(input.at) : now),
    source: 'api',
    reason: input.reason,
  })

  const enter = (actor: Actor, step: Step, id: string, input: z.output<typeof Entry>) =>
    db.transaction(async (tx) => {
      const now = clock.now()
      const fact = entered(input, now)
      const duties = [await getDuty(tx, actor, id)]
      const { verdicts, policies } = await judge(tx, { step, duties, at: fact.at, now }, policiesOf)
      const { duty, state, faults } = verdicts[0]!
      if (state) throw attendanceProblems.refused(state)
      const found = findings()
      for (const { code, detail } of faults) found.add('/body/at', code, detail)
      found.throwIfAny()
      await write({ tx, actor, now }, step, [duty], fact, policies)
      return (await show(tx, [id]))[0]!
    })

  /** Those of a shift who wait for this step. */
  async function crewOf(tx: Tx, actor: Actor, step: Step, shiftId: string): Promise<DutyRow[]> {
    const waiting = step === 'check-in' ? 'confirmed' : 'serving'
    const crew = await attendanceRepository(tx).findDutiesOfShift(shiftId)
    return crew.filter((duty) => covers(actor, duty.unitPath) && duty.state === waiting)
  }

  async function chosenDuties(tx: Tx, actor: Actor, step: Step, input: z.output<typeof BulkEntry>) {
    const found = findings()
    if (input.shiftId) {
      const duties = await crewOf(tx, actor, step, input.shiftId)
      const detail = `Nobody of shift ${input.shiftId} waits for a ${step} that you may enter.`
      if (duties.length === 0) found.add('/body/shiftId', 'nobody-there', detail)
      found.throwIfAny()
      return { duties, found, pointerOf: () => '/body/shiftId' }
    }
    const ids = input.assignmentIds!
    const rows = await attendanceRepository(tx).findDuties(ids)
    const known = new Map(rows.filter((duty) => covers(actor, duty.unitPath)).map((duty) => [duty.id, duty]))
    for (const [index, id] of ids.entries()) {
      const pointer = `/body/assignmentIds/${index}`
      if (ids.indexOf(id) !== index) found.add(pointer, 'twice-in-list', `${id} stands in this list twice.`)
      else if (!known.has(id))
        found.add(pointer, 'assignment-unknown', attendanceProblems.assignmentUnknown(id).message)
    }
    return { duties: [...known.values()], found, pointerOf: (id: string) => `/body/assignmentIds/${ids.indexOf(id)}` }
  }

  /** For all of them or for none: everything wrong with any of them is named in one answer. */
  const enterMany = (actor: Actor, step: Step, input: z.output<typeof BulkEntry>) =>
    db.transaction(async (tx) => {
      const now = clock.now()
      const fact = entered(input, now)
      const { duties, found, pointerOf } = await chosenDuties(tx, actor, step, input)
      const { verdicts, policies } = await judge(tx, { step, duties, at: fact.at, now }, policiesOf)
      for (const { duty, state, faults } of verdicts) {
        for (const { code, detail } of state ? [state] : faults) {
          found.add(pointerOf(duty.id), code, `${duty.volunteerName}: ${detail}`)
        }
      }
      found.throwIfAny()
      const chosen = verdicts.map(({ duty }) => duty)
      await write({ tx, actor, now }, step, chosen, fact, policies)
      const ids = chosen.map((duty) => duty.id)
      return { items: await show(tx, ids) }
    })

  async function linkedDuty(handle: Handle, secret: string, now: Date) {
    const link = await findLink(handle, secret, 'attendance', now)
    if (!link) return undefined
    const [duty] = await attendanceRepository(handle).findDuties([link.subjectId])
    return duty?.volunteerId === link.volunteerId ? { link, duty } : undefined
  }

  return {
    checkIn: (actor: Actor, id: string, input: z.output<typeof Entry>) => enter(actor, 'check-in', id, input),
    checkOut: (actor: Actor, id: string, input: z.output<typeof Entry>) => enter(actor, 'check-out', id, input),
    checkInMany: (actor: Actor, input: z.output<typeof BulkEntry>) => enterMany(actor, 'check-in', input),
    checkOutMany: (actor: Actor, input: z.output<typeof BulkEntry>) => enterMany(actor, 'check-out', input),

    /** An organizer says that somebody did not come; not before the duty begins. */
    async noShow(actor: Actor, id: string, input: z.output<typeof NoShowEntry>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const duty = await getDuty(tx, actor, id)
        if (now < duty.startsAt) throw attendanceProblems.notBegun(duty.startsAt)
        const { reason } = input
        const moved = await writer.move({ tx, actor, now }, { ids: [id], from: ['confirmed'], to: 'no_show', reason })
        const [after] = await show(tx, [id])
        if (moved.length === 0) throw attendanceProblems.notExpected(after!.state)
        return after!
      })
    },

    async list(actor: Actor, query: z.output<typeof AttendanceList>) {
      const conditions = [
        withinPath(actor.unitPath),
        query.state ? eq(assignments.state, query.state) : inArray(assignments.state, [...SHEET_STATES]),
        query.shiftId ? eq(assignments.shiftId, query.shiftId) : undefined,
        query.postId ? eq(shifts.postId, query.postId) : undefined,
        query.volunteerId ? eq(assignments.volunteerId, query.volunteerId) : undefined,
        query.day ? eq(shifts.localDay, query.day) : undefined,
      ]
      const page = keyset(query, { startsAt: assignments.startsAt }, assignments.id)
      const rows = await attendanceRepository(db).listDuties(conditions, page)
      const policies = await policiesOf(db, rows)
      const view = (row: DutyRow) => attendanceView(row, policies.get(row.unitPath)!)
      return toPage(query, rows, (row) => row.startsAt, view)
    },

    /** The duty behind a personal link; undefined for links that are unknown, revoked or over. */
    async openLink(secret: string): Promise<LinkedDuty | undefined> {
      const now = clock.now()
      const found = await linkedDuty(db, secret, now)
      return found && { duty: found.duty, policy: await organisation.policyOf({ path: found.duty.unitPath }), now }
    },

    /** Checks the holder of a link in or out, now; what forbids it comes back as `fault`, and nothing is written. */
    async answerLink(secret: string, step: Step, requestId: string): Promise<LinkedDuty | undefined> {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const found = await linkedDuty(tx, secret, now)
        if (!found) return undefined
        const at = toMinute(now)
        const question = { step, duties: [found.duty], at, now }
        const { verdicts, policies } = await judge(tx, question, policiesOf)
        const { duty, state, faults } = verdicts[0]!
        const policy = policies.get(duty.unitPath)!
        // Pressed twice, or on a page from before: what was wanted is so already.
        const done = step === 'check-in' ? 'already-checked-in' : 'already-checked-out'
        if (state?.code === done) return { duty, policy, now }
        const fault = state ?? faults[0]
        if (fault) return { duty, policy, now, fault }
        const actor = linkHolder(found.link.id, requestId)
        await write({ tx, actor, now }, step, [duty], { at, source: 'link' }, policies)
        return { duty, policy, now }
      })
    },

    ...createNoShowWatch(deps, policiesOf, writer),
  }
}
