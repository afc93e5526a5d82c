import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const taskProblems = {
  unknown: (id: string) => unknownSubject('task', id),
  rootNeeded: () =>
    new ProblemError(403, 'root-needed', 'Tasks belong to no unit. This needs an admin key of a root unit.'),
  notDead: (state: string) =>
    new ProblemError(409, 'task-not-dead', `Only what is dead can be retried or dropped; this task is ${state}.`),
}

/** Constraint names of the table of tasks, in words. */
export const tasksConstraints = {
  tasks_one_waiting_per_key: () =>
    new ProblemError(409, 'task-waits-already', 'The same was asked for again and waits already. Maybe drop this one.'),
}
