import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, linkHolder } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { findLink, holdLink, type Link } from '../../platform/auth/links.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { stale } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { handoverCompleted } from './handovers.events.ts'
import { handoversProblems } from './handovers.problems.ts'
import { createRelief, type HandoverDeps, handoverChange } from './handovers.relief.ts'
import { type HandoverAt, handoversRepository } from './handovers.repository.ts'
import { type Fault, isWritable, reportsShown, type Side, sideOf, signFaults, stateOf } from './handovers.rules.ts'
import type { HandoverList, HandoverPatch, MatterClosing, Signature } from './handovers.schemas.ts'
import { handovers } from './handovers.tables.ts'
import { handoverView, matterView } from './handovers.views.ts'
import { mattersRepository } from './matters.repository.ts'

export type Handovers = ReturnType<typeof createHandovers>

type Patch = z.output<typeof HandoverPatch>

/** What the holder of a link sees, and why the last step was not possible. */
export interface LinkedHandover {
  handover: HandoverAt
  /** null: of neither crew any more; may look. */
  side: Side | null
  name: string
  locale: 'zh' | 'en' | 'bo'
  fault?: { code: Fault['code'] | 'changed' | 'reported' | 'not-a-number' }
}

/** What somebody does on the page of a handover. */
export interface PageStep {
  step: 'save' | 'sign'
  /** The version the page showed. */
  version: number
  patch: Patch
  remark: string | undefined
  /** The reports the page showed, see `reportsShown`; undefined: it showed none. */
  reports: string | undefined
}

/**
 * What one shift tells the next at a post. Promises: every shift that another one relieves has one record, both crews
 * sign it in order, what is open stands in the next one too, and relief that does not come is never a matter of silence.
 */
