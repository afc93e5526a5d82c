import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate, oneOf, primaryId } from '../../platform/db/columns.ts'
import { echelonSets } from '../echelons/echelons.tables.ts'
import { units } from '../organisation/organisation.tables.ts'

export const SHIFT_STATES = ['planned', 'cancelled'] as const
export const EXCEPTION_KINDS = ['skip', 'move'] as const
export const LINKED_BY = ['week', 'period'] as const
/** On duty at the post, or ready to be called there. */
export const SHIFT_KINDS = ['active', 'standby'] as const

export const posts = pgTable(
  'posts',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    name: text('name').notNull(),
    kind: text('kind').notNull(),
    address: text('address'),
    latitude: doublePrecision('latitude'),
    longitude: doublePrecision('longitude'),
    /** 1 is the most important; decides who goes without when not all can be staffed. */
    priority: integer('priority').notNull().default(3),
    phone: text('phone'),
    /** What to bring, what to wear, where to report: told to whoever serves here. */
    instructions: text('instructions'),
    active: boolean('active').notNull().default(true),
    /** From which the codes shown at the post are made; a new one ends all codes and printed QRs. */
    checkInSecret: uuid('check_in_secret').notNull().defaultRandom(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('posts_name_in_unit').on(t.unitId, t.name),
    check('posts_priority_range', sql`${t.priority} between 1 and 9`),
  ],
)

export const coverRequirements = pgTable(
  'cover_requirements',
  {
    id: primaryId(),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    role: text('role').notNull(),
    position: integer('position').notNull(),
    minimum: integer('minimum').notNull(),
    desired: integer('desired').notNull(),
    maximum: integer('maximum').notNull(),
    /** Every one is needed, valid on the day. */
    qualificationIds: uuid('qualification_ids').array().notNull().default([]),
    /** One of these; empty means any. */
    grades: text('grades').array().notNull().default([]),
    personClasses: text('person_classes').array().notNull().default([]),
    /** Every one is needed. */
    languages: text('languages').array().notNull().default([]),
    /** Home unit is one of these or below; empty means any. */
    unitIds: uuid('unit_ids').array().notNull().default([]),
    /** Who serves: of a rotation set only the echelon on turn, of others every member. None: the whole unit. */
    echelonSetId: uuid('echelon_set_id').references(() => echelonSets.id),
    /** Sets searched in this order, echelon by echelon, when a seat becomes a gap. */
    reserveSetIds: uuid('reserve_set_ids').array().notNull().default([]),
    /** Crews that serve here in turn instead of a set or a unit: these, and all of these units and below. */
    crewIds: uuid('crew_ids').array().notNull().default([]),
    crewUnitIds: uuid('crew_unit_ids').array().notNull().default([]),
    active: boolean('active').notNull().default(true),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    unique('cover_requirements_role_at_post').on(t.postId, t.role),
    check(
      'cover_requirements_order',
      sql`0 <= ${t.minimum} and ${t.minimum} <= ${t.desired} and ${t.desired} <= ${t.maximum} and ${t.maximum} between 1 and 200`,
    ),
  ],
)

