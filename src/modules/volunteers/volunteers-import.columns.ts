import type { WantedColumn } from '../../platform/files/csv-read.ts'
import type { PERSON_CLASSES } from './volunteers.tables.ts'

export const IMPORT_COLUMNS = [
  { key: 'personNumber', headers: ['person number', '工号', '人员编号', '编号'], required: true },
  { key: 'displayName', headers: ['name', 'display name', '姓名'], required: true },
  { key: 'sortName', headers: ['sort name', '拼音', '排序名'] },
  { key: 'personClass', headers: ['class', 'person class', '人员类别', '类别'] },
  { key: 'grade', headers: ['grade', '职级', '级别'] },
  { key: 'birthOn', headers: ['birth date', 'born on', 'birth on', '出生日期', '生日'] },
  { key: 'unitCode', headers: ['unit code', '单位编码', '单位代码'] },
  { key: 'phone', headers: ['phone', 'mobile', '手机', '手机号', '电话'] },
  { key: 'email', headers: ['email', 'e-mail', '邮箱', '电子邮件'] },
  { key: 'languages', headers: ['languages', '语言'] },
  { key: 'home', headers: ['home', '住址坐标'] },
  { key: 'qualifications', headers: ['qualifications', '资质', '资格'] },
  { key: 'joinedOn', headers: ['joined on', 'joined', '加入日期'] },
  { key: 'leftOn', headers: ['left on', 'left', '离开日期'] },
  { key: 'locale', headers: ['locale', '消息语言'] },
] as const satisfies readonly WantedColumn[]

export type ImportColumn = (typeof IMPORT_COLUMNS)[number]['key']

/** Words for the person classes, in lower case. */
export const CLASS_WORDS: ReadonlyMap<string, (typeof PERSON_CLASSES)[number]> = new Map([
  ['volunteer', 'volunteer'],
  ['志愿者', 'volunteer'],
  ['staff', 'staff'],
  ['工作人员', 'staff'],
  ['职工', 'staff'],
  ['secondedcadre', 'secondedCadre'],
  ['下沉干部', 'secondedCadre'],
  ['police', 'police'],
  ['民警', 'police'],
  ['公安', 'police'],
  ['medical', 'medical'],
  ['医务人员', 'medical'],
  ['医护', 'medical'],
])

const MEANINGS: Record<ImportColumn, string> = {
  personNumber: 'required; who has this number already is changed, others are added',
  displayName: 'required',
  sortName: 'what lists sort by; the name when empty',
  personClass: `${[...CLASS_WORDS.keys()].join(', ')}; volunteer when empty`,
  grade: 'any word',
  birthOn: 'a date',
  unitCode: 'code of the home unit, which is `unitId` or below it; `unitId` itself when empty',
  phone: 'takes the place of all numbers known',
  email: 'takes the place of all e-mail addresses known',
  languages: 'language tags such as zh;bo, separated by ";"',
  home: 'latitude and longitude in degrees (WGS 84), such as 30.2741 120.1551',
  qualifications:
    'codes separated by ";", each may say from when until when: first-aid;driver@2025-01-01..2027-01-01 (the day after ".." is the first one without); takes the place of all known',
  joinedOn: 'a date',
  leftOn: 'a date, the first day without',
  locale: 'zh or en',
}

export const IMPORT_DESCRIPTION = `A CSV file (UTF-8, UTF-16 or GB 18030; comma, semicolon or tab) of at most 20,000 rows
and 20 MB, whose first row names the columns. An empty cell leaves what is known. Dates are 2026-05-01, 2026/5/1 or
2026年5月1日. A column that is not listed here is an error. Nothing is written unless \`mode=commit\` and no row is wrong;
then everything is written at once. Sending the same file again changes nothing.

| column | meaning |
| --- | --- |
${IMPORT_COLUMNS.map(({ key, headers }) => `| ${headers.join(', ')} | ${MEANINGS[key]} |`).join('\n')}`
