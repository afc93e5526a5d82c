import type { Assignment, Problem } from './types.ts'

/** Everything that is wrong with a problem; empty when it can be solved. */
export function problemFaults(problem: Problem): string[] {
  const faults: string[] = []
  const { period } = problem
  if (!(period.fromDay < period.toDay)) faults.push(`The period has no day: ${period.fromDay} to ${period.toDay}.`)
  const people = ids('person', problem.people, faults)
  const shifts = ids('shift', problem.shifts, faults)
  const slots = ids('slot', problem.slots, faults)
  ids('rule', problem.rules, faults)
  for (const shift of problem.shifts) {
    if (!(shift.startsAt < shift.endsAt)) faults.push(`Shift ${shift.id} ends before it starts.`)
    if (!(shift.minutes > 0)) faults.push(`Shift ${shift.id} has no minutes.`)
  }
  const known = (what: string, set: Set<string>, id: string | undefined, where: string) => {
    if (id !== undefined && !set.has(id)) faults.push(`${where} names an unknown ${what}: ${id}.`)
  }
  for (const slot of problem.slots) {
    known('shift', shifts, slot.shiftId, `Slot ${slot.id}`)
    if (slot.seats !== undefined && !(slot.seats >= 1)) faults.push(`Slot ${slot.id} has no seat.`)
  }
  for (const link of problem.links ?? []) for (const id of link.slotIds) known('slot', slots, id, `Link ${link.id}`)
  for (const crew of problem.crews ?? []) {
    for (const id of crew.personIds) known('person', people, id, `Crew ${crew.id}`)
  }
  for (const [i, duty] of (problem.history ?? []).entries()) {
    if (!(duty.startsAt < duty.endsAt)) faults.push(`History entry ${i} ends before it starts.`)
  }
  for (const list of [problem.published ?? [], problem.pins ?? []]) {
    faults.push(...assignmentFaults(people, slots, list))
  }
  return faults
}

function ids(what: string, items: { id: string }[], faults: string[]): Set<string> {
  const seen = new Set<string>()
  for (const { id } of items) {
    if (seen.has(id)) faults.push(`Two entries have the ${what} id ${id}.`)
    seen.add(id)
  }
  return seen
}

function assignmentFaults(people: Set<string>, slots: Set<string>, assignments: readonly Assignment[]): string[] {
  const faults: string[] = []
  for (const { personId, slotId } of assignments) {
    if (!people.has(personId)) faults.push(`An assignment names an unknown person: ${personId}.`)
    if (!slots.has(slotId)) faults.push(`An assignment names an unknown slot: ${slotId}.`)
  }
  return faults
}

function raise(faults: string[]): void {
  if (faults.length > 0) throw new TypeError(`The roster problem contradicts itself. ${faults.join(' ')}`)
}

/** Throws `TypeError` that names every fault. */
export function checkProblem(problem: Problem): void {
  raise(problemFaults(problem))
}

/** Throws `TypeError` that names every unknown person and slot. */
export function checkAssignments(problem: Problem, assignments: readonly Assignment[]): void {
  const people = new Set(problem.people.map((person) => person.id))
  const slots = new Set(problem.slots.map((slot) => slot.id))
  raise(assignmentFaults(people, slots, assignments))
}
