import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'
import type { Failure } from '../../solver/index.ts'
import type { RosterState } from './rosters.states.ts'
import type { Misfit } from './rosters.types.ts'

export const rosterProblems = {
  rosterUnknown: (id: string) => unknownSubject('roster', id),
  runUnknown: (id: string) => unknownSubject('generation-run', id),
  ruleUnknown: (id: string) => unknownSubject('rule', id),
  slotUnknown: (id: string) => unknownSubject('slot', id),
  assignmentUnknown: (id: string) => unknownSubject('assignment', id),
  versionUnknown: (id: string, number: number) =>
    new ProblemError(404, 'roster-version-unknown', `Roster ${id} has no version ${number} that you may see.`),
  draftLineUnknown: (slotId: string) =>
    new ProblemError(404, 'draft-line-unknown', `Nobody is drafted for slot ${slotId}.`),

  periodOverlaps: (others: { rosterId: string; unit: string; from: string; to: string }[]) =>
    new ProblemError(
      409,
      'roster-period-overlaps',
      `These days are planned already: ${others.map((one) => `${one.unit}, ${one.from} to ${one.to}`).join('; ')}.`,
      { extra: { rosters: others } },
    ),
  stillGenerating: () =>
    new ProblemError(409, 'roster-generating', 'A generation run is under way. Maybe wait for it, or cancel it.'),
  notInState: (state: RosterState, wanted: string) =>
    new ProblemError(409, 'roster-state', `The roster is ${state}; this needs ${wanted}.`, { extra: { state } }),
  runOver: (state: string) =>
    new ProblemError(409, 'generation-run-over', `The generation run is ${state} already.`, { extra: { state } }),
  shiftBegun: () =>
    new ProblemError(409, 'shift-begun', 'The shift has begun; the plan for it cannot change any more.'),
  brokenRules: (failures: Failure[]) =>
    new ProblemError(422, 'assignment-breaks-rules', failures.map((one) => one.text.en).join(' '), {
      errors: failures.map((one) => ({ pointer: '/body/volunteerId', code: one.rule, detail: one.text.en })),
      extra: { failures },
    }),
  /** Each holder of a shift who cannot serve when or where it is moved to, with every rule that says so. */
  holdersUnfit: (misfits: Misfit[], pointer: '/body/startLocal' | '/body/postId') => {
    const errors = misfits.flatMap(({ displayName, failures }) =>
      failures.map((one) => ({
        pointer,
        code: one.rule,
        detail: `${displayName}: ${one.text.en}`,
      })),
    )
    return new ProblemError(422, 'holders-unfit', errors.map((one) => one.detail).join(' '), {
      errors,
      extra: { misfits },
    })
  },
  outsideRoster: (localDay: string, { fromOn, toOn }: { fromOn: string; toOn: string }) => {
    const detail = `${localDay} is outside the roster of those who hold the shift, which is from ${fromOn} to before ${toOn}.`
    return new ProblemError(422, 'outside-roster', detail, {
      errors: [{ pointer: '/body/startLocal', code: 'outside-roster', detail }],
    })
  },
  otherRoster: () => {
    const detail = 'The post is planned by another roster than the shift. Maybe plan a shift there.'
    return new ProblemError(422, 'other-roster', detail, {
      errors: [{ pointer: '/body/postId', code: 'other-roster', detail }],
    })
  },
  hasGaps: (slotIds: string[]) =>
    new ProblemError(
      409,
      'roster-has-gaps',
      `${slotIds.length} mandatory slots are open. Maybe publish with allowOpenMandatory.`,
      { extra: { openMandatorySlotIds: slotIds } },
    ),
  breaksRules: (breaches: Failure[]) =>
    new ProblemError(
      409,
      'roster-breaks-rules',
      `${breaches.length} hard rules do not hold any more. Maybe regenerate, or override them by name.`,
      { extra: { breaches } },
    ),
  notPossibleNow: (state: string, verb: string) =>
    new ProblemError(409, 'assignment-state', `An assignment that is ${state} cannot be ${verb}.`, {
      extra: { state },
    }),
}

/** Constraint names of this module's tables, in words. */
export const rostersConstraints = {
  rosters_periods_apart: () =>
    new ProblemError(409, 'roster-period-overlaps', 'The unit has a roster for some of these days already.'),
  generation_runs_one_at_a_time: () => rosterProblems.stillGenerating(),
  assignments_one_live_per_slot: () =>
    new ProblemError(409, 'slot-taken', 'Somebody else has been given this slot meanwhile. Maybe read it again.'),
  assignments_nobody_at_two_posts: () =>
    new ProblemError(409, 'assignment-overlaps', 'The person has been given another duty at the same time meanwhile.'),
}
