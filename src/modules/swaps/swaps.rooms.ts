import type { z } from 'zod'
import { linkHolder } from '../../platform/auth/actor.ts'
import { findLink, holdLink, type Link, mintLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { refusedBy } from '../../platform/db/errors.ts'
import { ProblemError } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { isLocalDateTime, wallToInstant } from '../../time/zones.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import { type PersonRow, peopleRepository } from './people.repository.ts'
import type { Board, SwapBoard, SwapShown } from './swaps.board.ts'
import type { Dealing, HeldSwap } from './swaps.dealing.ts'
import { SWAP_PATH } from './swaps.messages.ts'
import { swapProblems } from './swaps.problems.ts'
import { type DutyRow, type SwapRow, swapsRepository } from './swaps.repository.ts'
import type { SwapStep } from './swaps.rules.ts'
import type { PageStep } from './swaps.schemas.ts'
import type { TakeoverOracle } from './swaps.types.ts'

type Step = z.output<typeof PageStep>

interface Around {
  locale: Locale
  person: PersonRow
}

/** What the holder of a link sees: one swap; or their own duties, what waits for them, and the board; or one duty to hand on. */
export type SwapPage = Around &
  (
    | { view: 'swap'; shown: SwapShown }
    | { view: 'room'; duties: DutyRow[]; swaps: SwapShown[]; board: Board }
    | { view: 'duty'; duty: DutyRow; people: { id: string; name: string }[]; trades: DutyRow[] }
  )

/** undefined: a dead link. A problem: it was refused, and nothing has changed but, maybe, a note of the rules that fail. */
export type StepOutcome = { refused?: ProblemError } | undefined

const MOST_SHOWN = 8
const ENTRY_HOURS_MS = 12 * 3_600_000
const PROMISES = [
  'swaps_one_at_a_time',
  'swap_answers_one_taker',
  'assignments_one_live_per_slot',
  'assignments_nobody_at_two_posts',
]

/** Pressed twice, or on a page from before: what was wanted is so already. */
function isSaidAlready({ state, askerId, askedId, takerId }: SwapRow, step: SwapStep, personId: string): boolean {
  if (step === 'accept') return takerId === personId && state !== 'open'
  if (step === 'withdraw') return askerId === personId && state === 'withdrawn'
  return state === 'rejected' && [askedId, takerId].includes(personId)
}

interface Deps extends Pick<Foundations, 'db' | 'clock'> {
  dealing: Dealing
  board: SwapBoard
  rosters: TakeoverOracle
  assignments: Assignments
  notifications: Notifications
}

/** Pages of people without a login: each link reaches its own person, and one swap or all that person has to do with. */
export function createRooms({ db, clock, dealing, board, rosters, assignments, notifications }: Deps) {
  const isRoom = (link: Link) => link.subjectId === link.volunteerId

  async function showSwap(handle: Handle, link: Link): Promise<SwapShown | undefined> {
    const swap = await swapsRepository(handle).find(link.subjectId)
    const isParty = swap && [swap.askerId, swap.askedId, swap.takerId].includes(link.volunteerId)
    if (!isParty) return undefined
    const [shown] = await board.showAll(handle, [swap], link.volunteerId)
    return board.withReturns(handle, shown!, link.volunteerId)
  }

  async function showRoom(around: Around, dutyId: string | undefined): Promise<SwapPage> {
    const { person } = around
    const repository = swapsRepository(db)
    const duties = await repository.dutiesAhead(person.id, clock.now(), MOST_SHOWN)
    const chosen = duties.find((duty) => duty.id === dutyId)
    if (chosen)
      return { ...around, view: 'duty', duty: chosen, ...(await board.choicesFor(db, person, chosen, MOST_SHOWN)) }
    const shown = await board.showAll(db, await repository.swapsOf(person.id, MOST_SHOWN * 2), person.id)
    const swaps = await Promise.all(shown.map((one) => board.withReturns(db, one, person.id)))
    return { ...around, view: 'room', duties, swaps, board: await board.boardFor(db, person, MOST_SHOWN) }
  }

  /** The swap a form speaks of, if this link reaches it: its own, or any of the person's and those on their board. */
  async function reach(occasion: Occasion, link: Link, swapId: string, returnId?: string): Promise<HeldSwap> {
    const held = !isRoom(link) && swapId !== link.subjectId ? undefined : await dealing.hold(occasion, swapId, returnId)
    const person = await peopleRepository(occasion.tx).findPerson(link.volunteerId)
    const root = (path: string) => path.split('/')[1]
    if (!held || root(held.deal.duty.unitPath) !== root(person!.unitPath)) throw swapProblems.swapUnknown(swapId)
    return held
  }

  async function takeGap(occasion: Occasion, link: Link, gapId: string): Promise<void> {
    const { tx, now } = occasion
    const repository = swapsRepository(tx)
    const person = (await peopleRepository(tx).findPerson(link.volunteerId))!
    const root = `/${person.unitPath.split('/')[1]}/`
    const find = async () => (await repository.gapsFor(root, person.id, now, 1, gapId))[0]
    const seen = await find()
    if (seen) await repository.lockSlot(seen.slotId)
    const gap = await find()
    if (!gap) throw swapProblems.taken()
    const [verdict] = await rosters.fitsFor(tx, gap.slotId, [person.id])
    const failures = verdict?.failures ?? []
    if (failures.length > 0) {
      const hindrances = failures.map((failure) => ({ volunteerId: person.id, assignmentId: gap.slotId, failure }))
      throw swapProblems.hindered(hindrances, '')
    }
    const { slotId, vacatedId: replacesId } = gap
    const seat = { slotId, volunteerId: person.id, source: 'cascade', state: 'confirmed', replacesId } as const
    const row = await assignments.seatOne(occasion, gap.rosterId, seat)
    const message = { template: 'gap-taken', subjectId: row.id, purpose: `gap-taken:${row.id}` }
    await notifications.notify(occasion, [{ ...message, volunteerId: person.id }])
  }

  const wallOf = (text: string | undefined, zone: string, edge: 'start' | 'end') =>
    text && isLocalDateTime(text) ? wallToInstant(text, zone, edge) : undefined

  async function ask(occasion: Occasion, link: Link, step: Extract<Step, { assignmentId: string }>): Promise<void> {
    const repository = swapsRepository(occasion.tx)
    const [duty] = await repository.findDuties([step.assignmentId])
    if (!isRoom(link) || duty?.volunteerId !== link.volunteerId) throw swapProblems.swapUnknown(step.assignmentId)
    const wish = { kind: step.step, assignmentId: duty.id, askerId: link.volunteerId }
    if (step.step === 'trade') {
      const [wanted] = step.returnId ? await repository.findDuties([step.returnId]) : []
      await dealing.ask(occasion, { ...wish, returnId: wanted?.id, askedId: wanted?.volunteerId })
      return
    }
    const startsAt = wallOf(step.from, duty.zone, 'start')
    const endsAt = wallOf(step.to, duty.zone, 'end')
    const part = step.step === 'cover' && startsAt && endsAt ? { startsAt, endsAt } : undefined
    await dealing.ask(occasion, { ...wish, askedId: step.askedId, part, note: step.note || undefined })
  }

  async function take(tx: Tx, secret: string, step: Step, requestId: string): Promise<StepOutcome> {
    const now = clock.now()
    const link = await holdLink(tx, secret, 'swap', now)
    if (!link) return undefined
    const occasion = { tx, actor: linkHolder(link.id, requestId), now }
    const me = link.volunteerId
    if (step.step === 'take-gap') {
      if (!isRoom(link)) throw swapProblems.taken()
      await takeGap(occasion, link, step.gapId)
    } else if ('assignmentId' in step) await ask(occasion, link, step)
    else {
      const held = await reach(occasion, link, step.swapId, step.step === 'accept' ? step.returnId : undefined)
      if (isSaidAlready(held.swap, step.step, me)) return {}
      if (step.step === 'decline') await dealing.decline(occasion, held, me)
      else if (step.step === 'withdraw') {
        if (held.swap.askerId !== me) throw swapProblems.swapUnknown(step.swapId)
        await dealing.end(occasion, held.swap, 'withdrawn')
      } else {
        const hindrances = await dealing.accept(occasion, held, me)
        if (hindrances.length > 0) return { refused: swapProblems.hindered(hindrances, held.swap.askerId) }
      }
    }
    return {}
  }

  return {
    /** What the page behind a link shows; undefined for a dead link. Changes nothing. */
    async openPage(secret: string, dutyId?: string): Promise<SwapPage | undefined> {
      const link = await findLink(db, secret, 'swap', clock.now())
      const person = link && (await peopleRepository(db).findPerson(link.volunteerId))
      if (!person) return undefined
      const around = { locale: person.locale, person }
      if (isRoom(link)) return showRoom(around, dutyId)
      const shown = await showSwap(db, link)
      return shown && { ...around, view: 'swap', shown }
    },

    /** Does what a form asks for, all of it or nothing. */
    async answerPage(secret: string, step: Step, requestId: string): Promise<StepOutcome> {
      try {
        return await db.transaction((tx) => take(tx, secret, step, requestId))
      } catch (error) {
        if (error instanceof ProblemError) return { refused: error }
        if (PROMISES.includes(refusedBy(error) ?? '')) return { refused: swapProblems.taken() }
        throw error
      }
    },

    /** A way from another page of the same person to their duties and the board: its path, good for some hours. */
    async swapEntry(tx: Tx, volunteerId: string): Promise<string> {
      const now = clock.now()
      const expiresAt = new Date(now.getTime() + ENTRY_HOURS_MS)
      const secret = await mintLink(tx, { purpose: 'swap', subjectId: volunteerId, volunteerId, expiresAt }, now)
      return `${SWAP_PATH}/${secret}`
    },
  }
}
