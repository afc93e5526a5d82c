import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Flag, Id, Instant, Line, LocalDate, Version } from '../../platform/http/schemas.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { Contact, NewContacts } from './contacts.schemas.ts'
import { Holding, NewHoldings } from './qualifications.schemas.ts'
import { PERSON_CLASSES } from './volunteers.tables.ts'

const Count = z.int().min(0).max(100_000)
export const Limits = z
  .strictObject({
    maxMinutesPerWeek: Count,
    maxShiftsPerWeek: Count,
    maxNightsPerWeek: Count,
    maxMinutesPerPeriod: Count,
  })
  .partial()
  .meta({ id: 'VolunteerLimits', description: 'What this person does at most, besides the rules of units' })

export const PersonNumber = Line(60).meta({ description: 'Number the employer knows the person by' })
export const PersonClass = z.enum(PERSON_CLASSES)
export const Language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, { error: 'is not a language tag such as zh, bo or en-GB' })

export const HomePlace = z
  .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
  .meta({
    id: 'HomePlace',
    description: 'Where the person lives, in degrees (WGS 84); what the rule `distance` goes by',
  })

const fields = {
  unitId: Id.meta({ description: 'Home unit' }),
  displayName: Line(200),
  sortName: Line(200).meta({ description: 'What lists sort by; the display name when left out' }),
  personNumber: PersonNumber.nullable(),
  personClass: PersonClass,
  grade: Line(60).nullable().meta({ example: 'chief' }),
  birthOn: Day.nullable(),
  languages: z.array(Language).max(20),
  home: HomePlace.nullable(),
  locale: z.enum(LOCALES).meta({ description: "Language of messages; the home unit's when left out" }),
  joinedOn: Day.nullable(),
  leftOn: Day.nullable().meta({ description: 'First day on which the person no longer serves' }),
  share: z.number().min(0).max(10).meta({ description: 'Target share of the load; 1 is a full member' }),
  limits: Limits,
  doNotContact: z.boolean(),
  contacts: NewContacts,
  qualifications: NewHoldings,
}

const leavesInTime = (one: { joinedOn?: string | null; leftOn?: string | null }) =>
  !one.joinedOn || !one.leftOn || one.leftOn > one.joinedOn
const leavesTooEarly = {
  path: ['leftOn'],
  error: 'comes before joinedOn',
  params: { code: 'leaves-before-joining' },
}

export const NewVolunteer = z
  .strictObject({
    ...z.strictObject(fields).partial().shape,
    unitId: fields.unitId,
    displayName: fields.displayName,
    personClass: fields.personClass,
  })
  .refine(leavesInTime, leavesTooEarly)

export const VolunteerPatch = z.strictObject(fields).partial().refine(leavesInTime, leavesTooEarly)

export const VolunteerSummary = z
  .object({
    ...fields,
    id: Id,
    birthOn: LocalDate.nullable(),
    joinedOn: LocalDate.nullable(),
    leftOn: LocalDate.nullable(),
    languages: z.array(z.string()),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .omit({ contacts: true, qualifications: true, home: true })
  .meta({ id: 'VolunteerSummary' })

export const Volunteer = VolunteerSummary.extend({
  home: fields.home,
  contacts: z.array(Contact),
  qualifications: z.array(Holding),
}).meta({ id: 'Volunteer' })

const Age = z.coerce.number().int().min(0).max(150)

export const VolunteerList = z
  .strictObject({
    ...pageQuery(['name', 'createdAt']),
    unitId: Id.optional().meta({ description: 'Home unit is this one or below it' }),
    personClass: PersonClass.optional(),
    grade: Line(60).optional(),
    qualification: Line(60)
      .optional()
      .meta({ description: 'Code or id of a qualification that holds on the day `on`' }),
    on: Day.optional().meta({
      description: 'Day on which age, qualification and `active` are judged; today when left out',
    }),
    ageFrom: Age.optional().meta({ description: 'Whole years on the day `on`, this and above' }),
    ageTo: Age.optional().meta({ description: 'Whole years on the day `on`, this and below' }),
    active: Flag.optional().meta({ description: 'Has joined and not left on the day `on`' }),
    doNotContact: Flag.optional(),
    search: Line(100).optional().meta({ description: 'Part of the name or of the person number' }),
  })
  .refine(({ ageFrom, ageTo }) => ageFrom === undefined || ageTo === undefined || ageFrom <= ageTo, {
    path: ['ageTo'],
    error: 'is below ageFrom',
    params: { code: 'age-band-upside-down' },
  })
export const VolunteerPage = pageOf(VolunteerSummary)
