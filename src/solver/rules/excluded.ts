import type { PairRule } from './rule.ts'

export const excluded: PairRule<'excluded'> = {
  name: 'excluded',
  on: 'pair',
  looksAt: 'slot',
  asks: { zh: '已谢绝或已被排除的名额不再安排', en: 'Not again in a slot declined or barred by name' },
  overridable: true,
  level: 'wishes',
  compile: (model) => {
    const barred = new Map<number, Map<string, string>>()
    for (const { personId, slotId, shiftId, reason } of model.problem.exclusions ?? []) {
      const person = model.personIndex.get(personId)
      if (person === undefined) continue
      const list = barred.get(person) ?? new Map<string, string>()
      list.set(slotId ?? `shift ${shiftId}`, reason ?? 'excluded')
      barred.set(person, list)
    }
    return {
      concerns: (person) => barred.has(person),
      visit(person, slot, report) {
        const list = barred.get(person)
        if (!list) return
        const { id, shiftId } = model.slots[slot]!
        const reason = list.get(id) ?? list.get(`shift ${shiftId}`)
        if (reason !== undefined) report(1, reason, 'not excluded')
      },
    }
  },
  reason: ({ who, observed }) => ({ zh: `${who} 已被排除：${observed}`, en: `${who} is excluded: ${observed}` }),
}
