import type { ScenarioPerson } from './people.ts'

type Cell = (person: ScenarioPerson) => string

const CLASSES: Record<ScenarioPerson['personClass'], string> = {
  secondedCadre: '下沉干部',
  medical: '医务人员',
  volunteer: '志愿者',
}

const COLUMNS: [header: string, cell: Cell][] = [
  ['人员编号', (person) => person.personNumber],
  ['姓名', (person) => person.displayName],
  ['拼音', (person) => person.sortName],
  ['人员类别', (person) => CLASSES[person.personClass]],
  ['职级', (person) => person.grade],
  ['出生日期', (person) => person.birthOn],
  ['单位编码', (person) => person.unitCode],
  ['手机', (person) => person.phone],
  ['邮箱', (person) => person.email],
  ['资质', (person) => person.qualifications.join(';')],
]

/** The people as the import of volunteers takes them; no value needs quotation marks. */
export function toCsv(people: readonly ScenarioPerson[]): string {
  const header = COLUMNS.map(([name]) => name)
  const rows = people.map((person) => COLUMNS.map(([, cell]) => cell(person)))
  return [header, ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}
