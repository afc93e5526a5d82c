import type { z } from 'zod'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { taskDied } from '../../platform/queue/queue.events.ts'
import { scheduleUnlessWaiting } from '../../platform/queue/tasks.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { tellOfDead } from './tasks.jobs.ts'
import { tasksRepository } from './tasks.repository.ts'

export type AlarmDeps = Pick<Foundations, 'db' | 'clock'> & {
  organisation: Organisation
  notifications: Notifications
}

/** How long somebody may take to see to a dead task before those who run the service are told. */
const STANDS_MS = 15 * 60_000

/** Of dead tasks that nobody sees to those who run the service are told: once, of all that died meanwhile together. */
export function createAlarm({ db, clock, organisation, notifications }: AlarmDeps) {
  const watch = ({ tx, now }: Omit<Occasion, 'actor'>, since: Date) => {
    const dueAt = new Date(since.getTime() + STANDS_MS)
    return scheduleUnlessWaiting(tx, tellOfDead, { payload: { since: since.toISOString() }, key: 'dead', dueAt }, now)
  }

  return {
    async onTaskDied({ name }: z.output<typeof taskDied.payload>, occasion: Occasion): Promise<void> {
      // An alarm that cannot be told is not told of either: the doctor names it.
      if (name !== tellOfDead.name) await watch(occasion, occasion.now)
    },

    /** Of what died at that moment or later. Any number of times, by any number of processes: they are told once. */
    async tellOfDead(since: Date): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const first = await tasksRepository(tx).firstDead(since)
        if (!first) return
        if (now.getTime() - first.getTime() < STANDS_MS) {
          await watch({ tx, now }, first)
          return
        }
        const roots = await organisation.listRoots()
        const news = roots.map(({ id }) => ({
          unitId: id,
          template: 'tasks-dead',
          subjectId: id,
          purpose: `tasks-dead:${since.toISOString()}`,
        }))
        await notifications.notify({ tx, actor: worker(tellOfDead.name), now }, news)
      })
    },
  }
}
