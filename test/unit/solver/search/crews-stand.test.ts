import { expect, test } from 'vitest'
import { compilePlan } from '../../../../src/solver/checks.ts'
import { defaultRules, type Problem, solve } from '../../../../src/solver/index.ts'
import { createRandom } from '../../../../src/solver/random.ts'
import { Board } from '../../../../src/solver/search/board.ts'
import { at, person, problem, rule, shift, slot } from '../build.ts'

/** Two days, each with a stand-by for three of one crew and a gate; the crews one and two are published, the gate is `amy`. */
function published(ill: string[]): Problem {
  const crews = ['one', 'two', 'three'].map((id) => ({ id, personIds: [1, 2, 3].map((i) => `${id}-${i}`) }))
  const days = [0, 1]
  const shifts = days.flatMap((day) => [
    shift(`team${day}`, { day }, { tags: ['whole'] }),
    shift(`gate${day}`, { day }),
  ])
  const slots = days.flatMap((day) => [
    ...[1, 2, 3].map((seat) => slot(`team${day}/${seat}`, { requirement: { groups: ['crews'] } })),
    slot(`gate${day}`, { requirement: { groups: ['gate'] } }),
  ])
  const away = (id: string) => (ill.includes(id) ? { absences: [{ start: at(0), end: at(2) }] } : {})
  const people = [
    ...crews.flatMap(({ personIds }) => personIds.map((id) => person(id, { groups: [{ id: 'crews' }], ...away(id) }))),
    ...['amy', 'bo'].map((id) => person(id, { groups: [{ id: 'gate' }], ...away(id) })),
  ]
  const standing = days.flatMap((day) => [
    ...crews[day]!.personIds.map((personId, i) => ({ personId, slotId: `team${day}/${i + 1}`, confirmed: i > 0 })),
    { personId: 'amy', slotId: `gate${day}`, confirmed: true },
  ])
  const whole = rule('crew-whole', {}, { strength: 'hard', scope: { duties: { tags: ['whole'] } } })
  const rules = [...defaultRules(), whole]
  return {
    ...problem({ shifts, slots, people, crews, rules }, 2),
    published: standing.filter(({ personId }) => !ill.includes(personId)),
  }
}

const repaired = (ill: string[]) => solve(published(ill), { seed: 1, budget: { iterations: 300 } })

const standing = (made: Problem) => new Board(compilePlan(made), createRandom(1)).state.assignments()
const keyOf = ({ personId, slotId }: { personId: string; slotId: string }) => `${personId} ${slotId}`

test('the search starts with the crews that are published, as far as they are whole', () => {
  const all = published(['amy'])
  expect(standing(all).map(keyOf).sort()).toEqual(all.published!.map(keyOf).sort())
  const broken = published(['one-2'])
  const left = broken.published!.filter(({ personId }) => !personId.startsWith('one'))
  expect(standing(broken).map(keyOf).sort()).toEqual(left.map(keyOf).sort())
})

test('published crews stay where they are when somebody else falls ill', async () => {
  const { score, changes } = await repaired(['amy'])
  expect(score).toMatchObject({ hard: 0, unmetMandatory: 0, movedConfirmed: 0, movedPending: 0 })
  expect(changes.removed).toEqual([])
  expect(changes.personIds).toEqual(['bo'])
})

test('a crew with somebody ill gives way to another whole one, the others stay', async () => {
  const { score, changes } = await repaired(['one-2'])
  expect(score).toMatchObject({ hard: 0, unmetMandatory: 0, movedConfirmed: 1, movedPending: 1 })
  expect(changes.personIds).toEqual(['one-1', 'one-3', 'three-1', 'three-2', 'three-3'])
})
