/** Public staff-scheduling instances (Curtois & Qu 2014): their file format, and an evaluator of their own terms. */

export interface Employee {
  id: string
  maxShifts: Map<string, number>
  maxMinutes: number
  minMinutes: number
  maxRun: number
  minRun: number
  minOff: number
  maxWeekends: number
  daysOff: Set<number>
}

export interface Wish {
  employee: string
  day: number
  shift: string
  weight: number
}

export interface Instance {
  days: number
  shifts: { id: string; minutes: number; notBefore: string[] }[]
  staff: Employee[]
  on: Wish[]
  off: Wish[]
  cover: { day: number; shift: string; required: number; under: number; over: number }[]
}

export interface Entry {
  employee: string
  day: number
  shift: string
}

function sections(text: string): Map<string, string[][]> {
  const found = new Map<string, string[][]>()
  let rows: string[][] = []
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('SECTION_')) {
      rows = []
      found.set(line.slice('SECTION_'.length), rows)
    } else {
      rows.push(line.split(','))
    }
  }
  return found
}

const wish = ([employee, day, shift, weight]: string[]): Wish => ({
  employee: employee!,
  day: Number(day),
  shift: shift!,
  weight: Number(weight),
})

export function parseInstance(text: string): Instance {
  const all = sections(text)
  const rows = (name: string): string[][] => all.get(name) ?? []
  const daysOff = new Map(rows('DAYS_OFF').map(([id, ...days]) => [id, new Set(days.filter(Boolean).map(Number))]))
  return {
    days: Number(rows('HORIZON')[0]![0]),
    shifts: rows('SHIFTS').map(([id, minutes, bars]) => ({
      id: id!,
      minutes: Number(minutes),
      notBefore: (bars ?? '').split('|').filter(Boolean),
    })),
    staff: rows('STAFF').map(([id, limits, ...numbers]) => {
      const [maxMinutes, minMinutes, maxRun, minRun, minOff, maxWeekends] = numbers.map(Number) as number[]
      const pairs = limits!.split('|').map((pair) => pair.split('='))
      return {
        id: id!,
        maxShifts: new Map(pairs.map(([shift, max]) => [shift!, Number(max)])),
        maxMinutes: maxMinutes!,
        minMinutes: minMinutes!,
        maxRun: maxRun!,
        minRun: minRun!,
        minOff: minOff!,
        maxWeekends: maxWeekends!,
        daysOff: daysOff.get(id!) ?? new Set<number>(),
      }
    }),
    on: rows('SHIFT_ON_REQUESTS').map(wish),
    off: rows('SHIFT_OFF_REQUESTS').map(wish),
    cover: rows('COVER').map(([day, shift, ...numbers]) => {
      const [required, under, over] = numbers.map(Number) as [number, number, number]
      return { day: Number(day), shift: shift!, required, under, over }
    }),
  }
}

/** Cost of a roster and the number of hard rules it breaks. Shares nothing with the engine. */
export function judge(instance: Instance, entries: readonly Entry[]): { objective: number; hard: number } {
  const plan = new Map(instance.staff.map((employee) => [employee.id, new Array<string | undefined>(instance.days)]))
  let hard = 0
  for (const { employee, day, shift } of entries) {
    const own = plan.get(employee)
    if (!own || day < 0 || day >= instance.days || own[day] !== undefined) hard++
    else own[day] = shift
  }
  for (const employee of instance.staff) hard += faultsOf(instance, employee, plan.get(employee.id)!)
  return { objective: wishCost(instance, plan) + coverCost(instance, plan), hard }
}

type Plan = Map<string, (string | undefined)[]>

function faultsOf(instance: Instance, employee: Employee, days: (string | undefined)[]): number {
  const lengths = new Map(instance.shifts.map((shift) => [shift.id, shift]))
  const used = new Map<string, number>()
  let faults = 0
  let minutes = 0
  for (let day = 0; day < instance.days; day++) {
    const shift = lengths.get(days[day] ?? '')
    if (!shift) continue
    minutes += shift.minutes
    used.set(shift.id, (used.get(shift.id) ?? 0) + 1)
    if (employee.daysOff.has(day)) faults++
    if (shift.notBefore.includes(days[day + 1] ?? '')) faults++
  }
  for (const [shift, count] of used) if (count > (employee.maxShifts.get(shift) ?? 0)) faults++
  if (minutes > employee.maxMinutes || minutes < employee.minMinutes) faults++
  return faults + runFaults(instance, employee, days) + weekendFaults(instance, employee, days)
}

function runFaults(instance: Instance, employee: Employee, days: (string | undefined)[]): number {
  let faults = 0
  let start = 0
  while (start < instance.days) {
    const works = days[start] !== undefined
    let end = start
    while (end < instance.days && (days[end] !== undefined) === works) end++
    const isInner = start > 0 && end < instance.days
    if (works && end - start > employee.maxRun) faults++
    if (isInner && end - start < (works ? employee.minRun : employee.minOff)) faults++
    start = end
  }
  return faults
}

function weekendFaults(instance: Instance, employee: Employee, days: (string | undefined)[]): number {
  let weekends = 0
  for (let saturday = 5; saturday < instance.days; saturday += 7) {
    if (days[saturday] !== undefined || days[saturday + 1] !== undefined) weekends++
  }
  return weekends > employee.maxWeekends ? 1 : 0
}

function wishCost(instance: Instance, plan: Plan): number {
  const has = ({ employee, day, shift }: Wish) => plan.get(employee)?.[day] === shift
  const on = instance.on.reduce((sum, entry) => sum + (has(entry) ? 0 : entry.weight), 0)
  return instance.off.reduce((sum, entry) => sum + (has(entry) ? entry.weight : 0), on)
}

function coverCost(instance: Instance, plan: Plan): number {
  const counts = new Map<string, number>()
  for (const days of plan.values()) {
    days.forEach((shift, day) => {
      if (shift !== undefined) counts.set(`${day} ${shift}`, (counts.get(`${day} ${shift}`) ?? 0) + 1)
    })
  }
  return instance.cover.reduce((sum, { day, shift, required, under, over }) => {
    const count = counts.get(`${day} ${shift}`) ?? 0
    return sum + (count < required ? (required - count) * under : (count - required) * over)
  }, 0)
}
