import { and, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { NewQualification, QualificationList, QualificationPatch } from './qualifications.schemas.ts'
import { volunteerProblems } from './volunteers.problems.ts'
import { qualifications } from './volunteers.tables.ts'

export type QualificationRow = typeof qualifications.$inferSelect

const view = ({ id, code, name, kind, createdAt }: QualificationRow) => ({
  id,
  code,
  name,
  kind,
  createdAt: createdAt.toISOString(),
})

/** Those of the given ids that do not exist. */
export async function unknownQualifications(handle: Handle, ids: string[]): Promise<Set<string>> {
  const wanted = [...new Set(ids)]
  const rows = await handle
    .select({ id: qualifications.id })
    .from(qualifications)
    .where(inArray(qualifications.id, wanted))
  const known = new Set(rows.map((row) => row.id))
  return new Set(wanted.filter((id) => !known.has(id)))
}

/** The catalog of qualifications. It is one for all units, so that a code means the same everywhere. */
export function createQualifications({ db, clock }: Foundations) {
  async function getQualification(id: string): Promise<QualificationRow> {
    const [row] = await db.select().from(qualifications).where(eq(qualifications.id, id))
    if (!row) throw volunteerProblems.qualificationUnknown(id)
    return row
  }

  return {
    showQualification: async (id: string) => view(await getQualification(id)),

    async listQualifications(query: z.output<typeof QualificationList>) {
      const page = keyset(query, { code: qualifications.code, name: qualifications.name }, qualifications.id)
      const rows = await db
        .select()
        .from(qualifications)
        .where(
          and(
            query.code ? eq(qualifications.code, query.code) : undefined,
            query.kind && eq(qualifications.kind, query.kind),
            page.after,
          ),
        )
        .orderBy(...page.orderBy)
        .limit(page.limit)
      return toPage(query, rows, (row, sort) => (sort === 'name' ? row.name : row.code), view)
    },

    async createQualification(actor: Actor, input: z.output<typeof NewQualification>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const [row] = await tx
          .insert(qualifications)
          .values({ ...input, createdAt: now })
          .returning()
        await audit(tx, actor, now, {
          action: 'qualification.created',
          subject: { type: 'qualification', id: row!.id },
          facts: { code: row!.code },
        })
        return view(row!)
      })
    },

    async updateQualification(actor: Actor, id: string, patch: z.output<typeof QualificationPatch>) {
      return db.transaction(async (tx) => {
        const [row] = await tx.update(qualifications).set(patch).where(eq(qualifications.id, id)).returning()
        if (!row) throw volunteerProblems.qualificationUnknown(id)
        await audit(tx, actor, clock.now(), {
          action: 'qualification.changed',
          subject: { type: 'qualification', id },
          facts: { fields: Object.keys(patch) },
        })
        return view(row)
      })
    },
  }
}

/** The whole catalog by code, for files that name qualifications by it. */
export async function qualificationsByCode(handle: Handle): Promise<Map<string, string>> {
  const rows = await handle.select({ id: qualifications.id, code: qualifications.code }).from(qualifications)
  return new Map(rows.map((row) => [row.code, row.id]))
}
