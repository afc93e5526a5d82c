import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const notificationsProblems = {
  unknown: (id: string) => unknownSubject('message', id),
  templateUnknown: (id: string) => unknownSubject('message-template', id),
  notInDoubt: (state: string) =>
    new ProblemError(
      409,
      'message-not-in-doubt',
      `This message is ${state}. Only what is unknown can be settled by hand.`,
    ),
  textExists: () =>
    new ProblemError(
      409,
      'message-template-exists',
      'This unit has a text for this message, language and channel already. Maybe change that one.',
    ),
  nothingToSay: () =>
    new ProblemError(
      409,
      'nothing-to-say',
      'This message has nothing to say any more. Maybe preview it with examples.',
    ),
}

/** Promises of the database, in the words of the API. */
export const notificationsConstraints = {
  message_templates_once: notificationsProblems.textExists,
}
