import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { audit } from '../../platform/audit/audit.ts'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { HopelessTask, type TaskContext } from '../../platform/queue/runner.ts'
import { type Progress, type Solution, solveInThread } from '../../solver/index.ts'
import type { Posts } from '../posts/posts.service.ts'
import { type DraftRow, problemRepository } from './problem.repository.ts'
import { type Desk, toDraft } from './rosters.desk.ts'
import type { EngineSettings } from './rosters.generation.ts'
import { generateRoster } from './rosters.jobs.ts'
import type { RosterProblem } from './rosters.problem.ts'
import { type RosterAt, type RunRow, rostersRepository } from './rosters.repository.ts'
import { caughtUp, openSeats } from './rosters.rules.ts'
import type { RosterState, RunState } from './rosters.states.ts'
import type { RunOutcome, RunProgress } from './rosters.types.ts'

type Deps = Pick<Foundations, 'db' | 'clock' | 'log'> & { posts: Posts; desk: Desk; engine: EngineSettings }

const actor = worker('rosters.generate')
const PROGRESS_EVERY_MS = 250

interface Begun {
  run: RunRow
  roster: RosterAt
  loaded: RosterProblem
}

const toProgress = ({ phase, done, iteration, score }: Progress): RunProgress => ({
  phase,
  share: done,
  iterations: iteration,
  score,
})

/** The worker's side of a generation run. May be killed at any moment: the task comes back and begins anew. */
export function createEngineRoom({ db, clock, log, posts, desk, engine }: Deps) {
  /** Shifts of the period in step with the templates; a draft gives up seats that nobody wants any more. */
  async function makeShifts(tx: Tx, roster: RosterAt, now: Date) {
    const window = desk.windowOf(roster)
    const made = await posts.materialise(tx, window, now, actor)
    if (made.surplusSlotIds.length === 0) return made
    await rostersRepository(tx).clearDraft(roster.id, made.surplusSlotIds)
    return posts.materialise(tx, window, now, actor)
  }

  async function begin(runId: string): Promise<Begun | undefined> {
    return db.transaction(async (tx) => {
      const repo = rostersRepository(tx)
      const now = clock.now()
      const known = await repo.findRun(runId)
      const run = await repo.changeRun(runId, ['queued', 'running'], { state: 'running', startedAt: now })
      if (!known || !run) return undefined
      const roster = (await repo.findRoster(run.rosterId))!
      if (known.run.state === 'queued') {
        await audit(tx, actor, now, runChange(run, roster, 'started', 'queued', 'running'))
      }
      const table = await desk.layOut(tx, roster, now, await makeShifts(tx, roster, now))
      return { run, roster, loaded: await desk.load(tx, roster, table, { reserves: false, frozenFrom: now }) }
    })
  }

  /**
   * Writes down how far the engine is, and stops it when the run is no longer wanted. While the database is away the
   * engine goes on.
   */
  function lookAfter(runId: string, stop: AbortController) {
    let latest: RunProgress | undefined
    const over = new AbortController()
    const watching = (async () => {
      while (!over.signal.aborted && !stop.signal.aborted) {
        try {
          const run = await rostersRepository(db).noteProgress(runId, latest ?? { phase: 'loading' })
          if (!run || run.progress?.cancelRequested) stop.abort()
        } catch (error) {
          log.warn({ err: error, runId }, 'the progress of a generation run could not be noted')
        }
        await sleep(PROGRESS_EVERY_MS, undefined, { signal: over.signal }).catch(() => {})
      }
    })()
    return {
      note: (progress: Progress) => {
        latest = toProgress(progress)
      },
      async end() {
        over.abort()
        await watching
      },
    }
  }

  async function work({ run, loaded }: Begun, signal: AbortSignal): Promise<{ solution: Solution; engineMs: number }> {
    const stop = new AbortController()
    const watch = lookAfter(run.id, stop)
    const from = performance.now()
    try {
      const solution = await solveInThread(loaded.problem, {
        seed: run.seed,
        budget: run.iterations === null ? { milliseconds: run.budgetMs } : { iterations: run.iterations },
        // Threads may share what they find as it comes; what has to come out the same is made by one.
        threads: run.iterations === null ? engine.threads : 1,
        signal: AbortSignal.any([signal, stop.signal]),
        onProgress: watch.note,
        onThreadLost: (error) => log.error({ err: error, runId: run.id }, 'a thread of the roster engine broke'),
      })
      return { solution, engineMs: Math.round(performance.now() - from) }
    } finally {
      await watch.end()
    }
  }

  async function save(
    { run, roster, loaded }: Begun,
    { solution, engineMs }: { solution: Solution; engineMs: number },
  ) {
    await db.transaction(async (tx) => {
      const repo = rostersRepository(tx)
      await repo.lockRoster(roster.id)
      const from = performance.now()
      const now = clock.now()
      const liveNow = await problemRepository(tx).liveOn(loaded.slots.map((slot) => slot.id))
      const plan = caughtUp(draftOf(roster.id, loaded, solution), loaded.live, liveNow, (one) =>
        toDraft(liveNow.find((row) => row.slotId === one.slotId)!),
      )
      await repo.clearDraft(roster.id)
      await repo.insertDraft(plan)
      const outcome = outcomeOf(loaded, solution, plan, engineMs, Math.round(performance.now() - from))
      const stopped = (await repo.findRun(run.id))!.run.progress?.cancelRequested ? 'cancelled' : 'done'
      const settled = await repo.changeRun(run.id, ['running'], { state: stopped, finishedAt: now, outcome })
      if (!settled) return
      await repo.changeRoster(roster.id, { state: 'draft', updatedAt: now })
      await audit(
        tx,
        actor,
        now,
        runChange(run, roster, stopped, 'running', stopped),
        rosterChange(roster, 'drafted', 'draft'),
      )
    })
  }

  async function giveUp(runId: string, error: unknown) {
    await db.transaction(async (tx) => {
      const repo = rostersRepository(tx)
      const found = await repo.findRun(runId)
      if (!found) return
      await repo.lockRoster(found.run.rosterId)
      const roster = (await repo.findRoster(found.run.rosterId))!
      const now = clock.now()
      const text = error instanceof Error ? error.message : String(error)
      const ended = { state: 'failed' as const, finishedAt: now, error: text.slice(0, 2_000) }
      const failed = await repo.changeRun(runId, ['queued', 'running'], ended)
      if (!failed) return
      // What there was before is still there; only a first run leaves nothing behind.
      const drafts = await problemRepository(tx).draftsOf(roster.id)
      const state = roster.publishedVersion > 0 || drafts.length > 0 ? 'draft' : 'failed'
      await repo.changeRoster(roster.id, { state, updatedAt: now })
      await audit(
        tx,
        actor,
        now,
        { ...runChange(failed, roster, 'failed', found.run.state, 'failed'), reason: ended.error },
        rosterChange(roster, state === 'failed' ? 'failed' : 'drafted', state),
      )
    })
  }

  return {
    async generate(runId: string, { signal, attempt }: Pick<TaskContext, 'signal' | 'attempt'>): Promise<void> {
      try {
        const begun = await begin(runId)
        if (!begun) return
        const worked = await work(begun, signal)
        signal.throwIfAborted()
        await save(begun, worked)
      } catch (error) {
        const canTryAgain = !(error instanceof TypeError) && attempt < generateRoster.attempts
        if (signal.aborted || canTryAgain) throw error
        await giveUp(runId, error)
        throw new HopelessTask(error instanceof Error ? error.message : String(error))
      }
    },
  }
}