export const shiftTemplates = pgTable(
  'shift_templates',
  {
    id: primaryId(),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    name: text('name').notNull(),
    /** RRULE without DTSTART; it begins on `effectiveFrom`. */
    rule: text('rule').notNull(),
    /** Wall time 'HH:mm'. */
    startTime: text('start_time').notNull(),
    /** 'P1D' ends at the same wall time next day, 'PT24H' after exactly 24 hours. */
    length: text('length').notNull(),
    zone: text('zone').notNull(),
    effectiveFrom: localDate('effective_from').notNull(),
    effectiveTo: localDate('effective_to'),
    /** Requirements of the post that this shift staffs; none means all. */
    requirementIds: uuid('requirement_ids').array(),
    /** Windows of attendance, where this shift differs from the unit's policy; null: as the policy says. */
    checkInEarlyMinutes: integer('check_in_early_minutes'),
    checkInLateMinutes: integer('check_in_late_minutes'),
    checkOutEarlyMinutes: integer('check_out_early_minutes'),
    noShowMinutes: integer('no_show_minutes'),
    /** Standing duty: one and the same person keeps a seat through a week or through the whole period of a roster. */
    linked: text('linked', { enum: LINKED_BY }),
    /** Stays as it was made: another kind of duty is another template. */
    kind: text('kind', { enum: SHIFT_KINDS }).notNull().default('active'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('shift_templates_name_at_post').on(t.postId, t.name),
    oneOf('shift_templates_kind_known', t.kind, SHIFT_KINDS),
    check('shift_templates_linked_known', sql`${t.linked} in ('week', 'period')`),
    check('shift_templates_effective_order', sql`${t.effectiveTo} is null or ${t.effectiveTo} > ${t.effectiveFrom}`),
  ],
)

/** What one occurrence does otherwise; its key is the wall time it would have had. */
export const shiftExceptions = pgTable(
  'shift_exceptions',
  {
    id: primaryId(),
    templateId: uuid('template_id')
      .notNull()
      .references(() => shiftTemplates.id),
    originalStart: text('original_start').notNull(),
    kind: text('kind', { enum: EXCEPTION_KINDS }).notNull(),
    startLocal: text('start_local'),
    length: text('length'),
    reason: text('reason'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    unique('shift_exceptions_one_per_occurrence').on(t.templateId, t.originalStart),
    oneOf('shift_exceptions_kind_known', t.kind, EXCEPTION_KINDS),
  ],
)

export const shifts = pgTable(
  'shifts',
  {
    id: primaryId(),
    templateId: uuid('template_id').references(() => shiftTemplates.id),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    /** Wall time the template gave it, 'YYYY-MM-DDTHH:mm': with the template, its key for ever. */
    originalStart: text('original_start').notNull(),
    startLocal: text('start_local').notNull(),
    endLocal: text('end_local').notNull(),
    zone: text('zone').notNull(),
    /** The local day it starts on. */
    localDay: localDate('local_day').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    nominalMinutes: integer('nominal_minutes').notNull(),
    /** Set when seats of another shift were cut in time: this is one part of it, with those seats. */
    partOfId: uuid('part_of_id').references((): AnyPgColumn => shifts.id),
    state: text('state', { enum: SHIFT_STATES }).notNull().default('planned'),
    /** Made by hand for an urgent need: it has a roster of its own, and no other plans it. */
    extra: boolean('extra').notNull().default(false),
    /** As its template said; what the time of whoever checks in counts as at first. */
    kind: text('kind', { enum: SHIFT_KINDS }).notNull().default('active'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('shifts_one_per_occurrence').on(t.templateId, t.originalStart),
    index('shifts_post_day').on(t.postId, t.localDay),
    index('shifts_starts').on(t.startsAt),
    index('shifts_part_of').on(t.partOfId),
    oneOf('shifts_state_known', t.state, SHIFT_STATES),
    oneOf('shifts_kind_known', t.kind, SHIFT_KINDS),
    check('shifts_not_empty', sql`${t.endsAt} > ${t.startsAt}`),
  ],
)

export const slots = pgTable(
  'slots',
  {
    id: primaryId(),
    shiftId: uuid('shift_id')
      .notNull()
      .references(() => shifts.id),
    requirementId: uuid('requirement_id')
      .notNull()
      .references(() => coverRequirements.id),
    role: text('role').notNull(),
    /** 1 to the desired number; up to the minimum mandatory, above it desired. */
    seat: integer('seat').notNull(),
    mandatory: boolean('mandatory').notNull(),
  },
  (t) => [
    unique('slots_one_per_seat').on(t.shiftId, t.requirementId, t.seat),
    index('slots_requirement').on(t.requirementId),
  ],
)
