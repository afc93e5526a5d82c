import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const announcementProblems = {
  announcementUnknown: (id: string) => unknownSubject('announcement', id),
  recipientUnknown: (id: string) =>
    new ProblemError(404, 'recipient-unknown', `Volunteer ${id} is none of the recipients of this announcement.`),
  nobody: () =>
    new ProblemError(422, 'audience-empty', 'Nobody belongs to this audience. Maybe take another source.', {
      errors: [{ pointer: '/body/audience', code: 'audience-empty', detail: 'Nobody belongs to this audience.' }],
    }),
  over: (state: string) =>
    new ProblemError(409, 'announcement-over', `This announcement is ${state}.`, { extra: { state } }),
}
