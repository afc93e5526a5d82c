import { and, eq, like, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { rules } from './rosters.tables.ts'

export type RuleRow = typeof rules.$inferSelect

export const rulesRepository = (db: Handle) => ({
  async findRule(id: string): Promise<{ rule: RuleRow; unitPath: string } | undefined> {
    const [found] = await db
      .select({ rule: rules, unitPath: units.path })
      .from(rules)
      .innerJoin(units, eq(units.id, rules.unitId))
      .where(eq(rules.id, id))
    return found
  },

  listRules: (conditions: (SQL | undefined)[], page: Keyset): Promise<RuleRow[]> =>
    db
      .select({ rule: rules })
      .from(rules)
      .innerJoin(units, eq(units.id, rules.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .then((rows) => rows.map((row) => row.rule)),

  insertRule: async (row: typeof rules.$inferInsert): Promise<RuleRow> =>
    (await db.insert(rules).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async updateRule(
    id: string,
    version: number,
    changes: Partial<typeof rules.$inferInsert>,
  ): Promise<RuleRow | undefined> {
    const [rule] = await db
      .update(rules)
      .set({ ...changes, version: sql`${rules.version} + 1` })
      .where(and(eq(rules.id, id), eq(rules.version, version)))
      .returning()
    return rule
  },

  async deleteRule(id: string, version: number): Promise<RuleRow | undefined> {
    const [rule] = await db
      .delete(rules)
      .where(and(eq(rules.id, id), eq(rules.version, version)))
      .returning()
    return rule
  },

  /** Rules of a unit, of all units above it and of all below it; root first, in the order they were made. */
  rulesAround: (unitPath: string): Promise<{ rule: RuleRow; unitPath: string }[]> =>
    db
      .select({ rule: rules, unitPath: units.path })
      .from(rules)
      .innerJoin(units, eq(units.id, rules.unitId))
      .where(or(like(units.path, `${unitPath}%`), sql`${unitPath} like ${units.path} || '%'`))
      .orderBy(sql`length(${units.path})`, units.path, rules.id),

  /** Posts below a unit with the paths they stand at, its own left out. */
  postsBelow: (unitPath: string): Promise<{ id: string; unitPath: string }[]> =>
    db
      .select({ id: posts.id, unitPath: units.path })
      .from(posts)
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(and(like(units.path, `${unitPath}%`), ne(units.path, unitPath))),
})
