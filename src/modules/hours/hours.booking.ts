import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { type Interval, overlaps } from '../../time/intervals.ts'
import { addLocalDays, localDay } from '../../time/zones.ts'
import type { attendanceCorrected, checkedOut } from '../attendance/attendance.events.ts'
import type { Holidays } from '../holidays/holidays.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { type Countable, creditsOf, originOf, sameCredits, standing } from './booking.rules.ts'
import {
  type DutyToBook,
  hoursRepository,
  type LedgerRow,
  type NewLedgerRow,
  type SegmentToBook,
} from './hours.repository.ts'
import { measure, reversed } from './hours.rules.ts'

export type Booking = ReturnType<typeof createBooking>

/** Why a line is written, and who vouches for it. */
interface Grounds {
  reason: string | null
  verifiedBy: string | null
  enteredBy: string
}

type Draft = Omit<NewLedgerRow, 'plannedMinutes'> & Countable
const RECOUNT = 'recount'

/** The only writer of the ledger. Every figure of a line is made here, by the rules that hold at the post's unit. */
export function createBooking({ organisation, holidays }: { organisation: Organisation; holidays: Holidays }) {
  /** Policies and calendars of the posts' units, for all days the duties touch. */
  async function surroundings({ tx }: Occasion, duties: readonly DutyToBook[], times: readonly Interval[]) {
    const paths = [...new Set(duties.map((duty) => duty.postUnitPath))]
    const policies = new Map(
      await Promise.all(paths.map(async (path) => [path, await organisation.policyOf({ path }, tx)] as const)),
    )
    const instants = times.flatMap(({ startsAt, endsAt }) => [startsAt.getTime(), endsAt.getTime()])
    const day = (millis: number) => localDay(new Date(millis), 'UTC')
    const span = {
      from: addLocalDays(day(instants.reduce((a, b) => Math.min(a, b))), -1),
      to: addLocalDays(day(instants.reduce((a, b) => Math.max(a, b))), 2),
    }
    return { policies, calendars: await holidays.calendarsAt(tx, policies, span) }
  }
  type Surroundings = Awaited<ReturnType<typeof surroundings>>

  function draft(
    duty: DutyToBook,
    part: Interval & { kind: Countable['kind']; segmentId: string | null; correctsId: string | null },
    { policies, calendars }: Surroundings,
    grounds: Grounds & { bookedAt: Date },
  ): Draft {
    const { postUnitPath, nominalMinutes: _, calledOut: __, ...facts } = duty
    return {
      ...facts,
      ...part,
      ...measure(part, facts.zone, calendars.get(postUnitPath)!),
      ...grounds,
      creditedBy: policies.get(postUnitPath)!.creditedBy,
      id: newId(),
    }
  }

  /** What has to be written so that these lines hold for the duty, and `dropped` no longer do. */
  function settle(
    duty: DutyToBook,
    change: { kept: LedgerRow[]; fresh: Draft[]; dropped: LedgerRow[] },
    { policies }: Surroundings,
    grounds: Grounds & { bookedAt: Date },
  ): { back: NewLedgerRow[]; stand: NewLedgerRow[] } {
    const policy = policies.get(duty.postUnitPath)!
    const lines = [...change.kept, ...change.fresh].sort(
      (a, b) => a.startsAt.getTime() - b.startsAt.getTime() || a.endsAt.getTime() - b.endsAt.getTime(),
    )
    const credits = creditsOf(lines, policy, duty)
    const takeBack = (line: LedgerRow, reason: string | null): NewLedgerRow => ({
      ...reversed(line),
      ...grounds,
      reason,
      id: newId(),
      correctsId: null,
      reversesId: line.id,
    })
    const back = change.dropped.map((line) => takeBack(line, grounds.reason))
    const stand: NewLedgerRow[] = []
    for (const [index, line] of lines.entries()) {
      const counted = credits[index]!
      if (!isKept(line)) stand.push({ ...line, ...counted })
      else if (!sameCredits(line, counted)) {
        back.push(takeBack(line, RECOUNT))
        stand.push({
          ...line,
          ...counted,
          ...grounds,
          reason: RECOUNT,
          id: newId(),
          segmentId: null,
          correctsId: line.id,
        })
      }
    }
    return { back, stand }
  }

  const isKept = (line: LedgerRow | Draft): line is LedgerRow => 'creditedMinutes' in line

  async function write({ tx, actor, now }: Occasion, back: NewLedgerRow[], stand: NewLedgerRow[]) {
    const repository = hoursRepository(tx)
    await repository.insertLines(back)
    const written = await repository.insertLines(stand)
    const change = (action: string, line: NewLedgerRow, facts: object) => ({
      action,
      subject: { type: 'ledger', id: line.id! },
      unitId: line.unitId,
      reason: line.reason ?? undefined,
      facts: { assignmentId: line.assignmentId, minutes: line.minutes, ...facts },
    })
    await audit(
      tx,
      actor,
      now,
      ...back.map((line) => change('ledger.reversed', line, { reverses: line.reversesId })),
      ...written.map((line) =>
        change(
          line.correctsId ? 'ledger.corrected' : 'ledger.booked',
          line,
          line.correctsId ? { replaces: line.correctsId } : {},
        ),
      ),
    )
    return written
  }

  return {
    /** Reaction: books the segments of whoever went off duty. Called twice, it books nothing the second time. */
    async onCheckedOut({ attendanceIds }: z.output<typeof checkedOut.payload>, occasion: Occasion) {
      const found = await hoursRepository(occasion.tx).segmentsToBook(attendanceIds)
      if (found.length === 0) return
      const duties = new Map<string, SegmentToBook[]>()
      for (const one of found) {
        const { assignmentId } = one.duty
        duties.set(assignmentId, [...(duties.get(assignmentId) ?? []), one])
      }
      const around = await surroundings(
        occasion,
        found.map((one) => one.duty),
        found.map((one) => one.segment),
      )
      const rows = [...duties.values()].flatMap((parts) => {
        const { duty, verifiedBy } = parts[0]!
        const grounds = { reason: null, verifiedBy, enteredBy: occasion.actor.id, bookedAt: occasion.now }
        const fresh = parts.map(({ segment: { id, kind, startsAt, endsAt } }) =>
          draft(duty, { kind, startsAt, endsAt, segmentId: id, correctsId: null }, around, grounds),
        )
        return settle(duty, { kept: [], fresh, dropped: [] }, around, grounds).stand
      })
      await write(occasion, [], rows)
    },

    /** Reaction: what a reviewed correction changed in the segments of one duty, and nothing else. */
    async onAttendanceCorrected(
      { attendanceId, correctionId }: z.output<typeof attendanceCorrected.payload>,
      occasion: Occasion,
    ) {
      const repository = hoursRepository(occasion.tx)
      const duty = await repository.dutyOfAttendance(attendanceId)
      await repository.lockPerson(duty.volunteerId)
      const [lines, segments, correction] = await Promise.all([
        repository.linesOfAssignment(duty.assignmentId),
        repository.segmentsOf(attendanceId),
        repository.findAttendanceCorrection(correctionId),
      ])
      const superseded = new Set(segments.filter((one) => one.supersededById === correctionId).map((one) => one.id))
      const hold = standing(lines)
      const dropped = hold.filter((line) => superseded.has(originOf(line, lines) ?? ''))
      const booked = new Set(lines.map((line) => line.segmentId))
      const added = segments.filter((one) => one.supersededById === null && !booked.has(one.id))
      if (dropped.length + added.length === 0) return
      const grounds = {
        reason: correction.reason,
        verifiedBy: correction.decidedBy,
        enteredBy: correction.requestedBy,
        bookedAt: occasion.now,
      }
      const around = await surroundings(occasion, [duty], [...hold, ...added])
      const fresh = added.map(({ id, kind, startsAt, endsAt }) => {
        const before = dropped.find((line) => overlaps(line, { startsAt, endsAt })) ?? dropped[0]
        return draft(duty, { kind, startsAt, endsAt, segmentId: id, correctsId: before?.id ?? null }, around, grounds)
      })
      const kept = hold.filter((line) => !dropped.includes(line))
      const { back, stand } = settle(duty, { kept, fresh, dropped }, around, grounds)
      await write(occasion, back, stand)
    },

    /** Takes a line back and puts another in its place; what the rest of the duty counts follows. */
    async replace(
      occasion: Occasion,
      line: LedgerRow,
      times: Interval,
      by: Omit<Grounds, 'reason'> & { reason: string },
    ) {
      const repository = hoursRepository(occasion.tx)
      const [duty] = await repository.dutiesOf([line.assignmentId])
      const grounds = { ...by, bookedAt: occasion.now }
      const around = await surroundings(occasion, [duty!], [times])
      const part = { ...times, kind: line.kind, segmentId: null, correctsId: line.id }
      // Whose hours they are was settled when they were served.
      const { unitId, personClass, postId, role, localDay: day, zone } = line
      const fresh = {
        ...draft(duty!, part, around, grounds),
        unitId,
        personClass,
        postId,
        role,
        localDay: day,
        zone,
      }
      const kept = standing(await repository.linesOfAssignment(line.assignmentId)).filter((one) => one.id !== line.id)
      const { back, stand } = settle(duty!, { kept, fresh: [fresh], dropped: [line] }, around, grounds)
      await write(occasion, back, stand)
      return { reversalId: back.find((one) => one.reversesId === line.id)!.id!, lineId: fresh.id! }
    },
  }
}
