import type { Random } from '../../src/solver/random.ts'
import type { Stage } from '../demo/stage.ts'
import { fictionalEmail, fictionalPhone, inventName } from '../scenario-a/names.ts'

export type PersonClass = 'volunteer' | 'staff' | 'secondedCadre' | 'police' | 'medical'

export interface Traits {
  personClass: PersonClass
  unitCode: string
  grade?: string
  /** Codes of qualifications. */
  qualifications?: string[]
  /** Language of messages; that of the unit when left out. */
  locale?: 'zh' | 'bo'
}

export interface Invented extends Traits {
  personNumber: string
  displayName: string
  sortName: string
  email: string
  phone: string
}

/** People of these traits, with names put together by chance; `letters` begin their numbers, `block` their phones. */
export function invent(letters: string, block: number, traits: readonly Traits[], random: Random): Invented[] {
  return traits.map((one, index) => {
    const personNumber = `${letters}${String(index + 1).padStart(3, '0')}`
    const phone = fictionalPhone(block * 100_000 + index + 1)
    return { ...one, ...inventName(random), personNumber, phone, email: fictionalEmail(personNumber) }
  })
}

const CLASSES: Record<PersonClass, string> = {
  volunteer: '志愿者',
  staff: '工作人员',
  secondedCadre: '下沉干部',
  police: '民警',
  medical: '医务人员',
}

const COLUMNS: [header: string, cell: (person: Invented) => string][] = [
  ['人员编号', (person) => person.personNumber],
  ['姓名', (person) => person.displayName],
  ['拼音', (person) => person.sortName],
  ['人员类别', (person) => CLASSES[person.personClass]],
  ['职级', (person) => person.grade ?? ''],
  ['单位编码', (person) => person.unitCode],
  ['手机', (person) => person.phone],
  ['邮箱', (person) => person.email],
  ['资质', (person) => (person.qualifications ?? []).join(';')],
  ['消息语言', (person) => person.locale ?? ''],
]

/** Rows as a CSV file; no value needs quotation marks. */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.join(',')}\r\n`).join('')

interface ImportReport {
  counts: { created: number }
  errors: { row: number; column: string | null; detail: string }[]
}

/** Person numbers and the ids the service gave them. */
export type Register = ReadonlyMap<string, string>

/** Brings people in as one CSV file, all or none. */
export async function importPeople({ api, rootId }: Stage, people: readonly Invented[]): Promise<Register> {
  const header = COLUMNS.map(([name]) => name)
  const body = csvOf([header, ...people.map((person) => COLUMNS.map(([, cell]) => cell(person)))])
  const path = `/v1/volunteers:import?unitId=${rootId}&mode=commit`
  const { errors } = await api.post<ImportReport>(path, undefined, { raw: { type: 'text/csv', body } })
  const [first] = errors
  if (first) throw new Error(`Row ${first.row}, column ${first.column}: ${first.detail}`)
  const known = await api.all<{ id: string; personNumber: string }>('/v1/volunteers')
  return new Map(known.map((person) => [person.personNumber, person.id]))
}

/** Ids of people, in their order. */
export const idsOf = (register: Register, people: readonly Invented[]): string[] =>
  people.map((person) => register.get(person.personNumber)!)
