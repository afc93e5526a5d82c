import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { districtProblem, scaledDistrict, scenarioE } from '../../../bench/district-problem.ts'
import { dutyProblem, scaledShape, scenarioA } from '../../../bench/duty-problem.ts'
import { judgeDuty } from '../../../bench/support/duty-judge.ts'
import { Fitting } from '../../../bench/support/fitting.ts'

const run = promisify(execFile)
const bench = fileURLToPath(new URL('../../../bench/duty.ts', import.meta.url))
const lastLine = async (...options: string[]) => {
  const { stdout } = await run(process.execPath, [bench, ...options])
  return JSON.parse(stdout.trim().split('\n').at(-1)!)
}

test('the duty bench staffs a small city, repairs it and prints JSON last', async () => {
  const figures = await lastLine(...'--people 160 --posts 4 --days 7 --seconds 1 --ill 5'.split(' '))
  expect(figures).toMatchObject({ people: 160, hard: 0, unfilled: 0 })
  expect(figures.filled).toBe(figures.fillable.mandatory)
  expect(figures.openMandatory).toBe(figures.seats - figures.filled)
  expect(figures.shiftSpread).toBeLessThanOrEqual(1)
  const { ill, hard, filledMandatory, fillableMandatory, disturbed, disturbedAtLeast } = figures.repair
  expect({ ill, hard }).toEqual({ ill: 5, hard: 0 })
  expect(filledMandatory).toBeLessThanOrEqual(fillableMandatory)
  expect(disturbed).toBeGreaterThanOrEqual(disturbedAtLeast)
}, 120_000)

test('an option that is no number is refused', async () => {
  await expect(lastLine('--people', 'many')).rejects.toThrow('--people must be a number above 0.')
})

const postsIn = (made: ReturnType<typeof dutyProblem>, name: string) =>
  new Set(made.shifts.map(({ postId }) => postId!).filter((id) => id.startsWith(name))).size

test('a city of another size has every group of the city in proportion', () => {
  const city = dutyProblem(scenarioA(1))
  const twice = dutyProblem(scaledShape(2 * city.people.length, 2 * 93, 7, 1))
  expect(twice.people).toHaveLength(2 * city.people.length)
  for (const kind of ['checkpoint', 'quarantine', 'village', 'hotline', 'stand-by', 'survey']) {
    expect(postsIn(twice, kind), kind).toBe(2 * postsIn(city, kind))
  }
  expect(twice.crews).toHaveLength(2 * city.crews!.length)
  expect(Math.abs(twice.slots.length / city.slots.length - 2)).toBeLessThan(0.01)
})

test.each([
  ['the city', dutyProblem(scenarioA(1))],
  ['a small city', dutyProblem(scaledShape(500, 20, 7, 1))],
  ['the district', districtProblem(scenarioE(1))],
])('everybody in %s meets the requirement of some seat', (_name, made) => {
  const fitting = new Fitting(made)
  expect(made.people.filter((person) => fitting.meets(person).length === 0)).toEqual([])
})

test('in the city teams go out whole and watches are mixed, and both matter', () => {
  const city = dutyProblem(scenarioA(1))
  const places = new Fitting(city).places
  const { personIds } = city.crews![0]!
  const standBy = places.find(({ shift }) => shift.postId === 'stand-by-0')!
  const apart = personIds.slice(1).map((personId, i) => ({ personId, slotId: standBy.slotIds[i]! }))
  expect(judgeDuty(city, apart).breaches).toEqual({ 'crew-whole': 1 })
  const watch = places.find(({ shift }) => shift.tags?.includes('watch'))!
  const fit = city.people.filter(
    ({ groups, absences }) => !absences && groups?.[0]?.id === watch.requirement.groups![0],
  )
  const police = fit.filter(({ personClass }) => personClass === 'police').slice(0, watch.seats)
  const taken = police.map(({ id: personId }, i) => ({ personId, slotId: watch.slotIds[i]! }))
  expect(taken).toHaveLength(watch.seats)
  expect(judgeDuty(city, taken).breaches).toEqual({ mix: 1 })
})

test('so has a district', () => {
  const whole = scenarioE(1)
  const twice = scaledDistrict(2 * 618, 2 * 259, 14, 1)
  expect(twice).toEqual({ ...whole, volunteers: 782, liaisons: 206, grids: 148, places: 328, teams: 40, exits: 2 })
  expect(districtProblem(twice).people).toHaveLength(2 * 618)
})
