import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { tasks } from '../../platform/queue/queue.tables.ts'
import { type AlarmDeps, createAlarm } from './tasks.alarm.ts'
import { taskProblems } from './tasks.problems.ts'
import { type TaskRow, tasksRepository } from './tasks.repository.ts'
import type { TaskList } from './tasks.schemas.ts'

export type Tasks = ReturnType<typeof createTasks>

const taskView = ({ id, name, key, state, attempts, error, dueAt, createdAt, finishedAt }: TaskRow) => ({
  id,
  name,
  key,
  state,
  attempts,
  error,
  dueAt: dueAt.toISOString(),
  createdAt: createdAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
})

/** A root unit has nothing above it. */
const isOfRoot = ({ unitPath }: Actor) => unitPath.split('/').filter(Boolean).length <= 1

function assertOfRoot(actor: Actor): void {
  if (!isOfRoot(actor)) throw taskProblems.rootNeeded()
}

/** What the service does without a request, for those who run it: what was given up is tried again, or let go. */
export function createTasks({ db, clock, ...others }: Foundations & AlarmDeps) {
  async function change(actor: Actor, id: string, verb: 'retried' | 'dropped', changes: Partial<TaskRow>) {
    assertOfRoot(actor)
    return db.transaction(async (tx) => {
      const repository = tasksRepository(tx)
      const before = await repository.find(id)
      if (!before) throw taskProblems.unknown(id)
      const after = await repository.changeDead(id, changes)
      if (!after) throw taskProblems.notDead(before.state)
      const { name, key, error, attempts } = before
      await audit(tx, actor, clock.now(), {
        action: `task.${verb}`,
        subject: { type: 'task', id },
        from: 'dead',
        to: after.state,
        facts: { name, key, error, attempts },
      })
      return taskView(after)
    })
  }

  return {
    ...createAlarm({ db, clock, ...others }),

    async listTasks(actor: Actor, query: z.output<typeof TaskList>) {
      assertOfRoot(actor)
      const conditions = [eq(tasks.state, query.state), query.name ? eq(tasks.name, query.name) : undefined]
      const rows = await tasksRepository(db).list(conditions, keyset(query, { createdAt: tasks.createdAt }, tasks.id))
      return toPage(query, rows, (row: TaskRow) => row.createdAt, taskView)
    },

    /** Has it done now, with all its attempts before it. */
    retry: (actor: Actor, id: string) =>
      change(actor, id, 'retried', {
        state: 'waiting',
        attempts: 0,
        dueAt: clock.now(),
        nudgedAt: null,
        finishedAt: null,
        error: null,
      }),

    /** Lets it go; the row stays, with its last error. */
    drop: (actor: Actor, id: string) => change(actor, id, 'dropped', { state: 'cancelled', finishedAt: clock.now() }),
  }
}
