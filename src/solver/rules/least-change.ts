import type { Model } from '../model.ts'
import type { Level } from '../types.ts'
import type { SlotsCheck, SlotsRule } from './rule.ts'

/** Slots of one shift and role with the people published there: a change of seat among them disturbs nobody. */
function publishedGroups(model: Model, confirmed: boolean): { groups: number[][]; people: number[][] } {
  const byKey = new Map<string, { slots: number[]; people: number[] }>()
  const keyOf = (slot: number) => `${model.shiftOfSlot[slot]} ${model.slots[slot]!.role}`
  for (const assignment of model.problem.published ?? []) {
    const slot = model.slotIndex.get(assignment.slotId)
    const person = model.personIndex.get(assignment.personId)
    if (slot === undefined || person === undefined || assignment.confirmed !== confirmed) continue
    const entry = byKey.get(keyOf(slot)) ?? { slots: [], people: [] }
    entry.people.push(person)
    byKey.set(keyOf(slot), entry)
  }
  if (byKey.size > 0) {
    model.slots.forEach((_slot, i) => {
      byKey.get(keyOf(i))?.slots.push(i)
    })
  }
  const entries = [...byKey.values()]
  return { groups: entries.map((entry) => entry.slots), people: entries.map((entry) => entry.people) }
}

function movedCheck(model: Model, confirmed: boolean, level: Exclude<Level, 'hard'>): SlotsCheck {
  const { groups, people } = publishedGroups(model, confirmed)
  return {
    level,
    groups,
    visit(group, holders, report) {
      const slots = groups[group]!
      for (const person of people[group]!) {
        if (!slots.some((slot) => holders.of(slot).includes(person))) report(1, 0, 1, slots, [person])
      }
    },
  }
}

/**
 * One point for each published assignment whose person no longer serves in that shift and role. Confirmed ones count
 * at `movedConfirmed`, the others at `movedPending`.
 */
export const leastChange: SlotsRule<'least-change'> = {
  name: 'least-change',
  on: 'slots',
  asks: { zh: '尽量不改动已发布的安排', en: 'As little change as possible to what is published' },
  overridable: true,
  level: 'movedPending',
  unit: 'people',
  compile: (model, { level }) => [
    movedCheck(model, true, level ?? 'movedConfirmed'),
    movedCheck(model, false, level ?? 'movedPending'),
  ],
  reason: ({ people, duties }) => ({
    zh: `${people.join('、')} 原已排在 ${duties[0]!.label}，现被改动`,
    en: `${people.join(', ')} was published at ${duties[0]!.label} and is moved`,
  }),
}
