import { and, asc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import { codes, links } from '../../platform/auth/auth.tables.ts'
import type { Handle } from '../../platform/db/client.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'

const MOST = 500

/** Links and short codes side by side: two kinds of the same way in. */
export const linksRepository = (db: Handle) => ({
  async list(conditions: { links: (SQL | undefined)[]; codes: (SQL | undefined)[] }) {
    const asLink = db
      .select({
        id: links.id,
        kind: sql<'link' | 'code'>`'link'`.as('kind'),
        purpose: links.purpose,
        subjectId: links.subjectId,
        volunteerId: links.volunteerId,
        createdAt: links.createdAt,
        expiresAt: links.expiresAt,
        revokedAt: links.revokedAt,
        replacedAt: links.replacedAt,
        codeId: links.codeId,
        lastUsedAt: sql<Date | null>`null::timestamptz`.mapWith(codes.lastUsedAt).as('last_used_at'),
      })
      .from(links)
      .innerJoin(volunteers, eq(volunteers.id, links.volunteerId))
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(and(...conditions.links))
    const asCode = db
      .select({
        id: codes.id,
        kind: sql<'link' | 'code'>`'code'`.as('kind'),
        purpose: codes.purpose,
        subjectId: codes.subjectId,
        volunteerId: codes.volunteerId,
        createdAt: codes.createdAt,
        expiresAt: codes.expiresAt,
        revokedAt: codes.revokedAt,
        replacedAt: sql<Date | null>`null::timestamptz`.mapWith(links.replacedAt).as('replaced_at'),
        codeId: sql<string | null>`null::uuid`.as('code_id'),
        lastUsedAt: codes.lastUsedAt,
      })
      .from(codes)
      .innerJoin(volunteers, eq(volunteers.id, codes.volunteerId))
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(and(...conditions.codes))
    const [found, short] = [
      await asLink.orderBy(asc(links.createdAt)).limit(MOST),
      await asCode.orderBy(asc(codes.createdAt)).limit(MOST),
    ]
    return [...found, ...short].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
  },

  /** Those that were still good; with a code go the links it was exchanged for. */
  async revoke(kind: 'link' | 'code', id: string, now: Date): Promise<number> {
    const table = kind === 'link' ? links : codes
    const gone = await db
      .update(table)
      .set({ revokedAt: now })
      .where(and(eq(table.id, id), isNull(table.revokedAt)))
      .returning({ id: table.id })
    if (kind === 'code') {
      await db
        .update(links)
        .set({ revokedAt: now })
        .where(and(eq(links.codeId, id), isNull(links.revokedAt)))
    }
    return gone.length
  },

  live: (now: Date) => ({
    links: and(isNull(links.revokedAt), gt(links.expiresAt, now)),
    codes: and(isNull(codes.revokedAt), gt(codes.expiresAt, now)),
  }),
})
