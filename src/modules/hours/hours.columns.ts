import type { Column, ColumnType } from '../../platform/files/columns.ts'
import { catalogue, type Locale } from '../../platform/texts/catalogue.ts'
import type { SEGMENT_KINDS } from '../attendance/attendance.tables.ts'
import type { ASSIGNMENT_SOURCES } from '../rosters/rosters.tables.ts'
import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import type { EntryKind } from './hours.rules.ts'

export type Language = 'zh' | 'en'
export type View = 'lines' | 'totals'
type Words<K extends string> = Record<K, string>
type ColumnSpec = [key: string, type: ColumnType, zh: string, en: string]

const PERSON = [
  ['personNumber', 'text', '人员编号', 'Person number'],
  ['name', 'text', '姓名', 'Name'],
  ['unit', 'text', '所属单位', 'Unit'],
  ['personClass', 'text', '人员类别', 'Class'],
] as const satisfies ColumnSpec[]
const FIGURES = [
  ['plannedMinutes', 'integer', '计划分钟', 'Planned minutes'],
  ['minutes', 'integer', '实际分钟', 'Minutes'],
  ['hours', 'decimal', '实际小时', 'Hours'],
  ['nominalMinutes', 'integer', '名义分钟', 'Nominal minutes'],
  ['creditedMinutes', 'integer', '计入分钟', 'Credited minutes'],
  ['creditedHours', 'decimal', '计入小时', 'Credited hours'],
  ['nightMinutes', 'integer', '夜间分钟', 'Night minutes'],
  ['weekendMinutes', 'integer', '周末分钟', 'Weekend minutes'],
  ['holidayMinutes', 'integer', '节假日分钟', 'Holiday minutes'],
] as const satisfies ColumnSpec[]
const SPECS = {
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
    ['breakMinutes', 'integer', '扣除休息分钟', 'Break minutes'],
    ['topUpMinutes', 'integer', '最低计入补足分钟', 'Top-up minutes'],
    ['entry', 'text', '更正标记', 'Correction'],
    ['reason', 'text', '更正原因', 'Reason'],
    ['verifiedBy', 'text', '核验人', 'Verified by'],
    ['verifiedAt', 'datetime', '核验时间', 'Verified at'],
    ['recordedBy', 'text', '登记人', 'Recorded by'],
    ['status', 'text', '到岗情况', 'Status'],
    ['fillSource', 'text', '排班来源', 'Seated by'],
    ['id', 'text', '台账行号', 'Line id'],
    ['correctionOf', 'text', '所更正行号', 'Correction of'],
    ['dutyId', 'text', '排班编号', 'Duty id'],
  ],
  totals: [
    ...PERSON,
    ['duties', 'integer', '值班次数', 'Duties'],
    ...FIGURES,
    ['standbyMinutes', 'integer', '备勤分钟', 'Standby minutes'],
  ],
  /** Before the columns of lines, where a period has been closed. */
  period: [
    ['lineNo', 'integer', '序号', 'Line number'],
    ['version', 'integer', '结账版本', 'Version'],
    ['adjusting', 'text', '调整行', 'Adjusting'],
  ],
} as const satisfies Record<string, ColumnSpec[]>

export type LineColumn = (typeof SPECS.lines)[number][0] | (typeof SPECS.period)[number][0]
export const LINE_COLUMNS = [...SPECS.period, ...SPECS.lines].map(([key]) => key)
/** What a person works out themselves from another column, and so no format but a table needs. */
const ONLY_IN_PERIODS: ReadonlySet<string> = new Set(SPECS.period.map(([key]) => key))

