/** Small staff-scheduling instances by chance, and every line a person could have in them. */
import { type Employee, type Entry, type Instance, judge, type Wish } from '../../../../bench/support/curtois.ts'
import { createRandom, type Random } from '../../../../src/solver/random.ts'

export interface TinyShape {
  days: number
  people: number
  types: number
}

const SHIFTS = [
  { id: 'E', minutes: 480, notBefore: [] as string[] },
  { id: 'L', minutes: 480, notBefore: ['E'] },
  { id: 'N', minutes: 720, notBefore: ['E', 'L'] },
]

export function tinyInstance(seed: number, { days, people, types }: TinyShape): Instance {
  const random = createRandom(seed)
  const shifts = SHIFTS.slice(0, types)
  const staff = Array.from({ length: people }, (_, i) => tinyEmployee(random, `p${i}`, days, types))
  const anyWish = (): Wish => ({
    employee: staff[random.below(people)]!.id,
    day: random.below(days),
    shift: shifts[random.below(types)]!.id,
    weight: 1 + random.below(3),
  })
  return {
    days,
    shifts,
    staff,
    on: Array.from({ length: people }, anyWish),
    off: Array.from({ length: people }, anyWish),
    cover: Array.from({ length: days }, (_, day) =>
      shifts.map(({ id }) => ({ day, shift: id, required: random.below(3), under: 10, over: 1 })),
    ).flat(),
  }
}

function tinyEmployee(random: Random, id: string, days: number, types: number): Employee {
  const least = random.below(3)
  return {
    id,
    maxShifts: new Map(SHIFTS.slice(0, types).map((shift) => [shift.id, [0, 1, 2, days][random.below(4)]!])),
    minMinutes: least * 480,
    maxMinutes: (least + 1 + random.below(3)) * 480,
    maxRun: 2 + random.below(3),
    minRun: 1 + random.below(2),
    minOff: 1 + random.below(3),
    maxWeekends: random.below(3),
    daysOff: new Set(random.below(2) === 0 ? [] : [random.below(days)]),
  }
}

export const entriesOf = (instance: Instance, id: string, line: ArrayLike<number>): Entry[] =>
  Array.from(line).flatMap((type, day) => (type < 0 ? [] : [{ employee: id, day, shift: instance.shifts[type]!.id }]))

/** Every line of one person that breaks no hard rule. */
export function everyLine(instance: Instance, employee: Employee): Int8Array[] {
  const alone: Instance = { ...instance, staff: [employee], on: [], off: [], cover: [] }
  const found: Int8Array[] = []
  const line = new Int8Array(instance.days).fill(-1)
  const step = (day: number): void => {
    if (day === instance.days) {
      if (judge(alone, entriesOf(alone, employee.id, line)).hard === 0) found.push(line.slice())
      return
    }
    for (let type = -1; type < instance.shifts.length; type++) {
      line[day] = type
      step(day + 1)
    }
    line[day] = -1
  }
  step(0)
  return found
}

/** The least cost of any roster, by looking at all of them; undefined when there is none. */
export function bestOfAll(instance: Instance): number | undefined {
  const lines = instance.staff.map((employee) =>
    everyLine(instance, employee).map((line) => entriesOf(instance, employee.id, line)),
  )
  let best: number | undefined
  const step = (person: number, entries: Entry[]): void => {
    if (person === lines.length) {
      const { objective } = judge(instance, entries)
      if (best === undefined || objective < best) best = objective
      return
    }
    for (const own of lines[person]!) step(person + 1, [...entries, ...own])
  }
  step(0, [])
  return best
}
