import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import { localDay } from '../../time/zones.ts'
import { echelonProblems } from './echelons.problems.ts'
import { echelonsRepository } from './echelons.repository.ts'
import type { GetSet } from './echelons.service.ts'
import { rotationPatterns } from './echelons.tables.ts'
import { patternView } from './echelons.views.ts'
import { toEffective } from './memberships.ts'
import { turnsBetween } from './rotation.rules.ts'
import type { NewPattern, PatternList, TurnList } from './rotation.schemas.ts'

/** Who relieves whom. Patterns are only ever added, each from a later day on, so turns of the past stay as they were. */
export function createRotation({ db, clock }: Foundations, getSet: GetSet) {
  return {
    async addPattern(actor: Actor, setId: string, input: z.output<typeof NewPattern>) {
      return db.transaction(async (tx) => {
        const { set, zone: unitZone } = await getSet(tx, actor, setId, true)
        if (set.kind !== 'rotation') throw echelonProblems.notRotating(set.name)
        const repository = echelonsRepository(tx)
        const known = new Set((await repository.echelonsOf([setId])).map((one) => one.id))
        const last = (await repository.patternsOf([setId])).at(-1)
        const now = clock.now()
        const zone = input.zone ?? unitZone
        const today = localDay(now, zone)
        const found = findings()
        input.order.forEach((id, index) => {
          if (known.has(id)) return
          found.add(`/body/order/${index}`, 'echelon-not-in-set', `This set has no echelon ${id}.`)
        })
        if (last && input.effectiveFrom <= last.effectiveFrom) {
          const detail = `The pattern before takes effect on ${last.effectiveFrom}; this one has to come after it.`
          found.add('/body/effectiveFrom', 'pattern-not-after-last', detail)
        } else if (last && input.effectiveFrom < today) {
          found.add('/body/effectiveFrom', 'pattern-in-the-past', `Turns before ${today} are history.`)
        }
        found.throwIfAny()
        const [row] = await tx
          .insert(rotationPatterns)
          .values({ ...input, zone, setId, createdAt: now })
          .returning()
        await audit(tx, actor, now, {
          action: 'rotation-pattern.added',
          subject: { type: 'rotation-pattern', id: row!.id },
          unitId: set.unitId,
          facts: { setId, effectiveFrom: row!.effectiveFrom },
        })
        return patternView(row!)
      })
    },

    async listPatterns(actor: Actor, setId: string, query: z.output<typeof PatternList>) {
      await getSet(db, actor, setId)
      const page = keyset(query, { effectiveFrom: rotationPatterns.effectiveFrom }, rotationPatterns.id)
      const rows = await db
        .select()
        .from(rotationPatterns)
        .where(and(eq(rotationPatterns.setId, setId), page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit)
      return toPage(query, rows, (row) => row.effectiveFrom, patternView)
    },

    async listTurns(actor: Actor, setId: string, { from, to }: z.output<typeof TurnList>) {
      const { set } = await getSet(db, actor, setId)
      if (set.kind !== 'rotation') throw echelonProblems.notRotating(set.name)
      const repository = echelonsRepository(db)
      const nameOf = new Map((await repository.echelonsOf([setId])).map((one) => [one.id, one.name]))
      const patterns = (await repository.patternsOf([setId])).map(toEffective)
      return {
        items: turnsBetween(patterns, from, to).map((turn) => ({
          ...turn,
          startsAt: turn.startsAt.toISOString(),
          endsAt: turn.endsAt.toISOString(),
          echelonName: nameOf.get(turn.echelonId) ?? '',
        })),
      }
    },
  }
}