const runChange = (run: RunRow, roster: RosterAt, what: string, from: RunState, to: RunState) => ({
  action: `generation-run.${what}`,
  subject: { type: 'generation-run', id: run.id },
  unitId: roster.unitId,
  from,
  to,
})

const rosterChange = (roster: RosterAt, what: string, to: RosterState) => ({
  action: `roster.${what}`,
  subject: { type: 'roster', id: roster.id },
  unitId: roster.unitId,
  from: 'generating',
  to,
})

/** What the engine found as draft rows; what hands have pinned stays as they put it. */
function draftOf(rosterId: string, { drafts }: RosterProblem, solution: Solution): DraftRow[] {
  const pinned = new Map(drafts.filter((row) => row.pinned).map((row) => [`${row.slotId} ${row.volunteerId}`, row]))
  const why = new Map(solution.why.map((one) => [one.slotId, one]))
  return solution.assignments.map(({ slotId, personId }) => {
    const reason = why.get(slotId)
    return {
      pinned: false,
      source: 'engine' as const,
      override: null,
      ...pinned.get(`${slotId} ${personId}`),
      slotId,
      rosterId,
      volunteerId: personId,
      why: reason ? { ...reason } : null,
    }
  })
}

function outcomeOf(
  { problem, slots }: RosterProblem,
  solution: Solution,
  plan: DraftRow[],
  engineMs: number,
  savedMs: number,
): RunOutcome {
  const open = openSeats(
    slots.map((slot) => ({ ...slot, slotId: slot.id })),
    plan,
  )
  const { score, breaches, reasons, conflicts, justice, trace, bound, iterations, stopped } = solution
  return {
    score,
    breaches,
    reasons,
    conflicts,
    justice,
    trace,
    bound,
    iterations,
    stopped,
    rules: problem.rules,
    problemDigest: createHash('sha256').update(JSON.stringify(problem)).digest('hex'),
    counts: {
      people: problem.people.length,
      shifts: problem.shifts.length,
      slots: slots.length,
      assigned: plan.length,
      openMandatory: open.mandatory.length,
      openDesired: open.desired.length,
    },
    engineMs,
    savedMs,
  }
}
