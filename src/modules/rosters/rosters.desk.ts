import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { evaluate } from '../../solver/index.ts'
import type { Posts } from '../posts/posts.service.ts'
import type { PlannedShifts } from '../posts/shifts.service.ts'
import { type DraftRow, type LiveRow, problemRepository } from './problem.repository.ts'
import { loadProblem, type ProblemRequest, type ProblemSources, type RosterProblem } from './rosters.problem.ts'
import { rosterProblems } from './rosters.problems.ts'
import { type RosterAt, rostersRepository } from './rosters.repository.ts'
import type { Place } from './rosters.rules.ts'
import { rosterView } from './rosters.views.ts'

export interface DeskDeps {
  posts: Pick<Posts, 'shiftsOf'>
  sources: ProblemSources
}

/** The part of a roster that can still change, and how it stands. */
export interface Table {
  planned: PlannedShifts
  places: Place[]
  live: LiveRow[]
  drafts: DraftRow[]
}

export type Desk = ReturnType<typeof createDesk>

/** What everybody who works at a roster needs: finding it, laying out what can still change, asking the rules. */
export function createDesk({ posts, sources }: DeskDeps) {
  const windowOf = (roster: RosterAt) => ({ unitPath: roster.unitPath, fromOn: roster.fromOn, toOn: roster.toOn })

  async function getRoster(handle: Handle, actor: Actor, id: string): Promise<RosterAt> {
    const roster = await rostersRepository(handle).findRoster(id)
    assertCovers(actor, roster?.unitPath, () => rosterProblems.rosterUnknown(id))
    if (roster!.kind !== 'plan') throw rosterProblems.rosterUnknown(id)
    return roster!
  }

  /** Shifts that have not begun, with their slots; extra ones stand beside every plan, and their duties are history to it. */
  function notBegun({ shifts, slots, ...rest }: PlannedShifts, now: Date): PlannedShifts {
    const future = shifts.filter((shift) => shift.startsAt > now && !shift.extra)
    const ids = new Set(future.map((shift) => shift.id))
    return { shifts: future, slots: slots.filter((slot) => ids.has(slot.shiftId)), ...rest }
  }

  async function layOut(handle: Handle, roster: RosterAt, now: Date, made?: PlannedShifts): Promise<Table> {
    const planned = notBegun(made ?? (await posts.shiftsOf(handle, windowOf(roster))), now)
    const slotIds = planned.slots.map((slot) => slot.id)
    const known = new Set(slotIds)
    const repo = problemRepository(handle)
    const [live, drafts] = await Promise.all([repo.liveOn(slotIds), repo.draftsOf(roster.id)])
    const places = planned.slots.map((slot) => ({ ...slot, slotId: slot.id }))
    return { planned, places, live, drafts: drafts.filter((row) => known.has(row.slotId)) }
  }

  return {
    windowOf,
    getRoster,
    layOut,

    /** The roster while nobody else can change it, in the state of this moment. */
    async lockRoster(tx: Tx, actor: Actor, id: string): Promise<RosterAt> {
      await getRoster(tx, actor, id)
      await rostersRepository(tx).lockRoster(id)
      return getRoster(tx, actor, id)
    },

    /**
     * People looked at are the holders of seats and those named; everybody who could matter when nobody is named.
     * Without reserves only those of the slots' own sets and units fit.
     */
    load: (
      handle: Handle,
      roster: RosterAt,
      { planned, live, drafts }: Table,
      options: Pick<ProblemRequest, 'reserves' | 'volunteerIds' | 'alsoIds' | 'allReserves' | 'frozenFrom'>,
    ): Promise<RosterProblem> =>
      loadProblem(handle, sources, {
        unitPath: roster.unitPath,
        zone: roster.zone,
        fromOn: roster.fromOn,
        toOn: roster.toOn,
        planned,
        live,
        drafts,
        ...options,
      }),

    /** Score and breaches of a plan. Pins are a wish to the engine and no rule for people. */
    judge: ({ problem, toAssignments }: RosterProblem, plan: Parameters<RosterProblem['toAssignments']>[0]) =>
      evaluate({ ...problem, pins: [] }, toAssignments(plan)),

    async show(handle: Handle, roster: RosterAt, now: Date) {
      const repo = rostersRepository(handle)
      const [counts, [run]] = await Promise.all([repo.countsOf([roster.id], now), repo.lastRunsOf([roster.id])])
      return rosterView(roster, counts.get(roster.id), run)
    },
  }
}

/** What the roster says now: its draft while one is open, else what was published. */
export const planOf = (
  roster: Pick<RosterAt, 'state'>,
  { live, drafts }: Pick<Table, 'live' | 'drafts'>,
): DraftRow[] => (roster.state === 'published' ? live.map(toDraft) : drafts)

export const toDraft = (row: LiveRow): DraftRow => ({
  slotId: row.slotId,
  rosterId: row.rosterId,
  volunteerId: row.volunteerId,
  pinned: false,
  source: row.source === 'roster' ? 'engine' : 'hand',
  override: row.override,
  why: null,
})