/** Choices of columns by name; a unit may add its own. */
export const COLUMN_SETS: Record<string, readonly LineColumn[]> = {
  hr: [
    'lineNo',
    'personNumber',
    'name',
    'unit',
    'personClass',
    'kind',
    'localDay',
    'plannedStart',
    'plannedEnd',
    'actualStart',
    'actualEnd',
    'plannedMinutes',
    'minutes',
    'creditedMinutes',
    'nightMinutes',
    'weekendMinutes',
    'holidayMinutes',
    'entry',
    'verifiedBy',
    'verifiedAt',
    'recordedBy',
    'status',
    'fillSource',
    'id',
  ],
  short: ['personNumber', 'name', 'localDay', 'creditedMinutes'],
}

export interface ColumnChoice {
  view: View | 'period'
  lang: Locale
  /** In this order; all when left out. */
  keys?: readonly string[] | undefined
  /** Headers that stay the same in every language. */
  stable?: boolean
}

const english = (lang: Locale) => lang === 'en'

export function columnsOf({ view, lang, keys, stable = false }: ColumnChoice): Column[] {
  const specs: readonly ColumnSpec[] =
    view === 'totals' ? SPECS.totals : view === 'period' ? [...SPECS.period, ...SPECS.lines] : SPECS.lines
  const columns = specs.map(([key, type, zh, en]): Column => {
    return { key, type, header: stable ? key : english(lang) ? en : zh }
  })
  if (!keys) return columns
  return keys.flatMap((key) => columns.find((column) => column.key === key) ?? [])
}

/** Keys nobody knows in this view; those of closed periods are known everywhere and left out elsewhere. */
export const unknownColumns = (view: View | 'period', keys: readonly string[]): string[] => {
  const known = new Set(columnsOf({ view, lang: 'en' }).map((column) => column.key))
  return keys.filter((key) => !known.has(key) && !(view === 'lines' && ONLY_IN_PERIODS.has(key)))
}

/** How somebody came and went, against the plan. */
export const PUNCTUALITIES = ['on-time', 'late', 'left-early', 'late-and-left-early'] as const

interface Vocabulary {
  sheet: Record<'service-hours' | 'duty-hours' | 'period', string>
  personClass: Words<(typeof PERSON_CLASSES)[number]>
  kind: Words<(typeof SEGMENT_KINDS)[number]>
  /** Empty for what needs no marker. */
  entry: Words<EntryKind>
  status: Words<(typeof PUNCTUALITIES)[number]>
  fillSource: Words<(typeof ASSIGNMENT_SOURCES)[number]>
  adjusting: string
}

export const VOCABULARY = catalogue<Vocabulary>('hours', {
  zh: {
    sheet: { 'service-hours': '服务时长', 'duty-hours': '值班时长', period: '时长结账' },
    personClass: {
      volunteer: '志愿者',
      staff: '工作人员',
      secondedCadre: '下沉干部',
      police: '公安',
      medical: '医务人员',
    },
    kind: { standby: '备勤', active: '值守', travel: '路途', handover: '交接', training: '培训' },
    entry: { booking: '', reversal: '冲销', correction: '更正' },
    status: { 'on-time': '按时', late: '迟到', 'left-early': '早退', 'late-and-left-early': '迟到并早退' },
    fillSource: { roster: '排班', hand: '手工', cascade: '补位', swap: '换班' },
    adjusting: '调整',
  },
  en: {
    sheet: { 'service-hours': 'Service hours', 'duty-hours': 'Duty hours', period: 'Closed hours' },
    personClass: {
      volunteer: 'Volunteer',
      staff: 'Staff',
      secondedCadre: 'Seconded cadre',
      police: 'Police',
      medical: 'Medical',
    },
    kind: { standby: 'Standby', active: 'Active', travel: 'Travel', handover: 'Handover', training: 'Training' },
    entry: { booking: '', reversal: 'Reversal', correction: 'Correction' },
    status: {
      'on-time': 'On time',
      late: 'Late',
      'left-early': 'Left early',
      'late-and-left-early': 'Late and left early',
    },
    fillSource: { roster: 'Roster', hand: 'By hand', cascade: 'Gap filled', swap: 'Swap' },
    adjusting: 'Adjusting',
  },
})
