import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { type Findings, findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import { judge, type Policies, type readPolicies, type Step } from './attendance.judgement.ts'
import { attendanceProblems } from './attendance.problems.ts'
import { attendanceChange, type Fact, type Records } from './attendance.records.ts'
import { attendanceRepository, type DutyRow } from './attendance.repository.ts'
import { checkOutStateFault, markFaults, toMinute } from './attendance.rules.ts'
import type {
  ActivateEntry,
  BulkEntry,
  CheckInEntry,
  CheckOutEntry,
  Chosen,
  NoShowEntry,
} from './attendance.schemas.ts'
import { attendanceView } from './attendance.views.ts'
import { partFaults } from './segments.rules.ts'

interface Entered {
  at?: string | undefined
  reason?: string | undefined
}

/** Duties that a list or a shift names, with the place in the request where each of them stands. */
interface ChosenDuties {
  duties: DutyRow[]
  found: Findings
  pointerOf(id: string): string
}

/** What organizers write down: for one person or for a whole crew, now or for a past instant. */
export function createEntries(
  { db, clock }: Foundations,
  {
    records,
    policiesOf,
    assignments,
    notifications,
  }: {
    records: Records
    policiesOf: ReturnType<typeof readPolicies>
    assignments: Assignments
    notifications: Notifications
  },
) {
  async function show(handle: Handle, ids: string[]) {
    const repository = attendanceRepository(handle)
    const duties = await repository.findDuties(ids)
    const policies = await policiesOf(handle, duties)
    const known = duties.flatMap((duty) => duty.attendanceId ?? [])
    const parts = Map.groupBy(await repository.segmentsOf(known), (part) => part.attendanceId)
    return duties.map((duty) => attendanceView(duty, policies(duty), parts.get(duty.attendanceId ?? '') ?? []))
  }

  /** Whoever enters in time that somebody has left also vouches for it; otherwise somebody else is asked to. */
  async function write(occasion: Occasion, step: Step, duties: DutyRow[], fact: Fact, policies: Policies) {
    if (step === 'check-in') return records.arrive(occasion, duties, fact, policies)
    const verified = await records.leave(occasion, duties, fact, policies)
    await tellTogether(occasion, verified, 'hours-ready', ({ volunteerId }) => ({ volunteerId }))
    const late = duties.filter((duty) => !verified.includes(duty))
    await tellTogether(occasion, late, 'late-entry', ({ unitId }) => ({ unitId }))
  }

  /** Waits for a second person, of whom this is none. */
  const enteredItself = ({ verifiedBy, enteredLateBy }: DutyRow, actor: Actor) =>
    verifiedBy === null && (enteredLateBy ?? []).includes(actor.id)

  async function getDuty(handle: Handle, actor: Actor, id: string): Promise<DutyRow> {
    const [duty] = await attendanceRepository(handle).findDuties([id])
    assertCovers(actor, duty?.unitPath, () => attendanceProblems.assignmentUnknown(id))
    return duty!
  }

  const entered = (input: Entered, now: Date): Fact => ({
    at: toMinute(input.at ? new Date(input.at) : now),
    source: 'api',
    reason: input.reason,
  })

  /** The parts that somebody states for a presence about to end; everything wrong with them is found. */
  function statedParts(duty: DutyRow, fact: Fact, stated: z.output<typeof CheckOutEntry>['segments'], found: Findings) {
    const parts = stated?.map(({ kind, startsAt, endsAt }) => ({
      kind,
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
    }))
    if (!parts || !duty.checkedInAt) return undefined
    for (const { index, code, detail } of partFaults({ startsAt: duty.checkedInAt, endsAt: fact.at }, parts)) {
      found.add(index === undefined ? '/body/segments' : `/body/segments/${index}`, code, detail)
    }
    return parts
  }

  const enter = (
    actor: Actor,
    step: Step,
    id: string,
    input: Entered & Partial<z.output<typeof CheckInEntry> & z.output<typeof CheckOutEntry>>,
  ) =>
    db.transaction(async (tx) => {
      const now = clock.now()
      const fact = { ...entered(input, now), kind: input.kind, stayOn: input.stayOn }
      const duties = [await getDuty(tx, actor, id)]
      const { verdicts, policies } = await judge(tx, { step, duties, at: fact.at, now }, policiesOf)
      const { duty, state, faults } = verdicts[0]!
      if (state) throw attendanceProblems.refused(state)
      const found = findings()
      for (const { code, detail } of faults) found.add('/body/at', code, detail)
      const parts = statedParts(duty, fact, input.segments, found)
      found.throwIfAny()
      await write({ tx, actor, now }, step, [duty], { ...fact, parts }, policies)
      return (await show(tx, [id]))[0]!
    })

  /** Those of a shift who wait for this step. */
  async function crewOf(tx: Tx, actor: Actor, waiting: string, shiftId: string): Promise<DutyRow[]> {
    const crew = await attendanceRepository(tx).findDutiesOfShift(shiftId)
    return crew.filter((duty) => covers(actor, duty.unitPath) && duty.state === waiting)
  }

  async function chosenDuties(
    tx: Tx,
    actor: Actor,
    { waiting, step }: { waiting: string; step: string },
    input: z.output<typeof Chosen>,
  ): Promise<ChosenDuties> {
    const found = findings()
    if (input.shiftId) {
      const duties = await crewOf(tx, actor, waiting, input.shiftId)
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
      const waiting = step === 'check-in' ? 'confirmed' : 'serving'
      const { duties, found, pointerOf } = await chosenDuties(tx, actor, { waiting, step }, input)
      const { verdicts, policies } = await judge(tx, { step, duties, at: fact.at, now }, policiesOf)
      for (const { duty, state, faults } of verdicts) {
        for (const { code, detail } of state ? [state] : faults) {
          found.add(pointerOf(duty.id), code, `${duty.volunteerName}: ${detail}`)
        }
      }
      found.throwIfAny()
      const chosen = verdicts.map(({ duty }) => duty)
      await write({ tx, actor, now }, step, chosen, fact, policies)
      return { items: await show(tx, ids(chosen)) }
    })

  async function vouch(tx: Tx, actor: Actor, duties: DutyRow[]): Promise<void> {
    const now = clock.now()
    const open = duties.flatMap((duty) => duty.attendanceId ?? [])
    const verified = await attendanceRepository(tx).verify(open, actor.id, now)
    const byId = new Map(duties.map((duty) => [duty.id, duty]))
    const changes = verified.map((row) =>
      attendanceChange('attendance.verified', row.id, byId.get(row.assignmentId)!, {}),
    )
    await audit(tx, actor, now, ...changes)
    const done = verified.map((row) => byId.get(row.assignmentId)!)
    await tellTogether({ tx, actor, now }, done, 'hours-ready', ({ volunteerId }) => ({ volunteerId }))
  }

  /** Each person, or unit, hears once of all their duties that were entered or verified together. */
  async function tellTogether(
    occasion: Occasion,
    duties: DutyRow[],
    template: 'hours-ready' | 'late-entry',
    whom: (duty: DutyRow) => { volunteerId: string } | { unitId: string },
  ): Promise<void> {
    const inOrder = duties.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
    const groups = Map.groupBy(inOrder, (duty) => Object.values(whom(duty))[0])
    await notifications.notify(
      occasion,
      [...groups.values()].map((own) => ({
        ...whom(own[0]!),
        template,
        subjectId: own[0]!.id,
        purpose: `${template}:${own[0]!.id}`,
        params: { assignmentIds: ids(own).join(' ') },
      })),
    )
  }

  return {
    show,
    getDuty,
    checkIn: (actor: Actor, id: string, input: z.output<typeof CheckInEntry>) => enter(actor, 'check-in', id, input),
    checkOut: (actor: Actor, id: string, input: z.output<typeof CheckOutEntry>) => enter(actor, 'check-out', id, input),
    checkInMany: (actor: Actor, input: z.output<typeof BulkEntry>) => enterMany(actor, 'check-in', input),
    checkOutMany: (actor: Actor, input: z.output<typeof BulkEntry>) => enterMany(actor, 'check-out', input),

    /** Somebody on duty is called from standby to the work, or the time becomes of another kind. */
    activate: (actor: Actor, id: string, input: z.output<typeof ActivateEntry>) =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const fact = { ...entered(input, now), kind: input.kind }
        const { volunteerId } = await getDuty(tx, actor, id)
        const repository = attendanceRepository(tx)
        await repository.lock([volunteerId], [id])
        const duty = await getDuty(tx, actor, id)
        const state = checkOutStateFault(duty)
        if (state) throw attendanceProblems.refused(state)
        const marks = (await repository.marksOf([duty.attendanceId!])).get(duty.attendanceId!) ?? []
        const found = findings()
        for (const { code, detail } of markFaults(duty, fact, { now, marks })) found.add('/body/at', code, detail)
        found.throwIfAny()
        await records.mark({ tx, actor, now }, duty, fact, await policiesOf(tx, [duty]))
        return (await show(tx, [id]))[0]!
      }),

    /** An organizer vouches for a presence that is over. */
    verify: (actor: Actor, id: string) =>
      db.transaction(async (tx) => {
        const duty = await getDuty(tx, actor, id)
        if (!duty.checkedOutAt) throw attendanceProblems.nothingToVerify(duty.state)
        if (enteredItself(duty, actor)) throw attendanceProblems.enteredItself()
        await vouch(tx, actor, [duty])
        return (await show(tx, [id]))[0]!
      }),

    verifyMany: (actor: Actor, input: z.output<typeof Chosen>) =>
      db.transaction(async (tx) => {
        const { duties, found, pointerOf } = await chosenDuties(
          tx,
          actor,
          { waiting: 'completed', step: 'verification' },
          input,
        )
        for (const duty of duties.filter((one) => !one.checkedOutAt)) {
          found.add(pointerOf(duty.id), 'not-over', attendanceProblems.nothingToVerify(duty.state).message)
        }
        for (const duty of duties.filter((one) => one.checkedOutAt && enteredItself(one, actor))) {
          const { code, message } = attendanceProblems.enteredItself()
          found.add(pointerOf(duty.id), code, `${duty.volunteerName}: ${message}`)
        }
        found.throwIfAny()
        await vouch(tx, actor, duties)
        return { items: await show(tx, ids(duties)) }
      }),

    /** An organizer says that somebody did not come; not before the duty begins. */
    async noShow(actor: Actor, id: string, input: z.output<typeof NoShowEntry>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const duty = await getDuty(tx, actor, id)
        if (now < duty.startsAt) throw attendanceProblems.notBegun(duty.startsAt)
        const { reason } = input
        const occasion = { tx, actor, now }
        const moved = await assignments.move(occasion, { ids: [id], from: ['confirmed'], to: 'no_show', reason })
        const [after] = await show(tx, [id])
        if (moved.length === 0) throw attendanceProblems.notExpected(after!.state)
        return after!
      })
    },
  }
}

const ids = (duties: DutyRow[]) => duties.map((duty) => duty.id)
