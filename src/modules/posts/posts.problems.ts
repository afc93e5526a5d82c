import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'
import type { UnfitSeat } from './shift-posts.rules.ts'

export const postProblems = {
  postUnknown: (id: string) => unknownSubject('post', id),
  templateUnknown: (id: string) => unknownSubject('shift-template', id),
  exceptionUnknown: (id: string) => unknownSubject('shift-exception', id),
  postInUse: () =>
    new ProblemError(409, 'post-in-use', 'This post has shifts; they stay for ever. Maybe set active to false.'),
  templateInUse: () =>
    new ProblemError(409, 'shift-template-in-use', 'Shifts were made from this template. Maybe set its effectiveTo.'),
  shiftUnknown: (id: string) => unknownSubject('shift', id),
  shiftBegun: (originalStart: string) =>
    new ProblemError(409, 'shift-begun', `The shift of ${originalStart} has begun; it stays as it is.`),
  shiftHeld: (originalStart: string) =>
    new ProblemError(
      409,
      'shift-held',
      `Somebody is assigned to the shift of ${originalStart}. Maybe cancel the assignments first.`,
    ),
  shiftSplit: (originalStart: string) =>
    new ProblemError(
      409,
      'shift-split',
      `A seat of the shift of ${originalStart} was cut in parts; it stays as it is.`,
    ),
  shiftOfNoTemplate: () =>
    new ProblemError(
      409,
      'shift-of-no-template',
      'This shift is part of another one or of a call-out; it stays as it is.',
    ),
  /** Each seat that the other post has no place for, by role and number. */
  seatsUnfit: (postName: string, seats: UnfitSeat[]) => {
    const errors = seats.map(({ role, seat, because }) => ({
      pointer: '/body/postId',
      code: because,
      detail:
        because === 'role-unknown'
          ? `${postName} wants nobody as ${role}; the shift has seat ${seat} of it.`
          : `${postName} has no place for seat ${seat} of ${role}.`,
    }))
    const detail = errors.map((one) => one.detail).join(' ')
    return new ProblemError(422, 'seats-unfit', detail, { errors, extra: { seats } })
  },
  shiftCancelled: () =>
    new ProblemError(
      409,
      'shift-cancelled',
      'This shift will not take place. Maybe delete the exception that skips it.',
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
