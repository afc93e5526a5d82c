/** Small weeks of duty by chance, for comparison with mixed-integer programs. */
import { defaultRules, type Problem, withRules } from '../../../../src/solver/index.ts'
import { createRandom, type Random } from '../../../../src/solver/random.ts'
import { at, past, person, problem, rule, shift, slot } from '../build.ts'

const rest = rule('minimum-rest', { minutes: 720 }, { strength: 'hard' })
const isPairwise = (id: string) => !id.startsWith('fair-') && id !== 'hours-in-7-days' && id !== 'consecutive-days'

const dayOff = (random: Random) => {
  const start = at(random.below(7))
  return { start, end: start + 1440 }
}

const shiftsOf = (random: Random, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const [day, from, hours] = [random.below(7), 8 * random.below(3), [8, 12, 24][random.below(3)]!]
    return shift(`s${i}`, { day, from, hours }, from + hours > 22 ? { nightMinutes: 480 } : {})
  })

/** Nine people, twenty seats in a week, absences, dislikes and tiers; every hard rule forbids pairs of duties. */
export function dutyWeek(seed: number): Problem {
  const random = createRandom(seed)
  const shifts = shiftsOf(random, 10)
  const slots = shifts.flatMap(({ id }) => [
    slot(`${id}/a`, { requirement: random.below(2) === 0 ? { grades: ['chief'] } : {} }),
    slot(`${id}/b`, { need: random.below(3) === 0 ? 'desired' : 'mandatory', priority: 1 + random.below(3) }),
  ])
  const people = Array.from({ length: 9 }, (_, i) =>
    person(`p${i}`, {
      grade: i % 3 === 0 ? 'chief' : 'clerk',
      groups: [{ id: `tier-${i % 3}`, tier: i % 3 }],
      absences: random.below(3) === 0 ? [dayOff(random)] : [],
      availability: [{ kind: 'undesired', ...dayOff(random) }],
    }),
  )
  return problem(
    {
      shifts,
      slots,
      people,
      rules: withRules(
        defaultRules().filter(({ id }) => isPairwise(id)),
        [rest],
      ),
    },
    7,
  )
}

/** Three people of the week, two of them chiefs, fall ill for all of it. */
export function afterIllness(made: Problem, assignments: Problem['published'] & {}): Problem {
  const ill = new Set(['p0', 'p3', 'p4'])
  const week = [{ start: at(0), end: at(8) }]
  return {
    ...made,
    people: made.people.map((entry) => (ill.has(entry.id) ? { ...entry, absences: week } : entry)),
    published: assignments.filter((a) => !ill.has(a.personId)),
  }
}

/**
 * Five people in two groups, seven seats, some of half share or with something carried in, some with duty on all days before the week:
 * limits on hours in seven days and on days in a row, justice of hours and nights, no wishes.
 */
export function fairWeek(seed: number): Problem {
  const random = createRandom(seed)
  const shifts = shiftsOf(random, 5)
  const slots = shifts.flatMap(({ id }, i) => [
    slot(`${id}/a`),
    ...(i % 3 === 0 ? [slot(`${id}/b`, { need: random.below(3) === 0 ? 'desired' : 'mandatory' })] : []),
  ])
  const people = Array.from({ length: 5 }, (_, i) =>
    person(`p${i}`, {
      groups: [{ id: `group-${i % 2}` }],
      share: random.below(4) === 0 ? 0.5 : 1,
      carriedIn: random.below(3) === 0 ? { minutes: 480, nights: 1 } : {},
      absences: random.below(3) === 0 ? [dayOff(random)] : [],
    }),
  )
  const busy = people.filter(() => random.below(3) === 0)
  const history = busy.flatMap(({ id }) => [-5, -4, -3, -2, -1].map((day) => past(id, { day, from: 6, hours: 10 })))
  const fair = (measure: 'minutes' | 'nights', weight: number) =>
    rule('fair-share', { measure, within: 'group' }, { id: `fair-${measure}`, strength: { weight } })
  const hard = { strength: 'hard' as const }
  const rules = withRules(
    defaultRules().filter(({ id, strength }) => !id.startsWith('fair-') && strength === 'hard'),
    [
      rest,
      rule(
        'load-limit',
        { measure: 'minutes', window: { per: 'rolling', days: 7 }, max: 3600 },
        { ...hard, id: 'hours-in-7-days' },
      ),
      fair('minutes', 1),
      fair('nights', 16),
    ],
  )
  return problem({ shifts, slots, people, history, rules }, 7)
}
