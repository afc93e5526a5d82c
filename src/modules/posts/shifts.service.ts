import { and, eq, gte, lt } from 'drizzle-orm'
import type { z } from 'zod'
import { audit, type Change } from '../../platform/audit/audit.ts'
import { type Actor, worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { addLocalDays, dateOf, localDay } from '../../time/zones.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { shiftsMoved, shiftsWithdrawn } from './posts.events.ts'
import { type PostAt, postsRepository, type RequirementRow } from './posts.repository.ts'
import {
  type HeldMove,
  occurrencesOf,
  type ShiftChanges,
  seatsOf,
  shiftChanges,
  slotChanges,
  type WantedShift,
} from './posts.rules.ts'
import { type LINKED_BY, posts, shifts } from './posts.tables.ts'
import type { KnownShift, Leftover } from './posts.types.ts'
import { shiftView } from './posts.views.ts'
import { shiftPostsRepository } from './shift-posts.repository.ts'
import { templatesRepository } from './shift-templates.repository.ts'
import type { ShiftList } from './shift-templates.schemas.ts'
import { createRelocation, timesOf } from './shifts.relocation.ts'
import { type ShiftAt, type ShiftWindow, type SlotRow, shiftsRepository } from './shifts.repository.ts'

export interface PlannedShifts {
  shifts: ShiftAt[]
  slots: SlotRow[]
  /** Requirements the slots were made from, by id. */
  requirements: Map<string, RequirementRow>
  /** Templates whose seats one person keeps, by id. */
  linkedBy: Map<string, (typeof LINKED_BY)[number]>
}

export interface Materialised extends PlannedShifts {
  /** Shifts that should be otherwise and were left alone. */
  leftovers: Leftover[]
  /** Seats no longer wanted that stay because a draft names them; they go at the next call once it does not. */
  surplusSlotIds: string[]
}

export type Shifts = ReturnType<typeof createShifts>

/** Shifts and slots: made from templates, each occurrence once; what somebody holds moves with its holders or not at all. */
export function createShifts({
  db,
  news,
  organisation,
}: Pick<Foundations, 'db' | 'news'> & { organisation: Organisation }) {
  const { relocate, tryMoving } = createRelocation(news)

  async function shiftsOf(handle: Handle, window: ShiftWindow): Promise<PlannedShifts> {
    const repo = shiftsRepository(handle)
    const planned = await repo.plannedIn(window)
    const seats = await repo.slotsOf(planned.map((shift) => shift.id))
    const ids = [...new Set(seats.map((slot) => slot.requirementId))]
    const requirements = await postsRepository(handle).findRequirements(ids)
    const linked = await repo.linkedTemplates(window)
    return {
      shifts: planned,
      slots: seats,
      requirements: new Map(requirements.map((one) => [one.id, one])),
      linkedBy: new Map(linked.map((one) => [one.id, one.linked!])),
    }
  }

  /** What the templates want in a window, what there is, and what follows from both. */
  async function compare(tx: Tx, window: ShiftWindow, now: Date, postId?: string) {
    const repo = shiftsRepository(tx)
    const templates = await repo.templatesIn(window, postId)
    const made = await repo.madeIn(window, postId)
    const exceptions = Map.groupBy(
      await templatesRepository(tx).exceptionsOf(templates.map((template) => template.id)),
      (one) => one.templateId,
    )
    const away = await shiftPostsRepository(tx).movedAway(templates.map((template) => template.id))
    const keysAway = new Set(away.map((one) => `${one.templateId} ${one.originalStart}`))
    const wanted = templates.flatMap((template) =>
      occurrencesOf(template, exceptions.get(template.id) ?? [], window.fromOn, window.toOn)
        .filter((one) => !keysAway.has(`${template.id} ${one.originalStart}`))
        .map((one): WantedShift => {
          const { id: templateId, postId, zone, kind } = template
          return { ...one, templateId, postId, zone, kind }
        }),
    )
    const known = made.map(({ shift, ...standing }): KnownShift => {
      return { ...shift, ...standing, templateId: shift.templateId! }
    })
    return { templates, known, changes: shiftChanges(wanted, known, now) }
  }

  /** Moves what is held, where its holders can follow; a shift that was made in its place meanwhile goes. */
  async function moveHeld({ tx, actor, now }: Occasion, moves: HeldMove[], mayMove: boolean) {
    const leftovers: Leftover[] = []
    const replaced: KnownShift[] = []
    for (const move of moves) {
      const { id: shiftId, originalStart } = move.shift
      const left = mayMove ? await tryMoving({ tx, actor, now }, move) : { because: 'held' as const }
      if (left) leftovers.push({ shiftId, originalStart, ...left })
      else if (move.instead?.state === 'planned') replaced.push(move.instead)
    }
    return { leftovers, replaced }
  }

  async function apply({ tx, actor, now }: Occasion, changes: Pick<ShiftChanges, 'create' | 'update' | 'cancel'>) {
    const repo = shiftsRepository(tx)
    const created = changes.create.map(({ exception: _exception, ...shift }) => ({
      ...shift,
      id: newId(),
      createdAt: now,
    }))
    const createdIds = await repo.insertShifts(created)
    if (changes.update.length > 0) await repo.updateShifts(changes.update)
    const cancelledIds = changes.cancel.map((shift) => shift.id)
    if (cancelledIds.length > 0) await repo.cancelShifts([...cancelledIds, ...(await repo.partsOf(cancelledIds))])
    await audit(
      tx,
      actor,
      now,
      ...createdIds.map((id): Change => ({ action: 'shift.planned', subject: { type: 'shift', id }, to: 'planned' })),
      ...changes.update.map(({ id }): Change => ({ action: 'shift.changed', subject: { type: 'shift', id } })),
      ...cancelledIds.map(
        (id): Change => ({
          action: 'shift.cancelled',
          subject: { type: 'shift', id },
          from: 'planned',
          to: 'cancelled',
        }),
      ),
    )
    return created.filter((shift) => createdIds.includes(shift.id))
  }

  /** Those who were looked for, for shifts that nobody holds, hear of it. */
  async function tell(occasion: Occasion, known: KnownShift[], { update, cancel }: ShiftChanges) {
    const knownById = new Map(known.map((shift) => [shift.id, shift]))
    const moved = update.map(({ id }) => knownById.get(id)!).filter((shift) => shift.settled)
    const moves = moved.map((shift) => ({ shiftId: shift.id, was: timesOf(shift) }))
    if (moves.length > 0) await news.record(shiftsMoved, { moves, reason: null, override: null }, occasion)
    const shiftIds = cancel.filter((shift) => shift.settled).map((shift) => shift.id)
    if (shiftIds.length > 0) await news.record(shiftsWithdrawn, { shiftIds }, occasion)
  }

  interface Wish {
    /** Only shifts of this post, and only on days on which it has had shifts: what nobody has planned yet is not made. */
    postId?: string
    /** May what is held move now, with its holders? */
    mayMove: boolean
  }

  /** Brings shifts and slots of a window in step with the templates. */
  async function bringInStep(occasion: Occasion, window: ShiftWindow, { postId, mayMove }: Wish) {
    const { tx, now } = occasion
    await shiftsRepository(tx).lockTree(window.unitPath)
    const { templates, known, changes } = await compare(tx, window, now, postId)
    const { leftovers, replaced } = await moveHeld(occasion, changes.move, mayMove)
    const plannedDays = new Set(known.map((shift) => dateOf(shift.originalStart)))
    const wanted = {
      ...changes,
      create: changes.create.filter((shift) => !postId || plannedDays.has(dateOf(shift.originalStart))),
      cancel: [...changes.cancel, ...replaced],
    }
    const created = await apply(occasion, wanted)
    const cancelled = new Set(wanted.cancel.map((shift) => shift.id))
    const movable = [...created, ...known.filter((shift) => !shift.settled && shift.startsAt > now)]
    const surplusSlotIds = await bringSlotsInStep(tx, movable, cancelled, templates)
    await tell(occasion, known, wanted)
    return { leftovers: [...changes.leftovers, ...leftovers], surplusSlotIds }
  }

  async function bringSlotsInStep(
    tx: Tx,
    movable: { id: string; templateId: string; state?: string }[],
    cancelled: Set<string>,
    templates: { id: string; postId: string; requirementIds: string[] | null }[],
  ): Promise<string[]> {
    const repo = shiftsRepository(tx)
    const templateOf = new Map(templates.map((template) => [template.id, template]))
    const requirements = Map.groupBy(
      await postsRepository(tx).requirementsOf([...new Set(templates.map((template) => template.postId))]),
      (one) => one.postId,
    )
    const slotsOf = Map.groupBy(await repo.slotsOf(movable.map((shift) => shift.id)), (slot) => slot.shiftId)
    const changes = movable.map((shift) => {
      const template = cancelled.has(shift.id) ? undefined : templateOf.get(shift.templateId)
      const wanted = template ? seatsOf(requirements.get(template.postId) ?? [], template.requirementIds) : []
      const { add, ...others } = slotChanges(wanted, slotsOf.get(shift.id) ?? [])
      return { ...others, add: add.map((slot) => ({ ...slot, shiftId: shift.id })) }
    })
    await repo.insertSlots(changes.flatMap((one) => one.add))
    const renamed = changes.flatMap((one) => one.update)
    if (renamed.length > 0) await repo.updateSlots(renamed)
    return repo.deleteSlots(changes.flatMap((one) => one.remove.map((slot) => slot.id)))
  }

  return {
    shiftsOf,

    /**
     * Makes the shifts and slots that templates want in a window and answers with all that is there afterwards. May be
     * called any number of times: an occurrence is made once. Nothing changes about shifts that have begun or that
     * somebody holds.
     */
    async materialise(tx: Tx, window: ShiftWindow, now: Date, actor: Actor = worker('posts')): Promise<Materialised> {
      const { leftovers, surplusSlotIds } = await bringInStep({ tx, actor, now }, window, { mayMove: false })
      return { ...(await shiftsOf(tx, window)), leftovers, surplusSlotIds }
    },

    relocate,

    /** After a change of a post or its templates: the shifts there are follow, held ones with their holders. */
    async follow(tx: Tx, { post, unitPath, unitZone }: PostAt, now: Date, actor: Actor): Promise<Leftover[]> {
      const last = await shiftsRepository(tx).lastDayOf(post.id)
      const fromOn = localDay(now, unitZone)
      if (last === null || last < fromOn) return []
      const window = { unitPath, fromOn, toOn: addLocalDays(dateOf(last), 1) }
      await shiftsRepository(tx).holdRosters(post.id, now)
      return (await bringInStep({ tx, actor, now }, window, { postId: post.id, mayMove: true })).leftovers
    },

    async listShifts(actor: Actor, query: z.output<typeof ShiftList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const repo = shiftsRepository(db)
      const rows = await repo.list(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.postId ? eq(posts.id, query.postId) : undefined,
          query.state ? eq(shifts.state, query.state) : undefined,
          and(
            query.from ? gte(shifts.localDay, query.from) : undefined,
            query.to ? lt(shifts.localDay, query.to) : undefined,
          ),
        ],
        keyset(query, { startsAt: shifts.startsAt }, shifts.id),
      )
      const ids = rows.map((shift) => shift.id)
      const [seats, holders] = await Promise.all([repo.slotsOf(ids), repo.holdersOf(ids)])
      const slotsOf = Map.groupBy(seats, (slot) => slot.shiftId)
      const holderOf = new Map(holders.map((one) => [one.slotId, one]))
      return toPage(
        query,
        rows,
        (row) => row.startsAt,
        (shift) => shiftView(shift, slotsOf.get(shift.id) ?? [], holderOf),
      )
    },
  }
}
