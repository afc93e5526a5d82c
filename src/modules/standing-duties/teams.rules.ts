import { stepsBetween } from '../organisation/tree.rules.ts'
import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import type { TeamRole } from './standing-duties.types.ts'

export interface Teammate {
  id: string
  personClass: (typeof PERSON_CLASSES)[number]
  grade: string | null
  qualificationIds: string[]
  unitPath: string
  /** Standing duties held already. */
  load: number
}

const role = (name: string, personClasses: TeamRole['personClasses'], grades: string[] = []): TeamRole => ({
  role: name,
  personClasses,
  grades,
  qualificationIds: [],
})

/** Five in one: who looks after somebody in home monitoring, unless a unit says otherwise. */
export const FIVE_IN_ONE: TeamRole[] = [
  role('street cadre', ['staff', 'secondedCadre'], ['street cadre']),
  role('community cadre', ['staff', 'secondedCadre'], ['community cadre']),
  role('medical worker', ['medical']),
  role('police officer', ['police']),
  role('grid worker', ['staff', 'volunteer'], ['grid worker']),
]

export const fits = ({ personClasses, grades, qualificationIds }: TeamRole, person: Teammate): boolean =>
  (personClasses.length === 0 || personClasses.includes(person.personClass)) &&
  (grades.length === 0 || (person.grade !== null && grades.includes(person.grade))) &&
  qualificationIds.every((id) => person.qualificationIds.includes(id))

/**
 * A team for a case: for each role the person who fits with the fewest duties, among equals the nearest. Roles that
 * few can take choose first, and nobody takes two. Roles nobody can take stay open.
 */
export function proposeTeam(roles: TeamRole[], people: Teammate[], casePath: string): Map<string, string> {
  const team = new Map<string, string>()
  const choices = roles
    .map((one) => ({ one, able: people.filter((person) => fits(one, person)) }))
    .sort((a, b) => a.able.length - b.able.length)
  const taken = new Set<string>()
  for (const { one, able } of choices) {
    const [best] = able
      .filter((person) => !taken.has(person.id))
      .sort(
        (a, b) =>
          a.load - b.load ||
          stepsBetween(a.unitPath, casePath) - stepsBetween(b.unitPath, casePath) ||
          (a.id < b.id ? -1 : 1),
      )
    if (!best) continue
    taken.add(best.id)
    team.set(one.role, best.id)
  }
  return team
}
