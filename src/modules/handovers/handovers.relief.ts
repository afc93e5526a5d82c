import type { z } from 'zod'
import { audit, type Change } from '../../platform/audit/audit.ts'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import type { checkedIn, checkedOut } from '../attendance/attendance.events.ts'
import type { Attendance } from '../attendance/attendance.service.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { NewMessage } from '../notifications/notifications.types.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { assignmentSeated, assignmentsMoved } from '../rosters/rosters.events.ts'
import { reliefMissing } from './handovers.events.ts'
import { alarmAbove, askCrew, checkRelief, openHandover } from './handovers.jobs.ts'
import { type HandoverAt, handoversRepository } from './handovers.repository.ts'
import {
  isMissed,
  isThereAfter,
  minutesAfter,
  RELIEF_AFTER_MS,
  RELIEF_BEFORE_MS,
  reliefOf,
  stateOf,
} from './handovers.rules.ts'

export interface HandoverDeps extends Foundations {
  organisation: Organisation
  notifications: Notifications
  attendance: Attendance
}

export const handoverChange = (
  action: string,
  { id, unitId }: Pick<HandoverAt, 'id' | 'unitId'>,
  more: Omit<Change, 'action' | 'subject'> = {},
): Change => ({ action: `handover.${action}`, subject: { type: 'handover', id }, unitId, ...more })

/** When the next level up is told, in multiples of the patience with relief. */
const ABOVE_AFTER = 3
/** Crews that change at the same minute do not leave a post empty. */
const EMPTY_MINUTES = 5

