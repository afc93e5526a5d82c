import { bind } from '../../platform/queue/runner.ts'
import { tellOfDead } from './tasks.jobs.ts'
import type { Tasks } from './tasks.service.ts'

export const tasksWorkers = (tasks: Tasks) => [bind(tellOfDead, ({ since }) => tasks.tellOfDead(new Date(since)))]
