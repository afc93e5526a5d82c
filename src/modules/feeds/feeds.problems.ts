import { unknownSubject } from '../../platform/http/problem.ts'
import type { FeedSubject } from './feeds.types.ts'

export const feedProblems = {
  subjectUnknown: (subject: FeedSubject, id: string) => unknownSubject(subject, id),
  feedUnknown: (id: string) => unknownSubject('calendar-feed', id),
}