/** What the clock does with handovers: opens them, asks for them, and gives the alarm when relief does not come. */
export function createRelief({ db, clock, news, organisation, notifications, attendance }: HandoverDeps) {
  /** Waits for the end of these shifts. */
  async function expect({ tx, now }: Occasion, assignmentIds: string[]): Promise<void> {
    const shifts = await handoversRepository(tx).shiftsOf(assignmentIds)
    const policies = new Map<string, number>()
    for (const { unitPath } of shifts) {
      if (policies.has(unitPath)) continue
      policies.set(unitPath, (await organisation.policyOf({ path: unitPath }, tx)).handoverDueMinutes)
    }
    const errands = shifts
      .filter((shift) => shift.endsAt > now)
      .map((shift) => ({
        payload: { shiftId: shift.id },
        key: shift.id,
        dueAt: minutesAfter(shift.endsAt, -policies.get(shift.unitPath)!),
      }))
    await schedule(tx, openHandover, errands, now)
  }

  const toCrew = (handover: HandoverAt, volunteerIds: string[], template: string): NewMessage[] =>
    volunteerIds.map((volunteerId) => ({
      volunteerId,
      template,
      subjectId: handover.id,
      purpose: `${template}:${handover.id}`,
    }))

  async function alarm(occasion: Occasion, handover: HandoverAt): Promise<void> {
    const { tx, actor, now } = occasion
    const signed = { outgoingSignedAt: handover.outgoingSignedAt, incomingSignedAt: handover.incomingSignedAt }
    const state = stateOf({ ...signed, reliefMissingAt: now, reliefCameAt: null })
    await handoversRepository(tx).update(handover.id, { state, reliefMissingAt: now, updatedAt: now })
    const staying = await attendance.runOn(occasion, handover.outgoingShiftId, handover.plannedAt)
    const facts = { postId: handover.postId, staying }
    await audit(tx, actor, now, handoverChange('relief-missing', handover, { from: handover.state, to: state, facts }))
    const awaited = handover.incomingCrew.filter((member) => member.state === 'confirmed')
    const waiting = handover.outgoingCrew.filter((member) => member.state === 'serving')
    const ids = (crew: typeof awaited) => crew.map((member) => member.volunteerId)
    await notifications.notify(occasion, [
      ...toCrew(handover, ids(awaited), 'relief-missing'),
      ...toCrew(handover, ids(waiting), 'relief-missing-crew'),
      {
        unitId: handover.unitId,
        template: 'relief-missing-unit',
        subjectId: handover.id,
        purpose: `relief-missing-unit:${handover.id}`,
      },
    ])
    const { reliefMissingMinutes } = await organisation.policyOf({ path: handover.unitPath }, tx)
    const dueAt = minutesAfter(handover.plannedAt, ABOVE_AFTER * reliefMissingMinutes)
    await schedule(tx, alarmAbove, { payload: { handoverId: handover.id }, key: handover.id, dueAt }, now)
    await news.record(reliefMissing, { handoverId: handover.id }, occasion)
  }

  const when = (task: { name: string }, handoverId: string, act: (occasion: Occasion, one: HandoverAt) => unknown) =>
    db.transaction(async (tx) => {
      const repository = handoversRepository(tx)
      if (!(await repository.lock(handoverId))) return
      await act({ tx, actor: worker(task.name), now: clock.now() }, (await repository.find(handoverId))!)
    })

  return {
    /** Reaction: a shift that somebody is to stand, or stands, ends in a handover. */
    async onAssignmentsMoved({ to, moves }: z.output<typeof assignmentsMoved.payload>, occasion: Occasion) {
      if (to !== 'confirmed' && to !== 'serving') return
      await expect(
        occasion,
        moves.map((move) => move.assignmentId),
      )
    },

    onAssignmentSeated: ({ assignmentId }: z.output<typeof assignmentSeated.payload>, occasion: Occasion) =>
      expect(occasion, [assignmentId]),

    /** Reaction: whoever comes may be the relief that was missed. */
    async onCheckedIn({ attendanceIds }: z.output<typeof checkedIn.payload>, occasion: Occasion): Promise<void> {
      const { tx, actor, now } = occasion
      const repository = handoversRepository(tx)
      const places = await repository.placesOf(attendanceIds)
      for (const row of await repository.missedBy([...new Set(places.map((place) => place.shiftId))])) {
        const at = places.find((place) => place.shiftId === row.incomingShiftId)!.checkedInAt
        await repository.update(row.id, { reliefCameAt: at, updatedAt: now })
        await attendance.relieve(occasion, row.outgoingShiftId, { from: row.plannedAt, at })
        const handover = (await repository.find(row.id))!
        await audit(tx, actor, now, handoverChange('relief-came', handover, { facts: { at: at.toISOString() } }))
      }
    },

    /** Reaction: the last to leave a post during a shift leaves it empty; that is told unless somebody comes soon. */
    async onCheckedOut({ attendanceIds }: z.output<typeof checkedOut.payload>, occasion: Occasion): Promise<void> {
      const repository = handoversRepository(occasion.tx)
      const left = new Map((await repository.placesOf(attendanceIds)).map((place) => [place.postId, place.unitId]))
      for (const [postId, unitId] of left) {
        const shift = await repository.shiftUnderWay(postId, occasion.now)
        if (!shift || (await repository.isManned(postId))) continue
        const purpose = `post-empty:${shift.id}:${occasion.now.getTime()}`
        const sendAfter = minutesAfter(occasion.now, EMPTY_MINUTES)
        await notifications.notify(occasion, [
          { unitId, template: 'post-empty', subjectId: shift.id, purpose, sendAfter },
        ])
      }
    },

    /** The record of a handover begins, and the lead of the crew is asked to fill it in. */
    async open(shiftId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const repository = handoversRepository(tx)
        const found = await repository.findShift(shiftId)
        if (found?.shift.state !== 'planned') return
        const { shift, unitId, unitPath } = found
        const occasion = { tx, actor: worker(openHandover.name), now }
        const policy = await organisation.policyOf({ path: unitPath }, tx)
        const [from, to] = [shift.endsAt.getTime() - RELIEF_BEFORE_MS, shift.endsAt.getTime() + RELIEF_AFTER_MS]
        const around = await repository.shiftsBeginning(shift.postId, new Date(from), new Date(to))
        const relief = reliefOf(shift, around)
        if (!relief) return
        const row = await repository.insert({
          postId: shift.postId,
          outgoingShiftId: shift.id,
          incomingShiftId: relief.id,
          plannedAt: shift.endsAt,
          supervisor: await repository.supervisorOf(unitId),
          createdAt: now,
          updatedAt: now,
        })
        if (!row) return
        await audit(tx, occasion.actor, now, handoverChange('opened', { id: row.id, unitId }, { to: 'due' }))
        const errand = { payload: { handoverId: row.id }, key: row.id }
        await schedule(tx, askCrew, { ...errand, dueAt: shift.endsAt }, now)
        const missedAt = minutesAfter(shift.endsAt, policy.reliefMissingMinutes)
        await schedule(tx, checkRelief, { ...errand, dueAt: missedAt }, now)
        const handover = (await repository.find(row.id))!
        const lead = handover.outgoingCrew.slice(0, 1).map((member) => member.volunteerId)
        await notifications.notify(occasion, toCrew(handover, lead, 'handover-due'))
      })
    },

    /** Nobody has signed when the shift ends: everybody of the crew may. */
    askCrew: (handoverId: string) =>
      when(askCrew, handoverId, async (occasion, handover) => {
        if (handover.outgoingSignedAt) return
        const crew = handover.outgoingCrew.map((member) => member.volunteerId)
        await notifications.notify(occasion, toCrew(handover, crew, 'handover-due'))
      }),

    /** Only who is at the post relieves; a signature, given before or from afar, does not. */
    checkRelief: (handoverId: string) =>
      when(checkRelief, handoverId, async (occasion, handover) => {
        if (handover.reliefMissingAt) return
        const { reliefMissingMinutes } = await organisation.policyOf({ path: handover.unitPath }, occasion.tx)
        const dueAt = minutesAfter(handover.plannedAt, reliefMissingMinutes)
        if (isThereAfter(handover.incomingCrew, dueAt)) return
        const relief = await handoversRepository(occasion.tx).findShift(handover.incomingShiftId)
        if (relief?.shift.state !== 'planned') return
        if (occasion.now >= dueAt) return alarm(occasion, handover)
        await schedule(occasion.tx, checkRelief, { payload: { handoverId }, key: handoverId, dueAt }, occasion.now)
      }),

    /** Still nobody: the unit above is told as well. */
    alarmAbove: (handoverId: string) =>
      when(alarmAbove, handoverId, async (occasion, handover) => {
        const above = handover.unitPath.split('/').filter(Boolean).at(-2)
        if (!above || !isMissed(handover)) return
        const purpose = `relief-missing-above:${handover.id}`
        await notifications.notify(occasion, [
          { unitId: above, template: 'relief-missing-unit', subjectId: handover.id, purpose },
        ])
      }),
  }
}
