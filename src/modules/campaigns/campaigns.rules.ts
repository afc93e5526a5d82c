import type { CampaignState, EntryState, TaskState } from './campaigns.states.ts'

export interface Round {
  id: string
  number: number
  opensAt: Date
  deadline: Date
}

export interface EntryCounts {
  open: number
  reached: number
  not_reached: number
  refused: number
  problem: number
}

export const NONE: EntryCounts = { open: 0, reached: 0, not_reached: 0, refused: 0, problem: 0 }

/** Rounds in which a task has something left to do. */
export const undoneRounds = (standing: ReadonlyMap<string, { total: number; finished: number }>): Set<string> =>
  new Set([...standing].filter(([, { total, finished }]) => finished < total).map(([roundId]) => roundId))

/** Reached and refused are finished; not reached is to be tried again, and a problem waits for somebody. */
export function progressOf(counts: EntryCounts) {
  const total = counts.open + counts.reached + counts.not_reached + counts.refused + counts.problem
  const finished = counts.reached + counts.refused
  return { ...counts, total, finished, finishedPercent: total === 0 ? 100 : Math.floor((finished * 1000) / total) / 10 }
}

/** The round somebody works at: the first that has begun and in which they have something left to do; else the newest. */
export function roundToWork<R extends Round>(rounds: R[], undone: ReadonlySet<string>, now: Date): R | undefined {
  const begun = rounds.filter((round) => round.opensAt <= now).toSorted((a, b) => a.number - b.number)
  return (
    begun.find((round) => undone.has(round.id)) ?? begun.at(-1) ?? rounds.toSorted((a, b) => a.number - b.number)[0]
  )
}

/** Why an item cannot be marked now; undefined when it can. */
export function markRefusal(
  { campaign, task, round }: { campaign: CampaignState; task: TaskState | null; round: Round },
  now: Date,
): 'campaign-not-running' | 'task-not-accepted' | 'round-not-open' | undefined {
  if (campaign !== 'running') return 'campaign-not-running'
  if (task !== null && task !== 'accepted') return 'task-not-accepted'
  return now < round.opensAt ? 'round-not-open' : undefined
}

/** A try that reached nobody counts; the same mark sent twice does not. */
export const triesAfter = (before: { state: EntryState; tries: number }, to: EntryState): number =>
  to === 'not_reached' ? before.tries + 1 : before.tries

/** Enough of a phone number to recognise it by. */
export const maskPhone = (phone: string | null): string | null =>
  phone === null ? null : phone.length < 8 ? `***${phone.slice(-2)}` : `${phone.slice(0, 3)}****${phone.slice(-4)}`
