import { sql } from 'drizzle-orm'
import { type AnyPgColumn, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { ROLES } from '../../platform/auth/actor.ts'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import type { UnitPolicy } from './organisation.types.ts'

export const units = pgTable(
  'units',
  {
    id: primaryId(),
    parentId: uuid('parent_id').references((): AnyPgColumn => units.id),
    /** '/root/…/self/': a unit's subtree is every path that begins with its own. */
    path: text('path').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    code: text('code'),
    zone: text('zone').notNull(),
    locale: text('locale', { enum: LOCALES }).notNull(),
    /** Only what differs from the parent; see effective policy in the service. */
    policy: jsonb('policy').$type<Partial<UnitPolicy>>().notNull().default({}),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    uniqueIndex('units_path').on(t.path),
    index('units_path_prefix').using('btree', t.path.op('text_pattern_ops')),
    index('units_parent').on(t.parentId),
    uniqueIndex('units_code').on(t.code).where(sql`${t.code} is not null`),
    unique('units_name_among_siblings').on(t.parentId, t.name).nullsNotDistinct(),
    oneOf('units_locale_known', t.locale, LOCALES),
  ],
)

/** The chain of responsible people of a unit, first to be told first. */
export const unitResponsibles = pgTable(
  'unit_responsibles',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    title: text('title'),
    phone: text('phone'),
    email: text('email'),
  },
  (t) => [unique('unit_responsibles_position').on(t.unitId, t.position)],
)

export const apiKeys = pgTable(
  'api_keys',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    role: text('role', { enum: ROLES }).notNull(),
    name: text('name').notNull(),
    keyHash: text('key_hash').notNull(),
    /** The first characters, so that a person can tell keys apart. */
    prefix: text('prefix').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [
    uniqueIndex('api_keys_hash').on(t.keyHash),
    index('api_keys_unit').on(t.unitId),
    oneOf('api_keys_role_known', t.role, ROLES),
  ],
)
