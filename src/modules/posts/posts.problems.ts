import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const postProblems = {
  postUnknown: (id: string) => unknownSubject('post', id),
  templateUnknown: (id: string) => unknownSubject('shift-template', id),
  exceptionUnknown: (id: string) => unknownSubject('shift-exception', id),
  postInUse: () =>
    new ProblemError(409, 'post-in-use', 'This post has shifts; they stay for ever. Maybe set active to false.'),
  templateInUse: () =>
    new ProblemError(409, 'shift-template-in-use', 'Shifts were made from this template. Maybe set its effectiveTo.'),
  occurrenceHeld: (originalStart: string) =>
    new ProblemError(
      409,
      'shift-held',
      `The shift of ${originalStart} has begun or somebody is assigned to it. Maybe cancel the assignments first.`,
    ),
}

/** Constraint names of this module's tables, in words. */
export const postsConstraints = {
  posts_name_in_unit: () => new ProblemError(409, 'post-name-taken', 'Another post of this unit has this name.'),
  shift_templates_name_at_post: () =>
    new ProblemError(409, 'shift-template-name-taken', 'Another shift template of this post has this name.'),
  shift_exceptions_one_per_occurrence: () =>
    new ProblemError(409, 'shift-exception-exists', 'This occurrence has an exception already. Maybe delete it first.'),
}
