import { and, eq, gte, lt } from 'drizzle-orm'
import type { z } from 'zod'
import { audit, type Change } from '../../platform/audit/audit.ts'
import { type Actor, worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { addLocalDays, dateOf, localDay } from '../../time/zones.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { type PostAt, postsRepository, type RequirementRow } from './posts.repository.ts'
import { occurrencesOf, seatsOf, shiftChanges, slotChanges, type WantedShift } from './posts.rules.ts'
import { type LINKED_BY, posts, shifts } from './posts.tables.ts'
import type { KnownShift, Leftover } from './posts.types.ts'
import { shiftView } from './posts.views.ts'
import { templatesRepository } from './shift-templates.repository.ts'
import type { ShiftList } from './shift-templates.schemas.ts'
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

/** Shifts and slots: made from templates, each occurrence once, and never moved from under somebody's feet. */
export function createShifts({ db, organisation }: Pick<Foundations, 'db'> & { organisation: Organisation }) {
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

  /**
   * Brings shifts and slots of a window in step with the templates. With a post only those of that post, and only on
   * days on which it has had shifts: what nobody has planned yet is not made.
   */
  async function bringInStep(tx: Tx, window: ShiftWindow, now: Date, actor: Actor, postId?: string) {
    const repo = shiftsRepository(tx)
    await repo.lockTree(window.unitPath)
    const templates = await repo.templatesIn(window, postId)
    const made = await repo.madeIn(window, postId)
    const exceptions = Map.groupBy(
      await templatesRepository(tx).exceptionsOf(templates.map((template) => template.id)),
      (one) => one.templateId,
    )
    const wanted = templates.flatMap((template) =>
      occurrencesOf(template, exceptions.get(template.id) ?? [], window.fromOn, window.toOn).map((one): WantedShift => {
        const { id: templateId, postId, zone, kind } = template
        return { ...one, templateId, postId, zone, kind }
      }),
    )
    const known = made.map(({ shift, held }): KnownShift => ({ ...shift, templateId: shift.templateId!, held }))
    const changes = shiftChanges(wanted, known, now)

    const plannedDays = new Set(known.map((shift) => dateOf(shift.originalStart)))
    const missing = changes.create.filter((shift) => !postId || plannedDays.has(dateOf(shift.originalStart)))
    const created = missing.map(({ exception: _exception, ...shift }) => ({
      ...shift,
      id: newId(),
      createdAt: now,
    }))
    const createdIds = await repo.insertShifts(created)
    if (changes.update.length > 0) await repo.updateShifts(changes.update)
    if (changes.cancel.length > 0) await repo.cancelShifts(changes.cancel.map((shift) => shift.id))

    const cancelled = new Set(changes.cancel.map((shift) => shift.id))
    const movable = [
      ...created.filter((shift) => createdIds.includes(shift.id)),
      ...known.filter((shift) => !shift.held && shift.startsAt > now),
    ]
    const surplusSlotIds = await bringSlotsInStep(tx, movable, cancelled, templates)
    await audit(
      tx,
      actor,
      now,
      ...createdIds.map((id): Change => ({ action: 'shift.planned', subject: { type: 'shift', id }, to: 'planned' })),
      ...changes.update.map(({ id }): Change => ({ action: 'shift.changed', subject: { type: 'shift', id } })),
      ...[...cancelled].map(
        (id): Change => ({
          action: 'shift.cancelled',
          subject: { type: 'shift', id },
          from: 'planned',
          to: 'cancelled',
        }),
      ),
    )
    return { leftovers: changes.leftovers, surplusSlotIds }
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
     * somebody is or was assigned to.
     */
    async materialise(tx: Tx, window: ShiftWindow, now: Date, actor: Actor = worker('posts')): Promise<Materialised> {
      const { leftovers, surplusSlotIds } = await bringInStep(tx, window, now, actor)
      return { ...(await shiftsOf(tx, window)), leftovers, surplusSlotIds }
    },

    /** After a change of a post or its templates: the shifts there are follow, as far as they still may. */
    async follow(tx: Tx, { post, unitPath, unitZone }: PostAt, now: Date, actor: Actor): Promise<Leftover[]> {
      const last = await shiftsRepository(tx).lastDayOf(post.id)
      const fromOn = localDay(now, unitZone)
      if (last === null || last < fromOn) return []
      const window = { unitPath, fromOn, toOn: addLocalDays(dateOf(last), 1) }
      return (await bringInStep(tx, window, now, actor, post.id)).leftovers
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
