import type { z } from 'zod'
import type { Actor } from '../auth/actor.ts'
import type { Tx } from '../db/client.ts'

/** Something that has happened, as others may hear of it. `name` is 'module.past-participle'. */
export interface EventKind<P extends object = object> {
  name: string
  payload: z.ZodType<P>
}

export const defineEvent = <P extends object>(name: string, payload: z.ZodType<P>): EventKind<P> => ({ name, payload })

/** The transaction in which it happened, who did it and when. */
export interface Occasion {
  tx: Tx
  actor: Actor
  now: Date
}

type Reaction = (payload: object, occasion: Occasion) => Promise<unknown>

export type News = ReturnType<typeof createNews>

/**
 * Lets a module tell what happened without knowing who cares. Reactions run inside the transaction of the change, so
 * the change and what follows from it (rows, messages, tasks) are there together or not at all. A reaction writes
 * rows and schedules tasks; whatever takes long or talks to the world is a task.
 */
export function createNews() {
  const reactions = new Map<string, Reaction[]>()
  return {
    on<P extends object>(event: EventKind<P>, reaction: (payload: P, occasion: Occasion) => Promise<unknown>): void {
      const known = reactions.get(event.name) ?? []
      reactions.set(event.name, [...known, reaction as Reaction])
    },
    async record<P extends object>(event: EventKind<P>, payload: P, occasion: Occasion): Promise<void> {
      for (const reaction of reactions.get(event.name) ?? []) await reaction(payload, occasion)
    },
  }
}
