import type { LineRow } from './hours.repository.ts'
import { entryKind, hoursText, type Minutes } from './hours.rules.ts'
import type { hoursCloses, hoursExports, hoursPeriods, ledgerCorrections } from './hours.tables.ts'

export const lineView = ({
  line,
  volunteerName,
  personNumber,
  postName,
  reversedById,
  verifiedBy,
  verifiedByName,
  verifiedAt,
  recordedBy,
}: LineRow) => ({
  ...line,
  entry: entryKind(line),
  volunteerName,
  personNumber,
  postName,
  startsAt: line.startsAt.toISOString(),
  endsAt: line.endsAt.toISOString(),
  bookedAt: line.bookedAt.toISOString(),
  reversedById,
  verifiedBy,
  verifiedByName,
  verifiedAt: verifiedAt?.toISOString() ?? null,
  recordedBy,
})

export const correctionView = (row: typeof ledgerCorrections.$inferSelect) => ({
  ...row,
  startsAt: row.startsAt.toISOString(),
  endsAt: row.endsAt.toISOString(),
  requestedAt: row.requestedAt.toISOString(),
  decidedAt: row.decidedAt?.toISOString() ?? null,
})

export const exportView = (row: typeof hoursExports.$inferSelect) => ({
  ...row,
  startedAt: row.startedAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
})

export const periodSummaryView = (row: typeof hoursPeriods.$inferSelect) => ({
  id: row.id,
  unitId: row.unitId,
  from: row.fromOn,
  to: row.toOn,
  version: row.version,
})

export const closeView = ({ closedAt, ...row }: typeof hoursCloses.$inferSelect) => ({
  ...row,
  closedAt: closedAt.toISOString(),
})

type Sums = Omit<Minutes, 'clockChangeMinutes'> & {
  plannedMinutes: number
  nominalMinutes: number
  creditedMinutes: number
  standbyMinutes: number
}

export const sumView = ({ id, name, duties, ...sums }: Sums & { id: string; name: string; duties: number }) => ({
  ...sums,
  id,
  name,
  duties,
  hours: hoursText(sums.minutes),
  creditedHours: hoursText(sums.creditedMinutes),
})
