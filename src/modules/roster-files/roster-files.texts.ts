import type { Tongue } from '../../time/words.ts'
import { wallInWords } from '../../time/words.ts'
import { atTime, type LocalDate } from '../../time/zones.ts'
import type { GridSeat, Language, SeatState } from './roster-files.types.ts'

/** '5月11日(周一)', 'Mon 11 May'. */
export const dayInWords = (day: LocalDate, tongue: Tongue): string =>
  wallInWords(atTime(day, '00:00'), tongue)
    .replace(/00:00$/, '')
    .trim()

export interface Texts {
  language: string
  roster: (unit: string) => string
  sheet: (unit: string) => string
  draftMark: string
  version: (number: number) => string
  published: (at: string) => string
  unpublished: string
  printed: (at: string) => string
  period: (first: string, last: string) => string
  page: (page: number, pages: number) => string
  missing: (codes: string) => string
  open: string
  /** Between names, and between statements. */
  comma: string
  pause: string
  /** Names of the two sheets of a workbook. */
  grid: string
  names: string
  roles: string
  columns: Record<
    'unit' | 'post' | 'hours' | 'personNumber' | 'name' | 'role' | 'kind' | 'start' | 'end' | 'state',
    string
  >
  kinds: Record<GridSeat['kind'], string>
  /** Hours of a line, or of a shift, of people on standby. */
  onStandby: (hours: string) => string
  states: Record<SeatState, string>
  signatures: string[]
  seal: string
  attendance: {
    facts: Record<'post' | 'time' | 'address' | 'phone', string>
    columns: Record<
      'number' | 'name' | 'personNumber' | 'role' | 'in' | 'inSign' | 'out' | 'outSign' | 'remarks',
      string
    >
    signatures: string[]
  }
}

const zh: Texts = {
  language: 'zh-CN',
  roster: (unit) => `${unit}值班表`,
  sheet: (unit) => `${unit}值班签到表`,
  draftMark: '【草稿】',
  version: (number) => `第${number}版`,
  published: (at) => `${at} 发布`,
  unpublished: '草稿，未发布',
  printed: (at) => `${at} 打印`,
  period: (first, last) => `${first} 至 ${last}`,
  page: (page, pages) => `第${page}页，共${pages}页`,
  missing: (codes) => `缺字：${codes}`,
  open: '（空缺）',
  comma: '、',
  pause: '，',
  grid: '值班表',
  names: '人员明细',
  roles: '角色',
  columns: {
    unit: '单位',
    post: '岗位',
    hours: '时间',
    personNumber: '人员编号',
    name: '姓名',
    role: '角色',
    kind: '类别',
    start: '开始',
    end: '结束',
    state: '状态',
  },
  kinds: { active: '值守', standby: '备勤' },
  onStandby: (hours) => `${hours}（备勤）`,
  states: {
    draft: '草稿',
    open: '空缺',
    pending: '待确认',
    confirmed: '已确认',
    serving: '值班中',
    completed: '已完成',
    declined: '已谢绝',
    lapsed: '逾期未答',
    withdrawn: '已退出',
    cancelled: '已取消',
    replaced: '已替换',
    no_show: '未到岗',
    excused: '已准假',
  },
  signatures: ['编制人', '审核人', '批准人', '日期'],
  seal: '（公章）',
  attendance: {
    facts: { post: '岗位', time: '时间', address: '地点', phone: '电话' },
    columns: {
      number: '序号',
      name: '姓名',
      personNumber: '人员编号',
      role: '角色',
      in: '签到时间',
      inSign: '签到签名',
      out: '签退时间',
      outSign: '签退签名',
      remarks: '备注',
    },
    signatures: ['带班负责人', '日期'],
  },
}

const en: Texts = {
  language: 'en',
  roster: (unit) => `${unit}: duty roster`,
  sheet: (unit) => `${unit}: attendance sheet`,
  draftMark: 'DRAFT · ',
  version: (number) => `Version ${number}`,
  published: (at) => `published ${at}`,
  unpublished: 'DRAFT, not published',
  printed: (at) => `printed ${at}`,
  period: (first, last) => `${first} to ${last}`,
  page: (page, pages) => `page ${page} of ${pages}`,
  missing: (codes) => `Characters without a glyph: ${codes}`,
  open: '(open)',
  comma: ', ',
  pause: ', ',
  grid: 'Roster',
  names: 'People',
  roles: 'Roles',
  columns: {
    unit: 'Unit',
    post: 'Post',
    hours: 'Hours',
    personNumber: 'Person number',
    name: 'Name',
    role: 'Role',
    kind: 'Kind',
    start: 'Start',
    end: 'End',
    state: 'State',
  },
  kinds: { active: 'Duty', standby: 'Standby' },
  onStandby: (hours) => `${hours} (standby)`,
  states: {
    draft: 'draft',
    open: 'open',
    pending: 'not confirmed yet',
    confirmed: 'confirmed',
    serving: 'serving',
    completed: 'completed',
    declined: 'declined',
    lapsed: 'not answered in time',
    withdrawn: 'withdrawn',
    cancelled: 'cancelled',
    replaced: 'replaced',
    no_show: 'did not come',
    excused: 'excused',
  },
  signatures: ['Prepared by', 'Checked by', 'Approved by', 'Date'],
  seal: '(official seal)',
  attendance: {
    facts: { post: 'Post', time: 'Time', address: 'Place', phone: 'Phone' },
    columns: {
      number: 'No.',
      name: 'Name',
      personNumber: 'Person number',
      role: 'Role',
      in: 'Time in',
      inSign: 'Signature in',
      out: 'Time out',
      outSign: 'Signature out',
      remarks: 'Remarks',
    },
    signatures: ['Person in charge', 'Date'],
  },
}

export const TEXTS: Record<Language, Texts> = { zh, en }
