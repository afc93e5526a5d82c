import type { XlsxSheet } from '../../platform/files/xlsx-write.ts'
import { catalogue, type Locale } from '../../platform/texts/catalogue.ts'

const NOTES = catalogue('hours-notes', {
  zh: {
    sheet: '说明',
    item: '项目',
    text: '内容',
    facts: {
      unit: '单位',
      period: '期间（首日至末日的次日）',
      version: '结账版本',
      since: '仅含此版本之后的差异',
      withoutNumber: '无人员编号者',
      unverified: '未核验、未计入（行数，分钟）',
      filter: '筛选条件',
      madeAt: '生成时间（UTC）',
    },
    rules: {
      minutes: '分钟为准；小时由分钟合计后换算，保留两位小数。',
      credited: '计入分钟：实际（或名义）分钟，减去不计薪休息，加上最低计入补足；路途不计入。',
      windows: '夜间、周末、节假日分钟按当地时间切分，夜间与后两者可重叠。',
      corrections: '更正以一行冲销、一行更正列示，原行保留。',
    },
  },
  en: {
    sheet: 'Notes',
    item: 'Item',
    text: 'Text',
    facts: {
      unit: 'Unit',
      period: 'Period (first day, first day after)',
      version: 'Version of the close',
      since: 'Only what came after version',
      withoutNumber: 'People without a person number',
      unverified: 'Left out as not verified (lines, minutes)',
      filter: 'Filter',
      madeAt: 'Made at (UTC)',
    },
    rules: {
      minutes: 'Minutes are what counts; hours are made from the minutes, with two decimals.',
      credited:
        'Credited: elapsed (or nominal) minutes, less unpaid breaks, plus the least credit; travel is not counted.',
      windows: 'Night, weekend and holiday minutes are cut by local time; night runs across the other two.',
      corrections: 'A correction is a line that takes back and a new line; the first one stays.',
    },
  },
})

/** A second sheet that says what the first one is. */
export function notesOf(lang: Locale, about: Record<string, string>): XlsxSheet {
  const texts = NOTES[lang]
  const facts: Record<string, string> = texts.facts
  return {
    name: texts.sheet,
    columns: [
      { key: 'item', header: texts.item, type: 'text', width: 28 },
      { key: 'text', header: texts.text, type: 'text', width: 80 },
    ],
    rows: [
      ...Object.entries(about).map(([key, text]) => ({ item: facts[key] ?? key, text })),
      ...Object.values(texts.rules).map((text) => ({ item: '', text })),
    ],
  }
}
