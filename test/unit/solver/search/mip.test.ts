import { beforeAll, expect, test } from 'vitest'
import { compilePlan } from '../../../../src/solver/checks.ts'
import { defaultRules, type Problem, type Score, solve, withRules } from '../../../../src/solver/index.ts'
import { createRandom } from '../../../../src/solver/random.ts'
import { loadHighs } from '../../../../src/solver/schedules/load-highs.ts'
import { RosterState } from '../../../../src/solver/state.ts'
import { at, person, problem, rule, shift, slot } from '../build.ts'

let highs: Awaited<ReturnType<typeof loadHighs>>
beforeAll(async () => {
  highs = await loadHighs()
})

/** Nine people, twenty seats in a week, absences, dislikes and tiers; every hard rule forbids pairs of duties. */
function dutyWeek(seed: number): Problem {
  const random = createRandom(seed)
  const shifts = Array.from({ length: 10 }, (_, i) =>
    shift(`s${i}`, { day: random.below(7), from: 8 * random.below(3), hours: [8, 12, 24][random.below(3)]! }),
  )
  const slots = shifts.flatMap(({ id }) => [
    slot(`${id}/a`, { requirement: random.below(2) === 0 ? { grades: ['chief'] } : {} }),
    slot(`${id}/b`, { need: random.below(3) === 0 ? 'desired' : 'mandatory', priority: 1 + random.below(3) }),
  ])
  const span = () => {
    const start = at(random.below(7))
    return { start, end: start + 1440 }
  }
  const people = Array.from({ length: 9 }, (_, i) =>
    person(`p${i}`, {
      grade: i % 3 === 0 ? 'chief' : 'clerk',
      groups: [{ id: `tier-${i % 3}`, tier: i % 3 }],
      absences: random.below(3) === 0 ? [span()] : [],
      availability: [{ kind: 'undesired', ...span() }],
    }),
  )
  const rules = withRules(
    defaultRules().filter(({ id }) => !id.startsWith('fair-') && id !== 'hours-in-7-days' && id !== 'consecutive-days'),
    [rule('minimum-rest', { minutes: 720 }, { strength: 'hard' })],
  )
  return problem({ shifts, slots, people, rules }, 7)
}

/** What one point of each level is worth in one sum: more than all that can happen below it. */
const WORTH = { unmetMandatory: 1e6, movedConfirmed: 2e4, unmetDesired: 300, movedPending: 10, wishes: 0.01 }

const sumOf = (score: Score): number =>
  Object.entries(WORTH).reduce((sum, [level, worth]) => sum + score[level as keyof typeof WORTH] * worth, 0)

/** The optimum by mixed-integer programming: one row for each seat, one for each pair of duties that exclude. */
function optimum(made: Problem): number {
  const state = new RosterState(compilePlan(made))
  const costs: string[] = []
  const rows: string[] = []
  const names = new Set<string>()
  let constant = 0
  const stays = new Map<string, number>()
  for (const { personId, slotId, confirmed } of made.published ?? []) {
    const worth = confirmed ? WORTH.movedConfirmed : WORTH.movedPending
    stays.set(`${personId} ${slotId.split('/')[0]}`, worth)
    constant += worth
  }
  made.slots.forEach((entry, s) => {
    const worth = (entry.need === 'mandatory' ? WORTH.unmetMandatory : WORTH.unmetDesired) * (entry.priority ?? 1)
    constant += worth
    const seat: string[] = []
    made.people.forEach(({ id }, p) => {
      if (!state.fits.allows(p, s)) return
      seat.push(`x${p}_${s}`)
      const gain = worth + (stays.get(`${id} ${entry.shiftId}`) ?? 0)
      costs.push(`${state.fits.softCost(p, s) * WORTH.wishes - gain} x${p}_${s}`)
    })
    for (const name of seat) names.add(name)
    if (seat.length > 0) rows.push(`${seat.join(' + ')} <= 1`)
  })
  made.people.forEach((_person, p) => {
    made.slots.forEach((_a, a) => {
      if (!names.has(`x${p}_${a}`)) return
      const mark = state.mark()
      state.assign(p, a)
      for (let b = a + 1; b < made.slots.length; b++) {
        if (names.has(`x${p}_${b}`) && state.hardChange(p, b) > 0) rows.push(`x${p}_${a} + x${p}_${b} <= 1`)
      }
      state.undo(mark)
    })
  })
  const objective = costs.join(' + ').replaceAll('+ -', '- ')
  const text = `Minimize\n obj: ${objective}\nSubject To\n ${rows.join('\n ')}\nBinary\n ${[...names].join(' ')}\nEnd\n`
  return constant + highs.solve(text, { mip_rel_gap: 0, mip_feasibility_tolerance: 1e-9 }).ObjectiveValue
}

const PATIENCE = 120_000

test(
  'twenty small weeks are solved to the optimum of a mixed-integer program',
  async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const made = dutyWeek(seed)
      const { score } = await solve(made, { seed, budget: { iterations: 20_000 }, explain: false })
      expect(score.hard).toBe(0)
      expect(sumOf(score), `seed ${seed}`).toBeCloseTo(optimum(made), 3)
    }
  },
  PATIENCE,
)

test(
  'after people fall ill, twenty rosters are repaired with the least possible disturbance',
  async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const made = dutyWeek(seed)
      const before = await solve(made, { seed, budget: { iterations: 2000 }, explain: false })
      const ill = new Set(['p0', 'p4'])
      const week = [{ start: at(0), end: at(8) }]
      const changed: Problem = {
        ...made,
        people: made.people.map((entry) => (ill.has(entry.id) ? { ...entry, absences: week } : entry)),
        published: before.assignments
          .filter((a) => !ill.has(a.personId))
          .map((a, i) => ({ ...a, confirmed: i % 2 === 0 })),
      }
      const { score } = await solve(changed, { seed, budget: { iterations: 20_000 }, explain: false })
      expect(score.hard).toBe(0)
      expect(sumOf(score), `seed ${seed}`).toBeCloseTo(optimum(changed), 3)
    }
  },
  PATIENCE,
)
