import type { z } from 'zod'
import { Day } from '../../platform/http/schemas.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { EmailAddress, PhoneNumber } from './contacts.schemas.ts'
import { QualificationCode } from './qualifications.schemas.ts'
import type { NewContactRow, NewHoldingRow } from './volunteers.repository.ts'
import { HomePlace, Language, NewVolunteer, type PersonClass, PersonNumber } from './volunteers.schemas.ts'
import { CLASS_WORDS, type ImportColumn } from './volunteers-import.columns.ts'

/** One row of the file. What its cell leaves empty is undefined. */
export interface ImportedPerson {
  row: number
  personNumber: string
  displayName: string
  sortName?: string
  personClass?: z.output<typeof PersonClass>
  grade?: string
  birthOn?: string
  unitId?: string
  phone?: string
  email?: string
  languages?: string[]
  home?: z.output<typeof HomePlace>
  holdings?: NewHoldingRow[]
  joinedOn?: string
  leftOn?: string
  locale?: (typeof LOCALES)[number]
}

export interface ImportFault {
  row: number
  column: string | null
  code: string
  detail: string
}

/** What a file may refer to by code, and the day on which it is read. */
export interface ImportContext {
  unitIds: Map<string, string>
  qualificationIds: Map<string, string>
  today: string
}

class CellFault extends Error {
  readonly code: string
  constructor(code: string, detail: string) {
    super(detail)
    this.code = code
  }
}

function fits<T>(schema: z.ZodType<T>, text: string, code: string): T {
  const result = schema.safeParse(text)
  if (result.success) return result.data
  throw new CellFault(code, `"${text.slice(0, 60)}": ${result.error.issues[0]!.message}`)
}

const DATE = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/

