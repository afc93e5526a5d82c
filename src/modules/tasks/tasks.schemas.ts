import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Line } from '../../platform/http/schemas.ts'

export const TaskList = z.strictObject({
  state: z.enum(['waiting', 'running', 'dead']).default('dead'),
  name: Line(100).optional(),
  ...pageQuery(['createdAt']),
})

export const Task = z
  .object({
    id: Id,
    name: z.string().meta({ description: "What is to be done: 'module.verb-noun'" }),
    key: z.string().meta({ description: 'What it is about; of one name and key at most one task waits' }),
    state: z.string(),
    attempts: z.int(),
    error: z.string().nullable().meta({ description: 'Why the last attempt failed' }),
    dueAt: Instant,
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Task' })

export const TaskPage = pageOf(Task)
