import { beforeAll, describe, expect, test } from 'vitest'
import { type Problem, solve } from '../../../../src/solver/index.ts'
import { loadHighs } from '../../../../src/solver/schedules/load-highs.ts'
import { afterIllness, dutyWeek, fairWeek } from './duty-week.ts'
import { RosterProgram, WORTH, type Worth, worthOf } from './program.ts'

let highs: Awaited<ReturnType<typeof loadHighs>>
beforeAll(async () => {
  highs = await loadHighs()
})

const PATIENCE = 120_000
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1)
const optimum = (made: Problem, worth: Worth = WORTH) => new RosterProgram(made).addCosts(worth).optimum(highs)
const search = (made: Problem, seed: number, iterations = 20_000) =>
  solve(made, { seed, budget: { iterations }, explain: false })

test(
  'twenty small weeks are solved to the optimum of a mixed-integer program',
  async () => {
    for (const seed of SEEDS) {
      const made = dutyWeek(seed)
      const { score } = await search(made, seed)
      expect(score.hard).toBe(0)
      expect(worthOf(score, WORTH), `seed ${seed}`).toBeCloseTo(optimum(made), 3)
    }
  },
  PATIENCE,
)

describe('after people fall ill', () => {
  /** Some duties of everybody, or all duties of some, who then have several to lose; and the fewest people who must. */
  const kinds = {
    'every other duty confirmed': (_personId: string, i: number) => i % 2 === 0,
    'every duty of most people confirmed': (personId: string) => Number(personId.slice(1)) % 3 > 0,
  }

  test.each(Object.entries(kinds))(
    'twenty rosters are repaired with the least possible disturbance: %s',
    async (_name, isConfirmed) => {
      let disturbed = 0
      for (const seed of SEEDS) {
        const made = dutyWeek(seed)
        const before = await search(made, seed, 2000)
        const published = before.assignments.map((a, i) => ({ ...a, confirmed: isConfirmed(a.personId, i) }))
        const changed = afterIllness(made, published)
        const { score, changes } = await search(changed, seed)
        expect(score.hard).toBe(0)
        expect(worthOf(score, WORTH), `seed ${seed}`).toBeCloseTo(optimum(changed), 3)
        const { unmetMandatory, movedConfirmed } = WORTH
        const people = optimum(changed, { unmetMandatory, movedConfirmed }) - score.unmetMandatory * unmetMandatory
        expect(changes.confirmedPersonIds.length, `seed ${seed}`).toBe(Math.round(people / movedConfirmed))
        expect(score.movedConfirmed).toBe(changes.confirmedPersonIds.length)
        disturbed += changes.confirmedPersonIds.length
      }
      expect(disturbed).toBeGreaterThan(2)
    },
    PATIENCE,
  )
})

test(
  'twenty small weeks are as just as a mixed-integer program can make them, within limits on hours and days in a row',
  async () => {
    for (const seed of SEEDS) {
      const made = fairWeek(seed)
      const { score } = await search(made, seed)
      expect(score.hard).toBe(0)
      const program = new RosterProgram(made).addCosts(WORTH)
      const cover = program.optimum(highs)
      expect(worthOf(score, WORTH), `seed ${seed}`).toBeCloseTo(cover, 3)
      const justice = program.hold(cover).addJustice().optimum(highs)
      expect(score.justice, `seed ${seed}`).toBeCloseTo(justice, 3)
    }
  },
  PATIENCE,
)
