import { newsOf } from '../event-stream.ts'
import { count, seconds } from '../report.ts'
import { crewOf, type RosterSlot, rosterTable } from '../roster-table.ts'
import type { Planned, Stage } from '../stage.ts'

interface Run {
  id: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  error: string | null
  progress: { phase?: string; share?: number; iterations?: number } | null
  outcome: {
    counts: Record<string, number>
    engineMs: number
    savedMs: number
    breaches: { strength: string }[]
  } | null
}

export interface Roster {
  id: string
  counts: { slots: number; assigned: number; openMandatory: number; openDesired: number }
  score: Record<string, number> | null
  generationRun: { id: string } | null
}

/** Of the score, the most important first; each is worth more than everything after it. */
const LEVELS = ['hard', 'unmetMandatory', 'movedConfirmed', 'unmetDesired', 'movedPending', 'justice', 'wishes']
const ENGINE_LIMIT_MS = 2_000
const SAVED_LIMIT_MS = 5_000

/** Asks for the roster of the week and follows the worker that makes it. */
export function generateRoster(stage: Planned): Promise<Roster> {
  const { report, api, rootId, week, seed } = stage
  return report.step(`The service makes the roster of ${week.fromOn} to ${week.toOn}`, async ({ say, progress }) => {
    const began = performance.now()
    const order = { unitId: rootId, from: week.fromOn, to: week.toOn, seed }
    const asked = await api.post<Roster>('/v1/rosters', order, { idempotencyKey: `demo-${rootId}-${week.fromOn}` })
    const runId = asked.generationRun!.id
    for await (const run of newsOf<Run>(await api.open(`/v1/generation-runs/${runId}/events`))) {
      progress(run.progress?.share ?? 0, run.progress?.phase ?? run.state)
    }
    progress(1, 'done')
    const savedMs = performance.now() - began
    const run = await api.get<Run>(`/v1/generation-runs/${runId}`)
    if (run.state !== 'done' || !run.outcome) throw new Error(`The generation run ended as ${run.state}: ${run.error}`)
    const roster = await api.get<Roster>(`/v1/rosters/${asked.id}`)
    for (const line of describe(roster, run.outcome, savedMs)) say(line)
    if (roster.counts.openMandatory > 0) throw new Error(`${roster.counts.openMandatory} mandatory seats stayed open.`)
    return roster
  })
}

function describe({ counts, score }: Roster, { engineMs, breaches }: NonNullable<Run['outcome']>, savedMs: number) {
  const within = (ms: number, limit: number) => `${seconds(ms)} (wanted: under ${seconds(limit)})`
  const hard = breaches.filter((breach) => breach.strength === 'hard').length
  return [
    `${count(counts.assigned)} of ${count(counts.slots)} seats have somebody, ${counts.openMandatory} mandatory ones are open`,
    `Engine ${within(engineMs, ENGINE_LIMIT_MS)}, asked for until saved ${within(savedMs, SAVED_LIMIT_MS)}`,
    `${hard} hard rules broken; score ${LEVELS.map((level) => `${level} ${Math.round(score?.[level] ?? 0)}`).join(' › ')}`,
  ]
}

/** The plan before anybody is asked: who leads each checkpoint, and one whole crew. */
export function showRoster({ report, api }: Stage, roster: Roster): Promise<void> {
  return report.step('The organizer looks at the draft', async ({ say }) => {
    const slots = await api.all<RosterSlot>(`/v1/rosters/${roster.id}/assignments`)
    for (const line of rosterTable(slots)) say(line)
    say(`One crew: ${crewOf(slots)}`)
  })
}

interface Publication {
  number: number
  peopleAffected: string[]
  summary: { added: number }
}

/** Tried first, then done, on the version that was read. */
export function publishRoster({ report, api, time }: Stage, roster: Roster): Promise<void> {
  return report.step('The organizer publishes it', async ({ say }) => {
    const path = `/v1/rosters/${roster.id}:publish`
    const { etag } = await api.call('GET', `/v1/rosters/${roster.id}`)
    const trial = await api.post<Publication>(path, { dryRun: true }, { ifMatch: etag })
    say(`A dry run says: ${trial.summary.added} seats would be given to ${trial.peopleAffected.length} people`)
    const began = performance.now()
    const done = await api.post<Publication>(path, { note: 'demo' }, { ifMatch: etag })
    say(`Version ${done.number} is published (${seconds(performance.now() - began)}), all of it or nothing`)
    await time.settled()
    say(`${done.peopleAffected.length} people got one message each`)
  })
}
