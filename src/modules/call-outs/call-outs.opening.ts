import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { type Findings, findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { nominalMinutes, shiftEnd } from '../../time/lengths.ts'
import { addLocalDays, dateOf, instantToWall } from '../../time/zones.ts'
import type { GapFilling } from '../gap-filling/gap-filling.service.ts'
import type { CallingDeps } from './call-outs.calling.ts'
import { callOutOpened } from './call-outs.events.ts'
import { advanceSoon } from './call-outs.holding.ts'
import { callOutsRepository } from './call-outs.repository.ts'
import type { NewCallOut } from './call-outs.schemas.ts'
import type { CallTier } from './call-outs.types.ts'

type Input = z.output<typeof NewCallOut>
type Source = Input['from'][number]
type Deps = Omit<CallingDeps, 'gapFilling'> & { gapFilling: Pick<GapFilling, 'openGaps'> }

/** Only the call-out uses this requirement: its place and its numbers say nothing, its slots do. */
const ASIDE = 1_000

/** From what an organizer says to an extra shift with its seats, all of them gaps from birth. */
export function createOpening({ news, organisation, crews, gapFilling }: Deps) {
  async function place(handle: Handle, { kind, id }: Source) {
    const repository = callOutsRepository(handle)
    if (kind === 'set') return repository.findSet(id)
    if (kind === 'echelon') return repository.findEchelon(id)
    return kind === 'unit' ? repository.findUnit(id) : repository.findCrew(id)
  }

  /** Sets may stand above the post, as a village may call the reserve of its city. */
  async function tiersOf(handle: Handle, actor: Actor, postPath: string, from: Source[], found: Findings) {
    const tiers: CallTier[] = []
    for (const [index, source] of from.entries()) {
      const { kind, id } = source
      const known = await place(handle, source)
      if (!known || !(covers(actor, known.unitPath) || postPath.startsWith(known.unitPath))) {
        const what = kind === 'set' ? 'echelon-set' : kind
        found.add(`/body/from/${index}/id`, `${what}-unknown`, `There is no ${what} ${id} that you may see.`)
      } else if (kind === 'set') {
        const echelons = await callOutsRepository(handle).echelonsOfSet(id)
        tiers.push(...echelons.map((one) => ({ kind: 'echelon' as const, id: one.id, name: one.name })))
      } else tiers.push({ kind, id, name: known.name })
    }
    return tiers
  }

  async function checked({ tx, actor, now }: Occasion, input: Input) {
    const repository = callOutsRepository(tx)
    const found = findings()
    const at = await repository.findPost(input.postId)
    if (!at || !covers(actor, at.unitPath)) {
      found.add('/body/postId', 'post-unknown', `There is no post ${input.postId} that you may see.`)
    }
    const known = await repository.knownQualifications(input.qualificationIds)
    input.qualificationIds.forEach((id, index) => {
      if (known.has(id)) return
      found.add(`/body/qualificationIds/${index}`, 'qualification-unknown', `There is no qualification ${id}.`)
    })
    const tiers = await tiersOf(tx, actor, at?.unitPath ?? '', input.from, found)
    const startLocal = input.startLocal ?? instantToWall(now, at?.zone ?? 'UTC')
    const times = shiftEnd(startLocal, at?.zone ?? 'UTC', input.length)
    if (times.endsAt <= now) found.add('/body/startLocal', 'call-out-over', 'It would be over already.')
    found.throwIfAny()
    return { ...at!, tiers, startLocal, times }
  }

  async function sizeOf(tx: Tx, { people, from }: Input, on: string): Promise<number> {
    if (people !== undefined) return people
    const first = from.find((one) => one.kind === 'crew')!
    const { leadId } = (await callOutsRepository(tx).findCrew(first.id))!
    const members = await crews.membersOn(tx, first.id, on)
    return Math.max(1, new Set([...members, ...(leadId ? [leadId] : [])]).size)
  }

  return {
    tiersOf,

    /** Returns the id of the new call-out. */
    async open(occasion: Occasion, input: Input): Promise<string> {
      const { tx, actor, now } = occasion
      const repository = callOutsRepository(tx)
      const { post, unitPath, zone, tiers, startLocal, times } = await checked(occasion, input)
      const [id, rosterId, requirementId, shiftId] = [newId(), newId(), newId(), newId()]
      const localDay = dateOf(startLocal)
      const wanted = await sizeOf(tx, input, localDay)
      const stamps = { createdAt: now, updatedAt: now }
      await repository.insertRoster({
        ...stamps,
        id: rosterId,
        unitId: post.unitId,
        kind: 'call-out',
        fromOn: localDay,
        toOn: addLocalDays(localDay, 1),
        state: 'published',
        publishedAt: now,
      })
      await repository.insertRequirement({
        id: requirementId,
        postId: post.id,
        role: `call-out ${id}`,
        position: ASIDE,
        minimum: 1,
        desired: 1,
        maximum: 1,
        qualificationIds: input.qualificationIds,
        grades: input.grades,
        personClasses: input.personClasses,
        languages: input.languages,
        reserveSetIds: input.from.filter((one) => one.kind === 'set').map((one) => one.id),
        active: false,
        createdAt: now,
      })
      await repository.insertShift({
        id: shiftId,
        postId: post.id,
        originalStart: startLocal,
        startLocal,
        endLocal: times.localEnd,
        zone,
        localDay,
        startsAt: times.startsAt,
        endsAt: times.endsAt,
        nominalMinutes: nominalMinutes(input.length),
        extra: true,
        createdAt: now,
      })
      const slots = Array.from({ length: wanted }, (_, i) => ({
        id: newId(),
        shiftId,
        requirementId,
        role: input.role,
        seat: i + 1,
        mandatory: true,
      }))
      await repository.insertSlots(slots)
      const policy = await organisation.policyOf({ path: unitPath }, tx)
      await repository.insert({
        ...stamps,
        id,
        unitId: post.unitId,
        postId: post.id,
        rosterId,
        shiftId,
        requirementId,
        reason: input.reason,
        role: input.role,
        wanted,
        tiers,
        crewLeast: input.crewLeast ?? null,
        answerMinutes: input.answerMinutes ?? policy.offerMinutes,
        state: 'open',
        createdBy: `${actor.kind}:${actor.id}`,
      })
      await audit(
        tx,
        actor,
        now,
        {
          action: 'shift.planned',
          subject: { type: 'shift', id: shiftId },
          unitId: post.unitId,
          to: 'planned',
          facts: { callOutId: id },
        },
        {
          action: 'call-out.opened',
          subject: { type: 'call-out', id },
          unitId: post.unitId,
          to: 'open',
          reason: input.reason,
          facts: { wanted, from: tiers.map((tier) => tier.name) },
        },
      )
      await gapFilling.openGaps(
        occasion,
        slots.map((slot) => ({ rosterId, slotId: slot.id, cause: 'hand' })),
      )
      await news.record(callOutOpened, { unitId: post.unitId, callOutId: id }, occasion)
      await advanceSoon(tx, id, now)
      return id
    },
  }
}
