import { isoDate } from '../calendar.ts'
import type { PairRule } from './rule.ts'

/** Assignments that stand already (published, pinned) are left alone. */
export const notBefore: PairRule<'not-before'> = {
  name: 'not-before',
  on: 'pair',
  looksAt: 'slot',
  asks: { zh: '临近开始的班次不再新增人员', en: 'Nobody new in a shift that starts too soon' },
  overridable: true,
  level: 'wishes',
  compile: (model, { params }) => {
    const standing = new Set(
      [...(model.problem.published ?? []), ...(model.problem.pins ?? [])].map((a) => `${a.personId} ${a.slotId}`),
    )
    return {
      visit(person, slot, report) {
        const duty = model.duties[slot]!
        if (duty.start >= params.instant) return
        if (standing.has(`${model.people[person]!.id} ${model.slots[slot]!.id}`)) return
        report(1, duty.start, params.instant)
      },
    }
  },
  reason: ({ who, duties }) => ({
    zh: `${who}：${duties[0]!.label}（${isoDate(duties[0]!.day)}）已临近或开始`,
    en: `${who}: ${duties[0]!.label} on ${isoDate(duties[0]!.day)} starts too soon or has begun`,
  }),
}
