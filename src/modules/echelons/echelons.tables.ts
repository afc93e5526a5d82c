import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { MembershipRule } from './echelons.types.ts'

export const ECHELON_KINDS = ['rotation', 'reserve', 'specialist'] as const

export const echelonSets = pgTable(
  'echelon_sets',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    name: text('name').notNull(),
    kind: text('kind', { enum: ECHELON_KINDS }).notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('echelon_sets_name_in_unit').on(t.unitId, t.name),
    oneOf('echelon_sets_kind_known', t.kind, ECHELON_KINDS),
  ],
)

export const echelons = pgTable(
  'echelons',
  {
    id: primaryId(),
    setId: uuid('set_id')
      .notNull()
      .references(() => echelonSets.id),
    /** 1 is called first. */
    position: integer('position').notNull(),
    name: text('name').notNull(),
    /** Everybody who fits is a member; none means members by hand only. */
    rule: jsonb('rule').$type<MembershipRule>(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    unique('echelons_position_in_set').on(t.setId, t.position),
    unique('echelons_name_in_set').on(t.setId, t.name),
  ],
)

/** Members by hand, from a day until the day before another; `excluded` takes one out whom the rule would take in. */
export const echelonMembers = pgTable(
  'echelon_members',
  {
    id: primaryId(),
    setId: uuid('set_id')
      .notNull()
      .references(() => echelonSets.id),
    echelonId: uuid('echelon_id')
      .notNull()
      .references(() => echelons.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    fromOn: localDate('from_on').notNull(),
    toOn: localDate('to_on'),
    excluded: boolean('excluded').notNull().default(false),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('echelon_members_echelon').on(t.echelonId),
    index('echelon_members_volunteer').on(t.volunteerId),
    check('echelon_members_order', sql`${t.toOn} is null or ${t.toOn} > ${t.fromOn}`),
    // echelon_members_one_echelon_at_a_time: exclusion constraint, hand-written migration
  ],
)

/** Which echelon relieves which, from a day on. A change is a new row; the past keeps its own. */
export const rotationPatterns = pgTable(
  'rotation_patterns',
  {
    id: primaryId(),
    setId: uuid('set_id')
      .notNull()
      .references(() => echelonSets.id),
    effectiveFrom: localDate('effective_from').notNull(),
    anchorLocal: text('anchor_local').notNull(),
    zone: text('zone').notNull(),
    /** Length of one turn, e.g. 'P1D'. */
    period: text('period').notNull(),
    /** Echelon ids in the order of their turns; one may come more than once. */
    order: uuid('order').array().notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [unique('rotation_patterns_one_per_day').on(t.setId, t.effectiveFrom)],
)
