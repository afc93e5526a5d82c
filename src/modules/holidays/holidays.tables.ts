import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'

/** holiday: a public holiday. makeUp: a day of the weekend that is worked instead. ordinary: takes back what a unit above says. */
export const HOLIDAY_KINDS = ['holiday', 'makeUp', 'ordinary'] as const

/** Days that are not what their weekday says, for a unit and all below it; the nearest word on a day holds. */
export const holidays = pgTable(
  'holidays',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    day: localDate('day').notNull(),
    kind: text('kind', { enum: HOLIDAY_KINDS }).notNull(),
    name: text('name').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [unique('holidays_day_of_unit').on(t.unitId, t.day), oneOf('holidays_kind_known', t.kind, HOLIDAY_KINDS)],
)
