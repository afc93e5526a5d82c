import { eq, gt, lt } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings as collectFindings } from '../../platform/http/problem.ts'
import { addLocalDays, atTime, localDay, wallToInstant } from '../../time/zones.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { Posts } from '../posts/posts.service.ts'
import { shifts } from '../posts/posts.tables.ts'
import { createCompositions } from './duty-days.compositions.ts'
import { dutyDaysProblems } from './duty-days.problems.ts'
import { dutyDaysRepository } from './duty-days.repository.ts'
import { findingsOf } from './duty-days.rules.ts'
import type { InspectionList, NewInspection, SettleFinding, TodayQuery } from './duty-days.schemas.ts'
import { inspections } from './duty-days.tables.ts'
import { findingView, inspectionView, todayView } from './duty-days.views.ts'

export type DutyDays = ReturnType<typeof createDutyDays>

export interface DutyDaysDeps extends Foundations {
  organisation: Organisation
  posts: Posts
  notifications: Pick<Notifications, 'notify'>
}

/**
 * The duty of a day: who makes it up, who is on duty, and who was really there. Promises: a composition is made whole or
 * not at all, a spot check compares with the plan of its moment, and whoever was missing makes a finding.
 */
export function createDutyDays(deps: DutyDaysDeps) {
  const { db, clock, organisation, posts, notifications } = deps

  async function show(handle: Handle, actor: Actor, id: string) {
    const repository = dutyDaysRepository(handle)
    const found = await repository.findInspection(id)
    assertCovers(actor, found?.unitPath, () => dutyDaysProblems.inspectionUnknown(id))
    return inspectionView(found!.inspection, found!.postName, await repository.findingsOf([id]))
  }

  async function checkInspection(handle: Handle, actor: Actor, input: z.output<typeof NewInspection>, now: Date) {
    const found = collectFindings()
    const paths = await dutyDaysRepository(handle).pathsOfPeople(input.present)
    input.present.forEach((id, index) => {
      const path = paths.get(id)
      if (path !== undefined && covers(actor, path)) return
      found.add(`/body/present/${index}`, 'volunteer-unknown', `There is no volunteer ${id} that you may see.`)
    })
    if (input.at && new Date(input.at) > now) found.add('/body/at', 'in-the-future', 'This moment has not come yet.')
    found.throwIfAny()
  }

  return {
    ...createCompositions(deps),

    /** Who is on duty on a day, shift by shift; phones are whole only for those who organize. */
    async dutyToday(actor: Actor, query: z.output<typeof TodayQuery>) {
      const now = clock.now()
      const unit = await organisation.getUnit(actor, query.unitId)
      const day = query.day ?? localDay(now, unit.zone)
      const begins = wallToInstant(atTime(day, '00:00'), unit.zone, 'start')
      const ends = wallToInstant(atTime(addLocalDays(day, 1), '00:00'), unit.zone, 'start')
      const repository = dutyDaysRepository(db)
      const rows = await repository.listShifts(
        [withinPath(unit.path), eq(shifts.state, 'planned'), lt(shifts.startsAt, ends), gt(shifts.endsAt, begins)],
        keyset(query, { startsAt: shifts.startsAt }, shifts.id),
      )
      const seats = Map.groupBy(await repository.seatsOf(rows.map((row) => row.shift.id)), (seat) => seat.shiftId)
      const page = toPage(
        query,
        rows.map((row) => ({ ...row, id: row.shift.id })),
        ({ shift }) => shift.startsAt,
        (row) => todayView(row, seats.get(row.shift.id) ?? [], { day, now, masked: actor.role === 'viewer' }),
      )
      return { day, ...page }
    },

    /** Records a spot check: who was there is compared with who should have been. */
    async recordInspection(actor: Actor, input: z.output<typeof NewInspection>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const { post } = await posts.getPost(actor, input.postId, tx)
        await checkInspection(tx, actor, input, now)
        const repository = dutyDaysRepository(tx)
        const at = input.at ? new Date(input.at) : now
        const seen = [...new Set(input.present)]
        const expected = await repository.expectedAt(post.id, at)
        const findings = findingsOf(expected, seen, input.others)
        const inspection = await repository.insertInspection({
          unitId: post.unitId,
          postId: post.id,
          at,
          inspectedBy: input.inspectedBy,
          result: findings.length > 0 ? 'with_findings' : 'in_order',
          expected: expected.filter((one) => !one.onStandby).length,
          present: seen.length,
          note: input.note,
          recordedAt: now,
          recordedBy: `${actor.kind}:${actor.id}`,
        })
        const { id: inspectionId, unitId } = inspection
        await repository.insertSightings(seen.map((volunteerId) => ({ inspectionId, volunteerId })))
        const made = await repository.insertFindings(findings.map((one) => ({ ...one, id: newId(), inspectionId })))
        await audit(
          tx,
          actor,
          now,
          {
            action: 'inspection.recorded',
            subject: { type: 'inspection', id: inspectionId },
            unitId,
            to: inspection.result,
            facts: { postId: post.id, expected: expected.length, present: seen.length },
          },
          ...made.map(({ id, kind, volunteerId, assignmentId }) => ({
            action: 'inspection-finding.opened',
            subject: { type: 'inspection-finding', id },
            unitId,
            to: 'open',
            facts: { inspectionId, kind, volunteerId, assignmentId },
          })),
        )
        if (made.length > 0) {
          const purpose = `inspection-findings:${inspectionId}`
          await notifications.notify({ tx, actor, now }, [
            { unitId, template: 'inspection-findings', subjectId: inspectionId, purpose },
          ])
        }
        return show(tx, actor, inspectionId)
      })
    },

    showInspection: (actor: Actor, id: string) => show(db, actor, id),

    async listInspections(actor: Actor, query: z.output<typeof InspectionList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const repository = dutyDaysRepository(db)
      const rows = await repository.listInspections(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.postId ? eq(inspections.postId, query.postId) : undefined,
          query.result ? eq(inspections.result, query.result) : undefined,
        ],
        keyset(query, { at: inspections.at }, inspections.id),
      )
      const ids = rows.map(({ inspection }) => inspection.id)
      const findings = Map.groupBy(await repository.findingsOf(ids), ({ finding }) => finding.inspectionId)
      return toPage(
        query,
        rows.map((row) => ({ ...row, id: row.inspection.id })),
        ({ inspection }) => inspection.at,
        ({ inspection, postName }) => inspectionView(inspection, postName, findings.get(inspection.id) ?? []),
      )
    },

    /** Somebody has looked into it and says what came of it. */
    async settleFinding(actor: Actor, id: string, { reason }: z.output<typeof SettleFinding>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const repository = dutyDaysRepository(tx)
        const found = await repository.findFinding(id)
        assertCovers(actor, found?.unitPath, () => dutyDaysProblems.findingUnknown(id))
        const settled = await repository.settle(id, reason, now)
        if (!settled) throw dutyDaysProblems.findingSettled()
        await audit(tx, actor, now, {
          action: 'inspection-finding.settled',
          subject: { type: 'inspection-finding', id },
          unitId: found!.unitId,
          from: 'open',
          to: 'settled',
          reason,
        })
        return findingView(settled, found!.name)
      })
    },
  }
}
