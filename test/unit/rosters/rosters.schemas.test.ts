import { expect, test } from 'vitest'
import { OpenSlotReason, RunBound } from '../../../src/modules/rosters/rosters.schemas.ts'
import { compilePlan } from '../../../src/solver/checks.ts'
import { layOut } from '../../../src/solver/evaluate.ts'
import { openSlots } from '../../../src/solver/explain/reasons.ts'
import { defaultRules, solve } from '../../../src/solver/index.ts'
import { RosterState } from '../../../src/solver/state.ts'
import { person, problem, roster, shift, slot } from '../solver/build.ts'

const ID = '0190a1b2-0000-7000-8000-00000000000'
const shifts = [1, 2].map((day) => shift(ID + day, { day, hours: 24 }))
const people = [person('amy', { grade: 'clerk' }), person('bo', { grade: 'chief' })]
const slots = shifts.map((entry) => slot(entry.id, { requirement: { grades: ['chief'] } }))
const made = problem({ shifts, slots, people, rules: defaultRules() })

test('the API says everything that the engine says of an open slot, also that it was looked at in part', () => {
  const plan = compilePlan(made)
  const state = new RosterState(plan)
  const reasons = openSlots(plan, layOut(plan, []), state, 0)
  expect(reasons.map((one) => one.isPartial)).toEqual([undefined, true])
  expect(reasons.map((one) => OpenSlotReason.parse(one))).toEqual(reasons)
  expect(reasons[0]!.unlocks.length).toBeGreaterThan(0)
})

test('the API says everything that the engine says of what is proven', async () => {
  const { bound } = await solve({ ...made, pins: roster(`bo ${ID}1`) }, { seed: 1, budget: {} })
  expect(bound).toMatchObject({ level: 'unmetMandatory', seats: { atLeast: 1, open: 1 } })
  expect(RunBound.parse(bound)).toEqual(bound)
})
