/**
 * Personal schedules: problems in which every hard rule binds one person at a time (many types of duty, one duty a day,
 * cover that may be missed at a cost, requests). Such a problem splits into lines, one for each person.
 */

import type { Problem } from '../types.ts'
import { compileSchedules } from './compile.ts'
import { Unsaid } from './unsaid.ts'

export { solveSchedules } from './solve-schedules.ts'
export { solveSchedulesInThreads } from './threads.ts'

/** What in this problem personal schedules cannot say; undefined when they can say all of it. */
export function scheduleObstacle(problem: Problem): string | undefined {
  try {
    compileSchedules(problem)
    return undefined
  } catch (error) {
    if (error instanceof Unsaid) return error.message
    throw error
  }
}

export const canSchedule = (problem: Problem): boolean => scheduleObstacle(problem) === undefined
