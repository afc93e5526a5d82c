import { tellBound } from '../../solver/index.ts'
import type { RosterAt, RosterCounts, RunRow } from './rosters.repository.ts'

export const runSummaryView = (run: RunRow) => ({
  id: run.id,
  rosterId: run.rosterId,
  state: run.state,
  seed: run.seed,
  budgetMs: run.budgetMs,
  iterations: run.iterations,
  progress: run.progress,
  error: run.error,
  createdAt: run.createdAt.toISOString(),
  startedAt: run.startedAt?.toISOString() ?? null,
  finishedAt: run.finishedAt?.toISOString() ?? null,
})

const loose = <T extends object>(value: T) => value as unknown as Record<string, unknown>

export const runView = (run: RunRow) => ({
  ...runSummaryView(run),
  requestedBy: run.requestedBy,
  outcome: run.outcome && {
    ...run.outcome,
    conflicts: run.outcome.conflicts.map(loose),
    bound: run.outcome.bound && tellBound(run.outcome.bound, run.outcome.score),
    trace: run.outcome.trace.map(loose),
    rules: run.outcome.rules.map((rule) => loose(rule as object)),
  },
})

const NONE: RosterCounts = { slots: 0, assigned: 0, openMandatory: 0, openDesired: 0 }

export const rosterView = (roster: RosterAt, counts: RosterCounts = NONE, run?: RunRow) => ({
  id: roster.id,
  unitId: roster.unitId,
  from: roster.fromOn,
  to: roster.toOn,
  state: roster.state,
  publishedVersion: roster.publishedVersion,
  publishedAt: roster.publishedAt?.toISOString() ?? null,
  counts,
  score: run?.outcome?.score ?? null,
  generationRun: run ? runSummaryView(run) : null,
  createdAt: roster.createdAt.toISOString(),
  updatedAt: roster.updatedAt.toISOString(),
  version: roster.version,
})
