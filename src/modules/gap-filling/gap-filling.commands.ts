import { and, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { findings, ProblemError } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks } from '../../platform/queue/tasks.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { Override } from '../rosters/rosters.types.ts'
import type { Volunteers } from '../volunteers/volunteers.service.ts'
import type { Escalations, Reaction } from './gap-filling.escalations.ts'
import type { Gaps } from './gap-filling.gaps.ts'
import { advanceCascade } from './gap-filling.jobs.ts'
import { gapFillingProblems } from './gap-filling.problems.ts'
import { type GapRow, gapFillingRepository } from './gap-filling.repository.ts'
import type { Acknowledge, AskAnew, FillGap, PauseGap, SearchPatch, StopGap, WidenGap } from './gap-filling.schemas.ts'
import { offers } from './gap-filling.tables.ts'
import { auditGaps, noteOn } from './gap-filling.trail.ts'
import type { EligibilityOracle, SearchWish } from './gap-filling.types.ts'
import { offersRepository } from './offers.repository.ts'
import { searchesRepository } from './searches.repository.ts'

export interface CommandDeps extends Foundations {
  volunteers: Pick<Volunteers, 'getVolunteer'>
  assignments: Assignments
  rosters: EligibilityOracle
  gaps: Gaps
  escalations: Escalations
  /** The gap, when the actor may see it. */
  getGap(tx: Tx, actor: Actor, id: string): Promise<GapRow>
}

const SOURCES = { reserveSetIds: 'echelon-set', echelonIds: 'echelon', unitIds: 'unit' } as const

const unique = (ids: string[]) => [...new Set(ids)]

/** Without what was taken back by null. */
const withPatch = (wish: SearchWish, patch: z.output<typeof SearchPatch>): SearchWish =>
  Object.fromEntries(Object.entries({ ...wish, ...patch }).filter(([, value]) => value !== null && value !== undefined))

