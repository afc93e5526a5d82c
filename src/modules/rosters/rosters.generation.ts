import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { findings } from '../../platform/http/problem.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import type { Desk } from './rosters.desk.ts'
import { openDraft } from './rosters.drafts.ts'
import { generateRoster } from './rosters.jobs.ts'
import { rosterProblems } from './rosters.problems.ts'
import { type RosterAt, type RunRow, rostersRepository } from './rosters.repository.ts'
import type { NewRoster, Regenerate } from './rosters.schemas.ts'
import { runSummaryView, runView } from './rosters.views.ts'

export interface EngineSettings {
  budgetMs: number
  threads: number
}

type Deps = Pick<Foundations, 'db' | 'clock'> & { desk: Desk; engine: EngineSettings }

/** How often somebody who follows a run is told how far it is. */
const FOLLOW_EVERY_MS = 300
const HEARTBEAT_EVERY_MS = 15_000

export type RunNews =
  | { event: 'progress' | 'finished'; id: string; data: ReturnType<typeof runSummaryView> }
  | { event: 'heartbeat' }

/** Asking for rosters: the request is written down, a worker does it, and anybody may look on or stop it. */
export function createGeneration({ db, clock, desk, engine }: Deps) {
  async function requestRun(tx: Tx, actor: Actor, roster: RosterAt, input: z.output<typeof Regenerate>, now: Date) {
    const run = await rostersRepository(tx).insertRun({
      rosterId: roster.id,
      state: 'queued',
      seed: input.seed,
      budgetMs: input.budgetMs ?? engine.budgetMs,
      iterations: input.iterations ?? null,
      requestedBy: `${actor.kind}:${actor.id}`,
      createdAt: now,
    })
    await schedule(tx, generateRoster, { payload: { runId: run.id }, key: run.id, dueAt: now }, now)
    await audit(tx, actor, now, {
      action: 'generation-run.requested',
      subject: { type: 'generation-run', id: run.id },
      unitId: roster.unitId,
      to: 'queued',
      facts: { rosterId: roster.id, seed: run.seed, budgetMs: run.budgetMs },
    })
    return run
  }

  async function getRun(handle: Handle, actor: Actor, id: string): Promise<RunRow> {
    const found = await rostersRepository(handle).findRun(id)
    assertCovers(actor, found?.unitPath, () => rosterProblems.runUnknown(id))
    return found!.run
  }

  return {
    async createRoster(actor: Actor, input: z.output<typeof NewRoster>) {
      return db.transaction(async (tx) => {
        const unit = await organisationRepository(tx).findUnit(input.unitId)
        const found = findings()
        if (!unit || !covers(actor, unit.path)) {
          found.add('/body/unitId', 'unit-unknown', `There is no unit ${input.unitId} that you may see.`)
        }
        found.throwIfAny()
        const repo = rostersRepository(tx)
        await repo.lockTree(unit!.path)
        const others = await repo.overlapping(unit!.path, input.from, input.to)
        if (others.length > 0) throw rosterProblems.periodOverlaps(others)
        const now = clock.now()
        const { id } = await repo.insertRoster({
          unitId: input.unitId,
          fromOn: input.from,
          toOn: input.to,
          state: 'generating',
          createdAt: now,
          updatedAt: now,
        })
        const roster = (await repo.findRoster(id))!
        await audit(tx, actor, now, {
          action: 'roster.created',
          subject: { type: 'roster', id },
          unitId: roster.unitId,
          to: 'generating',
          facts: { from: input.from, to: input.to },
        })
        await requestRun(tx, actor, roster, input, now)
        return desk.show(tx, roster, now)
      })
    },

    /** Plans anew around the pins and, where the roster is published, with as little change as possible. */
    async regenerate(actor: Actor, id: string, input: z.output<typeof Regenerate>) {
      return db.transaction(async (tx) => {
        const before = await desk.lockRoster(tx, actor, id)
        const now = clock.now()
        const roster = await openDraft({ tx, actor, now }, desk, before)
        await rostersRepository(tx).changeRoster(id, { state: 'generating', updatedAt: now })
        await audit(tx, actor, now, {
          action: 'roster.regenerated',
          subject: { type: 'roster', id },
          unitId: roster.unitId,
          from: roster.state,
          to: 'generating',
        })
        await requestRun(tx, actor, roster, input, now)
        return desk.show(tx, await desk.getRoster(tx, actor, id), now)
      })
    },

    /** A run that has not begun is called off; one that has ends soon, with the best roster it has by then. */
    async cancelRun(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const { rosterId } = await getRun(tx, actor, id)
        const roster = await desk.lockRoster(tx, actor, rosterId)
        const repo = rostersRepository(tx)
        const now = clock.now()
        const subject = { type: 'generation-run', id }
        const cancelled = await repo.changeRun(id, ['queued'], { state: 'cancelled', finishedAt: now })
        if (cancelled) {
          await cancelTasks(tx, generateRoster, [id], now)
          await repo.changeRoster(rosterId, { state: 'draft', updatedAt: now })
          await audit(
            tx,
            actor,
            now,
            { action: 'generation-run.cancelled', subject, unitId: roster.unitId, from: 'queued', to: 'cancelled' },
            {
              action: 'roster.drafted',
              subject: { type: 'roster', id: rosterId },
              unitId: roster.unitId,
              from: 'generating',
              to: 'draft',
            },
          )
          return runView(cancelled)
        }
        const asked = await repo.noteProgress(id, { cancelRequested: true })
        if (!asked) throw rosterProblems.runOver((await getRun(tx, actor, id)).state)
        await audit(tx, actor, now, { action: 'generation-run.cancel-requested', subject, unitId: roster.unitId })
        return runView(asked)
      })
    },

    showRun: async (actor: Actor, id: string) => runView(await getRun(db, actor, id)),

    /** Tells how a run goes until it is over, whichever process does it. The first word comes at once. */
    async followRun(actor: Actor, id: string, signal: AbortSignal): Promise<AsyncGenerator<RunNews>> {
      const first = await getRun(db, actor, id)
      return follow(first, signal)
    },
  }

  async function* follow(first: RunRow, signal: AbortSignal): AsyncGenerator<RunNews> {
    let last = ''
    let silentMs = 0
    for (let run = first; !signal.aborted; ) {
      const data = runSummaryView(run)
      const isOver = run.finishedAt !== null
      const text = JSON.stringify(data)
      if (text !== last || isOver) {
        yield { event: isOver ? 'finished' : 'progress', id: run.id, data }
        silentMs = 0
      } else if (silentMs >= HEARTBEAT_EVERY_MS) {
        yield { event: 'heartbeat' }
        silentMs = 0
      }
      if (isOver) return
      last = text
      silentMs += FOLLOW_EVERY_MS
      await sleep(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => {})
      run = (await rostersRepository(db).findRun(run.id))!.run
    }
  }
}
