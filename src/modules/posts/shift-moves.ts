import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { postProblems } from './posts.problems.ts'
import { postsRepository } from './posts.repository.ts'
import { isOccurrence, isSame, occurrenceOf } from './posts.rules.ts'
import type { OccurrenceException } from './posts.types.ts'
import { shiftView } from './posts.views.ts'
import { shiftPostsRepository } from './shift-posts.repository.ts'
import { seatsElsewhere } from './shift-posts.rules.ts'
import { type TemplateRow, templatesRepository } from './shift-templates.repository.ts'
import type { ShiftMove } from './shift-templates.schemas.ts'
import type { NewPost, Relocation } from './shifts.relocation.ts'
import { shiftsRepository } from './shifts.repository.ts'
import type { Shifts } from './shifts.service.ts'

type Deps = Pick<Foundations, 'db' | 'clock'> & { shifts: Shifts }
type Repository = ReturnType<typeof shiftsRepository>
type Standing = NonNullable<Awaited<ReturnType<Repository['findStanding']>>>
type Wish = Pick<Relocation, 'reason' | 'override' | 'post'>
type When = Pick<OccurrenceException, 'originalStart'> & Partial<Pick<OccurrenceException, 'startLocal' | 'length'>>

/** Moving single shifts by hand: those nobody holds, and those that are held together with their holders. */
export function createShiftMoves({ db, clock, shifts }: Deps) {
  const repository = (occasion: Occasion) => shiftsRepository(occasion.tx)

  /** What has begun and what was cut in parts stays as it is. */
  function assertMovable({ shift, split }: Standing, now: Date): void {
    if (shift.state === 'planned' && shift.startsAt <= now) throw postProblems.shiftBegun(shift.originalStart)
    if (split) throw postProblems.shiftSplit(shift.originalStart)
  }

  /** The shift as it stands while nobody else can plan it; rosters first, then shifts, as everywhere. */
  async function hold(occasion: Occasion, which: Parameters<Repository['findStanding']>[0]) {
    const repo = repository(occasion)
    const seen = await repo.findStanding(which)
    if (!seen) return undefined
    await repo.holdRosters(seen.shift.postId, occasion.now)
    await repo.lockTree(seen.unitPath)
    return repo.findStanding(which)
  }

  async function relocate(occasion: Occasion, found: Standing, template: TemplateRow, when: When, wish: Wish) {
    assertMovable(found, occasion.now)
    const moved = { startLocal: null, length: null, ...when, kind: 'move' as const }
    const to = { ...occurrenceOf(template, when.originalStart, moved), zone: template.zone }
    const checks = findings()
    if (to.startsAt <= occasion.now) {
      checks.add('/body/startLocal', 'start-passed', `The shift would have begun at ${to.startLocal} already.`)
    }
    checks.throwIfAny()
    if (found.shift.state === 'cancelled' || (isSame(to, found.shift) && !wish.post)) return
    const { shift } = found
    const keyed = { ...shift, templateId: template.id }
    const instead = await counterpart(occasion, keyed, when.originalStart)
    await shifts.relocate(occasion, { shift: keyed, to, insteadId: instead, ...wish })
  }

  /** Another post as this shift would find it; seats it has no place for go, unless somebody has or had them. */
  async function newPost(occasion: Occasion, { shift }: Standing, postId: string): Promise<NewPost> {
    const { tx, actor } = occasion
    const posts = postsRepository(tx)
    const there = await posts.findPost(postId)
    const checks = findings()
    if (!there || !covers(actor, there.unitPath)) {
      checks.add('/body/postId', 'post-unknown', `There is no post ${postId} that you may see.`)
    } else if (!there.post.active) {
      checks.add('/body/postId', 'post-inactive', `${there.post.name} is not in use any more.`)
    }
    checks.throwIfAny()
    const seats = await repository(occasion).slotsOf([shift.id])
    const { fitting, unfit } = seatsElsewhere(seats, await posts.requirementsOf([postId]))
    const kept = await shiftPostsRepository(tx).removeUnused(unfit.map((seat) => seat.id))
    const wrong = fitting.length === 0 ? unfit : unfit.filter((seat) => kept.includes(seat.id))
    if (wrong.length > 0) throw postProblems.seatsUnfit(there!.post.name, wrong)
    const { post, unitPath } = (await posts.findPost(shift.postId))!
    const { id, name, address } = post
    return { id: postId, seats: fitting, was: { id, name, address, unitPath } }
  }

  /** A shift nobody holds that has the key already. */
  async function counterpart(occasion: Occasion, shift: Relocation['shift'], originalStart: string) {
    if (shift.originalStart === originalStart) return undefined
    const there = await repository(occasion).findStanding({ templateId: shift.templateId, originalStart })
    return there?.shift.id
  }

  /** Key under which a shift is found at its new time: its own, unless its template gives none any more. */
  async function keyAfter(occasion: Occasion, template: TemplateRow, found: Standing, startLocal: string | null) {
    const { originalStart } = found.shift
    if (isOccurrence(template, originalStart)) return originalStart
    if (startLocal === null || !isOccurrence(template, startLocal)) return undefined
    const there = await repository(occasion).findStanding({ templateId: template.id, originalStart: startLocal })
    return there && (there.held || there.split) ? undefined : startLocal
  }

  /** From now on the occurrence has an exception, as far as its template still gives it. */
  async function moveInTime(
    occasion: Occasion,
    found: Standing,
    template: TemplateRow,
    input: Pick<z.output<typeof ShiftMove>, 'startLocal' | 'length'>,
    wish: Wish,
  ) {
    const { tx, actor, now } = occasion
    const templates = templatesRepository(tx)
    const key = await keyAfter(occasion, template, found, input.startLocal)
    const originalStart = key ?? found.shift.originalStart
    const moved = (await templates.exceptionsOf([template.id])).find((one) => one.originalStart === originalStart)
    const startLocal = input.startLocal ?? found.shift.startLocal
    const when = { startLocal, length: input.length ?? moved?.length ?? null }
    await relocate(occasion, found, template, { ...when, originalStart }, wish)
    if (key !== found.shift.originalStart) return
    const reason = wish.reason ?? null
    const exception = { ...when, reason, templateId: template.id, originalStart, kind: 'move' as const }
    await templates.putException({ ...exception, createdAt: now })
    await templates.touchTemplate(template.id, now)
    await audit(tx, actor, now, {
      action: 'shift-exception.created',
      subject: { type: 'shift-template', id: template.id },
      unitId: found.unitId,
      reason: reason ?? undefined,
      facts: { kind: 'move', originalStart },
    })
  }

  async function findMovable(occasion: Occasion, id: string) {
    const before = await repository(occasion).findStanding({ id })
    assertCovers(occasion.actor, before?.unitPath, () => postProblems.shiftUnknown(id))
    if (before!.shift.templateId === null) throw postProblems.shiftOfNoTemplate()
    if (before!.shift.state === 'cancelled') throw postProblems.shiftCancelled()
    const { template } = (await templatesRepository(occasion.tx).findTemplate(before!.shift.templateId))!
    const { shift, ...standing } = (await hold(occasion, { id }))!
    const found = { shift: { ...shift, templateId: template.id }, ...standing }
    assertMovable(found, occasion.now)
    return { found, template }
  }

  async function show(occasion: Occasion, id: string) {
    const repo = repository(occasion)
    const [shift] = await repo.withIds([id])
    const holders = await repo.holdersOf([id])
    return shiftView(shift!, await repo.slotsOf([id]), new Map(holders.map((one) => [one.slotId, one])))
  }

  return {
    /** Refuses what is held or has begun: an occurrence that somebody is to stand is not simply left out. */
    async assertFree(occasion: Occasion, templateId: string, originalStart: string): Promise<void> {
      const found = await repository(occasion).findStanding({ templateId, originalStart })
      if (!found) return
      if (found.shift.state === 'planned' && found.shift.startsAt <= occasion.now) {
        throw postProblems.shiftBegun(originalStart)
      }
      if (found.held) throw postProblems.shiftHeld(originalStart)
    },

    /** Moves the shift of an occurrence, if it was made, to where an exception or the template has it. */
    async moveOccurrence(occasion: Occasion, template: TemplateRow, when: When & { reason?: string | null }) {
      const { originalStart } = when
      const found = await hold(occasion, { templateId: template.id, originalStart })
      if (found) await relocate(occasion, found, template, when, { reason: when.reason ?? null })
    },

    /** Moves one shift to another time, another post or both, with whoever holds it. */
    async moveShift(actor: Actor, id: string, input: z.output<typeof ShiftMove>) {
      return db.transaction(async (tx) => {
        const occasion = { tx, actor, now: clock.now() }
        const { found, template } = await findMovable(occasion, id)
        const { override = null, reason, postId } = input
        const post = postId && postId !== found.shift.postId ? await newPost(occasion, found, postId) : undefined
        const wish = { reason, override, post }
        if (input.startLocal !== null || input.length !== null) await moveInTime(occasion, found, template, input, wish)
        else if (post) await shifts.relocate(occasion, { shift: found.shift, to: found.shift, ...wish })
        const own = (await postsRepository(tx).findPost(template.postId))!
        await shifts.follow(tx, own, occasion.now, actor)
        return show(occasion, id)
      })
    },
  }
}
