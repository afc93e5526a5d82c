import type { Assignment, Problem, RuleInstance } from '../../src/solver/index.ts'
import type { Employee, Entry, Instance, Wish } from './curtois.ts'

const DAY = 1440
/** Monday 2026-11-02: day 0 of every instance is a Monday. */
const FIRST_DAY = 20_759
const slotId = (day: number, shift: string): string => `${day}:${shift}`

/** An instance in the terms of the roster engine: one shift with one slot for each day and shift type. */
export function toProblem(instance: Instance): Problem {
  const places = Array.from({ length: instance.days }, (_, day) =>
    instance.shifts.map((shift) => ({ day, shift })),
  ).flat()
  const cover = new Map(instance.cover.map((entry) => [slotId(entry.day, entry.shift), entry]))
  return {
    period: {
      fromDay: FIRST_DAY,
      toDay: FIRST_DAY + instance.days,
      startsAt: FIRST_DAY * DAY,
      endsAt: (FIRST_DAY + instance.days) * DAY,
    },
    people: instance.staff.map((employee) => ({
      id: employee.id,
      qualifications: [...employee.maxShifts].filter(([, max]) => max > 0).map(([id]) => ({ id })),
      absences: [...employee.daysOff].map((day) => ({
        start: (FIRST_DAY + day) * DAY,
        end: (FIRST_DAY + day + 1) * DAY,
      })),
    })),
    shifts: places.map(({ day, shift }) => ({
      id: slotId(day, shift.id),
      startsAt: (FIRST_DAY + day) * DAY,
      endsAt: (FIRST_DAY + day) * DAY + shift.minutes,
      day: FIRST_DAY + day,
      minutes: shift.minutes,
      templateId: shift.id,
    })),
    slots: places.map(({ day, shift }) => ({
      id: slotId(day, shift.id),
      shiftId: slotId(day, shift.id),
      role: 'staff',
      seats: instance.staff.length,
      need: 'optional',
      requirement: { qualifications: [shift.id] },
      cover: cover.get(slotId(day, shift.id)) ?? { required: 0, under: 0, over: 0 },
    })),
    rules: [...sharedRules(instance), ...contractRules(instance), ...wishRules(instance)],
  }
}

function sharedRules(instance: Instance): RuleInstance[] {
  return [
    { id: 'qualification', rule: 'qualification', params: {}, strength: 'hard' },
    { id: 'days-off', rule: 'absence', params: {}, strength: 'hard' },
    {
      id: 'one-a-day',
      rule: 'load-limit',
      params: { measure: 'shifts', window: { per: 'day' }, max: 1 },
      strength: 'hard',
    },
    { id: 'cover', rule: 'cover', params: {}, strength: { weight: 1 } },
    ...instance.shifts
      .filter((shift) => shift.notBefore.length > 0)
      .map(
        (shift): RuleInstance => ({
          id: `after-${shift.id}`,
          rule: 'succession',
          params: { first: { templateIds: [shift.id] }, mode: 'forbidden', next: { templateIds: shift.notBefore } },
          strength: 'hard',
        }),
      ),
  ]
}

const period = { per: 'period' } as const

/** One rule for all people with the same numbers. */
function grouped<T>(
  staff: Employee[],
  numbersOf: (employee: Employee) => T | undefined,
  ruleFor: (value: T, id: string) => RuleInstance,
): RuleInstance[] {
  const groups = new Map<string, { value: T; personIds: string[] }>()
  for (const employee of staff) {
    const value = numbersOf(employee)
    if (value === undefined) continue
    const key = JSON.stringify(value)
    const group = groups.get(key) ?? { value, personIds: [] }
    group.personIds.push(employee.id)
    groups.set(key, group)
  }
  return [...groups].map(([key, { value, personIds }]) => {
    const rule = ruleFor(value, key)
    return { ...rule, scope: { ...rule.scope, people: { personIds } } }
  })
}

function contractRules(instance: Instance): RuleInstance[] {
  const { staff, days } = instance
  const limit = (id: string, params: Extract<RuleInstance, { rule: 'load-limit' }>['params']): RuleInstance => ({
    id,
    rule: 'load-limit',
    params,
    strength: 'hard',
  })
  return [
    ...grouped(
      staff,
      ({ minMinutes: min, maxMinutes: max }) => ({ min, max }),
      (value, key) => limit(`minutes ${key}`, { measure: 'minutes', window: period, ...value }),
    ),
    ...grouped(
      staff,
      ({ maxWeekends: max }) => ({ max }),
      (value, key) => limit(`weekends ${key}`, { measure: 'weekends', window: period, ...value }),
    ),
    ...grouped(
      staff,
      ({ minRun: min, maxRun: max }) => ({ min, max }),
      (params, key) => ({ id: `run ${key}`, rule: 'consecutive-days', params, strength: 'hard' }),
    ),
    ...grouped(
      staff,
      ({ minOff: min }) => ({ min }),
      (params, key) => ({ id: `off ${key}`, rule: 'consecutive-days-off', params, strength: 'hard' }),
    ),
    ...instance.shifts.flatMap(({ id }) =>
      grouped(
        staff,
        ({ maxShifts }) => {
          const max = maxShifts.get(id) ?? 0
          return max > 0 && max < days ? { max } : undefined
        },
        (value, key) => ({
          ...limit(`shifts ${id} ${key}`, { measure: 'shifts', window: period, ...value }),
          scope: { duties: { templateIds: [id] } },
        }),
      ),
    ),
  ]
}

function wishRules(instance: Instance): RuleInstance[] {
  const toRule =
    (kind: 'on' | 'off') =>
    ({ employee, day, shift, weight }: Wish, i: number): RuleInstance => ({
      id: `${kind}-${i}`,
      rule: 'request',
      params: { personId: employee, kind, day: FIRST_DAY + day, duties: { templateIds: [shift] }, amount: weight },
      strength: { weight: 1 },
    })
  return [...instance.on.map(toRule('on')), ...instance.off.map(toRule('off'))]
}

export function toEntries(assignments: readonly Assignment[]): Entry[] {
  return assignments.map(({ personId, slotId: slot }) => {
    const at = slot.indexOf(':')
    return { employee: personId, day: Number(slot.slice(0, at)), shift: slot.slice(at + 1) }
  })
}
