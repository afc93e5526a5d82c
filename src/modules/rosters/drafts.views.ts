import type { Problem } from '../../solver/index.ts'
import type { DraftRow } from './problem.repository.ts'

export const draftLineView = (row: DraftRow, { people }: Pick<Problem, 'people'>) => ({
  slotId: row.slotId,
  volunteerId: row.volunteerId,
  displayName: people.find((person) => person.id === row.volunteerId)?.name ?? row.volunteerId,
  pinned: row.pinned,
  source: row.source,
  override: row.override,
  why: row.why,
})
