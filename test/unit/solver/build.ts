/** Small roster problems for tests: day 0 is Monday 2026-11-02 in a zone without clock changes, equal to UTC. */
import {
  type Assignment,
  evaluate,
  type HistoryDuty,
  type Person,
  type Problem,
  type RuleInstance,
  type Shift,
  type Slot,
} from '../../../src/solver/index.ts'

export const MONDAY = 20_759
export const at = (day: number, hour = 0): number => (MONDAY + day) * 1440 + hour * 60

export interface DutyAt {
  day: number
  from?: number
  hours?: number
}

const facts = ({ day, from = 8, hours = 8 }: DutyAt) => ({
  startsAt: at(day, from),
  endsAt: at(day, from) + hours * 60,
  day: MONDAY + day,
  minutes: hours * 60,
})

export const shift = (id: string, when: DutyAt, more: Partial<Shift> = {}): Shift => ({ id, ...facts(when), ...more })

export const past = (personId: string, when: DutyAt, more: Partial<HistoryDuty> = {}): HistoryDuty => ({
  personId,
  ...facts(when),
  ...more,
})

/** A slot of the shift of the same name; `b/2` is a second slot of shift `b`. */
export const slot = (id: string, more: Partial<Slot> = {}): Slot => ({
  id,
  shiftId: id.split('/')[0]!,
  role: 'guard',
  need: 'mandatory',
  ...more,
})

export const person = (id: string, more: Partial<Person> = {}): Person => ({ id, ...more })

export function problem(parts: Partial<Problem> & { shifts: Shift[] }, days = 14): Problem {
  return {
    period: { fromDay: MONDAY, toDay: MONDAY + days, startsAt: at(0), endsAt: at(days) },
    people: [person('amy'), person('bo'), person('cy')],
    slots: parts.shifts.map((entry) => slot(entry.id)),
    rules: [],
    ...parts,
  }
}

/** 'amy a b, bo c' : amy in slots a and b, bo in slot c. */
export const roster = (text: string): Assignment[] =>
  text
    .split(', ')
    .filter((entry) => entry !== '')
    .flatMap((entry) => {
      const [personId, ...slots] = entry.split(' ')
      return slots.map((slotId) => ({ personId: personId!, slotId }))
    })

/** The rule as a soft one of weight 1 unless told otherwise. */
export const rule = <N extends RuleInstance['rule']>(
  name: N,
  params: Extract<RuleInstance, { rule: N }>['params'],
  more: Partial<RuleInstance> = {},
): RuleInstance => ({ id: name, rule: name, params, strength: { weight: 1 }, ...more }) as RuleInstance

/** What the rules of a problem find in a roster: who, cost, observed, limit, slots. */
export const found = (made: Problem, text: string) =>
  evaluate(made, roster(text)).breaches.map((breach) => ({
    who: breach.personIds.join(' '),
    cost: breach.cost,
    observed: breach.observed,
    limit: breach.limit,
    slots: breach.slotIds.join(' '),
  }))
