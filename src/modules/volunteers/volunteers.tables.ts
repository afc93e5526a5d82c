import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  real,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate, oneOf, primaryId } from '../../platform/db/columns.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { units } from '../organisation/organisation.tables.ts'
import type { HomePlace, VolunteerLimits } from './volunteers.types.ts'

export const PERSON_CLASSES = ['volunteer', 'staff', 'secondedCadre', 'police', 'medical'] as const
export const CONTACT_CHANNELS = ['email', 'sms', 'wecom', 'log'] as const
export const AVAILABILITY_KINDS = ['available', 'unavailable', 'preferred', 'undesired'] as const
/** What somebody is able to do, and what they are insured, trained or admitted for. */
export const QUALIFICATION_KINDS = ['skill', 'clearance'] as const
export const ABSENCE_KINDS = ['sick', 'leave', 'training', 'work', 'family', 'other'] as const

export const qualifications = pgTable(
  'qualifications',
  {
    id: primaryId(),
    code: text('code').notNull(),
    name: text('name').notNull(),
    kind: text('kind', { enum: QUALIFICATION_KINDS }).notNull().default('skill'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('qualifications_code').on(t.code),
    oneOf('qualifications_kind_known', t.kind, QUALIFICATION_KINDS),
  ],
)

export const volunteers = pgTable(
  'volunteers',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    /** Root of the tree the unit is in; the database sets it, by triggers on people and units. */
    rootId: uuid('root_id'),
    /** Number the employer knows the person by, one of its kind in a tree; the key of imports and exports. */
    personNumber: text('person_number'),
    displayName: text('display_name').notNull(),
    /** What lists sort by, as pinyin order misreads surnames; the display name when empty. */
    sortName: text('sort_name').notNull(),
    personClass: text('person_class', { enum: PERSON_CLASSES }).notNull(),
    grade: text('grade'),
    birthOn: localDate('birth_on'),
    languages: text('languages').array().notNull().default([]),
    /** Personal like an address: shown where contacts are, masked in files. */
    home: jsonb('home').$type<HomePlace>(),
    locale: text('locale', { enum: LOCALES }).notNull(),
    joinedOn: localDate('joined_on'),
    leftOn: localDate('left_on'),
    /** Target share of the load compared with a full member of the same group. */
    share: real('share').notNull().default(1),
    limits: jsonb('limits').$type<VolunteerLimits>().notNull().default({}),
    doNotContact: boolean('do_not_contact').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    uniqueIndex('volunteers_person_number').on(t.rootId, t.personNumber).where(sql`${t.personNumber} is not null`),
    index('volunteers_unit_name').on(t.unitId, t.sortName, t.id),
    index('volunteers_name').on(t.sortName, t.id),
    index('volunteers_birth').on(t.birthOn),
    check('volunteers_root_known', sql`${t.rootId} is not null`),
    oneOf('volunteers_class_known', t.personClass, PERSON_CLASSES),
    check(
      'volunteers_home_on_earth',
      sql`${t.home} is null or coalesce(abs((${t.home}->>'latitude')::float8) <= 90 and abs((${t.home}->>'longitude')::float8) <= 180, false)`,
    ),
    check('volunteers_share_sane', sql`${t.share} >= 0 and ${t.share} <= 10`),
    check(
      'volunteers_leave_after_joining',
      sql`${t.leftOn} is null or ${t.joinedOn} is null or ${t.leftOn} > ${t.joinedOn}`,
    ),
  ],
)

export const contactPoints = pgTable(
  'contact_points',
  {
    id: primaryId(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    channel: text('channel', { enum: CONTACT_CHANNELS }).notNull(),
    address: text('address').notNull(),
    /** Lower is tried first. */
    position: integer('position').notNull(),
    verifiedAt: instant('verified_at'),
  },
  (t) => [
    unique('contact_points_once').on(t.volunteerId, t.channel, t.address),
    oneOf('contact_points_channel_known', t.channel, CONTACT_CHANNELS),
  ],
)

export const volunteerQualifications = pgTable(
  'volunteer_qualifications',
  {
    id: primaryId(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    qualificationId: uuid('qualification_id')
      .notNull()
      .references(() => qualifications.id),
    validFrom: localDate('valid_from'),
    /** First day on which it no longer holds. */
    validTo: localDate('valid_to'),
  },
  (t) => [
    unique('volunteer_qualifications_once').on(t.volunteerId, t.qualificationId, t.validFrom).nullsNotDistinct(),
    index('volunteer_qualifications_by_kind').on(t.qualificationId),
    check(
      'volunteer_qualifications_order',
      sql`${t.validTo} is null or ${t.validFrom} is null or ${t.validTo} > ${t.validFrom}`,
    ),
  ],
)

export const availabilities = pgTable(
  'availabilities',
  {
    id: primaryId(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    kind: text('kind', { enum: AVAILABILITY_KINDS }).notNull(),
    /** RRULE on floating wall time; none means once. */
    rule: text('rule'),
    /** Wall time 'YYYY-MM-DDTHH:mm' of the first (or only) occurrence. */
    startLocal: text('start_local').notNull(),
    length: text('length').notNull(),
    zone: text('zone').notNull(),
    /** First local day on which a recurring one no longer happens. */
    untilOn: localDate('until_on'),
    weight: integer('weight').notNull().default(1),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('availabilities_volunteer').on(t.volunteerId),
    oneOf('availabilities_kind_known', t.kind, AVAILABILITY_KINDS),
  ],
)

export const absences = pgTable(
  'absences',
  {
    id: primaryId(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    kind: text('kind', { enum: ABSENCE_KINDS }).notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    note: text('note'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('absences_volunteer').on(t.volunteerId, t.startsAt),
    oneOf('absences_kind_known', t.kind, ABSENCE_KINDS),
    check('absences_order', sql`${t.endsAt} > ${t.startsAt}`),
  ],
)