function readDate(text: string): string {
  const [, year, month, day] = DATE.exec(text) ?? []
  const date = year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}` : text
  return fits(Day, date, 'date-wrong')
}

const list = (text: string): string[] =>
  text
    .split(/[;；、|]/)
    .map((item) => item.trim())
    .filter(Boolean)

const PLACE = /^(-?\d+(?:\.\d+)?)[\s,，;；]+(-?\d+(?:\.\d+)?)$/

function readHome(text: string): z.output<typeof HomePlace> {
  const [, latitude, longitude] = PLACE.exec(text) ?? []
  const place = HomePlace.safeParse({ latitude: Number(latitude), longitude: Number(longitude) })
  if (place.success) return place.data
  throw new CellFault('home-wrong', `"${text.slice(0, 60)}" is not latitude and longitude, such as 30.2741 120.1551.`)
}

function readHolding(text: string, { qualificationIds }: ImportContext): NewHoldingRow {
  const [code = '', dates = '', ...rest] = text.split('@').map((part) => part.trim())
  const qualificationId = qualificationIds.get(fits(QualificationCode, code, 'qualification-wrong'))
  if (!qualificationId) throw new CellFault('qualification-unknown', `The catalog has no qualification "${code}".`)
  const [from = '', to = '', ...more] = dates.split('..').map((date) => date.trim())
  if (rest.length + more.length > 0) {
    throw new CellFault('qualification-wrong', `"${text}" is not written code@from..to.`)
  }
  const holding = { qualificationId, validFrom: from ? readDate(from) : null, validTo: to ? readDate(to) : null }
  if (holding.validFrom && holding.validTo && holding.validTo <= holding.validFrom) {
    throw new CellFault('validity-upside-down', `"${text}" ends before it begins.`)
  }
  return holding
}

function readHoldings(text: string, context: ImportContext): NewHoldingRow[] {
  const holdings = list(text).map((item) => readHolding(item, context))
  const names = new Set(holdings.map((one) => `${one.qualificationId} ${one.validFrom}`))
  if (names.size < holdings.length) throw new CellFault('qualification-twice', `"${text}" names one of them twice.`)
  return holdings
}

function oneOf<T>(found: T | undefined, code: string, detail: string): T {
  if (found === undefined) throw new CellFault(code, detail)
  return found
}

const { displayName: Name, grade: Grade } = NewVolunteer.shape

const READERS: Record<ImportColumn, (text: string, context: ImportContext) => Partial<ImportedPerson>> = {
  personNumber: (text) => ({ personNumber: fits(PersonNumber, text, 'person-number-wrong') }),
  displayName: (text) => ({ displayName: fits(Name, text, 'name-wrong') }),
  sortName: (text) => ({ sortName: fits(Name, text, 'name-wrong') }),
  personClass: (text) => ({
    personClass: oneOf(CLASS_WORDS.get(text.toLowerCase()), 'class-unknown', `"${text}" is not a class of people.`),
  }),
  grade: (text) => ({ grade: fits(Grade, text, 'grade-wrong') ?? undefined }),
  birthOn: (text, { today }) => {
    const birthOn = readDate(text)
    if (birthOn > today) throw new CellFault('birth-in-future', `${birthOn} has not come yet.`)
    return { birthOn }
  },
  unitCode: (text, { unitIds }) => ({
    unitId: oneOf(unitIds.get(text), 'unit-unknown', `There is no unit with the code "${text}" here or below.`),
  }),
  phone: (text) => ({ phone: fits(PhoneNumber, text, 'phone-wrong') }),
  email: (text) => ({ email: fits(EmailAddress, text, 'email-wrong') }),
  languages: (text) => ({ languages: list(text).map((tag) => fits(Language, tag, 'language-wrong')) }),
  home: (text) => ({ home: readHome(text) }),
  qualifications: (text, context) => ({ holdings: readHoldings(text, context) }),
  joinedOn: (text) => ({ joinedOn: readDate(text) }),
  leftOn: (text) => ({ leftOn: readDate(text) }),
  locale: (text) => ({
    locale: oneOf(
      LOCALES.find((known) => known === text),
      'locale-unknown',
      `"${text}" is not one of ${LOCALES.join(', ')}.`,
    ),
  }),
}

const REQUIRED: ImportColumn[] = ['personNumber', 'displayName']

/** Every cell of a row that says something; all that is wrong with them is told, cell by cell. */
export function readPerson(
  row: number,
  values: Record<string, string>,
  context: ImportContext,
): { person: Partial<ImportedPerson>; faults: ImportFault[] } {
  const person: Partial<ImportedPerson> = { row }
  const faults: ImportFault[] = []
  for (const column of Object.keys(READERS) as ImportColumn[]) {
    const text = (values[column] ?? '').trim()
    if (text === '') {
      if (REQUIRED.includes(column)) faults.push({ row, column, code: 'cell-empty', detail: 'This cell is needed.' })
      continue
    }
    try {
      Object.assign(person, READERS[column](text, context))
    } catch (error) {
      if (!(error instanceof CellFault)) throw error
      faults.push({ row, column, code: error.code, detail: error.message })
    }
  }
  return { person, faults }
}

/** New addresses take the place of all of their channel; other channels stay as they are. */
export function mergeContacts(
  before: NewContactRow[],
  { email, phone }: Pick<ImportedPerson, 'email' | 'phone'>,
): NewContactRow[] {
  const given: NewContactRow[] = [
    ...(email ? [{ channel: 'email' as const, address: email }] : []),
    ...(phone ? [{ channel: 'sms' as const, address: phone }] : []),
  ]
  const kept = before.flatMap((contact, index) => {
    const fresh = given.find((one) => one.channel === contact.channel)
    if (!fresh) return [contact]
    const isFirst = before.findIndex((one) => one.channel === contact.channel) === index
    return isFirst
      ? [before.find((one) => one.channel === fresh.channel && one.address === fresh.address) ?? fresh]
      : []
  })
  return [...kept, ...given.filter((one) => !before.some((contact) => contact.channel === one.channel))]
}

export const sameContacts = (a: NewContactRow[], b: NewContactRow[]): boolean =>
  a.length === b.length && a.every((one, i) => one.channel === b[i]!.channel && one.address === b[i]!.address)

const holdingText = (one: NewHoldingRow) => [one.qualificationId, one.validFrom ?? '', one.validTo ?? ''].join(' ')

export const sameHoldings = (a: NewHoldingRow[], b: NewHoldingRow[]): boolean =>
  a.map(holdingText).sort().join() === b.map(holdingText).sort().join()
