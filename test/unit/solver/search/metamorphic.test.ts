import { beforeAll, describe, expect, test } from 'vitest'
import { type Problem, type Score, solve } from '../../../../src/solver/index.ts'
import { loadHighs } from '../../../../src/solver/schedules/load-highs.ts'
import { compareScores } from '../../../../src/solver/score.ts'
import { person } from '../build.ts'
import { afterIllness, dutyWeek, fairWeek } from './duty-week.ts'
import { RosterProgram, WORTH, worthOf } from './program.ts'

const PATIENCE = 120_000
const SEEDS = Array.from({ length: 6 }, (_, i) => 101 + i)
const best = async (made: Problem, seed = 1): Promise<Score> =>
  (await solve(made, { seed, budget: { iterations: 20_000 }, explain: false })).score

let highs: Awaited<ReturnType<typeof loadHighs>>
beforeAll(async () => {
  highs = await loadHighs()
})

/** Weeks of three sorts: cover and wishes, justice, a published roster in which people fell ill. */
const weeks = async (): Promise<Problem[]> => {
  const plain = SEEDS.map(dutyWeek)
  const published = await Promise.all(
    plain.map(async (made) => {
      const { assignments } = await solve(made, { seed: 1, budget: { iterations: 2000 }, explain: false })
      return afterIllness(
        made,
        assignments.map((a, i) => ({ ...a, confirmed: i % 3 > 0 })),
      )
    }),
  )
  return [...plain, ...SEEDS.map(fairWeek), ...published]
}

/** Every list the other way round. */
const turned = (made: Problem): Problem => ({
  ...made,
  people: [...made.people].reverse(),
  shifts: [...made.shifts].reverse(),
  slots: [...made.slots].reverse(),
  rules: [...made.rules].reverse(),
  history: [...(made.history ?? [])].reverse(),
  published: [...(made.published ?? [])].reverse(),
})

/** Other names for people, shifts, slots, rules, groups, grades and roles, in another order of the alphabet. */
function renamed(made: Problem): Problem {
  const other = (name: string) => `${String.fromCharCode(0x7a - (name.charCodeAt(name.length - 1) % 26))}-${name}`
  return {
    ...made,
    people: made.people.map((entry) => ({
      ...entry,
      id: other(entry.id),
      ...(entry.grade ? { grade: other(entry.grade) } : {}),
      ...(entry.unitPath ? { unitPath: other(entry.unitPath) } : {}),
      groups: (entry.groups ?? []).map((group) => ({ ...group, id: other(group.id) })),
    })),
    shifts: made.shifts.map((entry) => ({ ...entry, id: other(entry.id) })),
    slots: made.slots.map((entry) => ({
      ...entry,
      id: other(entry.id),
      shiftId: other(entry.shiftId),
      role: other(entry.role),
      requirement: {
        ...entry.requirement,
        ...(entry.requirement?.grades && { grades: entry.requirement.grades.map(other) }),
      },
    })),
    rules: made.rules.map((entry) => ({ ...entry, id: other(entry.id) })),
    history: (made.history ?? []).map((entry) => ({ ...entry, personId: other(entry.personId) })),
    published: (made.published ?? []).map((entry) => ({
      ...entry,
      personId: other(entry.personId),
      slotId: other(entry.slotId),
    })),
  }
}

describe('what must not matter does not', () => {
  test(
    'order of the input and names change nothing about the best roster of small weeks',
    async () => {
      for (const [i, made] of (await weeks()).entries()) {
        const score = await best(made)
        const same = `week ${i}`
        expect(Math.abs(compareScores(await best(turned(made)), score)), same).toBeLessThan(1e-3)
        expect(Math.abs(compareScores(await best(renamed(made)), score)), same).toBeLessThan(1e-3)
        expect(Math.abs(compareScores(await best(turned(renamed(made)), 7), score)), same).toBeLessThan(1e-3)
      }
    },
    PATIENCE,
  )

  test(
    'the best roster is that of a mixed-integer program, and one person more never makes it worse',
    async () => {
      for (const seed of SEEDS) {
        const made = dutyWeek(seed)
        const more = { ...made, people: [...made.people, person('new', { grade: 'chief' })] }
        const [few, many] = [await best(made), await best(more)]
        expect(compareScores(many, few), `seed ${seed}`).toBeLessThan(1e-3)
        for (const [problem, score] of [
          [made, few],
          [more, many],
        ] as const) {
          const optimum = new RosterProgram(problem).addCosts(WORTH).optimum(highs)
          expect(worthOf(score, WORTH), `seed ${seed}`).toBeCloseTo(optimum, 3)
        }
      }
    },
    PATIENCE,
  )

  test(
    'one person more never makes cover worse where justice counts, however it is shared out',
    async () => {
      for (const seed of SEEDS) {
        const made = fairWeek(seed)
        const helper = person('new', { groups: [{ id: 'group-0' }] })
        const [few, many] = [await best(made), await best({ ...made, people: [...made.people, helper] })]
        expect(many.unmetMandatory, `seed ${seed}`).toBeLessThanOrEqual(few.unmetMandatory)
        if (many.unmetMandatory === few.unmetMandatory) expect(many.unmetDesired).toBeLessThanOrEqual(few.unmetDesired)
      }
    },
    PATIENCE,
  )
})
