import type { z } from 'zod'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import type { callOutClosed, callOutOpened, callOutShort } from '../call-outs/call-outs.events.ts'
import type { reportMissing } from '../duty-reports/duty-reports.events.ts'
import type { gapExhausted, gapsFilled, gapsOpened } from '../gap-filling/gap-filling.events.ts'
import type { reliefMissing } from '../handovers/handovers.events.ts'
import type {
  assignmentSeated,
  assignmentsMoved,
  assignmentsRescheduled,
  rosterPublished,
} from '../rosters/rosters.events.ts'
import { deliverWebhook } from './webhooks.jobs.ts'
import { type Place, type WebhookEvent, webhooksRepository } from './webhooks.repository.ts'
import { inPieces } from './webhooks.rules.ts'

type Payload<E extends { payload: z.ZodType }> = z.output<E['payload']>

interface Told {
  event: WebhookEvent
  place: Pick<Place, 'unitId' | 'unitPath'>
  data: Record<string, unknown>
}

const period = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }) => ({
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
})

/** Things of one roster together, so that each webhook hears of its own units only. */
function byRoster<P extends Place>(places: P[]): P[][] {
  const groups = new Map<string, P[]>()
  for (const place of places) groups.set(place.rosterId, [...(groups.get(place.rosterId) ?? []), place])
  return [...groups.values()].flatMap((group) => inPieces(group))
}

/** Writes down for every listener, in the transaction of the change, what it shall be told. */
async function tell({ tx, now }: Occasion, told: Told[]): Promise<void> {
  const repository = webhooksRepository(tx)
  const rows = []
  for (const { event, place, data } of told) {
    const listeners = await repository.listeners(event, place.unitPath.split('/').filter(Boolean))
    rows.push(
      ...listeners.map(({ id: webhookId }) => ({
        id: newId(),
        webhookId,
        event,
        data: { unitId: place.unitId, ...data },
        state: 'waiting' as const,
        createdAt: now,
        dueAt: now,
      })),
    )
  }
  if (rows.length === 0) return
  await repository.insertDeliveries(rows)
  const errands = rows.map(({ id }) => ({ payload: { deliveryId: id }, key: id, dueAt: now }))
  await schedule(tx, deliverWebhook, errands, now)
}

/** Reactions: what others did, as data of ids that the API explains. */
export const webhookReactions = {
  async onRosterPublished(payload: Payload<typeof rosterPublished>, occasion: Occasion): Promise<void> {
    const { rosterId, versionNumber, seatedIds, openSlotIds } = payload
    const [place] = await webhooksRepository(occasion.tx).placesOfRosters([rosterId])
    const counts = { seated: seatedIds.length, open: openSlotIds.length }
    await tell(occasion, [{ event: 'roster.published', place: place!, data: { rosterId, versionNumber, counts } }])
  },

  async onAssignmentsMoved({ to, moves }: Payload<typeof assignmentsMoved>, occasion: Occasion): Promise<void> {
    const from = new Map(moves.map((move) => [move.assignmentId, move.from]))
    const places = await webhooksRepository(occasion.tx).placesOfAssignments([...from.keys()])
    const events: WebhookEvent[] = to === 'no_show' ? ['assignment.moved', 'assignment.no-show'] : ['assignment.moved']
    const told = byRoster(places).flatMap((group) => {
      const { rosterId } = group[0]!
      const moved = group.map(({ id }) => ({ assignmentId: id, from: from.get(id) }))
      return events.map((event) => ({ event, place: group[0]!, data: { rosterId, to, moves: moved } }))
    })
    await tell(occasion, told)
  },

  async onAssignmentSeated({ assignmentId }: Payload<typeof assignmentSeated>, occasion: Occasion): Promise<void> {
    const [place] = await webhooksRepository(occasion.tx).placesOfAssignments([assignmentId])
    const data = { rosterId: place!.rosterId, assignmentId }
    await tell(occasion, [{ event: 'assignment.seated', place: place!, data }])
  },

  async onAssignmentsRescheduled({ moves }: Payload<typeof assignmentsRescheduled>, occasion: Occasion): Promise<void> {
    const wasOf = new Map(moves.map((move) => [move.assignmentId, move.was]))
    const places = await webhooksRepository(occasion.tx).placesOfAssignments([...wasOf.keys()])
    const told = places.map((place): Told => {
      const { id: assignmentId, rosterId } = place
      const was = wasOf.get(assignmentId)!
      const data = {
        ...{ rosterId, assignmentId },
        was: { ...period(was), ...(was.post && { postId: was.post.id }) },
        ...{ ...period(place), ...(was.post && { postId: place.postId }) },
      }
      return { event: 'assignment.rescheduled', place, data }
    })
    await tell(occasion, told)
  },

  onGapsOpened: ({ gapIds }: Payload<typeof gapsOpened>, occasion: Occasion) =>
    tellGaps('gap.opened', gapIds, occasion),
  onGapsFilled: ({ gapIds }: Payload<typeof gapsFilled>, occasion: Occasion) =>
    tellGaps('gap.filled', gapIds, occasion),
  onGapExhausted: ({ gapId }: Payload<typeof gapExhausted>, occasion: Occasion) =>
    tellGaps('gap.exhausted', [gapId], occasion),

  async onReliefMissing({ handoverId }: Payload<typeof reliefMissing>, occasion: Occasion): Promise<void> {
    const place = await webhooksRepository(occasion.tx).placeOfHandover(handoverId)
    const data = { handoverId, postId: place!.postId }
    await tell(occasion, [{ event: 'handover.relief-missing', place: place!, data }])
  },

  async onReportMissing({ unitId, ...ids }: Payload<typeof reportMissing>, occasion: Occasion): Promise<void> {
    const unitPath = await webhooksRepository(occasion.tx).unitPath(unitId)
    await tell(occasion, [{ event: 'report.missing', place: { unitId, unitPath }, data: ids }])
  },

  onCallOutOpened: (payload: Payload<typeof callOutOpened>, occasion: Occasion) =>
    tellCallOut('call-out.opened', payload, occasion),
  onCallOutShort: (payload: Payload<typeof callOutShort>, occasion: Occasion) =>
    tellCallOut('call-out.short', payload, occasion),
  onCallOutClosed: (payload: Payload<typeof callOutClosed>, occasion: Occasion) =>
    tellCallOut('call-out.closed', payload, occasion),
}

async function tellCallOut(
  event: WebhookEvent,
  { unitId, callOutId }: Payload<typeof callOutOpened>,
  occasion: Occasion,
): Promise<void> {
  const unitPath = await webhooksRepository(occasion.tx).unitPath(unitId)
  await tell(occasion, [{ event, place: { unitId, unitPath }, data: { callOutId } }])
}

async function tellGaps(event: WebhookEvent, gapIds: string[], occasion: Occasion): Promise<void> {
  const places = await webhooksRepository(occasion.tx).placesOfGaps(gapIds)
  const told = byRoster(places).map((group) => ({
    event,
    place: group[0]!,
    data: { rosterId: group[0]!.rosterId, gaps: group.map(({ id, slotId }) => ({ gapId: id, slotId })) },
  }))
  await tell(occasion, told)
}
