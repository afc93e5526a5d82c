import type { Column, ColumnType } from '../../platform/files/columns.ts'
import type { SEGMENT_KINDS } from '../attendance/attendance.tables.ts'
import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import type { EntryKind } from './hours.rules.ts'

export type Language = 'zh' | 'en'
export type View = 'lines' | 'totals'
type Words<K extends string> = Record<K, string>
type ColumnSpec = [key: string, type: ColumnType, zh: string, en: string]

const PERSON: ColumnSpec[] = [
  ['personNumber', 'text', '人员编号', 'Person number'],
  ['name', 'text', '姓名', 'Name'],
  ['unit', 'text', '所属单位', 'Unit'],
  ['personClass', 'text', '人员类别', 'Class'],
]
const FIGURES: ColumnSpec[] = [
  ['minutes', 'integer', '服务分钟', 'Minutes'],
  ['hours', 'decimal', '服务小时', 'Hours'],
  ['nightMinutes', 'integer', '夜间分钟', 'Night minutes'],
  ['weekendMinutes', 'integer', '周末分钟', 'Weekend minutes'],
  ['plannedMinutes', 'integer', '计划分钟', 'Planned minutes'],
]
const SPECS: Record<View, ColumnSpec[]> = {
  lines: [
    ...PERSON,
    ['post', 'text', '岗位', 'Post'],
    ['role', 'text', '角色', 'Role'],
    ['kind', 'text', '时段类型', 'Kind'],
    ['localDay', 'date', '值班日期', 'Duty day'],
    ['plannedStart', 'datetime', '计划开始', 'Planned start'],
    ['plannedEnd', 'datetime', '计划结束', 'Planned end'],
    ['actualStart', 'datetime', '实际开始', 'Actual start'],
    ['actualEnd', 'datetime', '实际结束', 'Actual end'],
    ['zone', 'text', '时区', 'Time zone'],
    ...FIGURES,
    ['entry', 'text', '更正标记', 'Correction'],
    ['reason', 'text', '更正原因', 'Reason'],
    ['verifiedBy', 'text', '核验人', 'Verified by'],
    ['id', 'text', '台账行号', 'Line id'],
  ],
  totals: [...PERSON, ['duties', 'integer', '值班次数', 'Duties'], ...FIGURES],
}

export const columnsOf = (view: View, language: Language): Column[] =>
  SPECS[view].map(([key, type, zh, en]) => ({ key, type, header: language === 'zh' ? zh : en }))

export const sheetName = (language: Language) => (language === 'zh' ? '服务时长' : 'Service hours')

interface Vocabulary {
  personClass: Words<(typeof PERSON_CLASSES)[number]>
  kind: Words<(typeof SEGMENT_KINDS)[number]>
  /** Empty for what needs no marker. */
  entry: Words<EntryKind>
}

export const VOCABULARY: Record<Language, Vocabulary> = {
  zh: {
    personClass: {
      volunteer: '志愿者',
      staff: '工作人员',
      secondedCadre: '下沉干部',
      police: '公安',
      medical: '医务人员',
    },
    kind: { standby: '备勤', active: '值守', travel: '路途', handover: '交接', training: '培训' },
    entry: { booking: '', reversal: '冲销', correction: '更正' },
  },
  en: {
    personClass: {
      volunteer: 'Volunteer',
      staff: 'Staff',
      secondedCadre: 'Seconded cadre',
      police: 'Police',
      medical: 'Medical',
    },
    kind: { standby: 'Standby', active: 'Active', travel: 'Travel', handover: 'Handover', training: 'Training' },
    entry: { booking: '', reversal: 'Reversal', correction: 'Correction' },
  },
}
