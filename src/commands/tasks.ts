import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openHouse } from '../house.ts'
import { TaskList } from '../modules/tasks/tasks.schemas.ts'
import type { Tasks } from '../modules/tasks/tasks.service.ts'
import { command } from '../platform/auth/actor.ts'
import { readConfig } from '../platform/config/config.ts'
import { ProblemError } from '../platform/http/problem.ts'

const USAGE = `Lists tasks that were given up, has them tried again, or lets them go.
  npm run tasks -- list [--state dead|waiting|running] [--name webhooks.deliver-event]
  npm run tasks -- retry ID... | --all [--name webhooks.deliver-event]
  npm run tasks -- drop ID... | --all [--name webhooks.deliver-event]`

const ACTOR = command('tasks')

type Query = z.output<typeof TaskList>
type Row = Awaited<ReturnType<Tasks['listTasks']>>['items'][number]

interface Wish {
  verb: 'list' | 'retry' | 'drop'
  ids: string[]
  /** Which tasks, where none are named. */
  query: Query
}

class UsageError extends Error {}

/** What the arguments ask for; undefined for the usage. */
function readWish(): Wish | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      state: { type: 'string' },
      name: { type: 'string' },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { state, name, all, help } = values
  if (help) return undefined
  const [verb, ...ids] = positionals
  if (verb !== 'list' && verb !== 'retry' && verb !== 'drop') throw new UsageError('What shall be done?')
  if (verb !== 'list' && all === ids.length > 0) throw new UsageError('Name tasks by id, or all of them.')
  const query = TaskList.safeParse({ name, ...(verb === 'list' ? { state } : {}) })
  if (!query.success) throw new UsageError(z.prettifyError(query.error))
  return { verb, ids, query: query.data }
}

/** All of them, oldest first. */
async function* everyTask(tasks: Tasks, query: Query): AsyncGenerator<Row> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await tasks.listTasks(ACTOR, { ...query, cursor })
    yield* page.items
    cursor = page.nextCursor
  }
}

const line = ({ id, name, key, attempts, dueAt, finishedAt, error }: Row): string =>
  [id, name, key, finishedAt ?? dueAt, `${attempts} attempts`, error?.replace(/\s+/g, ' ') ?? ''].join('\t')

async function list(tasks: Tasks, query: Query): Promise<void> {
  let count = 0
  for await (const task of everyTask(tasks, query)) {
    process.stdout.write(`${line(task)}\n`)
    count += 1
  }
  process.stdout.write(`${count} tasks.\n`)
}

/** Goes on after what cannot be changed, and ends with 1 for it. */
async function change(tasks: Tasks, verb: 'retry' | 'drop', ids: string[]): Promise<void> {
  for (const id of ids) {
    try {
      const { name, state } = await tasks[verb](ACTOR, id)
      process.stdout.write(`${id}\t${name}\t${state}\n`)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      process.stderr.write(`${id}\t${error.message}\n`)
      process.exitCode = 1
    }
  }
}

async function main(): Promise<void> {
  const wish = readWish()
  if (!wish) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const { verb, ids, query } = wish
  await using house = await openHouse({ ...readConfig(process.env), logLevel: 'warn' }, { api: false, worker: false })
  const { tasks } = house.services
  if (verb === 'list') await list(tasks, query)
  else if (ids.length > 0) await change(tasks, verb, ids)
  else {
    const dead = await Array.fromAsync(everyTask(tasks, query))
    await change(
      tasks,
      verb,
      dead.map((task) => task.id),
    )
  }
}

try {
  await main()
} catch (error) {
  const isUsage = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${isUsage ? `\n${USAGE}\n` : ''}`)
  process.exitCode = 1
}
