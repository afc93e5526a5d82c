import { expect, test } from 'vitest'
import { dutyProblem, scenarioA } from '../../../../bench/duty-problem.ts'
import { type Problem, type Solution, solve } from '../../../../src/solver/index.ts'

const week = dutyProblem(scenarioA(1))

const shiftsIn = (problem: Problem, solution: Solution, groupId: string): number[] => {
  const members = problem.people.filter((person) => person.groups?.some((group) => group.id === groupId))
  const counts = new Map(members.map((person) => [person.id, 0]))
  for (const { personId } of solution.assignments) {
    if (counts.has(personId)) counts.set(personId, counts.get(personId)! + 1)
  }
  return [...counts.values()]
}

const spread = (counts: number[]) => Math.max(...counts) - Math.min(...counts)

test('a city’s week: every mandatory seat filled, no rule broken, nobody more than one shift above another', async () => {
  const solution = await solve(week, { seed: 1, budget: { iterations: 20_000 } })
  expect(solution.score).toMatchObject({ hard: 0, unmetMandatory: 0 })
  expect(solution.breaches.filter((breach) => breach.strength === 'hard')).toEqual([])
  expect(spread(shiftsIn(week, solution, 'rotation-0'))).toBeLessThanOrEqual(1)
  expect(spread(shiftsIn(week, solution, 'rotation-1'))).toBeLessThanOrEqual(1)
  expect(spread(shiftsIn(week, solution, 'hotline'))).toBeLessThanOrEqual(1)
  expect(solution.reasons).toEqual([])
  expect(solution.why).toHaveLength(week.slots.length)
})

test('twenty people fall ill: at most one person who is well is moved, and nobody who has confirmed', async () => {
  const before = await solve(week, { seed: 1, budget: { iterations: 5000 }, explain: false })
  const ill = new Set(week.people.filter((_person, i) => i < 140 && i % 7 === 3).map((person) => person.id))
  const { startsAt: start, endsAt: end } = week.period
  const changed: Problem = {
    ...week,
    people: week.people.map((person) => (ill.has(person.id) ? { ...person, absences: [{ start, end }] } : person)),
    published: before.assignments.filter((a) => !ill.has(a.personId)).map((a, i) => ({ ...a, confirmed: i % 5 < 3 })),
  }
  const repaired = await solve(changed, { seed: 1, budget: { iterations: 5000 } })
  expect(repaired.score).toMatchObject({ hard: 0, unmetMandatory: 0, movedConfirmed: 0 })
  expect(repaired.changes.removed.length).toBeLessThanOrEqual(1)
  expect(repaired.changes.confirmedPersonIds).toEqual([])
  const lost = before.assignments.filter((a) => ill.has(a.personId)).length
  expect(repaired.changes.added).toHaveLength(lost + repaired.changes.removed.length)
})

test('too few leads: the conflict names the day, the role and how many people are short', async () => {
  const leads = week.people.filter((person) => person.grade === 'chief' || person.grade === 'deputy')
  const kept = new Set(leads.filter((_person, i) => i % 3 === 0).map((person) => person.id))
  const people = week.people.filter((person) => !leads.includes(person) || kept.has(person.id))
  const shifts = week.shifts.filter((shift) => shift.id.startsWith('checkpoint') && shift.id.endsWith('/0'))
  const slots = week.slots.filter((slot) => shifts.some((shift) => shift.id === slot.shiftId))
  const solution = await solve({ ...week, people, shifts, slots }, { seed: 1, budget: { iterations: 2000 } })
  const fit = people.filter((person) => kept.has(person.id) && person.groups![0]!.id === 'rotation-0')
  const free = fit.filter((person) => !person.absences?.some((a) => a.start < week.period.startsAt + 1440)).length
  expect(solution.score.unmetMandatory).toBe(11 - free)
  expect(solution.conflicts).toHaveLength(1)
  expect(solution.conflicts[0]).toMatchObject({ roles: ['lead'], seats: 11, people: free, short: 11 - free })
  expect(solution.reasons).toHaveLength(11 - free)
  const [reason] = solution.reasons
  expect(reason!.eliminated.map((entry) => entry.ruleId)).toContain('grade')
  expect(reason!.nearest).toHaveLength(3)
  expect(reason!.unlocks).toMatchObject([
    { kind: 'waive', ruleId: 'echelon-on-turn' },
    { kind: 'waive', ruleId: 'echelon-on-turn' },
    { kind: 'waive', ruleId: 'echelon-on-turn' },
  ])
})
