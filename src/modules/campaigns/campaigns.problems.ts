import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const campaignProblems = {
  campaignUnknown: (id: string) => unknownSubject('campaign', id),
  entryUnknown: (id: string) => unknownSubject('campaign-entry', id),
  taskUnknown: (id: string) => unknownSubject('campaign-task', id),
  notInState: (state: string, wanted: string) =>
    new ProblemError(409, 'campaign-state-wrong', `This campaign is ${state}; it would have to be ${wanted}.`, {
      extra: { state },
    }),
  nothingToDivide: () => new ProblemError(409, 'nothing-to-divide', 'Every item is in somebody’s hands already.'),
  nobodyThere: () =>
    new ProblemError(
      409,
      'nobody-to-divide-among',
      'Nobody can take items. Maybe name more people, or raise the limit.',
    ),
  destroyed: () => new ProblemError(409, 'campaign-destroyed', 'The personal data of this campaign was destroyed.'),
  refused: (code: string) => new ProblemError(409, code, REFUSALS[code] ?? 'That is not possible now.'),
}

const REFUSALS: Record<string, string> = {
  'campaign-not-running': 'The campaign is not running, so its items cannot be marked.',
  'task-not-accepted': 'The item is with somebody who has not accepted the task yet. Maybe reassign it.',
  'round-not-open': 'This round has not begun yet.',
}

/** Constraint names of this module's tables, in words. */
export const campaignsConstraints = {
  campaign_items_reference: () =>
    new ProblemError(409, 'item-reference-taken', 'Another item of this campaign has this reference.'),
}
