import { isoDate } from '../calendar.ts'
import { dutyTable } from '../model.ts'
import type { PersonRule } from './rule.ts'

export const request: PersonRule<'request'> = {
  name: 'request',
  on: 'person',
  asks: { zh: '本人希望值班或不值班的请求', en: 'A person asks for a duty, or to be spared one' },
  overridable: true,
  level: 'wishes',
  unit: 'shifts',
  reach: () => 0,
  compile: (model, { params }) => {
    const table = dutyTable(model, params.duties)
    const amount = params.amount ?? 1
    const own = model.personIndex.get(params.personId) ?? -1
    const { day } = params
    return {
      concerns: (person) => person === own,
      visit(person, duties, report) {
        if (person !== own) return
        let matched = 0
        for (let i = 0; i < duties.length; i++) {
          const duty = duties[i]!
          if (duty.slot < 0 || (day !== undefined && duty.day !== day) || table[duty.id] === 0) continue
          matched++
          if (params.kind === 'off') report(amount, 1, 0, i, i)
        }
        if (params.kind === 'on' && matched === 0) report(amount, 0, 1, -1, -1)
      },
    }
  },
  reason: ({ who }, { params }) => {
    const when = params.day === undefined ? '' : isoDate(params.day)
    return params.kind === 'on'
      ? { zh: `${who} 希望 ${when} 值班，未安排`, en: `${who} asked for duty ${when} and has none` }
      : { zh: `${who} 希望 ${when} 不值班，被安排`, en: `${who} asked to be spared ${when} and is not` }
  },
}
