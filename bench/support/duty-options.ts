/** The duty problems that the benches can be asked for on the command line. */
import type { Problem } from '../../src/solver/index.ts'
import { districtProblem, scaledDistrict, scenarioE } from '../district-problem.ts'
import { dutyProblem, scaledShape, scenarioA } from '../duty-problem.ts'
import { volunteerProblem } from '../volunteer-problem.ts'

export const SHAPE_OPTIONS = {
  people: { type: 'string' },
  posts: { type: 'string' },
  days: { type: 'string', default: '7' },
  seed: { type: 'string', default: '1' },
  city: { type: 'boolean', default: false },
  district: { type: 'boolean', default: false },
  volunteers: { type: 'boolean', default: false },
  eligible: { type: 'string', default: '8' },
} as const

type Values = { [K in keyof typeof SHAPE_OPTIONS]?: string | boolean }

/** Throws `TypeError` naming the option when it is no number above 0. */
export function positive(values: Record<string, string | boolean | undefined>, name: string): number {
  const value = Number(values[name])
  if (!Number.isFinite(value) || value <= 0) throw new TypeError(`--${name} must be a number above 0.`)
  return value
}

/** Scenario A or E as it is, or either with so many people and posts, or the volunteers of one checkpoint after another. */
export function problemOf(values: Values): Problem {
  const [days, seed] = [positive(values, 'days'), positive(values, 'seed')]
  const isSized = values.people !== undefined || values.posts !== undefined
  if (values.city && !isSized) return dutyProblem(scenarioA(seed, days))
  if (values.district && !isSized) return districtProblem(scenarioE(seed, days))
  const sized = { people: '500', posts: '20', ...values }
  const [people, posts] = [positive(sized, 'people'), positive(sized, 'posts')]
  if (values.district) return districtProblem(scaledDistrict(people, posts, days, seed))
  if (values.volunteers) {
    return volunteerProblem({ people, posts, days, seed, postsEach: positive(values, 'eligible'), free: 0.6 })
  }
  return dutyProblem(scaledShape(people, posts, days, seed))
}
