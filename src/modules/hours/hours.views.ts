import type { LineRow } from './hours.repository.ts'
import { entryKind, hoursText, type Minutes } from './hours.rules.ts'

export const lineView = ({ line, volunteerName, personNumber, postName, reversedById }: LineRow) => ({
  ...line,
  entry: entryKind(line),
  volunteerName,
  personNumber,
  postName,
  startsAt: line.startsAt.toISOString(),
  endsAt: line.endsAt.toISOString(),
  bookedAt: line.bookedAt.toISOString(),
  reversedById,
})

export const sumView = ({
  id,
  name,
  duties,
  minutes,
  nightMinutes,
  weekendMinutes,
  plannedMinutes,
}: Minutes & { id: string; name: string; duties: number; plannedMinutes: number }) => ({
  id,
  name,
  duties,
  hours: hoursText(minutes),
  minutes,
  nightMinutes,
  weekendMinutes,
  plannedMinutes,
})
