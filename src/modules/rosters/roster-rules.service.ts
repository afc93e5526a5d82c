import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings, stale } from '../../platform/http/problem.ts'
import { RULES } from '../../solver/rules/index.ts'
import type { RuleName } from '../../solver/rules/params.ts'
import { organisationRepository, withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { type RuleRow, rulesRepository } from './roster-rules.repository.ts'
import { effectiveRules, type StatedRule } from './roster-rules.rules.ts'
import { type NewRule, type RuleList, type RulePatch, ruleFindings } from './roster-rules.schemas.ts'
import { rosterProblems } from './rosters.problems.ts'
import { rules } from './rosters.tables.ts'

const stated = (row: RuleRow): StatedRule => ({ ...row, name: row.name as RuleName })

export const ruleView = (rule: RuleRow) => ({
  id: rule.id,
  unitId: rule.unitId,
  name: rule.name,
  params: rule.params,
  weight: rule.weight,
  scope: rule.scope,
  enabled: rule.enabled,
  createdAt: rule.createdAt.toISOString(),
  updatedAt: rule.updatedAt.toISOString(),
  version: rule.version,
})

/** Rules in force for a roster of the unit at `path`: said by it and above it for all of it, below it for posts there. */
export async function rulesInForce(handle: Handle, path: string): Promise<StatedRule[]> {
  const repo = rulesRepository(handle)
  const around = await repo.rulesAround(path)
  const layers = Map.groupBy(
    around.filter((one) => path.startsWith(one.unitPath)),
    (one) => one.unitPath,
  )
  const general = effectiveRules([...layers.values()].map((layer) => layer.map((one) => stated(one.rule))))
  const below = around.filter((one) => !path.startsWith(one.unitPath) && one.rule.enabled)
  if (below.length === 0) return general
  const posts = await repo.postsBelow(path)
  const local = below.map(({ rule, unitPath }): StatedRule => {
    const there = posts.filter((post) => post.unitPath.startsWith(unitPath)).map((post) => post.id)
    const postIds = rule.scope.postIds ? there.filter((id) => rule.scope.postIds!.includes(id)) : there
    return { ...stated(rule), scope: { ...rule.scope, postIds } }
  })
  return [...general, ...local]
}

export type RosterRules = ReturnType<typeof createRosterRules>

/** What units demand of rosters and what they weigh. */
export function createRosterRules({ db, clock, organisation }: Foundations & { organisation: Organisation }) {
  async function getRule(handle: Handle, actor: Actor, id: string) {
    const found = await rulesRepository(handle).findRule(id)
    assertCovers(actor, found?.unitPath, () => rosterProblems.ruleUnknown(id))
    return found!.rule
  }

  return {
    async createRule(actor: Actor, input: z.output<typeof NewRule>) {
      return db.transaction(async (tx) => {
        const unit = await organisationRepository(tx).findUnit(input.unitId)
        const found = findings()
        if (!unit || !covers(actor, unit.path)) {
          found.add('/body/unitId', 'unit-unknown', `There is no unit ${input.unitId} that you may see.`)
        }
        found.throwIfAny()
        const now = clock.now()
        const rule = await rulesRepository(tx).insertRule({ ...input, createdAt: now, updatedAt: now })
        await audit(tx, actor, now, {
          action: 'rule.created',
          subject: { type: 'rule', id: rule.id },
          unitId: rule.unitId,
          facts: { name: rule.name, params: rule.params, weight: rule.weight },
        })
        return ruleView(rule)
      })
    },

    showRule: async (actor: Actor, id: string) => ruleView(await getRule(db, actor, id)),

    async listRules(actor: Actor, query: z.output<typeof RuleList>) {
      const rows = await rulesRepository(db).listRules(
        [
          withinPath(actor.unitPath),
          query.unitId ? eq(rules.unitId, query.unitId) : undefined,
          query.name ? eq(rules.name, query.name) : undefined,
        ],
        keyset(query, { createdAt: rules.createdAt, name: rules.name }, rules.id),
      )
      return toPage(query, rows, (row, sort) => (sort === 'name' ? row.name : row.createdAt), ruleView)
    },

    async updateRule(actor: Actor, id: string, version: number, patch: z.output<typeof RulePatch>) {
      return db.transaction(async (tx) => {
        const before = await getRule(tx, actor, id)
        const found = findings()
        for (const { path, code, detail } of ruleFindings({ ...before, ...patch })) {
          found.add(`/body/${path.join('/')}`, code, detail)
        }
        found.throwIfAny()
        const now = clock.now()
        const after = await rulesRepository(tx).updateRule(id, version, { ...patch, updatedAt: now })
        if (!after) throw stale(before.version)
        await audit(tx, actor, now, {
          action: 'rule.changed',
          subject: { type: 'rule', id },
          unitId: after.unitId,
          facts: { ...patch },
        })
        return ruleView(after)
      })
    },

    async deleteRule(actor: Actor, id: string, version: number) {
      await db.transaction(async (tx) => {
        const before = await getRule(tx, actor, id)
        if (!(await rulesRepository(tx).deleteRule(id, version))) throw stale(before.version)
        await audit(tx, actor, clock.now(), {
          action: 'rule.deleted',
          subject: { type: 'rule', id },
          unitId: before.unitId,
          facts: { name: before.name, params: before.params },
        })
      })
    },

    /** What holds at a unit: its own rules, those of the units above it, and the engine's defaults. */
    async showEffectiveRules(actor: Actor, unitId: string) {
      const unit = await organisation.getUnit(actor, unitId)
      const inForce = await rulesInForce(db, unit.path)
      const above = new Set(unit.path.split('/').filter(Boolean))
      const items = inForce
        .filter((rule) => rule.unitId === null || above.has(rule.unitId))
        .map(({ id, unitId: saidBy, name, params, weight, scope }) => ({
          id,
          unitId: saidBy,
          inherited: saidBy !== unitId,
          name,
          params,
          weight,
          scope,
          asks: RULES[name].asks,
        }))
      return { items }
    },
  }
}
