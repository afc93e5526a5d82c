import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { localDay } from '../../time/zones.ts'
import { type PersonRow, peopleRepository } from './people.repository.ts'
import { type Deal, hindrancesOf, partOf } from './swaps.eligibility.ts'
import { type AnswerRow, type DutyRow, type GapSeat, type SwapRow, swapsRepository } from './swaps.repository.ts'
import { type SwapStep, stepsOf } from './swaps.rules.ts'
import type { Hindrance, TakeoverOracle } from './swaps.types.ts'

/** A swap as one person sees it. */
export interface SwapShown {
  swap: SwapRow
  deal: Deal & { askerName: string }
  askedName: string | null
  takerName: string | null
  steps: SwapStep[]
  /** What stood in their way when they last tried to take it. */
  hindrances: Hindrance[]
  /** Duties they could give in return. */
  returns: DutyRow[]
}

export interface Board {
  swaps: SwapShown[]
  gaps: GapSeat[]
}

/** How many are looked at for each that is shown, as looking closely costs more than showing. */
const LOOKS = 4
const MOST_RETURNS = 5
const COLLEAGUES = 60

/** The open board and the choices of a person: nothing is shown that the one eligibility function refuses. */
export function createBoard({ clock, rosters }: Pick<Foundations, 'clock'> & { rosters: TakeoverOracle }) {
  const isFree = async (handle: Handle, deal: Deal, takerId: string) =>
    (await hindrancesOf(handle, rosters, deal, takerId)).length === 0

  /** Puts names and duties to swaps, as somebody sees them, or as an organizer does. */
  async function showAll(handle: Handle, rows: SwapRow[], viewerId?: string): Promise<SwapShown[]> {
    const repository = swapsRepository(handle)
    const now = clock.now()
    const given = <T>(values: (T | null)[]): T[] => values.filter((value) => value !== null)
    const duties = await repository.findDuties(rows.flatMap((row) => given([row.assignmentId, row.returnId])))
    const names = await peopleRepository(handle).namesOf(
      rows.flatMap((row) => given([row.askerId, row.askedId, row.takerId])),
    )
    const ids = rows.map((row) => row.id)
    const answers = viewerId && ids.length > 0 ? await repository.lastAnswersOf(ids, viewerId) : []
    const answerOf = new Map(answers.map((answer): [string, AnswerRow] => [answer.swapId, answer]))
    const nameOf = (id: string | null) => (id ? names.get(id)! : null)
    return rows.map((swap) => ({
      swap,
      deal: {
        kind: swap.kind,
        duty: duties.find((one) => one.id === swap.assignmentId)!,
        returned: duties.find((one) => one.id === swap.returnId),
        part: partOf(swap),
        askerName: nameOf(swap.askerId)!,
      },
      askedName: nameOf(swap.askedId),
      takerName: nameOf(swap.takerId),
      steps: viewerId ? stepsOf(swap, viewerId, now) : [],
      hindrances: swap.state === 'open' ? (answerOf.get(swap.id)?.hindrances ?? []) : [],
      returns: [],
    }))
  }

  /** Own duties that a person could give for the one on offer. */
  async function returnsFor(handle: Handle, deal: Deal, personId: string): Promise<DutyRow[]> {
    const own = await swapsRepository(handle).dutiesAhead(personId, clock.now(), MOST_RETURNS)
    const fit: DutyRow[] = []
    for (const returned of own) if (await isFree(handle, { ...deal, returned }, personId)) fit.push(returned)
    return fit
  }

  const isUndecidedTrade = ({ swap }: SwapShown) => swap.kind === 'trade' && swap.returnId === null

  const withReturns = async (handle: Handle, shown: SwapShown, personId: string): Promise<SwapShown> =>
    isUndecidedTrade(shown) && shown.steps.includes('accept')
      ? { ...shown, returns: await returnsFor(handle, shown.deal, personId) }
      : shown

  async function boardFor(handle: Handle, person: PersonRow, most: number): Promise<Board> {
    const repository = swapsRepository(handle)
    const now = clock.now()
    const root = `/${person.unitPath.split('/')[1]}/`
    const board: Board = { swaps: [], gaps: [] }
    const offered = await repository.onBoard(root, person.id, now, most * LOOKS)
    for (const shown of await showAll(handle, offered, person.id)) {
      if (board.swaps.length === most) break
      if (isUndecidedTrade(shown)) {
        const choice = await withReturns(handle, shown, person.id)
        if (choice.returns.length > 0) board.swaps.push(choice)
      } else if (await isFree(handle, shown.deal, person.id)) board.swaps.push(shown)
    }
    for (const gap of await repository.gapsFor(root, person.id, now, most * LOOKS)) {
      if (board.gaps.length === most) break
      const [verdict] = await rosters.fitsFor(handle, gap.slotId, [person.id])
      if (verdict?.failures.length === 0) board.gaps.push(gap)
    }
    return board
  }

  return {
    showAll,
    withReturns,
    boardFor,

    /** Whom a person may ask to take a duty, and for which duties they may trade it. */
    async choicesFor(handle: Handle, person: PersonRow, duty: DutyRow, most: number) {
      const repository = swapsRepository(handle)
      const now = clock.now()
      const colleagues = await peopleRepository(handle).colleaguesOf(person, localDay(now, person.zone), COLLEAGUES)
      const ids = colleagues.map((one) => one.id)
      const verdicts = ids.length > 0 ? await rosters.fitsFor(handle, duty.slotId, ids) : []
      const fit = new Set(verdicts.filter((one) => one.failures.length === 0).map((one) => one.volunteerId))
      const trades: DutyRow[] = []
      for (const returned of await repository.dutiesOfOthers(duty.rosterId, person.id, duty.startsAt, now, most * 2)) {
        if (trades.length === most) break
        if (await isFree(handle, { kind: 'trade', duty, returned }, returned.volunteerId)) trades.push(returned)
      }
      return { people: colleagues.filter((one) => fit.has(one.id)), trades }
    },
  }
}

export type SwapBoard = ReturnType<typeof createBoard>
