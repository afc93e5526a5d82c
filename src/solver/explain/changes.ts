import type { Assignment, Changes, Problem } from '../types.ts'

/**
 * Difference to what is published, by shift and role: another seat of the same role in the same shift is no change.
 * Without anything published there is no difference to tell.
 */
export function changesTo(problem: Problem, assignments: readonly Assignment[]): Changes {
  const published = problem.published ?? []
  if (published.length === 0) return { added: [], removed: [], personIds: [], confirmedPersonIds: [] }
  const placeOf = new Map(problem.slots.map((slot) => [slot.id, `${slot.shiftId}\n${slot.role}`]))
  const keyOf = (a: Assignment) => `${a.personId}\n${placeOf.get(a.slotId)}`
  const planned = new Set(assignments.map(keyOf))
  const standing = new Set(published.map(keyOf))
  const added = assignments.filter((a) => !standing.has(keyOf(a)))
  const removed = published.filter((a) => !planned.has(keyOf(a)))
  const people = (list: readonly Assignment[]) => [...new Set(list.map((a) => a.personId))].sort()
  return {
    added,
    removed: removed.map(({ slotId, personId }) => ({ slotId, personId })),
    personIds: people([...added, ...removed]),
    confirmedPersonIds: people(removed.filter((a) => a.confirmed)),
  }
}