export function createHandovers(deps: HandoverDeps) {
  const { db, clock, news, organisation, notifications } = deps

  async function getHandover(handle: Handle, actor: Actor, id: string): Promise<HandoverAt> {
    const found = await handoversRepository(handle).find(id)
    assertCovers(actor, found?.unitPath, () => handoversProblems.unknown(id))
    return found!
  }

  /** Writes down what is said; what has been signed stays as it is. */
  async function write(occasion: Occasion, handover: HandoverAt, { newMatters, closedMatterIds, ...content }: Patch) {
    const { tx, actor, now } = occasion
    await handoversRepository(tx).update(handover.id, { ...content, updatedAt: now })
    const { id: openedInId, postId } = handover
    const opened = await mattersRepository(tx).insert(
      (newMatters ?? []).map(({ text, owner, dueAt }) => ({
        postId,
        openedInId,
        text,
        owner,
        dueAt: dueAt === null ? null : new Date(dueAt),
        createdAt: now,
      })),
    )
    const closing = { closedAt: now, closedBy: actor.id, closedInId: handover.id, closingNote: null }
    const closed = await mattersRepository(tx).close(closedMatterIds ?? [], postId, closing)
    const facts = {
      fields: Object.keys(content),
      opened: opened.map((matter) => matter.id),
      closed: closed.map((matter) => matter.id),
    }
    await audit(tx, actor, now, handoverChange('written', handover, { facts }))
  }

  /** One crew signs; with the other one's signature the handover is complete. */
  async function sign(
    occasion: Occasion,
    handover: HandoverAt,
    { side, volunteerId, remark, reason }: { side: Side; volunteerId: string; remark?: string | null; reason?: string },
  ): Promise<void> {
    const { tx, actor, now } = occasion
    const signed =
      side === 'outgoing'
        ? { outgoingSignedBy: volunteerId, outgoingSignedAt: now }
        : { incomingSignedBy: volunteerId, incomingSignedAt: now, incomingRemark: remark ?? null, actualAt: now }
    const state = stateOf({ ...handover, ...signed })
    await handoversRepository(tx).update(handover.id, { ...signed, state, updatedAt: now })
    const more = { from: handover.state, to: state, reason, facts: { side, volunteerId } }
    await audit(tx, actor, now, handoverChange(`signed-${side}`, handover, more))
    if (side === 'incoming') {
      const reports = handover.reports.map(({ id, number }) => ({ id, number }))
      return news.record(handoverCompleted, { handoverId: handover.id, volunteerId, reports }, occasion)
    }
    const relief = handover.incomingCrew.filter((member) => member.state === 'confirmed' || member.state === 'serving')
    await notifications.notify(
      occasion,
      relief.map((member) => ({
        volunteerId: member.volunteerId,
        template: 'handover-to-sign',
        subjectId: handover.id,
        purpose: `handover-to-sign:${handover.id}`,
      })),
    )
  }

  async function linked(handle: Handle, link: Link | undefined) {
    if (!link) return undefined
    const repository = handoversRepository(handle)
    const handover = await repository.find(link.subjectId)
    const person = await repository.findPerson(link.volunteerId)
    if (!handover || !person) return undefined
    const side = sideOf(handover, link.volunteerId) ?? null
    return { link, page: { handover, side, name: person.name, locale: person.locale } satisfies LinkedHandover }
  }

  /** Everything of one step in one transaction; what forbids it is said and nothing is written. */
  async function act(occasion: Occasion, page: LinkedHandover, volunteerId: string, step: PageStep) {
    const { handover, side } = page
    if (side === 'outgoing') {
      if (!isWritable(handover)) return { code: 'signed-already' as const }
      if (handover.version !== step.version) return { code: 'changed' as const }
      const content = { ...handover, ...step.patch }
      const faults = step.step === 'sign' ? signFaults(handover, side, content) : []
      if (faults[0]) return { code: faults[0].code }
      await write(occasion, handover, step.patch)
      if (step.step === 'sign') await sign(occasion, handover, { side, volunteerId })
      return undefined
    }
    if (side !== 'incoming' || step.step !== 'sign') return undefined
    const [fault] = signFaults(handover, side, handover)
    if (fault) return fault.code === 'signed-already' ? undefined : { code: fault.code }
    if (reportsShown(handover.reports) !== step.reports) return { code: 'reported' as const }
    await sign(occasion, handover, { side, volunteerId, remark: step.remark ?? null })
    return undefined
  }

  async function locked(tx: Tx, actor: Actor, id: string): Promise<HandoverAt> {
    await getHandover(tx, actor, id)
    await handoversRepository(tx).lock(id)
    return getHandover(tx, actor, id)
  }

  return {
    ...createRelief(deps),

    get: async (actor: Actor, id: string) => handoverView(await getHandover(db, actor, id)),

    async list(actor: Actor, query: z.output<typeof HandoverList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const filter = {
        actorPath: actor.unitPath,
        unitPath: under?.path,
        postId: query.postId,
        state: query.state,
        from: query.from ? new Date(query.from) : undefined,
        to: query.to ? new Date(query.to) : undefined,
      }
      const page = keyset(query, { plannedAt: handovers.plannedAt }, handovers.id)
      const rows = await handoversRepository(db).list(filter, page)
      return toPage(query, rows, (row) => row.plannedAt, handoverView)
    },

    /** An organizer writes for the crew, as long as it has not signed. */
    change: (actor: Actor, id: string, version: number, patch: Patch) =>
      db.transaction(async (tx) => {
        const handover = await locked(tx, actor, id)
        if (handover.version !== version) throw stale(handover.version)
        if (!isWritable(handover)) throw handoversProblems.signed()
        await write({ tx, actor, now: clock.now() }, handover, patch)
        return handoverView((await handoversRepository(tx).find(id))!)
      }),

    /** An organizer enters a signature given on paper. */
    sign: (actor: Actor, id: string, { side, volunteerId, reason, remark }: z.output<typeof Signature>) =>
      db.transaction(async (tx) => {
        const handover = await locked(tx, actor, id)
        const [fault] = signFaults(handover, side, handover)
        if (fault) throw handoversProblems.refused(fault)
        if (sideOf(handover, volunteerId) !== side) {
          const detail = `This person is not of the ${side} crew.`
          throw handoversProblems.refused({ code: 'not-of-this-crew', detail })
        }
        const wish = { side, volunteerId, reason, remark: remark ?? null }
        await sign({ tx, actor, now: clock.now() }, handover, wish)
        return handoverView((await handoversRepository(tx).find(id))!)
      }),

    /** A supervisor has looked at it. */
    look: (actor: Actor, id: string) =>
      db.transaction(async (tx) => {
        const handover = await getHandover(tx, actor, id)
        const now = clock.now()
        const [seen] = await handoversRepository(tx).look(id, actor.id, now)
        if (seen) await audit(tx, actor, now, handoverChange('seen', handover))
        return handoverView((await handoversRepository(tx).find(id))!)
      }),

    closeMatter: (actor: Actor, id: string, { note }: z.output<typeof MatterClosing>) =>
      db.transaction(async (tx) => {
        const repository = mattersRepository(tx)
        const found = await repository.find(id)
        assertCovers(actor, found?.unitPath, () => handoversProblems.matterUnknown(id))
        const now = clock.now()
        const closing = { closedAt: now, closedBy: actor.id, closedInId: null, closingNote: note ?? null }
        const [closed] = await repository.close([id], found!.matter.postId, closing)
        if (!closed) throw handoversProblems.matterClosed()
        await audit(tx, actor, now, {
          action: 'handover-matter.closed',
          subject: { type: 'handover-matter', id },
          unitId: found!.unitId,
          reason: note,
        })
        return matterView(closed)
      }),

    /** What the page behind a link shows; undefined for dead links. Changes nothing. */
    openPage: async (secret: string): Promise<LinkedHandover | undefined> =>
      (await linked(db, await findLink(db, secret, 'handover', clock.now())))?.page,

    /** Does what somebody of a crew asks; what forbids it comes back as `fault`. */
    answerPage: (secret: string, step: PageStep, requestId: string): Promise<LinkedHandover | undefined> =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const held = await holdLink(tx, secret, 'handover', now)
        if (!held) return undefined
        await handoversRepository(tx).lock(held.subjectId)
        const found = await linked(tx, held)
        if (!found) return undefined
        const { link, page } = found
        const occasion = { tx, actor: linkHolder(link.id, requestId), now }
        const fault = await act(occasion, page, link.volunteerId, step)
        return fault ? { ...page, fault } : page
      }),
  }
}
