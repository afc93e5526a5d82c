import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings, stale } from '../../platform/http/problem.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { echelonProblems } from './echelons.problems.ts'
import { type EchelonDraft, echelonsRepository, type FoundSet, type SetRow } from './echelons.repository.ts'
import type { EchelonSetList, EchelonSetPatch, NewEchelonSet } from './echelons.schemas.ts'
import { echelonSets } from './echelons.tables.ts'
import { setView } from './echelons.views.ts'
import { createMembers } from './members.service.ts'
import { members, memberships, turns } from './memberships.ts'
import { createPartition } from './partition.service.ts'
import { createRotation } from './rotation.service.ts'
import { checkTraits } from './traits.ts'

export type Echelons = ReturnType<typeof createEchelons>
export type GetSet = (handle: Handle, actor: Actor, id: string, lock?: boolean) => Promise<FoundSet>

/**
 * Echelon sets: who is called first and who relieves whom. Promises: within a set nobody belongs to two echelons on the
 * same day, and members live in the set's unit or below it.
 */
export function createEchelons(foundations: Foundations & { organisation: Organisation }) {
  const { db, clock, organisation } = foundations

  const getSet: GetSet = async (handle, actor, id, lock = false) => {
    const found = await echelonsRepository(handle).findSet(id, lock)
    assertCovers(actor, found?.unitPath, () => echelonProblems.setUnknown(id))
    return found!
  }

  const show = async (handle: Handle, set: SetRow) =>
    setView(set, await echelonsRepository(handle).echelonsOf([set.id]))

  const rulesIn = (drafts: EchelonDraft[]) =>
    drafts.map((one, index) => ({ pointer: `/body/echelons/${index}/rule`, traits: one.rule }))

  return {
    memberships,
    members,
    turns,
    ...createMembers(foundations),
    ...createRotation(foundations, getSet),
    ...createPartition(foundations, getSet),

    async createSet(actor: Actor, input: z.output<typeof NewEchelonSet>) {
      return db.transaction(async (tx) => {
        const found = findings()
        const [unit] = await echelonsRepository(tx).unitsByIds([input.unitId])
        if (unit && covers(actor, unit.path)) await checkTraits(tx, actor, unit.path, rulesIn(input.echelons), found)
        else found.add('/body/unitId', 'unit-unknown', `There is no unit ${input.unitId} that you may see.`)
        found.throwIfAny()
        const now = clock.now()
        const { echelons, ...fields } = input
        const set = await echelonsRepository(tx).insertSet({ ...fields, createdAt: now, updatedAt: now })
        await echelonsRepository(tx).saveEchelons(set.id, echelons, now)
        await audit(tx, actor, now, {
          action: 'echelon-set.created',
          subject: { type: 'echelon-set', id: set.id },
          unitId: set.unitId,
          facts: { name: set.name, kind: set.kind, echelons: echelons.length },
        })
        return show(tx, set)
      })
    },

    showSet: async (actor: Actor, id: string) => show(db, (await getSet(db, actor, id)).set),

    async listSets(actor: Actor, query: z.output<typeof EchelonSetList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const conditions = [
        withinPath(actor.unitPath),
        under && withinPath(under.path),
        query.kind ? eq(echelonSets.kind, query.kind) : undefined,
      ]
      const columns = { name: echelonSets.name, createdAt: echelonSets.createdAt }
      const rows = await echelonsRepository(db).listSets(conditions, keyset(query, columns, echelonSets.id))
      const echelons = await echelonsRepository(db).echelonsOf(rows.map((row) => row.id))
      const sortValue = (row: SetRow, sort: string) => (sort === 'name' ? row.name : row.createdAt)
      return toPage(query, rows, sortValue, (row) => setView(row, echelons))
    },

    async updateSet(actor: Actor, id: string, version: number, patch: z.output<typeof EchelonSetPatch>) {
      return db.transaction(async (tx) => {
        const { set: before, unitPath } = await getSet(tx, actor, id, true)
        if (before.version !== version) throw stale(before.version)
        const { echelons, ...fields } = patch
        const now = clock.now()
        if (echelons) {
          await checkEchelons(tx, actor, { id, unitPath }, echelons)
          await echelonsRepository(tx).saveEchelons(id, echelons, now)
        }
        const after = await echelonsRepository(tx).updateSet(id, version, { ...fields, updatedAt: now })
        await audit(tx, actor, now, {
          action: 'echelon-set.changed',
          subject: { type: 'echelon-set', id },
          unitId: before.unitId,
          facts: { fields: Object.keys(patch) },
        })
        return show(tx, after!)
      })
    },

    async deleteSet(actor: Actor, id: string, version: number): Promise<void> {
      await db.transaction(async (tx) => {
        const { set } = await getSet(tx, actor, id, true)
        if (set.version !== version) throw stale(set.version)
        if (await echelonsRepository(tx).isReserveOfPost(id)) throw echelonProblems.setInUse()
        await echelonsRepository(tx).deleteSet(id)
        await audit(tx, actor, clock.now(), {
          action: 'echelon-set.deleted',
          subject: { type: 'echelon-set', id },
          unitId: set.unitId,
          facts: { name: set.name },
        })
      })
    },
  }

  async function checkEchelons(tx: Tx, actor: Actor, set: { id: string; unitPath: string }, drafts: EchelonDraft[]) {
    const repository = echelonsRepository(tx)
    const existing = await repository.echelonsOf([set.id])
    const known = new Set(existing.map((one) => one.id))
    const found = findings()
    drafts.forEach(({ id }, index) => {
      if (!id || known.has(id)) return
      found.add(`/body/echelons/${index}/id`, 'echelon-not-in-set', `This set has no echelon ${id}.`)
    })
    await checkTraits(tx, actor, set.unitPath, rulesIn(drafts), found)
    found.throwIfAny()
    const turning = new Set((await repository.patternsOf([set.id])).flatMap((pattern) => pattern.order))
    const gone = existing.filter((one) => turning.has(one.id) && !drafts.some(({ id }) => id === one.id))
    if (gone.length > 0) throw echelonProblems.inRotation(gone.map((one) => one.name))
  }
}
