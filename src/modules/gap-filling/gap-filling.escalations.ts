import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { type EscalationRow, escalationsRepository } from './escalations.repository.ts'
import { levelAfter } from './escalations.rules.ts'
import { climbEscalation } from './gap-filling.jobs.ts'
import { type GapRow, gapFillingRepository, type SeatRow } from './gap-filling.repository.ts'
import { auditGaps, escalationEntry } from './gap-filling.trail.ts'

export type Escalations = ReturnType<typeof createEscalations>

export interface Reaction {
  kind: NonNullable<EscalationRow['reaction']>
  /** Who has reacted; whoever holds the key when left out. */
  by?: string | undefined
  note?: string | undefined
}

interface Place {
  gap: Pick<GapRow, 'id'>
  seat: Pick<SeatRow, 'unitPath'>
}

const MINUTE = 60_000
const TEMPLATES = { exhausted: 'gap-exhausted', lapses: 'gap-at-risk' } as const

/**
 * The way up the chain of responsibility: the responsible people of the unit are told first, those of the next level up
 * when nobody has reacted in time, and so on to the top. Every step is a row.
 */
export function createEscalations({
  db,
  clock,
  organisation,
  notifications,
}: Foundations & { organisation: Organisation; notifications: Notifications }) {
  async function tell(
    occasion: Occasion,
    { gap, seat }: Place,
    step: Pick<EscalationRow, 'unitId' | 'climb' | 'level' | 'reason'>,
  ): Promise<void> {
    const { tx, now } = occasion
    const { escalateMinutes } = await organisation.policyOf({ path: seat.unitPath }, tx)
    const reactBy = new Date(now.getTime() + escalateMinutes * MINUTE)
    const row = { ...step, id: newId(), gapId: gap.id, state: 'told' as const, toldAt: now, reactBy }
    const told = await escalationsRepository(tx).insert(row)
    if (!told) return
    await auditGaps(occasion, [escalationEntry(told)])
    const purpose = `escalation:${told.id}`
    const params = { escalationId: told.id }
    const message = { unitId: step.unitId, template: TEMPLATES[step.reason], subjectId: gap.id, purpose, params }
    await notifications.notify(occasion, [message])
    await schedule(tx, climbEscalation, { payload: { escalationId: told.id }, key: told.id, dueAt: reactBy }, now)
  }

  /** Those who heard of it while the search went on hear that it has ended. */
  async function tellEnd(occasion: Occasion, { gapId, climb }: EscalationRow): Promise<void> {
    const steps = await escalationsRepository(occasion.tx).ofClimb(gapId, climb)
    await notifications.notify(
      occasion,
      steps.map((step) => ({
        unitId: step.unitId,
        template: TEMPLATES.exhausted,
        subjectId: gapId,
        purpose: `gap-exhausted:${step.id}`,
        params: { escalationId: step.id },
      })),
    )
  }

  return {
    /** Begins to climb, unless somebody is waited for already; for lapses only once a gap. */
    async start(occasion: Occasion, place: Place, reason: EscalationRow['reason']): Promise<void> {
      const { tx } = occasion
      const latest = await escalationsRepository(tx).latestOf(place.gap.id)
      if (latest && reason === 'lapses') return
      if (latest?.state === 'told') return latest.reason === 'lapses' ? tellEnd(occasion, latest) : undefined
      const chain = await gapFillingRepository(tx).chainAbove(place.seat.unitPath)
      const unitId = levelAfter(chain, undefined)!
      await tell(occasion, place, { unitId, climb: (latest?.climb ?? 0) + 1, level: 1, reason })
    },

    /** Nobody of a level has reacted in time: the next one up is told. */
    async climb(escalationId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const before = await escalationsRepository(tx).find(escalationId)
        const gap = before && (await gapFillingRepository(tx).lockGap(before.gapId))
        const step = gap && (await escalationsRepository(tx).find(escalationId))
        const now = clock.now()
        if (step?.state !== 'told' || gap!.state !== 'open' || now < step.reactBy) return
        const occasion = { tx, actor: worker(climbEscalation.name), now }
        const passed = await escalationsRepository(tx).end([gap!.id], { state: 'passed', endedAt: now })
        await auditGaps(
          occasion,
          passed.map((row) => escalationEntry(row, 'told')),
        )
        const seat = (await gapFillingRepository(tx).findSeat(gap!.slotId))!
        const unitId = levelAfter(await gapFillingRepository(tx).chainAbove(seat.unitPath), step.unitId)
        if (!unitId) return
        const { climb, level, reason } = step
        await tell(occasion, { gap: gap!, seat }, { unitId, climb, level: level + 1, reason })
      })
    },

    /** Somebody sees to it: the climb stops. A reaction that comes after the top had its time is kept as well. */
    async answer(occasion: Occasion, gapId: string, { kind, by, note }: Reaction): Promise<void> {
      const { tx, actor, now } = occasion
      const repository = escalationsRepository(tx)
      const answer = { endedAt: now, reaction: kind, reactedBy: by ?? `${actor.kind}:${actor.id}`, note: note ?? null }
      const told = await repository.end([gapId], { state: 'answered', ...answer })
      await cancelTasks(
        tx,
        climbEscalation,
        told.map((row) => row.id),
        now,
      )
      const latest = told.length === 0 ? await repository.latestOf(gapId) : undefined
      const late = latest && (await repository.answerLast(latest.id, { state: 'answered', ...answer }))
      await auditGaps(occasion, [
        ...told.map((row) => escalationEntry(row, 'told')),
        ...(late ? [escalationEntry(late, 'passed')] : []),
      ])
    },

    /** The seat is taken, or no longer to be filled. */
    async close(occasion: Occasion, gapIds: string[]): Promise<void> {
      if (gapIds.length === 0) return
      const { tx, now } = occasion
      const closed = await escalationsRepository(tx).end(gapIds, { state: 'closed', endedAt: now })
      await cancelTasks(
        tx,
        climbEscalation,
        closed.map((row) => row.id),
        now,
      )
      await auditGaps(
        occasion,
        closed.map((row) => escalationEntry(row, 'told')),
      )
    },
  }
}
