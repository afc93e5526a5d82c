import { type FieldError, ProblemError, unknownSubject } from '../../platform/http/problem.ts'
import type { SwapState } from './swaps.states.ts'
import type { Hindrance } from './swaps.types.ts'

const pointerOf = (volunteerId: string, askerId: string) =>
  volunteerId === askerId ? '/body/returnId' : '/body/volunteerId'

export const swapProblems = {
  swapUnknown: (id: string) => unknownSubject('swap', id),
  notPossibleNow: (state: SwapState, verb: string) =>
    new ProblemError(409, 'swap-state', `A swap that is ${state} cannot be ${verb}.`, { extra: { state } }),
  hindered: (hindrances: Hindrance[], askerId: string) =>
    new ProblemError(409, 'swap-breaks-rules', hindrances.map(({ failure }) => failure.text.en).join(' '), {
      errors: hindrances.map(
        ({ volunteerId, failure }): FieldError => ({
          pointer: pointerOf(volunteerId, askerId),
          code: failure.rule,
          detail: failure.text.en,
        }),
      ),
      extra: {
        hindrances: hindrances.map(({ failure, ...who }) => ({ ...who, rule: failure.rule, failure })),
      },
    }),
  movedAway: (reason: string) => new ProblemError(409, 'swap-moved-away', `The swap has come to an end: ${reason}.`),
  onePending: () =>
    new ProblemError(409, 'swap-pending', 'Another swap of this duty is waiting. Maybe withdraw it first.'),
  taken: () => new ProblemError(409, 'swap-taken', 'Somebody else was faster.'),
}

/** Constraint names of this module's tables, in words. */
export const swapsConstraints = {
  swaps_one_at_a_time: swapProblems.onePending,
  swap_answers_one_taker: swapProblems.taken,
}
