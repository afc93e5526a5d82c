import type {
  ContactRow,
  HeldQualification,
  NewContactRow,
  NewHoldingRow,
  VolunteerRow,
} from './volunteers.repository.ts'
import {
  type ImportedPerson,
  type ImportFault,
  mergeContacts,
  sameContacts,
  sameHoldings,
} from './volunteers-import.rules.ts'

/** Somebody who has a person number of the file already. */
export interface KnownPerson {
  row: VolunteerRow
  /** False for people outside the actor's subtree. */
  mine: boolean
  contacts: ContactRow[]
  held: HeldQualification[]
}

export type PersonFields = Omit<VolunteerRow, 'id' | 'rootId' | 'createdAt' | 'updatedAt' | 'version'>

/** What one row of the file comes to. Lists that stay as they are are absent. */
export interface ImportStep {
  row: number
  outcome: 'create' | 'update' | 'unchanged'
  before?: VolunteerRow
  fields: PersonFields
  contacts?: NewContactRow[]
  holdings?: NewHoldingRow[]
  changes: string[]
}

/** Home of people whose row names no unit. */
export interface Home {
  id: string
  locale: VolunteerRow['locale']
}

const fault = (person: ImportedPerson, column: string, code: string, detail: string): ImportFault => ({
  row: person.row,
  column,
  code,
  detail,
})

/** Compares a row with the person who has its number; says what is wrong with the two together. */
export function planStep(
  person: ImportedPerson,
  known: KnownPerson | undefined,
  home: Home,
): { step: ImportStep } | { fault: ImportFault } {
  if (known && !known.mine) {
    return { fault: fault(person, 'personNumber', 'person-number-taken', 'Somebody in another unit has this number.') }
  }
  const fields = known ? mergedFields(person, known.row) : newFields(person, home)
  if (fields.joinedOn && fields.leftOn && fields.leftOn <= fields.joinedOn) {
    const detail = `${fields.leftOn} does not come after ${fields.joinedOn}.`
    return { fault: fault(person, 'leftOn', 'leaves-before-joining', detail) }
  }
  const before = known?.contacts ?? []
  const contacts = mergeContacts(before, person)
  const contactsChange = !sameContacts(before, contacts)
  const holdingsChange = person.holdings !== undefined && !sameHoldings(person.holdings, known?.held ?? [])
  const changes = [
    ...changedFields(fields, known?.row),
    ...(contactsChange ? ['contacts'] : []),
    ...(holdingsChange ? ['qualifications'] : []),
  ]
  const step: ImportStep = {
    row: person.row,
    outcome: known ? (changes.length > 0 ? 'update' : 'unchanged') : 'create',
    fields,
    changes,
    ...(known ? { before: known.row } : {}),
    ...(contactsChange ? { contacts } : {}),
    ...(holdingsChange ? { holdings: person.holdings } : {}),
  }
  return { step }
}

const newFields = (person: ImportedPerson, home: Home): PersonFields => ({
  unitId: person.unitId ?? home.id,
  personNumber: person.personNumber,
  displayName: person.displayName,
  sortName: person.sortName ?? person.displayName,
  personClass: person.personClass ?? 'volunteer',
  grade: person.grade ?? null,
  birthOn: person.birthOn ?? null,
  languages: person.languages ?? [],
  home: person.home ?? null,
  locale: person.locale ?? home.locale,
  joinedOn: person.joinedOn ?? null,
  leftOn: person.leftOn ?? null,
  share: 1,
  limits: {},
  doNotContact: false,
})

function mergedFields(person: ImportedPerson, before: VolunteerRow): PersonFields {
  const { id: _id, rootId: _rootId, createdAt: _createdAt, updatedAt: _updatedAt, version: _version, ...known } = before
  const sortName = before.sortName === before.displayName ? person.displayName : before.sortName
  return {
    ...known,
    unitId: person.unitId ?? known.unitId,
    displayName: person.displayName,
    sortName: person.sortName ?? sortName,
    personClass: person.personClass ?? known.personClass,
    grade: person.grade ?? known.grade,
    birthOn: person.birthOn ?? known.birthOn,
    languages: person.languages ?? known.languages,
    home: person.home ?? known.home,
    locale: person.locale ?? known.locale,
    joinedOn: person.joinedOn ?? known.joinedOn,
    leftOn: person.leftOn ?? known.leftOn,
  }
}

/** Names of fields that differ; of somebody new, of fields that say something. */
function changedFields(fields: PersonFields, before: VolunteerRow | undefined): string[] {
  const names = Object.keys(fields) as (keyof PersonFields)[]
  if (!before) return names.filter((name) => fields[name] !== null && fields[name] !== '')
  return names.filter((name) => JSON.stringify(fields[name]) !== JSON.stringify(before[name]))
}
