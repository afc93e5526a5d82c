import { eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { hashSecret, KEY_PREFIX, newApiKey } from '../../platform/auth/secrets.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings, stale } from '../../platform/http/problem.ts'
import { organisationProblems } from './organisation.problems.ts'
import { type ApiKeyRow, organisationRepository, type UnitRow, withinPath } from './organisation.repository.ts'
import { effectivePolicy, wouldCloseCircle } from './organisation.rules.ts'
import type { ApiKeyList, NewApiKey, NewUnit, UnitList, UnitPatch } from './organisation.schemas.ts'
import { apiKeys, units } from './organisation.tables.ts'
import type { UnitPolicy } from './organisation.types.ts'
import { apiKeyView, unitSummaryView, unitView } from './organisation.views.ts'

export type Organisation = ReturnType<typeof createOrganisation>

/**
 * The tree of units and who may come in. Promises: the tree has no circles, a key sees its unit and what lies below,
 * and everything else looks as if it did not exist.
 */
export function createOrganisation({ db, clock }: Foundations) {
  const repository = organisationRepository(db)

  async function getUnit(handle: Handle, actor: Actor, id: string): Promise<UnitRow> {
    const unit = await organisationRepository(handle).findUnit(id)
    assertCovers(actor, unit?.path, () => organisationProblems.unitUnknown(id))
    return unit!
  }

  async function policyOf(unit: Pick<UnitRow, 'path'>, handle: Handle = db): Promise<UnitPolicy> {
    const line = await organisationRepository(handle).ancestry(unit)
    return effectivePolicy(line.map((one) => one.policy))
  }

  async function show(unit: UnitRow, handle: Handle = db) {
    const [policy, responsibles] = await Promise.all([
      policyOf(unit, handle),
      organisationRepository(handle).responsiblesOf([unit.id]),
    ])
    return unitView(unit, policy, responsibles)
  }

  async function parentOf(handle: Handle, actor: Actor, parentId: string | null): Promise<UnitRow | undefined> {
    if (parentId !== null) return getUnit(handle, actor, parentId)
    if (actor.unitPath !== '/') throw organisationProblems.rootNeedsSystem()
    return undefined
  }

  return {
    policyOf,
    getUnit: (actor: Actor, id: string, handle: Handle = db) => getUnit(handle, actor, id),

    async createUnit(actor: Actor, input: z.output<typeof NewUnit>) {
      return db.transaction(async (tx) => {
        const parent = await parentOf(tx, actor, input.parentId)
        if (!parent && !input.zone) {
          const found = findings()
          found.add('/body/zone', 'zone-needed', 'The root of a tree names its time zone.')
          found.throwIfAny()
        }
        const id = newId()
        const now = clock.now()
        const { responsibles = [], ...fields } = input
        const unit = await organisationRepository(tx).insertUnit({
          ...fields,
          id,
          path: `${parent?.path ?? '/'}${id}/`,
          code: input.code ?? null,
          zone: input.zone ?? parent!.zone,
          locale: input.locale ?? parent?.locale ?? 'zh',
          policy: input.policy ?? {},
          createdAt: now,
          updatedAt: now,
        })
        await organisationRepository(tx).replaceResponsibles(id, responsibles)
        await audit(tx, actor, now, {
          action: 'unit.created',
          subject: { type: 'unit', id },
          unitId: id,
          facts: { name: unit.name },
        })
        return show(unit, tx)
      })
    },

    showUnit: async (actor: Actor, id: string) => show(await getUnit(db, actor, id)),

    async listUnits(actor: Actor, query: z.output<typeof UnitList>) {
      const under = query.under ? await getUnit(db, actor, query.under) : undefined
      const conditions = [
        withinPath(actor.unitPath),
        under && withinPath(under.path),
        query.parentId ? eq(units.parentId, query.parentId) : undefined,
        query.kind ? eq(units.kind, query.kind) : undefined,
        query.code ? eq(units.code, query.code) : undefined,
      ]
      const rows = await repository.listUnits(
        conditions,
        keyset(query, { name: units.name, createdAt: units.createdAt }, units.id),
      )
      return toPage(query, rows, (row, sort) => (sort === 'name' ? row.name : row.createdAt), unitSummaryView)
    },

    async updateUnit(actor: Actor, id: string, version: number, patch: z.output<typeof UnitPatch>) {
      return db.transaction(async (tx) => {
        const repo = organisationRepository(tx)
        if (patch.parentId) await repo.lockTree()
        const before = await getUnit(tx, actor, id)
        const { responsibles, parentId, ...fields } = patch
        const path = parentId ? await movedPath(tx, actor, before, parentId) : before.path
        const now = clock.now()
        const changes = { ...fields, ...(parentId ? { parentId, path } : {}), updatedAt: now }
        const after = await repo.updateUnit(id, version, changes)
        if (!after) throw stale(before.version)
        if (path !== before.path) await repo.rebase(before.path, path, id)
        if (responsibles) await repo.replaceResponsibles(id, responsibles)
        await audit(tx, actor, now, {
          action: 'unit.changed',
          subject: { type: 'unit', id },
          unitId: id,
          facts: { fields: Object.keys(patch) },
        })
        return show(after, tx)
      })
    },

    /** The actor behind an API key; the last use is noted at most once a minute. */
    async findKeyHolder(keyHash: string): Promise<Actor | undefined> {
      const now = clock.now()
      const found = await repository.findLiveKey(keyHash, now)
      if (!found) return undefined
      const { key, unitPath } = found
      if (!key.lastUsedAt || now.getTime() - key.lastUsedAt.getTime() > 60_000) await repository.touchKey(key.id, now)
      return { kind: 'apiKey', id: key.id, door: 'api', unitPath, role: key.role }
    },

    /** Makes a key and returns its secret, which is not stored and cannot be shown again. */
    async createKey(actor: Actor, input: z.output<typeof NewApiKey>) {
      return db.transaction(async (tx) => {
        const unit = await getUnit(tx, actor, input.unitId)
        const now = clock.now()
        const secret = newApiKey()
        const key = await organisationRepository(tx).insertKey({
          unitId: unit.id,
          role: input.role,
          name: input.name,
          keyHash: hashSecret(secret),
          prefix: secret.slice(0, KEY_PREFIX.length + 6),
          createdAt: now,
          expiresAt: input.expiresAt ? new Date(input.expiresAt) : null,
        })
        await audit(tx, actor, now, {
          action: 'api-key.created',
          subject: { type: 'api-key', id: key.id },
          unitId: unit.id,
          facts: { role: key.role, name: key.name },
        })
        return { ...apiKeyView(key), key: secret }
      })
    },

    async listKeys(actor: Actor, query: z.output<typeof ApiKeyList>) {
      const conditions = [withinPath(actor.unitPath), query.unitId ? eq(apiKeys.unitId, query.unitId) : undefined]
      const rows = await repository.listKeys(conditions, keyset(query, { createdAt: apiKeys.createdAt }, apiKeys.id))
      return toPage(
        query,
        rows.map((row) => row.key),
        (row: ApiKeyRow) => row.createdAt,
        apiKeyView,
      )
    },

    async revokeKey(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const repo = organisationRepository(tx)
        const found = await repo.findKey(id)
        assertCovers(actor, found?.unitPath, () => organisationProblems.keyUnknown(id))
        await repo.lockTree()
        const now = clock.now()
        const isRoot = found!.unitPath.split('/').filter(Boolean).length === 1
        if (isRoot && found!.key.role === 'admin' && (await repo.countOtherAdminKeys(found!.unitPath, id, now)) === 0) {
          throw organisationProblems.lastAdminKey()
        }
        const revoked = await repo.revokeKey(id, now)
        if (revoked) {
          await audit(tx, actor, now, {
            action: 'api-key.revoked',
            subject: { type: 'api-key', id },
            unitId: revoked.unitId,
          })
        }
        return apiKeyView(revoked ?? found!.key)
      })
    },

    /** Roots of all trees, for the command that makes the first key. */
    listRoots: () => db.select().from(units).where(isNull(units.parentId)),
  }

  async function movedPath(tx: Handle, actor: Actor, unit: UnitRow, parentId: string): Promise<string> {
    const found = findings()
    const parent = await organisationRepository(tx).findUnit(parentId)
    if (!parent || !covers(actor, parent.path)) {
      found.add('/body/parentId', 'unit-unknown', `There is no unit ${parentId} that you may see.`)
    } else if (wouldCloseCircle(unit.path, parent.path)) {
      found.add(
        '/body/parentId',
        'unit-tree-cyclic',
        `${parent.name} is ${unit.name} itself or lies below it: the tree would become a circle.`,
      )
    }
    found.throwIfAny()
    return `${parent!.path}${unit.id}/`
  }
}
