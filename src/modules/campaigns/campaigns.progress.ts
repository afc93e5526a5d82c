import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { getCampaign } from './campaigns.desk.ts'
import { type EntryCounts, NONE, progressOf } from './campaigns.rules.ts'
import type { ProgressList } from './campaigns.schemas.ts'
import { TASK_STATES } from './campaigns.states.ts'
import { progressRepository } from './progress.repository.ts'

type Line = EntryCounts & { overdue: number }

const add = (a: EntryCounts, b: EntryCounts): EntryCounts => ({
  open: a.open + b.open,
  reached: a.reached + b.reached,
  not_reached: a.not_reached + b.not_reached,
  refused: a.refused + b.refused,
  problem: a.problem + b.problem,
})
const countsOf = ({ open, reached, not_reached, refused, problem }: EntryCounts): EntryCounts => ({
  open,
  reached,
  not_reached,
  refused,
  problem,
})
const lineView = ({ id, name, overdue, ...counts }: Line & { id: string; name: string }) => ({
  id,
  name,
  ...progressOf(countsOf(counts)),
  overdue,
})

/** How far a campaign has come; numbers only. */
export function createProgress({ db, clock }: Foundations) {
  const repository = progressRepository(db)
  return {
    async progress(actor: Actor, id: string) {
      await getCampaign(db, actor, id)
      const rounds = await repository.byRound(id, clock.now())
      const sum = (key: 'overdue' | 'awaitingConsent' | 'undivided') =>
        rounds.reduce((total, round) => total + round[key], 0)
      const tasks = new Map((await repository.tasks(id)).map(({ state, n }) => [state, n]))
      const people = Object.fromEntries(TASK_STATES.map((state) => [state, tasks.get(state) ?? 0]))
      return {
        items: await repository.items(id),
        people: people as Record<(typeof TASK_STATES)[number], number>,
        ...progressOf(rounds.map(countsOf).reduce(add, NONE)),
        overdue: sum('overdue'),
        awaitingConsent: sum('awaitingConsent'),
        undivided: sum('undivided'),
        rounds: rounds.map(({ number, deadline, overdue, awaitingConsent, undivided, ...counts }) => ({
          number,
          deadline: deadline.toISOString(),
          ...progressOf(counts),
          overdue,
          awaitingConsent,
          undivided,
        })),
      }
    },

    async progressByUnit(actor: Actor, id: string, query: z.output<typeof ProgressList>) {
      await getCampaign(db, actor, id)
      const page = keyset(query, { name: units.name }, units.id)
      return toPage(query, await repository.byUnit(id, query.round, page, clock.now()), (row) => row.name, lineView)
    },

    async progressByPerson(actor: Actor, id: string, query: z.output<typeof ProgressList>) {
      await getCampaign(db, actor, id)
      const page = keyset(query, { name: volunteers.sortName }, volunteers.id)
      return toPage(query, await repository.byPerson(id, query.round, page, clock.now()), (row) => row.name, lineView)
    },
  }
}
