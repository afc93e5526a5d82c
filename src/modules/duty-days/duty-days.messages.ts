import { catalogue } from '../../platform/texts/catalogue.ts'
import { instantInWords } from '../../time/words.ts'
import { defineTemplate } from '../notifications/notifications.types.ts'
import { dutyDaysRepository } from './duty-days.repository.ts'

interface InspectionToTell {
  post: string
  zone: string
  at: Date
  by: string
  expected: number
  findings: { kind: 'missing' | 'unplanned' | 'other'; name: string | null; detail: string | null }[]
}

const TEXTS = catalogue('duty-days', {
  zh: {
    kinds: { missing: '不在岗', unplanned: '不在表上', other: '其他' },
    message: {
      subject: '查岗发现问题：{post}',
      text: '{name}您好，{at}对“{post}”查岗（{by}），应到{expected}人，发现：\n{findings}\n请您核实处理。',
    },
  },
  en: {
    kinds: { missing: 'not there', unplanned: 'there without being planned', other: 'other' },
    message: {
      subject: 'A spot check found something: {post}',
      text: 'Hello {name}, a spot check at {post} ({at}, by {by}) expected {expected} people and found:\n{findings}\nPlease look into it.',
    },
  },
})

export const dutyDaysTemplates = {
  'inspection-findings': defineTemplate<InspectionToTell>({
    async load(handle, message) {
      const repository = dutyDaysRepository(handle)
      const found = await repository.findInspection(message.subjectId)
      if (!found) return undefined
      const { inspection, postName, zone } = found
      const all = await repository.findingsOf([inspection.id])
      const findings = all
        .filter(({ finding }) => finding.state === 'open')
        .map(({ finding, name }) => ({ kind: finding.kind, name, detail: finding.detail }))
      if (findings.length === 0) return undefined
      const { at, inspectedBy: by, expected } = inspection
      return { facts: { post: postName, zone, at, by, expected, findings } }
    },
    words: ({ post, zone, at, by, expected, findings }, tongue) => ({
      post,
      by,
      at: instantInWords(at, zone, tongue),
      expected: String(expected),
      findings: findings
        .map(({ kind, name, detail }) => `- ${TEXTS[tongue].kinds[kind]}: ${name ?? detail ?? ''}`)
        .join('\n'),
    }),
    texts: { zh: TEXTS.zh.message, en: TEXTS.en.message, bo: TEXTS.bo.message },
  }),
}