/** What an organizer can do about a gap; each leaves its trace, and whoever acts is no longer climbed past. */
export function createCommands(deps: CommandDeps) {
  const { db, clock, volunteers, assignments, rosters, gaps, escalations, getGap } = deps

  /** The gap, held until the end of the transaction, with its seat. */
  const onOpenGap = (actor: Actor, id: string, work: (occasion: Occasion, gap: GapRow) => Promise<unknown>) =>
    db.transaction(async (tx) => {
      const { slotId } = await getGap(tx, actor, id)
      await gapFillingRepository(tx).lockSlots([slotId])
      const gap = (await gapFillingRepository(tx).lockGap(id))!
      if (gap.state !== 'open') throw gapFillingProblems.notOpen(gap.state)
      await work({ tx, actor, now: clock.now() }, gap)
    })

  const note = (
    occasion: Occasion,
    id: string,
    said: string,
    more: { reason?: string | undefined; facts?: object } = {},
  ) => auditGaps(occasion, [noteOn(id, { type: 'gap', id }, said, { reason: more.reason, facts: { ...more.facts } })])

  async function searchOf(tx: Tx, gapId: string) {
    const search = await searchesRepository(tx).lockOpen(gapId)
    if (!search) throw gapFillingProblems.noSearch()
    return search
  }

  /** Goes on with the search that runs, or begins a new one. */
  async function goOn(occasion: Occasion, gapId: string): Promise<void> {
    const running = await searchesRepository(occasion.tx).lockOpen(gapId)
    if (running) await gaps.advanceSoon(occasion, [running.id])
    else await gaps.startCascades(occasion, [gapId])
  }

  async function checkVolunteer(tx: Tx, actor: Actor, id: string): Promise<void> {
    const found = findings()
    await volunteers.getVolunteer(actor, id, tx).catch((error) => {
      if (!(error instanceof ProblemError)) throw error
      found.add('/body/volunteerId', error.code, error.message)
    })
    found.throwIfAny()
  }

  /** Hard rules hold unless they may be set aside and are, by name and with a reason. */
  async function allowed(
    { tx, actor, now }: Occasion,
    slotId: string,
    { volunteerId, override }: z.output<typeof FillGap>,
  ): Promise<Override | null> {
    const [verdict] = await rosters.candidatesFor(tx, slotId, [volunteerId], now)
    if (!verdict) throw gapFillingProblems.notEligible([])
    const { failures } = verdict
    const standing = failures.filter(({ rule, overridable }) => !overridable || !override?.rules.includes(rule))
    if (standing.length > 0) throw gapFillingProblems.notEligible(standing)
    return failures.length > 0 ? { ...override!, by: `${actor.kind}:${actor.id}` } : null
  }

  /** Names everything the actor may not call, field by field; a village may call the reserve of its city. */
  async function checkSources(tx: Tx, actor: Actor, slotId: string, input: z.output<typeof WidenGap>): Promise<void> {
    const found = findings()
    const repository = gapFillingRepository(tx)
    const { unitPath } = (await repository.findSeat(slotId))!
    const paths = await repository.pathsOf(input)
    for (const field of ['reserveSetIds', 'echelonIds', 'unitIds'] as const) {
      input[field].forEach((id, index) => {
        const path = paths[field].get(id)
        if (path !== undefined && (covers(actor, path) || unitPath.startsWith(path))) return
        found.add(
          `/body/${field}/${index}`,
          `${SOURCES[field]}-unknown`,
          `There is no ${SOURCES[field]} ${id} that you may see.`,
        )
      })
    }
    found.throwIfAny()
  }

  const answer = (occasion: Occasion, gapId: string, reaction: Reaction) =>
    escalations.answer(occasion, gapId, reaction)

  return {
    /** Seats a person by hand; without their word it is a request, as nobody volunteers by force. */
    fillGap: (actor: Actor, id: string, input: z.output<typeof FillGap>) =>
      onOpenGap(actor, id, async (occasion, gap) => {
        await checkVolunteer(occasion.tx, actor, input.volunteerId)
        const override = await allowed(occasion, gap.slotId, input)
        await answer(occasion, id, { kind: 'filled' })
        await assignments.seatOne(occasion, gap.rosterId, {
          slotId: gap.slotId,
          volunteerId: input.volunteerId,
          source: 'hand',
          state: input.agreed ? 'confirmed' : 'pending',
          override,
          replacesId: gap.vacatedId,
        })
        await gaps.fill(occasion, [gap.slotId])
      }),

    /** Looks through the reserve anew, for whoever was not asked yet. */
    restart: (actor: Actor, id: string) =>
      onOpenGap(actor, id, async (occasion) => {
        if (await searchesRepository(occasion.tx).lockOpen(id)) throw gapFillingProblems.searchRuns()
        await gaps.startCascades(occasion, [id])
        await answer(occasion, id, { kind: 'restarted' })
      }),

    /** Nobody new is asked; those who are being asked may still answer. */
    pause: (actor: Actor, id: string, { reason }: z.output<typeof PauseGap>) =>
      onOpenGap(actor, id, async (occasion) => {
        const search = await searchOf(occasion.tx, id)
        if (search.pausedAt) return
        await searchesRepository(occasion.tx).setPause(search.id, occasion.now)
        await cancelTasks(occasion.tx, advanceCascade, [search.id], occasion.now)
        await note(occasion, id, 'search-paused', { reason })
      }),

    resume: (actor: Actor, id: string) =>
      onOpenGap(actor, id, async (occasion) => {
        const search = await searchOf(occasion.tx, id)
        if (!search.pausedAt) return
        await searchesRepository(occasion.tx).setPause(search.id, null)
        await gaps.advanceSoon(occasion, [search.id])
        await note(occasion, id, 'search-resumed')
      }),

    /** The search ends, and whoever was asked is told; the gap stays open for a hand. */
    stop: (actor: Actor, id: string, { reason }: z.output<typeof StopGap>) =>
      onOpenGap(actor, id, async (occasion) => {
        await searchOf(occasion.tx, id)
        await gaps.stopSearch(occasion, id, reason)
        await answer(occasion, id, { kind: 'stopped', note: reason })
      }),

    /** Calls more people: further reserve sets, echelons or whole units after those of the requirement, or more at once. */
    widen: (actor: Actor, id: string, input: z.output<typeof WidenGap>) =>
      onOpenGap(actor, id, async (occasion, gap) => {
        await checkSources(occasion.tx, actor, gap.slotId, input)
        const { search } = gap
        const { waveSize, reason } = input
        const wider: SearchWish = {
          ...search,
          reserveSetIds: unique([...(search.reserveSetIds ?? []), ...input.reserveSetIds]),
          echelonIds: unique([...(search.echelonIds ?? []), ...input.echelonIds]),
          unitIds: unique([...(search.unitIds ?? []), ...input.unitIds]),
          ...(waveSize ? { waveSize } : {}),
          reason,
          by: `${actor.kind}:${actor.id}`,
        }
        await gapFillingRepository(occasion.tx).setSearch(id, wider)
        await note(occasion, id, 'search-widened', { reason, facts: input })
        await answer(occasion, id, { kind: 'widened', note: reason })
        await goOn(occasion, id)
      }),

    /** Policy for this one gap. */
    setSearch: (actor: Actor, id: string, patch: z.output<typeof SearchPatch>) =>
      onOpenGap(actor, id, async (occasion, gap) => {
        await gapFillingRepository(occasion.tx).setSearch(id, withPatch(gap.search, patch))
        await note(occasion, id, 'search-changed', { facts: patch })
        const running = await searchesRepository(occasion.tx).lockOpen(id)
        if (running) await gaps.advanceSoon(occasion, [running.id])
      }),

    /** Those who were asked and did not come may be asked once more. */
    askAnew: (actor: Actor, id: string, { states }: z.output<typeof AskAnew>) =>
      onOpenGap(actor, id, async (occasion) => {
        const mine = and(eq(offers.gapId, id), inArray(offers.state, states))
        const released = await offersRepository(occasion.tx).release(mine, occasion.now)
        await note(occasion, id, 'asked-anew', { facts: { states, people: released.length } })
        await answer(occasion, id, { kind: 'asked-anew' })
        await goOn(occasion, id)
      }),

    /** Somebody responsible sees to it: nobody further up is told. */
    acknowledge: (actor: Actor, id: string, { by, note: words }: z.output<typeof Acknowledge>) =>
      onOpenGap(actor, id, (occasion) => answer(occasion, id, { kind: 'acknowledged', by, note: words })),
  }
}
