import type { ContactRow, HeldQualification, VolunteerRow } from './volunteers.repository.ts'

export const volunteerSummaryView = (row: VolunteerRow) => ({
  id: row.id,
  unitId: row.unitId,
  displayName: row.displayName,
  sortName: row.sortName,
  personNumber: row.personNumber,
  personClass: row.personClass,
  grade: row.grade,
  birthOn: row.birthOn,
  languages: row.languages,
  locale: row.locale,
  joinedOn: row.joinedOn,
  leftOn: row.leftOn,
  share: row.share,
  limits: row.limits,
  doNotContact: row.doNotContact,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  version: row.version,
})

export const volunteerView = (row: VolunteerRow, contacts: ContactRow[], held: HeldQualification[]) => ({
  ...volunteerSummaryView(row),
  home: row.home,
  contacts: contacts.map(({ channel, address, verifiedAt }) => ({
    channel,
    address,
    verifiedAt: verifiedAt?.toISOString() ?? null,
  })),
  qualifications: held.map(({ volunteerId: _of, ...qualification }) => qualification),
})
